"""Reads of custody; the sign-for book is one of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404

from kedang.custody.models import Handover, HandoverLine, Signature
from kedang.files.queries import visible
from kedang.files.viewing import Viewer
from kedang.lib.folding import Figure, counted

BOOK_ROWS = 200
LIST = (
    Prefetch("signatures", Signature.objects.select_related("person")),
    Prefetch("lines", HandoverLine.objects.select_related("record")),
)


def handovers(viewer: Viewer) -> QuerySet[Handover]:
    """Handovers of files that the viewer may know of."""
    known = Exists(visible(viewer).filter(pk=OuterRef("file")))  # asked of the rows shown, never of all files
    rows = Handover.objects.filter(known, branch=viewer.branch)
    return rows.select_related("file__branch", "job__file", "giver", "receiver", "checked_by")


def waiting(viewer: Viewer) -> QuerySet[Handover]:
    """What waits: offers to receive, and received sets to check, oldest first."""
    return handovers(viewer).filter(status__in=["offered", "received"]).order_by("pk")


def book(viewer: Viewer, since: date, until: date) -> list[Handover]:
    """The lines of the sign-for book between two days, both included, with their signatures."""
    rows = handovers(viewer).filter(offered_on__gte=since, offered_on__lte=until).exclude(status="returned")
    return list(rows.prefetch_related(*LIST).order_by("offered_on", "pk")[:BOOK_ROWS])


def access_handover(viewer: Viewer, pk: int) -> Handover:
    """One handover.  404 where the viewer may not know of its file."""
    found = handovers(viewer).prefetch_related(*LIST).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def menu_counts(viewer: object, branch: object, _today: object) -> dict[str, Figure]:
    """How many offers wait for this person's signature."""
    rows = Handover.objects.filter(branch=branch, receiver=viewer, status="offered")  # type: ignore[misc]
    return {"custody:handovers": Figure(counted(rows))}
