"""Figures over plain rows: shares on time and complete, counts, sums and ages.

A row is what the application fetched: for shares `status` or `complete`, for sums `amount_cny`, for ages `age_days`,
and a value under the rule's `by`. A row may stand for several alike: `times` says how many, and its amount or age is
then what they come to together. The percent of a count or sum is the group's share of all groups. A frozen measure is
computed once and kept by the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kedang.rulebook.conditions import MissingFact, Value
from kedang.rulebook.pack import Measure

Row = Mapping[str, Value]
TOTALED = ("count", "sum")
DUE = ("kept", "kept_late", "late")  # what is open is not due yet, what was dropped brings neither praise nor blame


@dataclass(frozen=True)
class Figure:
    """One figure of one group: `part` of `whole` rows; of counts and sums `total` is what all groups come to."""

    part: Decimal
    whole: int
    total: Decimal | None = None

    @property
    def share_percent(self) -> Decimal | None:
        """The part in percent of the total, or of the rows, to one decimal; None of nothing."""
        whole = self.whole if self.total is None else self.total
        return (self.part * 100 / whole).quantize(Decimal("0.1")) if whole else None

    @property
    def mean(self) -> Decimal | None:
        """The part shared over the whole, to one decimal; None of nothing."""
        return (self.part / self.whole).quantize(Decimal("0.1")) if self.whole else None


def measure(rule: Measure, rows: Iterable[Row]) -> dict[str, Figure]:
    """The rule's figure for each value of its `by`. Raises `MissingFact` for a row without a needed column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(_column(row, rule.by)), []).append(row)
    figures = {group: _figure(rule.of, members) for group, members in sorted(groups.items())}
    if rule.of not in TOTALED:
        return figures
    total = sum((figure.part for figure in figures.values()), Decimal(0))
    return {group: replace(figure, total=total) for group, figure in figures.items()}


def _figure(of: str, rows: list[Row]) -> Figure:
    if of == "share_on_time":
        rows = [row for row in rows if _column(row, "status") in DUE]
        return Figure(Decimal(_number(row for row in rows if row["status"] == "kept")), _number(rows))
    if of == "share_complete":
        whole = [row for row in rows if _column(row, "complete") in ("yes", True)]
        return Figure(Decimal(_number(whole)), _number(rows))
    if of == "count":
        return Figure(Decimal(_number(rows)), _number(rows))
    column = "amount_cny" if of == "sum" else "age_days"
    return Figure(sum((Decimal(str(_column(row, column))) for row in rows), Decimal(0)), _number(rows))


def _number(rows: Iterable[Row]) -> int:
    return sum(int(str(row.get("times", 1))) for row in rows)


def _column(row: Row, name: str) -> Value:
    try:
        return row[name]
    except KeyError:
        raise MissingFact(name) from None
