"""What a policy says of a file's contents, at work on the pages: which paper comes first, what follows from one."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.answers import Refused
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files import record_services, services
from kedang.files.models import Record
from kedang.files.rules import field_facts, file_facts
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
POLICIES = Path(kedang.__file__).parent / "policies"


def house(policy):
    made = make_world()
    with writing():
        text = (POLICIES / policy).read_text("utf-8")
        Adoption.objects.create(
            branch=made.branch, slug=policy, file_name=policy, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
        PostHolding.objects.create(person=made.li, branch=made.branch, post="service-clerk", since=date(2020, 1, 1))
    made.file = services.open_file(
        **made.by(made.li), branch=made.branch, kind="client", values={"name": "秦叔宝", "unit": "1203"}, roles={}
    ).result
    return made


@pytest.fixture
def world():
    return house("08-property-management-short.yaml")


def answer(world, line, state="present", **more):
    row = Record.objects.get(file=world.file, line=line, checklist=more.get("checklist", "contents"))
    said = {"state": state} | ({"reason": more["reason"]} if "reason" in more else {})
    return record_services.answer_records(**world.by(world.li), file=world.file, answers={str(row.pk): said})


def owed(world, clause):
    return [one.status for one in Duty.objects.filter(clause=f"08:{clause}", about_id=str(world.file.pk))]


def test_another_paper_waits_for_the_basic_sheet(world):
    with pytest.raises(Refused) as caught:
        answer(world, "payment-record")
    assert caught.value.answer.clauses == {"08:8.3.1"}
    answer(world, "base-sheet")
    answer(world, "payment-record")
    facts = file_facts(world.file, frozenset({"file.records", "file.unanswered"}), None)
    assert facts["file.records"] == ("base-sheet", "payment-record")


def test_that_a_group_holds_nothing_may_be_said_before(world):
    before = file_facts(world.file, frozenset({"file.unanswered"}), None)["file.unanswered"]
    answer(world, "repair-record", "not_applicable")
    assert file_facts(world.file, frozenset({"file.unanswered"}), None)["file.unanswered"] == before - 1


def test_a_filled_in_form_keeps_the_duty_of_moving_in(world):
    answer(world, "base-sheet")
    services.reach_file(**world.by(world.li), file=world.file, milestone="moved-in", on=world.today)
    assert owed(world, "8.3.4") == ["open"]
    answer(world, "payment-record")
    assert owed(world, "8.3.4") == ["open"]
    answer(world, "move-in-papers")
    assert owed(world, "8.3.4") == ["kept"]


def test_a_change_of_contact_opens_its_duty_once_and_an_edit_keeps_it(world):
    answer(world, "base-sheet")
    for _ in range(2):
        answer(world, "contact-change", checklist="supplements")
    assert owed(world, "8.3.5.4") == ["open"]
    services.edit_file(**world.by(world.li), file=world.file, values={"contact": "程咬金"})
    assert owed(world, "8.3.5.4") == ["kept"]


def test_the_event_says_which_kinds_came_in_and_no_others(world):
    answer(world, "base-sheet")
    answer(world, "repair-record", "missing", reason="none yet")
    kinds = [one.data["kind"] for one in events_of("file", world.file.pk) if one.name == "record.added"]
    assert kinds == [["base-sheet"], []]


def test_a_file_is_complete_when_its_groups_are_answered_and_the_contacts_known(world):
    with pytest.raises(Refused) as caught:
        services.complete_electronic(**world.by(world.wang), file=world.file)
    assert {"08:8.3b", "08:8.3.5.3", "08:8.1b"} <= caught.value.answer.clauses
    answer(world, "base-sheet")
    for row in Record.objects.filter(file=world.file).exclude(line="base-sheet"):
        answer(world, row.line, checklist=row.checklist)
    services.complete_electronic(**world.by(world.wang), file=world.file)
    world.file.refresh_from_db()
    assert world.file.electronic == "done"


def test_a_field_that_the_policy_asks_for_must_be_filled_in_and_the_third_person_told():
    world = house("05-property-customer-service.yaml")
    for row in Record.objects.filter(file=world.file):
        answer(world, row.line, checklist=row.checklist)
    with pytest.raises(Refused) as caught:
        services.complete_electronic(**world.by(world.wang), file=world.file)
    assert caught.value.answer.clauses == {"05:5.1c", "05:5.5.2"}
    values = {"staff": "12", "company-nature": "贸易", "emergency-told": "no"}
    services.edit_file(**world.by(world.li), file=world.file, values=values)
    with pytest.raises(Refused) as caught:
        services.complete_electronic(**world.by(world.wang), file=world.file)
    assert caught.value.answer.clauses == {"05:5.5.2"}
    services.edit_file(**world.by(world.li), file=world.file, values={"emergency-told": "yes"})
    services.complete_electronic(**world.by(world.wang), file=world.file)


def test_of_a_sealed_field_a_rule_learns_only_that_it_is_there(world):
    facts = field_facts(world.file, frozenset({"field.name", "field.unit", "field.mail"}), None)
    assert facts == {"field.name": "••••", "field.unit": "1203", "field.mail": ""}
