"""Figures over plain rows: shares on time and complete, counts, sums and ages.

A row is what the application fetched: for shares `status` or `complete`, for sums `amount_cny`, for ages `age_days`,
and a value under the rule's `by`. A frozen measure is computed once and kept by the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kedang.rulebook.conditions import MissingFact, Value
from kedang.rulebook.pack import Measure

Row = Mapping[str, Value]
DUE = ("kept", "kept_late", "late")  # what is open is not due yet, what was dropped brings neither praise nor blame


@dataclass(frozen=True)
class Figure:
    """One figure of one group: `part` of `whole` (for counts and sums the part alone says it)."""

    part: Decimal
    whole: int

    @property
    def share_percent(self) -> Decimal | None:
        """The part in percent of the whole, to one decimal; None of nothing."""
        return (self.part * 100 / self.whole).quantize(Decimal("0.1")) if self.whole else None

    @property
    def mean(self) -> Decimal | None:
        """The part shared over the whole, to one decimal; None of nothing."""
        return (self.part / self.whole).quantize(Decimal("0.1")) if self.whole else None


def measure(rule: Measure, rows: Iterable[Row]) -> dict[str, Figure]:
    """The rule's figure for each value of its `by`. Raises `MissingFact` for a row without a needed column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(_column(row, rule.by)), []).append(row)
    return {group: _figure(rule.of, members) for group, members in sorted(groups.items())}


def _figure(of: str, rows: list[Row]) -> Figure:
    if of == "share_on_time":
        due = [row for row in rows if _column(row, "status") in DUE]
        return Figure(Decimal(sum(row["status"] == "kept" for row in due)), len(due))
    if of == "share_complete":
        return Figure(Decimal(sum(_column(row, "complete") in ("yes", True) for row in rows)), len(rows))
    if of == "count":
        return Figure(Decimal(len(rows)), len(rows))
    column = "amount_cny" if of == "sum" else "age_days"
    return Figure(sum((Decimal(str(_column(row, column))) for row in rows), Decimal(0)), len(rows))


def _column(row: Row, name: str) -> Value:
    try:
        return row[name]
    except KeyError:
        raise MissingFact(name) from None
