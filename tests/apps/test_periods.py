"""What the clock opens: duties that come round and duties that a state calls for, once, and found again by the fold."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from bench.pages import Counter
from kedang.acts.following import follow
from kedang.acts.periods import begin_day, begin_days
from kedang.acts.rebuilding import disagreements, states_of
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files.models import File
from kedang.files.services import edit_file, open_file, reach_file
from kedang.journal import parts as journal
from kedang.journal.commands import verify_main
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.web.ticking import tick
from tests.apps.files_world import PACK, make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ROUNDS = """
  - id: "r1"
    zh: 每月检查库房。
    en: The room is looked through every month.
    rules:
      - duty: {every: month, who: [keeper], about: branch, done_by: inspection.held,
               done_when: {inspection.round: shelves}, by: month-end}
  - id: "r2"
    zh: 每季度更新合作方档案。
    en: Files of partners are brought up to date every quarter.
    rules:
      - duty: {every: quarter, who: [file.seller], about: file, done_by: file.edited, by: quarter-end,
               when: {file.segment: partner}}
  - id: "r3"
    zh: 不齐全的档案两日内补齐。
    en: An incomplete file is completed within two days.
    rules:
      - duty: {when_true: {file.complete: "no"}, who: [file.seller], about: file, done_by: record.supplied,
               within_days: 2, when: {file.segment: partner}}
"""
NAMED = "segments: {partner: {zh: 合作方, en: Partner}}\nrounds: {shelves: {zh: 库房, en: Shelves}}\nclauses:"
TEXT = PACK.replace("clauses:", NAMED).rstrip() + ROUNDS


def adopt(world, on: date, recorded: datetime | None = None) -> None:
    """Put the edition with recurring duties into force, with its event when it was recorded."""
    with writing(), transaction.atomic():
        former = Adoption.objects.filter(slug="90-test-house.yaml")
        former.delete() if on <= date(2020, 1, 1) else former.update(ended_on=on - timedelta(days=1))
        row = Adoption.objects.create(
            branch=world.branch, slug="90-test-house.yaml", file_name="90-test-house.yaml", edition="2", text=TEXT,
            sha256=hashlib.sha256(TEXT.encode()).hexdigest(), approved_by=world.wang, in_force_from=on,
        )  # fmt: skip
        if recorded:
            event = journal.NewEvent("policy.adopted", ("adoption", str(row.pk)), on)
            append(world, "policy.adopt", event, recorded)


def append(world, act: str, event: journal.NewEvent, now: datetime) -> Event:
    """An event of Wang's, with what follows from it."""

    with writing(), transaction.atomic():
        rows = journal.append(
            act_id=uuid.uuid4(), act=act, events=[event], actor=world.wang.pk, branch=world.branch.pk, now=now
        )
        follow(world.branch, rows, {})
    return rows[0]


def at(day: date) -> datetime:
    """Ten in the morning of a day, Shanghai."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def partner(world):
    """A partner's file of Li's, without its papers."""
    file = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result
    with writing():
        File.objects.filter(pk=file.pk).update(segment="partner")
    return file


def duties(clause: str) -> list[Duty]:
    return list(Duty.objects.filter(clause=f"90:r{clause}").order_by("pk"))


def test_a_monthly_round_opens_on_the_first_for_the_post_and_is_due_at_the_end(world):
    adopt(world, date(2026, 11, 1))
    begin_days(world.branch, date(2026, 11, 30), at(date(2026, 11, 30)))
    assert duties("1") == []  # the month had begun before the clock first came by
    begin_days(world.branch, date(2026, 12, 1), at(date(2026, 12, 1)))
    [row] = duties("1")
    assert (row.pool, row.from_on, row.due_on) == ("keeper", date(2026, 12, 1), date(2026, 12, 31))


def test_a_day_begun_twice_opens_nothing_twice(world, partner):
    adopt(world, date(2026, 11, 1))
    for _again in range(3):
        tick(at(date(2026, 12, 1)), sealing=False)
    assert len(duties("1")) == 1
    assert Event.objects.filter(name="day.began", subject_kind="branch").count() == 2  # one opened, one says it is done


def test_a_day_that_was_broken_off_goes_on_where_it_stood(world):

    adopt(world, date(2026, 11, 1))
    first = date(2026, 12, 1)
    assert begin_day(world.branch, first, at(first), is_today=True) == 1
    assert begin_day(world.branch, first, at(first), is_today=True) == 0


def test_a_clock_that_stood_still_for_weeks_opens_each_period_and_finds_it_late(world):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2026, 11, 30)), sealing=False)
    tick(at(date(2027, 2, 3)), sealing=False)
    assert [(row.from_on, row.status) for row in duties("1")] == [
        (date(2026, 12, 1), "late"), (date(2027, 1, 1), "late"), (date(2027, 2, 1), "open"),
    ]  # fmt: skip


def test_nothing_comes_round_before_the_adoption_binds_nor_before_it_was_recorded(world):
    adopt(world, date(2026, 12, 1), recorded=at(date(2026, 11, 20)))
    tick(at(date(2026, 12, 4)), sealing=False)
    assert [row.from_on for row in duties("1")] == [date(2026, 12, 1)]


def test_an_adoption_dated_back_opens_nothing_for_the_time_before_it_was_recorded(world):
    adopt(world, date(2020, 1, 1), recorded=at(date(2026, 11, 20)))
    tick(at(date(2026, 12, 4)), sealing=False)
    assert [row.from_on for row in duties("1")] == [date(2026, 12, 1)]


def test_a_quarterly_update_binds_the_seller_of_the_files_that_are_meant(world, partner):
    other = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(serial="LSVAM4187C2184842"),
        roles={"seller": world.wang},
    ).result  # fmt: skip
    adopt(world, date(2026, 11, 1))
    tick(at(date(2027, 1, 1)), sealing=False)
    [row] = duties("2")
    assert (row.about_id, row.file, row.due_on) == (str(partner.pk), str(partner.pk), date(2027, 3, 31))
    assert [one.person for one in row.bound.all()] == [world.li]
    assert not Duty.objects.filter(about_id=str(other.pk), clause="90:r2").exists()


def test_a_closed_file_is_left_alone(world, partner):
    with writing():
        File.objects.filter(pk=partner.pk).update(status="closed", closed_on=date(2026, 10, 30))
    adopt(world, date(2026, 11, 1))
    tick(at(date(2027, 1, 1)), sealing=False)
    assert duties("2") == duties("3") == []


def test_the_update_is_done_by_the_act_that_the_clause_names(world, partner):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2027, 1, 1)), sealing=False)
    edit_file(actor=world.li, now=at(date(2027, 1, 5)), token="e", file=partner, values={"mobile": "13800002222"})
    [row] = duties("2")
    assert (row.status, row.done_on) == ("kept", date(2027, 1, 5))


def test_what_was_done_before_the_clock_came_by_keeps_the_duty_at_once(world, partner):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2026, 12, 30)), sealing=False)
    edit_file(actor=world.li, now=at(date(2027, 1, 2)), token="e", file=partner, values={"mobile": "13800002222"})
    tick(at(date(2027, 1, 3)), sealing=False)
    assert [row.status for row in duties("2")] == ["kept"]


def test_a_round_of_the_branch_is_done_by_its_inspection(world):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2026, 12, 1)), sealing=False)
    held = journal.NewEvent(
        "inspection.held", ("inspection", "7"), date(2026, 12, 9), about={"inspection": "7"}, data={"round": "shelves"}
    )
    append(world, "inspection.hold", held, at(date(2026, 12, 9)))
    assert [(row.status, row.done_on) for row in duties("1")] == [("kept", date(2026, 12, 9))]


def test_a_state_opens_its_duty_once_while_it_is_owed(world, partner):
    adopt(world, date(2026, 11, 1))
    for day in (24, 25, 26):
        tick(at(date(2026, 11, day)), sealing=False)
    [row] = duties("3")
    assert (row.from_on, row.due_on, row.status) == (date(2026, 11, 24), date(2026, 11, 26), "open")


def test_the_state_of_days_gone_by_is_not_guessed(world, partner):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2026, 11, 23)), sealing=False)
    with writing():
        Duty.objects.filter(clause="90:r3").delete()
    tick(at(date(2026, 11, 30)), sealing=False)
    assert [row.from_on for row in duties("3")] == [date(2026, 11, 30)]


@pytest.fixture
def lived(world, partner):
    """A file's life with recurring and triggered duties, kept, late and open."""
    adopt(world, date(2026, 11, 1))
    reach_file(**world.by(world.li), file=partner, milestone="delivered", on=date(2026, 11, 20))
    tick(at(date(2027, 1, 1)), sealing=False)
    edit_file(actor=world.li, now=at(date(2027, 1, 5)), token="e", file=partner, values={"mobile": "13800002222"})
    tick(at(date(2027, 2, 1)), sealing=False)
    return date(2027, 2, 1)


def test_the_table_agrees_with_the_fold_over_the_whole_journal(world, lived):
    assert len(states_of(world.branch, lived)) == Duty.objects.count() == 5
    assert {row.status for row in Duty.objects.all()} == {"open", "late", "kept"}
    assert list(disagreements(world.branch, lived)) == []


def test_a_duty_is_done_under_the_edition_that_opened_it_though_another_is_in_force(world, partner):
    adopt(world, date(2026, 11, 1))
    tick(at(date(2027, 1, 1)), sealing=False)
    with writing():
        Adoption.objects.filter(slug="90-test-house.yaml", ended_on=None).update(ended_on=date(2027, 1, 2))
        Adoption.objects.create(
            branch=world.branch, slug="90-test-house.yaml", file_name="90-test-house.yaml", edition="3", text=PACK,
            sha256=hashlib.sha256(PACK.encode()).hexdigest(), approved_by=world.wang, in_force_from=date(2027, 1, 3),
        )  # fmt: skip
    edit_file(actor=world.li, now=at(date(2027, 1, 5)), token="e", file=partner, values={"mobile": "13800002222"})
    assert [row.status for row in duties("2")] == ["kept"]
    assert list(disagreements(world.branch, date(2027, 1, 5))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"due_on": date(2029, 1, 1)}, "due_on = 2029-01-01"),
        ({"status": "dropped"}, "status = dropped"),
        ({"done_on": date(2026, 11, 20)}, "done_on = 2026-11-20"),
        ({"pool": "guard"}, "pool = guard"),
    ],
)
def test_a_changed_duty_is_named(world, lived, change, said, capsys):
    row = Duty.objects.filter(clause="90:1").get()
    with writing():
        Duty.objects.filter(pk=row.pk).update(**change)
    assert verify_main(["--state"], at(lived)) == 1
    told = capsys.readouterr().out
    assert row.key in told and said in told


def test_a_duty_that_was_taken_off_somebody_is_named(world, lived):
    row = Duty.objects.get(clause="90:1")
    with writing():
        row.bound.all().delete()
    assert [f"duty {row.key} says who = []" in str(one) for one in disagreements(world.branch, lived)] == [True]


@pytest.mark.parametrize(
    ("change", "said"), [({"owed": False}, " owed it by "), ({"due_on": date(2031, 1, 1)}, " owes it by 2031-01-01")]
)
def test_what_stands_with_whom_a_duty_binds_is_held_against_the_journal_too(world, lived, change, said):
    row = Duty.objects.get(clause="90:1")
    with writing():
        row.bound.update(**change)
    [told] = disagreements(world.branch, lived)
    assert row.key in str(told) and said in str(told).partition("the journal says")[0]


def test_a_duty_from_nowhere_and_one_that_vanished_are_named(world, lived):
    row = Duty.objects.get(clause="90:1")
    with writing():
        Duty.objects.filter(pk=row.pk).update(key="90:r1#0/branch:1/2031-01-01")
    told = " ".join(map(str, disagreements(world.branch, lived)))
    assert "the table knows the duty 90:r1#0/branch:1/2031-01-01" in told
    assert f"the journal knows the duty {row.key}" in told


def idle(now: datetime) -> int:
    """Statements of a tick that has nothing to do, the sealing aside."""
    tick(now, sealing=False)
    with Counter() as counter:
        assert set(tick(now, sealing=False).values()) == {0}
    return counter.number


@pytest.mark.parametrize("recurring", [False, True])
def test_an_idle_tick_asks_as_little_in_an_old_house_as_in_a_young_one(world, recurring):
    founded = date(2026, 11, 1)
    adopt(world, founded, at(founded))
    if not recurring:
        with writing():
            Adoption.objects.filter(slug="90-test-house.yaml", ended_on=None).delete()
    assert idle(at(founded)) <= 10
    assert idle(at(founded + timedelta(days=150))) <= 10


def test_days_without_recurring_rules_are_skipped_and_those_after_them_begin(world):
    founded, starts = date(2026, 11, 2), date(2026, 11, 20)
    adopt(world, founded, at(founded))
    with writing():
        Adoption.objects.filter(slug="90-test-house.yaml", ended_on=None).update(in_force_from=starts)
    tick(at(date(2026, 12, 1)), sealing=False)
    days = set(Event.objects.filter(name="day.began", subject_kind="branch").values_list("happened_on", flat=True))
    assert days == {starts + timedelta(days=number) for number in range(12)}
    assert [row.from_on for row in duties("1")] == [date(2026, 12, 1)]
