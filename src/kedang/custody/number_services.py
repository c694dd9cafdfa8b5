"""The commands that give numbers: to a file once it is in the archive, and to what lies in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.custody import list_rules
from kedang.custody.models import RecordNumber
from kedang.files import kinds, parts
from kedang.files.models import File, Record
from kedang.files.numbering import next_number
from kedang.files.record_services import on_record
from kedang.files.services import parties_of, told_of
from kedang.journal.sealed import Purpose
from kedang.rulebook import Book

PATTERN = "{file}-{seq:2}"


def followers_of(book: Book, file: File) -> list[File]:
    """The files about the same subject that bear this one's number."""
    kind = kinds.file_kind(book, file.kind)
    row = file.values.filter(field=kind.one_per).first() if kind else None
    if row is None:
        return []
    value = row.text if row.sealed is None else row.sealed.reveal(Purpose(viewer="number", why="number"))
    tokens = {one: parts.subject_token(one, value) for one in kinds.followers_of(book, file.kind)}
    rows = File.objects.filter(branch=file.branch, kind__in=tokens, subject_token__in=tokens.values())
    return [one for one in rows.order_by("pk") if one.subject_token == tokens[one.kind]]


def on_numbering(file: File, **_rest: Any) -> Concerning:
    """A command on the number of a file: its chain is locked, and those of the files that bear its number."""
    rows = [file, *followers_of(book_for(file.branch, file.opened_on), file)]
    return Concerning(file.branch, [Subject("file", str(one.pk)) for one in rows])


@command("file.number", on_numbering)
def number_file(ctx: Ctx, *, file: File) -> Done:
    """Give a file the next number of its series; the files that bear the same one get it too.

    Raises ``Invalid`` for a file that has a number, or that bears another file's.
    """
    book = book_for(file.branch, ctx.today)
    receipt = list_rules.archive_receipt(file)
    ctx.gate(things={"file": file} | ({"handover": receipt} if receipt else {}))
    if file.number:
        raise Invalid({"number": _("This file has its number already: %(number)s.") % {"number": file.number}})
    if kinds.numbered_as(book, file.kind):
        raise Invalid({"number": _("This file bears the number of another one, and gets it with it.")})
    number = next_number(kinds.pattern_of(book, file.kind), file.branch, ctx.today)
    events = []
    for one in [file, *followers_of(book, file)]:
        kind = kinds.file_kind(book, one.kind)
        if kind is not None and not one.number:
            parts.give_number(one, kind, number, book, ctx.actor)
            events.append(_numbered(one))
    return Done(file, events)


def _numbered(file: File) -> NewEvent:
    return NewEvent(
        "file.numbered", subject=Subject("file", str(file.pk)), about={"file": str(file.pk)},
        data={"number": file.number, "kind": file.kind}, parties=parties_of(file),
    )  # fmt: skip


@command("record.number", on_record)
def number_record(ctx: Ctx, *, record: Record) -> Done:
    """Derive the next number from the file's for something in this record."""
    file = record.file
    ctx.gate(things={"file": file, "record": record})
    if not file.number:
        raise Invalid({"number": _("This file has no number yet.")})
    if record.state not in list_rules.THERE:
        raise Invalid({"number": _("This paper is not here.")})
    pattern = kinds.said(book_for(file.branch, ctx.today), f"{file.kind}.record_number") or PATTERN
    number = next_number(pattern.replace("{file}", file.number), file.branch, ctx.today)
    row = RecordNumber.objects.create(branch=file.branch, record=record, number=number, given_on=ctx.today)
    event = NewEvent(
        "record.numbered", subject=Subject("file", str(file.pk)),
        about={"file": str(file.pk), "record": str(record.pk)}, data={"number": number, **told_of(file)},
        parties=parties_of(file),
    )  # fmt: skip
    return Done(row, [event])
