"""Kill -9 in the middle of handovers, of an import and of the clock's day: nothing is half-done, the work goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections

from kedang.files import importing, record_services
from kedang.files.models import Record
from kedang.files.services import open_file, reach_file
from tests.apps.files_world import make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
ROOT = Path(__file__).resolve().parents[2]
HEAD = "车架号,客户名称,手机,交付日期,销售"


def url_of(alias: str) -> str:
    """The address of a test database, for another process."""
    place = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


def killed(home: Path, work: str, seed: int, kills: int) -> int:
    """Do a work in a process that is killed again and again; how often it was."""
    values = {**os.environ, "KEDANG_DATA": str(home), "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    values |= {"DJANGO_SETTINGS_MODULE": "kedang.settings"}
    values |= {"DATABASE_URL": url_of("default"), "KEDANG_KEYS_URL": url_of("keys")}
    for name in ("KEDANG_SEALS_DIR", "KEDANG_SEAL_KEY", "KEDANG_MASTER_KEY"):
        values.pop(name, None)
    command = [sys.executable, "-m", "tests.apps.killed", work, str(seed), str(kills)]
    done = subprocess.run(command, env=values, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout)


def delivered(world, number: int, on: date):
    """A file that was delivered on a day and whose papers are all there."""
    file = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", roles={"seller": world.li},
        values=values(serial=f"LSVAM4187C2{number:06}", card=""),
    ).result  # fmt: skip
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=on)
    records = Record.objects.filter(file=file).values_list("pk", flat=True)
    answers = {str(pk): {"state": "present"} for pk in records}
    record_services.answer_records(**world.by(world.li), file=file, answers=answers)
    return file


def ten_handovers(world) -> None:
    for number in range(10):
        delivered(world, number, date(2026, 11, 20))


def an_import(world) -> None:
    rows = [f"LSVAM4187C2{one:06},李四,1380000{one:04},2026-11-20,li" for one in range(20)]
    run = importing.upload_import(
        **world.by(world.wang), branch=world.branch, kind="thing", data="\n".join([HEAD, *rows]).encode(), past=False
    ).result
    importing.start_import(**world.by(world.wang), run=run)


def a_week_without_the_clock(world) -> None:
    for number in range(10):
        delivered(world, number, date(2026, 11, 18) + timedelta(days=number // 2))


WORKS = {"handovers": ten_handovers, "import": an_import, "tick": a_week_without_the_clock}


@pytest.mark.parametrize("work", WORKS)
def test_what_is_killed_at_any_moment_is_never_half_done_and_is_finished_by_doing_it_again(tmp_path, work):
    world = make_world()
    tell_the_founding()
    WORKS[work](world)
    assert killed(tmp_path, work, seed=1, kills=8) >= 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("work", WORKS)
def test_the_same_for_many_more_deaths(tmp_path, work, seed):
    world = make_world()
    tell_the_founding()
    WORKS[work](world)
    assert killed(tmp_path, work, seed, kills=40) >= 3
