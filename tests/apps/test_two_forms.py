"""Pack 01 at work: who has a customer file in hand reads it and nobody else, and what is lost is made good."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

import kedang
from kedang.acts.answers import Refused
from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import book_for
from kedang.approvals.models import Approval
from kedang.custody import services as custody
from kedang.customers import services as customers
from kedang.duties.models import Duty
from kedang.files import incident_services as incidents
from kedang.files import keeping_services, kinds, paper_services, record_services, services
from kedang.files.forms import FileForm
from kedang.files.models import File, Record, Volume
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import entry
from kedang.loans import reading_services
from kedang.loans import services as loans
from kedang.office import approval_services as approvals
from kedang.office import staff_services as staff
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import weigh
from kedang.staff.models import Person, PostHolding
from tests.apps.files_world import PASSWORD, TODAY, make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PACK = Path(kedang.__file__).parent / "policies" / "01-elderly-health-products.yaml"
POSTS = {"rep": "satisfaction-rep", "gao": "sales-manager", "kang": "cs-manager", "chen": "chief-doctor"}
MORE = {"sun": "sales-supervisor", "zong": "general-manager"}
FORM = {"name": "程咬金", "event": "gathering", "bought": "yes", "census": "独居", "feedback": "满意"}
AGREED = {"scope": "general", "purpose": "建立顾客档案", "notice": "告知书", "version": "1", "how": "paper"}


@pytest.fixture
def world():
    """A branch under pack 01 and the common rules, with the people whom its clauses name."""
    made = make_world()
    with writing():
        Adoption.objects.filter(branch=made.branch, slug="90-test-house.yaml").delete()
        text = PACK.read_text("utf-8")
        Adoption.objects.create(
            branch=made.branch, slug="elderly-health-products", file_name=PACK.name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
            hearing_record="heard",
        )  # fmt: skip
        for name, post in (POSTS | MORE).items():
            person = Person.objects.create_user(f"{name}-01", PASSWORD, name=name.title())
            PostHolding.objects.create(person=person, branch=made.branch, post=post, since=date(2020, 1, 1))
            setattr(made, name, person)
    return made


def open_customer(world, **said: str) -> File:
    """A customer file that the representative in charge opened and filled in after the event of today."""
    customer = customers.open_customer(
        **world.by(world.rep), branch=world.branch, kind="person", name=FORM["name"]
    ).result
    customers.record_consent(**world.by(world.rep), customer=customer, **AGREED)
    roles = {"rep": world.rep, "doctor": world.chen}
    file = services.open_file(
        **world.by(world.rep), branch=world.branch, kind="customer", values=FORM | said, roles=roles, customer=customer
    ).result
    answers = {str(one.pk): {"state": "present"} for one in Record.objects.filter(file=file)}
    record_services.answer_records(**world.by(world.rep), file=file, answers=answers)
    return File.objects.get(pk=file.pk)


def made(world, **said: str) -> File:
    """A customer file that is finished and made."""
    file = open_customer(world, **said)
    services.reach_file(**world.by(world.rep), file=file, milestone="at-event", on=TODAY)
    services.complete_electronic(**world.by(world.rep), file=file)
    services.reach_file(**world.by(world.rep), file=file, milestone="made", on=TODAY)
    return File.objects.get(pk=file.pk)


def hand_over(world, file: File, giver: Person, receiver: Person) -> None:
    papers = {"file": file, "job": None, "checklist": "customer-file", "giver": giver, "receiver": receiver}
    offered = custody.offer_handover(**world.by(giver), **papers, how="session").result
    custody.sign_handover(**world.by(receiver), handover=offered, signer=receiver, how="session")


def readers(world, file: File) -> set[str]:
    """Who reads the personal values of a file."""
    there = File.objects.get(pk=file.pk)
    return {name for name in POSTS if Viewer(getattr(world, name), world.branch, TODAY).reads("personal", there)}


def owed(file: File) -> dict[str, set[str]]:
    """The clauses of pack 01 under which something is owed on a file, each with the people bound."""
    found: dict[str, set[str]] = {}
    for duty in Duty.objects.filter(file=str(file.pk), status="open", clause__startswith="01:"):
        found.setdefault(duty.clause, set()).update(duty.bound.values_list("person__username", flat=True))
    return found


def test_a_customer_file_is_read_by_whoever_has_it_in_hand_and_by_the_doctor(world):
    file = made(world)
    assert readers(world, file) == {"rep", "chen"}
    hand_over(world, file, world.rep, world.gao)
    assert readers(world, file) == {"gao", "chen"}
    hand_over(world, file, world.gao, world.chen)
    assert readers(world, file) == {"chen"}


def test_the_representative_in_charge_reads_it_again_while_it_is_lent_for_a_visit(world):
    file = made(world)
    hand_over(world, file, world.rep, world.gao)
    hand_over(world, file, world.gao, world.chen)
    volume = Volume.objects.select_related("file__branch", "holder").get(file=file)
    slip = {"volume": volume, "purpose": "回访", "until": TODAY, "kind": "visit"}
    loan = loans.request_loan(**world.by(world.rep), **slip).result
    loan = loans.issue_loan(**world.by(world.chen), loan=loan).result
    assert readers(world, file) == {"rep", "chen"}
    assert owed(file)["01:1.2.9c"] == {"rep-01"}
    loans.return_loan(**world.by(world.chen), loan=loan)
    assert readers(world, file) == {"chen"} and "01:1.2.9c" not in owed(file)


def test_neither_archivist_lets_anybody_read_a_customer_file_on_the_spot_unasked(world):
    file = made(world)
    for keeper in (world.kang, world.chen):
        with pytest.raises(Refused) as caught:
            reading_services.open_consultation(**world.by(keeper), file=file, reader=world.gao, purpose="核对")
        assert caught.value.answer.clauses == {"01:1.2.10e"}


def test_a_file_not_made_from_its_event_on_is_owed_by_the_representative(world):
    file = open_customer(world)
    assert owed(file)["01:1.2.3"] == {"rep-01"}
    with pytest.raises(Refused) as caught:
        services.reach_file(**world.by(world.rep), file=file, milestone="made", on=TODAY)
    assert caught.value.answer.clauses == {"01:1.2.3", "01:1.2.4"}


def test_a_lost_customer_file_is_priced_by_its_clause_and_made_good_by_the_next_paper(world):
    file = made(world)
    lost = {"kind": "lost", "happened_on": TODAY, "cause": "回访途中遗失", "person": world.rep}
    incidents.report_incident(**world.by(world.rep), file=file, **lost)
    proposal = weigh(list(Breach.objects.all()))[0].proposal
    assert proposal is not None and proposal.range == (50, 500) and proposal.clauses == {"01:1.2.10b"}
    assert owed(file)["01:1.2.10c"] == {"rep-01"}
    paper = Record.objects.select_related("file__branch").filter(file=file).first()
    with writing():
        Record.objects.filter(pk=paper.pk).update(state="missing")
    paper.refresh_from_db()
    paper_services.supply_record(**world.by(world.rep), record=paper)
    assert "01:1.2.10c" not in owed(file)


def test_a_finished_questionnaire_is_owed_to_the_sales_manager_by_its_collector(world):
    customer = customers.open_customer(**world.by(world.rep), branch=world.branch, kind="person", name="秦叔宝").result
    customers.record_consent(**world.by(world.rep), customer=customer, **AGREED)
    form = {"name": "秦叔宝", "birth": "1950-03-01", "phone": "02158880000", "address": "历城", "filled-by": "customer",
            "collector-signature": "罗成"}  # fmt: skip
    file = services.open_file(
        **world.by(world.rep), branch=world.branch, kind="questionnaire", values=form, customer=customer,
        roles={"collector": world.rep},
    ).result  # fmt: skip
    answers = {str(one.pk): {"state": "present"} for one in Record.objects.filter(file=file)}
    record_services.answer_records(**world.by(world.rep), file=file, answers=answers)
    with pytest.raises(Refused):
        services.complete_electronic(**world.by(world.kang), file=file, declared_true=True)
    services.complete_electronic(**world.by(world.rep), file=file, declared_true=True)
    assert owed(file) == {"01:1.1.6": {"rep-01"}}
    papers = {"file": file, "job": None, "checklist": "questionnaire", "how": "session"}
    offered = custody.offer_handover(**world.by(world.rep), **papers, giver=world.rep, receiver=world.gao).result
    custody.sign_handover(**world.by(world.gao), handover=offered, signer=world.gao, how="session")
    assert owed(file).keys() == {"01:1.1.7"}
    with pytest.raises(Refused) as caught:
        custody.offer_handover(**world.by(world.gao), **papers, giver=world.gao, receiver=world.kang)
    assert caught.value.answer.clauses == {"01:1.1.10a"}
    keeping_services.assign_file(**world.by(world.gao), file=file, role="rep", to=world.rep, reason="收集人跟进")
    assert owed(file).keys() == {"01:1.1.7", "01:1.1.10a"}
    offered = custody.offer_handover(**world.by(world.gao), **papers, giver=world.gao, receiver=world.kang).result
    custody.sign_handover(**world.by(world.kang), handover=offered, signer=world.kang, how="session")
    assert owed(file).keys() == {"01:1.1.7", "01:1.1.10b"}


def test_a_supervisor_who_collects_is_the_collector_and_nobody_is_in_charge_before_the_manager_says_so(world):
    customer = customers.open_customer(**world.by(world.sun), branch=world.branch, kind="person", name="罗士信").result
    customers.record_consent(**world.by(world.sun), customer=customer, **AGREED)
    form = FileForm(kinds.file_kinds(book_for(world.branch, TODAY))["questionnaire"], world.branch, TODAY)
    offered = {key for key, _name in form.fields["role_collector"].choices}
    assert {str(world.rep.pk), str(world.sun.pk)} <= offered and str(world.gao.pk) not in offered
    assert form.fields["role_collector"].required and not form.fields["role_rep"].required
    filled = {"name": "罗士信", "collector-signature": "孙"}
    given = {"branch": world.branch, "kind": "questionnaire", "values": filled, "customer": customer}
    with pytest.raises(Refused) as caught:
        services.open_file(**world.by(world.sun), **given, roles={"collector": world.sun, "rep": world.rep})
    assert caught.value.answer.clauses == {"01:1.1.7"}
    file = services.open_file(**world.by(world.sun), **given, roles={"collector": world.sun}).result
    assert [(one.role, one.person) for one in file.roles.all()] == [("collector", world.sun)]


def test_the_page_of_a_questionnaire_lets_a_supervisor_open_it_and_puts_nobody_in_charge(client, world, settings):
    settings.CLOCK = lambda: world.now
    customer = customers.open_customer(**world.by(world.sun), branch=world.branch, kind="person", name="罗士信").result
    customers.record_consent(**world.by(world.sun), customer=customer, **AGREED)
    client.force_login(world.sun)
    filled = {"kind": "questionnaire", "customer": customer.pk}
    shown = client.get(reverse("files:open"), filled)
    assert shown.context["answer"].allowed
    assert shown.context["form"].initial == {"role_collector": world.sun.pk}
    filled |= {"field_name": "罗士信", "role_collector": world.sun.pk, "role_rep": "", "token": "one"}
    assert client.post(reverse("files:open"), filled).status_code == 302
    assert [(one.role, one.person) for one in File.objects.get().roles.all()] == [("collector", world.sun)]


def test_a_word_of_the_general_manager_opens_no_customer_file_and_his_yes_does(world):
    file = made(world)
    asked = {"branch": world.branch, "clause": "01:1.2.10e", "act": "file.read", "about": ("file", str(file.pk))}
    row = approvals.request_approval(**world.by(world.gao), **asked, purpose="核对").result
    word = approvals.Oral(world.zong, world.now - timedelta(hours=1))
    with pytest.raises(Refused) as caught:
        approvals.grant_approval(**world.by(world.chen), approval=row, oral=word)
    assert caught.value.answer.clauses == {"01:1.2.10e"}
    approvals.grant_approval(**world.by(world.zong), approval=row)
    assert Approval.objects.get(pk=row.pk).status == "granted"


def test_a_non_buyer_who_objects_is_visited_no_more(world):
    file = made(world, bought="no")
    assert {"01:1.2.7.5", "01:1.2.7.6"} <= owed(file).keys()
    customers.record_objection(**world.by(world.rep), customer=file.customer)
    assert not {"01:1.2.7.5", "01:1.2.7.6"} & owed(file).keys()


def test_who_leaves_owes_the_files_in_hand_by_the_last_day(world):
    with writing():
        admin = Person.objects.create_user("an-01", PASSWORD, name="An")
        PostHolding.objects.create(person=admin, branch=world.branch, post="administrator", since=date(2020, 1, 1))
    last = TODAY + timedelta(days=20)
    staff.leave(**world.by(admin), branch=world.branch, person=world.rep, last_day=last)
    duty = Duty.objects.get(clause="01:1.2.12a")
    assert (duty.due_on, [one.person for one in duty.bound.all()]) == (last, [world.rep])
    told = Event.objects.get(name="person.left")
    assert entry(told).data["post"] == ["satisfaction-rep"]


def test_the_events_of_a_file_tell_what_rules_ask_of_them(world):
    file = made(world)
    paper = Record.objects.select_related("file__branch").filter(file=file, line="consent-form").get()
    record_services.add_scan(**world.by(world.rep), record=paper, data=b"%PDF-1.7 hello")
    customers.record_objection(**world.by(world.rep), customer=file.customer)
    incidents.report_incident(**world.by(world.rep), file=file, kind="damaged", happened_on=TODAY, cause="受潮")
    kept = {row.name: entry(row).data for row in Event.objects.filter(subject_kind="file", subject_id=str(file.pk))}
    for name in ("record.added", "scan.added", "file.completed", "customer.made", "incident.reported"):
        assert (kept[name]["file.kind"], kept[name]["file.segment"]) == ("customer", "buyer"), name
    assert kept["scan.added"]["record.kind"] == "consent-form"
    assert (kept["scan.added"]["customer.objected"], kept["incident.reported"]["customer.objected"]) == ("no", "yes")
