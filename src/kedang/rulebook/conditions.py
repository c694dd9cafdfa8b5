"""The tests that a rule may make on facts: one flat map of fact to value, list or bound; no expressions.

A fact that is absent is an error, never "no". A fact may be `UNKNOWN`: then the test is undecided, and the caller
says what that means (a `forbid` bites, a `permit` does not, a `require` is not met).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from kedang.rulebook.pack import Test
from kedang.rulebook.vocabulary import UNKNOWN

Value = str | int | Decimal | date | bool | tuple[str, ...]
Facts = Mapping[str, Value]

BOUNDS = (
    "at_least",
    "at_most",
    "over",
    "under",
    "distinct_at_least",
    "without",
    "differs_from",
    "not_in",
    "contains",
    "empty",
)


class MissingFact(KeyError):
    """A rule needs a fact that the caller did not fetch: a fault of the program, never a "no"."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact

    def __str__(self) -> str:
        return f"the fact '{self.fact}' is needed and was not given"


def facts_in(tests: Iterable[Test]) -> set[str]:
    """The facts that these tests look at, those that they compare with among them."""
    found: set[str] = set()
    for test in tests:
        found.add(test.fact)
        if test.op in ("without", "differs_from"):
            found |= {str(other) for other in test.values}
    return found


def value_of(facts: Facts, fact: str) -> Value:
    """The fact's value with booleans as yes or no; raises `MissingFact`."""
    try:
        value = facts[fact]
    except KeyError:
        raise MissingFact(fact) from None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def holds(tests: Iterable[Test], facts: Facts) -> bool | None:
    """Whether all tests hold; None when none fails but one rests on an unknown fact."""
    undecided = False
    for test in tests:
        answer = passes(test, facts)
        if answer is False:
            return False
        undecided = undecided or answer is None
    return None if undecided else True


def passes(test: Test, facts: Facts) -> bool | None:
    """Whether one test passes; None when a fact that it needs is unknown."""
    value = value_of(facts, test.fact)
    if test.op in ("without", "differs_from"):
        others = [value_of(facts, str(other)) for other in test.values]
        if value == UNKNOWN or UNKNOWN in others:
            return None
        return _apart(value, others)
    if value == UNKNOWN:
        return True if test.op == "in" and UNKNOWN in test.values else None
    return _TESTS[test.op](value, test.values)


def failing(tests: Iterable[Test], facts: Facts) -> list[tuple[Test, Value]]:
    """The tests that are not met, unknown ones among them, with the value found."""
    return [(test, value_of(facts, test.fact)) for test in tests if passes(test, facts) is not True]


def _many(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (str(value),) if value != "" else ()


def _apart(value: Value, others: list[Value]) -> bool:
    mine = set(_many(value))
    return all(mine.isdisjoint(_many(other)) for other in others)


def _in(value: Value, values: tuple[str | int, ...]) -> bool:
    if isinstance(value, tuple):
        return any(str(wanted) in value for wanted in values)
    return any(_same(value, wanted) for wanted in values)


def _same(value: Value, wanted: str | int) -> bool:
    return str(value) == str(wanted)


def _number(value: Value | str | int) -> Decimal | date:
    if isinstance(value, date):
        return value
    if isinstance(value, tuple):
        return Decimal(len(value))
    return Decimal(str(value))


def _bound(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, tuple[str | int, ...]], bool]:
    def test(value: Value, values: tuple[str | int, ...]) -> bool:
        number = _number(value)
        if isinstance(number, date):
            raise TypeError("a date has no bound; state a number of days")
        limit = _number(values[0])
        assert isinstance(limit, Decimal)
        return compare(number, limit)

    return test


_TESTS: Mapping[str, Callable[[Value, tuple[str | int, ...]], bool]] = {
    "in": _in,
    "not_in": lambda value, values: not _in(value, values),
    "contains": lambda value, values: {str(wanted) for wanted in values} <= set(_many(value)),
    "empty": lambda value, values: (len(_many(value)) == 0) == (values[0] == "yes"),
    "distinct_at_least": lambda value, values: len(set(_many(value))) >= int(values[0]),
    "at_least": _bound(lambda number, limit: number >= limit),
    "at_most": _bound(lambda number, limit: number <= limit),
    "over": _bound(lambda number, limit: number > limit),
    "under": _bound(lambda number, limit: number < limit),
}
