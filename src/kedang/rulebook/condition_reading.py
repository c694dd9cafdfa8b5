"""Reads conditions: a flat map of fact to value, list of values, or bounds."""

from __future__ import annotations

import re

from kedang.rulebook.conditions import BOUNDS
from kedang.rulebook.pack import Conditions, Test
from kedang.rulebook.reading import Node
from kedang.rulebook.shapes import INTEGER, Faults, suggestion

NUMBERS = ("at_least", "at_most", "over", "under", "distinct_at_least")
# a default that gives the number of a bound where the source leaves it open
SETTING = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*\Z")


def read_conditions(node: Node | None, faults: Faults) -> Conditions:
    """A flat map of fact to value, list of values, or bounds."""
    if node is None:
        return ()
    if node.pairs is None:
        faults.add(node.line, "a condition is a flat map of facts, like {file.kind: contract}")
        return ()
    tests: list[Test] = []
    for fact, wanted in node.pairs.items():
        line = (node.key_lines or {}).get(fact, wanted.line)
        if wanted.pairs is None:
            tests.append(Test(fact, "in", _values(wanted, faults), line))
            continue
        for bound, limit in wanted.pairs.items():
            if bound not in BOUNDS:
                faults.add(wanted.line, f"'{bound}' is not a bound; {suggestion(bound, BOUNDS)}")
                continue
            key = limit.text if bound in NUMBERS and limit.text and SETTING.match(limit.text) else ""
            values = (0,) if key else _bound_values(bound, limit, faults)
            tests.append(Test(fact, bound, values, line, key))
    return tuple(sorted(tests, key=lambda test: (test.fact, test.op)))


def _values(node: Node, faults: Faults) -> tuple[str | int, ...]:
    if node.items is None:
        return (node.text or "",)
    values = []
    for item in node.items:
        if item.text is None:
            faults.add(item.line, "a list of values holds single values only")
        else:
            values.append(item.text)
    return tuple(values)


def _bound_values(bound: str, node: Node, faults: Faults) -> tuple[str | int, ...]:
    if bound in NUMBERS:
        if node.text is None or not INTEGER.match(node.text):
            faults.add(node.line, f"'{bound}' needs a whole number; the unit stands in the name of the fact")
            return (0,)
        return (int(node.text),)
    if bound == "empty" and node.text not in ("yes", "no"):
        faults.add(node.line, "'empty' is yes or no")
    return _values(node, faults)
