"""Backups: data and keys apart; what was destroyed stays destroyed after a restore."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from kedang.journal import backups, keys, parts, sealing
from kedang.journal.guard import writing
from kedang.journal.models import Event, SubjectKey
from kedang.journal.parts import NewEvent
from kedang.journal.verifying import verify

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tools() -> None:
    if connection.vendor == "postgresql" and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed.")


def append(ref: str, **more: object) -> None:
    event = NewEvent("file.opened", ("file", ref), date(2026, 3, 2), **more)
    with writing(), transaction.atomic():
        parts.append(act_id=uuid.uuid4(), act="file.open", events=[event], actor=None, branch=None, now=NOW)


def test_a_restored_backup_is_intact_and_what_was_destroyed_since_stays_destroyed(tmp_path: Path, settings):
    append("1", secrets={"phone": "13812345678"})
    blob, kept = keys.encrypt(("file", "1"), "a", b"x"), keys.encrypt(("file", "2"), "a", b"y")
    settings.KEDANG_SCANS_DIR.mkdir()
    (settings.KEDANG_SCANS_DIR / "scan").write_bytes(b"encrypted")
    assert backups.backup_main([str(tmp_path / "b1"), str(tmp_path / "b2")], now=NOW) == 0
    with writing(), transaction.atomic():
        keys.shred(("file", "1"), NOW)
    sealing.export_destroyed()
    shutil.rmtree(settings.KEDANG_SCANS_DIR)
    assert backups.restore_main([str(tmp_path / "b1"), str(tmp_path / "b2")], now=NOW) == 0
    assert Event.objects.count() == 1
    assert SubjectKey.objects.get(subject_id="1").wrapped is None
    with pytest.raises(keys.Shredded):
        keys.decrypt("a", blob)
    assert keys.decrypt("a", kept) == b"y"
    assert (settings.KEDANG_SCANS_DIR / "scan").read_bytes() == b"encrypted"
    assert verify(NOW).intact


def test_a_backup_of_data_holds_no_key(tmp_path: Path):
    append("1", secrets={"phone": "13812345678"})
    backups.backup(tmp_path / "b1", tmp_path / "b2", NOW)
    names = {path.name for path in (tmp_path / "b1").rglob("*")}
    assert not {name for name in names if name.endswith(".key") or name.startswith("keys")}
    if connection.vendor == "sqlite":
        tables = sqlite3.connect(tmp_path / "b1" / "data.sqlite3").execute("SELECT name FROM sqlite_master").fetchall()
        assert ("journal_subjectkey",) not in tables
    for path in (tmp_path / "b1").rglob("*"):
        assert path.is_dir() or b"13812345678" not in path.read_bytes()


def test_an_old_backup_that_lacks_sealed_events_is_noticed(tmp_path: Path):
    append("1")
    backups.backup(tmp_path / "b1", tmp_path / "b2", NOW)
    append("1")
    sealing.seal_now(NOW)
    assert backups.restore_main([str(tmp_path / "b1"), str(tmp_path / "b2")], now=NOW) == 1
    assert any(finding.subject == "file:1" and finding.seq == 2 for finding in verify(NOW).findings)


def test_a_backup_brings_its_own_seals_to_a_new_machine(tmp_path: Path, settings):
    append("1")
    backups.backup(tmp_path / "b1", tmp_path / "b2", NOW)
    shutil.rmtree(settings.KEDANG_SEALS_DIR)
    assert backups.restore_main([str(tmp_path / "b1"), str(tmp_path / "b2")], now=NOW) == 0
    assert verify(NOW).seals == 1


@pytest.mark.parametrize(("data", "keys_to"), [("b", "b"), ("b", "b/keys"), ("b/data", "b")])
def test_data_and_keys_go_to_two_places(tmp_path: Path, data: str, keys_to: str, capsys):
    assert backups.backup_main([str(tmp_path / data), str(tmp_path / keys_to)], now=NOW) == 2
    assert "two places" in capsys.readouterr().err


def test_a_directory_that_is_not_empty_is_left_alone(tmp_path: Path, capsys):
    (tmp_path / "b1").mkdir()
    (tmp_path / "b1" / "precious").write_text("x")
    assert backups.backup_main([str(tmp_path / "b1"), str(tmp_path / "b2")], now=NOW) == 2
    assert "not empty" in capsys.readouterr().err


def test_a_backup_that_is_not_there_is_told(tmp_path: Path, capsys):
    assert backups.restore_main([str(tmp_path), str(tmp_path)], now=NOW) == 2
    assert "is not there" in capsys.readouterr().err
