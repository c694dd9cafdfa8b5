"""Working days: a calendar is a value with known years, never a look at the clock.

A calendar lists only what differs from the plain week: week days that are free and days of the weekend that
are worked (China shifts working days around its holidays). Outside its known years the plain week is assumed,
and every answer that leaned on such a year says so: it is provisional until the year is entered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kedang.rulebook.reading import Node, PackError, PackErrors, read_yaml

WEEKEND = frozenset({5, 6})
ONE_DAY = dt.timedelta(days=1)


class UnknownYear(LookupError):
    """A calendar was asked about a year that nobody has entered yet."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(f"calendar {calendar!r} has no working days for {year}: enter the year in its table")
        self.calendar = calendar
        self.year = year


@dataclass(frozen=True)
class Counted:
    """A day that was counted to, and whether an unknown year lay on the way."""

    day: dt.date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Working days from 1 January of `first_year` to 31 December of `last_year`.

    `holidays` are free days, `workdays` are days of the weekend that are worked; a day in both is worked. `weekend`
    holds the days of the week that are free (0 is Monday).
    """

    name: str
    first_year: int
    last_year: int
    holidays: frozenset[dt.date] = frozenset()
    workdays: frozenset[dt.date] = frozenset()
    weekend: frozenset[int] = WEEKEND

    def knows(self, day: dt.date) -> bool:
        """Whether the year of `day` was entered."""
        return self.first_year <= day.year <= self.last_year

    def is_working(self, day: dt.date) -> bool:
        """Whether `day` is worked; raises `UnknownYear` where the calendar ends."""
        if not self.knows(day):
            raise UnknownYear(self.name, day.year)
        return self._expects_work(day)

    def add_working_days(self, start: dt.date, number: int) -> Counted:
        """The `number`-th working day after `start`; the start itself is day 0 whatever day of the week it
        is.
        """
        if number < 0:
            raise ValueError(f"cannot count {number} working days back")
        day, provisional = start, False
        while number:
            day += ONE_DAY
            provisional = provisional or not self.knows(day)
            number -= self._expects_work(day)
        return Counted(day, provisional)

    def last_working_day(self, first: dt.date, last: dt.date) -> Counted | None:
        """The last working day from `first` to `last`; None where none is."""
        day, provisional = last, False
        while day >= first:
            provisional = provisional or not self.knows(day)
            if self._expects_work(day):
                return Counted(day, provisional)
            day -= ONE_DAY
        return None

    def with_years(
        self, holidays: Mapping[int, Iterable[dt.date]], workdays: Mapping[int, Iterable[dt.date]]
    ) -> Calendar:
        """This calendar with whole years replaced or added by an office's own table.

        The years given must join on to the known ones without a gap; raises ValueError otherwise.
        """
        years = set(holidays) | set(workdays)
        known = set(range(self.first_year, self.last_year + 1)) | years
        if len(known) != max(known) - min(known) + 1:
            raise ValueError(f"calendar {self.name!r}: the years {sorted(years)} leave a gap after the known ones")
        return Calendar(
            self.name,
            min(known),
            max(known),
            _replaced(self.holidays, holidays, years),
            _replaced(self.workdays, workdays, years),
            self.weekend,
        )

    def _expects_work(self, day: dt.date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays


def _replaced(kept: frozenset[dt.date], new: Mapping[int, Iterable[dt.date]], years: set[int]) -> frozenset[dt.date]:
    old = {day for day in kept if day.year not in years}
    added = {day for days in new.values() for day in days}
    return frozenset(old | added)


def period_start(day: dt.date, months: int) -> dt.date:
    """The first day of the period of 1, 3, 6, 12 or 24 months, counted from January, that holds `day`."""
    index = day.year * 12 + day.month - 1
    year, month = divmod(index - index % months, 12)
    return dt.date(year, month + 1, 1)


def period_end(day: dt.date, months: int) -> dt.date:
    """The last day of the period of 1, 3, 6, 12 or 24 months, counted from January, that holds `day`."""
    return add_months(period_start(day, months), months) - ONE_DAY


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later; a day that the month does not have becomes its last one (31 January → 28
    February).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first = dt.date(year, month + 1, 1)
    length = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - first).days
    return first.replace(day=min(day.day, length))


def load_calendar(source: bytes | str, name: str) -> Calendar:
    """The calendar of a YAML text: `calendar`, `first_year`, `last_year`, and per year the days that differ.

    Raises `PackErrors` with file and line for anything else, a year without an entry included.
    """
    root = read_yaml(source, name)
    pairs = root.pairs or {}
    wanted = {"calendar", "first_year", "last_year", "holidays", "workdays"}
    if set(pairs) != wanted:
        raise _wrong(name, root, f"a calendar has exactly the keys {', '.join(sorted(wanted))}")
    first, last = (_year(pairs[key], name) for key in ("first_year", "last_year"))
    years = range(first, last + 1)
    holidays = _days(pairs["holidays"], years, name)
    workdays = _days(pairs["workdays"], years, name)
    return Calendar(pairs["calendar"].text or name, first, last, holidays, workdays)


def _wrong(name: str, node: Node, message: str) -> PackErrors:
    return PackErrors([PackError(name, node.line, message)])


def _year(node: Node, name: str) -> int:
    text = node.text or ""
    if len(text) != 4 or not text.isdecimal():
        raise _wrong(name, node, f"a year has four digits, as 2026; found {text or node.kind!r}")
    return int(text)


def _days(node: Node, years: range, name: str) -> frozenset[dt.date]:
    entries = node.pairs or {}
    if sorted(entries) != [str(year) for year in years]:
        raise _wrong(name, node, f"each year from {years[0]} to {years[-1]} needs its own line, and no other")
    days = set()
    for year, listed in entries.items():
        for item in listed.items or ():
            try:
                days.add(dt.date.fromisoformat(f"{year}-{item.text}"))
            except ValueError:
                raise _wrong(name, item, f"a day is written month-day, as 05-01; found {item.text!r}") from None
    return frozenset(days)
