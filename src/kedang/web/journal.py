"""Reads of the journal's screen: events and refusals in sentences, by key, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kedang.acts.answers import Refused
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.journal.models import Event, Refusal, Seal
from kedang.journal.queries import entry
from kedang.lib.whole import whole
from kedang.staff.models import Person
from kedang.web.addresses import address
from kedang.web.sentences import in_words, milestones_of, sentence

SIZE = 50
PAGES = {
    "file": "files:file", "customer": "customers:customer", "handover": "custody:handover", "person": "office:person",
    "approval": "office:approval", "breach": "office:breach", "import": "files:import", "place": "files:place",
    "inspection": "inspections:inspection",
}  # fmt: skip
KINDS: dict[str, Promise] = {
    "file": gettext_lazy("File"), "customer": gettext_lazy("Customer"), "person": gettext_lazy("Person"),
    "handover": gettext_lazy("Handover"), "branch": gettext_lazy("Branch"), "approval": gettext_lazy("Approval"),
    "breach": gettext_lazy("Breach"), "duty": gettext_lazy("Duty"), "place": gettext_lazy("Place"),
    "adoption": gettext_lazy("Adoption"), "policy": gettext_lazy("Draft of a policy"), "import": gettext_lazy("Import"),
    "inspection": gettext_lazy("Inspection"),
    "safe": gettext_lazy("Safe"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of the journal's screen."""

    at: datetime
    sentence: str
    about: str
    url: str
    who: Person | None
    on: date | None
    seq: int = 0
    past: bool = False
    clauses: tuple[str, ...] = ()


@dataclass
class Page:
    """A page by key, for ``components/pager.html``."""

    count_label: str
    has_previous: bool = False
    has_next: bool = False
    previous_key: int = 0
    next_key: int = 0
    rows: list[Row] = field(default_factory=list)


def journal_page(request: HttpRequest) -> dict[str, Any]:
    """What the screen shows.  Raises ``Refused`` for whom the policy does not let read the journal."""
    viewer, branch, today = request.user, request.branch, request.today  # type: ignore[attr-defined]
    if branch is None or not isinstance(viewer, Person):
        raise PermissionDenied
    book = book_for(branch, today)
    answer = advise("journal.read", actor=viewer, branch=branch, today=today, book=book)
    if answer.verdict != "yes":
        raise Refused(answer, "journal.read")
    kind = "refusals" if request.GET.get("kind") == "refusals" else "events"
    since, until = parse_date(request.GET.get("since", "")), parse_date(request.GET.get("until", ""))
    who = _number(request.GET.get("who", ""))
    rows = (Refusal if kind == "refusals" else Event).objects.filter(branch=branch).select_related("actor")
    if since:
        rows = rows.filter(recorded_at__date__gte=since)
    if until:
        rows = rows.filter(recorded_at__date__lte=until)
    if who:
        rows = rows.filter(actor_id=who)
    page = _page(rows, request, _refusal_row if kind == "refusals" else _event_row, milestones_of(book))
    seal = Seal.objects.order_by("-number").first()
    return {
        "tabs": [
            {"label": _("Events"), "url": "?kind=events", "active": kind == "events"},
            {"label": _("Refusals"), "url": "?kind=refusals", "active": kind == "refusals"},
        ],
        "kind": kind, "since": since, "until": until, "who": who, "page": page, "rows": page.rows, "seal": seal,
        "people": Person.objects.order_by("username"),
        "unsealed": Event.objects.filter(pk__gt=seal.event_to if seal else 0).count(),
    }  # fmt: skip


def _number(text: str) -> int:
    return whole(text) or 0


def _page(rows: Any, request: HttpRequest, show: Any, milestones: Mapping[str, str]) -> Page:
    """Fifty rows before or after the key, newest first."""
    after, before = _number(request.GET.get("after", "")), _number(request.GET.get("before", ""))
    if before:
        found = list(reversed(rows.filter(pk__gt=before).order_by("pk")[: SIZE + 1]))
        more = len(found) > SIZE
        found = found[-SIZE:]
        has_previous, has_next = more, True
    else:
        found = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: SIZE + 1])
        has_previous, has_next = bool(after), len(found) > SIZE
        found = found[:SIZE]
    label = ngettext("%(n)d line", "%(n)d lines", len(found)) % {"n": len(found)}
    page = Page(label, has_previous=has_previous and bool(found), has_next=has_next and bool(found))
    if found:
        page.previous_key, page.next_key = found[0].pk, found[-1].pk
    page.rows = [show(row, milestones) for row in found]
    return page


def _about(kind: str, ref: str) -> tuple[str, str]:
    """Kind and number of the subject, and its page where there is one."""
    try:
        url = address(PAGES[kind], ref) if kind in PAGES and ref.isdigit() else ""
    except NoReverseMatch:
        url = ""
    return f"{KINDS.get(kind, kind)} {ref}", url


def _event_row(event: Event, milestones: Mapping[str, str]) -> Row:
    read = entry(event)
    about, url = _about(event.subject_kind, event.subject_id)
    return Row(
        event.recorded_at,
        sentence(event.name, milestones),
        about,
        url,
        event.actor,
        event.happened_on,
        event.seq,
        read.past,
    )


def _refusal_row(refusal: Refusal, _milestones: Mapping[str, str]) -> Row:
    about, url = _about(refusal.subject_kind, refusal.subject_id)
    said = _("Refused: %(act)s") % {"act": in_words(refusal.act)}
    return Row(refusal.recorded_at, said, about, url, refusal.actor, None, clauses=tuple(refusal.clauses.split()))
