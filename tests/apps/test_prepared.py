"""Queries whose SQL is made once: each asking has its own values, and nothing of an answer is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kedang.journal.guard import writing
from kedang.lib import prepared as module
from kedang.lib.folding import Rows
from kedang.lib.prepared import Given, prepared
from kedang.staff.models import Branch, Person, PostHolding

pytestmark = pytest.mark.django_db


def called(*, name: Any) -> QuerySet[Person]:
    return Person.objects.filter(username=name).order_by("pk")


def held(post: str, *, branch: Any, on: Any) -> QuerySet[PostHolding]:
    rows = PostHolding.objects.filter(branch=branch, post=post, since__lte=on).exclude(until__lt=on)
    return rows.select_related("person").order_by("pk")


def with_people(*, branch: Any) -> QuerySet[Branch]:
    return Branch.objects.filter(pk=branch).annotate(held=Rows(PostHolding.objects.filter(branch=branch), ("post",)))


def nobody(*, name: Any) -> QuerySet[Person]:
    return Person.objects.filter(username=name, pk__in=[])


def joined(*, since: Any, active: Any) -> QuerySet[Person]:
    return Person.objects.filter(last_login__gte=since, is_active=active)


@pytest.fixture
def house() -> dict[str, Any]:
    today = date(2026, 3, 2)
    with writing():
        north, south = (Branch.objects.create(code=code, name_zh=code) for code in ("north", "south"))
        people = {name: Person.objects.create_user(name, None, name=name) for name in ("li", "wang")}
        PostHolding.objects.create(person=people["li"], branch=north, post="clerk", since=today)
        PostHolding.objects.create(person=people["wang"], branch=south, post="clerk", since=today)
    return {"north": north, "south": south, "today": today, **people}


def test_each_asking_has_its_own_values(house):
    assert prepared(called, name="li") == [house["li"]]
    assert prepared(called, name="wang") == [house["wang"]]
    assert prepared(called, name="zhou") == []


def test_rows_that_came_between_two_askings_are_found(house):
    assert len(prepared(held, "clerk", branch=house["north"], on=house["today"])) == 1
    with writing():
        PostHolding.objects.create(person=house["wang"], branch=house["north"], post="clerk", since=house["today"])
    found = prepared(held, "clerk", branch=house["north"], on=house["today"])
    assert [one.person.username for one in found] == ["li", "wang"]
    assert prepared(held, "clerk", branch=house["north"], on=house["today"] - timedelta(days=1)) == []


def test_the_shape_is_part_of_the_query(house):
    assert len(prepared(held, "clerk", branch=house["south"], on=house["today"])) == 1
    assert prepared(held, "archivist", branch=house["south"], on=house["today"]) == []


def test_a_prepared_query_asks_what_the_plain_one_asks(house):
    given = {"branch": house["north"].pk, "on": house["today"]}
    assert prepared(held, "clerk", **given) == list(held("clerk", **given))
    [found] = prepared(with_people, branch=house["north"])
    assert found.held == with_people(branch=house["north"].pk).get().held == [["clerk"]]
    with CaptureQueriesContext(
        connection,
    ) as plain:
        list(held("clerk", **given))
    with CaptureQueriesContext(connection) as kept:
        prepared(held, "clerk", **given)
    bare = [
        query["sql"].replace("(", "").replace(")", "") for query in (*plain.captured_queries, *kept.captured_queries)
    ]
    assert bare[0] == bare[1]


def test_moments_and_yes_or_no_are_written_as_the_database_wants_them(house):
    now = timezone.now()
    with writing():
        Person.objects.filter(pk=house["li"].pk).update(last_login=now)
    assert prepared(joined, since=now - timedelta(minutes=1), active=True) == [house["li"]]
    assert prepared(joined, since=now + timedelta(minutes=1), active=True) == []
    assert prepared(joined, since=datetime(2020, 1, 1, tzinfo=now.tzinfo), active=False) == []


def test_what_nothing_can_answer_is_not_asked(house):
    with CaptureQueriesContext(connection) as asked:
        assert prepared(nobody, name="li") == []
    assert len(asked) == 0


def test_the_sql_is_made_once_and_holds_no_value(house):
    module._ready.cache_clear()
    for name in ("li", "wang", "li"):
        prepared(called, name=name)
    assert module._ready.cache_info().misses == 1
    ready = module._ready(called, (), (("name", str),))
    assert [(type(param), param.name) for param in ready.params] == [(Given, "name")]
    assert "'" not in ready.sql


def test_a_place_is_no_text_that_could_be_asked_instead_of_the_value(house):
    with pytest.raises(TypeError, match="file is a place"):
        str(Given("file", str))


def test_a_value_of_an_unknown_kind_is_refused(house):
    with pytest.raises(KeyError):
        prepared(called, name=None)
