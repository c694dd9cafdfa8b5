"""Tests on facts: one value, a list, or a bound; unknown is undecided."""

from datetime import date
from decimal import Decimal

import pytest

from kedang.rulebook import pack
from kedang.rulebook.conditions import MissingFact, failing, holds, passes


def check(op, values, value, **others):
    return passes(pack.Test("x", op, values), {"x": value, **others})


@pytest.mark.parametrize(
    ("op", "values", "value", "answer"),
    [
        ("in", ("a", "b"), "b", True),
        ("in", ("a",), ("b", "a"), True),
        ("in", ("yes",), True, True),
        ("in", ("3",), 3, True),
        ("in", ("unknown",), "unknown", True),
        ("in", ("a",), "unknown", None),
        ("not_in", ("a",), "b", True),
        ("not_in", ("a",), ("a", "b"), False),
        ("contains", ("a", "b"), ("a", "b", "c"), True),
        ("contains", ("a", "b"), "a", False),
        ("empty", ("yes",), "", True),
        ("empty", ("no",), ("a",), True),
        ("distinct_at_least", (2,), ("a", "a"), False),
        ("distinct_at_least", (2,), ("a", "b"), True),
        ("at_least", (3,), 3, True),
        ("at_most", (3,), Decimal("3.01"), False),
        ("over", (3,), 3, False),
        ("under", (3,), "2", True),
        ("at_least", (2,), ("a", "b"), True),
        ("over", (3,), "unknown", None),
    ],
)
def test_a_test_passes_or_not_or_is_undecided(op, values, value, answer):
    assert check(op, values, value) is answer


def test_two_facts_stand_apart_or_not():
    assert check("without", ("y",), ("a", "b"), y="c") is True
    assert check("differs_from", ("y",), "a", y=("a", "b")) is False
    assert check("differs_from", ("y",), "a", y="unknown") is None


def test_a_date_has_no_bound():
    with pytest.raises(TypeError, match="a date has no bound"):
        check("over", (3,), date(2026, 3, 2))


def test_one_failing_test_decides_and_an_unknown_one_leaves_open():
    tests = [pack.Test("x", "in", ("a",)), pack.Test("y", "in", ("b",))]
    assert holds(tests, {"x": "unknown", "y": "c"}) is False
    assert holds(tests, {"x": "unknown", "y": "b"}) is None
    assert holds((), {}) is True
    assert failing(tests, {"x": True, "y": "b"}) == [(tests[0], "yes")]


def test_an_absent_fact_is_named():
    with pytest.raises(MissingFact, match="'x' is needed"):
        holds([pack.Test("x", "in", ("a",))], {})
