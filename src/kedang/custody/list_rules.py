"""In-file lists as facts, and what the packs settle about them.

``<kind>.list_signatures`` says how many people sign before the list is locked, ``<kind>.list_copies`` in how many
copies it is printed, and ``<kind>.list_form`` which of the pack's forms it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kedang import rulebook
from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.custody.list_reading import records_of, whole_list
from kedang.custody.models import Handover, InnerList, InnerListLine, ListCheck
from kedang.custody.rules import standing
from kedang.files import kinds
from kedang.files.models import File, Record
from kedang.lib.memory import remembered
from kedang.rulebook import Book

KEEPER = "archivist"  # the common post whose receipt brings a file into the archive
LIST_FACTS = {
    "list.signers", "list.counted", "list.copies", "list.pages", "list.agrees", "list.unanswered", "list.unplaced",
    "list.unchecked", "list.missing", "list.unsigned", "list.coded", "list.due_on",
}  # fmt: skip
THERE = ("present", "defective")


def yes(value: object) -> str:
    """A truth value as a fact."""
    return "yes" if value else "no"


def settled(book: Book, file: File, what: str, otherwise: str | int) -> str | int:
    """What a pack settles for a kind of file (``<kind>.<what>``), else the given value."""
    try:
        return rulebook.setting(book, f"{file.kind}.{what}").value
    except LookupError:
        return otherwise


def signatures_wanted(book: Book, file: File) -> int:
    """How many people sign before the list is locked."""
    return max(1, int(settled(book, file, "list_signatures", 1)))


def current_list(file: File) -> InnerList | None:
    """The list in use: the last one written."""
    return InnerList.objects.filter(file=file).exclude(status="replaced").first() if file.pk else None


def in_order(book: Book, file: File, records: Iterable[Record]) -> list[Record]:
    """The papers in the order of the pack: by its checklists and their lines; what none names comes last."""
    places = {
        (one.key, line.key): (number, at)
        for number, one in enumerate(kinds.lists_of_file(book, file.kind))
        for at, line in enumerate(one.lines)
    }
    last = (len(places) + 1, 0)
    return sorted(records, key=lambda one: (places.get((one.checklist, one.line), last), one.pk))


def papers_of(file: File) -> list[Record]:
    """The papers that lie in the file itself, as they were answered."""
    return [one for one in records_of(file) if one.state in THERE]


def unplaced(book: Book, file: File, records: Iterable[Record]) -> int:
    """How many papers lie in no part of the file, or stand on no line of its lists, as the pack lays them out."""
    kind = kinds.file_kind(book, file.kind)
    found = 0
    for one in records:
        line = kinds.line_of(book, file.kind, one.checklist, one.line)
        found += line is None or bool(kind and kind.parts and line.part not in kind.parts)
    return found


def lacking(records: Iterable[Record]) -> int:
    """How many of a file's papers count and are answered as not there."""
    return sum(1 for one in records if one.counts and one.state not in (*THERE, "not_applicable"))


def last_checks(lines: Iterable[InnerListLine]) -> dict[int, ListCheck]:
    """The last word on each line, whoever said it."""
    found: dict[int, ListCheck] = {}
    for one in ListCheck.objects.filter(line__in=[line.pk for line in lines]).order_by("checked_on", "pk"):
        found[one.line_id] = one
    return found


def agrees(line: InnerListLine, check: ListCheck | None) -> bool:
    """Whether somebody found a paper as the list says, with the same pages."""
    return check is not None and check.found in ("found", "unsigned") and check.pages == line.pages


def _of_list(current: InnerList, scene: Any, lacks: int) -> dict[str, Any]:
    """The facts of a list read whole; whether all is checked and agrees is asked of the person who acts."""
    lines = list(current.lines.all())
    found = sorted((one for line in lines for one in line.checks.all()), key=lambda one: (one.checked_on, one.pk))
    checks = {one.line_id: one for one in found}
    me = getattr(scene, "actor", None)
    own = {one.line_id: one for one in found if me is not None and one.person_id == me.pk}
    seen = own or checks
    return {
        "signers": tuple(str(one.person_id) for one in current.signatures.all()),
        "counted": yes(lines),
        "copies": next((one.copies for one in current.prints.all()), 0),
        "pages": current.pages,
        "agrees": yes(lines and all(agrees(one, seen.get(one.pk)) for one in lines)),
        "unchecked": sum(1 for one in lines if one.pk not in own),
        "missing": sum(1 for one in checks.values() if one.found in ("missing", "wrong")) + lacks,
        "unsigned": sum(1 for one in checks.values() if one.found == "unsigned"),
        "coded": yes(lines and all(one.coding != "open" for one in lines)),
        "due_on": next((one.due_on for one in current.supplements.all()), ""),
    }


def list_facts(file: File, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of the list of a file; where none is written nothing is counted, checked or signed."""
    if not file.pk:
        return {}
    records = records_of(file)
    papers = [one for one in records if one.state in THERE]
    lacks = lacking(records)
    current = whole_list(file)
    none = {
        "signers": (), "counted": "no", "copies": 0, "pages": 0, "agrees": "no", "unchecked": max(1, len(papers)),
        "missing": lacks, "unsigned": 0, "coded": "no", "due_on": "",
    }  # fmt: skip
    found = {
        **(_of_list(current, scene, lacks) if current else none),
        "unanswered": sum(1 for one in records if one.state == "missing" and not one.reason),
        "unplaced": unplaced(book_for(file.branch, scene.today), file, papers),
    }
    return {name: found[key] for name in wanted if (key := name.partition(".")[2]) in found}


def archive_receipt(file: File) -> Handover | None:
    """The receipt by which the file came into the archive: signed by whoever held the keeper's post then.

    A page asks once.
    """
    return remembered(("archive receipt", file.pk), lambda: _archive_receipt(file)) if file.pk else None


def _archive_receipt(file: File) -> Handover | None:
    rows = Handover.objects.filter(file=file, job=None, received_on__isnull=False).select_related("receiver")
    for one in rows:
        one.file = file
        posts = book_for(file.branch, one.received_on or one.offered_on).posts_with(standing(one.receiver, one))
        if KEEPER in posts:
            return one
    return None


def registered_facts(file: File, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """Whether a file stands in the sign-for book as received by the archive: the receipt is the book's line."""
    return {"file.registered": yes(archive_receipt(file))} if "file.registered" in wanted else {}


def register_facts(file: File, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """Who signed the line of the sign-for book by which the archive received the file."""
    if "register.signers" not in wanted:
        return {}
    found = archive_receipt(file)
    return {"register.signers": tuple(str(one.person_id) for one in found.signatures.all()) if found else ()}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("list", list_facts, LIST_FACTS, of="file")
    facts.provide("register", register_facts, {"register.signers"}, of="file")
    facts.provide_more("file", registered_facts, {"file.registered"})
    facts.bring("form.print", "form.kind", "form.copies", "form.filled")
