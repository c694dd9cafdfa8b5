"""A set is offered to people who may sign for it, first to whom the policy names."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.custody.models import Handover
from kedang.custody.services import offer_handover, sign_handover
from kedang.custody.supply_services import supply_handover
from kedang.files.models import Record
from kedang.files.record_services import answer_records
from kedang.journal.guard import writing
from kedang.staff.models import Person, PostHolding
from tests.apps.files_world import PASSWORD, make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SHELVED = """
  - id: "4"
    zh: 签收后一日内上架。
    en: Shelved within a day of the receipt.
    rules:
      - duty: {after: handover.received, who: [keeper], about: file, done_by: volume.shelved, within_days: 1}
"""
TO_SELLER = """
  - id: "5"
    zh: 先交销售复核。
    en: A seller looks at it first.
    rules:
      - duty: {after: thing.delivered, who: [file.seller], about: file, done_by: handover.received,
               done_when: {handover.set: new-thing, handover.receiver_is: seller}, within_days: 2}
"""
NEVER = """
  - id: "6"
    zh: 只由档案管理员接收。
    en: Handed over to the keeper only.
    rules:
      - require: {act: handover.offer, that: {handover.receiver_is: keeper}}
      - require: {act: handover.sign, that: {handover.missing: {at_most: 0}}}
"""


def house(clauses: str = ""):
    world = make_world(clauses)
    with writing():
        for name, post in (("an", "seller"), ("bo", "seller")):
            one = Person.objects.create_user(name, PASSWORD, name=name.title())
            PostHolding.objects.create(person=one, branch=world.branch, post=post, since=date(2020, 1, 1))
            setattr(world, name, one)
    world.file = thing(world)
    answers = {str(one.pk): {"state": "present", "reason": ""} for one in Record.objects.filter(file=world.file)}
    answer_records(**world.by(world.li), file=world.file, answers=answers)
    return world


def offered(client, world) -> list[tuple[str, bool]]:
    client.force_login(world.li)
    page = client.get(reverse("custody:prepare", args=[world.file.pk, "new-thing"])).content.decode()
    choice = page[page.index('name="receiver"') : page.index("</select>")]
    options = re.findall(r"<option value=\"\d*\"( selected)?>([^<]*)", choice)
    return [(name, bool(chosen and name != "–")) for chosen, name in options]


def test_whoever_may_not_sign_is_not_offered_and_whom_a_duty_binds_is_chosen(client):
    world = house(SHELVED)
    assert offered(client, world) == [("–", False), ("Wang", True), ("An", False), ("Bo", False)]


def test_a_receiver_named_by_the_duty_to_hand_over_goes_before_whom_the_receipt_binds(client):
    world = house(SHELVED + TO_SELLER)
    assert [name for name, _chosen in offered(client, world)] == ["–", "An", "Bo", "Wang"]
    assert not any(chosen for _name, chosen in offered(client, world))  # two sellers: nobody is chosen


def test_only_the_one_whom_a_clause_allows_is_offered_though_something_is_still_to_be_done(client):
    world = house(NEVER)
    with writing():
        Record.objects.filter(line="photo").update(state="to_follow", reason="later")
    assert offered(client, world) == [("–", False), ("Wang", False)]


def test_a_form_that_names_somebody_else_makes_no_offer(client):
    world = house()
    client.force_login(world.li)
    given = {"receiver": world.zhao.pk, "giver_username": "li", "giver_password": PASSWORD, "token": "x"}
    url = reverse("custody:prepare", args=[world.file.pk, "new-thing"])
    assert client.post(url, given).status_code == 422
    assert not Handover.objects.exists()
    assert client.post(url, given | {"receiver": world.wang.pk, "token": "y"}).status_code == 302


def test_no_command_offers_a_set_to_somebody_who_may_not_sign_for_it():
    world = house()
    given = {"file": world.file, "job": None, "checklist": "new-thing", "giver": world.li, "how": "password"}
    with pytest.raises(Invalid) as caught:
        offer_handover(**world.by(world.li), **given, receiver=world.zhao)
    assert caught.value.errors.keys() == {"receiver"} and str(world.zhao) in caught.value.errors["receiver"]
    assert not Handover.objects.exists()
    handover = offer_handover(**world.by(world.li), **given, receiver=world.wang).result
    sign_handover(**world.by(world.wang), handover=handover, signer=world.wang, how="password")
    photo = Record.objects.get(file=world.file, line="photo")
    with writing():
        Record.objects.filter(pk=photo.pk).update(state="missing", reason="lost")
    with pytest.raises(Invalid) as caught:
        supply_handover(**world.by(world.li), **given, brought={str(photo.pk): None}, receiver=world.zhao)
    assert caught.value.errors.keys() == {"receiver"}
    assert Handover.objects.count() == 1
