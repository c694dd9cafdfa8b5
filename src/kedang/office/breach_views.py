"""Screens of breaches and fines: the list, one breach with its hearing and decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Done, Invalid
from kedang.acts.naming import names_of
from kedang.adoptions.queries import book_for, pack_of
from kedang.journal.models import ChainHead
from kedang.lib.prepared import prepared
from kedang.lib.whole import whole
from kedang.office import services
from kedang.office.answerable import nobody_named
from kedang.office.figures import breaches_under
from kedang.office.forms import DecisionForm, HearingForm, ReasonForm
from kedang.office.owed import lines
from kedang.office.reading import acting, sum_of, words_of
from kedang.office.rules import advice
from kedang.sanctions.models import UNDECIDED, Breach
from kedang.sanctions.queries import (
    breaches,
    deciders,
    menu_shape,
    not_enforceable,
    not_told,
    quashed_before,
    quashing,
    seen_by,
    weigh,
    within_sight,
)

SIZE = 50
LAST = 2**63 - 1  # no key is higher
TABS = {"open": Q(status__in=UNDECIDED), "imposed": Q(status="imposed"), "review": Q(review=True), "all": Q()}


def _visible(request: HttpRequest) -> Any:
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    return breaches(there.branch).filter(seen_by(there.user, there.branch, there.today))


def _newest(which: str, sees: tuple[str, ...], *, me: Any, branch: Any, before: Any) -> QuerySet[Breach]:
    rows = breaches(branch).filter(within_sight(me, branch, sees), TABS[which], pk__lt=before)
    return rows.order_by("-pk")[: SIZE + 1]


def _listed(request: HttpRequest, which: str, clause: str) -> list[Breach]:
    """One row more than a page has, newest first, from the key in the address on."""
    there: Any = request
    after = request.GET.get("after", "")
    before = whole(after) or LAST
    if not clause:
        sees = menu_shape(there.user, there.branch, there.today)
        return prepared(_newest, which, sees, me=there.user, branch=there.branch, before=before)
    book, first = book_for(there.branch, there.today), there.today.replace(day=1)
    under = breaches_under(there.branch, book, clause, first, there.today)
    rows = _visible(request).filter(TABS[which], under, pk__lt=before)
    return list(rows.order_by("-pk")[: SIZE + 1])


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Breaches by state, newest first, each with what is proposed or was decided."""
    there: Any = request
    which = request.GET.get("tab", "open")
    which = which if which in TABS else "open"
    clause = request.GET.get("clause", "")
    if there.branch is None:
        raise PermissionDenied
    found = _listed(request, which, clause)
    return render(
        request,
        "office/breaches.html",
        {
            "lines": [words_of(one) for one in weigh(found[:SIZE], there.today)],
            "more": found[SIZE - 1].pk if len(found) > SIZE else None,
            "tab": which,
            "clause": clause,
            "tabs": _tabs(which, clause),
            "not_enforceable": [(one, pack_of(one).title) for one in not_enforceable(there.branch, there.today)],
        },
    )


def _tabs(which: str, clause: str = "") -> list[dict[str, Any]]:
    """The tabs of the list, and beside them what grew late without anybody's name."""
    names = {"open": _("To be decided"), "imposed": _("Imposed"), "review": _("To be looked at again"), "all": _("All")}
    kept = {"clause": clause} if clause else {}
    here = reverse("office:breaches")
    tabs = [
        {"label": names[key], "url": f"{here}?{urlencode({'tab': key, **kept})}", "active": key == which, "count": ""}
        for key in names
    ]
    unnamed = {"label": _("Nobody named"), "url": reverse("office:unnamed"), "active": which == "unnamed", "count": ""}
    return [*tabs, unnamed]


@login_required
@require_GET
def unnamed(request: HttpRequest) -> HttpResponse:
    """Missed duties of a post that several hold: a breach comes of each when somebody is named on the duty's page."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    found = nobody_named(there.user, there.branch, there.today, SIZE + 1)
    shown = lines(found[:SIZE], there.branch, there.today, there.user)
    context = {"lines": shown, "more": len(found) > SIZE, "tabs": _tabs("unnamed")}
    return render(request, "office/unnamed.html", context)


def _one(request: HttpRequest, pk: int) -> Breach:
    head = ChainHead.objects.filter(subject_kind="breach", subject_id=str(pk)).values("seq")
    row = _visible(request).filter(pk=pk).annotate(seen=head).first()
    if row is None:
        raise Http404
    return row  # type: ignore[no-any-return]


@login_required
@require_GET
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach: what happened, what is proposed and on what it depends, the hearing, the decision."""
    return _shown(request, _one(request, pk))


def _shown(request: HttpRequest, row: Breach, errors: dict[str, str] | None = None) -> HttpResponse:
    there: Any = request
    weighed = weigh([row], there.today)[0]
    who = {"viewer": there.user, "branch": there.branch, "today": there.today}
    proposal = weighed.proposal
    unit = proposal.unit if proposal and proposal.range else ""
    form = DecisionForm(request.POST if errors else None, unit=unit or "cny")
    for name, message in (errors or {}).items():
        form.add_error(name if name in form.fields else None, message)
    context = {
        "line": words_of(weighed),
        "row": row,
        "file_name": names_of("file", there.user, there.branch, there.today, [row.file]).get(row.file, ""),
        "before": list(breaches(there.branch).filter(pk__in=weighed.before)) if weighed.before else [],
        "hearing": HearingForm(),
        "decision": form,
        "seen": row.seen,  # type: ignore[attr-defined]
        "may_hear": advice("sanction.hear", weighed, **who) if row.status == "proposed" else None,
        "may_impose": advice("sanction.impose", weighed, **who) if row.undecided or row.decided_anew else None,
        "may_waive": advice("sanction.waive", weighed, **who) if row.undecided else None,
        "may_quash": advice("sanction.quash", weighed, **who) if row.status == "imposed" else None,
        "may_order": advice("correction.order", weighed, **who) if row.ordered_on is None else None,
        "may_correct": advice("breach.correct", weighed, **who) if row.ordered_on and not row.corrected_on else None,
        "deciders": deciders(weighed, there.today) if row.undecided else [],
        "not_enforceable": [(one, pack_of(one).title) for one in not_told(weighed)],
        "quashed": quashed_before(row) if row.review else [],
        "quashing": quashing(row) if row.status == "quashed" else None,
        "now": sum_of(weighed.proposal) if row.decided_anew else "",
    }
    return render(request, "office/breach.html", context, status=422 if errors else 200)


def _do(request: HttpRequest, pk: int, act: Callable[..., Done], message: str, **given: Any) -> HttpResponse:
    row = _one(request, pk)
    try:
        act(**acting(request), breach=row, **given)
    except Invalid as invalid:
        return _shown(request, row, invalid.errors)
    messages.success(request, message)
    return redirect("office:breach", pk)


@login_required
@require_POST
def hear(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the hearing."""
    said = request.POST.get("statement", "")[:2000]
    return _do(request, pk, services.hear_breach, _("The hearing is recorded."), statement=said)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Impose or waive, as the pressed button says."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, _one(request, pk), {name: str(found[0]) for name, found in form.errors.items()})
    reason = form.cleaned_data["reason"]
    if request.POST.get("decision") == "waive":
        return _do(request, pk, services.waive_sanction, _("Waived, with its reason."), reason=reason)
    amount, percent = form.cleaned_data["amount"], form.cleaned_data["percent"]
    return _do(request, pk, services.impose_sanction, _("Imposed."), amount=amount, percent=percent, reason=reason)


@login_required
@require_POST
def quash(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a decision."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _do(request, pk, services.quash_sanction, _("Quashed; later decisions are marked."), reason=reason)


@login_required
@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a correction."""
    return _do(request, pk, services.order_correction, _("The correction is ordered."))


@login_required
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a correction."""
    return _do(request, pk, services.correct_breach, _("The correction is recorded."))
