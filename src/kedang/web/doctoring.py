"""``kedang doctor``: what an installation lacks, each in a plain sentence with what to do about it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

DIST = Path(__file__).resolve().parent / "static" / "dist"
FREE_MEGABYTES = 500
BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before this version's making stands wrong
OPEN_TO_OTHERS = 0o077


def _databases() -> Iterator[str]:
    for alias in ("default", "keys"):
        try:
            executor = MigrationExecutor(connections[alias])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                yield f"database {alias}: migrations are missing; run `kedang migrate`, or start `kedang serve`"
        except (DatabaseError, ImproperlyConfigured) as error:
            yield f"database {alias} does not answer: {error}".rstrip()


def _keys() -> Iterator[str]:
    from kedang.journal.models import SubjectKey

    if not settings.KEDANG_MASTER_KEY.exists():
        lost = ""
        try:
            if SubjectKey.objects.exists():
                lost = "; customers' data were encrypted under it and cannot be read until it is brought back"
        except DatabaseError:
            pass
        yield f"no master key at {settings.KEDANG_MASTER_KEY}; run `kedang keys make`, or bring it back{lost}"
    if not settings.KEDANG_SEAL_KEY.exists():
        yield f"no seal key at {settings.KEDANG_SEAL_KEY}: this machine cannot seal the journal; run `kedang keys make`"
    for path in (settings.KEDANG_MASTER_KEY, settings.KEDANG_SEAL_KEY, settings.KEDANG_DATA / "secret_key"):
        if path.exists() and path.stat().st_mode & OPEN_TO_OTHERS:
            yield f"{path} can be read by other users of this machine; run `chmod 600 {path}`"
    if settings.KEDANG_SEALS_DIR.is_relative_to(settings.KEDANG_DATA):
        yield "seals stay on this machine; set KEDANG_SEALS_DIR to a directory of another one"


def _policies() -> Iterator[str]:
    from kedang.adoptions.queries import altered
    from kedang.rulebook import PackErrors, load_file
    from kedang.web.cli import PACKS
    from kedang.web.starting import is_empty

    for path in sorted(PACKS.glob("[0-9][0-9]-*.yaml")):
        if path.name.endswith(".cases.yaml"):
            continue
        try:
            load_file(path)
        except PackErrors as wrong:
            yield f"a policy in the box cannot be read: {wrong.errors[0]}; install Kedang again"
    try:
        yield from altered()
        if is_empty():
            yield "nobody has set it up yet; run `kedang serve` and enter the code that it prints in the browser"
    except DatabaseError:
        pass  # said above


def _clock(now: datetime) -> Iterator[str]:
    from kedang.journal.models import Event

    if now < BUILT:
        yield f"the clock says {now:%Y-%m-%d}; set it, or every deadline is wrong"
    try:
        last = Event.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    except DatabaseError:
        return
    if last is not None and last > now + timedelta(minutes=5):
        yield f"the clock says {now:%Y-%m-%d %H:%M}, the journal has an event of {last:%Y-%m-%d %H:%M}; set the clock"


def _machine() -> Iterator[str]:
    if not (DIST / "kedang.css").exists():
        yield "the look is not built; run `make build`, or install the wheel"
    free = shutil.disk_usage(settings.KEDANG_DATA).free // 2**20
    if free < FREE_MEGABYTES:
        yield f"only {free} MB are free under {settings.KEDANG_DATA}; make room before the disk is full"
    if settings.KEDANG_DATA.stat().st_mode & 0o007:
        yield f"{settings.KEDANG_DATA} is open to other users of this machine; run `chmod 700 {settings.KEDANG_DATA}`"
    if settings.DEBUG:
        yield "KEDANG_DEBUG is 1: never with real customers"
    if shutil.which("fc-list"):
        found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, timeout=20, check=False)
        if not found.stdout.strip():
            yield "no Chinese font on this machine: PDF prints made here would show boxes; install fonts-noto-cjk"


def findings(now: datetime | None = None) -> list[str]:
    """What is lacking, in sentences; empty when all is well."""
    moment = now or settings.CLOCK()
    return [*_databases(), *_keys(), *_policies(), *_clock(moment), *_machine()]


def report() -> int:
    """Print the findings; 1 when there are any."""
    found = findings()
    for line in found:
        print("· " + line, file=sys.stderr)
    if not found:
        print("in order")
    return 1 if found else 0
