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
DECIDED = ("07", "13", "14")  # a middling policy, one with many consents, the largest
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


def _decides(number: str, book: rulebook.Book) -> bool:
    """Time some answers under law, common rules and one policy; all policies together clash, as they should."""
    held = True
    actor = rulebook.Actor("1", frozenset({"archivist"}), frozenset(), frozenset(), frozenset())
    for act in ("journal.read", "file.number", "day.close", "loan.issue"):
        wanted = rulebook.needs(book, act)
        facts = dict.fromkeys(wanted.facts, rulebook.UNKNOWN)
        parties = {one: frozenset({"1"}) for one in wanted.parties}
        times = _times(
            lambda act=act, facts=facts, parties=parties: rulebook.decide(
                book, act, actor, facts, parties=parties, today=TODAY
            ),
            2000,
        )
        held &= _line(f"decide {number} {act}", times, 1e6, "µs", DECIDE_US)
    return held


def run(_arguments: list[str]) -> int:
    """Print the figures and whether every budget holds."""
    held = True
    paths = [path for path in sorted(PACKS.glob("[0-9][0-9]-*.yaml")) if not path.name.endswith(".cases.yaml")]
    for path in paths:
        source = path.read_bytes()
        times = _times(lambda source=source, name=path.name: rulebook.load_pack(source, name), 20)
        held &= _line(f"load {path.name}", times, 1e3, "ms", LOAD_MS)
    common = [path for path in paths if path.name.startswith("00-")]
    for path in paths:
        if path not in common and path.name[:2] in DECIDED:
            held &= _decides(path.name[:2], rulebook.Book([rulebook.load_file(one) for one in (*common, path)]))
    print("every budget holds" if held else "a budget is missed: on a busy machine measure again")
    return 0
