"""Reads of inspections; a line about a file is only for who may find the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from kedang.files.models import File
from kedang.files.queries import visible
from kedang.files.remarks import Remark
from kedang.files.viewing import Viewer
from kedang.inspections.models import FINDINGS, Inspection, InspectionLine
from kedang.lib.whole import whole

SIZE = 50
REMARKS = 5  # on the page of a file; the inspection itself shows all


@dataclass
class Page:
    """A page by key, for ``components/pager.html``."""

    rows: list[Any] = field(default_factory=list)
    has_next: bool = False
    next_key: int = 0
    has_previous: bool = False
    previous_key: int = 0
    count_label: str = ""


def inspections(viewer: Viewer) -> QuerySet[Inspection]:
    """The inspections of the branch, the latest first."""
    rows = Inspection.objects.filter(branch=viewer.branch)
    return rows.select_related("branch", "place", "held_by", "mended_by").order_by("-pk")


def page_of(rows: QuerySet[Any], after: str, key: str = "-pk") -> Page:
    """Fifty rows after a key."""
    number = whole(after) or 0
    if number:
        rows = rows.filter(pk__lt=number) if key == "-pk" else rows.filter(no__gt=number)
    found = list(rows[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    last = (found[-1].pk if key == "-pk" else found[-1].no) if found else 0
    return Page(found, more, last)


def access_inspection(viewer: Viewer, pk: int) -> Inspection:
    """One inspection of the branch, else 404."""
    found = inspections(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def lines_of(viewer: Viewer, inspection: Inspection) -> QuerySet[InspectionLine]:
    """The lines that the viewer may read, in order."""
    known = Q(file=None) | Q(file__in=visible(viewer))
    rows = InspectionLine.objects.filter(known, inspection=inspection).select_related("mended_by")
    return rows.order_by("no")


def open_findings(_viewer: Viewer, file: File) -> list[Remark]:
    """What stock checks found of a file and nobody has mended yet, for the file's page."""
    rows = InspectionLine.objects.filter(file=file, outcome__in=FINDINGS, mended="").select_related("inspection")
    return [_remark(one) for one in rows.order_by("-pk")[:REMARKS]]


def _remark(line: InspectionLine) -> Remark:
    told = {
        "day": line.inspection.held_on.isoformat(), "thing": line.title, "home": line.home or "–",
        "place": line.place or "–",
    }  # fmt: skip
    text = (
        _("The stock check of %(day)s did not find %(thing)s in %(home)s.")
        if line.outcome == "missing"
        else _("The stock check of %(day)s found %(thing)s in %(home)s, though it is away by the books.")
        if line.astray_in_books
        else _("The stock check of %(day)s found %(thing)s in %(place)s; it belongs in %(home)s.")
    )
    return Remark(text % told, reverse("inspections:inspection", args=[line.inspection_id]))
