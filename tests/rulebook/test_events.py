"""An event brings its facts by full name."""

import datetime as dt
from decimal import Decimal

import pytest

from kedang.rulebook.events import plain
from tests.rulebook.small import day, event


def test_facts_have_full_names_and_plain_values():
    one = event(1, "handover.received", day(2), file="A", handover__set="new", file__complete=True, file__place=None)
    assert one.facts() == {"handover.set": "new", "file.complete": "yes"}
    assert one.id_of("file") == "A" and one.id_of("job") == ""


@pytest.mark.parametrize(
    ("value", "fact"),
    [
        (False, "no"),
        (["a", 2], ("a", "2")),
        ("2026-03-02", dt.date(2026, 3, 2)),
        ("2026-99-02", "2026-99-02"),
        (1.5, Decimal("1.5")),
        (7, 7),
    ],
)
def test_a_stored_value_becomes_a_fact(value, fact):
    assert plain(value) == fact


def test_what_can_be_no_fact_is_refused():
    with pytest.raises(TypeError, match="is no fact"):
        plain({})


def test_a_date_fact_is_when_it_happened_unless_said():
    one = event(1, "vehicle.delivered", day(9), file="A", vehicle__delivered_on="2026-03-06")
    assert one.date("vehicle.delivered_on") == day(6)
    assert one.date("vehicle.other_on") == day(9)
    assert one.dates() == {"vehicle.delivered_on": day(6)}
