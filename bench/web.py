"""The screens over many files: statements and milliseconds by page; two sizes give the slope (budgets: DESIGN).

``python -m bench web [--files N [N]] [--database sqlite|postgres] [--folder DIR] [--rounds R] [--turns T] [--only NAME]
[--fresh]``
A filled database is kept in the folder and used again.  Two sizes are measured in turns, so that whatever else the
machine does bears on both.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import postgres

QUERIES, P50_MS, P99_MS, SEARCH_MS, SLOPE = 12, 15.0, 50.0, 20.0, 0.1
FLAT = ("list", "deep list", "file page", "search by name", "desk")


@contextmanager
def _database(which: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a process over the database in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)
    environment = os.environ | {"KEDANG_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)
    if which == "sqlite":
        yield environment
        return
    with postgres.kept(folder / "postgres") as url:
        yield environment | {"DATABASE_URL": url}


def _child(environment: dict[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure(chosen: argparse.Namespace, files: int, turn: int) -> list[dict[str, Any]]:
    """Fill the database of this size where it is not there, and measure each page for its share of the rounds."""
    folder = chosen.folder / f"{chosen.database}-{files}"
    if (chosen.fresh and turn == 0) or not (folder / "filled").exists():
        shutil.rmtree(folder, ignore_errors=True)
    with _database(chosen.database, folder) as environment:
        if not (folder / "filled").exists():
            print(f"filling {chosen.database} with {files:,} files …", file=sys.stderr, flush=True)
            _child(environment, "bench.fill", str(files))
            (folder / "filled").touch()
        _child(environment, "kedang", "migrate")
        rounds = -(-chosen.rounds // chosen.turns)
        found: list[dict[str, Any]] = json.loads(
            _child(environment, "bench.pages", str(rounds), str(turn + 7), chosen.only).splitlines()[-1]
        )
    return found


def joined(turns: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The turns of one size as one table: by page the most statements, and least, median and 99th percentile."""
    found = []
    for rows in zip(*turns, strict=True):
        row = {"page": rows[0]["page"], "queries": max(one["queries"] for one in rows)}
        for by in ("wall", "cpu"):
            ranked = sorted(ms for one in rows for ms in one[by])
            p99 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
            row |= {f"{by}_min": ranked[0], f"{by}_p50": statistics.median(ranked), f"{by}_p99": p99}
        found.append(row)
    return found


def judge() -> str:
    """What the budgets are held against: the clock, but the processor's time where others keep the machine busy."""
    return "wall" if os.getloadavg()[0] <= (os.cpu_count() or 1) else "cpu"


def misses(row: dict[str, Any], by: str) -> list[str]:
    """Which budgets a page misses, by the clock (``wall``) or by the processor's time (``cpu``)."""
    if row["page"].startswith("tick"):
        return []
    found = [f"{row['queries']} queries"] if row["queries"] > QUERIES else []
    found += [f"p50 {row[by + '_p50']:.0f} ms"] if row[by + "_p50"] > P50_MS else []
    most = SEARCH_MS if row["page"].startswith("search") else P99_MS
    return found + ([f"p99 {row[by + '_p99']:.0f} ms"] if row[by + "_p99"] > most else [])


def slope(small: float, big: float, sizes: list[int]) -> float:
    """How steeply milliseconds grow with files: 0 is flat, 1 is in step."""
    return math.log10(big / small) / math.log10(sizes[-1] / sizes[0])


def show(files: int, rows: list[dict[str, Any]]) -> None:
    """The table of one size."""
    by = judge()
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"\n{load}: budgets are held against {'the clock' if by == 'wall' else 'processor time'}")
    print(f"{files:>9,} files              queries   ms p50    p99   processor p50    p99")
    for row in rows:
        said = ", ".join(misses(row, by))
        print(
            f"{row['page']:<28}{row['queries']:>7}{row['wall_p50']:>9.1f}{row['wall_p99']:>7.1f}"
            f"{row['cpu_p50']:>16.1f}{row['cpu_p99']:>7.1f}{'   MISSED: ' + said if said else ''}"
        )


def compare(sizes: list[int], tables: list[list[dict[str, Any]]]) -> None:
    """Ratio and slope of the medians between the first size and the last; "least" is the slope of the least times.

    The least processor time is what other programs on a busy machine change least.
    """
    by = judge()
    print(f"\n{sizes[0]:,} → {sizes[-1]:,} files      ratio of ms   slope   of processor time   of its least")
    for small, big in zip(tables[0], tables[-1], strict=True):
        slopes = [slope(small[name], big[name], sizes) for name in ("wall_p50", "cpu_p50", "cpu_min")]
        missed = "   MISSED" if small["page"] in FLAT and slopes[by == "cpu"] > SLOPE else ""
        ratio = big["wall_p50"] / small["wall_p50"]
        print(f"{small['page']:<28}{ratio:>11.2f}{slopes[0]:>10.2f}{slopes[1]:>15.2f}{slopes[2]:>16.2f}{missed}")


def run(arguments: list[str]) -> int:
    """Fill, measure, print; the figures say themselves whether a budget is missed.  77 without PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m bench web")
    parser.add_argument("--files", type=int, nargs="+", default=[100_000])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kedang-bench")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--turns", type=int, default=0, help="in how many turns between the sizes (two sizes: 4)")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--fresh", action="store_true", help="fill again")
    chosen = parser.parse_args(arguments)
    chosen.turns = chosen.turns or (4 if len(chosen.files) > 1 else 1)
    turns: dict[int, list[list[dict[str, Any]]]] = {files: [] for files in chosen.files}
    try:
        for turn in range(chosen.turns):
            for files in chosen.files:
                turns[files].append(measure(chosen, files, turn))
    except postgres.Unavailable as error:
        print(f"No PostgreSQL: {error}", file=sys.stderr)
        return postgres.NOT_AVAILABLE
    tables = [joined(turns[files]) for files in chosen.files]
    for files, table in zip(chosen.files, tables, strict=True):
        show(files, table)
    if len(tables) > 1:
        compare(chosen.files, tables)
    return 0
