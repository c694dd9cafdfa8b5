"""A step of consent reaches the role that its clause names; a customer's yes has its proof, a spoken one its term."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.approvals.models import Approval, Reply
from kedang.approvals.queries import for_me, oral_since, to_confirm
from kedang.files.services import edit_file
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.office.approval_services import Oral, deny_approval, grant_approval, request_approval, revoke_approval
from tests.apps.files_world import make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CLAUSES = """
  - id: "s"
    zh: 修改档案须经销售同意。
    en: A change of a file needs the consent of its seller.
    rules: [{consent: {act: file.edit, who: [keeper], from: [[file.seller]]}}]
  - id: "c"
    zh: 填写电子档案须经客户本人同意。
    en: Filling in the electronic half needs the customer's own consent.
    rules: [{consent: {act: file.complete, who: [seller], from: [[file.subject]]}}]
"""


@pytest.fixture
def world():
    made = make_world(CLAUSES)
    made.file = thing(made)
    return made


def asked(world, who, clause="s", act="file.edit") -> Approval:
    about = ("file", str(world.file.pk))
    return request_approval(**world.by(who), branch=world.branch, clause=f"90:{clause}", act=act, about=about).result


def edit(world, who):
    return edit_file(**world.by(who), file=world.file, values={"mobile": "13800002222"})


def test_the_seller_of_the_file_is_asked_and_nobody_else(world):
    row = asked(world, world.wang)
    assert for_me(world.li, world.branch, world.today) == [row]
    assert for_me(world.zhao, world.branch, world.today) == []


def test_with_the_sellers_yes_the_keeper_may(world):
    with pytest.raises(Refused):
        edit(world, world.wang)
    grant_approval(**world.by(world.li), approval=asked(world, world.wang))
    assert edit(world, world.wang).result == world.file


def test_a_request_that_would_reach_nobody_is_refused_at_once(world):
    with writing():
        world.file.roles.all().delete()
    with pytest.raises(Invalid) as wrong:
        asked(world, world.wang)
    assert "file.seller" in str(wrong.value) and not Approval.objects.exists()


def test_a_customers_yes_is_recorded_by_somebody_else_with_its_proof(world):
    row = asked(world, world.li, "c", "file.complete")
    assert for_me(world.wang, world.branch, world.today) == [row]
    with pytest.raises(Invalid) as wrong:
        grant_approval(**world.by(world.wang), approval=row)
    assert "proof" in wrong.value.errors and not Reply.objects.exists()
    grant_approval(**world.by(world.wang), approval=row, proof="Letter of 2026-11-20, no. 17")
    assert Approval.objects.get(pk=row.pk).status == "granted"
    assert events_of("approval", row.pk)[-1].data["proof"] == "Letter of 2026-11-20, no. 17"


def test_the_asker_does_not_record_the_customers_yes(world):
    row = asked(world, world.li, "c", "file.complete")
    with pytest.raises(Invalid):
        grant_approval(**world.by(world.li), approval=row, proof="He nodded")


def said(world, row, by, at=None):
    return grant_approval(**world.by(world.wang), approval=row, oral=Oral(by, at or world.now - timedelta(hours=1)))


def test_a_spoken_yes_counts_until_the_end_of_the_next_working_day(world):
    said(world, asked(world, world.wang), world.li)
    reply = Reply.objects.get()
    assert (reply.by, reply.noted_by, reply.confirm_by.isoformat()) == (world.li, world.wang, "2026-11-24")
    tuesday, wednesday = datetime(2026, 11, 24, 2, tzinfo=UTC), datetime(2026, 11, 25, 2, tzinfo=UTC)
    edit_file(actor=world.wang, now=tuesday, token="tue", file=world.file, values={"mobile": "13800002222"})
    with pytest.raises(Refused):
        edit_file(actor=world.wang, now=wednesday, token="wed", file=world.file, values={"mobile": "13800003333"})


def test_once_confirmed_it_counts_like_any_other_and_is_counted(world):
    row = asked(world, world.wang)
    said(world, row, world.li)
    assert to_confirm(world.li, world.branch) == [row]
    assert oral_since(world.branch, world.today) == {"said": 1, "open": 1}
    grant_approval(**world.by(world.li), approval=row)
    assert to_confirm(world.li, world.branch) == []
    assert oral_since(world.branch, world.today) == {"said": 1, "open": 0}
    later = datetime(2026, 12, 9, 2, tzinfo=UTC)
    edit_file(actor=world.wang, now=later, token="later", file=world.file, values={"mobile": "13800003333"})


def test_whoever_never_said_it_denies_it_and_the_consent_is_gone(world):
    row = asked(world, world.wang)
    said(world, row, world.li)
    deny_approval(**world.by(world.li), approval=row, reason="I never said so.")
    assert Approval.objects.get(pk=row.pk).status == "denied"
    with pytest.raises(Refused):
        edit(world, world.wang)


@pytest.mark.parametrize("wrong", ["a stranger to the clause", "an hour to come"])
def test_a_spoken_yes_of_the_wrong_person_or_hour_is_not_noted(world, wrong):
    row = asked(world, world.wang)
    by = world.zhao if wrong == "a stranger to the clause" else world.li
    at = world.now + timedelta(hours=1) if wrong == "an hour to come" else None
    with pytest.raises(Invalid):
        said(world, row, by, at)
    assert not Reply.objects.exists()


def get(client, person, row):
    client.force_login(person)
    return client.get(reverse("office:approval", args=[row.pk]), headers={"Accept-Language": "en"})


def test_the_page_shows_the_course_from_asking_to_taking_back(client, world):
    row = asked(world, world.wang)
    assert "Still to answer" in get(client, world.wang, row).content.decode()
    grant_approval(**world.by(world.li), approval=row, reason="Fine with me")
    revoke_approval(**world.by(world.wang), approval=row, reason="Not needed any more")
    seen = get(client, world.wang, row).content.decode()
    assert seen.index("Asked") < seen.index("Fine with me") < seen.index("Not needed any more")


def test_a_request_is_hidden_from_whom_it_does_not_concern(client, world):
    assert get(client, world.zhao, asked(world, world.wang)).status_code == 404


def test_a_no_without_a_comment_is_sent_back_to_the_page(client, world):
    row = asked(world, world.wang)
    client.force_login(world.li)
    sent = client.post(reverse("office:answer", args=[row.pk]), {"answer": "deny", "token": "a"})
    assert sent.url == reverse("office:approval", args=[row.pk])
    assert Approval.objects.get(pk=row.pk).status == "waiting"


def test_a_spoken_yes_is_noted_on_the_page_and_confirmed_there(client, world):
    row = asked(world, world.wang)
    client.force_login(world.wang)
    form = {"by": world.li.pk, "said_at": "2026-11-20T09:30", "token": "a"}
    assert client.post(reverse("office:oral", args=[row.pk]), form).status_code == 302
    seen = get(client, world.li, row).content.decode()
    assert "by word of mouth 2026-11-20 09:30" in seen and "Confirm" in seen
    client.post(reverse("office:answer", args=[row.pk]), {"answer": "grant", "token": "b"})
    assert Reply.objects.get().confirmed_on is not None


def test_a_form_for_a_spoken_yes_without_its_hour_comes_back(client, world):
    row = asked(world, world.wang)
    client.force_login(world.wang)
    assert client.post(reverse("office:oral", args=[row.pk]), {"by": world.li.pk, "token": "a"}).status_code == 422
