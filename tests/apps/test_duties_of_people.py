"""Duties about a person: opened by what the office does with them, done by what they do, found again by the fold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.rebuilding import disagreements
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.journal.guard import writing
from kedang.office import adoption_services
from kedang.office import staff_services as services
from kedang.office.appointment_services import confirm_post
from kedang.staff.models import Appointment, Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CLERK = Path(kedang.__file__).parent / "policies" / "06-marketing-file-clerk.yaml"
UNDERTAKING = "06:6.3"


@pytest.fixture
def world():
    """An office that has adopted the duties of the file clerk too, with an administrator."""
    made = make_office((CLERK.name, CLERK.read_text("utf-8")))
    with writing():
        made.admin = Person.objects.create_user("an", "correct horse battery", name="An")
        PostHolding.objects.create(person=made.admin, branch=made.branch, post="administrator", since=date(2020, 1, 1))
    made.clerk_policy = Adoption.objects.get(file_name=CLERK.name)
    return made


def assign(world, post="file-clerk"):
    """The administrator gives the post; where it has a say in something, the director confirms it (B.20)."""
    services.assign_post(
        **world.by(world.admin), branch=world.branch, person=world.li, post=post, since=world.today
    )  # fmt: skip
    for waiting in Appointment.objects.filter(status="waiting"):
        confirm_post(**world.by(world.qian), branch=world.branch, appointment=waiting)


def confirm(world, who):
    adoption_services.confirm_reading(**world.by(who), adoption=world.clerk_policy)


def undertakings():
    return list(Duty.objects.filter(clause=UNDERTAKING).values_list("about_id", "status"))


def agrees(world):
    return list(disagreements(world.branch, world.today)) == []


def test_a_new_clerk_owes_the_undertaking_until_he_himself_has_confirmed(world):
    assign(world)
    assert undertakings() == [(str(world.li.pk), "open")]
    confirm(world, world.wang)
    assert undertakings() == [(str(world.li.pk), "open")]
    confirm(world, world.li)
    assert undertakings() == [(str(world.li.pk), "kept")]
    assert agrees(world)


def test_what_was_confirmed_earlier_on_the_same_day_counts(world):
    confirm(world, world.li)
    assign(world)
    assert undertakings() == [(str(world.li.pk), "kept")]
    assert agrees(world)


def test_while_the_post_waits_for_its_confirmation_nothing_is_owed(world):
    services.assign_post(
        **world.by(world.admin), branch=world.branch, person=world.li, post="file-clerk", since=world.today
    )  # fmt: skip
    assert undertakings() == [] and agrees(world)


def test_another_post_asks_for_no_undertaking(world):
    assign(world, "salesperson")
    assert undertakings() == []


def test_the_end_of_a_post_asks_for_none_either(world):
    assign(world)
    confirm(world, world.li)
    holding = PostHolding.objects.get(person=world.li, post="file-clerk")
    services.end_post(**world.by(world.admin), branch=world.branch, person=world.li, holding=holding, until=world.today)
    assert undertakings() == [(str(world.li.pk), "kept")]
    assert agrees(world)
