"""The clock's acts: a week is caught up day by day, nothing is done twice, and nobody's keeping is written over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kedang.acts.lapsing import end_days
from kedang.custody import services
from kedang.duties.models import Duty
from kedang.files import record_services
from kedang.files.models import Record
from kedang.files.services import open_file, reach_file
from kedang.journal.models import Event
from kedang.journal.queries import last_seq
from kedang.journal.replay import disagreements
from kedang.journal.verifying import verify
from kedang.sanctions.models import Breach
from kedang.web.ticking import tick
from tests.apps.at_once import at_once
from tests.apps.files_world import make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
AFTER_A_WEEK = timedelta(days=10)


@pytest.fixture
def world():
    made = make_world()
    tell_the_founding()
    return made


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


def offered(world, file):
    """The file's set, offered to the keeper."""
    return services.offer_handover(
        **world.by(world.li), file=file, job=None, checklist="new-thing", giver=world.li, receiver=world.wang,
        how="password",
    ).result  # fmt: skip


def test_a_clock_that_stood_still_for_a_week_ends_each_day_by_itself(world):
    for number, on in enumerate((date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))):
        delivered(world, number, on)
    assert end_days(world.branch, world.today, world.now) == (0, 0)
    later = world.now + AFTER_A_WEEK
    assert end_days(world.branch, world.today + AFTER_A_WEEK, later) == (3, 3)
    lapsed = Event.objects.filter(name="duty.lapsed").order_by("pk")
    assert [one.happened_on.day for one in lapsed] == [24, 25, 26]
    assert {(one.act, one.actor, one.recorded_at) for one in lapsed} == {("duty.lapse", None, later)}
    assert len({one.act_id for one in lapsed}) == 3
    assert [one.happened_on.day for one in Breach.objects.order_by("happened_on")] == [24, 25, 26]


def test_the_event_of_a_late_duty_and_of_its_breach_are_one_act(world):
    delivered(world, 1, date(2026, 11, 18))
    end_days(world.branch, date(2026, 11, 24), world.now)
    acts = set(Event.objects.filter(name__in=["duty.lapsed", "breach.raised"]).values_list("act_id", flat=True))
    assert len(acts) == 1 and Event.objects.filter(act_id__in=acts).count() == 2


def test_ending_a_day_twice_changes_nothing(world):
    delivered(world, 1, date(2026, 11, 18))
    later = world.now + AFTER_A_WEEK
    tick(later, sealing=False)
    before = Event.objects.count()
    assert tick(later, sealing=False) == {"opened": 0, "late": 0, "breaches": 0, "frozen": 0, "sealed": 0}
    assert Event.objects.count() == before and Breach.objects.count() == 1


def test_midnight_makes_nobodys_form_about_the_file_stale(world):
    file = delivered(world, 1, date(2026, 11, 18))
    seen = last_seq("file", file.pk)
    end_days(world.branch, date(2026, 11, 24), world.now)
    assert Duty.objects.get().status == "late"
    assert last_seq("file", file.pk) == seen


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_four_clocks_at_once_end_each_day_once(world):
    for number in range(6):
        delivered(world, number, date(2026, 11, 18) + timedelta(days=number % 3))
    later = world.now + AFTER_A_WEEK
    counts = at_once(lambda: end_days(world.branch, world.today + AFTER_A_WEEK, later) for _ in range(4))
    assert sum(late for late, _breaches in counts) == sum(breaches for _late, breaches in counts) == 6
    assert Event.objects.filter(name="duty.lapsed").count() == Event.objects.filter(name="breach.raised").count() == 6
    assert verify(later, [disagreements()]).findings == []


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_a_duty_kept_while_the_clock_ends_the_day_is_kept_or_late_but_never_both(world):
    handovers = [offered(world, delivered(world, number, date(2026, 11, 18))) for number in range(8)]

    def receiving(handover):
        return lambda: services.sign_handover(
            **world.by(world.wang), handover=handover, signer=world.wang, how="password"
        )

    outcomes = at_once([*map(receiving, handovers), lambda: end_days(world.branch, date(2026, 11, 24), world.now)])
    assert not [one for one in outcomes if isinstance(one, Exception)]
    lapsed = {int(pk) for pk in Event.objects.filter(name="duty.lapsed").values_list("subject_id", flat=True)}
    for duty in Duty.objects.all():
        assert duty.done_on == world.today, duty.status
        assert duty.status == "kept"  # received on the 23rd, the last day: the clock came by before or after it
        assert duty.breaches.count() == (duty.pk in lapsed)
