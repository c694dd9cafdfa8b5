"""Last days: when a duty is due, and when a recurring one comes round.

The day of the trigger is day 0; late begins on the day after `due_on`. A deadline that leaned on a year
unknown to the calendar is provisional and dated again when the year is entered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kedang.rulebook.calendars import Calendar, add_months, period_end, period_start
from kedang.rulebook.pack import Duty, Limit, Repeat

ONE_DAY = dt.timedelta(days=1)
PERIOD_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12, "2-years": 24}
POINTS: Mapping[str, int] = {f"{name}-end": months for name, months in PERIOD_MONTHS.items()}
LAST_WORKING = "last-working-day-of-"  # before the name of a period: it ends with its last working day
LAST_WORKING_DAYS = tuple(LAST_WORKING + name for name in ("week", *PERIOD_MONTHS))
LIMIT_MONTHS: Mapping[str, int] = {"within_months": 1, "within_years": 12}
PERIOD_END = "period-end"  # of the period that the duty comes round with
PERIOD_ENDS: Mapping[str, str] = {
    "day": "end-of-day", "working-day": "end-of-day", "week": "end-of-week",
    **{name: f"{name}-end" for name in PERIOD_MONTHS},
}  # fmt: skip


class UnknownDate(LookupError):
    """A limit names a date fact that the event did not carry."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The span in which a duty is to be done; both days are within it. `due_at` is its last moment, if one counts."""

    due_on: dt.date
    provisional: bool
    from_on: dt.date
    due_at: dt.datetime | None = None


def deadline(
    rule: Duty,
    start: dt.date,
    calendar: Calendar,
    *,
    number: int | None = None,
    dates: Mapping[str, dt.date] | None = None,
    moment: dt.datetime | None = None,
) -> Deadline:
    """When a duty that started on `start` is due.

    `number` replaces the limit's own number of days (a rung of a series); `dates` holds the date facts of the
    event, for a limit "by" one of them. `moment` is when on that day it started, in the house's own time; where nobody
    knows, hours and minutes end with the last day that they reach. Raises `UnknownDate` if that fact is not there.
    """
    calendar = kept_by(rule, calendar)
    limit = rule.limit
    days = limit.number if number is None else number
    if limit.kind == "within_working_days":
        counted = calendar.add_working_days(start, days)
        return Deadline(counted.day, counted.provisional, start)
    if limit.kind == "within_days" or number is not None:
        return Deadline(start + dt.timedelta(days=days), False, start)
    if limit.kind in LIMIT_MONTHS:
        return Deadline(add_months(start, days * LIMIT_MONTHS[limit.kind]), False, start)
    if limit.minutes is not None:
        return _moment(limit.minutes, start, moment)
    if limit.kind == "in":
        return _window(limit, start)
    point = PERIOD_ENDS[rule.every] if limit.point == PERIOD_END else limit.point
    if point in LAST_WORKING_DAYS:
        return _last_working_day(point.removeprefix(LAST_WORKING), start, calendar)
    return Deadline(_by(point, start, dates or {}), False, start)


def kept_by(rule: Duty | Repeat, calendar: Calendar) -> Calendar:
    """The calendar that the house keeps for this rule: its own roster over the legal one, where it has one."""
    return rule.roster.over(calendar) if rule.roster else calendar


def begins(rule: Duty, day: dt.date, calendar: Calendar) -> bool:
    """Whether a recurring duty comes round on `day`."""
    return bool(rule.every) and starts_on(rule.every, day, kept_by(rule, calendar)) is not None


def starts_on(every: str, day: dt.date, calendar: Calendar) -> dt.date | None:
    """The first day of the period that begins on `day`, else None.

    `every` is day, working-day, week (from Monday), month, quarter, half-year, year or 2-years (even ones). A period
    that begins on a free day still begins: only "working-day" looks at the calendar, an unknown year is plain weeks.
    """
    if every == "day":
        begins = True
    elif every == "working-day":
        begins = calendar.add_working_days(day - ONE_DAY, 1).day == day
    elif every == "week":
        begins = day.weekday() == 0
    else:
        begins = period_start(day, PERIOD_MONTHS[every]) == day
    return day if begins else None


def _by(point: str, start: dt.date, dates: Mapping[str, dt.date]) -> dt.date:
    if point == "end-of-day":
        return start
    if point == "end-of-week":
        return start + dt.timedelta(days=6 - start.weekday())
    if point in POINTS:
        return period_end(start, POINTS[point])
    if point[:2].isdigit():
        return _next(point, start)
    if point not in dates:
        raise UnknownDate(f"the limit is by {point!r}, which the event does not carry")
    return dates[point]


def _last_working_day(period: str, start: dt.date, calendar: Calendar) -> Deadline:
    """The last working day of the period that holds `start`; where none is left in it, of the next one."""
    first, found = start, None
    while found is None:
        last = _by(PERIOD_ENDS[period], first, {})
        found = calendar.last_working_day(first, last)
        first = last + ONE_DAY
    return Deadline(found.day, found.provisional or not calendar.knows(start), start)


def _moment(minutes: int, start: dt.date, moment: dt.datetime | None) -> Deadline:
    span = dt.timedelta(minutes=minutes)
    if moment is None:
        return Deadline(start + dt.timedelta(days=span.days), False, start)
    return Deadline((moment + span).date(), False, start, moment + span)


def _window(limit: Limit, start: dt.date) -> Deadline:
    """The window that `start` lies in, else the next one; it may cross the turn of the year."""
    end = _next(limit.end, start)
    begin = add_months(end, -12) if limit.start > limit.end else end
    first = _day_of(limit.start, begin.year)
    return Deadline(end, False, max(first, start))


def _next(month_day: str, start: dt.date) -> dt.date:
    day = _day_of(month_day, start.year)
    return day if day >= start else _day_of(month_day, start.year + 1)


def _day_of(month_day: str, year: int) -> dt.date:
    """That day of that year; "02-29" is the last of February in a common year."""
    month, day = (int(part) for part in month_day.split("-"))
    first = dt.date(year, month, 1)
    return first.replace(day=min(day, period_end(first, 1).day))
