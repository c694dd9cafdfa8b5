"""What a policy says of a file's contents, at work on the pages: which paper comes first, what follows from one."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.answers import Refused
from kedang.acts.gate import advise
from kedang.acts.periods import begin_day
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files import record_services, services
from kedang.files.models import Place, Record, Volume
from kedang.files.rules import field_facts, file_facts
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.loans.models import Consultation
from kedang.loans.rules import said
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
POLICIES = Path(kedang.__file__).parent / "policies"


def house(policy, kind="client", **more):
    made = make_world()
    with writing():
        text = (POLICIES / policy).read_text("utf-8")
        Adoption.objects.create(
            branch=made.branch, slug=policy, file_name=policy, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
        for person, post in ((made.li, "service-clerk"), (made.wang, "service-manager")):
            PostHolding.objects.create(
                person=person, branch=made.branch, post=post, unit="customer-service", since=date(2020, 1, 1)
            )
    made.file = services.open_file(
        **made.by(made.li), branch=made.branch, kind=kind, values={"name": "秦叔宝", "unit": "1203", **more}, roles={}
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
    ref = f"{clause.partition('.')[0]:>02}:{clause}"
    return [one.status for one in Duty.objects.filter(clause=ref, about_id=str(world.file.pk))]


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
    assert {"08:8.3b", "08:8.3.5.3", "08:8.3.5.2"} <= caught.value.answer.clauses
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


def begin(world, day):
    begin_day(world.branch, day, world.now.replace(month=day.month, day=day.day), is_today=True)


def test_a_file_without_a_keeper_calls_for_one_and_one_with_a_keeper_does_not():
    world = house("03-property-daily-work.yaml", "unit-file")
    begin(world, date(2026, 11, 24))
    assert owed(world, "3.2.11b") == ["open"]
    with writing():
        Duty.objects.all().delete()
        world.file.roles.create(role="keeper", person=world.wang, since=date(2026, 11, 24))
    begin(world, date(2026, 11, 25))
    assert owed(world, "3.2.11b") == []


def test_a_quarter_calls_for_putting_current_files_in_order_and_a_year_those_of_tenants_who_left():
    world = house("10-office-building-customer-service.yaml", "unit-file", floor="12")
    begin(world, date(2026, 10, 1))
    assert owed(world, "10.B.4.3b") == ["open"]
    services.reach_file(**world.by(world.li), file=world.file, milestone="moved-out", on=world.today)
    assert (owed(world, "10.B.4.3b"), owed(world, "10.A.3b")) == (["dropped"], ["open"])
    begin(world, date(2026, 1, 1))
    assert (owed(world, "10.B.4.3b"), owed(world, "10.A.6a")) == (["dropped"], ["open"])


def test_a_unit_has_one_file_until_its_tenant_has_left_and_a_tenant_one_for_each_unit():
    world = house("10-office-building-customer-service.yaml", "unit-file", floor="12")

    def opened(unit, name):
        return services.open_file(
            **world.by(world.li), branch=world.branch, kind="unit-file", roles={},
            values={"name": name, "unit": unit, "floor": "12"},
        ).result  # fmt: skip

    with pytest.raises(services.AlreadyThere) as caught:
        opened("1203", "长安商行")
    assert (caught.value.file, caught.value.clauses) == (world.file, ["10:10.A.2a"])
    other = opened("1204", "秦叔宝")
    services.reach_file(**world.by(world.li), file=world.file, milestone="moved-out", on=world.today)
    followed = opened("1203", "长安商行")
    assert len({world.file.pk, other.pk, followed.pk}) == 3
    with pytest.raises(services.AlreadyThere):
        opened("1203", "洛阳商行")


def test_a_working_file_is_changed_with_the_manager_s_consent_or_by_him():
    world = house("10-office-building-customer-service.yaml", "unit-file", floor="12")
    with pytest.raises(Refused) as caught:
        services.edit_file(**world.by(world.li), file=world.file, values={"staff": "12"})
    assert (caught.value.answer.verdict, caught.value.answer.clauses) == ("ask", {"10:10.A.8b"})
    services.edit_file(**world.by(world.wang), file=world.file, values={"staff": "12"})


def test_a_file_is_read_in_the_office_once_the_manager_agrees():
    world = house("10-office-building-customer-service.yaml", "unit-file", floor="12")
    with writing():
        PostHolding.objects.create(
            person=world.li, branch=world.branch, post="service-supervisor", unit="customer-service",
            since=date(2020, 1, 1),
        )  # fmt: skip
    reading = Consultation(branch=world.branch, file=world.file, reader=world.wang, purpose="租约纠纷")
    answer = advise(
        "consultation.open", actor=world.li, branch=world.branch, today=world.today,
        things={"file": world.file, "consultation": reading}, facts=said("租约纠纷"),
    )  # fmt: skip
    assert (answer.verdict, answer.clauses, answer.lacking) == ("ask", {"10:10.A.7b"}, ())


def test_the_volume_of_a_present_tenant_is_put_on_a_shelf_and_that_of_one_who_left_into_a_box():
    world = house("10-office-building-customer-service.yaml", "unit-file", floor="12")

    def lacking(kind):
        things = {"file": world.file, "volume": Volume(file=world.file, no=1), "place": Place(kind=kind, code="P")}
        asked = advise("volume.move", actor=world.li, branch=world.branch, today=world.today, things=things)
        return {(one.clause, one.fact) for one in asked.lacking}

    assert lacking("shelf") == set()
    services.reach_file(**world.by(world.li), file=world.file, milestone="moved-out", on=world.today)
    assert lacking("shelf") == {("10:10.A.6c", "place.kind")}
    assert lacking("box") == set()


def test_filed_papers_of_a_household_are_read_with_the_manager_s_approval():
    world = house("03-property-daily-work.yaml", "unit-file")
    record = Record.objects.get(file=world.file, line="base-sheet")
    things = {"file": world.file, "record": record}
    answer = advise("record.read", actor=world.li, branch=world.branch, today=world.today, things=things)
    assert (answer.verdict, {one.clause for one in answer.asks}) == ("ask", {"03:3.2.11c"})
    manager = advise("record.read", actor=world.wang, branch=world.branch, today=world.today, things=things)
    assert manager.verdict == "yes"
