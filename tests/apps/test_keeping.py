"""What is done to a file that is kept, to its papers and to its customer, with the right and without it."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.customers import services as customers
from kedang.customers.models import Agreement, Customer
from kedang.duties.models import Duty
from kedang.files import keeping_services, paper_services, record_services
from kedang.files.models import File, Record
from kedang.files.services import open_file, reach_file
from kedang.files.sheets import read
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from tests.apps.files_world import CARD, make_world, values
from tests.rulebook.small import HEAD

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    made = make_world()
    made.file = open_file(
        **made.by(made.li), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    made.paper = Record.objects.get(file=made.file, line="contract")
    return made


def here(world):
    answers = {str(world.paper.pk): {"state": "present"}}
    record_services.answer_records(**world.by(world.li), file=world.file, answers=answers)
    world.paper.refresh_from_db()
    return world.paper


def last():
    return Event.objects.order_by("-pk").first()


def test_a_confirmed_file_says_by_whom(world):
    keeping_services.confirm_file(**world.by(world.li), file=world.file, how="customer")
    world.file.refresh_from_db()
    assert (world.file.confirmed_on, world.file.confirmed_how) == (world.today, "customer")
    assert last().name == "file.confirmed"
    with pytest.raises(Invalid):
        keeping_services.confirm_file(**world.by(world.li), file=world.file, how="dream")


def test_nobody_checks_a_file_where_no_clause_names_him(world):
    with pytest.raises(Refused):
        keeping_services.verify_file(**world.by(world.zhao), file=world.file, how="against the papers")
    world.file.refresh_from_db()
    assert world.file.verified_on is None and Refusal.objects.filter(act="file.verify").count() == 1


def test_the_open_duties_of_a_role_move_with_it(world):
    reach_file(**world.by(world.li), file=world.file, milestone="delivered", on=world.today)
    owed = Duty.objects.get(file=str(world.file.pk))
    assert [one.person for one in owed.bound.all()] == [world.li]
    with pytest.raises(Refused):
        keeping_services.assign_file(**world.by(world.li), file=world.file, role="seller", to=world.wang, reason="away")
    keeping_services.assign_file(**world.by(world.wang), file=world.file, role="seller", to=world.wang, reason="away")
    owed.refresh_from_db()
    assert [one.person for one in owed.bound.all()] == [world.wang]
    assert world.file.roles.get(role="seller").person == world.wang
    with pytest.raises(Invalid):
        keeping_services.assign_file(**world.by(world.wang), file=world.file, role="king", to=world.li, reason="back")


def test_a_file_is_closed_once_with_its_reason(world):
    with pytest.raises(Refused):
        keeping_services.close_file(**world.by(world.li), file=world.file, reason="ended")
    keeping_services.close_file(**world.by(world.wang, "close"), file=world.file, reason="ended")
    keeping_services.close_file(**world.by(world.wang, "close"), file=world.file, reason="ended")
    assert File.objects.get().closed_on == world.today and Event.objects.filter(name="file.closed").count() == 1
    with pytest.raises(Invalid):
        keeping_services.close_file(**world.by(world.wang), file=world.file, reason="again")


def test_the_check_of_a_paper_says_who_signed(world):
    with pytest.raises(Invalid):
        paper_services.check_record(**world.by(world.wang), record=world.paper)
    paper = here(world)
    with pytest.raises(Refused):
        paper_services.check_record(**world.by(world.li), record=paper, signed=["customer"], sides=2, pages=3)
    paper.refresh_from_db()
    assert paper.checked_on is None and not paper.signed
    paper_services.check_record(**world.by(world.wang), record=paper, signed=["staff", "customer"], sides=2, pages=3)
    paper.refresh_from_db()
    assert (paper.signed, paper.sides, paper.pages, paper.checked_by) == ("customer,staff", 2, 3, world.wang)


def test_a_paper_supplied_later_is_missing_no_more(world):
    before = File.objects.get().missing
    paper_services.supply_record(**world.by(world.li), record=world.paper)
    assert File.objects.get().missing == before - 1 and last().name == "record.supplied"
    world.paper.refresh_from_db()
    with pytest.raises(Invalid):
        paper_services.supply_record(**world.by(world.li), record=world.paper)


def allow_taking_out(world):
    """A second policy, which means these files by name: whoever says why takes a paper out."""
    rule = "permit: {act: record.withdraw, who: [anyone], when: {act.reason: 'yes', file.kind: thing}}"
    text = f"{HEAD}  - id: '1'\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n"
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug="small", file_name="91-small.yaml", edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=world.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip


def test_a_paper_taken_out_leaves_its_line_and_its_reason(world):
    paper = here(world)
    with pytest.raises(Refused):
        paper_services.withdraw_record(**world.by(world.wang), record=paper, reason="sent back")
    paper.refresh_from_db()
    assert paper.state == "present"
    allow_taking_out(world)
    paper_services.withdraw_record(**world.by(world.wang), record=paper, reason="sent back")
    paper.refresh_from_db()
    assert (paper.state, paper.reason) == ("withdrawn", "sent back") and not File.objects.get().complete


AGREED = {"scope": "general", "purpose": "service", "notice": "privacy notice", "version": "3", "how": "paper"}


def test_an_agreement_names_its_notice_and_is_withdrawn_without_a_reason(world):
    customer = world.file.customer
    with pytest.raises(Invalid) as wrong:
        customers.record_consent(**world.by(world.li), customer=customer, **{**AGREED, "version": " "})
    assert set(wrong.value.errors) == {"version"}
    customers.record_consent(**world.by(world.li), customer=customer, **AGREED)
    customers.record_objection(**world.by(world.li), customer=customer)
    customer.refresh_from_db()
    assert customer.objected_on == world.today and Agreement.objects.get().withdrawn_on == world.today
    customers.record_consent(**world.by(world.li), customer=customer, **AGREED)
    customer.refresh_from_db()
    assert customer.objected_on is None and customer.agreements.filter(withdrawn_on=None).count() == 1


def test_a_customer_known_already_is_not_made_twice(world):
    given = {"branch": world.branch, "kind": "person", "name": "秦琼", "phone": "13900002222"}
    made = customers.open_customer(**world.by(world.li), **given).result
    assert made.collector == world.li
    with pytest.raises(customers.KnownAlready) as known:
        customers.open_customer(**world.by(world.li), **given)
    assert known.value.customer == made
    with pytest.raises(Refused):
        customers.open_customer(**world.by(world.zhao), **{**given, "name": "罗成"})
    assert Customer.objects.count() == 2


def test_a_sheet_holds_what_the_viewer_reads_and_leaves_an_event(world, client):
    client.force_login(world.wang)
    url = reverse("files:act-on-file", args=[world.file.pk, "export"])
    assert client.post(url, {"purpose": ""}).status_code == 422
    answer = client.post(url, {"purpose": "audit", "marked": "on"})
    head, rows = read(answer.content)
    assert answer["Content-Type"].endswith("sheet") and "audit" in head[-1]
    assert [world.file.number] == [row[1] for row in rows][:1]
    assert CARD not in str(rows)
    assert last().name == "file.exported"


def test_the_pages_of_a_customer_work_without_script(world, client):
    client.force_login(world.li)
    page = client.get(reverse("files:customer", args=[world.file.customer_id]))
    assert page.status_code == 200
    url = reverse("files:act-on-customer", args=[world.file.customer_id, "consent"])
    assert client.get(url).status_code == 200
    assert client.post(url, AGREED).status_code == 302
    assert Agreement.objects.get().version == "3"
    url = reverse("files:act-on-customer", args=[world.file.customer_id, "object"])
    assert client.post(url, {"sure": "yes"}).status_code == 302
    assert Agreement.objects.get().withdrawn_on is not None
    made = client.post(reverse("files:new-customer"), {"kind": "person", "name": "程咬金", "phone": "13700003333"})
    assert made.status_code == 302
    for what in ("verify", "confirm", "assign", "print"):
        assert client.get(reverse("files:act-on-file", args=[world.file.pk, what])).status_code == 200
    assert client.get(reverse("files:act-on-record", args=[world.paper.pk, "check"])).status_code == 200
