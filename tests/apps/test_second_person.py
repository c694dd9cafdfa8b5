"""A post with power is confirmed by a second person: until then nobody holds it, on no path (B.20)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.acts.gate import advise
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.office import adoption_services as adoptions
from kedang.office import candidates
from kedang.office import staff_services as services
from kedang.office.appointing import confirmers, own_waiting, to_confirm
from kedang.office.appointment_services import confirm_post, confirm_reset, decline_post, decline_reset
from kedang.office.login_services import change_password
from kedang.office.models import HeldReset
from kedang.sanctions.parts import holders
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from kedang.staff.queries import actor_of, one_hand, people_in, posts_held
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LONG_AGO = date(2020, 1, 1)
POWER = ["customer-director", "general-manager", "administrator", "security-officer", "auditor", "archivist"]


def found(world, name: str, *posts: str, branch: Branch | None = None) -> Person:
    """Somebody of the first day."""
    with writing():
        one = Person.objects.create_user(name, "correct horse battery", name=name.title())
        for post in posts:
            PostHolding.objects.create(person=one, branch=branch or world.branch, post=post, since=LONG_AGO)
    return one


@pytest.fixture
def world():
    """The office, whose director is a department head, with an administrator."""
    made = make_office()
    made.admin = found(made, "admin", "administrator")
    made.chen = found(made, "chen", "general-manager")
    return made


@pytest.fixture
def alone():
    """An office in which nobody but the administrator could confirm anything."""
    made = make_office()
    made.admin = found(made, "admin", "administrator")
    with writing():
        PostHolding.objects.exclude(person=made.admin).delete()
    return made


def employ(world, username: str, post: str = "", by: Person | None = None, branch: Branch | None = None) -> Person:
    given = {"username": username, "name": username.title(), "password": "once-once-once", "post": post}
    return services.employ_person(**world.by(by or world.admin), branch=branch or world.branch, **given).result


def assign(world, person: Person, post: str, by: Person | None = None, **more):
    given = {"branch": world.branch, "person": person, "post": post, "since": world.today, **more}
    return services.assign_post(**world.by(by or world.admin), **given)


def waiting(person: Person) -> Appointment:
    return Appointment.objects.get(person=person, status="waiting")


def confirm(world, person: Person, by: Person, branch: Branch | None = None):
    return confirm_post(**world.by(by), branch=branch or world.branch, appointment=waiting(person))


@pytest.mark.parametrize("post", POWER)
def test_a_post_with_power_is_not_held_before_a_second_person_confirms_it(world, post):
    mei = employ(world, "mei", post)
    row = waiting(mei)
    assert (row.post, row.given_by, row.clauses) == (post, world.admin, ["base:B.20"])
    assert not PostHolding.objects.filter(person=mei).exists()
    confirm(world, mei, world.qian)
    held = PostHolding.objects.get(person=mei)
    assert (held.post, held.given_by, held.confirmed_by, held.since) == (post, world.admin, world.qian, world.today)


def test_a_post_at_the_front_desk_does_not_wait(world):
    mei = employ(world, "mei", "service-consultant")
    assert posts_held(mei, world.branch, world.today) == {"service-consultant"}
    assert not Appointment.objects.exists() and PostHolding.objects.get(person=mei).given_by == world.admin


def test_while_it_waits_the_person_may_do_nothing_on_any_path(world):
    mei = employ(world, "mei", "customer-director")
    actor = actor_of(mei, world.branch, world.today)
    assert not actor.posts and not actor.units and not actor.superior_of
    assert mei not in people_in("customer-director", world.branch, world.today)
    assert mei not in holders(world.branch, "customer-director", world.today)
    for act in ("sanction.impose", "policy.sign", "policy.draft", "duty.move", "file.find"):
        assert not advise(act, actor=mei, branch=world.branch, today=world.today).allowed
    breach = world.breach(world.li, world.today)
    from kedang.office.services import hear_breach

    with pytest.raises(Refused):
        hear_breach(**world.by(mei), breach=breach, statement="nothing")
    with pytest.raises(Invalid):  # there is no post to entrust
        services.entrust_posts(
            **world.by(mei), branch=world.branch, person=mei, deputy=world.li, since=world.today, until=world.today
        )


def test_neither_the_giver_nor_the_holder_confirms(world):
    mei = employ(world, "mei", "general-manager")
    for who in (world.admin, mei, world.li):
        with pytest.raises(Refused):
            confirm(world, mei, who)
    assert waiting(mei).status == "waiting" and not posts_held(mei, world.branch, world.today)


def test_a_puppet_does_not_confirm_a_puppet(alone):
    """What nobody could confirm took effect; but its holder stands for nobody but the giver."""
    puppet = employ(alone, "puppet", "general-manager")
    assert posts_held(puppet, alone.branch, alone.today) == {"general-manager"}
    second = employ(alone, "second", "security-officer")
    assert posts_held(second, alone.branch, alone.today) == {"security-officer"}  # still nobody but the administrator
    qian = found(alone, "chen", "general-manager")
    third = employ(alone, "third", "auditor")
    for who in (puppet, second):
        with pytest.raises(Refused) as refused:
            confirm(alone, third, who)
        assert refused.value.answer.clauses == {"base:B.20"}
    assert confirmers(waiting(third), alone.today) == [qian]
    confirm(alone, third, qian)
    assert posts_held(third, alone.branch, alone.today) == {"auditor"}


def test_nor_does_a_giver_for_a_puppet_that_gave_for_him(alone):
    """An administrator whom another made stands for that one: neither confirms what the other gives."""
    second = employ(alone, "second", "administrator")
    assert one_hand(second) == {alone.admin.pk, second.pk}
    chen = found(alone, "chen", "general-manager")
    puppet = employ(alone, "puppet", "auditor", by=second)
    with pytest.raises(Refused):
        confirm(alone, puppet, alone.admin)
    confirm(alone, puppet, chen)


def test_where_nobody_could_confirm_the_post_takes_effect_and_the_journal_says_so(alone):
    mei = employ(alone, "mei", "general-manager")
    row = Appointment.objects.get(person=mei)
    assert (row.status, row.holding.confirmed_by) == ("at_once", None)
    event = Event.objects.get(name="person.assigned", subject_id=str(mei.pk))
    assert b'"unconfirmed":["base:B.20"]' in bytes(event.body)
    chen = found(alone, "chen", "manager")
    other = employ(alone, "other", "general-manager")
    assert waiting(other)  # the way is closed as soon as anybody else may confirm
    confirm_post(**alone.by(chen), branch=alone.branch, appointment=row)
    assert PostHolding.objects.get(person=mei).confirmed_by == chen
    confirm(alone, other, mei)  # now she stands for herself


def test_a_confirmed_post_begins_today_and_never_before(world):
    mei = employ(world, "mei")
    assign(world, mei, "auditor", since=world.today - timedelta(days=30))
    confirm(world, mei, world.qian)
    assert PostHolding.objects.get(person=mei).since == world.today
    assert not posts_held(mei, world.branch, world.today - timedelta(days=1))
    hua = employ(world, "hua")
    assign(world, hua, "auditor", since=world.today + timedelta(days=5))
    confirm(world, hua, world.qian)
    assert PostHolding.objects.get(person=hua).since == world.today + timedelta(days=5)


def test_a_declined_post_was_never_held_and_may_be_given_again(world):
    mei = employ(world, "mei", "auditor")
    with pytest.raises(Invalid):
        decline_post(**world.by(world.qian), branch=world.branch, appointment=waiting(mei), reason=" ")
    with pytest.raises(Refused):
        decline_post(**world.by(world.li), branch=world.branch, appointment=waiting(mei), reason="unknown here")
    row = waiting(mei)
    decline_post(**world.by(world.qian), branch=world.branch, appointment=row, reason="unknown here")
    with pytest.raises(Invalid):
        confirm_post(**world.by(world.qian), branch=world.branch, appointment=row)
    assign(world, mei, "auditor")
    with pytest.raises(Invalid):
        assign(world, mei, "auditor")  # it waits already
    decline_post(**world.by(world.admin), branch=world.branch, appointment=waiting(mei), reason="a mistake")
    assert not PostHolding.objects.filter(person=mei).exists()


def test_whoever_left_or_holds_an_excluded_post_by_now_is_not_confirmed(world):
    mei, hua = employ(world, "mei", "auditor"), employ(world, "hua", "auditor")
    services.leave(**world.by(world.admin), branch=world.branch, person=mei, last_day=world.today)
    assert Appointment.objects.get(person=mei).status == "declined"
    with writing():
        PostHolding.objects.create(person=hua, branch=world.branch, post="security-officer", since=world.today)
    with pytest.raises(Refused) as refused:
        confirm(world, hua, world.qian)
    assert refused.value.answer.clauses == {"base:B.14"}


def test_an_entrusted_post_waits_like_one_that_is_given(world):
    days = {"since": world.today, "until": world.today + timedelta(days=5)}
    ask = {"branch": world.branch, "person": world.qian, "deputy": world.wang}
    services.entrust_posts(**world.by(world.qian), **ask, **days)
    assert "customer-director" not in posts_held(world.wang, world.branch, world.today)
    for who in (world.qian, world.wang):
        with pytest.raises(Refused):
            confirm(world, world.wang, who)
    confirm(world, world.wang, world.admin)
    held = PostHolding.objects.get(person=world.wang, deputy=True)
    assert (held.stands_in_for, held.until) == (world.qian, days["until"])


def test_an_entrusted_post_falls_with_the_one_who_entrusted_it(world):
    days = {"since": world.today, "until": world.today + timedelta(days=5)}
    services.entrust_posts(
        **world.by(world.qian), branch=world.branch, person=world.qian, deputy=world.wang, **days
    )  # fmt: skip
    services.leave(
        **world.by(world.admin), branch=world.branch, person=world.qian, last_day=world.today - timedelta(days=1)
    )
    with pytest.raises(Invalid):
        confirm(world, world.wang, world.chen)


# --- a wording that gives posts ---

SCHOOL = """
pack: school
language: 1
edition: "1"
title: {zh: 学校制度, en: School rules}
posts:
  head: {zh: 校长, en: Head, is: [general-manager]}
  deacon: {zh: 教务, en: Deacon}
  tutor: {zh: 辅导员, en: Tutor, is: [clerk]}
clauses:
  - id: "1"
    zh: 经教务批准后施行。
    en: It takes effect when the deacon has approved it.
    rules: [{consent: {act: policy.adopt, from: [[deacon]]}}]
  - id: "2"
    zh: 辅导员可修改档案。
    en: A tutor edits files.
    rules: [{permit: {act: file.edit, who: [tutor]}}]
"""


def drafted(world, **posts: Person):
    row = adoptions.draft_policy(
        **world.by(world.admin), branch=world.branch, text=SCHOOL, name="school.yaml", cases=""
    ).result
    chosen = {post: {"people": [person.pk]} for post, person in posts.items()}
    adoptions.change_draft(
        **world.by(world.admin), draft=row, in_force_from=world.today + timedelta(days=1), posts=chosen
    )
    return row


@pytest.mark.parametrize("post", ["head", "deacon"])
def test_whom_a_wording_under_way_names_to_sign_waits_too(world, post):
    drafted(world)
    mei = employ(world, "mei", post)
    assert waiting(mei).decides is True or "manager" in waiting(mei).counts_as
    assert not candidates.signs_as(
        adoptions.Draft.objects.get(), mei, candidates.approval_book(adoptions.Draft.objects.get(), world.today),
        world.today,
    )  # fmt: skip
    assert posts_held(employ(world, "hua", "tutor"), world.branch, world.today) == {"tutor"}


def test_a_signature_confirms_the_posts_that_a_wording_gives_to_others(world):
    deacon = found(world, "deacon", "deacon", "manager")
    mei, hua = employ(world, "mei"), employ(world, "hua")
    row = drafted(world, head=mei, deacon=hua, tutor=world.li)
    adoptions.propose_policy(**world.by(world.admin), draft=row)
    adoptions.sign_policy(**world.by(deacon), draft=row)
    adoptions.adopt_policy(**world.by(world.admin), draft=row)
    tomorrow = world.today + timedelta(days=1)
    assert posts_held(mei, world.branch, tomorrow) == {"head"} and posts_held(hua, world.branch, tomorrow) == {"deacon"}
    assert {one.answered_by for one in Appointment.objects.all()} == {deacon}
    assert PostHolding.objects.get(person=world.li, post="tutor").confirmed_by is None


def test_a_signature_confirms_nothing_for_its_own_hand(world):
    deacon = found(world, "deacon", "deacon", "manager")
    row = drafted(world, head=deacon)
    adoptions.propose_policy(**world.by(world.admin), draft=row)
    adoptions.sign_policy(**world.by(deacon), draft=row)
    adoptions.adopt_policy(**world.by(world.admin), draft=row)
    tomorrow = world.today + timedelta(days=1)
    assert "head" not in posts_held(deacon, world.branch, tomorrow)
    confirm(world, deacon, world.qian)
    assert "head" in posts_held(deacon, world.branch, tomorrow)


# --- branches ---


def test_in_a_new_branch_the_house_above_confirms(world):
    west = services.open_branch(**world.by(world.admin), branch=world.branch, code="W", name_zh="城西店").result
    mei = employ(world, "mei", "manager", branch=west)
    assert not posts_held(mei, west, world.today)
    assert confirmers(waiting(mei), world.today) == [world.chen, world.qian]
    assert [one.person for one in to_confirm(world.qian, world.branch, world.today)] == [mei]
    confirm(world, mei, world.qian)
    assert posts_held(mei, west, world.today) == {"manager"}
    far = found(world, "far", "manager", branch=west)
    hua = employ(world, "hua", "auditor")
    with pytest.raises(Invalid):  # a branch below confirms nothing above it
        confirm(world, hua, far, branch=west)


# --- an own policy changes which posts wait ---

STRICT = """
pack: strict
language: 1
edition: "1"
title: {zh: 严格制度, en: Strict rules}
clauses:
  - id: "1"
    zh: 服务顾问任岗也须确认；系统管理员任岗即时生效。
    en: A service consultant waits too; an administrator does not.
    rules:
      - permit:
          act: person.hold_back
          who: [anyone]
          when: {person.post: service-consultant, person.confirmers: {at_least: 1}}
      - forbid: {act: person.hold_back, when: {person.post: administrator}}
"""


def test_an_organizations_own_policy_says_which_posts_wait():
    made = make_office(("91-strict.yaml", STRICT))
    made.admin = found(made, "admin", "administrator")
    mei = employ(made, "mei", "service-consultant")
    assert waiting(mei).clauses == ["91:1"]
    assert posts_held(employ(made, "hua", "administrator"), made.branch, made.today) == {"administrator"}


def test_a_house_under_common_rules_without_the_clause_goes_on_as_before():
    made = make_office()
    made.admin = found(made, "admin", "administrator")
    from kedang.adoptions.models import Adoption

    with writing():
        Adoption.objects.filter(slug="base").update(ended_on=made.today - timedelta(days=1))
        text = Adoption.objects.get(slug="base").text
        old = text[: text.index('  - id: "B.20"')]
        import hashlib

        Adoption.objects.create(
            branch=made.branch, slug="base", file_name="00-base.yaml", edition="0", text=old, approved_by=made.qian,
            sha256=hashlib.sha256(old.encode()).hexdigest(), in_force_from=made.today,
        )  # fmt: skip
    assert posts_held(employ(made, "mei", "general-manager"), made.branch, made.today) == {"general-manager"}


# --- on screens ---


def test_it_lies_on_the_desk_of_whoever_may_confirm_and_one_click_does_it(client, world, settings):
    settings.CLOCK = lambda: world.now
    mei = employ(world, "mei", "auditor")
    client.force_login(world.qian)
    desk = client.get(reverse("office:desk"), headers={"Accept-Language": "en"})
    assert [one.person for one in desk.context["to_confirm"]] == [mei]
    page = reverse("office:person", args=[mei.pk])
    assert page in desk.content.decode() and "B.20" in desk.content.decode()
    assert (
        "awaits confirmation" in client.get(reverse("office:staff"), headers={"Accept-Language": "en"}).content.decode()
    )
    shown = client.get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "Confirm the post" in shown and "May confirm it: Chen, Qian" in shown
    act = lambda what, **data: client.post(reverse("office:person-act", args=[mei.pk, what]), data)  # noqa: E731
    assert act("confirm", appointment="9999", token="a").status_code == 404
    assert act("confirm", appointment=str(waiting(mei).pk), token="b").status_code == 302
    assert posts_held(mei, world.branch, world.today) == {"auditor"}
    assert not client.get(reverse("office:desk")).context["to_confirm"]


def test_whoever_waits_reads_on_their_desk_that_they_wait_and_for_whom(client, world, settings):
    settings.CLOCK = lambda: world.now
    mei = employ(world, "mei", "auditor")
    with writing():
        Person.objects.filter(pk=mei.pk).update(must_change_password=False)
    client.force_login(mei)
    desk = client.get(reverse("office:desk"), headers={"Accept-Language": "en"})
    said = desk.content.decode()
    assert "You do not hold it yet" in said and "B.20" in said and "Qian" in said
    assert [one.confirmers for one in own_waiting(mei, world.branch, world.today)] == ["Chen、Qian"]


def test_the_giver_sees_no_button_to_confirm_and_may_take_it_back(client, world, settings):
    settings.CLOCK = lambda: world.now
    mei = employ(world, "mei", "auditor")
    client.force_login(world.admin)
    page = client.get(reverse("office:person", args=[mei.pk]), headers={"Accept-Language": "en"})
    assert "Confirm the post" not in page.content.decode() and "Do not confirm" in page.content.decode()
    row = waiting(mei)
    act = lambda what, **data: client.post(reverse("office:person-act", args=[mei.pk, what]), data)  # noqa: E731
    assert act("confirm", appointment=str(row.pk), token="a").status_code == 403
    assert act("decline", appointment=str(row.pk), token="b").status_code == 422
    assert act("decline", appointment=str(row.pk), reason="a mistake", token="c").status_code == 302
    assert Appointment.objects.get(person=mei).reason == "a mistake"


def test_a_clerk_finds_the_page_of_whoever_waits_here_and_answers_nothing(client, world, settings):
    settings.CLOCK = lambda: world.now
    mei = employ(world, "mei", "auditor")
    client.force_login(world.li)
    page = client.get(reverse("office:person", args=[mei.pk]), headers={"Accept-Language": "en"})
    assert page.status_code == 200 and "Confirm the post" not in page.content.decode()
    act = lambda what, **data: client.post(reverse("office:person-act", args=[mei.pk, what]), data)  # noqa: E731
    assert act("confirm", appointment=str(waiting(mei).pk), token="a").status_code == 403
    assert act("decline", appointment=str(waiting(mei).pk), reason="no", token="b").status_code == 403


# --- a new password from somebody else ---


def reset(world, person: Person, by: Person | None = None) -> HeldReset | Person:
    given = {"branch": world.branch, "person": person, "password": "once-once-once"}
    return services.reset_password(**world.by(by or world.admin), **given).result


def knows(person: Person, password: str) -> bool:
    return Person.objects.get(pk=person.pk).check_password(password)


def test_a_new_password_of_whoever_holds_such_a_post_serves_once_a_second_person_confirms_it(world):
    held = reset(world, world.qian)
    assert (held.clauses, held.given_by) == (["base:B.21"], world.admin)
    assert knows(world.qian, "correct horse battery") and not knows(world.qian, "once-once-once")
    for who in (world.admin, world.qian, world.li):
        with pytest.raises(Refused):
            confirm_reset(**world.by(who), branch=world.branch, reset=held)
    confirm_reset(**world.by(world.chen), branch=world.branch, reset=held)
    assert knows(world.qian, "once-once-once") and Person.objects.get(pk=world.qian.pk).must_change_password
    assert HeldReset.objects.get().password == ""


def test_a_clerks_new_password_serves_at_once(world):
    reset(world, world.li)
    assert knows(world.li, "once-once-once") and not HeldReset.objects.exists()


def test_where_nobody_could_confirm_a_new_password_serves_at_once(alone):
    mei = employ(alone, "mei", "general-manager")
    reset(alone, mei)
    assert knows(mei, "once-once-once")


def test_the_holder_declines_a_password_that_was_not_asked_for(world):
    held = reset(world, world.qian)
    decline_reset(**world.by(world.qian), branch=world.branch, reset=held)
    with pytest.raises(Invalid):
        confirm_reset(**world.by(world.chen), branch=world.branch, reset=held)
    assert knows(world.qian, "correct horse battery")


def test_the_latest_password_counts_and_ones_own_change_gives_it_up(world):
    first, second = reset(world, world.qian), reset(world, world.qian)
    assert HeldReset.objects.get(pk=first.pk).status == "declined" and second.status == "waiting"
    given = {"branch": world.branch, "person": world.qian, "old": "correct horse battery", "new": "a longer new one"}
    change_password(**world.by(world.qian), **given)
    assert HeldReset.objects.get(pk=second.pk).status == "declined" and knows(world.qian, "a longer new one")


def test_a_password_that_waits_lies_on_the_desks_and_is_confirmed_on_the_page(client, world, settings):
    settings.CLOCK = lambda: world.now
    page = reverse("office:person", args=[world.qian.pk])
    act = lambda what, token: client.post(  # noqa: E731
        reverse("office:person-act", args=[world.qian.pk, what]), {"token": token}
    )
    english = {"headers": {"Accept-Language": "en"}}
    client.force_login(world.admin)
    sent = act("reset", "a")
    assert sent.context["waits"] and sent.context["password"] in sent.content.decode()
    client.force_login(world.qian)
    assert "gave you a new password" in client.get(reverse("office:desk"), **english).content.decode()
    client.force_login(world.chen)
    assert "gave Qian a new password" in client.get(reverse("office:desk"), **english).content.decode()
    assert "Confirm the new password" in client.get(page, **english).content.decode()
    assert act("confirm-password", "b").status_code == 302 and act("confirm-password", "c").status_code == 404
    assert HeldReset.objects.get().status == "confirmed"
