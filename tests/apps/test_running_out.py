"""A paper that runs out, or was never checked: the clock asks in time, once, and of no other paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kedang.acts.rebuilding import disagreements
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files.models import File, Record
from kedang.files.paper_services import supply_record
from kedang.files.recurring import records_of
from kedang.journal.guard import writing
from kedang.rulebook import rules
from kedang.web.ticking import tick
from tests.apps.files_world import make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
RULE = """
  - id: "e1"
    zh: 合同期满前三十天内换新。
    en: A contract is renewed in the thirty days before it runs out.
    rules:
      - duty: {when_true: {record.expires_days: {at_most: 30}}, when: {record.kind: contract}, who: [keeper],
               about: record, done_by: record.supplied, within_days: 30}
"""
END = date(2027, 3, 31)
THIRTY_BEFORE = END - timedelta(days=30)


@pytest.fixture
def world():
    """A file whose contract, like its photo, runs out at the end of March."""
    made = make_world(RULE)
    made.file = thing(made)
    with writing():
        Record.objects.filter(file=made.file, line__in=["contract", "photo"]).update(state="present", ends_on=END)
    made.contract = Record.objects.get(file=made.file, line="contract")
    return made


def at(day: date) -> datetime:
    """Ten in the morning, Shanghai."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def owed() -> list[tuple[str, date, str]]:
    return list(Duty.objects.filter(clause="90:e1").order_by("pk").values_list("about_id", "due_on", "status"))


def test_a_new_contract_is_asked_for_thirty_days_before_and_not_on_the_day_before_that(world):
    tick(at(THIRTY_BEFORE - timedelta(days=1)), sealing=False)
    assert owed() == []
    for _again in range(2):
        tick(at(THIRTY_BEFORE), sealing=False)
    assert owed() == [(str(world.contract.pk), END, "open")]
    assert list(disagreements(world.branch, THIRTY_BEFORE)) == []


def test_how_long_before_is_asked_is_the_organizations_where_the_policy_leaves_it_open():
    made = make_world(RULE.replace("at_most: 30", "at_most: renewal.days"))
    thing(made)
    with writing():
        Record.objects.filter(line="contract").update(state="present", ends_on=END)
        Adoption.objects.filter(branch=made.branch, slug="90-test-house.yaml").update(settings={"renewal.days": 45})
    tick(at(END - timedelta(days=46)), sealing=False)
    assert owed() == []
    tick(at(END - timedelta(days=45)), sealing=False)
    assert [day for _about, day, _status in owed()] == [END - timedelta(days=15)]


def test_the_new_one_keeps_it_and_is_asked_for_anew_only_in_its_turn(world):
    tick(at(THIRTY_BEFORE), sealing=False)
    by = world.by(world.wang) | {"now": at(END)}
    supply_record(**by, record=Record.objects.get(pk=world.contract.pk), ends_on=END + timedelta(days=365))
    tick(at(END + timedelta(days=1)), sealing=False)
    assert [status for _about, _day, status in owed()] == ["kept"]


def test_a_paper_is_of_the_kind_that_was_said_or_else_of_its_line(world):
    with writing():
        Record.objects.filter(file=world.file, line="photo").update(kind="contract")
    tick(at(THIRTY_BEFORE), sealing=False)
    assert {about for about, _day, _status in owed()} == {str(one) for one in world.file.records.filter(
        line__in=["contract", "photo"]).values_list("pk", flat=True)}  # fmt: skip


def test_a_closed_file_is_left_alone(world):
    with writing():
        File.objects.filter(pk=world.file.pk).update(status="closed", closed_on=world.today)
    tick(at(THIRTY_BEFORE), sealing=False)
    assert owed() == []


UNCHECKED = """
  - id: "e1"
    zh: 收进的资料三十天内核对。
    en: What was taken in is checked within thirty days.
    rules:
      - duty: {when_true: {record.verified: "no"}, who: [keeper], about: record, done_by: record.checked,
               within_days: 30}
"""


def test_of_papers_that_nobody_checked_the_clock_reads_no_other():
    made = make_world(UNCHECKED)
    file, day = thing(made), date(2027, 3, 1)
    with writing():
        lines = Record.objects.filter(file=file, line__in=["contract", "photo"])
        lines.update(state="present")
        Record.objects.filter(file=file, line="photo").update(checked_on=date(2027, 2, 26))
    for asked, meant in ((["no"], {"contract"}), (["yes"], {"photo"}), (["no", "yes"], {"contract", "photo"})):
        tests = (rules.Test("record.verified", "in", tuple(asked)),)
        assert {one.line for one in records_of(made.branch, [tests], day)} == meant
    tick(at(day), sealing=False)
    contract = Record.objects.get(file=file, line="contract")
    assert owed() == [(str(contract.pk), day + timedelta(days=30), "open")]
