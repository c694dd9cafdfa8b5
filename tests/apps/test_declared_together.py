"""Two policies in one branch that use the same keys: of different kinds of file, and of one kind that both govern."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import book_for
from kedang.files import kinds
from kedang.files.forms import ROLE, FileForm
from kedang.files.models import Record
from kedang.files.record_services import answer_records
from kedang.files.services import open_file, open_job
from kedang.journal.guard import writing
from kedang.loans import rules as loans
from kedang.loans.models import Loan
from kedang.staff.models import PostHolding
from tests.apps.files_world import NOW, TODAY, make_world, values
from tests.apps.office_world import POLICIES

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ENGLISH = {"Accept-Language": "en"}
DAILY, SERVICE = "03-property-daily-work.yaml", "05-property-customer-service.yaml"


def in_force(world, name, text):
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug=name[:-5], file_name=name, edition="1", text=text, approved_by=world.wang,
            sha256=hashlib.sha256(text.encode()).hexdigest(), in_force_from=date(2020, 1, 1),
        )  # fmt: skip


@pytest.fixture
def property_house(settings):
    """A branch under 03 and 05, with the file of a household and that of a client."""
    settings.CLOCK = lambda: NOW
    made = make_world()
    for name in (DAILY, SERVICE):
        in_force(made, name, (POLICIES / name).read_text("utf-8"))
    with writing():
        for who, post in ((made.li, "service-clerk"), (made.wang, "file-keeper")):
            PostHolding.objects.create(person=who, branch=made.branch, post=post, since=date(2020, 1, 1))
    by = {**made.by(made.li), "branch": made.branch}
    made.household = open_file(
        **by, kind="unit-file", values={"unit": "3-301", "name": "秦叔宝"}, roles={"keeper": made.wang}
    ).result
    by = {**made.by(made.li), "branch": made.branch}
    made.client = open_file(**by, kind="client", values={"unit": "5-501", "name": "长安商行"}, roles={}).result
    return made


def lines(file, checklist, job=None):
    rows = Record.objects.filter(file=file, job=job, checklist=checklist).order_by("pk")
    return list(rows.values_list("line", flat=True))


def test_each_file_has_the_whole_list_of_its_own_policy(property_house):
    world = property_house
    assert len(lines(world.household, "contents")) == 10 and len(lines(world.client, "contents")) == 12
    assert len(lines(world.household, "supplements")) == 3 and lines(world.client, "supplements") == []
    jobs = {}
    for file in (world.household, world.client):
        jobs[file] = open_job(
            **world.by(world.li), file=file, what="matter", job_kinds=["fit-out"], contact_name="程咬金",
            contact_phone="13800000000", verified=True,
        ).result  # fmt: skip
    assert lines(world.household, "fit-out", jobs[world.household]) == [
        "fit-out-application", "fit-out-permit", "deposit-record", "fit-out-acceptance",
    ]  # fmt: skip
    assert lines(world.client, "fit-out", jobs[world.client]) == [
        "fit-out-application", "fit-out-drawings", "fit-out-permit", "fit-out-acceptance",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [
        ("household", ("The ten kinds of papers", "Base-data sheet"), ("The twelve kinds", "registration form")),
        ("client", ("The twelve kinds of papers", "Client file registration form"), ("The ten kinds", "Base-data")),
    ],
)
def test_each_page_names_lists_and_papers_as_its_own_policy_does(property_house, client, kind, there, not_there):
    world = property_house
    client.force_login(world.li)
    file = getattr(world, kind)
    page = client.get(reverse("files:file", args=[file.pk]), headers=ENGLISH).content.decode()
    assert all(one in page for one in there) and not any(one in page for one in not_there)


def test_the_set_of_a_handover_is_called_as_the_files_own_policy_calls_it(property_house, client):
    world = property_house
    client.force_login(world.li)
    for file, name in ((world.household, "The ten kinds of papers"), (world.client, "The twelve kinds of papers")):
        where = reverse("custody:prepare", args=[file.pk, "contents"])
        assert name in client.get(where, headers=ENGLISH).content.decode()


SAME_KIND = """
pack: second
language: 1
edition: "1"
title: {zh: 第二制度, en: Second policy}
posts: {engineer: {zh: 工程师, en: Engineer, is: [clerk]}}
files:
  thing:
    zh: 设备档案
    en: Equipment file
    one_per: serial
    roles: {seller: {zh: 工程师, en: Engineer, post: engineer}, engineer: {zh: 工程师, en: Engineer, post: engineer}}
    milestones: {scrapped: {zh: 报废, en: Scrapped}}
    fields:
      mobile: {zh: 电话, en: Telephone, type: mobile, grade: secret, strength: gate}
      serial: {zh: 编号, en: Serial, type: vin, grade: open, strength: optional}
      maker: {zh: 制造商, en: Maker, type: text, grade: open, find: exact, strength: complete}
records:
  contract: {zh: 购货合同, en: Purchase contract, grade: secret}
  photo: {zh: 相片, en: Picture, type: photo}
  manual: {zh: 说明书, en: Manual, type: video}
checklists:
  new-thing:
    zh: 设备资料
    en: Equipment set
    file: thing
    lines: [{line: manual}, {line: photo, form: copy}]
clauses:
  - {id: "1", zh: 条款, en: A clause, rules: [show]}
"""


@pytest.fixture
def one_kind(settings):
    """The house of things, and a second policy that declares things too."""
    settings.CLOCK = lambda: NOW
    made = make_world()
    in_force(made, "91-second.yaml", SAME_KIND)
    made.roles = {"seller": made.li, "engineer": made.wang}
    made.open = lambda **changes: (
        open_file(
            **made.by(made.li), branch=made.branch, kind="thing", values=values(**changes), roles=made.roles
        ).result
    )
    return made


def test_a_file_of_a_kind_that_two_policies_govern_has_the_fields_and_papers_of_both(one_kind, client):
    file = one_kind.open(maker="长安厂")
    assert {one.field: one.grade for one in file.values.all() if one.field in ("mobile", "serial", "maker")} == {
        "mobile": "secret", "serial": "personal", "maker": "open",
    }  # fmt: skip
    assert lines(file, "new-thing") == ["contract", "photo", "manual"]
    assert dict(Record.objects.filter(file=file).values_list("line", "form")) == {
        "contract": "original", "photo": "copy", "manual": "unspecified",
    }  # fmt: skip
    assert (file.missing, file.complete) == (3, False)
    client.force_login(one_kind.li)
    page = client.get(reverse("files:file", args=[file.pk]), headers=ENGLISH).content.decode()
    assert all(one in page for one in ("New set", "Contract", "Manual", "Maker", "Scrapped", "Delivered"))
    assert "Equipment set" not in page and "Purchase contract" not in page


def test_what_one_policy_makes_a_gate_is_one_for_the_kind(one_kind):
    with pytest.raises(Invalid) as caught:
        one_kind.open(mobile="")
    assert "mobile" in caught.value.errors


def test_the_form_for_a_file_offers_the_people_of_both_policies(one_kind):
    with writing():
        PostHolding.objects.create(
            person=one_kind.zhao, branch=one_kind.branch, post="engineer", since=date(2020, 1, 1)
        )
    form = FileForm(kinds.file_kinds(book_for(one_kind.branch, TODAY))["thing"], one_kind.branch, TODAY)
    offered = {
        name: [str(label) for _pk, label in field.choices[1:]]
        for name, field in form.fields.items()
        if name.startswith(ROLE)
    }
    assert offered == {f"{ROLE}seller": ["Li", "Zhao"], f"{ROLE}engineer": ["Zhao"]}


def test_a_paper_is_what_the_policies_of_its_file_say(one_kind):
    file = one_kind.open()
    book = book_for(one_kind.branch, TODAY)
    assert kinds.record_kinds(book, "thing")["contract"].grade == "secret"
    answers = {str(one.pk): {"state": "present"} for one in file.records.all()}
    answer_records(**one_kind.by(one_kind.wang), file=file, answers=answers)
    loan = Loan(branch=one_kind.branch, file=file, borrower=one_kind.li)
    assert {"manual", "video", "photo"} <= {*loans.kinds_of(loan, TODAY)}
