"""A missed duty of a post that several hold: nobody is a breach by chance, and nobody gets away unnamed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.duties.models import Duty
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.journal.replay import disagreements
from kedang.office.answerable import answerable, name_answerable, nobody_named
from kedang.sanctions.models import Breach
from kedang.staff.models import Person, PostHolding
from kedang.web.ticking import tick
from tests.apps.founded import tell_the_founding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
LATER = datetime(2026, 4, 6, 2, tzinfo=UTC)
PACK = """
pack: shared-desk
language: 1
edition: "1"
title: {zh: 柜台制度, en: Shared desk}
posts: {desk: {zh: 柜台, en: Desk, is: [clerk]}}
clauses:
  - id: "1"
    zh: 建档后两日内由柜台核对。
    en: The desk checks within two days of opening.
    rules:
      - duty: {after: file.opened, who: [desk], about: file, done_by: file.confirmed,
               within_days: 2}
  - id: "2"
    zh: 未核对的，罚款二十元。
    en: Not checked costs twenty yuan.
    rules:
      - sanction: {for: {late: "1"}, fine_cny: 20, per: file, decided_by: [desk]}
"""


def lived(*desk: str, leaves: str = ""):
    """A file opened on the 30th of March, which the desk has not checked a week later."""
    made = make_office(("91-shared-desk.yaml", PACK))
    with writing():
        for name in desk:
            who = getattr(made, name)
            PostHolding.objects.create(person=who, branch=made.branch, post="desk", unit="", since=date(2020, 1, 1))
    tell_the_founding()
    given = {"vin": "LSVAM4187C2184841", "owner": "单雄信", "mobile": "13800001111", "name": "单雄信"}
    opened = {"branch": made.branch, "kind": "vehicle", "values": given, "roles": {"consultant": made.li}}
    made.file = open_file(**made.by(made.li), **opened).result
    if leaves:
        with writing():
            Person.objects.filter(username=leaves).update(is_active=False)
    tick(LATER, sealing=False)
    made.duty = Duty.objects.get(branch=made.branch, clause="91:1")
    return made


@pytest.fixture
def world():
    return lived("wang", "zhou")


def named(world, who, by=None):
    return name_answerable(**world.by(by or world.sun, LATER), duty=world.duty, person=who).result


def test_one_holder_is_named_by_the_clock():
    world = lived("wang")
    assert Breach.objects.get(duty=world.duty).person == world.wang and answerable(world.duty) == []


def test_of_two_holders_nobody_is_named_until_the_archivist_names_one(world):
    assert not Breach.objects.filter(duty=world.duty).exists()
    assert nobody_named(world.sun, world.branch, LATER.date(), 9) == [world.duty]
    assert set(answerable(world.duty)) == {world.wang, world.zhou}
    row = named(world, world.zhou)
    assert (row.person, row.happened_on, row.kind, row.name) == (world.zhou, date(2026, 4, 2), "late", "91:1")
    told = events_of("breach", row.pk)[-1]
    assert (told.name, told.actor, told.happened_on) == ("breach.raised", world.sun.pk, date(2026, 4, 2))
    assert nobody_named(world.sun, world.branch, LATER.date(), 9) == [] and list(disagreements()) == []
    tick(LATER, sealing=False)
    assert Breach.objects.filter(duty=world.duty).count() == 1


def test_whoever_stays_is_not_the_one_to_blame_because_the_other_left():
    world = lived("wang", "zhou", leaves="zhou")
    assert not Breach.objects.filter(duty=world.duty).exists()
    assert set(answerable(world.duty)) == {world.wang, world.zhou}


def test_one_duty_has_one_who_answers(world):
    named(world, world.zhou)
    with pytest.raises(Invalid):
        named(world, world.wang)
    assert Breach.objects.filter(duty=world.duty).count() == 1


def test_whoever_did_not_hold_the_post_cannot_be_named(world):
    with pytest.raises(Invalid) as wrong:
        named(world, world.li)
    assert wrong.value.errors.keys() == {"person"}


def test_a_consultant_names_nobody(world):
    with pytest.raises(Refused):
        named(world, world.zhou, by=world.wang)
    assert not Breach.objects.filter(duty=world.duty).exists()


def test_on_the_screens(world, client, settings):
    settings.CLOCK = lambda: LATER
    client.force_login(world.sun)
    page = client.get(reverse("office:unnamed")).content.decode()
    assert reverse("office:duty", args=[world.duty.pk]) in page and "柜台" in page
    page = client.get(reverse("office:duty", args=[world.duty.pk])).content.decode()
    assert f'value="{world.zhou.pk}"' in page and f'value="{world.li.pk}"' not in page
    url = reverse("office:answers", args=[world.duty.pk])
    assert client.post(url, {"person": world.li.pk, "token": "a"}).status_code == 422
    done = client.post(url, {"person": world.zhou.pk, "token": "b"})
    assert done.url == reverse("office:breach", args=[Breach.objects.get(duty=world.duty).pk])
    client.force_login(world.wang)
    assert reverse("office:duty", args=[world.duty.pk]) not in client.get(reverse("office:unnamed")).content.decode()


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_two_who_name_at_once_name_one(world):
    barrier, said = Barrier(2), []

    def go(who):
        barrier.wait()
        try:
            named(world, who)
            said.append("named")
        except Invalid:
            said.append("too late")
        finally:
            for one in connections.all():
                one.close()

    threads = [Thread(target=go, args=[who]) for who in (world.wang, world.zhou)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sorted(said) == ["named", "too late"] and connection.vendor in ("sqlite", "postgresql")
    assert Breach.objects.filter(duty=world.duty).count() == 1
