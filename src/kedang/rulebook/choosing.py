"""Values that rules settle, classes that they derive, candidates that they narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kedang.rulebook.binding import KIND
from kedang.rulebook.book import Book, Setting
from kedang.rulebook.conditions import Facts, Value, holds
from kedang.rulebook.pack import Choose, Classify, ClauseRef, Settle

Candidate = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Choice:
    """The ids left after the rules, best first, and the clauses that narrowed or ordered them."""

    ids: tuple[str, ...]
    clauses: tuple[ClauseRef, ...]
    free: bool
    reason_required: bool


@dataclass(frozen=True, slots=True)
class Classified:
    """A derived class with the clause and the facts that gave it."""

    value: str
    clause: ClauseRef
    facts: Mapping[str, Value]


def setting(book: Book, key: str, facts: Facts | None = None) -> Setting:
    """The value of a declared thing: what the highest rank settles, else the adoption's value, else the default.

    Raises KeyError when no pack speaks of it.
    """
    known = facts or {}
    kind = known.get(KIND)
    settled = [rule for rule in book.rules_of(Settle, kind) if rule.key == key and holds(rule.when, known) is True]
    if settled:
        rule = min(settled, key=lambda one: (book.rank(one), one.ref, one.index))
        return Setting(rule.value, rule.ref, False)
    chosen = book.chosen(key, kind=kind)
    if chosen is None:
        raise KeyError(key)
    return Setting(chosen, None, True)


def classify(book: Book, field: str, facts: Facts) -> Classified | None:
    """The class that the rules give; the rule with the most tests that hold wins. None when none fits."""
    rules = book.rules_of(Classify, facts.get(KIND))
    fitting = [rule for rule in rules if rule.field == field and holds(rule.when, facts) is True]
    if not fitting:
        return None
    rule = min(fitting, key=lambda one: (book.rank(one), -len(one.when), one.ref, one.index))
    return Classified(rule.to, rule.ref, {test.fact: facts[test.fact] for test in rule.when})


def choose(book: Book, act: str, candidates: Mapping[str, Candidate]) -> Choice:
    """Narrow candidates (id → facts "candidate.*") by the rules for an act, in the order of their ranks.

    `pick` takes those with the fact set to yes and ends when somebody is left; `keep` drops those without it unless
    that leaves nobody; `order_by` sorts (a leading "-": largest first); `free` leaves it to the person.
    """
    ids = tuple(sorted(candidates))
    clauses: list[ClauseRef] = []
    free = reason = False
    for rule in sorted((r for r in book.rules_of(Choose) if r.for_act == act), key=lambda r: (r.rank, r.ref, r.index)):
        fitting = [one for one in ids if holds(rule.when, candidates[one]) is True]
        if rule.kind in ("pick", "keep"):
            chosen = tuple(one for one in fitting if _set(candidates[one], rule.value))
            if chosen:
                ids, clauses = chosen, [*clauses, rule.ref]
                reason = reason or rule.reason
                if rule.kind == "pick":
                    break
        elif rule.kind == "order_by":
            ids, clauses = _ordered(ids, candidates, rule.value), [*clauses, rule.ref]
        else:
            free, clauses = free or rule.kind == "free", [*clauses, rule.ref]
            reason = reason or rule.reason
    return Choice(ids, tuple(clauses), free, reason)


def _set(candidate: Candidate, fact: str) -> bool:
    return candidate.get(fact) in ("yes", True)


def _ordered(ids: Sequence[str], candidates: Mapping[str, Candidate], value: str) -> tuple[str, ...]:
    fact = value.removeprefix("-")
    down = value.startswith("-")
    return tuple(sorted(ids, key=lambda one: _rank(candidates[one].get(fact, 0), down)))


def _rank(value: Value, down: bool) -> tuple[int, float, str]:
    if isinstance(value, str):
        return (1, 0, value)
    number = float(value) if isinstance(value, (int, float)) else float(str(value)) if value else 0.0
    return (0, -number if down else number, "")
