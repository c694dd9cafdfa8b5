"""What the packs that bind a branch declare about files: kinds, fields, checklists, jobs and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kedang import rulebook
from kedang.files.models import File, Job
from kedang.files.numbering import PLAIN
from kedang.rulebook import joint
from kedang.rulebook.pack import Checklist, ChecklistLine, FileKind, JobKind, Named, RecordKind

BOOKS = 64  # as many as are kept


@lru_cache(maxsize=BOOKS)
def file_kinds(book: rulebook.Book) -> Mapping[str, FileKind]:
    """Every kind of file, by key."""
    return joint.file_kinds(book.packs)


def file_kind(book: rulebook.Book, key: str) -> FileKind | None:
    """One kind of file, if a pack in force still declares it."""
    return file_kinds(book).get(key)


@lru_cache(maxsize=BOOKS)
def _record_kinds(book: rulebook.Book) -> Mapping[str, Mapping[str, RecordKind]]:
    return joint.record_kinds(book.packs)


def record_kinds(book: rulebook.Book, kind: str) -> Mapping[str, RecordKind]:
    """Every kind of record, by key, as the packs that declare this kind of file say it."""
    known = _record_kinds(book)
    return known.get(kind, known[""])


@lru_cache(maxsize=BOOKS)
def _checklists(book: rulebook.Book) -> Mapping[str, Mapping[str, Checklist]]:
    return joint.checklists(book.packs)


def checklists(book: rulebook.Book, kind: str) -> Mapping[str, Checklist]:
    """Every checklist of a kind of file and of its jobs, by key."""
    return _checklists(book).get(kind, {})


@lru_cache(maxsize=BOOKS)
def defects(book: rulebook.Book) -> Mapping[str, Named]:
    """Every defect that a check can record, by key."""
    return joint.defects(book.packs)


def lists_of_file(book: rulebook.Book, kind: str) -> list[Checklist]:
    """The checklists of the file itself, not of its jobs."""
    return [one for one in checklists(book, kind).values() if not one.job]


def lists_of_job(book: rulebook.Book, kind: str, what: str, kinds: Iterable[str]) -> list[Checklist]:
    """The checklists of a job with these kinds; a job of several kinds has the lists of all."""
    wanted = set(kinds)
    return [one for one in checklists(book, kind).values() if one.job == what and (not one.kind or one.kind in wanted)]


def job_kind(book: rulebook.Book, file: File, what: str) -> JobKind | None:
    """What a job of a file is."""
    kind = file_kind(book, file.kind)
    return kind.jobs.get(what) if kind else None


def kinds_of(job: Job) -> list[str]:
    """The kinds of a job as a list."""
    return [one for one in job.kinds.split(",") if one]


def line_of(book: rulebook.Book, kind: str, checklist: str, key: str) -> ChecklistLine | None:
    """One line of a checklist of a kind of file."""
    found = checklists(book, kind).get(checklist)
    return next((line for line in found.lines if line.key == key), None) if found else None


def line_name(book: rulebook.Book, kind: str, checklist: str, key: str, language: str) -> str:
    """What a line asks for, in the reader's language: the names of the record kinds that satisfy it."""
    line = line_of(book, kind, checklist, key)
    known = record_kinds(book, kind)
    names = [known[one].text.get(language) for one in (line.any_of if line else ()) if one in known]
    return " / ".join(names) or key


def pattern_of(book: rulebook.Book, kind: str) -> str:
    """The numbering pattern of a kind of file, else of every file; the house's plain one where no pack says."""
    for key in (f"{kind}.number", "file.number"):
        try:
            found = rulebook.setting(book, key, {"file.kind": kind})
        except LookupError:
            continue
        if found.value:
            return str(found.value)
    return PLAIN


def said(book: rulebook.Book, key: str) -> str:
    """What the packs settle or leave open under a key, as text; empty where none speaks."""
    try:
        return str(rulebook.setting(book, key).value)
    except LookupError:
        return ""


def numbered_later(book: rulebook.Book, kind: str) -> bool:
    """Whether a kind of file gets its number by an act of its own, and not when it is opened."""
    return said(book, f"{kind}.numbered_at") == "file.number"


def numbered_as(book: rulebook.Book, kind: str) -> str:
    """The kind of file whose number this kind bears, about the same subject; empty where it has its own."""
    return said(book, f"{kind}.numbered_as")


def number_field(book: rulebook.Book, kind: str) -> str:
    """The field of a kind that shows its number and that nobody types; empty where there is none."""
    return said(book, f"{kind}.number_field")


def followers_of(book: rulebook.Book, kind: str) -> list[str]:
    """The kinds of file that bear the number of this one."""
    return [one for one in file_kinds(book) if numbered_as(book, one) == kind]


def days_to_follow(book: rulebook.Book, kind: str) -> int:
    """Within how many days a paper noted as missing is expected, where a pack settles it; else 3."""
    try:
        found = rulebook.setting(book, f"{kind}.to_follow_days")
    except LookupError:
        return 3
    return int(found.value) if found and found.value else 3


CERTIFICATE = "certificate"  # the type of a record that is kept like cash, apart from the papers
ASKED = frozenset({"name", "number", "quantity"})  # what a certificate is checked for


def _kinds_on_lists(book: rulebook.Book, kind: str) -> dict[str, RecordKind]:
    known = record_kinds(book, kind)
    keys = dict.fromkeys(
        key for one in lists_of_file(book, kind) for line in one.lines for key in (line.key, *line.any_of)
    )
    return {key: known[key] for key in keys if key in known}


def certificate_kinds(book: rulebook.Book, kind: str) -> dict[str, RecordKind]:
    """The kinds of certificate that the lists of a kind of file name, in the pack's order.

    Empty where the packs let nobody take a certificate in: then such a thing is a paper like others.
    """
    if not book.rules_on("certificate.receive").permits:
        return {}
    found = _kinds_on_lists(book, kind)
    return {key: one for key, one in found.items() if one.type == CERTIFICATE and one.fields.keys() >= ASKED}


def kinds_left_behind(book: rulebook.Book, kind: str) -> dict[str, RecordKind]:
    """The kinds of paper on the lists of a kind of file that belong to somebody who is still to collect them."""
    found = _kinds_on_lists(book, kind)
    return {key: one for key, one in found.items() if one.fields.keys() >= {"owner", "collected_on"}}
