"""The desk: what waits for the person who looks, most urgent first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kedang.duties.queries import (
    counts,
    my_counts,
    my_first,
    narrowed,
    of_month,
    of_units,
    take_bound,
    with_bound,
)  # fmt: skip
from kedang.office.appointing import own_waiting, to_confirm
from kedang.office.editions import unread
from kedang.office.owed import lines
from kedang.office.resetting import resets_on_desk
from kedang.office.signing import to_sign
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
    which = request.GET.get("which", "")
    if scope == "mine":
        shown, found = my_first(viewer, branch, today, which, SIZE), my_counts(viewer, branch, today)
    else:
        rows = of_units(heads, branch)
        shown, found = take_bound(with_bound(narrowed(rows, which, today)[:SIZE])), counts(rows, today)
    total = found[{"late": "late", "today": "now"}.get(which, "open")]
    context = {
        "lines": lines(shown, branch, today, viewer), "scope": scope, "which": which, "heads": heads,
        "unread": unread(viewer, branch, today) if scope == "mine" else [],
        "to_sign": to_sign(viewer, branch, today) if scope == "mine" else [],
        "to_confirm": to_confirm(viewer, branch, today) if scope == "mine" else [],
        "resets": resets_on_desk(viewer, branch, today) if scope == "mine" else [],
        "own_waiting": own_waiting(viewer, branch, today) if scope == "mine" else [],
        "more": max(0, total - len(shown)), **_figures(viewer, today, found),
    }  # fmt: skip
    return render(request, "office/desk.html", context)


def _figures(viewer: Person, today: date, counted: dict[str, int]) -> dict[str, Any]:
    """The numbers above the list, each opening its list, and the month's record of the viewer."""
    month = of_month(viewer, today)
    kept = month.get("kept", 0)
    total = kept + month.get("kept_late", 0) + month.get("late", 0)
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
