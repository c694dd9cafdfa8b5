"""Earlier breaches as later ones count them: put in order once, then each count is two look-ups however many there are.

Breaches are ordered by the day on which they happened and then by id.  What is decided is only counted; what is still
undecided is named, for the sum depends on it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from kedang.rulebook.houses import month_start
from kedang.rulebook.pack import Aggravate, ClauseRef

Order = tuple[dt.date, int]


@dataclass(frozen=True)
class Decided:
    """An earlier breach and what became of it: undecided, imposed, waived or quashed."""

    id: int
    person: str
    happened_on: dt.date
    status: str
    clauses: frozenset[ClauseRef] = frozenset()
    adds_to_count: bool = True
    kind: str = ""
    name: str = ""

    @property
    def packs(self) -> frozenset[str]:
        """The packs under whose clauses it was proposed."""
        return frozenset(ref.partition(":")[0] for ref in self.clauses)


class Later(Protocol):
    """The breach for which the earlier ones count."""

    @property
    def id(self) -> int:
        """Its id, which comes after theirs where the day is the same."""

    @property
    def person(self) -> str:
        """Whose it is."""

    @property
    def happened_on(self) -> dt.date:
        """Its day."""


@dataclass(frozen=True)
class Counted:
    """The earlier breaches of a window: how many are imposed, and which may still come to be."""

    imposed: int
    undecided: tuple[int, ...]

    def __len__(self) -> int:
        """All of them."""
        return self.imposed + len(self.undecided)


class Prior:
    """The earlier breaches of any number of people, ready to be counted."""

    def __init__(self, rows: Iterable[Decided]) -> None:
        self._of: dict[str, list[Decided]] = {}
        for one in rows:
            if one.adds_to_count and one.status in ("imposed", "undecided"):
                self._of.setdefault(one.person, []).append(one)
        self._ranked: dict[tuple[str, ...], tuple[list[Order], list[Order]]] = {}

    @staticmethod
    def of(rows: Iterable[Decided] | Prior) -> Prior:
        """The rows in order; as they are where they are already."""
        return rows if isinstance(rows, Prior) else Prior(rows)

    def counted(self, rule: Aggravate, breach: Later) -> Counted:
        """The earlier breaches of the window that count or, still undecided, could come to count."""
        first, last = (window_start(rule, breach.happened_on), 0), (breach.happened_on, breach.id)
        imposed, undecided = self._in_order(breach.person, rule)
        open_ones = undecided[bisect_left(undecided, first) : bisect_left(undecided, last)]
        number = max(0, bisect_left(imposed, last) - bisect_left(imposed, first))
        return Counted(number, tuple(pk for _day, pk in open_ones))

    def _in_order(self, person: str, rule: Aggravate) -> tuple[list[Order], list[Order]]:
        """What is imposed and what is undecided of a person's that counts for this rule, each in order."""
        asked = (person, rule.pack, rule.for_kind, rule.for_name)
        if asked not in self._ranked:
            rows = [one for one in self._of.get(person, ()) if counts_for(rule, one)]
            imposed = sorted((one.happened_on, one.id) for one in rows if one.status == "imposed")
            undecided = sorted((one.happened_on, one.id) for one in rows if one.status == "undecided")
            self._ranked[asked] = (imposed, undecided)
        return self._ranked[asked]


class Breached(Protocol):
    """What is known of a breach: late, a defect or an incident, and of which."""

    @property
    def kind(self) -> str:
        """Late, defect or incident."""

    @property
    def name(self) -> str:
        """A clause's reference, or the key of a defect or incident."""


def is_for(rule: Aggravate, breach: Breached) -> bool:
    """Whether a rule means such breaches; one that names none means all."""
    return not rule.for_kind or (rule.for_kind, rule.for_name) == (breach.kind, breach.name)


def counts_for(rule: Aggravate, one: Decided) -> bool:
    """Whether an earlier breach counts for a rule: proposed under its pack, and such as it means."""
    return (not one.clauses or rule.pack in one.packs) and is_for(rule, one)


def window_start(rule: Aggravate, on: dt.date) -> dt.date:
    """The first day of which a breach can count for one that happened `on` a day."""
    if rule.window == "calendar-month":
        return month_start(on, rule.month_from)
    return on - dt.timedelta(days=rule.within_days)


def in_window(rule: Aggravate, earlier: dt.date, later: dt.date) -> bool:
    """Whether what happened on the earlier day counts for what happened on the later one."""
    return window_start(rule, later) <= earlier <= later
