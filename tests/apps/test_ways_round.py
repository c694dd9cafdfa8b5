"""Whoever wants a post or a password to take effect without a second person cannot bring that about (B.20, B.21)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from bench.pages import Counter
from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.journal.guard import writing
from kedang.office import staff_services as services
from kedang.office.appointing import counts_as, has_a_say
from kedang.office.appointment_services import confirm_reset, decline_reset
from kedang.office.models import HeldReset
from kedang.office.posts import known_packs
from kedang.rulebook import load_pack
from kedang.staff.models import Appointment, Branch, Person, PostHolding, Unit
from kedang.staff.queries import posts_held
from tests.apps.office_world import make_office
from tests.apps.test_second_person import assign, employ, found, knows, reset, waiting

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def house() -> SimpleNamespace:
    """An administrator and one other person of the first day who could confirm."""
    made = make_office()
    made.admin = found(made, "admin", "administrator")
    with writing():
        PostHolding.objects.exclude(person=made.admin).delete()
    made.chen = found(made, "chen", "general-manager")
    return made


def later(world: SimpleNamespace, days: int) -> SimpleNamespace:
    """The same house some days later."""
    then = SimpleNamespace(**vars(world))
    then.today, then.now = world.today + timedelta(days=days), world.now + timedelta(days=days)
    then.by = lambda who, **more: world.by(who, now=then.now, **more)
    return then


def sent_away(world: SimpleNamespace, how: str) -> None:
    """The administrator takes the only other confirmer's post away."""
    given = {**world.by(world.admin), "branch": world.branch, "person": world.chen}
    back = world.today - timedelta(days=200)
    if how == "ended":
        services.end_post(**given, holding=PostHolding.objects.get(person=world.chen), until=back)
        return
    services.leave(**given, last_day=back)
    if how == "released":
        services.release(**world.by(world.admin), branch=world.branch, person=world.chen)


@pytest.mark.parametrize("how", ["ended", "left", "released"])
def test_sending_the_other_confirmers_away_opens_no_way_for_thirty_days(house, how):
    sent_away(house, how)
    mei = employ(house, "mei", "general-manager")
    assert waiting(mei).clauses == ["base:B.20"]
    thirtieth = later(house, 30)
    assert waiting(employ(thirtieth, "hua", "auditor"))
    after = later(house, 31)
    ling = employ(after, "ling", "auditor")
    assert Appointment.objects.get(person=ling).status == "at_once"
    assert posts_held(ling, house.branch, after.today) == {"auditor"}


def test_a_puppet_that_goes_was_nobody(house):
    """Whoever could never have confirmed keeps nothing closed by leaving."""
    with writing():
        PostHolding.objects.filter(person=house.chen).delete()
    puppet = employ(house, "puppet", "general-manager")
    services.leave(**house.by(house.admin), branch=house.branch, person=puppet, last_day=house.today)
    tomorrow = later(house, 1)
    assert posts_held(employ(tomorrow, "mei", "auditor"), house.branch, tomorrow.today) == {"auditor"}


def test_in_a_house_of_two_the_holder_has_three_days_to_decline_a_new_password(house):
    held = reset(house, house.chen)
    assert isinstance(held, HeldReset) and held.clauses == ["base:B.21"]
    assert knows(house.chen, "correct horse battery")
    for day in (0, 2):
        with pytest.raises(Refused) as refused:
            confirm_reset(**later(house, day).by(house.admin), branch=house.branch, reset=held)
        assert refused.value.answer.clauses == {"base:B.21"}
    decline_reset(**house.by(house.chen), branch=house.branch, reset=held)
    again = reset(house, house.chen)
    confirm_reset(**later(house, 3).by(house.admin), branch=house.branch, reset=again)
    assert knows(house.chen, "once-once-once")


def test_where_a_third_is_there_the_giver_never_confirms(house):
    found(house, "qin", "manager")
    held = reset(house, house.chen)
    with pytest.raises(Refused):
        confirm_reset(**later(house, 300).by(house.admin), branch=house.branch, reset=held)


def test_a_post_below_does_not_bring_the_password_of_somebody_above_into_reach(house):
    """Neither is it reset from below, nor confirmed there; it waits where the post with power is."""
    with writing():
        west = Branch.objects.create(code="W", name_zh="城西店", parent=house.branch)
        for one in Adoption.objects.filter(branch=house.branch):
            one.pk, one.branch = None, west
            one.save()
    below = found(house, "below", "administrator", branch=west)
    found(house, "beside", "manager", branch=west)
    with writing():
        PostHolding.objects.create(person=house.chen, branch=west, post="clerk", since=house.today)
    given = {"branch": west, "person": house.chen}
    with pytest.raises(Invalid, match=r"Pudong|浦东店"):
        services.reset_password(**house.by(below), **given, password="once-once-once")
    with pytest.raises(Invalid):
        services.leave(**house.by(below), **given, last_day=house.today)
    with pytest.raises(Invalid):
        services.release(**house.by(below), **given)
    qin = found(house, "qin", "manager")
    held = reset(house, house.chen)
    assert held.branch == house.branch
    with pytest.raises(Invalid):
        confirm_reset(**house.by(below), branch=west, reset=held)
    confirm_reset(**house.by(qin), branch=house.branch, reset=held)


ASKS = """
pack: asks
language: 1
edition: "1"
title: {{zh: 问, en: Asks}}
units:
  desk: {{zh: 前台, en: Desk, head: chief}}
posts:
  owner: {{zh: 店主, en: Owner}}
  chief: {{zh: 领班, en: Chief, reports_to: owner, unit: desk}}
  hand: {{zh: 店员, en: Hand, reports_to: chief, unit: desk}}
  guest: {{zh: 临时工, en: Guest}}
clauses:
  - id: "1"
    zh: 复印须经同意。
    en: A copy needs a consent.
    rules: [{{consent: {consent}}}]
"""


@pytest.mark.parametrize(
    ("consent", "powers"),
    [
        ('{act: file.copy, from: [["head_of:desk"]], uses: 1}', {"chief"}),
        ('{act: file.copy, from: [["unit:desk"]], uses: 1}', {"chief", "hand"}),
        ("{act: file.copy, from: [[guest]], uses: 1, self: superior}", {"guest", "owner", "chief"}),
        ("{act: file.copy, from: [[guest]], uses: 1}", {"guest"}),
    ],
)
def test_whom_a_clause_asks_as_head_member_or_superior_decides(consent, powers):
    packs = [load_pack(ASKS.format(consent=consent), "asks.yaml")]
    posts = ("owner", "chief", "hand", "guest")
    assert {one for one in posts if has_a_say(counts_as(one, packs), packs)} == powers


def test_a_policy_adopted_for_a_later_day_already_makes_its_posts_wait(house):
    text = ASKS.format(consent="{act: file.copy, from: [[guest]], uses: 1}")
    with writing():
        like = Adoption.objects.filter(branch=house.branch).first()
        like.pk, like.slug, like.file_name, like.text = None, "asks", "asks.yaml", text
        import hashlib

        like.sha256 = hashlib.sha256(text.encode()).hexdigest()
        like.in_force_from = house.today + timedelta(days=5)
        like.save()
    assert "asks" in {one.slug for one in known_packs(house.branch, house.today)}
    mei = employ(house, "mei")
    assign(house, mei, "guest", since=house.today + timedelta(days=5))
    assert waiting(mei).decides


def test_the_head_of_a_department_holds_the_post_that_the_policy_names_for_it():
    world = make_office(("91-asks.yaml", ASKS.format(consent="{act: file.copy, from: [[guest]], uses: 1}")))
    world.admin, chief = found(world, "admin", "administrator"), found(world, "chief", "chief")
    given = {**world.by(world.admin), "branch": world.branch, "unit": "desk"}
    with pytest.raises(Invalid) as refused:
        services.set_head(**given, head=world.admin)
    assert "head" in refused.value.errors and not Unit.objects.filter(branch=world.branch, key="desk").exists()
    services.set_head(**{**given, "token": "again"}, head=chief)
    assert Unit.objects.get(branch=world.branch, key="desk").head == chief


def test_the_desk_asks_as_often_however_many_posts_wait_below(house, client, settings):
    settings.CLOCK = lambda: house.now
    client.force_login(house.chen)
    client.get(reverse("office:desk"))

    def asked() -> int:
        with Counter() as counter:
            said = client.get(reverse("office:desk"))
        assert said.status_code == 200
        assert len(said.context["to_confirm"]) == Appointment.objects.filter(status="waiting").count()
        return counter.number

    for no in range(7):
        code = f"W{no}"
        west = services.open_branch(
            **house.by(house.admin), branch=house.branch, code=code, name_zh=f"分店{no}"
        ).result  # fmt: skip
        employ(house, f"mei{no}", "manager", branch=west)
        if no == 0:
            few = asked()
    assert Appointment.objects.filter(status="waiting").count() == 7
    assert (asked(), few <= 12) == (few, True)
    shown = client.get(reverse("office:desk"), headers={"Accept-Language": "en"}).content.decode()
    assert "the post Department head" in shown


def test_whoever_waits_sees_a_desk_of_as_few_questions(house, client, settings):
    settings.CLOCK = lambda: house.now
    mei = employ(house, "mei", "auditor")
    with writing():
        Person.objects.filter(pk=mei.pk).update(must_change_password=False)
    client.force_login(mei)
    client.get(reverse("office:desk"))
    with Counter() as counter:
        assert client.get(reverse("office:desk")).status_code == 200
    assert counter.number <= 12
