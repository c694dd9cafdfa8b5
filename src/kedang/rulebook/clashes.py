"""That two rules, or two declarations, cannot stand together: an error at adoption, and never a guess in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.rulebook.pack import Conditions, Rule, Text


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as one side of a clash: where it stands ("03:files.client.fields.phone") and what it is called.

    `pack` and `line` are as of a rule.
    """

    ref: str
    pack: str
    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rules that cannot both be obeyed, or two declarations of one thing that cannot both hold."""

    what: str
    first: Rule | Declared
    second: Rule | Declared

    def __str__(self) -> str:
        first, second = self.first, self.second
        return f"{self.what}: {first.ref} (line {first.line}) against {second.ref} (line {second.line})"


class ClashError(Exception):
    """The packs contradict each other; `clashes` says where."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__("\n".join(str(clash) for clash in clashes))


def who_meet(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two rules can mean the same person; nobody named means everybody."""
    return not first or not second or not set(first).isdisjoint(second)


def can_hold_together(first: Conditions, second: Conditions) -> bool:
    """Whether two conditions can be true at once: false only when they want different values of one fact."""
    for mine in first:
        for other in second:
            if mine.fact != other.fact:
                continue
            if mine.op == other.op == "in" and set(mine.values).isdisjoint(other.values):
                return False
            if {mine.op, other.op} == {"in", "not_in"}:
                wanted, refused = (mine, other) if mine.op == "in" else (other, mine)
                if set(wanted.values) <= set(refused.values):
                    return False
            if _ranges_apart(mine.op, mine.values, other.op, other.values):
                return False
    return True


def _ranges_apart(op: str, values: Sequence[str | int], other_op: str, other_values: Sequence[str | int]) -> bool:
    low, high = _range(op, values), _range(other_op, other_values)
    if low is None or high is None:
        return False
    return low[1] < high[0] or high[1] < low[0]


def _range(op: str, values: Sequence[str | int]) -> tuple[float, float] | None:
    if op not in ("at_least", "at_most", "over", "under"):
        return None
    number = float(values[0])
    step = 0.5  # whole numbers: over 7 is at least 7.5 here, under 8 at most 7.5
    infinite = float("inf")
    return {
        "at_least": (number, infinite),
        "over": (number + step, infinite),
        "at_most": (-infinite, number),
        "under": (-infinite, number - step),
    }[op]
