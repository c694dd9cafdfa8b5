"""What somebody typed and the rules or the form did not take: it stands there again, with what is wrong beside it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from kedang.custody.services import close_day, offer_handover, sign_handover
from kedang.duties.models import Duty
from kedang.files.models import Record
from kedang.files.record_services import answer_records
from kedang.files.services import open_job
from kedang.journal.models import AccessLine
from tests.apps.files_world import make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
EN = {"Accept-Language": "en"}


@pytest.fixture
def world(client, settings):
    made = make_world()
    settings.CLOCK = lambda: made.now
    made.file = thing(made)
    made.rows = {one.line: one for one in Record.objects.filter(file=made.file)}
    client.force_login(made.li)
    return made


def send(client, world, **answers):
    given = {"token": world.token(), **answers}
    return client.post(reverse("files:answer", args=[world.file.pk]), given, headers=EN)


def test_answers_of_which_one_is_wrong_come_back_as_typed_with_the_sentence_at_its_line(client, world):
    contract, photo = world.rows["contract"].pk, world.rows["photo"].pk
    given = {f"state_{contract}": "not_applicable", f"reason_{contract}": "a gift", f"state_{photo}": "to_follow"}
    answer = send(client, world, **given, **{f"reason_{photo}": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Say why it is not here." in page
    lines = re.split(r'<tr id="line-', page)[1:]
    for line in lines:
        wrong = line.startswith(str(photo))
        assert ("Say why it is not here." in line) == wrong and ("autofocus" in line) == wrong
        assert ('value="to_follow" selected' if wrong else 'value="not_applicable" selected') in line
        assert wrong or 'value="a gift"' in line
    assert set(Record.objects.filter(file=world.file).values_list("state", flat=True)) == {"missing"}
    assert AccessLine.objects.filter(page="files:answer").exists()  # the page shows the file


def test_missing_is_not_said_without_its_reason(client, world):
    contract = world.rows["contract"].pk
    answer = send(client, world, **{f"state_{contract}": "missing", f"reason_{contract}": ""})
    assert answer.status_code == 422 and "Say why it is not here." in answer.content.decode()
    assert send(client, world, **{f"state_{contract}": "missing", f"reason_{contract}": "lost"}).status_code == 302


def test_the_answers_of_a_job_come_back_on_its_own_page(client, world):
    contact = {"contact_name": "秦琼", "contact_phone": "13800001111", "verified": True}
    given = {"file": world.file, "what": "visit", "job_kinds": ["repair"], **contact}
    job = open_job(**world.by(world.li), **given).result
    sheet = Record.objects.get(job=job).pk
    answer = send(client, world, job=job.pk, **{f"state_{sheet}": "to_follow", f"reason_{sheet}": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Say why it is not here." in page and 'value="to_follow" selected' in page


def test_the_page_of_a_wrong_form_calls_fields_by_their_label_and_shows_no_key(client, world):
    for name, given, said in (
        ("files:shelve", {"place": "7"}, "Place"),
        ("files:reach", {"milestone": "delivered", "on": "x"}, "Day"),
        ("files:reach", {"milestone": "nothing", "on": "2026-11-20"}, "no such milestone"),
    ):
        sent = given | {"token": world.token()}
        answer = client.post(reverse(name, args=[world.file.pk]), sent, headers=EN)
        page = answer.content.decode()
        body = page[page.index("Something in the form") :]
        assert answer.status_code == 422 and said in body, name
        assert not re.search(r"(?i)>\s*(place|on|milestone)\s*<", body.replace(">Place<", "")), name


def test_the_page_of_a_handover_names_the_lines_without_an_answer_and_leads_to_them(client, world):
    answer_records(
        **world.by(world.li), file=world.file, answers={str(world.rows["contract"].pk): {"state": "present"}}
    )
    page = client.get(reverse("custody:prepare", args=[world.file.pk, "new-thing"]), headers=EN).content.decode()
    photo = f"{reverse('files:file', args=[world.file.pk])}#line-{world.rows['photo'].pk}"
    assert f'<a href="{photo}">Photo</a>' in page
    assert f"#line-{world.rows['contract'].pk}" not in page


def test_the_check_does_not_call_in_order_what_the_list_says_is_missing(client, world):
    answers = {
        str(world.rows["contract"].pk): {"state": "present", "reason": ""},
        str(world.rows["photo"].pk): {"state": "missing", "reason": "rain"},
    }
    answer_records(**world.by(world.li), file=world.file, answers=answers)
    given = {"file": world.file, "job": None, "checklist": "new-thing", "giver": world.li, "receiver": world.wang}
    handover = offer_handover(**world.by(world.li), **given, how="password").result
    sign_handover(**world.by(world.wang), handover=handover, signer=world.wang, how="password")
    client.force_login(world.wang)
    page = client.get(reverse("custody:handover", args=[handover.pk]), headers=EN).content.decode()
    chosen = re.findall(r'aria-label="(\w+)"><option value="">([^<]+)<', page)
    assert dict(chosen) == {"Contract": "in order", "Photo": "not there, as the list says"}


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2026-11-24", "9999-12-31"])
def test_a_milestone_lies_neither_before_1950_nor_in_the_future(client, world, day):
    given = {"milestone": "delivered", "on": day, "token": world.token()}
    answer = client.post(reverse("files:reach", args=[world.file.pk]), given, headers=EN)
    assert answer.status_code == 422 and "Day" in answer.content.decode()
    assert not world.file.milestones.exists() and not Duty.objects.exists()


@pytest.mark.parametrize(("day", "says"), [("2019-12-31", True), ("2020-01-01", False), ("2026-11-23", False)])
def test_a_milestone_before_the_policy_came_into_force_says_that_no_duty_opens(client, world, day, says):
    given = {"milestone": "delivered", "on": day, "token": world.token()}
    page = client.post(reverse("files:reach", args=[world.file.pk]), given, headers=EN, follow=True).content.decode()
    assert ("no duty opens" in page and "2020-01-01" in page) == says
    assert Duty.objects.exists() != says


def test_a_signature_after_the_book_was_closed_is_marked(client, world):
    answers = {str(one.pk): {"state": "present", "reason": ""} for one in world.rows.values()}
    answer_records(**world.by(world.li), file=world.file, answers=answers)
    given = {"file": world.file, "job": None, "checklist": "new-thing", "giver": world.li, "receiver": world.wang}
    handover = offer_handover(**world.by(world.li), **given, how="password").result
    later = {"actor": world.wang, "now": world.now + timedelta(hours=1)}
    close_day(**later, token="c", branch=world.branch, day=world.today, comment="waits")
    later["now"] += timedelta(minutes=7)
    sign_handover(**later, token="s", handover=handover, signer=world.wang, how="password")
    client.force_login(world.wang)
    query = {"since": world.today.isoformat(), "until": world.today.isoformat()}
    page = client.get(reverse("custody:book"), query, headers=EN).content.decode()
    row = page[page.index("<tbody>") :]
    giver, receiver = row.split('data-label="Receiver')
    assert "after the book was closed" in receiver and "after the book was closed" not in giver
