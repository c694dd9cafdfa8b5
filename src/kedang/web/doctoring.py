"""``kedang doctor``: what an installation lacks, each with what to do about it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

DIST = Path(__file__).resolve().parent / "static" / "dist"


def _databases() -> list[str]:
    found = []
    for alias in ("default", "keys"):
        try:
            executor = MigrationExecutor(connections[alias])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                found.append(f"database {alias}: migrations are missing; run `kedang migrate`")
        except DatabaseError as error:
            found.append(f"database {alias} does not answer: {error}")
    return found


def findings() -> list[str]:
    """What is lacking, in sentences; empty when all is well."""
    found = _databases()
    if not settings.KEDANG_MASTER_KEY.exists():
        found.append(f"no master key at {settings.KEDANG_MASTER_KEY}; run `kedang keys make`, or bring it back")
    if not settings.KEDANG_SEAL_KEY.exists():
        found.append(f"no seal key at {settings.KEDANG_SEAL_KEY}: this machine cannot seal the journal")
    if settings.KEDANG_SEALS_DIR.is_relative_to(settings.KEDANG_DATA):
        found.append("seals stay on this machine; set KEDANG_SEALS_DIR to a directory of another one")
    if not (DIST / "kedang.css").exists():
        found.append("the look is not built; run `make build`")
    free = shutil.disk_usage(settings.KEDANG_DATA).free // 2**20
    if free < 500:
        found.append(f"only {free} MB are free under {settings.KEDANG_DATA}")
    if settings.DEBUG:
        found.append("KEDANG_DEBUG is 1: never with real customers")
    return found


def report() -> int:
    """Print the findings; 1 when there are any."""
    found = findings()
    for line in found:
        print("· " + line, file=sys.stderr)
    if not found:
        print("in order")
    return 1 if found else 0
