"""Who is taken on, given a post, entrusted, leaves: commands, three officers, screens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.queries import book_for
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.office import staff_services as services
from kedang.office.appointment_services import confirm_post
from kedang.staff.models import Appointment, Branch, Person, PostHolding, Unit
from kedang.staff.queries import posts_held
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

OFFICERS = ("administrator", "security-officer", "auditor")


@pytest.fixture
def world():
    """The office with one of each officer."""
    made = make_office()
    with writing():
        for post in OFFICERS:
            one = Person.objects.create_user(post, "correct horse battery", name=post)
            PostHolding.objects.create(person=one, branch=made.branch, post=post, since=date(2020, 1, 1))
            setattr(made, post.replace("-", "_"), one)
    return made


def employ(world, **more) -> Person:
    given = {"username": "mei", "name": "梅", "password": "once-once-once", **more}
    return services.employ_person(**world.by(world.administrator), branch=world.branch, **given).result


def assign(world, person, post, **more):
    given = {"since": world.today, **more}
    return services.assign_post(
        **world.by(world.administrator), branch=world.branch, person=person, post=post, **given
    )  # fmt: skip


def lead_sales(world) -> None:
    """Wang holds the post that the policy names for the head of sales."""
    with writing():
        PostHolding.objects.create(person=world.wang, branch=world.branch, post="sales-director", since=world.today)


def test_somebody_taken_on_with_a_post_holds_it_and_must_change_the_password(world):
    mei = employ(world, post="service-consultant")
    assert mei.must_change_password and mei.check_password("once-once-once")
    assert posts_held(mei, world.branch, world.today) == {"service-consultant"}
    names = Event.objects.filter(subject_kind="person", subject_id=str(mei.pk)).order_by("seq").values_list("name")
    assert [one[0] for one in names] == ["person.employed", "person.assigned"]
    assert "once-once-once" not in "".join(bytes(one.body).decode() for one in Event.objects.all())


def test_only_the_administrator_takes_somebody_on(world):
    with pytest.raises(Refused):
        services.employ_person(
            **world.by(world.qian), branch=world.branch, username="x", name="X", password="once-once-once"
        )
    assert not Person.objects.filter(username="x").exists()


def test_a_user_name_is_given_once_whatever_its_case(world):
    with pytest.raises(Invalid) as invalid:
        employ(world, username="LI")
    assert "username" in invalid.value.errors


@pytest.mark.parametrize(("held", "given"), [(a, b) for a in OFFICERS for b in OFFICERS if a != b])
def test_the_three_officers_exclude_each_other(world, held, given):
    person = getattr(world, held.replace("-", "_"))
    with writing():  # nobody gives himself a post, so a second administrator tries it
        world.administrator = Person.objects.create_user("second", None, name="Second")
        PostHolding.objects.create(
            person=world.administrator, branch=world.branch, post="administrator", since=date(2020, 1, 1)
        )
    with pytest.raises(Refused) as refused:
        assign(world, person, given)
    assert refused.value.answer.clauses == {"base:B.14"}
    assert PostHolding.objects.filter(person=person).count() == 1


def test_the_officers_exclude_each_other_across_branches_and_for_later_days(world):
    with writing():
        west = Branch.objects.create(code="W", name_zh="西", parent=world.branch)
        PostHolding.objects.create(person=world.li, branch=west, post="auditor", since=world.today + timedelta(days=30))
    with pytest.raises(Refused):
        assign(world, world.li, "administrator")


def test_the_administrator_finds_no_customer_file(world, client):
    client.force_login(world.administrator)
    assert (
        client.get(reverse("files:list")).context["rows"] == []
        or "k-empty" in client.get(reverse("files:list")).content.decode()
    )
    book = book_for(world.branch, world.today)
    assert not {"clerk", "archivist", "manager"} & book.posts_with(["administrator"])


def test_a_post_is_held_from_its_first_day_to_its_last(world):
    assign(world, world.li, "service-consultant", since=date(2026, 4, 1), until=date(2026, 4, 30))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1)]
    held = ["service-consultant" in posts_held(world.li, world.branch, day) for day in days]
    assert held == [False, True, True, False]


def test_wrong_days_unknown_posts_and_a_post_held_already_are_refused(world):
    for post, since, until in (
        ("archivist", date(2026, 4, 2), date(2026, 4, 1)),
        ("pilot", date(2026, 4, 2), None),
        ("sales-consultant", date(2026, 4, 2), None),
    ):
        with pytest.raises(Invalid):
            assign(world, world.li, post, since=since, until=until)


def test_an_ended_post_is_free_for_the_same_person_again(world):
    holding = PostHolding.objects.get(person=world.li)
    services.end_post(
        **world.by(world.administrator), branch=world.branch, person=world.li, holding=holding, until=date(2026, 3, 31)
    )
    assign(world, world.li, "sales-consultant", since=date(2026, 4, 1))
    assert posts_held(world.li, world.branch, date(2026, 4, 1)) == {"sales-consultant"}


def test_an_end_is_brought_forward_and_never_put_off(world):
    """Else whoever keeps people would give a post by its end, and nobody would confirm it."""
    holding = PostHolding.objects.get(person=world.li)
    given = {"branch": world.branch, "person": world.li, "holding": holding}
    for day in (10, 2):
        services.end_post(**world.by(world.administrator, token=f"end-{day}"), **given, until=date(2026, 4, day))
    with pytest.raises(Invalid) as refused:
        services.end_post(**world.by(world.administrator, token="later"), **given, until=date(2099, 1, 1))
    assert list(refused.value.errors) == ["until"]
    assert posts_held(world.li, world.branch, date(2026, 4, 3)) == set()


def test_whoever_leaves_holds_nothing_after_the_last_day_and_is_closed_by_the_release(world):
    services.leave(**world.by(world.administrator), branch=world.branch, person=world.li, last_day=date(2026, 4, 10))
    assert posts_held(world.li, world.branch, date(2026, 4, 10)) and not posts_held(
        world.li, world.branch, date(2026, 4, 11)
    )
    services.release(**world.by(world.administrator), branch=world.branch, person=world.li)
    world.li.refresh_from_db()
    assert not world.li.is_active and not world.li.check_password("correct horse battery")
    with pytest.raises(Invalid):
        assign(world, world.li, "archivist")


def test_nobody_closes_their_own_account(world):
    with pytest.raises(Invalid):
        services.release(**world.by(world.administrator), branch=world.branch, person=world.administrator)


def test_a_post_is_entrusted_beforehand_for_stated_days_by_its_holder_only(world):
    ask = {"branch": world.branch, "person": world.qian, "deputy": world.sun}
    days = {"since": date(2026, 4, 1), "until": date(2026, 4, 7)}
    services.entrust_posts(**world.by(world.qian), **ask, **days)
    lent = Appointment.objects.get(person=world.sun)  # a director's post: somebody else confirms it (B.20)
    confirm_post(**world.by(world.administrator), branch=world.branch, appointment=lent)
    held = posts_held(world.sun, world.branch, date(2026, 4, 3))
    assert "customer-director" in held
    assert "customer-director" not in posts_held(world.sun, world.branch, date(2026, 4, 8))
    row = PostHolding.objects.get(stands_in_for=world.qian)
    assert (row.deputy, row.until) == (True, date(2026, 4, 7))
    for who, wrong in (
        (world.qian, {"since": world.today - timedelta(days=1), "until": world.today}),
        (world.qian, {"since": date(2026, 4, 7), "until": date(2026, 4, 1)}),
        (world.li, days),
    ):
        with pytest.raises(Invalid):
            services.entrust_posts(**world.by(who), **ask, **wrong)


def test_the_auditors_post_is_not_entrusted_to_the_administrator(world):
    with pytest.raises(Refused):
        services.entrust_posts(
            **world.by(world.auditor), branch=world.branch, person=world.auditor, deputy=world.administrator,
            since=date(2026, 4, 1), until=date(2026, 4, 2),
        )  # fmt: skip


def test_a_reset_password_works_once_until_it_is_changed(world, rf):
    services.reset_password(
        **world.by(world.security_officer), branch=world.branch, person=world.li, password="once-once-once"
    )
    found = authenticate(rf.post("/login/"), username="li", password="once-once-once")
    assert found == world.li and found.must_change_password
    with pytest.raises(Refused):
        services.reset_password(
            **world.by(world.auditor), branch=world.branch, person=world.li, password="once-once-once"
        )


def test_a_head_of_a_department_is_an_event(world):
    lead_sales(world)
    services.set_head(**world.by(world.administrator), branch=world.branch, unit="sales", head=world.wang)
    assert Unit.objects.get(key="sales").head == world.wang
    assert Event.objects.get(name="setting.changed").subject_kind == "branch"
    with pytest.raises(Invalid):
        services.set_head(**world.by(world.administrator), branch=world.branch, unit="moon", head=None)


def test_a_new_branch_is_bound_by_law_and_common_rules_and_its_opener_administers_it(world):
    made = services.open_branch(**world.by(world.administrator), branch=world.branch, code="W", name_zh="城西店").result
    assert made.parent == world.branch
    assert {pack.rank for pack in book_for(made, world.today).packs} == {"law", "base"}
    assert posts_held(world.administrator, made, world.today) == {"administrator"}
    for code in ("w", "no blanks", ""):
        with pytest.raises(Invalid):
            services.open_branch(**world.by(world.administrator), branch=world.branch, code=code, name_zh="x")


# --- on screens ---


def test_somebody_is_taken_on_and_given_a_post_on_screens(client, world):
    client.force_login(world.administrator)
    sent = client.post(reverse("office:employ"), {"name": "梅", "username": "mei", "token": "a"})
    once = sent.context["password"]
    mei = Person.objects.get(username="mei")
    assert len(once) == 14 and once in sent.content.decode() and mei.check_password(once)
    again = client.post(reverse("office:employ"), {"name": "梅", "username": "mei", "token": "a"})
    assert again.context["password"] == "" and Person.objects.filter(username="mei").count() == 1
    page = reverse("office:person", args=[mei.pk])
    assert client.get(page).status_code == 200
    act = lambda what, **data: client.post(reverse("office:person-act", args=[mei.pk, what]), data)  # noqa: E731
    assert act("assign", post="archivist", since="2026-03-30", token="b").status_code == 302
    assert act("assign", post="archivist", since="2026-03-30", token="c").status_code == 422
    assert act("assign", post="archivist", since="soon", token="d").status_code == 422
    assert act("leave", day="never", token="e").status_code == 422
    assert act("reset", token="f").context["password"] != once
    assert act("leave", day="2100-01-01", token="g").status_code == 302
    assert act("dance", token="h").status_code == 404
    assert act("release", token="i").status_code == 302
    assert not Person.objects.get(username="mei").is_active


def test_a_clerk_sees_colleagues_and_changes_nothing(client, world):
    client.force_login(world.li)
    page = reverse("office:person", args=[world.wang.pk])
    assert client.get(page).status_code == 200
    assert client.post(reverse("office:person-act", args=[world.wang.pk, "reset"]), {"token": "a"}).status_code == 403
    assert client.post(reverse("office:employ"), {"name": "x", "username": "x", "token": "b"}).status_code == 403
    with writing():
        west = Branch.objects.create(code="W", name_zh="西")
        other = Person.objects.create_user("far", "correct horse battery", name="Far")
        PostHolding.objects.create(person=other, branch=west, post="archivist", since=date(2020, 1, 1))
    assert client.get(reverse("office:person", args=[other.pk])).status_code == 404


def test_branches_and_heads_are_kept_on_a_screen(client, world):
    lead_sales(world)
    client.force_login(world.administrator)
    url = reverse("office:branches")
    page = client.get(url, headers={"Accept-Language": "en"})
    assert 'name="code"' in page.content.decode() and 'value="sales"' in page.content.decode()
    assert {one["key"]: one["may"].verdict for one in page.context["units"]} == {
        "customer-care": "no", "sales": "yes", "after-sales": "yes",
    }  # fmt: skip
    assert "7.3.1a" in page.content.decode()  # customer care keeps its own settings: the button says so
    sent = client.post(url, {"what": "head", "unit": "sales", "head": str(world.wang.pk), "token": "a"})
    assert sent.status_code == 302 and Unit.objects.get(key="sales").head == world.wang
    assert client.post(url, {"code": "W", "name_zh": "城西店", "token": "b"}).status_code == 302
    assert client.post(url, {"code": "W", "name_zh": "城西店", "token": "c"}).status_code == 422
    client.force_login(world.li)
    assert client.post(url, {"code": "N", "name_zh": "北", "token": "d"}).status_code == 403


def test_nobody_gives_himself_a_post(world, client):
    with pytest.raises(Refused) as refused:
        assign(world, world.administrator, "archivist")
    assert refused.value.answer.clauses == {"base:B.18"}
    assert posts_held(world.administrator, world.branch, world.today) == {"administrator"}
    client.force_login(world.administrator)
    page = client.get(reverse("office:person", args=[world.administrator.pk]), headers={"Accept-Language": "en"})
    assert page.context["may_give"].verdict == "no" and 'name="post"' not in page.content.decode()
    assert "B.18" in page.content.decode()
    own = PostHolding.objects.get(person=world.administrator)
    services.end_post(
        **world.by(world.administrator), branch=world.branch, person=world.administrator, holding=own, until=world.today
    )
    assert posts_held(world.administrator, world.branch, world.today + timedelta(days=1)) == set()


def test_somebody_of_another_branch_of_ones_own_is_given_a_post_here_too(client, world):
    """Listed for whoever gives posts in both branches; nobody of a branch in which he does not work is reached."""
    west = services.open_branch(**world.by(world.administrator), branch=world.branch, code="W", name_zh="城西店").result
    with writing():
        far = Branch.objects.create(code="F", name_zh="外地店")
        mei = Person.objects.create_user("mei", "correct horse battery", name="梅")
        kai = Person.objects.create_user("kai", "correct horse battery", name="凯")
        PostHolding.objects.create(person=mei, branch=west, post="clerk", since=world.today)
        PostHolding.objects.create(person=kai, branch=far, post="clerk", since=world.today)
    client.force_login(world.administrator)
    listed = client.get(reverse("office:staff")).context
    assert mei in listed["elsewhere"] and kai not in listed["elsewhere"] and world.li not in listed["elsewhere"]
    page = reverse("office:person", args=[mei.pk])
    assert client.get(page).status_code == 200
    assert client.get(reverse("office:person", args=[kai.pk])).status_code == 404
    given = {"post": "service-consultant", "since": str(world.today), "token": "a"}
    assert client.post(reverse("office:person-act", args=[mei.pk, "assign"]), given).status_code == 302
    assert posts_held(mei, world.branch, world.today) == {"service-consultant"}
    assert mei not in client.get(reverse("office:staff")).context["elsewhere"]
    client.force_login(world.li)
    assert "elsewhere" not in client.get(reverse("office:staff")).context
    with writing():
        PostHolding.objects.filter(person=mei, branch=world.branch).delete()
    assert client.get(page).status_code == 404


def test_somebody_whose_posts_have_all_ended_elsewhere_is_found_where_posts_are_given(client, world):
    with writing():
        far = Branch.objects.create(code="F", name_zh="外地店")
        mei = Person.objects.create_user("mei", "correct horse battery", name="梅")
        ended = world.today - timedelta(days=1)
        PostHolding.objects.create(person=mei, branch=far, post="clerk", since=date(2020, 1, 1), until=ended)
    client.force_login(world.administrator)
    assert mei in client.get(reverse("office:staff")).context["without"]
    assert client.get(reverse("office:person", args=[mei.pk])).status_code == 200
