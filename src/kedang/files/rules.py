"""Rows of files as facts: what a rule may ask about a file, a job or a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.customers.models import Customer
from kedang.files import asked, kinds
from kedang.files.models import FieldValue, File, Job, Place, Record, Volume
from kedang.journal.sealed import MASK
from kedang.rulebook import classify
from kedang.rulebook.book import Book
from kedang.rulebook.pack import Classify, FileKind
from kedang.staff.models import Branch
from kedang.staff.queries import held_on

THERE = ("present", "defective")  # a paper that lies in the file


def yes(value: object) -> str:
    """A truth value as a fact."""
    return "yes" if value else "no"


def _volume(file: File) -> Volume | None:
    return next(iter(file.volumes.all()), None) if file.pk else None


def _holder(file: File) -> str:
    volume = _volume(file)
    return str(volume.holder_id) if volume else ""


def _records(file: File) -> tuple[str, ...]:
    there = file.records.filter(job=None, state="present") if file.pk else Record.objects.none()
    return tuple(sorted({one.kind or one.line for one in there}))


def _papers(file: File) -> tuple[str, ...]:
    """What lies in the file, with a defect or without, also for its jobs: what whoever takes the file away has."""
    there = file.records.filter(state__in=THERE) if file.pk else Record.objects.none()
    return tuple(sorted({one.kind or one.line for one in there}))


def _unanswered(file: File) -> int:
    return file.records.filter(job=None, state="missing", reason="").count() if file.pk else 0


def _place(file: File) -> str:
    volume = _volume(file)
    return volume.place.code if volume and volume.place else ""


def _origin(file: File) -> str:
    """The open field that the pack calls ``origin``."""
    return next((one.text for one in file.values.all() if one.field == "origin"), "") if file.pk else ""


def others_like(file: File) -> QuerySet[File]:
    """The other files of this kind in the branch about the same subject, or the same customer where none is named."""
    same = File.objects.filter(branch_id=file.branch_id, kind=file.kind).exclude(pk=file.pk)
    if file.subject_token is not None:
        return same.filter(subject_token=file.subject_token)
    return same.filter(customer=file.customer_id) if file.customer_id and not file.pk else same.none()


def _duplicate(file: File) -> str:
    """Whether some branch has another file about what this one is about."""
    same = File.objects.filter(kind=file.kind, subject_token=file.subject_token).exclude(pk=file.pk)
    return yes(file.subject_token is not None and same.exists())


def _verified(file: File) -> str:
    """Whether somebody checked the file; before it is born, whether its customer was checked."""
    return yes(file.verified_on if file.pk else file.customer and file.customer.verified_on)


FILE_FACTS: dict[str, Callable[[File], Any]] = {
    "kind": lambda file: file.kind,
    "status": lambda file: file.status,
    "complete": lambda file: yes(file.complete),
    "sealed": lambda file: yes(file.sealed),
    "electronic": lambda file: file.electronic,
    "branch": lambda file: file.branch.code,
    "unit": lambda file: file.unit,
    "opened_on": lambda file: file.opened_on,
    "closed_on": lambda file: file.closed_on or "",
    "secrecy": lambda file: file.secrecy,
    "part": lambda file: file.part,
    "segment": lambda file: file.segment,
    "numbered": lambda file: yes(file.number),
    "holder": _holder,
    "place": _place,
    "on_loan": lambda file: yes(file.pk and any(one.status == "lent" for one in file.volumes.all())),
    "records": _records,
    "papers": _papers,
    "unanswered": _unanswered,
    "milestones": lambda file: tuple(file.milestones.values_list("key", flat=True)) if file.pk else (),
    "origin": _origin,
    "same_subject": lambda file: others_like(file).count(),
    "duplicate": _duplicate,
    "verified": _verified,
    "unverified": lambda file: file.records.filter(state="present", checked_on=None).count() if file.pk else 0,
    "customer_confirmed": lambda file: yes(file.confirmed_how == "customer"),
    "declared_true": lambda file: yes(file.declared_true),
    "by_proxy": lambda file: yes(file.by_proxy),
}
# What no table can say yet, and which app will: appraisal, held, retention_until: retention; successor: premises;
# bound, transferred, label_agrees: binding and transfer; registered: registers.  Such a fact is unknown, never "no".


def file_facts(file: File, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a file; also the dates of its milestones (``<kind>.<date>``)."""
    found: dict[str, Any] = {}
    for name in wanted:
        key = name.partition(".")[2]
        if key in FILE_FACTS:
            found[name] = FILE_FACTS[key](file)
        elif key == "age_days":
            found[name] = (getattr(scene, "today", file.opened_on) - file.opened_on).days
    return found


def field_facts(file: File, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted fields of a file.  A sealed value says only that it is there: rules may ask whether it is empty."""
    if not file.pk:
        return {}
    rows = {f"field.{one.field}": one for one in file.values.all()}
    found = dict.fromkeys(wanted, "")
    for name in wanted & rows.keys():
        found[name] = rows[name].text if rows[name].sealed is None else str(rows[name].sealed)
        if rows[name].declined:
            found[name] = "declined"
    return found


def said_of(grade: str, value: str) -> str:
    """What a rule may know of a field's value before it is kept: an open one itself, another only that it is there."""
    return value if grade == "open" or not value else MASK


def parts_filled(kind: FileKind, values: Mapping[str, str]) -> tuple[str, ...]:
    """The parts of a file to which the values that are not empty belong; an emptied field fills in nothing."""
    fields = (kind.fields[key] for key, value in values.items() if value and key in kind.fields)
    return tuple(sorted({field.part for field in fields} - {""}))


DERIVED = ("segment", "secrecy")  # columns of a file that its packs derive, by rules on ``file.segment`` and so on


def derived(file: File, column: str, book: Book, scene: facts.Scene) -> str:
    """The group or secrecy level that the packs derive for a file from its facts; what it was where no rule fits."""
    fact, kept = f"file.{column}", str(getattr(file, column))
    rules = book.rules_of(Classify, file.kind)
    wanted = {test.fact for rule in rules if rule.field == fact for test in rule.when}
    if not wanted:
        return kept
    found = classify(book, fact, facts.gather({"file.kind", *wanted}, {"file": file}, {}, scene))
    return str(found.value) if found else kept


def file_parties(file: File) -> dict[str, frozenset[str]]:
    """Who has which role on a file, and who holds it."""
    if not file.pk:
        return {}
    found = {f"file.{row.role}": frozenset({str(row.person_id)}) for row in file.roles.all()}
    found["file.holder"] = frozenset(str(one.holder_id) for one in file.volumes.all())
    return found


JOB_FACTS = {f"job.{key}" for key in ("kind", "contact_verified", "contact_ways", "opened_on", "ended_on", "complete")}


def job_facts(job: Job, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a job.  Its ways of contact: one where the contact was asked, and none for one unasked."""
    all_facts: dict[str, Any] = {
        "job.kind": tuple(kinds.kinds_of(job)),
        "job.contact_verified": yes(job.contact_verified),
        "job.contact_ways": 1 if job.contact_verified else 0,
        "job.opened_on": job.opened_on,
        "job.complete": yes(job.complete),
    }
    if "job.ended_on" in wanted:
        closed = job.pk and job.status == "closed"
        all_facts["job.ended_on"] = (job.milestones.values_list("date", flat=True).last() or "") if closed else ""
    return {name: value for name, value in all_facts.items() if name in wanted}


def job_parties(job: Job) -> dict[str, frozenset[str]]:
    """Who looks after a job: whoever received it has each role that the pack gives to the job."""
    declared = kinds.job_kind(book_for(job.file.branch, job.opened_on), job.file, job.what) if job.opened_on else None
    who = frozenset({str(job.person_id)})
    return {f"job.{role}": who for role in (*(declared.roles if declared else {}), "person")}


RECORD_FACTS = {
    f"record.{key}"
    for key in [
        "kind",
        "type",
        "form",
        "must_be",
        "state",
        "pages",
        "copies",
        "sides",
        "signed",
        "dated",
        "ink",
        "red_stamp",
        "origin",
        "original_exists",
        "original_place",
        "verified",
        "ends_on",
        "expires_days",
        "grade",
        "group",
        "subgroup",
        "on_paper",
    ]
}


def record_facts(record: Record, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a record, as the check of its line found them."""
    all_facts: dict[str, Any] = {
        **(_class_of(record, scene) if wanted & {"record.group", "record.subgroup"} else {}),
        **(_declared(record, scene) if wanted & {"record.type", "record.grade", "record.must_be"} else {}),
        "record.copies": record.copies,
        "record.original_place": record.original_place,
        "record.kind": record.kind or record.line,
        "record.form": record.form,
        "record.state": record.state,
        "record.pages": record.pages,
        "record.original_exists": yes(record.state == "present"),
        "record.verified": yes(record.checked_on),
        "record.sides": record.sides,
        "record.signed": tuple(one for one in record.signed.split(",") if one),
        "record.dated": yes(record.dated),
        "record.ink": record.ink,
        "record.origin": record.origin,
        "record.red_stamp": yes(record.red_stamp),
        "record.ends_on": record.ends_on or "",
    }
    if "record.on_paper" in wanted:
        electronic = _declared(record, scene)["record.type"] == "electronic"
        all_facts["record.on_paper"] = yes(record.state == "present" and (record.on_paper or not electronic))
    if record.ends_on and scene is not None:
        all_facts["record.expires_days"] = (record.ends_on - scene.today).days
    return {name: value for name, value in all_facts.items() if name in wanted}


def _declared(record: Record, scene: Any) -> dict[str, str]:
    """What the packs say of this kind of record, and the form that its line demands."""
    book = book_for(record.file.branch, getattr(scene, "today", record.file.opened_on))
    kind = kinds.record_kinds(book, record.file.kind).get(record.kind or record.line)
    line = kinds.line_of(book, record.file.kind, record.checklist, record.line)
    return {
        "record.type": kind.type if kind else "",
        "record.grade": (kind.grade if kind else "") or "open",
        "record.must_be": line.form if line else "unspecified",
    }


def _class_of(record: Record, scene: Any) -> dict[str, str]:
    """The group and subgroup under which the packs put a kind of record; empty where none does."""
    book = book_for(record.file.branch, getattr(scene, "today", record.file.opened_on))
    known = {"record.kind": record.kind or record.line, "file.kind": record.file.kind, "record.subgroup": ""}
    for fact in ("record.subgroup", "record.group"):
        found = classify(book, fact, known)
        known[fact] = str(found.value) if found else ""
    return {fact: known[fact] for fact in ("record.group", "record.subgroup")}


def known_from_files(customer: Customer, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """What the files about a customer say: how often the house has received them (``visits``: the jobs on all their
    files), and whether the open field that a pack calls ``important`` says yes on one of them."""
    found: dict[str, Any] = {}
    if "customer.visits" in wanted:
        found["customer.visits"] = Job.objects.filter(file__customer=customer).count() if customer.pk else 0
    if "customer.important" in wanted:
        marked = FieldValue.objects.filter(file__customer=customer, field="important", text="yes")
        found["customer.important"] = yes(customer.pk and marked.exists())
    return found


BRANCH_FACTS = {"branch.rooms", "branch.vacant_posts"}


def branch_facts(branch: Branch, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a branch: how many places it has, and which posts of its packs nobody holds."""
    found: dict[str, Any] = {}
    if "branch.rooms" in wanted:
        found["branch.rooms"] = Place.objects.filter(branch=branch).count()
    if "branch.vacant_posts" in wanted:
        held = {row.post for row in held_on(branch, scene.today)}
        packs = [pack for pack in book_for(branch, scene.today).packs if pack.rank == "policy"]
        found["branch.vacant_posts"] = tuple(post for pack in packs for post in pack.posts if post not in held)
    return found


VOLUME_FACTS = {"volume.box", "volume.place", "volume.holder", "volume.status", "volume.labeled"}


def volume_facts(volume: Volume, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a volume, which is itself the bag or box that it names; its label is its file's number."""
    all_facts: dict[str, Any] = {
        "volume.box": str(volume.no),
        "volume.place": volume.place.code if volume.place else "",
        "volume.holder": str(volume.holder_id),
        "volume.status": volume.status,
        "volume.labeled": yes(volume.file.number),
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


PLACE_FACTS = {"place.kind", "place.capacity", "place.same_code"}


def place_facts(place: Place, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a place.  A compartment is of the kind of what it is a part of; 0: nobody counts."""
    found: dict[str, Any] = {}
    if "place.kind" in wanted:
        of = place.parent if place.kind == "compartment" and place.parent else place
        found["place.kind"] = of.kind
    if "place.capacity" in wanted:
        found["place.capacity"] = place.capacity or 0
    if "place.same_code" in wanted:
        same = Place.objects.filter(branch=place.branch_id, code=place.code)
        found["place.same_code"] = same.exclude(pk=place.pk).count()
    return found


def day_of(value: date | str) -> date:
    """A date fact as a date."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _roles_on_file(ref: str) -> dict[str, frozenset[str]]:
    file = File.objects.filter(pk=ref).prefetch_related("roles", "volumes").first() if ref.isdigit() else None
    return file_parties(file) if file else {}


def _roles_on_job(ref: str) -> dict[str, frozenset[str]]:
    job = Job.objects.filter(pk=ref).select_related("file__branch").first() if ref.isdigit() else None
    return {**file_parties(job.file), **job_parties(job)} if job else {}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("file", file_facts, {f"file.{key}" for key in (*FILE_FACTS, "age_days")})
    facts.provide("field", field_facts, {"field.*"}, of="file")
    facts.provide("job", job_facts, JOB_FACTS)
    facts.provide("record", record_facts, RECORD_FACTS)
    facts.provide("volume", volume_facts, VOLUME_FACTS)
    facts.provide("place", place_facts, PLACE_FACTS)
    facts.provide("branch", branch_facts, BRANCH_FACTS)
    facts.reach("customer", through="file", by=lambda file: file.customer)
    facts.provide_more("customer", known_from_files, {"customer.visits", "customer.important"})
    facts.bring("file.open", "field.*", "file.same_subject", "file.filling")
    facts.bring("file.edit", "file.filling")
    facts.bring("file.reach", "file.reaching")
    facts.bring("record.add", "record.kind", "record.state", *asked.FACTS)
    facts.bring("record.supply", *asked.FACTS)
    facts.bring("record.check", *asked.FACTS)
    for act in ("file.assign", "file.close", "record.withdraw"):
        facts.bring(act, "act.purpose", "act.reason")
    for act in ("file.export", "file.print"):
        facts.bring(act, "act.purpose", "act.reason", "act.marked")
    facts.bring("volume.move", "act.purpose", "act.reason")
    facts.bring("scan.add", "scan.type", "scan.pages")
    facts.bring("record.reveal", "record.grade", "act.purpose")
    facts.bring("data.import", "import.past", "import.rows")
    facts.provide_parties("file", file_parties)
    facts.provide_parties("job", job_parties)
    facts.provide_roles("file", _roles_on_file)
    facts.provide_roles("job", _roles_on_job)
