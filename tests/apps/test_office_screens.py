"""The screens of breaches, approvals and staff: who sees what, what a click does, how many queries a page takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kedang.approvals.models import Approval
from kedang.journal.guard import writing
from kedang.journal.queries import last_seq
from kedang.office.services import hear_breach
from kedang.sanctions.models import Sanction
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST_QUERIES = 12
CONSENT = """
pack: test-consent
language: 1
edition: "1"
title: {zh: 测试审批, en: Test consent}
clauses:
  - id: "9"
    zh: 修改客户档案须经档案管理员同意。
    en: A change of a file needs the archivist's consent.
    rules: [{consent: {act: file.edit, who: [clerk], from: [[archivist]]}}]
"""


@pytest.fixture
def world():
    return make_office(("91-test-consent.yaml", CONSENT))


def get(client, person, name, **query):
    """The page as a person sees it today, in English."""
    client.force_login(person)
    args = [query.pop("pk")] if "pk" in query else []
    return client.get(reverse(f"office:{name}", args=args), query, headers={"Accept-Language": "en"})


def post(client, person, name, pk=None, **data):
    """A sent form."""
    client.force_login(person)
    args = [pk] if pk is not None else []
    return client.post(reverse(f"office:{name}", args=args), data, headers={"Accept-Language": "en"})


def test_the_director_hears_and_imposes(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    page = get(client, world.qian, "breaches").content.decode()
    assert "¥50.00" in page and "Li" in page
    assert post(client, world.qian, "hear", row.pk, statement="Nothing said", token="a").status_code == 302
    assert post(client, world.qian, "decide", row.pk, decision="impose", token="b").status_code == 302
    assert Sanction.objects.get().amount_cny == Decimal(50)
    assert "¥50.00" in get(client, world.qian, "breach", pk=row.pk).content.decode()


def test_the_second_waits_for_the_first_and_says_so(client, world):
    first, second = world.breach(world.li, date(2026, 3, 3)), world.breach(world.li, date(2026, 3, 20))
    hear_breach(**world.by(world.qian), breach=second, statement="Nothing said")
    page = get(client, world.qian, "breach", pk=second.pk).content.decode()
    assert "¥100.00" in page and "¥50.00" in page and f"/breaches/{first.pk}/" in page
    assert 'value="impose"' not in page
    assert post(client, world.qian, "decide", second.pk, decision="impose").status_code == 403


def test_a_reason_that_is_missing_is_asked_for_beside_the_field(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    sent = post(client, world.qian, "decide", row.pk, decision="waive", reason="")
    assert sent.status_code == 422 and "Say why" in sent.content.decode()


def test_a_form_that_was_overtaken_is_stale(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    seen = last_seq("breach", row.pk)
    post(client, world.qian, "hear", row.pk, statement="One", seen=seen, token="a")
    assert post(client, world.qian, "hear", row.pk, statement="Two", seen=seen, token="b").status_code == 409


def test_a_colleagues_breach_is_nobody_elses_business(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    assert get(client, world.li, "breach", pk=row.pk).status_code == 200
    assert get(client, world.wang, "breach", pk=row.pk).status_code == 404
    assert "7.4.1a" not in get(client, world.wang, "breaches").content.decode()


def test_correction_is_ordered_and_reported(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    assert post(client, world.sun, "order", row.pk, token="a").status_code == 302
    assert post(client, world.li, "correct", row.pk, token="b").status_code == 302
    row.refresh_from_db()
    assert row.ordered_on is not None and row.corrected_on is not None


def test_what_is_used_up_or_past_its_day_is_not_taken_back(client, world):
    asked = {"clause": "91:9", "act": "file.edit", "about": "file:7", "purpose": "A new phone"}
    post(client, world.li, "ask", **asked, token="a")
    row = Approval.objects.get()
    post(client, world.sun, "answer", row.pk, answer="grant", token="c")
    there = 'value="revoke"'
    assert there in get(client, world.li, "approvals").content.decode()
    for gone in ({"uses_left": 0}, {"uses_left": None, "expires_on": date(2026, 1, 1)}):
        with writing():
            Approval.objects.update(**gone)
        assert there not in get(client, world.li, "approvals").content.decode()
        page = client.get(reverse("office:approval", args=[row.pk])).content.decode()
        assert there not in page
        post(client, world.li, "answer", row.pk, answer="revoke", token=f"d{len(gone)}")
        row.refresh_from_db()
        assert row.status == "granted"


def test_consent_is_asked_for_and_given_on_screens(client, world):
    asked = {"clause": "91:9", "act": "file.edit", "about": "file:7", "purpose": "A new phone"}
    assert get(client, world.li, "ask", **asked).status_code == 200
    assert post(client, world.li, "ask", **asked, token="a").status_code == 302
    row = Approval.objects.get()
    assert "A new phone" in get(client, world.sun, "approvals").content.decode()
    assert post(client, world.wang, "answer", row.pk, answer="grant").status_code == 404
    post(client, world.sun, "answer", row.pk, answer="deny", token="b")
    row.refresh_from_db()
    assert row.status == "waiting"
    post(client, world.sun, "answer", row.pk, answer="grant", token="c")
    row.refresh_from_db()
    assert row.status == "granted"
    post(client, world.li, "answer", row.pk, answer="revoke", token="d")
    row.refresh_from_db()
    assert row.status == "revoked"


def test_staff_shows_every_post_and_who_holds_it(client, world):
    page = get(client, world.li, "staff").content.decode()
    assert "Qian" in page and "vacant" in page


@pytest.mark.parametrize("name", ["breaches", "approvals", "staff", "desk"])
def test_a_page_takes_few_queries_however_many_rows(client, world, name):
    for day in range(1, 21):
        world.breach(world.li if day % 2 else world.wang, date(2026, 3, day))
    get(client, world.qian, name)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse(f"office:{name}")).status_code == 200
    told = [one["sql"] for one in caught.captured_queries if "django_session" not in one["sql"]]
    assert len([sql for sql in told if sql.startswith("SELECT")]) <= MOST_QUERIES, "\n".join(told)


def test_one_breach_takes_few_queries(client, world):
    row = world.breach(world.li, date(2026, 3, 3))
    get(client, world.qian, "breach", pk=row.pk)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse("office:breach", args=[row.pk])).status_code == 200
    told = [one["sql"] for one in caught.captured_queries if "django_session" not in one["sql"]]
    assert len([sql for sql in told if sql.startswith("SELECT")]) <= MOST_QUERIES, "\n".join(told)
