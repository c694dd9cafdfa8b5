"""Rows of files as facts: what a rule may ask about a file, a job or a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.files import kinds
from kedang.files.models import File, Job, Place, Record, Volume
from kedang.journal.sealed import MASK
from kedang.rulebook import classify
from kedang.rulebook.book import Book
from kedang.rulebook.pack import Classify
from kedang.staff.models import Branch
from kedang.staff.queries import held_on


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


def _unanswered(file: File) -> int:
    return file.records.filter(job=None, state="missing", reason="").count() if file.pk else 0


def _place(file: File) -> str:
    volume = _volume(file)
    return volume.place.code if volume and volume.place else ""


FILE_FACTS: dict[str, Callable[[File], Any]] = {
    "kind": lambda file: file.kind,
    "status": lambda file: file.status,
    "complete": lambda file: yes(file.complete),
    "sealed": lambda file: yes(file.sealed),
    "electronic": lambda file: file.electronic,
    "branch": lambda file: file.branch.code,
    "unit": lambda file: file.unit,
    "opened_on": lambda file: file.opened_on,
    "secrecy": lambda file: file.secrecy,
    "part": lambda file: file.part,
    "segment": lambda file: file.segment,
    "numbered": lambda file: yes(file.number),
    "holder": _holder,
    "place": _place,
    "on_loan": lambda file: yes(file.pk and any(one.status == "lent" for one in file.volumes.all())),
    "records": _records,
    "unanswered": _unanswered,
    "milestones": lambda file: tuple(file.milestones.values_list("key", flat=True)) if file.pk else (),
}
NO_PLACE_YET = {
    "verified": "no", "origin": "", "appraisal": "none", "held": "no", "same_subject": 0, "successor": "no",
    "duplicate": "no", "bound": "no", "transferred": "no",
}  # fmt: skip


def file_facts(file: File, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a file; also the dates of its milestones (``<kind>.<date>``)."""
    found: dict[str, Any] = {}
    for name in wanted:
        key = name.partition(".")[2]
        if key in FILE_FACTS:
            found[name] = FILE_FACTS[key](file)
        elif key in NO_PLACE_YET:
            found[name] = NO_PLACE_YET[key]
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


def segment_of(file: File, book: Book, scene: facts.Scene) -> str:
    """The group that the packs derive for a file from its facts; what it was where no rule fits."""
    wanted = {test.fact for rule in book.rules_of(Classify) if rule.field == "file.segment" for test in rule.when}
    if not wanted:
        return file.segment
    found = classify(book, "file.segment", facts.gather(wanted, {"file": file}, {}, scene))
    return str(found.value) if found else file.segment


def file_parties(file: File) -> dict[str, frozenset[str]]:
    """Who has which role on a file, and who holds it."""
    if not file.pk:
        return {}
    found = {f"file.{row.role}": frozenset({str(row.person_id)}) for row in file.roles.all()}
    found["file.holder"] = frozenset(str(one.holder_id) for one in file.volumes.all())
    return found


def job_facts(job: Job, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a job."""
    all_facts: dict[str, Any] = {
        "job.kind": tuple(kinds.kinds_of(job)),
        "job.contact_verified": yes(job.contact_verified),
        "job.contact_ways": 1 if job.contact_verified else 0,
        "job.opened_on": job.opened_on,
        "job.complete": yes(job.complete),
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


def job_parties(job: Job) -> dict[str, frozenset[str]]:
    """Who looks after a job: whoever received it has each role that the pack gives to the job."""
    declared = kinds.job_kind(book_for(job.file.branch, job.opened_on), job.file, job.what) if job.opened_on else None
    who = frozenset({str(job.person_id)})
    return {f"job.{role}": who for role in (*(declared.roles if declared else {}), "person")}


def record_facts(record: Record, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a record; its form is the one that its line demands, until another can be recorded."""
    all_facts: dict[str, Any] = {
        **(_class_of(record, scene) if wanted & {"record.group", "record.subgroup"} else {}),
        "record.must_be": record.form,
        "record.copies": 1,
        "record.original_place": "",
        "record.kind": record.kind or record.line,
        "record.form": record.form,
        "record.state": record.state,
        "record.pages": record.pages,
        "record.original_exists": yes(record.state == "present"),
        "record.verified": "no",
        "record.sides": 1,
        "record.signed": (),
        "record.red_stamp": "no",
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


def _class_of(record: Record, scene: Any) -> dict[str, str]:
    """The group and subgroup under which the packs put a kind of record; empty where none does."""
    book = book_for(record.file.branch, getattr(scene, "today", record.file.opened_on))
    known = {"record.kind": record.kind or record.line, "file.kind": record.file.kind, "record.subgroup": ""}
    for fact in ("record.subgroup", "record.group"):
        found = classify(book, fact, known)
        known[fact] = str(found.value) if found else ""
    return {fact: known[fact] for fact in ("record.group", "record.subgroup")}


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


def volume_facts(volume: Volume, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a volume, which is itself the bag or box that it names."""
    all_facts: dict[str, Any] = {
        "volume.box": str(volume.no),
        "volume.place": volume.place.code if volume.place else "",
        "volume.holder": str(volume.holder_id),
        "volume.status": volume.status,
        "volume.labeled": "yes",
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


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
    facts.provide("file", file_facts)
    facts.provide("field", field_facts, of="file")
    facts.provide("job", job_facts)
    facts.provide("record", record_facts)
    facts.provide("volume", volume_facts)
    facts.provide("branch", branch_facts)
    facts.provide_parties("file", file_parties)
    facts.provide_parties("job", job_parties)
    facts.provide_roles("file", _roles_on_file)
    facts.provide_roles("job", _roles_on_job)
