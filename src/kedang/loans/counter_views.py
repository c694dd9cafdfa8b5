"""Screens of the archivist's counter: scan a label, give out, take back, count, register a reading."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kedang.acts.answers import Invalid, Refused
from kedang.acts.signing import signer_of
from kedang.files import queries as file_queries
from kedang.files.asking import acting
from kedang.files.viewing import viewer_of
from kedang.loans import loss_services, queries, reading_services, services
from kedang.loans.forms import CheckForm, DirectForm, ReadForm
from kedang.loans.rules import terms_of
from kedang.loans.views import HOW, blame, by_form, file_page, kind_choices, loss_kinds, page_of, row_of


@login_required
def counter(request: HttpRequest) -> HttpResponse:
    """One field for the scanner: the label leads to what is next for this file."""
    viewer = viewer_of(request)
    text = request.POST.get("label", "").strip()
    error = ""
    if request.method == "POST":
        file = queries.by_label(viewer, text)
        if file is not None:
            out = queries.of_file(viewer, file).out
            return redirect("loans:loan", pk=out.pk) if out else redirect("loans:file", pk=file.pk)
        error = _("No file here bears this label. Scan it again, or type the number.")
    waiting = [row_of(one, viewer) for one in queries.in_tab(viewer, "requested")[:10]]
    check = [row_of(one, viewer) for one in queries.in_tab(viewer, "returned")[:10]]
    context = {"error": error, "text": text[:60], "waiting": waiting, "check": check}
    return render(request, "loans/counter.html", context, status=422 if error else 200)


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out what a slip asks for."""
    viewer = viewer_of(request)
    services.issue_loan(**acting(request), loan=queries.access_loan(viewer, pk))
    return redirect("loans:loan", pk=pk)


@login_required
@require_POST
def lend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out without a slip, on the borrower's signature."""
    viewer = viewer_of(request)
    file = file_queries.access_file(viewer, pk)
    terms = terms_of(viewer.branch, viewer.today, file.kind)
    form = DirectForm(viewer.branch, terms, viewer.today, kind_choices(viewer), request.POST)
    if not form.is_valid():
        return file_page(request, viewer, file, direct=form)
    said = form.cleaned_data
    signer = signer_of(request, "borrower")
    if signer is None or signer != said["borrower"]:
        error = _("The borrower signs here with their own user name and password.")
        return file_page(request, viewer, file, direct=form, error=error)
    try:
        done = services.lend_directly(**acting(request), volume=queries.volume_of(file), how=HOW, **said)
    except Invalid as wrong:
        blame(form, wrong)
        return file_page(request, viewer, file, direct=form)
    return redirect("loans:loan", pk=done.result.pk)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take lent papers back; the count follows on the same page."""
    viewer = viewer_of(request)
    services.return_loan(**acting(request), loan=queries.access_loan(viewer, pk))
    return redirect("loans:loan", pk=pk)


def _found(request: HttpRequest) -> dict[str, bool]:
    """Which papers of the count are there, by id."""
    said = {key.removeprefix("paper_"): one for key, one in request.POST.items() if key.startswith("paper_")}
    return {key: one == "found" for key, one in said.items()}


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Count what came back; where the rules want more than is there, the count stays on the screen as typed."""
    viewer = viewer_of(request)
    form = CheckForm(loss_kinds(viewer), request.POST)

    def count(kind: str, **said: Any) -> Any:
        return services.check_loan(**said)

    try:
        return by_form(request, pk, "check_form", form, count, found=_found(request))
    except Refused as error:
        loan = queries.access_loan(viewer, pk)
        return page_of(request, viewer, loan, status=403, check_form=form, refused=error.answer)


@login_required
@require_POST
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what is missing or damaged; the borrower answers for it."""
    form = CheckForm(loss_kinds(viewer_of(request)), request.POST)

    def report(unmarked: bool, **said: Any) -> Any:
        return loss_services.report_loss(**said)

    return by_form(request, pk, "check_form", form, report, found=_found(request))


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a reading on the spot."""
    viewer = viewer_of(request)
    file = file_queries.access_file(viewer, pk)
    form = ReadForm(viewer.branch, viewer.today, request.POST)
    if form.is_valid():
        try:
            reading_services.open_consultation(**acting(request), file=file, **form.cleaned_data)
        except Invalid as error:
            blame(form, error)
        else:
            return redirect("loans:file", pk=pk)
    return file_page(request, viewer, file, reader=form)


@login_required
@require_POST
def end_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Register that a reading has ended, and what came of it."""
    found = queries.access_consultation(viewer_of(request), pk)
    reading_services.close_consultation(**acting(request), consultation=found, effect=request.POST.get("effect", ""))
    return redirect("loans:file", pk=found.file_id)
