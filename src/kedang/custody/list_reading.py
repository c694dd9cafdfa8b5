"""The list of a file read whole: lines with their checks, signatures, prints and supplements, in two reads.

A page reads it once for its rows and for the rules on each of its buttons; inside an act every read is fresh.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef

from kedang.custody.models import (
    InnerList,
    InnerListLine,
    ListCheck,
    ListPrint,
    ListSignature,
    RecordNumber,
    Supplement,
    SupplementLine,
)
from kedang.files.folded import take_scans, with_scans
from kedang.files.models import File, Record
from kedang.lib.folding import Rows, keep, referring, taken
from kedang.lib.memory import remembered
from kedang.staff.models import Person
from kedang.staff.queries import WHO


def _names(model: Any, *others: str) -> tuple[str, ...]:
    own = [field.attname for field in model._meta.concrete_fields if field.attname != "note"]
    return (*own, *(f"{other}__{name}" for other in others for name in WHO))


LINE = _names(InnerListLine)
CHECK = _names(ListCheck, "person")
SIGNED = _names(ListSignature, "person")
PRINT = _names(ListPrint)
SUPPLEMENT = _names(Supplement, "asked_by")
LACK = _names(SupplementLine)
NUMBER = _names(RecordNumber)


def records_of(file: File) -> list[Record]:
    """The answers on what lies in the file itself, with their scans and numbers; read once a page."""
    return remembered(("records of the list", file.pk), lambda: _records(file)) if file.pk else []


def _records(file: File) -> list[Record]:
    rows = with_scans(Record.objects.filter(file=file, job=None))
    numbers = RecordNumber.objects.filter(record=OuterRef("pk"))
    found = take_scans(rows.annotate(f_numbers=Rows(numbers, NUMBER)).order_by("pk"))
    for one in found:
        one.file = file
        keep(one, "numbers", _sorted(taken(RecordNumber, NUMBER, one.f_numbers)))  # type: ignore[attr-defined]
    return found


def whole_list(file: File) -> InnerList | None:
    """The list in use with all that belongs to it; read once a page, and ``supplements_of`` knows all of the file."""
    return remembered(("list", file.pk), lambda: _list(file)) if file.pk else None


def supplements_of(inner: InnerList) -> list[Supplement]:
    """The supplements of a list read whole and of those before it, the newest first, with their lines."""
    found: list[Supplement] = inner.all_supplements  # type: ignore[attr-defined]
    return found


def _list(file: File) -> InnerList | None:
    here = OuterRef("pk")
    rows = InnerList.objects.filter(file=file).exclude(status="replaced").select_related("written_by")
    found: Any = rows.annotate(
        f_lines=Rows(InnerListLine.objects.filter(list=here), LINE),
        f_checks=Rows(ListCheck.objects.filter(line__list=here), CHECK),
        f_signed=Rows(ListSignature.objects.filter(list=here), SIGNED),
        f_prints=Rows(ListPrint.objects.filter(list=here), PRINT),
        f_supplements=Rows(Supplement.objects.filter(list__file=OuterRef("file")), SUPPLEMENT),
        f_lacks=Rows(SupplementLine.objects.filter(supplement__list__file=OuterRef("file")), LACK),
    ).first()
    if found is not None:
        found.file = file
        _take(found, {one.pk: one for one in records_of(file)})
    return found  # type: ignore[no-any-return]


def _take(inner: Any, records: dict[int, Record]) -> None:
    """Unfold what was read with a list."""
    lines = sorted(taken(InnerListLine, LINE, inner.f_lines), key=lambda one: one.no)
    checks = referring(ListCheck, CHECK, inner.f_checks, person=Person)
    lacks = _sorted(taken(SupplementLine, LACK, inner.f_lacks))
    for one in (*lines, *lacks):
        if one.record_id in records:
            one.record = records[one.record_id]
    for line in lines:
        keep(line, "checks", [one for one in checks if one.line_id == line.pk])
    supplements = referring(Supplement, SUPPLEMENT, inner.f_supplements, asked_by=Person)
    supplements.sort(key=lambda one: (-one.list_id, -one.pk))
    for row in supplements:
        keep(row, "lines", [one for one in lacks if one.supplement_id == row.pk])
    keep(inner, "lines", lines)
    keep(inner, "signatures", referring(ListSignature, SIGNED, inner.f_signed, person=Person))
    keep(inner, "prints", _sorted(taken(ListPrint, PRINT, inner.f_prints))[::-1])
    keep(inner, "supplements", [one for one in supplements if one.list_id == inner.pk])
    inner.all_supplements = supplements


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda one: one.pk)
