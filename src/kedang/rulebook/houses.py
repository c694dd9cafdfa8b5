"""How a house counts days and months where its policy speaks of working days and of a month.

Settled at adoption, for each policy its own: the legal working days or the house's own roster, and the calendar month
or the month of the payroll. A house that has said nothing counts legal working days and calendar months.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kedang.rulebook.calendars import Calendar, add_months

MONTH_FROM, WEEK, HOLIDAYS = "house.month_from", "house.week", "house.holidays"
FREE, WORKED = "house.free", "house.worked"
KEYS = (MONTH_FROM, WEEK, HOLIDAYS, FREE, WORKED)
LAST_START = 28  # every month has this day
EVERY_YEAR = (1, 9998)

Settings = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Roster:
    """The house's own working days: days of the week (0 is Monday), legal holidays kept or not, single days besides."""

    week: frozenset[int]
    holidays: bool = True
    free: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def over(self, legal: Calendar) -> Calendar:
        """The roster as a calendar; it knows the years of the legal one while it keeps the legal holidays."""
        return _over(self, legal)


@lru_cache(maxsize=64)
def _over(roster: Roster, legal: Calendar) -> Calendar:
    first, last = (legal.first_year, legal.last_year) if roster.holidays else EVERY_YEAR
    holidays = (legal.holidays if roster.holidays else frozenset()) - roster.worked
    workdays = legal.workdays if roster.holidays else frozenset()
    return Calendar(
        f"{legal.name}+", first, last, holidays | roster.free, (workdays - roster.free) | roster.worked,
        frozenset(range(7)) - roster.week,
    )  # fmt: skip


def roster_of(settings: Settings) -> Roster | None:
    """The roster that was settled; None for the legal working days."""
    week = str(settings.get(WEEK, ""))
    if not week:
        return None
    free, worked = (_days(str(settings.get(key, ""))) for key in (FREE, WORKED))
    return Roster(
        frozenset(int(day) - 1 for day in week.split(",")), settings.get(HOLIDAYS, "yes") == "yes", free, worked
    )


def _days(said: str) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(one) for one in said.split())


def month_from(settings: Settings) -> int:
    """On which day a month begins; 1 is the calendar month."""
    return int(settings.get(MONTH_FROM, 1))


def month_start(day: dt.date, begins_on: int = 1) -> dt.date:
    """The first day of the month that holds `day`, where months begin on a day from 1 to 28."""
    start = day.replace(day=begins_on)
    return start if start <= day else add_months(start, -1)
