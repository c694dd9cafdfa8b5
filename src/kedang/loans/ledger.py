"""The ledger of files (13.2.0b and its like): one line for each numbered file, where it stands and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from kedang.files import shaping
from kedang.files.folded import take, warm_keys, with_people_and_values
from kedang.files.queries import visible
from kedang.files.viewing import Viewer
from kedang.loans.models import OUT, Loan

ROWS = 50
MOST = 500


@dataclass(frozen=True)
class Page:
    """Lines in the order of the numbers, and the number after which the next page begins; empty on the last."""

    lines: list[dict[str, Any]]
    after: str


def page(viewer: Viewer, kind: str, after: str, rows: int = ROWS) -> Page:
    """The lines of one kind of file after a number, of the files that the viewer may know of."""
    found = visible(viewer).filter(kind=kind, number__gt=after).exclude(number="").order_by("number")
    files = [take(one) for one in with_people_and_values(found)[: rows + 1]]
    more = len(files) > rows
    files = files[:rows]
    warm_keys(files)
    out, back = _loans([one.pk for one in files])
    lines = [shaping.row_of(one, viewer) | {"loan": out.get(one.pk), "returned_on": back.get(one.pk)} for one in files]
    return Page(lines, files[-1].number if more else "")


def _loans(files: list[int]) -> tuple[dict[int, Loan], dict[int, date]]:
    """Who has these files now, and when they last came back; two queries."""
    out = Loan.objects.filter(file__in=files, status__in=OUT).select_related("borrower")
    back = Loan.objects.filter(file__in=files, returned_on__isnull=False).order_by().values_list("file")
    return {one.file_id: one for one in out}, dict(back.annotate(Max("returned_on")))
