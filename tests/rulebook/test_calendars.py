"""A calendar is a value: working days, shifted working days, and years that nobody has entered."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.rulebook.calendars import (
    Calendar,
    UnknownYear,
    add_months,
    load_calendar,
    period_end,
    period_start,
)
from kedang.rulebook.reading import PackErrors

SHIPPED = Path(__file__).parents[2] / "src/kedang/policies/calendars/cn.yaml"
SMALL = 'calendar: own\nfirst_year: 2026\nlast_year: 2026\nholidays: {"2026": [05-01]}\nworkdays: {"2026": []}\n'

PLAIN = Calendar("plain", 2020, 2030)
FRIDAY = dt.date(2026, 3, 6)
days = st.dates(dt.date(2020, 1, 1), dt.date(2029, 12, 31))
free = st.frozensets(days, max_size=40)


def test_a_holiday_on_a_week_day_is_not_worked():
    calendar = Calendar("c", 2026, 2026, holidays=frozenset({FRIDAY}))
    assert not calendar.is_working(FRIDAY)


def test_a_shifted_saturday_is_worked():
    saturday = FRIDAY + dt.timedelta(days=1)
    assert not PLAIN.is_working(saturday)
    assert Calendar("c", 2026, 2026, workdays=frozenset({saturday})).is_working(saturday)


def test_an_unknown_year_raises_and_names_calendar_and_year():
    with pytest.raises(UnknownYear, match="'plain' has no working days for 2031"):
        PLAIN.is_working(dt.date(2031, 1, 2))


def test_three_working_days_from_a_friday_end_on_wednesday():
    assert PLAIN.add_working_days(FRIDAY, 3).day == dt.date(2026, 3, 11)


def test_the_day_itself_is_day_nought_even_on_a_sunday():
    sunday = dt.date(2026, 3, 8)
    assert PLAIN.add_working_days(sunday, 0).day == sunday
    assert PLAIN.add_working_days(sunday, 1).day == dt.date(2026, 3, 9)


def test_counting_backwards_is_refused():
    with pytest.raises(ValueError, match="cannot count -1 working days"):
        PLAIN.add_working_days(FRIDAY, -1)


def test_counting_into_an_unknown_year_is_provisional():
    counted = PLAIN.add_working_days(dt.date(2030, 12, 30), 3)
    assert counted.day == dt.date(2031, 1, 2)
    assert counted.provisional


def test_an_office_replaces_a_year_by_its_own_table():
    own = Calendar("c", 2026, 2026, holidays=frozenset({FRIDAY})).with_years({2026: []}, {})
    assert own.is_working(FRIDAY)


def test_an_office_adds_the_year_that_follows():
    monday = dt.date(2031, 1, 6)
    own = PLAIN.with_years({2031: [monday]}, {2031: []})
    assert own.last_year == 2031
    assert not own.is_working(monday)


def test_an_added_year_must_leave_no_gap():
    with pytest.raises(ValueError, match="leave a gap"):
        PLAIN.with_years({2033: []}, {})


@given(days, st.integers(0, 60), free, free)
def test_exactly_so_many_working_days_lie_behind_the_start(start, number, holidays, workdays):
    calendar = Calendar("c", 2020, 2031, holidays, workdays)
    end = calendar.add_working_days(start, number).day
    passed = [start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working(day) for day in passed) == number
    assert number == 0 or calendar.is_working(end)


@given(days, st.sampled_from([1, 3, 6, 12]))
def test_a_period_holds_its_day_and_the_next_one_begins_the_day_after(day, months):
    start, end = period_start(day, months), period_end(day, months)
    assert start <= day <= end
    assert period_start(end + dt.timedelta(days=1), months) == end + dt.timedelta(days=1)


@given(days, st.integers(-24, 24))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + dt.timedelta(days=1)).day == 1


def test_a_calendar_is_read_from_its_text():
    calendar = load_calendar(SMALL, "own.yaml")
    assert calendar.name == "own"
    assert not calendar.is_working(dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("last_year: 2026\n", "", "own.yaml:1: a calendar has exactly the keys"),
        ("first_year: 2026", "first_year: 26", "own.yaml:2: a year has four digits"),
        ("first_year: 2026", "first_year: [2026]", "own.yaml:2: a year has four digits"),
        ("last_year: 2026", "last_year: 2027", "own.yaml:4: each year from 2026 to 2027"),
        ("05-01", "05-32", "own.yaml:4: a day is written month-day"),
    ],
)
def test_a_calendar_with_a_fault_is_refused_with_its_line(old, new, message):
    with pytest.raises(PackErrors, match=message):
        load_calendar(SMALL.replace(old, new), "own.yaml")


def test_the_shipped_calendar_agrees_with_the_notices_of_the_state_council():
    chinese_calendar = pytest.importorskip("chinese_calendar", reason="the package of the notices is a dev tool")
    calendar = load_calendar(SHIPPED.read_bytes(), "cn.yaml")
    day = dt.date(calendar.first_year, 1, 1)
    while day.year <= calendar.last_year:
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        day += dt.timedelta(days=1)
