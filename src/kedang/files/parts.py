"""Writes of files that several commands share: values and tokens, checklists, completeness, who holds a volume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from kedang import rulebook
from kedang.customers.tokens import number_tokens, tokens_for
from kedang.files import kinds
from kedang.files.models import FieldValue, File, Job, Place, Record, SearchToken, Volume
from kedang.journal.keys import blind_token
from kedang.journal.sealed import Purpose, Secret
from kedang.rulebook import UNKNOWN
from kedang.rulebook.pack import Checklist, FileKind
from kedang.staff.models import Person


def subject_token(kind: str, value: str) -> int:
    """The keyed hash that keeps a file one per what the pack says."""
    return blind_token(f"one_per:{kind}", value)


def set_values(file: File, kind: FileKind, values: Mapping[str, str]) -> list[str]:
    """Write field values that are already cleaned; the keys of those that changed.

    Open ones are kept as text, others sealed under the file's key; whether a sealed one changed is told by its token.
    """
    known = {row.field: row for row in file.values.all()}
    changed: list[str] = []
    for key, value in values.items():
        field = kind.fields.get(key)
        row = known.get(key)
        if field is None or (not value and row is None):
            continue
        if row is None:
            row = FieldValue(file=file, field=key, grade=field.grade)
        row.grade = field.grade
        row.text = value if field.grade == "open" else ""
        row.sealed = Secret(("file", str(file.pk)), value) if field.grade != "open" and value else None
        row.save()
        changed.append(key)
    return changed


def set_tokens(file: File, kind: FileKind, values: Mapping[str, str]) -> None:
    """The tokens of a file: its number, and each field as the pack lets it be found."""
    wanted = number_tokens(file.number)
    for key, value in values.items():
        field = kind.fields.get(key)
        if field is not None and value:
            wanted |= tokens_for(field.find, value)
    file.tokens.exclude(token__in=wanted).delete()
    SearchToken.objects.bulk_create(
        [SearchToken(file=file, token=token) for token in sorted(wanted)], ignore_conflicts=True
    )


def give_number(file: File, kind: FileKind, number: str, book: rulebook.Book, actor: Person) -> None:
    """Give a file its number: it is found by it, and the field that shows it says so."""
    file.number = number
    file.save(update_fields=["number"])
    shown = kinds.number_field(book, file.kind)
    if shown:
        set_values(file, kind, {shown: number})
    set_tokens(file, kind, plain_values(file, actor))


def lay_lists(file: File, job: Job | None, lists: Iterable[Checklist]) -> None:
    """A record for each line of the checklists that is not there yet: missing until somebody answers."""
    there = set(Record.objects.filter(file=file, job=job).values_list("checklist", "line"))
    Record.objects.bulk_create(
        [
            Record(
                file=file, job=job, checklist=one.key, line=line.key, form=line.form, counts=line.strength != "optional"
            )
            for one in lists
            for line in one.lines
            if (one.key, line.key) not in there
        ]
    )


def count_missing(file: File, job: Job | None = None) -> None:
    """Store how many papers a file or job still lacks; a promised one is missing until it is there."""
    lacking = Q(counts=True) & ~Q(state__in=["present", "not_applicable"])
    missing = Record.objects.filter(lacking, file=file, job=job).count()
    target: File | Job = job or file
    fields = 0 if job else lacking_fields(file)
    target.missing = missing + fields
    target.complete = target.missing == 0
    target.save(update_fields=["missing", "complete"])


def lacking_fields(file: File) -> int:
    """How many fields that count are empty; the file remembers them as rows of the pack's fields without a value."""
    return file.values.filter(declined=False, text="", sealed=None).count()


def lay_fields(file: File, kind: FileKind) -> None:
    """An empty row for each field that counts for completeness, so that what lacks can be counted."""
    there = set(file.values.values_list("field", flat=True))
    for key, field in kind.fields.items():
        if key not in there and field.strength != "optional":
            FieldValue.objects.create(file=file, field=key, grade=field.grade)


def note_said(record: Record, said: Mapping[str, Any]) -> None:
    """Keep with a paper what was said of it and its row knows: its date and ink, what it is a copy of, its paper."""
    if "record.dated" in said:
        record.dated = said["record.dated"] == "yes"
    if said.get("record.ink", UNKNOWN) != UNKNOWN:
        record.ink = said["record.ink"]
    record.form = said.get("record.form") or record.form
    record.original_place = said.get("record.original_place", record.original_place).strip()[:100]
    for fact, column in (("record.red_stamp", "red_stamp"), ("record.on_paper", "on_paper")):
        if fact in said:
            setattr(record, column, said[fact] == "yes")


def bring_in(record: Record, ends_on: date | None) -> None:
    """Let a paper that was missing, wrong or out of date lie in its file; nobody has checked it yet."""
    record.state, record.reason, record.defects = "present", "", ""
    record.expected_on, record.ends_on, record.checked_on, record.checked_by = None, ends_on, None, None


def is_wanted(record: Record) -> bool:
    """Whether a paper may still be brought: it is not here, not as it should be, or runs out."""
    return record.ends_on is not None if record.state == "present" else record.state != "withdrawn"


def answer_lines(
    records: Iterable[Record], answers: Mapping[str, Mapping[str, str]], *, today: date, days: int,
    said: Mapping[str, Any], came: Set[int],
) -> list[Record]:  # fmt: skip
    """Write answers to checklist lines by record id; a paper that follows gets a day.  The changed records.

    What was ``said`` is of the papers that ``came`` in with them, not of those that lay in the file before.
    """
    changed = []
    for record in records:
        answer = answers.get(str(record.pk))
        if answer is None:
            continue
        record.state = answer["state"]
        record.reason = answer.get("reason", "")[:200]
        record.form = answer.get("form") or record.form
        record.pages = int(answer.get("pages") or record.pages)
        record.expected_on = today + timedelta(days=days) if record.state == "to_follow" else None
        if record.state == "present":
            record.defects = ""
            if record.pk in came:
                note_said(record, said)
        record.save()
        changed.append(record)
    return changed


def give_volume(volume: Volume, holder: Person, place: Place | None = None) -> None:
    """Change who answers for a volume, and where it stands; without a place the holder has it in hand.

    Where it stands it belongs from now on; in somebody's hand it keeps the home that it had.
    """
    volume.holder = holder
    volume.place = place
    volume.home = place or volume.home
    volume.status = "shelved" if place else "held"
    volume.save(update_fields=["holder", "place", "home", "status"])


def add_lists_of_file(file: File, book: rulebook.Book) -> None:
    """Lay the file's own checklists and count what is missing."""
    lay_lists(file, None, kinds.lists_of_file(book, file.kind))
    count_missing(file)


def plain_values(file: File, viewer: Person) -> dict[str, str]:
    """Every value in plain text, for making the tokens anew; never for showing."""
    purpose = Purpose(viewer=viewer, why="index")
    return {row.field: row.sealed.reveal(purpose) if row.sealed is not None else row.text for row in file.values.all()}
