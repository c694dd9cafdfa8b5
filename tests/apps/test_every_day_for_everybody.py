"""A duty that comes round for each person: the clock opens it for whoever holds one of the posts on that day."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

import kedang
from kedang.acts.following import follow_alone
from kedang.acts.periods import begin_day
from kedang.acts.rebuilding import disagreements
from kedang.duties.models import Duty
from kedang.journal import parts as journal
from kedang.journal.guard import writing
from kedang.staff.models import Person, PostHolding
from kedang.web.ticking import tick
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HOTEL = Path(kedang.__file__).parent / "policies" / "02-hotel-guest-history.yaml"
FORMS = "02:2.2.2c"
FRIDAY, MONDAY = date(2026, 4, 10), date(2026, 4, 13)


@pytest.fixture
def world():
    """An office under the hotel's policy too, where Li waits at table and Wang did until Sunday."""
    made = make_office((HOTEL.name, HOTEL.read_text("utf-8")))
    with writing():
        for person, until in ((made.li, None), (made.wang, MONDAY - timedelta(days=1))):
            PostHolding.objects.create(
                person=person, branch=made.branch, post="waiter", since=date(2020, 1, 1), until=until
            )
    return made


def at(day: date) -> datetime:
    """Ten in the morning, Shanghai."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def forms() -> list[tuple[str, date, str]]:
    """Whose form of which day stands how."""
    return list(Duty.objects.filter(clause=FORMS).order_by("pk").values_list("about_id", "due_on", "status"))


def write_form(world, who: Person, day: date, kind: str = "comment-form") -> None:
    """A paper of a kind that somebody adds to a file."""
    event = journal.NewEvent("record.added", ("file", "1"), day, about={"record": "9"}, data={"kind": kind})
    with writing(), transaction.atomic():
        rows = journal.append(
            act_id=uuid.uuid4(), act="record.add", events=[event], actor=who.pk, branch=world.branch.pk, now=at(day)
        )
        follow_alone(world.branch, rows)


def begin(world, day: date) -> int:
    return begin_day(world.branch, day, at(day), is_today=True)


def test_each_working_day_opens_the_form_of_whoever_holds_the_post_that_day(world):
    begin(world, FRIDAY)
    assert forms() == [(str(one.pk), FRIDAY, "open") for one in (world.li, world.wang)]
    begin(world, FRIDAY + timedelta(days=1))  # a Saturday
    begin(world, MONDAY)
    assert forms()[2:] == [(str(world.li.pk), MONDAY, "open")]


def test_a_day_begun_twice_asks_nobody_for_two_forms(world):
    begin(world, MONDAY)
    begin(world, MONDAY)
    assert len(forms()) == 1


def test_only_ones_own_form_of_that_day_will_do_and_none_is_late_the_next_morning(world):
    begin(world, FRIDAY)
    write_form(world, world.wang, FRIDAY)
    write_form(world, world.li, FRIDAY, "booking")
    assert [status for _who, _day, status in forms()] == ["open", "kept"]
    tick(at(MONDAY), sealing=False)
    assert forms() == [
        (str(world.li.pk), FRIDAY, "late"), (str(world.wang.pk), FRIDAY, "kept"), (str(world.li.pk), MONDAY, "open")
    ]  # fmt: skip
    assert list(disagreements(world.branch, MONDAY)) == []


def test_who_holds_no_such_post_or_may_no_longer_log_in_is_asked_for_nothing(world):
    with writing():
        Person.objects.filter(pk=world.li.pk).update(is_active=False)
    begin(world, MONDAY)
    assert forms() == []
