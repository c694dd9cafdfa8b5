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
from kedang.acts.naming import details_of, names_of
from kedang.approvals.models import Approval
from kedang.approvals.queries import (
    CUSTOMERS,
    addressed,
    approvals,
    asked_by,
    for_me,
    oral_since,
    selector_for,
    still_counts,
    to_confirm,
)
from kedang.journal.queries import last_seq
from kedang.office import approval_services as services
from kedang.office.duty_rules import OVERSEERS
from kedang.office.forms import AskForm, OralForm
from kedang.office.reading import acting
from kedang.office.timeline import timeline, what

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
    mine = [(row, still_counts(row, there.today)) for row in asked_by(there.user, there.branch)[:SIZE]]
    waiting = for_me(there.user, there.branch, there.today)[:SIZE]
    names = _names(request, waiting)
    named = [
        {"row": row, "file_name": names.get(row.about_id, "") if row.about_kind == "file" else ""} for row in waiting
    ]
    context = {
        "waiting": named, "mine": mine, "to_confirm": to_confirm(there.user, there.branch),
        "oral": oral_since(there.branch, there.today.replace(day=1)),
    }  # fmt: skip
    return render(request, "office/approvals.html", context)


def _names(request: HttpRequest, rows: list[Approval]) -> dict[str, str]:
    there: Any = request
    about = [row.about_id for row in rows if row.about_kind == "file"]
    return names_of("file", there.user, there.branch, there.today, about)


def _seen(request: HttpRequest, pk: int) -> Approval:
    """A request that the viewer made, can answer, answered or oversees; 404 for anybody else."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    row = approvals(there.branch).filter(pk=pk).first()
    if row is None:
        raise Http404
    replies = [one for step in row.steps.all() for one in step.replies.all()]
    near = {row.asker_id, *(one.by_id for one in replies), *(one.noted_by_id for one in replies)}
    actor, posts = addressed(there.user, there.branch, there.today)
    if there.user.pk in near or posts & OVERSEERS or selector_for(row, actor, posts):
        return row
    raise Http404


@login_required
@require_GET
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: whom each step asks, what was answered, and what the viewer can do."""
    return _shown(request, _seen(request, pk))


def _shown(request: HttpRequest, row: Approval, form: OralForm | None = None) -> HttpResponse:
    there: Any = request
    actor, posts = addressed(there.user, there.branch, there.today)
    found = selector_for(row, actor, posts)
    replies = [one for step in row.steps.all() for one in step.replies.all()]
    counts = still_counts(row, there.today)
    near = {row.asker_id, *(one.by_id for one in replies)}
    can_note = row.status == "waiting" and found is None
    file_name = _names(request, [row]).get(row.about_id, "")
    context = {
        "row": row, "what": what(row), "file_name": file_name,
        "behind": details_of(row.act, row.about_kind, row.about_id, row.asker_id) if file_name else (),
        "entries": timeline(row), "may_answer": found is not None,
        "for_customer": found is not None and found[1] in CUSTOMERS,
        "confirms": counts and any(one.by_id == there.user.pk and one.unconfirmed and one.yes for one in replies),
        "may_revoke": counts and there.user.pk in near,
        "oral": form or (OralForm(branch=there.branch, today=there.today) if can_note else None),
        "seen": last_seq("approval", row.pk),
    }  # fmt: skip
    return render(request, "office/approval.html", context, status=422 if form is not None else 200)


@login_required
@require_POST
def oral(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a yes by word of mouth with its name and hour."""
    there: Any = request
    row = _seen(request, pk)
    form = OralForm(request.POST, branch=there.branch, today=there.today)
    if form.is_valid():
        given = form.cleaned_data
        said = services.Oral(given["by"], given["said_at"])
        try:
            services.grant_approval(**acting(request), approval=row, reason=given["reason"], oral=said)
        except Invalid as invalid:
            for name, message in invalid.errors.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            messages.success(
                request, _("Noted. It counts until it is confirmed, at the latest on the next working day.")
            )
            return redirect("office:approval", pk=pk)
    return _shown(request, row, form)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant, deny or take back, as the pressed button says."""
    there: Any = request
    mine = {one.pk: one for one in for_me(there.user, there.branch, there.today)} if there.branch else {}
    row = mine.get(pk) or (_seen(request, pk) if there.branch else None)
    said = request.POST.get("answer", "")
    command = COMMANDS.get(said)
    if row is None or command is None:
        raise Http404
    given = {"reason": request.POST.get("reason", "")[:300]}
    given |= {"proof": request.POST.get("proof", "")[:300]} if said == "grant" else {}
    try:
        command(**acting(request), approval=row, **given)
    except Invalid as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
        return redirect("office:approval", pk=pk)
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
