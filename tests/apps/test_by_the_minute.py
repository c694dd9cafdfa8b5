"""A duty of minutes: late in the course of its day, seen on the desk, and found again by the fold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kedang.acts.rebuilding import disagreements
from kedang.duties.models import Duty
from kedang.files.services import edit_file
from kedang.journal.models import Event
from kedang.office.owed import lines
from kedang.web.ticking import tick
from tests.apps.files_world import NOW, make_world, thing, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
RULE = """
  - id: "m1"
    zh: 三十分钟内核对新档案。
    en: A new file is looked through within thirty minutes.
    rules:
      - duty: {after: file.opened, who: [file.seller], about: file, done_by: file.edited, within_minutes: 30}
"""
ON_THE_DOT = NOW + timedelta(minutes=30)


@pytest.fixture
def world():
    """A house whose policy counts minutes, and a file of Li's opened this moment."""
    made = make_world(RULE)
    made.file = thing(made)
    return made


def duty() -> Duty:
    return Duty.objects.get(clause="90:m1")


def agrees(world) -> bool:
    return list(disagreements(world.branch, world.today)) == []


def edit(world, now: datetime) -> None:
    edit_file(**world.by(world.li) | {"now": now}, file=world.file, values=values(plate="沪B54321"))


def test_it_is_due_thirty_minutes_after_the_moment_and_open_on_the_dot(world):
    assert (duty().due_on, duty().due_at) == (world.today, ON_THE_DOT)
    tick(ON_THE_DOT, sealing=False)
    assert duty().status == "open"
    assert agrees(world)


def test_a_moment_later_it_is_late_today_and_said_once(world):
    for _again in range(2):
        tick(ON_THE_DOT + timedelta(seconds=1), sealing=False)
    assert duty().status == "late"
    [lapsed] = Event.objects.filter(name="duty.lapsed")
    assert lapsed.happened_on == world.today
    assert agrees(world)


def test_what_is_done_in_time_is_kept_and_what_is_done_later_is_not(world):
    edit(world, ON_THE_DOT)
    assert duty().status == "kept"
    assert agrees(world)


def test_done_a_minute_later_it_was_late_though_nobody_had_come_by(world):
    edit(world, ON_THE_DOT + timedelta(minutes=1))
    assert duty().status == "kept_late"
    assert agrees(world)


def test_the_desk_says_the_hour(world, settings):
    settings.LANGUAGE_CODE = "en"
    [line] = lines([duty()], world.branch, world.today)
    local = ON_THE_DOT.astimezone(UTC) + timedelta(hours=8)
    assert f"{local:%H:%M}" in str(line.when)
    assert line.state == "due"
    tick(ON_THE_DOT + timedelta(minutes=1), sealing=False)
    [line] = lines([duty()], world.branch, world.today)
    assert line.state == "late"
