"""The desk: what waits for the person who looks, most urgent first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kedang.duties.models import Duty
from kedang.duties.queries import OWED, mine
from kedang.office.owed import lines
from kedang.staff.models import Person, Unit

SIZE = 50
SCOPES = ("mine", "unit")


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One's own duties, or those of the units that one heads."""
    viewer, branch, today = request.user, request.branch, request.today  # type: ignore[attr-defined]
    if branch is None or not isinstance(viewer, Person):
        raise PermissionDenied
    heads = set(Unit.objects.filter(branch=branch, head=viewer).values_list("key", flat=True))
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
    shown = list(chosen.prefetch_related("bound__person")[:SIZE])
    context = {
        "lines": lines(shown, branch, today), "scope": scope, "which": which, "heads": heads,
        "more": max(0, chosen.count() - len(shown)), **_figures(viewer, today, rows),
    }  # fmt: skip
    return render(request, "office/desk.html", context)


def _figures(viewer: Person, today: date, rows: Any) -> dict[str, Any]:
    """The numbers above the list, each opening its list, and the month's record of the viewer."""
    first = today.replace(day=1)
    month = Duty.objects.filter(bound__person=viewer, due_on__gte=first, due_on__lte=today)
    week = rows.filter(due_on__gt=today, due_on__lte=today + timedelta(days=7))
    done = month.filter(status__in=("kept", "kept_late", "late"))
    kept = done.filter(status="kept").count()
    total = done.count()
    return {
        "figures": [
            {"label": _("overdue"), "n": rows.filter(due_on__lt=today).count(), "query": "which=late", "bad": True},
            {"label": _("due today"), "n": rows.filter(due_on=today).count(), "query": "which=today"},
            {"label": _("within seven days"), "n": week.count(),
             "query": ""},
            {"label": _("all open"), "n": rows.count(), "query": ""},
        ],
        "kept": kept, "total": total, "share": round(100 * kept / total) if total else None,
    }  # fmt: skip
