"""A button that would be refused says so before the click, and a search keeps what was typed (UI 32)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    """A file of Li's; Zhao audits: he may find it, and touch nothing."""
    made = make_world()
    with writing():
        PostHolding.objects.create(person=made.zhao, branch=made.branch, post="auditor", since=date(2020, 1, 1))
    made.file = open_file(
        **made.by(made.li), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    return made


def button(client, world, who, label):
    """The attributes of a button on the file's page as a person sees it."""
    client.force_login(getattr(world, who))
    page = client.get(reverse("files:file", args=[world.file.pk]), headers={"Accept-Language": "en"}).content.decode()
    return re.search(rf"<button([^>]*)>(?:<svg.*?</svg>)?{label}</button>", page).group(1)


@pytest.mark.parametrize(("who", "open_to"), [("li", True), ("wang", True), ("zhao", False)])
def test_only_who_may_answer_the_lines_can_press_save(client, world, who, open_to):
    assert ("disabled" not in button(client, world, who, "Save answers")) is open_to


@pytest.mark.parametrize(("who", "open_to"), [("li", False), ("wang", True), ("zhao", False)])
def test_only_who_may_shelve_the_papers_can_press_the_button(client, world, who, open_to):
    assert ("disabled" not in button(client, world, who, "Put into its place")) is open_to


def test_the_counter_keeps_what_was_typed_when_nothing_answers_to_it(client, world):
    client.force_login(world.li)
    page = client.post(reverse("files:reception"), {"q": 'B0"84'}).content.decode()
    assert 'value="B0&quot;84"' in page


def test_the_menu_offers_the_journal_only_to_whom_the_policy_lets_read_it(client, world):
    for person, offered, status in ((world.li, False, 403), (world.wang, False, 403), (world.zhao, True, 200)):
        client.force_login(person)
        page = client.get(reverse("files:list")).content.decode()
        assert (f'href="{reverse("web:journal")}"' in page) is offered, person.username
        assert client.get(reverse("web:journal")).status_code == status
