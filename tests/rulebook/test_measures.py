"""Figures over plain rows."""

from decimal import Decimal

import pytest

from kedang.rulebook.conditions import MissingFact
from kedang.rulebook.measures import Figure, measure
from kedang.rulebook.pack import Measure


def figures(of, rows):
    return measure(Measure("small", "1", 0, 1, name="m", of=of, by="unit", every="month"), rows)


def test_the_share_on_time_counts_what_was_due():
    rows = [{"unit": "sales", "status": status} for status in ["kept"] * 18 + ["kept_late", "late", "open", "dropped"]]
    assert figures("share_on_time", rows)["sales"].share_percent == Decimal("90.0")


def test_the_share_complete_counts_every_row():
    rows = [{"unit": "sales", "complete": value} for value in ("yes", "no", True, "yes")]
    assert figures("share_complete", rows)["sales"].share_percent == Decimal("75.0")


def test_a_row_that_stands_for_several_counts_as_many():
    rows = [{"unit": "sales", "status": "kept", "times": 12}, {"unit": "sales", "status": "late"}]
    assert figures("share_on_time", rows) == {"sales": Figure(Decimal(12), 13)}
    assert figures("count", rows) == {"sales": Figure(Decimal(13), 13, Decimal(13))}
    assert figures("sum", [{"unit": "sales", "amount_cny": 90, "times": 3}]) == {
        "sales": Figure(Decimal(90), 3, Decimal(90))
    }


def test_counts_sums_and_ages_stand_by_group():
    rows = [
        {"unit": "sales", "amount_cny": Decimal("49.50"), "age_days": 3},
        {"unit": "service", "amount_cny": 20, "age_days": 4},
        {"unit": "sales", "amount_cny": 50, "age_days": 6},
    ]
    assert {group: figure.part for group, figure in figures("count", rows).items()} == {"sales": 2, "service": 1}
    assert figures("sum", rows)["sales"].part == Decimal("99.50")
    assert figures("age", rows)["sales"].mean == Decimal("4.5")


def test_the_percent_of_a_count_or_sum_is_the_share_of_all_groups():
    rows = [{"unit": "a", "amount_cny": 60}, {"unit": "b", "amount_cny": 30}, {"unit": "c", "amount_cny": 10}]
    assert {group: figure.share_percent for group, figure in figures("sum", rows).items()} == {
        "a": 60,
        "b": 30,
        "c": 10,
    }
    assert figures("count", [{"unit": "a"}, {"unit": "a"}, {"unit": "b"}])["a"].share_percent == Decimal("66.7")
    assert figures("sum", [{"unit": "a", "amount_cny": 0}])["a"].share_percent is None


def test_of_nothing_there_is_no_share_and_no_mean():
    nothing = Figure(Decimal(0), 0)
    assert (nothing.share_percent, nothing.mean, figures("count", [])) == (None, None, {})


def test_a_row_without_a_needed_column_is_a_fault_of_the_program():
    with pytest.raises(MissingFact, match="unit"):
        figures("count", [{}])
