"""Screens of approvals: what waits for me, what I asked, and the request itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.approvals.queries import approvals, asked_by, for_me
from kedang.office import approval_services as services
from kedang.office.forms import AskForm
from kedang.office.reading import acting

SIZE = 100
COMMANDS = {
    "grant": services.grant_approval,
    "deny": services.deny_approval,
    "revoke": services.revoke_approval,
}


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, and what I asked for."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    mine = asked_by(there.user, there.branch)[:SIZE]
    waiting = for_me(there.user, there.branch, there.today)[:SIZE]
    return render(request, "office/approvals.html", {"waiting": waiting, "mine": mine})


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant, deny or take back, as the pressed button says."""
    there: Any = request
    mine = {one.pk: one for one in for_me(there.user, there.branch, there.today)} if there.branch else {}
    row = mine.get(pk) or approvals(there.branch).filter(pk=pk, asker=there.user).first()
    command = COMMANDS.get(request.POST.get("answer", ""))
    if row is None or command is None:
        raise Http404
    try:
        command(**acting(request), approval=row, reason=request.POST.get("reason", "")[:300])
    except Invalid as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
    else:
        messages.success(request, _("Your answer is recorded."))
    return redirect("office:approvals")


@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for consent to one act on one subject under one clause."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    form = AskForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kind, _colon, ref = said["about"].partition(":")
        try:
            services.request_approval(
                **acting(request), branch=there.branch, clause=said["clause"], act=said["act"], about=(kind, ref),
                purpose=said["purpose"],
            )  # fmt: skip
        except Invalid as invalid:
            form.add_error(None, " ".join(invalid.errors.values()))
        else:
            messages.success(request, _("The request is on its way."))
            return redirect("office:approvals")
    return render(request, "office/ask.html", {"form": form, "clause": form["clause"].value()})
