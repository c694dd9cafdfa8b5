"""The screens of files and custody, as posted forms: a day at the counter and the archive."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kedang.adoptions.models import Adoption
from kedang.custody.models import Handover
from kedang.files.models import File, Import, Job, Place, Record
from kedang.files.services import open_job, reach_file
from kedang.journal.guard import writing
from kedang.journal.models import AccessLine
from kedang.journal.queries import events_of
from tests.apps.files_world import PASSWORD, TODAY, VIN, make_world, thing, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    return make_world()


@pytest.fixture
def li(client, world):
    client.force_login(world.li, "django.contrib.auth.backends.ModelBackend")
    return client


def as_keeper(client, world):
    client.force_login(world.wang, "django.contrib.auth.backends.ModelBackend")
    return client


def intake(client, world, **changes):
    data = {f"field_{key}": value for key, value in values(**changes).items()}
    return client.post(reverse("files:open"), data | {"kind": "thing", "role_seller": world.li.pk, "token": "t1"})


def test_intake_leads_to_the_page_that_answers_five_questions(li, world):
    answer = intake(li, world)
    file = File.objects.get()
    assert answer.headers["Location"] == reverse("files:file", args=[file.pk])
    page = li.get(answer.headers["Location"]).content.decode()
    assert "k-five" in page and "单雄信" in page and file.number in page and "••••" in page
    assert AccessLine.objects.filter(page="files:file").exists()


def test_whoever_opens_a_file_is_chosen_for_the_role_that_fits_the_post(client, li, world):
    chosen = f'<option value="{world.li.pk}" selected>'
    assert chosen in li.get(reverse("files:open"), {"kind": "thing"}).content.decode()
    assert (
        " selected>" not in as_keeper(client, world).get(reverse("files:open")).content.decode().split("role_seller")[1]
    )


def test_a_wrong_form_says_so_at_the_field_and_keeps_what_was_typed(li, world):
    answer = intake(li, world, mobile="12345")
    assert answer.status_code == 422 and "12345" in answer.content.decode()
    assert not File.objects.exists()


def test_all_wrong_values_of_a_form_are_said_at_once_beside_what_is_lacking(li, world):
    page = intake(li, world, mobile="12345", serial="LSV123", owner="").content.decode()
    errors = re.findall(r'class="k-error"[^>]*>([^<]+)', page)
    assert len(errors) == 3, errors
    assert not File.objects.exists()


def test_a_second_file_leads_to_the_first(li, world):
    intake(li, world)
    data = {f"field_{key}": value for key, value in values().items()} | {"kind": "thing", "role_seller": world.li.pk}
    page = li.post(reverse("files:open"), data | {"token": "t2"})
    assert reverse("files:file", args=[File.objects.get().pk]) in page.content.decode()


def test_search_goes_by_post_and_one_hit_opens_its_page(li, world):
    intake(li, world)
    assert li.post(reverse("files:search"), {"q": "dxx"}).headers["Location"] == reverse(
        "files:file", args=[File.objects.get().pk]
    )
    assert li.get(reverse("files:search"), {"q": "dxx"}).headers["Location"] == reverse("files:list")
    assert VIN not in li.post(reverse("files:search"), {"q": "nobody"}).content.decode()


@pytest.mark.parametrize("typed", ["A12345", "a12345", "ａ12345", "沪A12345"])
def test_a_plate_is_found_without_the_sign_of_its_province_by_whoever_may_find(client, li, world, typed):
    intake(li, world)
    page = reverse("files:file", args=[File.objects.get().pk])
    assert li.post(reverse("files:search"), {"q": typed}).headers["Location"] == page
    assert li.post(reverse("files:search"), {"q": "B12345"}).status_code == 200
    client.force_login(world.zhao, "django.contrib.auth.backends.ModelBackend")
    assert page not in client.post(reverse("files:search"), {"q": typed}).content.decode()


def test_who_may_not_find_gets_404_and_an_empty_list(client, world, li):
    intake(li, world)
    client.force_login(world.zhao, "django.contrib.auth.backends.ModelBackend")
    file = File.objects.get()
    assert client.get(reverse("files:file", args=[file.pk])).status_code == 404
    assert file.number not in client.get(reverse("files:list")).content.decode()
    assert file.number not in client.post(reverse("files:search"), {"q": VIN}).content.decode()
    assert client.get(reverse("files:reveal", args=[file.values.get(field="card").pk])).status_code == 404


def test_a_secret_is_shown_for_a_purpose_and_noted(client, world, li):
    intake(li, world)
    value = File.objects.get().values.get(field="card")
    keeper = as_keeper(client, world)
    page = keeper.post(reverse("files:reveal", args=[value.pk]), {"purpose": "insurance claim", "token": "r1"})
    assert "11010519491231002X" in page.content.decode()
    event = events_of("file", value.file_id)[-1]
    assert (event.name, event.data["purpose"]) == ("record.revealed", "insurance claim")


def test_the_counter_finds_by_plate_and_receives_with_a_verified_contact(li, world):
    intake(li, world)
    file = File.objects.get()
    found = li.post(reverse("files:reception"), {"q": "沪a 12345"})
    assert found.headers["Location"] == reverse("files:receive", args=[file.pk])
    page = li.get(found.headers["Location"]).content.decode()
    assert "13800001111" in page
    data = {"job_kinds": ["repair"], "contact_name": "单雄信", "contact_phone": "13800001111", "token": "j1"}
    assert li.post(found.headers["Location"], data).status_code == 403
    assert li.post(found.headers["Location"], data | {"verified": "on", "token": "j2"}).status_code == 302
    job = Job.objects.get()
    assert li.get(reverse("files:job", args=[job.pk])).status_code == 200
    assert (
        li.post(
            reverse("files:job-reach", args=[job.pk]),
            {"milestone": "ended", "on": job.opened_on.isoformat(), "token": "j3"},
        ).status_code
        == 302
    )


def test_a_set_is_handed_over_received_checked_and_shelved(client, li, world):
    intake(li, world)
    file = File.objects.get()
    rows = {one.line: one.pk for one in Record.objects.all()}
    data = {
        f"state_{rows['contract']}": "present",
        f"state_{rows['photo']}": "to_follow",
        f"reason_{rows['photo']}": "rain",
    }
    assert li.post(reverse("files:answer", args=[file.pk]), data | {"token": "a"}).status_code == 302
    prepare = reverse("custody:prepare", args=[file.pk, "new-thing"])
    assert li.get(prepare).status_code == 200
    offer = {"receiver": world.wang.pk, "giver_username": "li", "giver_password": "wrong", "token": "b"}
    assert li.post(prepare, offer).status_code == 422
    assert li.post(prepare, offer | {"giver_password": PASSWORD}).status_code == 302
    handover = Handover.objects.get()
    signed = {"receiver_username": "wang", "receiver_password": PASSWORD, "token": "c"}
    assert li.post(reverse("custody:sign", args=[handover.pk]), signed).status_code == 302
    keeper = as_keeper(client, world)
    assert keeper.get(reverse("custody:handover", args=[handover.pk])).status_code == 200
    assert keeper.post(reverse("custody:check", args=[handover.pk]), {"token": "d"}).status_code == 302
    with writing():
        place = Place.objects.create(branch=world.branch, code="A-1")
    assert keeper.post(reverse("files:shelve", args=[file.pk]), {"place": place.pk, "token": "e"}).status_code == 302
    assert keeper.post(reverse("files:electronic", args=[file.pk]), {"token": "f"}).status_code == 302
    book = keeper.get(reverse("custody:book")).content.decode()
    assert "Li" in book and "Wang" in book
    assert keeper.get(reverse("custody:handovers")).status_code == 200
    assert "A-1" in keeper.get(reverse("files:file", args=[file.pk])).content.decode()


def test_a_scan_goes_up_and_is_served_by_its_own_type(li, world):
    intake(li, world)
    record = Record.objects.get(line="contract")
    upload = SimpleUploadedFile("../../evil.html", b"%PDF-1.7 x", content_type="text/html")
    assert li.post(reverse("files:add-scan", args=[record.pk]), {"scan": upload, "token": "s"}).status_code == 302
    answer = li.get(reverse("files:scan", args=[record.scans.get().pk]))
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content == b"%PDF-1.7 x"


CLOSED_PAPER = """
pack: closed-paper
language: 1
edition: "1"
title: {zh: 合同不得翻阅, en: Contracts are closed}
clauses:
  - id: "8"
    zh: 合同只由档案管理员翻阅。
    en: Only the archivist looks at a contract.
    rules: [{forbid: {act: record.read, except_who: [archivist], when: {record.kind: [contract]}}}]
"""


def test_a_scan_whose_kind_a_clause_closes_is_shown_to_nobody_else_and_the_clause_is_quoted(li, world):
    intake(li, world)
    record = Record.objects.get(line="contract")
    upload = SimpleUploadedFile("contract.pdf", b"%PDF-1.7 x", content_type="application/pdf")
    li.post(reverse("files:add-scan", args=[record.pk]), {"scan": upload, "token": "s"})
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug="closed-paper", file_name="92-closed-paper.yaml", edition="1", text=CLOSED_PAPER,
            sha256=hashlib.sha256(CLOSED_PAPER.encode()).hexdigest(), approved_by=world.wang, in_force_from=TODAY,
        )  # fmt: skip
    url = reverse("files:scan", args=[record.scans.get().pk])
    refused = li.get(url)
    assert refused.status_code == 403 and b"%PDF" not in refused.content
    assert "合同只由档案管理员翻阅" in refused.content.decode()
    assert as_keeper(li, world).get(url).status_code == 200


def test_an_edit_keeps_what_is_left_empty(li, world):
    intake(li, world)
    file = File.objects.get()
    url = reverse("files:edit", args=[file.pk])
    assert li.get(url).status_code == 200
    assert li.post(url, {"field_owner": "王芳", "token": "x"}).status_code == 302
    page = li.get(reverse("files:file", args=[file.pk])).content.decode()
    assert "王芳" in page and "13800001111" in page


def test_an_import_is_uploaded_checked_and_its_template_and_failures_come_down(client, world):
    keeper = as_keeper(client, world)
    assert keeper.get(reverse("files:imports")).status_code == 200
    data = "车架号,客户名称,手机\nLSVAM4187C2184841,李四,13800001111\nBAD,王五,1\n".encode("gb18030")
    sheet = SimpleUploadedFile("x.csv", data)
    answer = keeper.post(reverse("files:imports"), {"kind": "thing", "upload": sheet, "token": "u"})
    run = Import.objects.get()
    assert answer.headers["Location"] == reverse("files:import", args=[run.pk])
    assert keeper.get(answer.headers["Location"]).status_code == 200
    assert keeper.post(reverse("files:import-start", args=[run.pk]), {"token": "v"}).status_code == 302
    assert keeper.get(reverse("files:import", args=[run.pk])).status_code == 200
    assert keeper.get(reverse("files:import-failed", args=[run.pk])).content.startswith(b"PK")
    assert keeper.get(reverse("files:import-template", args=["thing"])).content.startswith(b"PK")


def test_a_progress_bar_that_asks_after_the_end_is_told_to_load_the_page_anew(client, world):
    keeper = as_keeper(client, world)
    sheet = SimpleUploadedFile("x.csv", "车架号,客户名称,手机\nLSVAM4187C2184841,李四,13800001111\n".encode())
    url = keeper.post(reverse("files:imports"), {"kind": "thing", "upload": sheet, "token": "u"}).headers["Location"]
    with writing():
        Import.objects.update(status="running")
    running = keeper.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in running and "<html" not in running
    with writing():
        Import.objects.update(status="done")
    ended = keeper.get(url, headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true" and ended.content == b""


def test_every_screen_in_english_too(li, world):
    intake(li, world)
    for name in ("files:list", "files:open", "files:reception", "files:imports", "custody:handovers", "custody:book"):
        assert li.get(reverse(name), headers={"Accept-Language": "en"}).status_code == 200


def test_what_happens_next_stands_above_the_papers_on_a_narrow_page_too(world, client):
    file = thing(world)
    contact = {"contact_name": "Qin", "contact_phone": "13800001111", "verified": True}
    job = open_job(**world.by(world.li), file=file, what="visit", job_kinds=["repair"], **contact).result
    client.force_login(world.li)
    for url, key in (
        (reverse("files:file", args=[file.pk]), "delivered"),
        (reverse("files:job", args=[job.pk]), "ended"),
    ):
        page = client.get(url).content.decode()
        assert page.index(f'id="on_{key}"') < page.index('name="state_'), "the milestone comes before the first line"
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today)
    page = client.get(reverse("files:file", args=[file.pk])).content.decode()
    assert 'id="on_delivered"' not in page and f"交付 · {world.today.isoformat()}" in page
