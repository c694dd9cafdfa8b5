"""Screens of the figures: the month, and the list behind each number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.insight import listing, wording
from kedang.insight.periods import MONTHS, month_of, period_of
from kedang.insight.queries import months, page_of, standing
from kedang.insight.scoping import NAMES, Scope, scopes_of
from kedang.insight.services import freeze_figure
from kedang.insight.tallies import Question, question
from kedang.lib.whole import whole
from kedang.office.reading import acting
from kedang.rulebook.pack import Measure
from kedang.staff.models import Person


def _scope(request: HttpRequest) -> tuple[Scope, dict[str, Scope]]:
    """The scope asked for, or the widest that is open to the viewer, and all that are.  A closed one is not there."""
    there: Any = request
    if there.branch is None or not isinstance(there.user, Person):
        raise PermissionDenied
    offered = scopes_of(there.user, there.branch, there.today)
    name = request.GET.get("scope", "") or list(offered)[-1]
    if name not in offered:
        raise Http404
    return offered[name], offered


def _month(request: HttpRequest, given: Any = None) -> tuple[date, str]:
    """The first day of the month asked for; this month, and a sentence, if it is not written as one."""
    there: Any = request
    text = (request.GET if given is None else given).get("month", "").strip()
    this = there.today.replace(day=1)
    if not text:
        return this, ""
    try:
        return month_of(text), ""
    except ValueError:
        return this, _("This is no month: write it as %(example)s. Shown is this month.") % {"example": f"{this:%Y-%m}"}


@login_required
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Each measure of the policies in force for a month, as far as the viewer may see it."""
    there: Any = request
    scope, offered = _scope(request)
    month, wrong = _month(request)
    clause = request.GET.get("clause", "")[:80]
    page = page_of(there.branch, month, scope, there.today, clause)
    before, after = months(month, there.today)
    names = {"mine": _("Mine"), "unit": _("My department"), "all": _("All")}
    book = book_for(there.branch, there.today)
    asked = {"actor": there.user, "branch": there.branch, "today": there.today, "facts": {"measure.frozen": "no"}}
    ending = period_of("month", month)
    context = {
        "cards": wording.show(page.cards, there.branch, there.today), "month": f"{month:%Y-%m}", "wrong": wrong,
        "clause": clause, "may_freeze": scope.name == "all" and advise("measure.freeze", **asked).allowed,
        "before": before, "after": after, "running": ending.last >= there.today, "scope": scope.name,
        "standing": standing(there.user, there.branch, there.today) if scope.name == "mine" else (),
        "unkept": [
            {"ref": rule.ref, "said": wording.said(rule, book.pack(rule.pack))}
            for rule in (page.unkept if scope.name == "all" else ())
        ],
        "tabs": [
            {"label": names[name], "url": f"?scope={name}&month={month:%Y-%m}", "active": name == scope.name,
             "count": ""}
            for name in NAMES if name in offered
        ],
    }  # fmt: skip
    return render(request, "insight/figures.html", context)


def _asked(request: HttpRequest, scope: Scope, month: date) -> Question:
    """The measure whose rows are asked for.  404 where no policy in force asks for it."""
    there: Any = request
    last = period_of("month", month).last
    book = book_for(there.branch, min(last, max(there.today, month)))
    ref, name = request.GET.get("ref", ""), request.GET.get("name", "")
    for rule in book.rules_of(Measure):
        if (rule.ref, rule.name) == (ref, name) and rule.every in MONTHS:
            found = question(rule, book, period_of(rule.every, month), scope)
            if found is not None:
                return found
    raise Http404


@login_required
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze one figure of a period that is over."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    month, wrong = _month(request, request.POST)
    if wrong:
        raise Http404
    named = {"ref": request.POST.get("ref", "")[:80], "name": request.POST.get("name", "")[:80]}
    try:
        freeze_figure(**acting(request), branch=there.branch, month=month, **named)
    except Invalid as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
    else:
        messages.success(request, _("Frozen: this figure does not change any more."))
    return redirect(f"{reverse('insight:figures')}?scope=all&month={month:%Y-%m}")


@login_required
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows that one number counts."""
    there: Any = request
    scope, _offered = _scope(request)
    month, _wrong = _month(request)
    one = _asked(request, scope, month)
    group, only = request.GET.get("group", ""), "part" if request.GET.get("only") == "part" else ""
    if one.by == "unit" and scope.name == "unit" and group not in scope.units:
        raise Http404
    after = request.GET.get("after", "")
    found, more = listing.found(one, there.branch, group, only, whole(after) or 0)
    context = {
        "lines": listing.lines(one, found, there.branch, there.today, there.user), "more": more, "only": only,
        "title": wording.title(one.rule), "ref": one.rule.ref, "period": one.period, "scope": scope.name,
        "month": f"{month:%Y-%m}", "group": wording.name_of(one, group, there.branch),
    }  # fmt: skip
    return render(request, "insight/rows.html", context)
