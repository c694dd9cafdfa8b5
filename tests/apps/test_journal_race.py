"""Several processes at once, and one that is killed: no gap, no double, nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)

START = """
import sys, uuid
from datetime import date, datetime, timezone
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from kedang.journal import commands, parts, queries, sealing, verifying
from kedang.journal.guard import writing
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)

def append(*refs):
    events = [parts.NewEvent("file.opened", ("file", ref), date(2026, 3, 2)) for ref in refs]
    with writing(), transaction.atomic():
        parts.append(act_id=uuid.uuid4(), act="file.open", events=events, actor=None, branch=None, now=NOW)
"""


def environment(directory: Path) -> dict[str, str]:
    """The database of this test run; on SQLite a file, because one in memory belongs to one process."""
    values = {**os.environ, "KEDANG_DATA": str(directory), "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("DATABASE_URL", "KEDANG_KEYS_URL", "KEDANG_SEALS_DIR", "KEDANG_SEAL_KEY", "KEDANG_MASTER_KEY"):
        values.pop(name, None)
    values["DJANGO_SETTINGS_MODULE"] = "kedang.settings"
    if connection.vendor == "postgresql":
        place = connection.settings_dict
        login = f"{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}"
        values["DATABASE_URL"] = f"postgres://{login}/{place['NAME']}"
    return values


def start(directory: Path, script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START + script], env=environment(directory), text=True, stdout=subprocess.PIPE
    )


def run(directory: Path, script: str) -> str:
    process = start(directory, script)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


@pytest.fixture
def home(tmp_path: Path) -> Path:
    directory = tmp_path / "home"
    directory.mkdir()
    migrate = "" if connection.vendor == "postgresql" else 'call_command("migrate", verbosity=0)\n'
    run(directory, migrate + 'call_command("migrate", database="keys", verbosity=0)\ncommands.make_keys()\n')
    return directory


def test_four_processes_and_a_sealer_leave_one_whole_chain(home):
    writers = [start(home, 'for i in range(25): append("1", "2") if i % 2 else append("2", "1")') for _ in range(4)]
    sealer = start(home, "for i in range(10): sealing.seal_now(NOW)")
    assert [process.wait(timeout=120) for process in [*writers, sealer]] == [0] * 5
    output = run(
        home,
        "sealing.seal_now(NOW)\n"
        "report = verifying.verify(NOW)\n"
        'lengths = [queries.last_seq("file", ref) for ref in (1, 2)]\n'
        "print(*lengths, report.events, report.intact, report.unsealed)",
    )
    assert output.split() == ["100", "100", "200", "True", "0"]


def test_a_writer_that_is_killed_leaves_no_half_act(home):
    writer = start(home, 'print("go", flush=True)\nwhile True: append("1", "2")')
    assert writer.stdout is not None
    writer.stdout.readline()
    run(home, "import time\nwhile queries.last_seq('file', 1) < 5: time.sleep(0.05)")
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    output = run(
        home,
        "report = verifying.verify(NOW)\n"
        'print(queries.last_seq("file", 1) - queries.last_seq("file", 2), report.intact)\n'
        'append("1")',
    )
    assert output.split() == ["0", "True"]
