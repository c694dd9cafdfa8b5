"""The two-level archive's policy on the program's own commands: levels, groups, boxes, the owner's privacy."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files import keeping_services, paper_services, place_services, record_services
from kedang.files.models import FieldValue, Record
from kedang.files.rules import branch_facts, record_facts
from kedang.files.services import edit_file, open_file, open_job, reach_job
from kedang.journal.guard import writing
from kedang.loans import reading_services, use_services
from kedang.loans import services as loans
from kedang.office.approval_services import grant_approval, request_approval
from kedang.staff.models import Branch, Person, PostHolding
from kedang.web.ticking import tick
from tests.apps.files_world import BASE, make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PACK = BASE.with_name("14-property-enterprise-two-level-archive.yaml")
POSTS = {"zong": "enterprise-archivist", "xin": "centre-archivist", "hou": "centre-head", "gong": "employee"}


@pytest.fixture
def centre():
    world = make_world()
    with writing():
        branch = Branch.objects.create(code="ZX", name_zh="一中心", name_en="Centre one")
        for name, post in POSTS.items():
            person = Person.objects.create_user(name, "correct horse battery", name=name.title())
            PostHolding.objects.create(person=person, branch=branch, post=post, since=date(2020, 1, 1))
            setattr(world, name, person)
        for path in (BASE, PACK):
            text = path.read_text("utf-8")
            Adoption.objects.create(
                branch=branch, slug=path.stem, file_name=path.name, edition="1", text=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=world.hou, in_force_from=date(2020, 1, 1),
            )  # fmt: skip
    world.centre = branch
    return world


def owner_file(world, who):
    values = {"unit": "3-1-502", "owner": "单雄信", "phone": "13800001111", "identity": "11010519491231002X"}
    return open_file(**world.by(who), branch=world.centre, kind="owner", values=values, roles={}).result


def clauses(refused):
    return {ref for ref in refused.value.answer.clauses if ref.startswith("14:")}


def test_a_file_of_the_centre_is_opened_by_its_archivist_only(centre):
    with pytest.raises(Refused) as refused:
        owner_file(centre, centre.zong)
    assert clauses(refused) == {"14:14.2.4c"}
    assert owner_file(centre, centre.xin).number


def test_a_paper_of_an_owner_goes_under_the_group_of_owners(centre):
    file = owner_file(centre, centre.xin)
    record = Record.objects.get(file=file, line="move-in-notice")
    asked = frozenset({"record.group", "record.subgroup"})
    assert record_facts(record, asked, None) == {"record.group": "owners", "record.subgroup": ""}
    answers = {str(record.pk): {"state": "present"}}
    record_services.answer_records(**centre.by(centre.xin), file=file, answers=answers)
    record.refresh_from_db()
    assert record.state == "present"


def test_a_centre_without_a_room_shelves_nothing(centre):
    file = owner_file(centre, centre.xin)
    scene = type("Scene", (), {"today": centre.today})
    assert branch_facts(centre.centre, frozenset({"branch.rooms"}), scene) == {"branch.rooms": 0}
    place = place_services.register_place(**centre.by(centre.xin), branch=centre.centre, code="A-1").result
    done = place_services.shelve_volume(**centre.by(centre.xin), volume=file.volumes.get(), place=place)
    assert done.result.place == place


def test_the_branch_knows_the_posts_that_nobody_holds(centre):
    scene = type("Scene", (), {"today": centre.today})
    vacant = branch_facts(centre.centre, frozenset({"branch.vacant_posts"}), scene)["branch.vacant_posts"]
    assert "archive-room-head" in vacant and not set(POSTS.values()) & set(vacant)


def test_an_owners_identity_waits_for_the_head_and_the_owner(centre):
    file = owner_file(centre, centre.xin)
    value = FieldValue.objects.get(file=file, field="identity")
    with pytest.raises(Refused) as refused:
        record_services.reveal_value(**centre.by(centre.xin), value=value, purpose="call-back")
    assert refused.value.answer.verdict == "ask"
    assert clauses(refused) == {"14:14.5.14c", "14:14.5.14d"}


def estate_file(world, who):
    return open_file(
        **world.by(who), branch=world.centre, kind="estate", values={"estate": "金色花园"}, roles={}
    ).result


def shelved(centre, opened=estate_file, without=()):
    file = opened(centre, centre.xin)
    there = Record.objects.filter(file=file).exclude(line__in=without)
    records = {str(one.pk): {"state": "present", "pages": "2"} for one in there}
    record_services.answer_records(**centre.by(centre.xin), file=file, answers=records)
    place = place_services.register_place(**centre.by(centre.xin), branch=centre.centre, code="A-1").result
    return place_services.shelve_volume(**centre.by(centre.xin), volume=file.volumes.get(), place=place).result


def letting_file(world, who):
    values = {"unit": "3-1-502", "tenant": "程咬金"}
    return open_file(**world.by(who), branch=world.centre, kind="letting", values=values, roles={}).result


def asked_for(centre, volume):
    asked = {"volume": volume, "purpose": "repair", "until": centre.today + timedelta(days=7)}
    return loans.request_loan(**centre.by(centre.gong), **asked).result


def test_a_file_with_an_identity_proof_is_lent_with_consent_of_its_owner_too(centre):
    loan = asked_for(centre, shelved(centre, owner_file))
    with pytest.raises(Refused) as refused:
        loans.issue_loan(**centre.by(centre.xin), loan=loan)
    assert refused.value.answer.verdict == "ask" and clauses(refused) == {"14:14.5.14c", "14:14.5.14d"}


def test_a_letting_file_is_guarded_as_an_owners_is(centre):
    volume = shelved(centre, letting_file)
    with pytest.raises(Refused) as lent:
        loans.issue_loan(**centre.by(centre.xin), loan=asked_for(centre, volume))
    with pytest.raises(Refused) as printed:
        keeping_services.print_file(**centre.by(centre.xin), file=volume.file, purpose="for the meeting")
    assert clauses(lent) == {"14:14.5.14c"} and clauses(printed) == {"14:14.5.14c", "14:14.5.13.3a"}


@pytest.mark.parametrize(("opened", "owed"), [(estate_file, []), (letting_file, [("loan", "open")])])
def test_where_lent_papers_of_an_owner_went_is_to_be_recorded_the_same_day(centre, opened, owed):
    loan = asked_for(centre, shelved(centre, opened))
    if owed:
        agreed(centre, loan)
    loans.issue_loan(**centre.by(centre.xin), loan=loan)
    rows = Duty.objects.filter(clause="14:14.5.14e", due_on=centre.today)
    assert list(rows.values_list("about_kind", "status")) == owed


def agreed(centre, loan):
    wanted = {"clause": "14:14.5.14c", "act": "loan.issue", "about": ("file", str(loan.file_id))}
    approval = request_approval(**centre.by(centre.xin), branch=centre.centre, **wanted).result
    grant_approval(**centre.by(centre.hou), approval=approval)


def test_an_owners_papers_are_lent_once_the_head_of_the_centre_agreed(centre):
    volume = shelved(centre, owner_file, without=["identity-proof", "household-form"])
    loan = asked_for(centre, volume)
    with pytest.raises(Refused) as refused:
        loans.issue_loan(**centre.by(centre.xin), loan=loan)
    assert refused.value.answer.verdict == "ask" and clauses(refused) == {"14:14.5.14c"}
    agreed(centre, loan)
    assert loans.issue_loan(**centre.by(centre.xin), loan=loan).result.status == "issued"


def test_a_loan_is_late_after_seven_days_and_renewed_with_consent_only(centre):
    volume = shelved(centre)
    until = centre.today + timedelta(days=7)
    asked = {"volume": volume, "purpose": "repair", "until": until}
    loan = loans.request_loan(**centre.by(centre.gong), **asked).result
    loan = loans.issue_loan(**centre.by(centre.xin), loan=loan).result
    owed = Duty.objects.filter(clause__contains="13.1", about_kind="loan", about_id=str(loan.pk))
    due = {row.clause.partition(":")[2]: row.due_on for row in owed}
    assert due == {"14.5.13.1b": until, "14.5.13.1d": centre.today + timedelta(days=15)}
    later = centre.by(centre.gong) | {"now": centre.now + timedelta(days=1)}
    with pytest.raises(Refused) as refused:
        loans.renew_loan(**later, loan=loan, until=until + timedelta(days=1), reason="not done yet")
    assert refused.value.answer.verdict == "ask" and clauses(refused) == {"14:14.5.13.1c"}


def test_marks_on_what_comes_back_are_noted(centre):
    volume = shelved(centre)
    asked = {"volume": volume, "purpose": "repair", "until": centre.today + timedelta(days=7)}
    loan = loans.request_loan(**centre.by(centre.gong), **asked).result
    loan = loans.issue_loan(**centre.by(centre.xin), loan=loan).result
    loan = loans.return_loan(**centre.by(centre.xin), loan=loan).result
    found = {str(one.pk): True for one in loan.papers.all()}
    back = {"found": found, "pages_back": loan.pages_out, "unmarked": False}
    done = loans.check_loan(**centre.by(centre.xin), loan=loan, **back, note="a line on page 2")
    assert done.result.status == "closed"


KINDS = {"enterprise": ("zong", 25), "centre": ("xin", 29)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_of_the_two_levels_has_a_line_in_the_file_and_none_is_missed(centre, kind):
    who, lines = KINDS[kind]
    person, values = getattr(centre, who), {"subject": "2026", "frequency": "low"}
    file = open_file(**centre.by(person), branch=centre.centre, kind=kind, values=values, roles={}).result
    records = list(Record.objects.filter(file=file))
    assert len(records) == lines and file.complete
    groups = {record_facts(one, frozenset({"record.group"}), None)["record.group"] for one in records}
    assert "" not in groups and len(groups) == {"enterprise": 7, "centre": 5}[kind]
    answers = {str(one.pk): {"state": "present", "form": "original"} for one in records}
    record_services.answer_records(**centre.by(person), file=file, answers=answers)
    assert not Record.objects.filter(file=file).exclude(state="present").exists()


def test_what_was_printed_with_consent_is_to_be_checked_the_same_day(centre):
    file = estate_file(centre, centre.xin)
    wanted = {"clause": "14:14.5.13.3a", "act": "file.print", "about": ("file", str(file.pk))}
    approval = request_approval(**centre.by(centre.xin), branch=centre.centre, **wanted).result
    grant_approval(**centre.by(centre.hou), approval=approval)
    keeping_services.print_file(**centre.by(centre.xin), file=file, purpose="for the meeting")
    rows = Duty.objects.filter(clause="14:14.5.13.3b", about_id=str(file.pk))
    assert list(rows.values_list("due_on", "status")) == [(centre.today, "open")]
    said = {"taker": "工程部", "purpose": "repair", "copy": True, "checked": True}
    use_services.record_use(**centre.by(centre.xin), file=file, **said)
    assert [row.status for row in rows.all()] == ["kept"]


def test_a_seal_is_filed_without_pages_or_an_author_and_a_recording_is_described(centre):
    values = {"subject": "2026", "frequency": "low"}
    file = open_file(**centre.by(centre.xin), branch=centre.centre, kind="centre", values=values, roles={}).result
    seal, recording = (Record.objects.get(file=file, line=one) for one in ("business-seal", "audio-visual"))
    here = {str(one.pk): {"state": "present"} for one in (seal, recording)}
    record_services.answer_records(**centre.by(centre.xin), file=file, answers=here)
    tick(datetime.combine(centre.today + timedelta(days=1), time(2), UTC), sealing=False)
    rows = Duty.objects.filter(clause="14:14.4.10.1", about_kind="record")
    assert sorted(rows.values_list("about_id", flat=True)) == sorted(here)
    fresh = {one.line: one for one in Record.objects.filter(pk__in=here).select_related("file__branch")}

    def check(line, **said):
        by = centre.by(centre.xin) | {"now": centre.now + timedelta(days=1)}
        said = {f"record.{fact}": value for fact, value in said.items()}
        paper_services.check_record(**by, record=fresh[line], pages=0, said=said)

    check("business-seal", clear="no")
    with pytest.raises(Refused) as refused:
        check("audio-visual", clear="yes")
    assert clauses(refused) == {"14:14.4.10.5b"}
    check("audio-visual", clear="yes", described="yes")
    assert {row.status for row in rows.all()} == {"kept"}


def received(centre, file, what, kind, by):
    known = {"contact_name": "", "contact_phone": "", "verified": False}
    return open_job(**by, file=file, what=what, job_kinds=[kind], **known).result


def test_a_takeover_is_closed_with_its_three_papers_only(centre):
    job = received(centre, estate_file(centre, centre.xin), "takeover", "estate-takeover", centre.by(centre.xin))
    with pytest.raises(Refused) as refused:
        reach_job(**centre.by(centre.xin), job=job, milestone="closed", on=centre.today)
    assert clauses(refused) == {"14:14.3.7.2.2"}
    papers = {str(one.pk): {"state": "present"} for one in Record.objects.filter(job=job)}
    assert len(papers) == 3
    record_services.answer_records(**centre.by(centre.xin), file=job.file, job=job, answers=papers)
    job.refresh_from_db()
    assert reach_job(**centre.by(centre.xin), job=job, milestone="closed", on=centre.today).result.status == "closed"


@pytest.mark.parametrize(("what", "kind"), [("change", "sold"), ("new-terms", "tenant")])
def test_every_change_of_a_householder_or_a_letting_is_to_be_written_in(centre, what, kind):
    file = owner_file(centre, centre.xin) if what == "change" else letting_file(centre, centre.xin)
    rows = Duty.objects.filter(clause="14:14.3.7.3b", file=str(file.pk)).order_by("pk")
    for days in (0, 30):
        now = centre.now + timedelta(days=days)
        by = centre.by(centre.xin) | {"token": f"change {days}", "now": now}
        job = received(centre, file, what, kind, by)
        reach_job(**by | {"token": f"noted {days}"}, job=job, milestone="noted", on=now.date())
        assert rows.last().status == "open"
        edit_file(**by | {"token": f"edit {days}"}, file=file, values={"frequency": "low" if days else "high"})
    assert [row.status for row in rows.all()] == ["kept", "kept"]


def test_before_a_transfer_nobody_but_the_centres_archivist_shelves_its_files(centre):
    file = estate_file(centre, centre.xin)
    place = place_services.register_place(**centre.by(centre.xin), branch=centre.centre, code="A-1").result
    with pytest.raises(Refused) as refused:
        place_services.shelve_volume(**centre.by(centre.zong), volume=file.volumes.get(), place=place)
    assert clauses(refused) == {"14:14.4.8.1"}
    assert place_services.shelve_volume(**centre.by(centre.xin), volume=file.volumes.get(), place=place).result.place


def read_by(centre, file, reader):
    return reading_services.open_consultation(**centre.by(centre.xin), file=file, reader=reader, purpose="repair")


def test_a_file_marked_as_classified_is_read_with_consent_and_is_back_the_same_day(centre):
    file = estate_file(centre, centre.xin)
    assert file.secrecy == "general" and read_by(centre, file, centre.gong).result.pk
    assert not Duty.objects.filter(clause="14:14.5.12c").exists()
    edit_file(**centre.by(centre.xin), file=file, values={"secrecy": "classified"})
    with pytest.raises(Refused) as refused:
        read_by(centre, file, centre.hou)
    assert refused.value.answer.verdict == "ask" and clauses(refused) == {"14:14.5.12b"}
    wanted = {"clause": "14:14.5.12b", "act": "consultation.open", "about": ("file", str(file.pk))}
    approval = request_approval(**centre.by(centre.xin), branch=centre.centre, **wanted).result
    grant_approval(**centre.by(centre.hou), approval=approval)
    reading = read_by(centre, file, centre.hou).result
    owed = Duty.objects.get(clause="14:14.5.12c")
    assert (owed.about_id, owed.due_on, owed.status) == (str(reading.pk), centre.today, "open")


def test_what_is_classified_is_not_lent_until_it_is_marked_as_general_again(centre):
    volume = shelved(centre)
    edit_file(**centre.by(centre.xin), file=volume.file, values={"secrecy": "classified"})
    loan = asked_for(centre, volume)
    with pytest.raises(Refused) as refused:
        loans.issue_loan(**centre.by(centre.xin), loan=loan)
    assert clauses(refused) == {"14:14.5.12c"}
    edit_file(**centre.by(centre.xin) | {"token": "general"}, file=volume.file, values={"secrecy": "general"})
    loan.refresh_from_db()
    assert loans.issue_loan(**centre.by(centre.xin), loan=loan).result.status == "issued"


ORIGINAL = {"record.form": "original"}
COPY = {
    "record.form": "copy", "record.red_stamp": "yes", "record.original_place": "房产局", "record.original_exists": "no",
}  # fmt: skip


def brought(centre, file, said, *lines, answers=None):
    rows = [Record.objects.get(file=file, line=one) for one in lines]
    given = {str(one.pk): {"state": "present"} for one in rows} | (answers or {})
    record_services.answer_records(**centre.by(centre.xin), file=file, answers=given, said=said)
    return [Record.objects.get(pk=one.pk) for one in rows]


@pytest.mark.parametrize(
    ("wrong", "against"),
    [
        ({"record.red_stamp": "no"}, {"14:14.4.10.3a", "14:14.4.10.3b"}),
        ({"record.original_place": ""}, {"14:14.4.10.3b"}),
        ({"record.original_exists": "yes"}, {"14:14.4.10.3c"}),
    ],
)
def test_a_copy_comes_in_with_stamp_and_place_and_only_where_there_is_no_original(centre, wrong, against):
    file = estate_file(centre, centre.xin)
    with pytest.raises(Refused) as refused:
        brought(centre, file, COPY | wrong, "geological-report")
    assert clauses(refused) == against
    row = Record.objects.get(file=file, line="geological-report")
    with pytest.raises(Refused) as later:
        paper_services.supply_record(**centre.by(centre.xin), record=row, said=COPY | wrong)
    assert clauses(later) == against and Record.objects.get(pk=row.pk).state == "missing"
    there = brought(centre, file, COPY, "geological-report")[0]
    assert (there.form, there.red_stamp, there.original_place) == ("copy", True, "房产局")


def test_the_rules_are_asked_of_every_paper_that_comes_in_not_of_the_first_line(centre):
    file = estate_file(centre, centre.xin)
    first, last = (Record.objects.get(file=file, line=one) for one in ("budget-account", "use-papers"))
    answers = {str(one.pk): {"state": "present", "form": form} for one, form in ((first, "original"), (last, "copy"))}
    with pytest.raises(Refused) as refused:
        record_services.answer_records(**centre.by(centre.xin), file=file, answers=answers)
    assert "14:14.4.10.3b" in clauses(refused)
    gone = {str(first.pk): {"state": "missing", "reason": "未交"}}
    assert brought(centre, file, COPY, "use-papers", answers=gone)[0].form == "copy"


def test_of_an_electronic_document_the_paper_follows_within_ten_days(centre):
    values = {"subject": "2026", "frequency": "low"}
    file = open_file(**centre.by(centre.xin), branch=centre.centre, kind="centre", values=values, roles={}).result
    rows = Duty.objects.filter(clause="14:14.4.10.5c")
    brought(centre, file, ORIGINAL | {"record.on_paper": "no"}, "duty-log")
    assert not rows.exists()
    electronic = brought(centre, file, ORIGINAL | {"record.on_paper": "no"}, "electronic-file")[0]
    owed = rows.get()
    assert (owed.about_id, owed.due_on) == (str(electronic.pk), centre.today + timedelta(days=10))
    paper_services.supply_record(**centre.by(centre.xin), record=electronic, said=ORIGINAL | {"record.on_paper": "yes"})
    owed.refresh_from_db()
    assert owed.status == "kept" and Record.objects.get(pk=electronic.pk).on_paper
    with pytest.raises(Invalid):
        again = centre.by(centre.xin) | {"token": "again"}
        paper_services.supply_record(**again, record=Record.objects.get(pk=electronic.pk), said=ORIGINAL)


def test_an_electronic_document_that_comes_with_its_paper_owes_nothing(centre):
    values = {"subject": "2026", "frequency": "low"}
    file = open_file(**centre.by(centre.xin), branch=centre.centre, kind="centre", values=values, roles={}).result
    brought(centre, file, ORIGINAL | {"record.on_paper": "yes"}, "electronic-file")
    assert not Duty.objects.filter(clause="14:14.4.10.5c").exists()


def test_the_page_asks_where_the_original_is_and_takes_the_answers(centre, client):
    file = estate_file(centre, centre.xin)
    client.force_login(centre.xin)
    page = client.get(reverse("files:file", args=[file.pk])).content.decode()
    assert "原件还是复印件" in page and "复印件：原件存放处" in page
    row = Record.objects.get(file=file, line="geological-report")
    posted = {f"state_{row.pk}": "present", "form": "copy", "original_place": "房产局"}
    where = reverse("files:answer", args=[file.pk])
    assert client.post(where, posted).status_code == 403
    assert client.post(where, posted | {"red_stamp": "on"}).status_code == 302
    assert Record.objects.get(pk=row.pk).original_place == "房产局"


def test_what_is_said_of_papers_that_come_in_is_not_written_over_those_that_lay_there(centre):
    """A remark to a paper brings none: what it is a copy of was said when it came."""
    file = estate_file(centre, centre.xin)
    there = brought(centre, file, COPY, "geological-report")[0]
    remark = {str(there.pk): {"state": "present", "reason": "第二册"}}
    brought(centre, file, ORIGINAL | {"record.original_place": ""}, "use-papers", answers=remark)
    there.refresh_from_db()
    assert (there.reason, there.form, there.red_stamp, there.original_place) == ("第二册", "copy", True, "房产局")
