"""A deadline: the day itself is day 0, late begins after the last day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.rulebook.calendars import Calendar
from kedang.rulebook.deadlines import LAST_WORKING_DAYS, PERIOD_ENDS, POINTS, UnknownDate, deadline, starts_on
from kedang.rulebook.pack import Duty, Limit
from kedang.rulebook.words import POINT_WORDS

PLAIN = Calendar("plain", 2020, 2030)
days = st.dates(dt.date(2020, 1, 1), dt.date(2029, 12, 31))


def due(start, kind, number=0, point="", span=("", ""), rung=None, dates=None):
    limit = Limit(kind, number, point, *span)
    rule = Duty("99", "1", 0, 1, who=("archivist",), about="file", limit=limit)
    return deadline(rule, start, PLAIN, number=rung, dates=dates)


@pytest.mark.parametrize(
    ("point", "last"),
    [
        ("end-of-day", "2026-02-10"),
        ("end-of-week", "2026-02-15"),
        ("month-end", "2026-02-28"),
        ("quarter-end", "2026-03-31"),
        ("half-year-end", "2026-06-30"),
        ("year-end", "2026-12-31"),
        ("12-31", "2026-12-31"),
        ("02-10", "2026-02-10"),
        ("02-09", "2027-02-09"),
    ],
)
def test_by_an_end_is_the_last_day_of_it(point, last):
    assert due(dt.date(2026, 2, 10), "by", point=point).due_on == dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "period", "last"),
    [
        ("2026-05-01", "month", "2026-05-29"),  # the 31st is a Sunday
        ("2026-05-29", "month", "2026-05-29"),  # the day itself is day 0
        ("2026-05-30", "month", "2026-06-30"),  # none is left in May
        ("2026-03-04", "week", "2026-03-06"),
        ("2026-01-01", "quarter", "2026-03-31"),
        ("2028-10-01", "quarter", "2028-12-29"),
        ("2029-01-01", "half-year", "2029-06-29"),
        ("2028-01-01", "year", "2028-12-29"),
        ("2026-01-01", "2-years", "2027-12-31"),
    ],
)
def test_a_period_can_end_with_its_last_working_day(start, period, last):
    found = due(dt.date.fromisoformat(start), "by", point=f"last-working-day-of-{period}")
    assert (found.due_on, found.provisional) == (dt.date.fromisoformat(last), False)


def test_the_last_working_day_looks_at_holidays_and_worked_weekends():
    rule = Duty("99", "1", 0, 1, who=("archivist",), about="file", limit=Limit("by", point="last-working-day-of-month"))
    friday, saturday = dt.date(2026, 5, 29), dt.date(2026, 5, 30)
    free = Calendar("c", 2026, 2026, holidays=frozenset({friday}))
    worked = Calendar("c", 2026, 2026, workdays=frozenset({saturday}))
    assert deadline(rule, dt.date(2026, 5, 4), free).due_on == dt.date(2026, 5, 28)
    assert deadline(rule, dt.date(2026, 5, 4), worked).due_on == saturday


@pytest.mark.parametrize("start", ["2031-05-04", "2031-05-31"])
def test_the_last_working_day_of_an_unknown_year_is_provisional(start):
    assert due(dt.date.fromisoformat(start), "by", point="last-working-day-of-month").provisional


@pytest.mark.parametrize("point", [*POINTS, *PERIOD_ENDS.values(), *LAST_WORKING_DAYS])
def test_every_last_day_has_its_words(point):
    assert all(POINT_WORDS[point])


def test_the_twenty_ninth_of_february_is_the_last_of_the_month_in_a_common_year():
    assert due(dt.date(2026, 2, 10), "by", point="02-29").due_on == dt.date(2026, 2, 28)
    assert due(dt.date(2028, 2, 10), "by", point="02-29").due_on == dt.date(2028, 2, 29)


def test_by_a_date_fact_takes_the_date_of_the_event():
    until = dt.date(2026, 5, 20)
    assert due(dt.date(2026, 5, 1), "by", point="loan.until", dates={"loan.until": until}).due_on == until


def test_by_a_date_fact_that_is_absent_raises():
    with pytest.raises(UnknownDate, match=r"loan\.until"):
        due(dt.date(2026, 5, 1), "by", point="loan.until")


def test_delivered_on_friday_within_three_working_days_is_due_on_wednesday():
    found = due(dt.date(2026, 3, 6), "within_working_days", number=3)
    assert (found.due_on, found.provisional) == (dt.date(2026, 3, 11), False)


def test_months_and_years_end_on_the_same_day_or_the_last_that_there_is():
    assert due(dt.date(2026, 1, 31), "within_months", number=1).due_on == dt.date(2026, 2, 28)
    assert due(dt.date(2026, 12, 15), "within_months", number=3).due_on == dt.date(2027, 3, 15)
    assert due(dt.date(2024, 2, 29), "within_years", number=5).due_on == dt.date(2029, 2, 28)
    assert due(dt.date(2026, 3, 6), "within_years", number=30).due_on == dt.date(2056, 3, 6)


def test_within_days_counts_every_day():
    assert due(dt.date(2026, 5, 1), "within_days", number=7).due_on == dt.date(2026, 5, 8)


def test_a_rung_of_a_series_has_its_own_number():
    assert due(dt.date(2026, 3, 1), "by", point="end-of-day", rung=30).due_on == dt.date(2026, 3, 31)
    assert due(dt.date(2026, 3, 6), "within_working_days", rung=3).due_on == dt.date(2026, 3, 11)


def test_working_days_over_an_unknown_year_are_provisional():
    assert due(dt.date(2030, 12, 30), "within_working_days", number=5).provisional


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [
        ("2026-03-01", "2026-06-01", "2026-06-30"),
        ("2026-06-10", "2026-06-10", "2026-06-30"),
        ("2026-07-01", "2027-06-01", "2027-06-30"),
    ],
)
def test_a_window_is_the_one_that_holds_the_day_or_the_next(start, first, last):
    found = due(dt.date.fromisoformat(start), "in", span=("06-01", "06-30"))
    assert (found.from_on, found.due_on) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_window_may_cross_the_turn_of_the_year():
    found = due(dt.date(2026, 11, 1), "in", span=("12-15", "01-15"))
    assert (found.from_on, found.due_on) == (dt.date(2026, 12, 15), dt.date(2027, 1, 15))
    inside = due(dt.date(2027, 1, 3), "in", span=("12-15", "01-15"))
    assert (inside.from_on, inside.due_on) == (dt.date(2027, 1, 3), dt.date(2027, 1, 15))


@pytest.mark.parametrize(
    ("every", "first", "other"),
    [
        ("day", "2026-03-08", None),
        ("working-day", "2026-03-09", "2026-03-08"),
        ("week", "2026-03-09", "2026-03-10"),
        ("month", "2026-03-01", "2026-03-02"),
        ("quarter", "2026-04-01", "2026-03-01"),
        ("half-year", "2026-07-01", "2026-04-01"),
        ("year", "2026-01-01", "2026-07-01"),
    ],
)
def test_a_period_begins_on_its_first_day_and_on_no_other(every, first, other):
    assert starts_on(every, dt.date.fromisoformat(first), PLAIN)
    assert other is None or starts_on(every, dt.date.fromisoformat(other), PLAIN) is None


points = st.sampled_from(
    ["end-of-day", "end-of-week", "month-end", "quarter-end", "half-year-end", "year-end", "12-31"]
)


@given(days, points)
def test_an_end_is_never_before_the_start_and_never_a_year_after(start, point):
    assert start <= due(start, "by", point=point).due_on <= start + dt.timedelta(days=366)


@given(days, st.sampled_from([one for one in LAST_WORKING_DAYS if "2-years" not in one]))
def test_a_last_working_day_is_worked_from_the_start_on_and_the_last_of_its_period(start, point):
    found = due(start, "by", point=point).due_on
    end = due(found, "by", point=PERIOD_ENDS[point.removeprefix("last-working-day-of-")]).due_on
    after = [found + dt.timedelta(days=n) for n in range(1, (end - found).days + 1)]
    assert start <= found <= start + dt.timedelta(days=368) and PLAIN.is_working(found)  # a weekend and a leap year
    assert not any(PLAIN.is_working(day) for day in after)


@given(days, st.integers(0, 40))
def test_working_days_never_end_before_as_many_days(start, number):
    slow = due(start, "within_working_days", number=number).due_on
    assert slow >= due(start, "within_days", number=number).due_on


@given(days, st.integers(0, 40), st.integers(0, 10))
def test_a_later_start_is_never_due_earlier(start, number, later):
    one = due(start, "within_working_days", number=number).due_on
    assert one <= due(start + dt.timedelta(days=later), "within_working_days", number=number).due_on
