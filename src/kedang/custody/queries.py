"""Reads of custody; the sign-for book is one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404

from kedang.custody.models import Handover, HandoverLine, Signature
from kedang.files.models import File, Record
from kedang.files.viewing import Tree, Viewer, within
from kedang.journal.models import Event
from kedang.lib.folding import Figure, Rows, counted, keep, referring
from kedang.lib.prepared import prepared
from kedang.staff.models import Branch, Person
from kedang.staff.queries import WHO

BOOK_ROWS = 200
WAITS = ("offered", "received")
SIGNED = ("id", "handover_id", "party", "person_id", "at", "how", *(f"person__{name}" for name in WHO))
LACKING = (
    "id", "handover_id", "record_id", "state", "reason", "record__id", "record__file_id", "record__checklist",
    "record__line",
)  # fmt: skip
LIST: tuple[Any, ...] = (
    Prefetch("signatures", Signature.objects.select_related("person")),
    Prefetch("lines", HandoverLine.objects.select_related("record")),
)


def _known(tree: Tree, branch: Any, me: Any) -> QuerySet[Handover]:
    """Handovers of files that the viewer may know of: asked of the rows shown, never of all files."""
    known = Exists(File.objects.filter(within(tree, branch, me), pk=OuterRef("file")))
    return Handover.objects.filter(known, branch=branch)


def handovers(viewer: Viewer) -> QuerySet[Handover]:
    """Handovers of files that the viewer may know of."""
    rows = _known(viewer.tree, viewer.branch, viewer.person)
    return rows.select_related("file__branch", "job__file", "giver", "receiver", "checked_by")


def waiting(viewer: Viewer) -> QuerySet[Handover]:
    """What waits: offers to receive, and received sets to check, oldest first."""
    return handovers(viewer).filter(status__in=WAITS).order_by("pk")


def first_waiting(viewer: Viewer, most: int) -> list[Handover]:
    """The oldest of them."""
    return prepared(_waiting, viewer.tree, most, branch=viewer.branch, me=viewer.person)


def _waiting(tree: Tree, most: int, *, branch: Any, me: Any) -> QuerySet[Handover]:
    rows = _known(tree, branch, me).filter(status__in=WAITS)
    return rows.select_related("file", "job", "giver", "receiver").order_by("pk")[:most]


def book(viewer: Viewer, since: date, until: date) -> list[Handover]:
    """The lines of the sign-for book between two days, both included, with their signatures and what was lacking."""
    given = {"branch": viewer.branch, "me": viewer.person, "since": since, "until": until}
    found = prepared(_book, viewer.tree, **given)
    for one in found:
        keep(one, "signatures", referring(Signature, SIGNED, one.f_signed, person=Person))
        keep(one, "lines", referring(HandoverLine, LACKING, one.f_lacking, record=Record))
    return found


def _book(tree: Tree, *, branch: Any, me: Any, since: Any, until: Any) -> QuerySet[Handover]:
    rows = _known(tree, branch, me).filter(offered_on__gte=since, offered_on__lte=until).exclude(status="returned")
    lacking = HandoverLine.objects.filter(handover=OuterRef("pk")).exclude(state__in=("present", "not_applicable"))
    rows = rows.annotate(
        f_signed=Rows(Signature.objects.filter(handover=OuterRef("pk")), SIGNED), f_lacking=Rows(lacking, LACKING)
    )
    return rows.select_related("file", "job", "receiver").order_by("offered_on", "pk")[:BOOK_ROWS]


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


def closings(branch: Branch, since: date, until: date) -> dict[date, Event]:
    """By day the event that closed its sign-for book, of the days between two, both included."""
    rows = Event.objects.filter(name="day.closed", branch=branch, happened_on__gte=since, happened_on__lte=until)
    days = {f"{branch.pk}-{one.happened_on.isoformat()}": one for one in rows.select_related("actor")}
    return {one.happened_on: one for ref, one in days.items() if one.subject_id == ref}


def closed_by(branch: Branch, day: date) -> Event | None:
    """The event that closed the sign-for book of a day, with who did it; None while it is open."""
    rows = Event.objects.filter(name="day.closed", subject_kind="day", subject_id=f"{branch.pk}-{day.isoformat()}")
    return rows.select_related("actor").first()
