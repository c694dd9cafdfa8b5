"""No page asks the database more than twelve times, and a long list asks as often as a short one.

Counted are the statements on both databases that read or write rows, session and user included; every list has rows,
and no key of a file is known yet, as on a day with a million files.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from bench.pages import Counter
from kedang.adoptions.models import Adoption, Confirmation
from kedang.approvals.models import Approval
from kedang.custody.models import Handover
from kedang.custody.services import offer_handover, sign_handover
from kedang.duties.models import Duty
from kedang.files.importing import upload_import
from kedang.files.labels import code_of
from kedang.files.models import File, Import, Incident, Job, Place, Record, Volume
from kedang.files.place_services import register_place
from kedang.files.record_services import add_scan, answer_records
from kedang.files.services import open_file, open_job, reach_file
from kedang.inspections.models import Inspection, InspectionLine
from kedang.journal import keys
from kedang.journal.guard import writing
from kedang.journal.models import Refusal
from kedang.loans.models import Consultation, Loan, LoanPaper, Use
from kedang.office.adoption_services import change_draft, draft_policy, propose_policy
from kedang.office.approval_services import request_approval
from kedang.office.staff_services import employ_person, reset_password
from kedang.rulebook.pack import Consent
from kedang.sanctions.models import Breach
from kedang.staff.models import Person, PostHolding
from tests.apps.lender_world import answer, make_lender, project
from tests.apps.office_world import make_office
from tests.apps.test_adoption import CASES, SCHOOL
from tests.apps.test_urls_by_post import TABLE

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MOST = 12
FEW, MANY = 5, 15
TABS = (
    ("files:list", {"tab": "mine"}), ("office:breaches", {"tab": "all"}), ("web:journal", {"kind": "refusals"}),
    ("loans:list", {"tab": "requested"}), ("loans:list", {"tab": "returned"}), ("loans:list", {"tab": "mine"}),
)  # fmt: skip
# This house keeps no lists and no certificates: test_inner_lists and test_certificate_screens count these pages.
OF_CERTIFICATES = {f"certificates:{one}" for one in ("sheet", "receipt", "reveal", "file", "slip", "give-back")}
NOT_PRINTED = {
    "custody:list-print",
    "files:label",  # leads on to the page of its thing
    *OF_CERTIFICATES,
}
LOANS = ("requested", "issued", "returned")
PAGES = [row for row in TABLE if row[2] == "get" and 405 not in row[3]]
LISTS = [*((name, {}) for name, arguments, *_rest in PAGES if not arguments), *TABS]


def add_files(world: SimpleNamespace, number: int) -> None:
    """Files of Li's, delivered and offered; every second one received, each with a job, a breach and a request."""
    start = File.objects.count()
    for no in range(start, start + number):
        values = {
            "vin": f"LSVNX41Z{no:09d}", "owner": "单雄信", "contact": "秦琼", "mobile": f"138{no:08d}",
            "address": "历城县1号", "origin": "sold-here", "plate": f"沪A{no:05d}",
        }  # fmt: skip
        given = {"branch": world.branch, "kind": "vehicle", "values": values, "roles": {"consultant": world.li}}
        file = open_file(**world.by(world.li), **given).result
        reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today)
        rows = Record.objects.filter(file=file)
        answers = {
            str(one.pk): {"state": "to_follow" if one.line == "insurance" else "present", "reason": "later"}
            for one in rows
        }
        answer_records(**world.by(world.li), file=file, job=None, answers=answers)
        given = {"file": file, "job": None, "checklist": "new-vehicle", "giver": world.li, "receiver": world.sun}
        offered = offer_handover(**world.by(world.li), **given, how="password").result
        if no % 2:
            sign_handover(**world.by(world.sun), handover=offered, signer=world.sun, how="password")
        contact = {"contact_name": "秦琼", "contact_phone": "13800001111", "verified": True}
        open_job(**world.by(world.zhou), file=file, what="visit", job_kinds=["maintenance"], **contact)
        world.breach((world.li, world.wang, world.zhou)[no % 3], world.today)
        add_rest(world, file, no)
        add_loan(world, file, LOANS[no % 3])


def add_loan(world: SimpleNamespace, file: File, status: str) -> None:
    """A loan of Li's that has come as far as ``status``, with a paper, and somebody who reads the file now."""
    volume = Volume.objects.get(file=file)
    asked = {"branch": world.branch, "file": file, "purpose": "for a claim"}
    days = {"requested_on": world.today, "due_on": world.today - timedelta(days=1)}
    given = {"issued_on": world.today, "issued_by": world.sun} if status != "requested" else {}
    with writing():
        loan = Loan.objects.create(**asked, **days, **given, volume=volume, borrower=world.li, status=status)
        LoanPaper.objects.create(loan=loan, record=Record.objects.filter(file=file)[0])
        inspection = Inspection.objects.create(
            branch=world.branch, round="storage", place=world.shelf, held_on=world.today, held_by=world.sun, findings=1
        )
        for other in File.objects.all():
            InspectionLine.objects.create(
                inspection=inspection, no=other.pk, thing="volume", ref=volume.pk, file=other, outcome="missing"
            )
        read = Consultation.objects.create(**asked, reader=world.wang, opened_at=world.now, opened_by=world.sun)
        paper = Record.objects.filter(file=file)[0]
        went = asked | {"taker": "workshop", "recorded_on": world.today, "recorded_by": world.sun}
        for kind, thing in (("file", ""), ("consultation", str(read.pk)), ("record", str(paper.pk))):
            Use.objects.create(**went, kind=kind, thing=thing)
        Incident.objects.create(
            branch=world.branch, file=file, kind="lost", person=world.li, cause="moved", happened_on=world.today,
            reported_on=world.today, reported_by=world.sun,
        )  # fmt: skip


def add_rest(world: SimpleNamespace, file: File, no: int) -> None:
    """A request, a refusal, an import and a colleague beside a file."""
    rule = next(iter(world.book.rules_of(Consent)), None)
    if rule is not None:
        asked = {"clause": rule.ref, "act": rule.act, "about": ("file", str(file.pk)), "purpose": "for a claim"}
        request_approval(**world.by(world.li), branch=world.branch, **asked)
    with writing():
        Refusal.objects.create(
            act="file.open", subject_kind="file", subject_id=str(file.pk), branch=world.branch, actor=world.li,
            clauses="07:7.2.3a", recorded_at=world.now, hash=b"",
        )  # fmt: skip
        Import.objects.create(branch=world.branch, kind="vehicle", status="done", author=world.li, started_at=world.now)
        one = Person.objects.create_user(f"colleague{no}", None, name=f"Colleague {no}")
        PostHolding.objects.create(person=one, branch=world.branch, post="sales-consultant", since=world.today)
        Confirmation.objects.create(adoption=world.policy, person=one, confirmed_on=world.today)


@pytest.fixture
def world(settings) -> SimpleNamespace:
    from kedang.adoptions.queries import book_for

    made = make_office()
    settings.CLOCK = lambda: made.now
    with writing():
        for name, post in (("chen", "general-manager"), ("ruan", "administrator")):
            one = Person.objects.create_user(name, None, name=name.title())
            PostHolding.objects.create(person=one, branch=made.branch, post=post, since=made.today)
            setattr(made, name, one)
        made.policy = Adoption.objects.get(branch=made.branch, file_name__startswith="07-")
    made.book = book_for(made.branch, made.today)
    made.rack = register_place(**made.by(made.sun), branch=made.branch, code="A").result
    made.shelf = register_place(**made.by(made.sun), branch=made.branch, code="A-1", parent=made.rack).result
    add_files(made, FEW)
    made.inspection = Inspection.objects.latest("pk")
    return made


def asked(client, url: str, query: dict[str, str] | None = None) -> tuple[int, int]:
    """Status and number of statements of a page of which nothing is known yet."""
    keys.cache.clear()
    with Counter() as counter:
        answer = client.get(url, query or {})
    return answer.status_code, counter.number


def real(world: SimpleNamespace) -> dict[str, dict[str, object]]:
    """Arguments that name things which are there, by address."""
    file, job = File.objects.order_by("pk")[0], Job.objects.order_by("pk")[0]
    sheet = "\n".join(["vin,owner", *(f"no number {no},单雄信" for no in range(FEW))]).encode()
    given = {"branch": world.branch, "kind": "vehicle", "data": sheet, "past": False}
    sheet_import = upload_import(**world.by(world.sun), **given).result.pk
    said = {"text": SCHOOL, "name": "school.yaml", "cases": CASES}
    given = {"username": "mei", "name": "Mei", "password": "once-once-once", "post": "auditor"}
    mei = employ_person(**world.by(world.ruan), branch=world.branch, **given).result  # waits for whoever confirms it
    reset_password(**world.by(world.ruan), branch=world.branch, person=world.qian, password="once-once-once")
    draft = draft_policy(**world.by(world.ruan), branch=world.branch, **said).result
    change_draft(**world.by(world.ruan), draft=draft, in_force_from=world.today)
    propose_policy(**world.by(world.ruan), draft=draft)
    scan = add_scan(**world.by(world.li), record=Record.objects.filter(file=file)[0], data=b"%PDF-1.7 x").result
    return {
        **{name: {"pk": file.pk} for name in OF_CERTIFICATES},
        "loans:file": {"pk": file.pk},
        "loans:uses": {"pk": file.pk},
        "loans:loan": {"pk": Loan.objects.filter(status="issued")[0].pk},
        "custody:list": {"pk": file.pk},
        "custody:list-print": {"pk": file.pk},
        "custody:handover": {"pk": Handover.objects.filter(status="received")[0].pk},
        "custody:prepare": {"pk": file.pk, "checklist": "new-vehicle"},
        "custody:supply": {"pk": file.pk, "checklist": "new-vehicle"},
        "files:file": {"pk": file.pk},
        "files:edit": {"pk": file.pk},
        "files:incidents": {"pk": file.pk},
        "files:customer": {"pk": file.customer_id},
        "files:act-on-customer": {"pk": file.customer_id, "what": "consent"},
        "files:act-on-file": {"pk": file.pk, "what": "close"},
        "files:act-on-record": {"pk": Record.objects.filter(file=file)[0].pk, "what": "withdraw"},
        "files:receive": {"pk": file.pk},
        "files:place": {"pk": world.shelf.pk},
        "inspections:inspection": {"pk": world.inspection.pk},
        "files:edit-place": {"pk": world.shelf.pk},
        "files:place-labels": {"pk": world.shelf.pk},
        "files:file-labels": {"pk": file.pk},
        "files:label": {"code": code_of("place", world.shelf.pk)},
        "files:scan": {"pk": scan.pk},
        "files:reveal": {"pk": file.values.get(field="mobile").pk},
        "files:job": {"pk": job.pk},
        "files:import": {"pk": sheet_import},
        "files:import-failed": {"pk": sheet_import},
        "files:import-template": {"kind": "vehicle"},
        "office:policy": {"number": "07"},
        "office:clause": {"ref": "07:7.4.1a"},
        "office:duty": {"pk": Duty.objects.filter(bound__person=world.li)[0].pk},
        "office:draft": {"pk": draft.pk},
        "office:wording": {"pk": draft.pk},
        "office:draft-cases": {"pk": draft.pk},
        "office:new-clause": {"pk": draft.pk},
        "office:draft-clause": {"pk": draft.pk, "ref": "1"},
        "office:declared": {"pk": draft.pk},
        "office:new-thing": {"pk": draft.pk, "address": "posts"},
        "office:thing": {"pk": draft.pk, "address": "posts/tutor"},
        "office:edition": {"pk": world.policy.pk},
        "office:person": {"pk": mei.pk},
        "office:approval": {"pk": Approval.objects.order_by("pk")[0].pk},
        "office:breach": {"pk": Breach.objects.filter(person=world.li)[0].pk},
    }


def test_no_page_takes_more_than_twelve_statements(client, world):
    there, wrong, shown = real(world), [], set()
    for person in (world.li, world.chen, world.ruan):
        client.force_login(person)
        client.get(reverse("web:help"))
        for name, arguments, _method, _statuses in PAGES:
            assert not arguments or name in there, f"{name} is asked for nothing that is there"
            status, number = asked(client, reverse(name, kwargs=there.get(name, {})))
            shown |= {name} if status == 200 else set()
            if number > MOST:
                wrong.append((person.username, name, status, number))
    assert wrong == [], "\n".join(map(str, wrong))
    assert set(there) - shown == NOT_PRINTED  # each was really there for one of them


def test_a_list_of_fifteen_takes_as_many_statements_as_one_of_five(client, world):
    def counted() -> dict[object, int]:
        found = {}
        for person in (world.li, world.sun, world.chen, world.ruan):
            client.force_login(person)
            client.get(reverse("web:help"))
            for name, query in LISTS:
                found[person.username, name, *query.values()] = asked(client, reverse(name), query)[1]
        return found

    few = counted()
    add_files(world, MANY - FEW)
    many = counted()
    assert many.keys() == few.keys()
    assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}


def test_a_place_of_fifteen_volumes_and_shelves_takes_as_many_statements_as_one_of_five(client, world):
    client.force_login(world.sun)
    pages = [("files:place", {}), ("files:place-labels", {}), ("files:place-labels", {"what": "volumes"})]

    def counted(number: int) -> list[tuple[int, int]]:
        with writing():
            Volume.objects.update(home=world.shelf)
            for no in range(Place.objects.filter(parent=world.shelf).count(), number):
                inner = Place.objects.create(branch=world.branch, code=f"A-1-{no:02d}", parent=world.shelf)
                Place.objects.filter(pk=inner.pk).update(path=f"{world.shelf.path}{inner.pk}/")
        client.get(reverse("web:help"))
        return [asked(client, reverse(name, args=[world.shelf.pk]), query) for name, query in pages]

    few = counted(FEW)
    assert all(status == 200 and number <= MOST for status, number in few)
    add_files(world, MANY - FEW)
    assert counted(MANY) == few


def test_a_search_takes_at_most_twelve_statements(client, world):
    client.force_login(world.li)
    number = File.objects.order_by("pk")[2].number
    for text in ("单", "单雄信", "dxx", "0001", "沪A00003", number, number[-5:]):
        keys.cache.clear()
        with Counter() as counter:
            client.post(reverse("files:search"), {"q": text})
        assert counter.number <= MOST, text


def test_the_loans_of_a_file_take_at_most_twelve_statements_where_loans_need_a_consent(client):
    """In the lender's house: the consents that somebody holds are read as well, and the archivist has all forms."""
    lender = make_lender()
    file = project(lender)
    answer(lender, file)
    found = {}
    for person in (lender.shu, lender.ai):
        client.force_login(person)
        client.get(reverse("web:help"))
        found[person.username] = asked(client, reverse("loans:file", args=[file.pk]))
    assert {who: status for who, (status, _number) in found.items()} == {"shu": 200, "ai": 200}
    assert {who: number for who, (_status, number) in found.items() if number > MOST} == {}
    page = client.get(reverse("loans:file", args=[file.pk])).content.decode()
    assert "Ai" in page
