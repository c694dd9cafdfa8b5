"""How a house counts: its own roster for working days, the payroll month for what counts within a month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.deadlines import begins, deadline
from kedang.rulebook.houses import Roster, month_start
from kedang.rulebook.pack import Aggravate, Duty
from kedang.rulebook.sanctions import BreachFacts, Decided, counts_since, propose
from tests.rulebook.small import day, pack

HOLIDAY, MADE_UP = dt.date(2026, 5, 1), dt.date(2026, 5, 9)  # a free Friday, a worked Saturday
LEGAL = Calendar("legal", 2026, 2026, frozenset({HOLIDAY}), frozenset({MADE_UP}))
HANDED = (
    "duty: {after: vehicle.delivered, who: [consultant], about: file, done_by: handover.received, "
    "within_working_days: 3}"
)
EACH_DAY = "duty: {every: working-day, who: [archivist], about: branch, done_by: day.closed, by: end-of-day}"
FINE = 'sanction: {for: {late: "1"}, fine_cny: 50, per: file, decided_by: [director]}'
DOUBLE = "aggravate: {who: [consultant], counts: imposed, in: calendar-month, from_nth: 2, multiply: 2}"


def of(rule, **house):
    settings = {f"house.{key}": value for key, value in house.items()}
    return Book((pack(HANDED, EACH_DAY, FINE, DOUBLE),), settings).rules_of(rule)


def due(start, **house):
    return deadline(of(Duty, **house)[0], start, LEGAL).due_on


def test_without_a_word_legal_working_days_count():
    assert due(dt.date(2026, 4, 29)) == dt.date(2026, 5, 5)  # past the holiday and the weekend
    assert due(dt.date(2026, 5, 7)) == dt.date(2026, 5, 11)  # Friday, the made-up Saturday, Monday


def test_a_house_that_works_on_saturdays_is_done_a_day_earlier():
    assert due(day(5)) == day(10)
    assert due(day(5), week="1,2,3,4,5,6") == day(9)


def test_a_house_keeps_the_legal_holidays_or_does_not():
    assert due(dt.date(2026, 4, 29), week="1,2,3,4,5") == dt.date(2026, 5, 5)
    assert due(dt.date(2026, 4, 29), week="1,2,3,4,5", holidays="no") == dt.date(2026, 5, 4)
    assert deadline(of(Duty, week="1,2", holidays="no")[0], dt.date(2030, 1, 1), LEGAL).provisional is False


def test_single_days_of_the_house_go_before_everything():
    week = {"week": "1,2,3,4,5"}
    assert due(day(2), **week) == day(5)
    assert due(day(2), **week, free="2026-03-03") == day(6)
    assert due(day(4), **week, worked="2026-03-07") == day(7)
    assert due(dt.date(2026, 4, 29), **week, worked="2026-05-01") == dt.date(2026, 5, 4)


def test_what_comes_round_each_working_day_comes_by_the_roster():
    saturday = day(7)
    assert not begins(of(Duty)[1], saturday, LEGAL)
    assert begins(of(Duty, week="6")[1], saturday, LEGAL) and not begins(of(Duty, week="6")[1], day(6), LEGAL)


@pytest.mark.parametrize(
    ("on", "begins_on", "start"),
    [
        (day(25), 26, dt.date(2026, 2, 26)),
        (day(26), 26, day(26)),
        (dt.date(2026, 1, 3), 26, dt.date(2025, 12, 26)),
        (day(25), 1, day(1)),
    ],
)
def test_a_payroll_month_begins_on_its_day(on, begins_on, start):
    assert month_start(on, begins_on) == start


def twice(first, second, **house):
    book = Book((pack(HANDED, EACH_DAY, FINE, DOUBLE),), {f"house.{key}": value for key, value in house.items()})
    late = BreachFacts(2, "late", "small:1", "li", frozenset({"consultant"}), second)
    found = propose(book, late, [Decided(1, "li", first, "imposed", frozenset({"small:3"}))])
    assert found is not None
    return found.amount


def test_a_second_breach_counts_within_the_calendar_month_or_within_the_payroll_month():
    across = (dt.date(2026, 3, 27), dt.date(2026, 4, 3))  # two calendar months, one payroll month from the 26th
    assert twice(*across) == Decimal(50) and twice(*across, month_from=26) == Decimal(100)
    within = (day(20), day(27))
    assert twice(*within) == Decimal(100) and twice(*within, month_from=26) == Decimal(50)


def test_a_single_pack_has_its_own_house_and_the_others_have_none():
    small = pack(HANDED, EACH_DAY, FINE, DOUBLE)
    book = Book((small,), {}, houses={"small": {"house.month_from": 26, "house.week": "6"}})
    assert book.rules_of(Aggravate)[0].month_from == 26 and book.rules_of(Duty)[0].roster == Roster(frozenset({5}))
    assert counts_since(book, day(10)) == dt.date(2026, 2, 26)
    other = Book((small,), {"house.month_from": 26}, houses={})
    assert other.rules_of(Aggravate)[0].month_from == 1
