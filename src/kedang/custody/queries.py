"""Reads of custody; the sign-for book is one of them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from kedang.custody.models import Handover
from kedang.files.queries import visible
from kedang.files.viewing import Viewer

BOOK_ROWS = 200


def handovers(viewer: Viewer) -> QuerySet[Handover]:
    """Handovers of files that the viewer may know of."""
    rows = Handover.objects.filter(branch=viewer.branch, file__in=visible(viewer))
    return rows.select_related("file__branch", "job__file", "giver", "receiver", "checked_by")


def waiting(viewer: Viewer) -> QuerySet[Handover]:
    """What waits: offers to receive, and received sets to check, oldest first."""
    return handovers(viewer).filter(status__in=["offered", "received"]).order_by("pk")


def book(viewer: Viewer, since: date, until: date) -> list[Handover]:
    """The lines of the sign-for book between two days, both included, with their signatures."""
    rows = handovers(viewer).filter(offered_on__gte=since, offered_on__lte=until).exclude(status="returned")
    return list(rows.prefetch_related("signatures__person", "lines__record").order_by("offered_on", "pk")[:BOOK_ROWS])


def access_handover(viewer: Viewer, pk: int) -> Handover:
    """One handover.  404 where the viewer may not know of its file."""
    found = handovers(viewer).prefetch_related("signatures__person", "lines__record__scans").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def menu_counts(viewer: object, branch: object, _today: object) -> dict[str, int]:
    """How many offers wait for this person's signature."""
    rows = Handover.objects.filter(branch=branch, receiver=viewer, status="offered")  # type: ignore[misc]
    return {"custody:handovers": rows.count()}
