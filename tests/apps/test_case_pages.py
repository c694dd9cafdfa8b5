"""The page of a draft's cases: by chapter, with what fails before all, in few reads."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kedang.adoptions.models import Adoption, Draft
from kedang.journal.guard import writing
from kedang.office import adoption_services as services
from kedang.office.chapters import by_chapter
from kedang.office.clause_text import CASES, items_of
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world(client):
    made = make_office()
    with writing():
        made.admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=made.admin, branch=made.branch, post="administrator", since=date(2020, 1, 1))
    client.force_login(made.admin)
    dealer = Adoption.objects.get(file_name="07-vehicle-dealership.yaml")
    client.post(reverse("office:amend", args=[dealer.pk]), {"token": "a"})
    made.draft = Draft.objects.get()
    return made


def page_of(client, world):
    return client.get(reverse("office:draft-cases", args=[world.draft.pk]))


def test_the_cases_stand_by_chapter_with_a_list_of_the_chapters_at_their_head(client, world):
    with CaptureQueriesContext(connection) as caught:
        page = page_of(client, world)
    assert len(caught) <= 12
    found = page.context["chapters"]
    assert [one.id for one in found] == ["7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8"]
    assert sum(len(one.cases) for one in found) == len(items_of(world.draft.cases, CASES))
    for one in found:
        assert f'href="#chapter-{one.id}"'.encode() in page.content
        assert f'id="chapter-{one.id}"'.encode() in page.content
    assert b'id="failing"' not in page.content


def test_what_fails_stands_before_all_chapters(client, world):
    cases = world.draft.cases.replace("due_on: 2026-03-11, status: late", "due_on: 2026-03-11, status: kept", 1)
    services.change_draft(
        **world.by(world.admin), draft=world.draft, text=world.draft.text, cases=cases, in_force_from=world.today
    )
    page = page_of(client, world)
    assert len(page.context["failed"]) == 1
    assert page.content.index(b'id="failing"') < page.content.index(b'id="chapter-')


def test_a_case_that_proves_nothing_stands_with_the_one_before_it():
    cases = [{"proves": ["9.2a"]}, {"proves": []}, {"proves": ["9.1"]}, {"proves": ["B.1"]}]
    found = by_chapter(cases, ["9.1", "9.2a", "9.2b"])
    assert [(one.id, len(one.cases), one.first, one.last) for one in found] == [
        ("9.1", 2, "9.1", "9.1"), ("9.2", 2, "9.2a", "9.2b"),
    ]  # fmt: skip


def test_a_policy_that_does_not_number_itself_is_parted_by_its_first_numbers():
    assert [one.id for one in by_chapter([{"proves": ["2.1"]}, {"proves": ["1.3"]}], ["1.3", "2.1"])] == ["1", "2"]


def test_whoever_takes_part_in_an_event_is_called_by_a_word(client, world):
    page = client.get(
        reverse("office:draft-cases", args=[world.draft.pk]),
        {"clause": "7.2.6a"},
        headers={"Accept-Language": "zh-hans"},
    ).content.decode()
    assert '<option value="borrower">借阅人</option>' in page
    assert ">borrower<" not in page and ">receiver<" not in page
