"""Who works where: holdings, actors, people in a post, passwords and lock-out."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from kedang.journal.guard import writing
from kedang.staff import queries
from kedang.staff.models import Branch, Person, PostHolding, Unit

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 2)


@pytest.fixture
def south() -> Branch:
    with writing():
        return Branch.objects.create(code="south", name_zh="南店", name_en="South")


def person(username: str, name: str = "李", **fields: object) -> Person:
    with writing():
        return Person.objects.create_user(username, "correct horse battery", name=name, **fields)


def hold(who: Person, branch: Branch, post: str, **fields: object) -> PostHolding:
    with writing():
        return PostHolding.objects.create(person=who, branch=branch, post=post, **{"since": date(2026, 1, 1), **fields})


def test_a_holding_counts_from_its_first_day_to_its_last(south):
    li = person("li")
    hold(li, south, "archivist", since=date(2026, 3, 2), until=date(2026, 3, 31))
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1)]
    assert [queries.holdings(li, day).count() for day in days] == [0, 1, 1, 0]
    assert list(queries.branches_of(li, MARCH)) == [south]


def test_somebody_who_may_not_log_in_holds_nothing(south):
    li = person("li", is_active=False)
    hold(li, south, "archivist")
    assert not queries.holdings(li, MARCH).exists()
    assert queries.people_in(["archivist"], south, MARCH) == []


def test_deputies_come_after_those_who_hold_the_post(south):
    deputy, holder = person("deputy"), person("holder")
    hold(deputy, south, "archivist", deputy=True)
    hold(holder, south, "archivist")
    assert queries.people_in(["archivist"], south, MARCH) == [holder, deputy]


def test_an_actor_has_the_posts_of_this_branch_and_this_day_only(south):
    with writing():
        north = Branch.objects.create(code="north", name_zh="北店", parent=south)
    li = person("li")
    hold(li, south, "sales-consultant", unit="sales")
    hold(li, south, "archivist", until=date(2026, 2, 1))
    hold(li, north, "driver")
    actor = queries.actor_of(li, south, MARCH)
    assert (actor.id, actor.posts, actor.units) == (str(li.pk), {"sales-consultant"}, {"sales"})


def test_a_head_of_a_unit_is_the_superior_of_its_people(south):
    head, li, other = person("head"), person("li"), person("other")
    with writing():
        Unit.objects.create(branch=south, key="sales", name="销售部", head=head)
    hold(head, south, "sales-director", unit="sales")
    hold(li, south, "sales-consultant", unit="sales")
    hold(other, south, "archivist", unit="care")
    actor = queries.actor_of(head, south, MARCH)
    assert (actor.heads_of, actor.superior_of) == ({"sales"}, {str(li.pk)})
    assert queries.actor_of(li, south, MARCH).superior_of == frozenset()


def test_a_post_above_another_makes_a_superior(south):
    boss, li = person("boss"), person("li")
    hold(boss, south, "sales-manager")
    hold(li, south, "sales-consultant")
    actor = queries.actor_of(boss, south, MARCH, {"sales-consultant": "sales-manager"})
    assert actor.superior_of == {str(li.pk)}


def test_nobody_holds_one_post_twice_at_a_time(south):
    li = person("li")
    hold(li, south, "archivist")
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(li, south, "archivist", since=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Person, {"username": "", "name": "李"}),
        (Person, {"username": "x", "name": ""}),
        (Person, {"username": "x", "name": "李", "language": "klingon"}),
        (Branch, {"code": "", "name_zh": "店"}),
    ],
)
def test_the_database_refuses_what_must_never_be(model, fields):
    with pytest.raises(IntegrityError), writing(), transaction.atomic():
        model.objects.create(**fields)


def test_a_branch_is_not_its_own_parent(south):
    south.parent = south
    with pytest.raises(IntegrityError), writing(), transaction.atomic():
        south.save()


def test_names_follow_the_readers_language(south):
    li = person("li", name="李雷", name_en="Li Lei")
    with override("en"):
        assert (str(li), str(south)) == ("Li Lei", "South")
    with override("zh-hans"):
        assert (str(li), str(south)) == ("李雷", "南店")
        assert str(person("wu", name="吴")) == "吴"


@pytest.mark.parametrize("password", ["short1!", "1234567890123", "password1234", "liming-liming"])
def test_a_weak_password_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, Person(username="liming-liming", name="李明"))


def test_a_long_password_is_taken():
    validate_password("correct horse battery", Person(username="li", name="李"))


def test_five_wrong_passwords_lock_the_name_out(rf):
    person("li")
    for _ in range(5):
        assert authenticate(rf.post("/login/"), username="li", password="wrong") is None
    assert authenticate(rf.post("/login/"), username="li", password="correct horse battery") is None


def test_somebody_without_a_password_cannot_log_in(rf):
    with writing():
        Person.objects.create_user("ghost", name="无")
        admin = Person.objects.create_superuser("root", "correct horse battery", name="管")
    assert admin.is_staff_admin
    assert authenticate(rf.post("/login/"), username="ghost", password="") is None
