"""The engine: reading a pack strictly (budget 50 ms), one decision (budget 100 µs at the median)."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from kedang import rulebook

PACKS = Path(rulebook.__file__).parent.parent / "policies"
TODAY = dt.date(2026, 11, 23)
LOAD_MS, DECIDE_US = 50.0, 100.0


def _times(call: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return sorted(found)


def _line(name: str, seconds: list[float], unit: float, suffix: str, budget: float) -> bool:
    median = statistics.median(seconds) * unit
    p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))] * unit
    held = median <= budget
    print(f"{name:<34} p50 {median:8.2f} {suffix}  p99 {p99:8.2f} {suffix}  "
          f"{median / budget:5.2f} × budget {'' if held else ' MISSED'}")  # fmt: skip
    return held


def run(_arguments: list[str]) -> int:
    """Print the figures; 1 when a budget is missed."""
    held = True
    paths = [path for path in sorted(PACKS.glob("[0-9][0-9]-*.yaml")) if not path.name.endswith(".cases.yaml")]
    for path in paths:
        source = path.read_bytes()
        times = _times(lambda source=source, name=path.name: rulebook.load_pack(source, name), 20)
        held &= _line(f"load {path.name}", times, 1e3, "ms", LOAD_MS)
    book = rulebook.Book([rulebook.load_file(path) for path in paths])
    actor = rulebook.Actor("1", frozenset({"archivist"}), frozenset(), frozenset(), frozenset())
    for act in ("journal.read", "file.number", "day.close"):
        wanted = rulebook.needs(book, act)
        facts = dict.fromkeys(wanted.facts, rulebook.UNKNOWN)
        parties = {one: frozenset({"1"}) for one in wanted.parties}
        times = _times(
            lambda act=act, facts=facts, parties=parties: rulebook.decide(
                book, act, actor, facts, parties=parties, today=TODAY
            ),
            2000,
        )
        held &= _line(f"decide {act}", times, 1e6, "µs", DECIDE_US)
    return 0 if held else 1
