"""``kedang backup`` and ``kedang restore``: data and keys apart, so that destroying a key destroys the value.

A backup of data holds the database, the scans and the exported seals, and no key.  A backup of keys holds the store
of subjects' keys (still wrapped by the master key, which ``kedang keys export`` copies) and should be short-lived.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from kedang.journal import keys, sealing
from kedang.journal.guard import writing
from kedang.journal.models import DestroyedKey
from kedang.journal.verifying import verify

FILES = {"default": "data", "keys": "keys"}


class BackupFailed(Exception):
    """A backup or a restore did not come about; the sentence says why."""


def _postgresql(program: str, alias: str, arguments: list[str]) -> None:
    """Run ``pg_dump`` or ``pg_restore`` on a database; the password goes by environment, never by argument."""
    if shutil.which(program) is None:
        raise BackupFailed(f"{program} is not installed; Debian has it in postgresql-client.")
    place = connections[alias].settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{name: str(place[key]) for name, key in variables.items() if place[key]}}
    done = subprocess.run([program, *arguments, "--dbname", place["NAME"]], env=environment, check=False, text=True,
                          capture_output=True)  # fmt: skip
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()}")


def _dump(alias: str, directory: Path) -> Path:
    """One database into a file."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        target = directory / f"{FILES[alias]}.dump"
        _postgresql("pg_dump", alias, ["--format=custom", "--no-owner", "--file", str(target)])
        return target
    target = directory / f"{FILES[alias]}.sqlite3"
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy, pages=2000)
    finally:
        copy.close()
    return target


def _load(alias: str, directory: Path) -> None:
    """One database out of a file."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        source = directory / f"{FILES[alias]}.dump"
        _must_exist(source)
        _postgresql("pg_restore", alias, ["--clean", "--if-exists", "--no-owner", "--single-transaction", str(source)])
        connection.close()
        return
    source = directory / f"{FILES[alias]}.sqlite3"
    _must_exist(source)
    connection.ensure_connection()
    copy = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        copy.backup(connection.connection)
    finally:
        copy.close()
    connection.close()


def _must_exist(path: Path) -> None:
    if not path.exists():
        raise BackupFailed(f"{path} is not there.")


def _copy_tree(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


def backup(data: Path, keys_to: Path, now: datetime) -> None:
    """Seal, then write both backups.  Raises ``BackupFailed`` when they would lie in one place."""
    data, keys_to = data.resolve(), keys_to.resolve()
    if data == keys_to or data in keys_to.parents or keys_to in data.parents:
        raise BackupFailed("Data and keys must go to two places: who finds both can read what was to be destroyed.")
    for directory in (data, keys_to):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(directory.iterdir()):
            raise BackupFailed(f"{directory} is not empty.")
    sealing.seal_now(now)
    _dump("default", data)
    _copy_tree(Path(settings.KEDANG_SCANS_DIR), data / "scans")
    _copy_tree(Path(settings.KEDANG_SEALS_DIR), data / "seals")
    _dump("keys", keys_to)


def _destroyed_outside() -> list[keys.Subject]:
    """Subjects on the exported list, which is newer than any backup."""
    path = sealing.destroyed_file()
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [(kind, ref) for kind, _, ref in (line.partition(":") for line in lines) if ref]


def restore(data: Path, keys_from: Path, now: datetime) -> int:
    """Bring both backups back and destroy again what had been destroyed since; how many keys that were.

    The exported seals stay as they are: a backup that lacks sealed events must be noticed by ``verify``.
    """
    destroyed = _destroyed_outside()
    _load("default", data)
    _load("keys", keys_from)
    _copy_tree(data / "scans", Path(settings.KEDANG_SCANS_DIR))
    if not sealing.seals_file().exists():
        _copy_tree(data / "seals", Path(settings.KEDANG_SEALS_DIR))
        destroyed = _destroyed_outside()
    with writing(), transaction.atomic():
        for kind, ref in destroyed:
            DestroyedKey.objects.get_or_create(subject_kind=kind, subject_id=ref, defaults={"recorded_at": now})
    return keys.sweep()


def backup_main(argv: Sequence[str], now: datetime | None = None) -> int:
    """Write a backup of the data and one of the keys, each into an empty directory."""
    parser = argparse.ArgumentParser(prog="kedang backup", description=backup.__doc__)
    parser.add_argument("data", type=Path, help="empty directory for the data")
    parser.add_argument("keys", type=Path, help="empty directory for the keys, elsewhere")
    options = parser.parse_args(argv)
    try:
        backup(options.data, options.keys, now or timezone.now())
    except (BackupFailed, sealing.SealKeyMissing) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Data in {options.data}, keys in {options.keys}.")
    return 0


def restore_main(argv: Sequence[str], now: datetime | None = None) -> int:
    """Restore a backup over the present databases, then verify; 1 when the journal is not intact."""
    parser = argparse.ArgumentParser(prog="kedang restore", description=restore.__doc__)
    parser.add_argument("data", type=Path, help="directory of the data's backup")
    parser.add_argument("keys", type=Path, help="directory of the keys' backup")
    options = parser.parse_args(argv)
    moment = now or timezone.now()
    try:
        count = restore(options.data, options.keys, moment)
    except BackupFailed as error:
        print(error, file=sys.stderr)
        return 2
    report = verify(moment)
    print(f"Restored. {count} keys destroyed again. Events {report.events}, seals {report.seals}, "
          + ("intact." if report.intact else "NOT INTACT: run kedang verify."))  # fmt: skip
    return 0 if report.intact else 1
