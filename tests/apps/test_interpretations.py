"""What a clause means is said by whom the policy names, beside the approved text and never in it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption, Confirmation, Interpretation
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.office import adoption_services, candidates, staff_services
from kedang.office.editions import unread
from kedang.office.interpretation_services import interpret_clause
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DEALER, PROPERTY = "07-vehicle-dealership.yaml", "12-distributor-supplier-customer-data.yaml"
SAID = "三个工作日自交车次日起算。"


@pytest.fixture
def world():
    made = make_office()
    made.row = Adoption.objects.get(file_name=DEALER)
    with writing():
        made.care = Person.objects.create_user("care", "correct horse battery", name="Care")
        PostHolding.objects.create(
            person=made.care, branch=made.branch, post="archivist", unit="customer-care", since=date(2020, 1, 1)
        )
    return made


def say(world, who, **other):
    given = {"adoption": world.row, "clause": "7.4.1a", "text": SAID, "said_on": date(2026, 3, 20), **other}
    return interpret_clause(**world.by(who), **given)


def test_customer_care_says_what_a_clause_means_and_the_text_stays(world):
    before = Adoption.objects.get(pk=world.row.pk)
    row = say(world, world.care).result
    assert (row.clause, row.text, row.said_by) == ("7.4.1a", SAID, world.care)
    told = Event.objects.get(name="policy.interpreted")
    assert (told.subject_kind, told.subject_id, told.happened_on) == ("adoption", str(world.row.pk), row.said_on)
    after = Adoption.objects.get(pk=world.row.pk)
    assert (after.text, after.sha256) == (before.text, before.sha256)


def test_no_other_department_does_and_the_refusal_names_the_clause(world):
    for who in (world.li, world.sun, world.qian):
        if who.holdings.filter(unit="customer-care").exists():
            continue
        with pytest.raises(Refused) as caught:
            say(world, who)
        assert "07:7.6a" in caught.value.answer.clauses
    assert not Interpretation.objects.exists() and Refusal.objects.filter(act="policy.interpret").exists()


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 4001}, "text"),
        ({"clause": "99"}, "clause"),
        ({"said_on": date(2026, 3, 31)}, "said_on"),
        ({"said_on": date(2019, 1, 1)}, "said_on"),
    ],
)
def test_a_wrong_interpretation_is_answered_in_words(world, wrong, key):
    with pytest.raises(Invalid) as caught:
        say(world, world.care, **wrong)
    assert key in caught.value.errors and not Interpretation.objects.exists()


def test_the_reader_shows_it_at_the_clause_and_whoever_may_not_sees_why(client, world):
    client.force_login(world.care)
    url = reverse("office:clause", args=["07:7.4.1a"])
    assert 'name="text"' in client.get(url).content.decode()
    sent = client.post(reverse("office:interpret", args=["07:7.4.1a"]), {"text": SAID, "token": "x"})
    assert sent.status_code == 302
    for page in (url, reverse("office:policy", args=["07"])):
        assert SAID in client.get(page).content.decode()
    client.force_login(world.li)
    page = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert SAID in page and 'name="text"' not in page and "7.6a" in page
    empty = client.post(reverse("office:interpret", args=["07:7.4.1a"]), {"text": "", "token": "y"})
    assert empty.status_code == 422


def test_a_person_is_told_of_an_edition_until_they_have_confirmed_it(client, world):
    assert [one.adoption.pk for one in unread(world.li, world.branch, world.today)] == [world.row.pk]
    client.force_login(world.li)
    edition = reverse("office:edition", args=[world.row.pk])
    assert edition in client.get(reverse("office:desk")).content.decode()
    assert client.post(reverse("office:confirm", args=[world.row.pk]), {"token": "z"}).status_code == 302
    assert Confirmation.objects.filter(person=world.li).count() == 1
    assert edition not in client.get(reverse("office:desk")).content.decode()
    assert unread(world.sun, world.branch, world.today) != []


def test_a_new_edition_says_which_one_it_replaces_and_a_new_policy_none(world):
    with writing():
        admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=admin, branch=world.branch, post="administrator", since=date(2020, 1, 1))
    text = world.row.text.replace('edition: "1"', 'edition: "2"', 1)
    drawn = adoption_services.draft_policy(**world.by(admin), branch=world.branch, text=text, name=DEALER, cases="[]")
    assert candidates.replaced(drawn.result) == "1"
    other, cases = candidates.boxed(PROPERTY)
    new = adoption_services.draft_policy(**world.by(admin), branch=world.branch, text=other, name=PROPERTY, cases=cases)
    assert candidates.replaced(new.result) == ""


RULE = """
pack: own-rules
language: 1
edition: "1"
title: {zh: 自定规则, en: Rules of our own}
units: {desk: {zh: 前台, en: Desk}}
clauses:
  - id: "1"
    zh: 改设定须经核对确认。
    en: A setting is changed after it was checked.
    rules: [{require: {act: setting.change, that: {act.confirmed: "yes"}}}]
"""


def test_where_a_policy_asks_for_it_a_setting_changes_only_when_it_was_checked():
    world = make_office(("91-own-rules.yaml", RULE))
    with writing():
        admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=admin, branch=world.branch, post="administrator", since=date(2020, 1, 1))
    given = {"branch": world.branch, "unit": "desk", "head": world.li}
    with pytest.raises(Refused) as caught:
        staff_services.set_head(**world.by(admin), **given)
    assert "91:1" in caught.value.answer.clauses
    assert staff_services.set_head(**world.by(admin), **given, confirmed=True).result.head == world.li
