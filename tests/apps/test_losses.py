"""What goes wrong with a file: reported, priced by a clause, settled; and one sheet missing at the return of a loan."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.files import incident_services as incidents
from kedang.files.models import File, Incident, Place, Record, Volume
from kedang.files.place_services import shelve_volume
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.replay import disagreements
from kedang.loans import services
from kedang.loans.loss_services import report_loss
from kedang.loans.models import Loan
from kedang.loans.rules import for_duty, kinds_asked, kinds_of, of_copy
from kedang.sanctions.models import Breach
from tests.apps.files_world import TODAY, make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PACK = """
pack: losing-house
language: 1
edition: "1"
title: {zh: 借阅遗失, en: Losses}
posts: {chief: {zh: 总监, en: Chief}}
words: {errand: {zh: 外勤, en: errand}}
records: {medal: {zh: 奖章, en: Medal, type: object}, tape: {zh: 录音, en: Tape, type: audio}}
incidents: {lost: {zh: 丢失, en: mislaid}, leak: {zh: 外泄, en: leak}}
clauses:
  - id: "1"
    zh: 借出的资料须完整归还；遗失的，每件罚款二十元。
    en: What was lent comes back complete; each piece lost costs twenty yuan.
    rules:
      - require: {act: loan.check, that: {loan.complete: "yes"}}
      - sanction: {for: {incident: lost}, fine_cny: 20, per: piece, decided_by: [chief]}
      - require: {act: incident.close, when: {incident.kind: leak}, that: {incident.measures: "yes"}}
  - id: "2"
    zh: 实物不出借；录音只借复制件；外勤借阅须本人有未办的事项。
    en: Objects are not lent, recordings only as copies; an errand needs something that its borrower owes.
    rules:
      - forbid: {act: loan.issue, when: {loan.kind: object}}
      - require: {act: loan.issue, when: {loan.kind: tape}, that: {loan.of_copy: "yes"}}
      - require: {act: loan.issue, when: {loan.kind: errand}, that: {loan.for_duty: "yes"}}
      - duty:
          {after: loan.issued, when: {loan.kind: errand}, who: [loan.borrower], about: loan, done_by: loan.returned,
           by: end-of-day}
"""


@pytest.fixture
def world():
    """A file with a contract and a photo of 15 pages each on a shelf, in a house that prices losses."""
    made = make_world()
    with writing():
        made.shelf = Place.objects.create(branch=made.branch, code="A-01", name="")
        Adoption.objects.create(
            branch=made.branch, slug="losing-house", file_name="91-losing-house.yaml", edition="1", text=PACK,
            sha256=hashlib.sha256(PACK.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
            hearing_record="heard",
        )  # fmt: skip
    tell_the_founding()
    made.file = open_file(
        **made.by(made.wang), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    records = {str(one.pk): {"state": "present", "pages": "15"} for one in Record.objects.filter(file=made.file)}
    answer_records(**made.by(made.wang), file=made.file, answers=records)
    volume = Volume.objects.select_related("file__branch", "holder").get(file=made.file)
    shelve_volume(**made.by(made.wang), volume=volume, place=made.shelf)
    return made


def slip(world, kind: str = "") -> Loan:
    """A slip by Li."""
    volume = Volume.objects.select_related("file__branch", "holder").get(file=world.file)
    until = TODAY + timedelta(days=3)
    form = {"volume": volume, "purpose": "核对合同", "until": until, "kind": kind}
    return services.request_loan(**world.by(world.li), **form).result


def came_back(world) -> Loan:
    """A loan that Li has brought back."""
    loan = services.issue_loan(**world.by(world.wang), loan=slip(world)).result
    return services.return_loan(**world.by(world.wang), loan=loan).result


def count(loan: Loan, *missing: str) -> dict[str, bool]:
    """What is found of each paper, but for the named lines."""
    return {str(one.pk): one.record.line not in missing for one in loan.papers.select_related("record")}


def settled(world, incident: Incident) -> None:
    """The archivist writes down how it was dealt with."""
    incidents.close_incident(**world.by(world.wang), incident=incident, handling="已补办复印件")


def test_one_sheet_missing_is_not_counted_as_complete_until_its_loss_is_settled(world):
    loan = came_back(world)
    form = {"loan": loan, "found": count(loan), "pages_back": 29}
    with pytest.raises(Refused) as refused:
        services.check_loan(**world.by(world.wang), **form, unmarked=True, note="缺第12页")
    assert "91:1" in refused.value.answer.clauses
    incident = report_loss(**world.by(world.wang), **form, kind="lost", note="缺第12页").result
    assert (incident.person, incident.pieces, incident.on_loan, incident.status) == (world.li, 1, True, "open")
    with pytest.raises(Refused):
        services.check_loan(**world.by(world.wang), **form, unmarked=True, note="缺第12页")
    settled(world, incident)
    services.check_loan(**world.by(world.wang), **form, unmarked=True, note="缺第12页")
    loan.refresh_from_db()
    volume = Volume.objects.get(file=world.file)
    assert (loan.status, loan.complete, loan.pages_back) == ("closed", False, 29)
    assert (volume.status, volume.place) == ("shelved", world.shelf)
    assert list(disagreements()) == []


def test_a_settled_loss_covers_what_was_reported_and_nothing_more(world):
    loan = came_back(world)
    said = {"loan": loan, "found": count(loan), "pages_back": 29}
    settled(world, report_loss(**world.by(world.wang), **said, kind="lost", note="缺一页").result)
    for more in ({"pages_back": 28}, {"found": count(loan, "photo")}):
        with pytest.raises(Refused):
            services.check_loan(**world.by(world.wang), **said | more, unmarked=True, note="又缺")
    loan.refresh_from_db()
    assert loan.status == "returned"


def test_papers_that_turn_up_again_close_the_loan_without_waiting_for_the_settlement(world):
    loan = came_back(world)
    report_loss(**world.by(world.wang), loan=loan, found=count(loan, "photo"), pages_back=15, kind="lost", note="照片")
    services.check_loan(**world.by(world.wang), loan=loan, found=count(loan), pages_back=30, unmarked=True)
    loan.refresh_from_db()
    assert (loan.status, loan.complete) == ("closed", True)


def test_two_papers_lost_on_loan_cost_their_borrower_twice_twenty_and_are_missing_from_the_file(world):
    loan = came_back(world)
    lost = count(loan, "photo", "contract")
    report_loss(**world.by(world.wang), loan=loan, found=lost, pages_back=0, kind="lost", note="两件均遗失")
    breach = Breach.objects.get(kind="incident", name="lost")
    assert (breach.person, breach.units, breach.file) == (world.li, 2, str(world.file.pk))
    file = File.objects.get(pk=world.file.pk)
    assert (file.complete, file.missing) == (False, 2)
    assert set(Record.objects.filter(file=file).values_list("state", flat=True)) == {"missing"}
    assert all("两件均遗失" in one for one in Record.objects.filter(file=file).values_list("reason", flat=True))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"kind": "fire"}, "kind"), ({"note": " "}, "note"), ({"pages_back": 30}, "pages_back")],
)
def test_a_report_that_says_too_little_is_answered_at_its_field_and_changes_nothing(world, said, field):
    loan = came_back(world)
    form = {"found": count(loan), "pages_back": 29, "kind": "lost", "note": "缺一页"} | said
    with pytest.raises(Invalid) as wrong:
        report_loss(**world.by(world.wang), loan=loan, **form)
    assert set(wrong.value.errors) == {field}
    assert not Incident.objects.exists() and not Event.objects.filter(name="incident.reported").exists()


def test_a_loss_is_reported_once(world):
    loan = came_back(world)
    said = {"loan": loan, "found": count(loan), "pages_back": 29, "kind": "lost", "note": "缺一页"}
    report_loss(**world.by(world.wang), **said)
    with pytest.raises(Invalid):
        report_loss(**world.by(world.wang), **said)
    assert Incident.objects.count() == 1


def test_an_incident_names_who_answers_for_it_or_nobody_and_only_the_named_are_priced(world):
    form = {"file": world.file, "kind": "lost", "happened_on": TODAY, "pieces": 3, "cause": "搬柜时遗失"}
    incidents.report_incident(**world.by(world.li), **form)
    assert not Breach.objects.exists()
    incidents.report_incident(**world.by(world.li), **form, person=world.wang)
    assert Breach.objects.get().units == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [({"kind": "fire"}, "kind"), ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"), ({"cause": ""}, "cause"),
     ({"pieces": 0}, "pieces")],
)  # fmt: skip
def test_a_wrong_report_of_an_incident_is_answered_at_its_field(world, said, field):
    form = {"kind": "lost", "happened_on": TODAY, "pieces": 1, "cause": "遗失"} | said
    with pytest.raises(Invalid) as wrong:
        incidents.report_incident(**world.by(world.li), file=world.file, **form)
    assert set(wrong.value.errors) == {field}


def test_whoever_may_do_nothing_here_reports_nothing(world):
    with pytest.raises(Refused):
        incidents.report_incident(**world.by(world.zhao), file=world.file, kind="lost", happened_on=TODAY, cause="遗失")
    assert not Incident.objects.exists()


def test_what_a_clause_wants_at_the_settlement_is_wanted_and_it_is_settled_once(world):
    leak = incidents.report_incident(
        **world.by(world.li), file=world.file, kind="leak", happened_on=TODAY, cause="误发邮件"
    ).result
    with pytest.raises(Refused):
        settled(world, leak)
    done = {"incident": leak, "handling": "已通知", "measures": "外发须两人核对"}
    incidents.close_incident(**world.by(world.wang), **done)
    leak.refresh_from_db()
    assert (leak.status, leak.closed_by, leak.measures) == ("closed", world.wang, "外发须两人核对")
    with pytest.raises(Invalid):
        incidents.close_incident(**world.by(world.wang), **done)
    assert list(disagreements()) == []


def test_a_changed_incident_in_the_table_is_named_by_the_replay(world):
    row = incidents.report_incident(
        **world.by(world.li), file=world.file, kind="lost", happened_on=TODAY, pieces=2, cause="遗失"
    ).result
    with writing():
        Incident.objects.filter(pk=row.pk).update(pieces=1)
    assert ["pieces" in str(one) for one in disagreements()] == [True]


def relined(world, line: str, kind: str, form: str = "original") -> None:
    """A paper of the file is of another kind."""
    with writing():
        Record.objects.filter(file=world.file, line=line).update(kind=kind, form=form)


def test_an_object_among_the_papers_keeps_the_file_from_being_lent(world):
    relined(world, "photo", "medal")
    loan = slip(world)
    assert set(kinds_of(loan, TODAY)) == {"thing", "contract", "document", "medal", "object"}
    with pytest.raises(Refused) as refused:
        services.issue_loan(**world.by(world.wang), loan=loan)
    assert "91:2" in refused.value.answer.clauses


def test_a_recording_goes_out_as_a_copy_whatever_lies_beside_it(world):
    relined(world, "photo", "tape")
    loan = slip(world)
    assert not of_copy(loan, TODAY)
    with pytest.raises(Refused):
        services.issue_loan(**world.by(world.wang), loan=loan)
    relined(world, "photo", "tape", form="copy")
    assert of_copy(loan, TODAY)
    assert services.issue_loan(**world.by(world.wang), loan=loan).result.status == "issued"


def test_the_kind_that_only_the_borrower_knows_is_asked_and_the_others_are_not(world):
    from kedang.adoptions.queries import book_for

    assert kinds_asked(book_for(world.branch, TODAY)) == ["errand"]
    with pytest.raises(Invalid) as wrong:
        slip(world, kind="holiday")
    assert set(wrong.value.errors) == {"kind"}


def test_a_loan_for_a_duty_is_given_to_whoever_owes_something_on_the_file_and_is_due_the_same_day(world):
    from kedang.duties.models import Duty
    from kedang.files.services import reach_file

    loan = slip(world, kind="errand")
    assert not for_duty(loan)
    with pytest.raises(Refused):
        services.issue_loan(**world.by(world.wang), loan=loan)
    reach_file(**world.by(world.li), file=world.file, milestone="delivered", on=TODAY)
    assert for_duty(loan)
    services.issue_loan(**world.by(world.wang), loan=loan)
    assert Duty.objects.get(clause="91:2", about_kind="loan").due_on == TODAY


def test_the_count_stays_as_typed_when_a_clause_refuses_it_and_the_loss_is_reported_from_the_same_form(client, world):
    loan = came_back(world)
    client.force_login(world.wang)
    photo = loan.papers.get(record__line="photo")
    form = {f"paper_{one.pk}": "found" for one in loan.papers.all()} | {
        f"paper_{photo.pk}": "missing", "pages_back": "15", "unmarked": "on", "note": "照片遗失", "kind": "lost",
    }  # fmt: skip
    refused = client.post(reverse("loans:check", args=[loan.pk]), form | {"token": "count"})
    shown = refused.content.decode()
    assert refused.status_code == 403 and "借出的资料须完整归还" in shown and "照片遗失" in shown
    assert shown.count('<option value="missing" selected>') == 1
    assert client.post(reverse("loans:loss", args=[loan.pk]), form | {"token": "loss"}).status_code == 302
    incident = Incident.objects.get()
    page = client.get(reverse("loans:loan", args=[loan.pk])).content.decode()
    assert "照片遗失" in page and reverse("files:incidents", args=[world.file.pk]) in page
    wrong = client.post(reverse("files:settle", args=[incident.pk]), {"token": "settle", "handling": " "})
    assert wrong.status_code == 422
    client.post(reverse("files:settle", args=[incident.pk]), {"token": "settled", "handling": "已补拍"})
    assert client.post(reverse("loans:check", args=[loan.pk]), form | {"token": "again"}).status_code == 302
    loan.refresh_from_db()
    assert loan.status == "closed"


def test_the_page_of_incidents_reports_and_hides_from_whoever_may_not_know_of_the_file(client, world):
    url = reverse("files:incidents", args=[world.file.pk])
    client.force_login(world.zhao)
    assert client.get(url).status_code == 404
    client.force_login(world.li)
    assert "没有发生过事故" in client.get(url).content.decode()
    form = {"token": "one", "kind": "leak", "happened_on": TODAY.isoformat(), "cause": "误发", "pieces": "1"}
    assert client.post(url, form | {"cause": ""}).status_code == 422
    assert client.post(url, form | {"person": str(world.wang.pk)}).status_code == 302
    assert Incident.objects.get().person == world.wang
    assert "误发" in client.get(url).content.decode()
