"""A number that no row can have is an address where nothing is, never a fault of the program."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kedang.lib.whole import MOST, whole
from tests.apps.files_world import make_world, thing
from tests.apps.test_urls_by_post import TABLE

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HUGE = (MOST + 1, 10**21, 10**5000)  # the last is more than Python reads as a number


@pytest.fixture
def world(client):
    made = make_world()
    client.force_login(made.li)
    return made


@pytest.mark.parametrize("number", HUGE, ids=["one more", "twenty digits", "five thousand digits"])
def test_every_address_with_a_number_that_no_row_can_have_says_that_nothing_is_there(client, world, number):
    text, wrong = "9" * 5000 if number > 10**4000 else str(number), []
    for name, arguments, method, _statuses in TABLE:
        if "pk" in arguments:
            url = reverse(name, kwargs={**arguments, "pk": 7}).replace("/7/", f"/{text}/")
            status = getattr(client, method)(url).status_code
            wrong += [(name, method, status)] if status not in (404, 405) else []
    assert wrong == []


@pytest.mark.parametrize("text", [str(MOST + 1), "9" * 40, "9" * 5000, "-1", "x"])
def test_every_page_takes_a_number_beside_its_address_that_no_row_can_have(client, world, text):
    named = (
        "after", "before", "customer", "job", "loan", "file", "place", "list", "no", "month", "person", "group", "ref",
        "seen", "volume", "clause", "kind", "day", "what", "who", "name", "record", "receiver", "to", "until", "on",
        "milestone", "quantity", "copies", "capacity", "parent", "deputy", "unit", "head", "holding", "rule", "thing",
        "chosen", "code", "post", "page", "number", "key", "pieces", "branch",
    )  # fmt: skip
    file, wrong = thing(world), []
    for name, arguments, method, _statuses in TABLE:
        if name == "web:logout":
            continue
        url = reverse(name, kwargs={key: file.pk if key == "pk" else one for key, one in arguments.items()})
        status = getattr(client, method)(url, dict.fromkeys(named, text) | {"token": world.token()}).status_code
        wrong += [(name, method, status)] if status >= 500 else []
    assert wrong == []


@pytest.mark.parametrize("text", ["0001-01", "1949-12", "9999-12", "2200-01"])
def test_a_month_that_no_calendar_of_the_house_holds_is_none(client, world, text):
    for url in (reverse("insight:figures"), reverse("insight:rows")):
        assert client.get(url, {"month": text}).status_code in (200, 404)
    page = client.get(reverse("insight:figures"), {"month": text}, headers={"Accept-Language": "en"})
    assert "This is no month" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), (str(MOST), MOST), (str(MOST + 1), None), ("９", None), ("", None), ("-1", None)],
)
def test_a_whole_number_is_one_that_the_database_holds(text, number):
    assert whole(text) == number
