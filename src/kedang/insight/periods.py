"""The periods of a measure: a month, quarter, half-year or year, counted from January."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kedang.rulebook.calendars import period_end, period_start

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
YEARS = range(1950, 2200)  # outside of them a typed year is a slip, and reckoning may leave the calendar


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included."""

    every: str
    first: date
    last: date

    @property
    def before(self) -> Period:
        """The period that ended the day before."""
        return period_of(self.every, self.first - timedelta(days=1))

    @property
    def after(self) -> Period:
        """The period that begins the day after."""
        return period_of(self.every, self.last + timedelta(days=1))

    def __str__(self) -> str:
        """``2026-03`` · ``2026 Q1`` · ``2026 H1`` · ``2026``: alike in every language."""
        if self.every == "month":
            return f"{self.first:%Y-%m}"
        number = (self.first.month - 1) // MONTHS[self.every] + 1
        return f"{self.first.year}" + {"quarter": f" Q{number}", "half-year": f" H{number}"}.get(self.every, "")


def period_of(every: str, day: date) -> Period:
    """The period of a kind that holds ``day``.  Raises ``KeyError`` for a kind that is not in ``MONTHS``."""
    return Period(every, period_start(day, MONTHS[every]), period_end(day, MONTHS[every]))


def month_of(text: str) -> date:
    """The first day of a month written ``2026-03``.  Raises ``ValueError``."""
    year, _dash, month = text.partition("-")
    if len(year) != 4 or len(month) != 2 or not (year + month).isascii() or not (year + month).isdecimal():
        raise ValueError(text)
    if int(year) not in YEARS:
        raise ValueError(text)
    return date(int(year), int(month), 1)
