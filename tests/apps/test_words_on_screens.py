"""No key of the program on a screen: acts, events, milestones and subjects stand in the reader's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Refused
from kedang.files.services import edit_file, open_file, reach_file
from kedang.journal.guard import writing
from kedang.loans.services import request_loan
from kedang.staff.models import PostHolding
from tests.apps.files_world import NOW, TODAY, make_world, values
from tests.apps.office_world import make_office
from tests.apps.test_office_screens import CONSENT, post

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ZH, EN = "zh-hans", "en"


@pytest.fixture
def world():
    """A file of Li's, delivered today and asked for by a slip; Zhao audits."""
    made = make_world()
    with writing():
        PostHolding.objects.create(person=made.zhao, branch=made.branch, post="auditor", since=date(2020, 1, 1))
    made.file = open_file(
        **made.by(made.li), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    reach_file(**made.by(made.li), file=made.file, milestone="delivered", on=TODAY)
    volume = made.file.volumes.select_related("file__branch", "holder").get()
    request_loan(**made.by(made.li), volume=volume, purpose="核对", until=NOW.date() + timedelta(days=3))
    return made


def words_of(client, person, url, language):
    """A page as a person sees it in a language."""
    client.force_login(person)
    return client.get(url, headers={"Accept-Language": language}).content.decode()


@pytest.mark.parametrize(("language", "milestone", "subject"), [(ZH, "交付", "档案 "), (EN, "Delivered", "File ")])
def test_the_journal_calls_a_milestone_as_its_policy_does(client, world, language, milestone, subject):
    page = words_of(client, world.zhao, reverse("web:journal"), language)
    assert milestone in page and f">{subject}{world.file.pk}<" in page
    assert "thing · delivered" not in page


@pytest.mark.parametrize(("language", "said"), [(ZH, "档案修改"), (EN, "Edit file")])
def test_the_journal_says_in_words_what_was_refused(client, world, language, said):
    with pytest.raises(Refused):
        edit_file(**world.by(world.zhao), file=world.file, values={"plate": "沪A12346"})
    page = words_of(client, world.zhao, reverse("web:journal") + "?kind=refusals", language)
    assert said in page and "file.edit" not in page


@pytest.mark.parametrize(("language", "said"), [(ZH, "借阅申请"), (EN, "Loan requested")])
def test_the_page_of_a_file_says_in_words_that_it_was_asked_for(client, world, language, said):
    page = words_of(client, world.li, reverse("files:file", args=[world.file.pk]), language)
    assert said in page and "loan.requested" not in page


@pytest.mark.parametrize(("language", "said"), [(ZH, "档案修改"), (EN, "Edit file")])
def test_the_list_of_requests_says_in_words_what_is_asked(client, language, said):
    office = make_office(("91-test-consent.yaml", CONSENT))
    sent = post(client, office.li, "ask", clause="91:9", act="file.edit", about="file:1", purpose="x", token="a")
    assert sent.status_code == 302
    page = words_of(client, office.li, reverse("office:approvals"), language)
    assert said in page and "file.edit" not in page
