"""The desk: what waits for the person who looks, most urgent first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kedang.duties.models import Duty, DutyPerson
from kedang.duties.queries import OWED, counts, mine, my_counts
from kedang.office.editions import unread
from kedang.office.owed import lines
from kedang.staff.models import Person
from kedang.staff.queries import heads_of

SIZE = 50
SCOPES = ("mine", "unit")


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One's own duties, or those of the units that one heads."""
    viewer, branch, today = request.user, request.branch, request.today  # type: ignore[attr-defined]
    if branch is None or not isinstance(viewer, Person):
        raise PermissionDenied
    heads = heads_of(viewer, branch)
    scope = "unit" if request.GET.get("scope") == "unit" and heads else "mine"
    own = mine(viewer, branch, today)
    if scope == "unit":
        members = set(branch.holdings.filter(unit__in=heads).values_list("person_id", flat=True))
        rows = Duty.objects.filter(OWED, branch=branch, bound__person__in=members).distinct().order_by("due_on", "pk")
    else:
        rows = own
    which = request.GET.get("which", "")
    chosen = rows.filter(due_on__lt=today) if which == "late" else rows
    chosen = rows.filter(due_on=today) if which == "today" else chosen
    bound = Prefetch("bound", DutyPerson.objects.select_related("person"))
    shown = list(chosen.prefetch_related(bound)[:SIZE])
    found = my_counts(viewer, branch, today) if scope == "mine" else counts(rows, today)
    total = found[{"late": "late", "today": "now"}.get(which, "open")]
    context = {
        "lines": lines(shown, branch, today, viewer), "scope": scope, "which": which, "heads": heads,
        "unread": unread(viewer, branch, today) if scope == "mine" else [],
        "more": max(0, total - len(shown)), **_figures(viewer, today, found),
    }  # fmt: skip
    return render(request, "office/desk.html", context)


def _figures(viewer: Person, today: date, counted: dict[str, int]) -> dict[str, Any]:
    """The numbers above the list, each opening its list, and the month's record of the viewer."""
    first = today.replace(day=1)
    month = Duty.objects.filter(bound__person=viewer, due_on__gte=first, due_on__lte=today)
    done = month.aggregate(
        kept=Count("pk", filter=Q(status="kept")), total=Count("pk", filter=Q(status__in=("kept", "kept_late", "late")))
    )
    kept, total = done["kept"], done["total"]
    return {
        "figures": [
            {"label": _("overdue"), "n": counted["late"], "query": "which=late", "bad": True},
            {"label": _("due today"), "n": counted["now"], "query": "which=today"},
            {"label": _("within seven days"), "n": counted["week"],
             "query": ""},
            {"label": _("all open"), "n": counted["open"], "query": ""},
        ],
        "kept": kept, "total": total, "share": round(100 * kept / total) if total else None,
    }  # fmt: skip
