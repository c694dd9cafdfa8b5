"""``kedang verify``, ``kedang seal`` and ``kedang keys``: functions from arguments to an exit code."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kedang.journal import keys, masters, replay, sealing
from kedang.journal.guard import writing
from kedang.journal.models import SubjectKey
from kedang.journal.routers import KEYS
from kedang.journal.verifying import Report, verify


def _age(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    return f"{seconds // 3600} h {seconds // 60 % 60} min {seconds % 60} s"


def render(report: Report) -> str:
    """The report in words."""
    lines = [
        f"events    {report.events}",
        f"chains    {report.chains}",
        f"seals     {report.seals}" + (f", {report.not_exported} not exported" if report.not_exported else ""),
        f"unsealed  {report.unsealed} events" + (f", the oldest {_age(report.age)} old" if report.unsealed else ""),
        "intact" if report.intact else f"NOT INTACT: {len(report.findings)} findings",
    ]
    return "\n".join([*lines, *(f"  {finding}" for finding in report.findings)])


def verify_main(argv: Sequence[str], now: datetime | None = None) -> int:
    """Check chains and seals; with ``--state`` the tables too.  0 intact, 1 not."""
    parser = argparse.ArgumentParser(prog="kedang verify", description="Is the journal as it was written?")
    parser.add_argument("--state", action="store_true", help="also compare tables with the journal's replay")
    options = parser.parse_args(argv)
    now = now or timezone.now()
    began = time.perf_counter()
    report = verify(now, [replay.disagreements(timezone.localdate(now))] if options.state else [])
    print(render(report))
    print(f"took      {time.perf_counter() - began:.1f} s")
    return 0 if report.intact else 1


def seal_main(argv: Sequence[str], now: datetime | None = None) -> int:
    """Seal what is new.  2 when this process cannot read the key."""
    argparse.ArgumentParser(prog="kedang seal", description="Seal what is new and export it.").parse_args(argv)
    try:
        seal = sealing.seal_now(now or timezone.now())
    except sealing.SealKeyMissing as error:
        print(error, file=sys.stderr)
        return 2
    keys.sweep()
    print(f"Seal {seal.number} made." if seal else "Nothing new to seal.")
    return 0


def make_keys() -> list[Path]:
    """Make the key files that do not exist yet; which were made."""
    made = []
    if masters.make(Path(settings.KEDANG_MASTER_KEY)):
        made.append(Path(settings.KEDANG_MASTER_KEY))
    if sealing.make_key(Path(settings.KEDANG_SEAL_KEY)):
        made.append(Path(settings.KEDANG_SEAL_KEY))
    return made


def rotate_master() -> int:
    """Wrap all subjects' keys under a fresh master key and drop the old ones; how many keys.

    A crash on the way leaves both master keys in the file and every subject's key readable.
    """
    path = Path(settings.KEDANG_MASTER_KEY)
    fresh = masters.add(path)
    count = 0
    with writing(), transaction.atomic(using=KEYS):
        rows = SubjectKey.objects.exclude(master=fresh).filter(wrapped__isnull=False)
        for row in list(rows.select_for_update()):
            row.master, row.wrapped = keys.wrap(keys.unwrap(row), row.subject_kind, row.subject_id)
            row.save(update_fields=["master", "wrapped"])
            count += 1
    masters.retire(path, fresh)
    return count


def export_keys(target: Path) -> list[Path]:
    """Copy the key files to ``target``, for a safe; which copies were made.  Raises ``MasterKeyMissing``."""
    masters.masters()
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    copies = []
    for source in (Path(settings.KEDANG_MASTER_KEY), Path(settings.KEDANG_SEAL_KEY)):
        if source.exists():
            copy = target / source.name
            shutil.copyfile(source, copy)
            copy.chmod(0o600)
            copies.append(copy)
    return copies


def keys_main(argv: Sequence[str]) -> int:
    """Make, rotate or export the key files.  2 when the master key is missing."""
    parser = argparse.ArgumentParser(prog="kedang keys", description="The key files (docs/keys.md).")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("make", help="make the key files that do not exist yet")
    verbs.add_parser("rotate", help="wrap all subjects' keys under a fresh master key")
    verbs.add_parser("export", help="copy the key files into a directory").add_argument("directory", type=Path)
    options = parser.parse_args(argv)
    try:
        if options.verb == "make":
            made = make_keys()
            print("\n".join(f"Made {path}" for path in made) or "All key files exist already.")
        elif options.verb == "rotate":
            print(f"{rotate_master()} keys wrapped under a fresh master key. Export it anew: kedang keys export.")
        else:
            print("\n".join(f"Copied to {path}" for path in export_keys(options.directory)))
    except masters.MasterKeyMissing as error:
        print(error, file=sys.stderr)
        return 2
    return 0
