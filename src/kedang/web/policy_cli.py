"""``kedang policy …``: a pack read strictly, its cases run, its clauses counted."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kedang.rulebook import Book, ClashError, Pack, PackErrors, load_file
from kedang.rulebook.cases import CaseReport, run_cases

Beneath = Callable[[Path], list[Path]]


def cases_file(path: Path) -> Path:
    """The cases that stand beside a pack."""
    return path.with_name(path.stem + ".cases.yaml")


def _load(path: Path) -> Pack | None:
    """The pack, or nothing after its errors were printed with file and line."""
    try:
        return load_file(path)
    except PackErrors as errors:
        for error in errors.errors:
            print(error, file=sys.stderr)
        return None


def check(paths: Sequence[Path], beneath: Beneath) -> int:
    """Read each pack strictly and hold it against law and base; 1 when anything is wrong."""
    wrong = 0
    for path in paths:
        pack = _load(path)
        if pack is None:
            wrong += 1
            continue
        under = [found for found in (_load(one) for one in beneath(path)) if found]
        try:
            Book([*under, pack])
        except ClashError as clash:
            print(f"{path.name}: {clash}", file=sys.stderr)
            wrong += 1
            continue
        print(f"{path.name}: edition {pack.edition}, {len(pack.clauses)} clauses, in order")
    return 1 if wrong else 0


def _report(path: Path, beneath: Beneath) -> tuple[Pack, CaseReport] | None:
    pack = _load(path)
    if pack is None:
        return None
    under = [found for found in (_load(one) for one in beneath(path)) if found]
    beside = cases_file(path)
    text = beside.read_text("utf-8") if beside.exists() else "[]\n"
    return pack, run_cases(pack, text, beside.name, under)


def cases(paths: Sequence[Path], beneath: Beneath) -> int:
    """Run the cases beside each pack; every failure with file, line and why."""
    failed = 0
    for path in paths:
        try:
            found = _report(path, beneath)
        except PackErrors as errors:
            for error in errors.errors:
                print(error, file=sys.stderr)
            found = None
        if found is None:
            failed += 1
            continue
        _pack, report = found
        for one in report.failed:
            print(f"{cases_file(path).name}:{one.line}: {one.name}: {one.why}", file=sys.stderr)
        failed += len(report.failed)
        print(f"{path.name}: {len(report.passed)} passed, {len(report.failed)} failed")
    return 1 if failed else 0


def _offered() -> frozenset[str]:
    """The acts for which some installed layer has a command."""
    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings

    for layer in settings.INSTALLED_LAYERS:
        folder = Path(__file__).resolve().parent.parent / layer
        for path in sorted(folder.glob("*services.py")):
            import_module(f"kedang.{layer}.{path.stem}")
    from kedang.acts.command import COMMANDS

    return frozenset(COMMANDS)


def coverage(paths: Sequence[Path], beneath: Beneath, *, as_json: bool) -> int:
    """Where each clause has its home; 1 when a clause has none."""
    from kedang.rulebook import coverage as count

    offered = _offered()
    rows = []
    for path in paths:
        found = _report(path, beneath)
        if found is None:
            return 1
        rows.append(count(found[0], found[1], offered))
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        keys = ("clauses", "proved", "declared", "inspection", "shown", "homeless")
        for row in rows:
            print(f"{row['policy']}: " + ", ".join(f"{key} {row[key]}" for key in keys))
            if row["unoffered"]:
                print("  acts not yet offered: " + ", ".join(row["unoffered"]))
    return 1 if any(row["homeless"] for row in rows) else 0
