"""``kedang verify --state`` names each row that is not as the journal tells it."""

from __future__ import annotations

import copy
import hashlib
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from kedang.adoptions.models import Adoption
from kedang.approvals.models import Approval, Reply, Step
from kedang.custody import services as custody
from kedang.custody.models import Handover, HandoverLine, Signature
from kedang.duties.models import Duty
from kedang.files.models import FieldValue, File, FileRole, Job, Milestone, Place, Record, Volume
from kedang.files.place_services import shelve_volume
from kedang.files.record_services import answer_records
from kedang.files.services import complete_electronic, open_file, open_job, reach_file, reach_job
from kedang.journal.commands import verify_main
from kedang.journal.guard import writing
from kedang.journal.replay import disagreements
from kedang.journal.telling import keep
from kedang.loans import services as loans
from kedang.loans.models import Loan, LoanPaper
from kedang.office import approval_services as approvals
from kedang.office import staff_services as staff
from kedang.office.appointment_services import confirm_post
from kedang.office.models import HeldReset
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from tests.apps.files_world import NOW, TODAY, make_world, values
from tests.apps.founded import LONG_AGO, tell_the_founding
from tests.apps.test_approvals import CLAUSE, CONSENT

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def lend(world, until: date):
    """Li asks, Wang gives out."""
    world.volume.refresh_from_db()
    slip = loans.request_loan(**world.by(world.li), volume=world.volume, purpose="核对", until=until).result
    return loans.issue_loan(**world.by(world.wang), loan=slip).result


def through_the_house(world: SimpleNamespace) -> None:
    """A file opened, completed, delivered, handed over, shelved, lent, taken back and lent again; a visit beside it."""
    world.file = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result
    reach_file(**world.by(world.li), file=world.file, milestone="delivered", on=TODAY - timedelta(days=3))
    complete_electronic(**world.by(world.wang), file=world.file)
    answers = {str(one.pk): {"state": "present", "pages": "2"} for one in Record.objects.filter(file=world.file)}
    answer_records(**world.by(world.li), file=world.file, answers=answers)
    handover = custody.offer_handover(
        **world.by(world.li), file=world.file, job=None, checklist="new-thing", giver=world.li, receiver=world.wang,
        how="password",
    ).result  # fmt: skip
    custody.sign_handover(**world.by(world.wang), handover=handover, signer=world.wang, how="password")
    custody.check_handover(**world.by(world.wang), handover=handover, found={})
    world.volume = Volume.objects.get(file=world.file)
    shelve_volume(**world.by(world.wang), volume=world.volume, place=world.shelf)
    loan = lend(world, TODAY + timedelta(days=2))
    loans.return_loan(**world.by(world.wang), loan=loan)
    found = {str(one.pk): True for one in loan.papers.all()}
    loans.check_loan(**world.by(world.wang), loan=loan, found=found, pages_back=loan.pages_out, unmarked=True)
    lend(world, TODAY + timedelta(days=5))
    job = open_job(
        **world.by(world.li), file=world.file, what="visit", job_kinds=["repair"], contact_name="单雄信",
        contact_phone="13800001111", verified=True,
    ).result  # fmt: skip
    reach_job(**world.by(world.li), job=job, milestone="ended", on=TODAY)


def among_the_staff(world: SimpleNamespace) -> None:
    """Somebody is taken on, entrusts a colleague, loses a post and leaves; a consent is asked for and given."""
    by = world.by
    mei = staff.employ_person(
        **by(world.admin), branch=world.branch, username="mei", name="梅", password="once-once-once", post="seller"
    ).result
    staff.entrust_posts(
        **by(mei), branch=world.branch, person=mei, deputy=world.li, since=TODAY, until=TODAY + timedelta(days=9)
    )
    lent = PostHolding.objects.get(person=world.li, deputy=True)
    staff.end_post(**by(world.admin), branch=world.branch, person=world.li, holding=lent, until=TODAY)
    staff.leave(**by(world.admin), branch=world.branch, person=mei, last_day=TODAY + timedelta(days=30))
    staff.release(**by(world.admin), branch=world.branch, person=mei)
    for name in ("hua", "kai"):
        staff.employ_person(
            **by(world.admin), branch=world.branch, username=name, name=name, password="once-once-once", post="auditor"
        )
    hers = Appointment.objects.get(person__username="hua")
    confirm_post(**by(world.boss), branch=world.branch, appointment=hers)
    staff.reset_password(**by(world.admin), branch=world.branch, person=world.boss, password="once-once-once")
    given = {"clause": CLAUSE, "act": "file.edit", "about": ("file", str(world.file.pk))}
    asked = approvals.request_approval(**by(world.li), branch=world.branch, **given).result
    approvals.grant_approval(**by(world.wang), approval=asked)


def lived_in() -> SimpleNamespace:
    """Everything that moves a row which the journal tells."""
    made = make_world()
    with writing():
        Adoption.objects.create(
            branch=made.branch, slug="test-consent", file_name="91-test-consent.yaml", edition="1", text=CONSENT,
            sha256=hashlib.sha256(CONSENT.encode()).hexdigest(), approved_by=made.wang, in_force_from=LONG_AGO,
        )  # fmt: skip
        made.shelf = Place.objects.create(branch=made.branch, code="A-01", name="")
        made.admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=made.admin, branch=made.branch, post="administrator", since=LONG_AGO)
        made.boss = Person.objects.create_user("boss", "correct horse battery", name="Boss")
        PostHolding.objects.create(person=made.boss, branch=made.branch, post="manager", since=LONG_AGO)
    tell_the_founding()
    through_the_house(made)
    among_the_staff(made)
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(lived_in)


@pytest.fixture
def world(built):
    return copy.deepcopy(built)


def found() -> list[str]:
    return [str(one) for one in disagreements(TODAY)]


def test_what_the_commands_wrote_agrees_with_what_they_told(world, capsys):
    assert found() == []
    assert verify_main(["--state"], NOW) == 0
    assert "intact" in capsys.readouterr().out


CHANGES = [
    (File, {}, {"number": "PD-2026-99999"}),
    (File, {}, {"complete": False}),
    (File, {}, {"electronic": "none"}),
    (File, {}, {"opened_on": date(2026, 1, 1)}),
    (FileRole, {}, {"person_id": "wang"}),
    (FileRole, {}, {"since": date(2026, 1, 1)}),
    (Job, {}, {"number": "PD-2026-00001-9"}),
    (Job, {}, {"status": "open"}),
    (Place, {}, {"code": "A-02"}),
    (Place, {}, {"capacity": 7}),
    (Record, {"state": "present", "line": "contract"}, {"state": "missing"}),
    (Record, {"state": "present", "line": "contract"}, {"pages": 3}),
    (FieldValue, {"field": "serial"}, {"declined": True}),
    (Step, {}, {"all_of": True}),
    (Reply, {}, {"by_id": "zhao"}),
    (HandoverLine, {"record__line": "contract"}, {"state": "missing"}),
    (Signature, {"party": "giver"}, {"person_id": "zhao"}),
    (Loan, {"status": "closed"}, {"pages_back": 99}),
    (LoanPaper, {"loan__status": "closed", "record__line": "contract"}, {"state": "missing"}),
    (Branch, {}, {"code": "ANOTHER"}),
    (Milestone, {"job": None}, {"date": date(2026, 11, 1)}),
    (Milestone, {"job__isnull": False}, {"date": date(2026, 11, 1)}),
    (Volume, {}, {"holder_id": "zhao"}),
    (Volume, {}, {"status": "held"}),
    (Handover, {}, {"status": "received"}),
    (Handover, {}, {"giver_id": "zhao"}),
    (Handover, {}, {"receiver_id": "zhao"}),
    (Handover, {}, {"received_on": date(2026, 11, 1)}),
    (Handover, {}, {"checked_on": date(2026, 11, 1)}),
    (Approval, {}, {"status": "denied"}),
    (Approval, {}, {"expires_on": date(2030, 1, 1)}),
    (PostHolding, {"person__username": "wang"}, {"post": "guard"}),
    (PostHolding, {"person__username": "mei"}, {"since": date(2026, 1, 1)}),
    (PostHolding, {"person__username": "mei"}, {"until": None}),
    (PostHolding, {"deputy": True}, {"until": date(2026, 12, 31)}),
    (PostHolding, {"person__username": "hua"}, {"confirmed_by_id": "wang"}),
    (PostHolding, {"person__username": "hua"}, {"given_by_id": "wang"}),
    (Appointment, {"person__username": "hua"}, {"answered_by_id": "wang"}),
    (Appointment, {"person__username": "kai"}, {"given_by_id": "wang"}),
    (Appointment, {"person__username": "kai"}, {"post": "guard"}),
    (HeldReset, {}, {"given_by_id": "wang"}),
    (HeldReset, {}, {"decides": True}),
    (Adoption, {"slug": "test-consent"}, {"sha256": "0" * 64}),
    (Adoption, {"slug": "test-consent"}, {"in_force_from": date(2019, 1, 1)}),
    (Adoption, {"slug": "test-consent"}, {"ended_on": date(2026, 12, 1)}),
]


@pytest.mark.parametrize(
    ("model", "which", "change"), CHANGES, ids=[f"{one[0].__name__}-{next(iter(one[2]))}" for one in CHANGES]
)
def test_a_changed_row_is_named_with_its_column(world, model, which, change):
    ((column, value),) = change.items()
    if column.endswith("_id"):
        value = getattr(world, value).pk
    with writing():
        row = model.objects.get(**which)
        assert model.objects.filter(pk=row.pk).update(**{column: value}) == 1
    said = f"{model._meta.label}:{row.pk} says {column} = {value}, the journal says "
    named, *more = found()
    assert said in named
    assert all("is not what was approved" in one for one in more)  # an altered edition opens no duty any more
    assert verify_main(["--state"], NOW) == 1


def test_a_volume_moved_to_another_shelf_is_named(world):
    loan = Volume.objects.get().loans.get(status="issued")
    loans.return_loan(**world.by(world.wang), loan=loan)
    papers = {str(one.pk): True for one in loan.papers.all()}
    loans.check_loan(**world.by(world.wang), loan=loan, found=papers, pages_back=loan.pages_out, unmarked=True)
    assert found() == []
    with writing():
        other = Place.objects.create(branch=world.branch, code="B-07", name="")
        Volume.objects.update(place=other)
    moved, stranger = sorted(found())
    assert f"place_id = {other.pk}, the journal says {world.shelf.pk}" in moved
    assert stranger == f"files.Place:{other.pk}: the table knows a row that the journal does not"


def test_a_post_from_nowhere_is_named(world):
    with writing():
        row = PostHolding.objects.create(person=world.zhao, branch=world.branch, post="administrator", since=TODAY)
    assert found() == [f"staff.PostHolding:{row.pk}: the table knows a row that the journal does not"]


def test_a_milestone_that_is_gone_is_named(world):
    row = Milestone.objects.get(job=None)
    with writing():
        Milestone.objects.filter(pk=row.pk).delete()
    (one,) = found()
    assert f"the journal knows files.Milestone:{row.pk}, the table does not" in one


def test_a_sealed_column_is_never_told():
    with pytest.raises(TypeError, match="sealed"):
        keep(FieldValue, "field", "sealed")


def test_a_table_whose_writings_nobody_notes_is_never_kept():
    with pytest.raises(TypeError, match="not Noted"):
        keep(Duty, "status")
