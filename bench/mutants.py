"""A pack with one figure wrong: each way to change one number, sum, kind of day or post of one rule.

Defaults are left out (they are the adopter's to change), and so is what a `declare` names: no case speaks of it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kedang.rulebook.book import Book
from kedang.rulebook.deadlines import LAST_WORKING, PERIOD_ENDS
from kedang.rulebook.pack import Aggravate, Clause, Consent, Duty, Limit, Pack, Rule, Settle, Test

COUNTS = (
    "lasts_days", "uses", "pay_share_from", "pay_share_to", "within_days", "from_nth", "multiply", "every_working_days",
)  # fmt: skip
SUMS = ("fine_cny", "fine_from", "fine_to", "amount_cny")
CONDITIONS = ("when", "that", "when_true", "done_when")
SELECTORS = ("who", "except_who", "decided_by")
BOUNDED = ("at_least", "at_most", "over", "under", "distinct_at_least")
LEAP_YEAR = 2024

Change = tuple[str, int, dict[str, Any]]  # what was changed, in which line, and the rule's new values
Swap = Callable[[str, Sequence[str]], str]


@dataclass(frozen=True)
class Mutant:
    """A pack that says one thing otherwise than its policy."""

    pack: Pack
    clause: str
    line: int
    what: str


def mutants(pack: Pack, beneath: Sequence[Pack]) -> Iterator[Mutant]:
    """Every pack that differs from this one in a single figure, clause by clause."""
    swap = _swapper(pack, beneath)
    for clause in pack.clauses.values():
        for rule in clause.rules:
            for what, line, values in _changes(rule, swap):
                yield Mutant(_with(pack, clause, rule, values), clause.id, line or rule.line, what)


def _with(pack: Pack, clause: Clause, rule: Rule, values: dict[str, Any]) -> Pack:
    rules = tuple(dataclasses.replace(one, **values) if one is rule else one for one in clause.rules)
    return dataclasses.replace(pack, clauses={**pack.clauses, clause.id: dataclasses.replace(clause, rules=rules)})


def _swapper(pack: Pack, beneath: Sequence[Pack]) -> Swap:
    """One post for the next one that neither inherits its rights nor passes its own on; empty if there is none."""
    book = Book((pack, *beneath), tolerate_clashes=True)
    posts = list(pack.posts)

    def swap(post: str, taken: Sequence[str]) -> str:
        if post not in pack.posts:
            return ""
        at = posts.index(post)
        others = [one for one in (*posts[at + 1 :], *posts[:at]) if one not in taken]
        apart = [one for one in others if post not in book.posts_with([one]) and one not in book.posts_with([post])]
        return next(iter([*apart, *others]), "")

    return swap


def _changes(rule: Rule, swap: Swap) -> Iterator[Change]:
    yield from _counts(rule)
    yield from _sums(rule)
    for key in CONDITIONS:
        yield from _tests(key, getattr(rule, key, ()), swap)
    for key in SELECTORS:
        who = getattr(rule, key, ())
        yield from ((f"{key}: {what}", 0, {key: other}) for what, other in _posts(who, swap))
    if isinstance(rule, Duty):
        yield from _times(rule)
    elif isinstance(rule, Consent):
        yield from _steps(rule, swap)
    elif isinstance(rule, Aggravate) and rule.for_kind:
        yield f"for {rule.for_kind} {rule.for_name} → every breach", 0, {"for_kind": "", "for_name": ""}
    elif isinstance(rule, Settle) and isinstance(rule.value, int):
        yield from ((f"{rule.key} {rule.value} → {n}", 0, {"value": n}) for n in _near(rule.value))


def _near(number: int, least: int = 1) -> list[int]:
    return [other for other in (number - 1, number + 1) if other >= least]


def _counts(rule: Rule) -> Iterator[Change]:
    for key in COUNTS:
        number = getattr(rule, key, None)
        if number:
            yield from ((f"{key} {number} → {other}", 0, {key: other}) for other in _near(number))


def _sums(rule: Rule) -> Iterator[Change]:
    for key in SUMS:
        amount = getattr(rule, key, None)
        if amount:
            for share in (Decimal("0.9"), Decimal("1.1")):
                yield f"{key} {amount} → {amount * share}", 0, {key: amount * share}


def _times(rule: Duty) -> Iterator[Change]:
    for limit, what in _limits(rule.limit):
        yield what, 0, {"limit": limit}
    for at, (rung, days) in enumerate(rule.series):
        for other in _near(days, 0):
            series = (*rule.series[:at], (rung, other), *rule.series[at + 1 :])
            yield f"series {rung}: {days} → {other}", 0, {"series": series}


def _limits(limit: Limit) -> Iterator[tuple[Limit, str]]:
    if limit.kind.startswith("within_") and limit.number:
        for other in _near(limit.number, 0):
            yield dataclasses.replace(limit, number=other), f"{limit.kind} {limit.number} → {other}"
    if limit.kind == "within_working_days" and limit.number:
        yield dataclasses.replace(limit, kind="within_days"), f"{limit.number} working days → calendar days"
    if limit.point.startswith(LAST_WORKING):
        point = PERIOD_ENDS[limit.point.removeprefix(LAST_WORKING)]
        yield dataclasses.replace(limit, point=point), f"by {limit.point} → {point}"
    key = {"by": "point", "in": "end"}.get(limit.kind, "")
    day = getattr(limit, key, "")
    if day[:2].isdigit():
        for other in _next_to(day):
            yield dataclasses.replace(limit, **{key: other}), f"{limit.kind} {day} → {other}"


def _next_to(day: str) -> list[str]:
    month, number = (int(part) for part in day.split("-"))
    on = dt.date(LEAP_YEAR, month, number)
    return [f"{on + dt.timedelta(days=step):%m-%d}" for step in (-1, 1)]


def _tests(key: str, tests: Sequence[Test], swap: Swap) -> Iterator[Change]:
    for at, test in enumerate(tests):
        for values, what in _values(test, swap):
            changed = (*tests[:at], dataclasses.replace(test, values=values), *tests[at + 1 :])
            yield f"{key} {test.fact} {what}", test.line, {key: changed}


def _values(test: Test, swap: Swap) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if test.key:
        return  # the adopter's to change
    if test.op in BOUNDED:
        number = int(test.values[0])
        least = -1 if test.op in ("over", "at_most") else 0
        for other in _near(number, least):
            yield (other,), f"{test.op} {number} → {other}"
    elif test.fact == "actor.posts":
        for what, others in _posts([str(value) for value in test.values], swap):
            yield others, what


def _posts(who: Sequence[str], swap: Swap) -> Iterator[tuple[str, tuple[str, ...]]]:
    for at, post in enumerate(who):
        other = swap(post, who)
        if other:
            yield f"{post} → {other}", (*who[:at], other, *who[at + 1 :])


def _steps(rule: Consent, swap: Swap) -> Iterator[Change]:
    for at, step in enumerate(rule.steps):
        for what, who in _posts(step.who, swap):
            steps = (*rule.steps[:at], dataclasses.replace(step, who=who), *rule.steps[at + 1 :])
            yield f"from: {what}", 0, {"steps": steps}
