"""Reads by when a duty is to be done: a number of a unit, a default that gives it, a point, a window, or a series."""

from __future__ import annotations

import re

from kedang.rulebook.pack import Limit
from kedang.rulebook.shapes import INTEGER, Reader

# the key of a default that gives a duty its time bears the unit of its number
UNITS = ("days", "months", "years", "hours", "minutes")
SETTING_OF = {unit: re.compile(rf"[a-z][a-z0-9-]*\.[a-z0-9_]*{unit}\Z") for unit in UNITS}
SETTING = re.compile(rf"[a-z][a-z0-9-]*\.[a-z0-9_]*({'|'.join(UNITS)})\Z")
CENTURY = {
    "within_working_days": 36_525, "within_days": 36_525, "within_months": 1_200, "within_years": 100,
    "within_hours": 876_600, "within_minutes": 52_596_000,
}  # fmt: skip
LIMIT_KEYS = (
    "within_working_days", "within_days", "within_months", "within_years", "within_hours", "within_minutes", "by", "in"
)  # fmt: skip


def read_limit(reader: Reader) -> Limit:
    """By when: exactly one of LIMIT_KEYS, or none beside a `series`; what is wrong is told at its line."""
    keys = [key for key in LIMIT_KEYS if key in reader.pairs]
    series = "series" in reader.pairs
    reader.asked.update(LIMIT_KEYS)  # a mistyped one is answered with the nearest
    if len(keys) != 1 and not (series and not keys):
        reader.faults.add(reader.line, f"a duty says its time by exactly one of {', '.join(LIMIT_KEYS)}")
    if not keys:
        return Limit("within_days")
    kind = keys[0]
    if kind.startswith("within_"):
        said = reader.text(kind)
        named = SETTING_OF[kind.rpartition("_")[2]].match(said)
        number = 0 if named else reader.number(kind) or 0
        if number > CENTURY[kind]:
            reader.faults.add(reader.line, f"'{kind}: {said}' must be at most {CENTURY[kind]}")
        return Limit(kind, key=said) if named else Limit(kind, number=number)
    if kind == "by":
        return Limit(kind, point=reader.text("by"))
    window = reader.words("in")
    if len(window) != 2:
        reader.faults.add(reader.line, "'in' is a window of two dates, like [06-01, 06-30]")
        return Limit(kind)
    return Limit(kind, start=window[0], end=window[1])


def read_series(reader: Reader) -> tuple[tuple[int, int], ...]:
    """Which one it is → days from the start, in the order of numbers: the first after 3, the second after 30."""
    node = reader.take("series")
    if node is None:
        return ()
    inner = Reader(node, reader.faults, "series")
    pairs = [(key, inner.number(key)) for key in list(inner.pairs)]
    wrong = [key for key, _ in pairs if not INTEGER.match(key)]
    if wrong:
        reader.faults.add(node.line, f"'series' maps a number to days, like {{1: 3, 2: 30}}; '{wrong[0]}' is no number")
        return ()
    return tuple(sorted((int(key), days or 0) for key, days in pairs))
