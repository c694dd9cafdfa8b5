"""Screens of loans for everybody: the list, the slip, one loan, the register of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.acts.signing import signer_of
from kedang.files import kinds, shaping
from kedang.files import queries as file_queries
from kedang.files.asking import acting, advice, advice_given
from kedang.files.incident_parts import incident_kinds
from kedang.files.models import File
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.loans import ledger as books
from kedang.loans import queries, renewing, services
from kedang.loans.forms import CheckForm, DirectForm, ReadForm, RecallForm, RenewForm, SlipForm
from kedang.loans.models import Consultation, Loan
from kedang.loans.rules import days_out, kinds_asked, latest_day, said, terms_of
from kedang.staff.models import in_language

HOW = "password"


def row_of(loan: Loan, viewer: Viewer) -> dict[str, Any]:
    """A loan as the lists show it; the file by its number, which is nobody's secret."""
    return {
        "loan": loan,
        "state": queries.state_of(loan, viewer),
        "days": days_out(loan, viewer.today),
        "late": max(0, (viewer.today - loan.due_on).days) if loan.status == "issued" else 0,
    }


def _tabs(now: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = {
        "": (_("Lent"), counts["issued"]), "requested": (_("Requested"), counts["requested"]),
        "returned": (_("To be checked"), counts["returned"]), "overdue": (_("Overdue"), counts["overdue"]),
        "closed": (_("Past"), ""), "mine": (_("Mine"), ""),
    }  # fmt: skip
    return [
        {"label": label, "count": count, "active": key == now, "url": f"{reverse('loans:list')}?tab={key}"}
        for key, (label, count) in names.items()
    ]


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The loan ledger by stage, the most urgent first."""
    viewer = viewer_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in queries.TABS else ""
    rows = [row_of(one, viewer) for one in queries.in_tab(viewer, tab)[: queries.ROWS + 1]]
    context = {
        "rows": rows[: queries.ROWS], "more": len(rows) > queries.ROWS, "tabs": _tabs(tab, queries.counts(viewer)),
        "tab": tab,
    }  # fmt: skip
    return render(request, "loans/list.html", context)


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register of use: each loan and each reading with its purpose, made to be printed."""
    viewer = viewer_of(request)
    return render(request, "loans/register.html", {"rows": queries.uses(viewer)})


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger of the files of a kind in the order of their numbers, made to be printed."""
    viewer = viewer_of(request)
    known = {key: shaping.text_of(one) for key, one in kinds.file_kinds(viewer.book).items()}
    kind = request.GET.get("kind", "")
    kind = kind if kind in known else next(iter(known), "")
    rows = request.GET.get("rows", "")
    page = books.page(viewer, kind, request.GET.get("after", "")[:60], books.MOST if rows == "all" else books.ROWS)
    request.showed = ("file", [str(one["file"].pk) for one in page.lines])  # type: ignore[attr-defined]
    context = {"page": page, "kind": kind, "kind_name": known.get(kind, ""), "kinds": list(known.items())}
    return render(request, "loans/ledger.html", context)


def advised(viewer: Viewer, act: str, loan: Loan) -> Any:
    """What the rules say before the click; the purpose or reason that the form will bring is taken for given."""
    return advice_given(viewer, act, {"file": loan.file, "loan": loan}, facts=said(loan.purpose or "given"))


def kind_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The kinds of loan that rules in force tell apart, as the packs call them."""
    words = {key: text for pack in viewer.book.packs for key, text in pack.words.items()}
    return [
        (one, in_language(words[one].zh, words[one].en) if one in words else one) for one in kinds_asked(viewer.book)
    ]


def file_page(request: HttpRequest, viewer: Viewer, file: File, **forms: Any) -> HttpResponse:
    """The loans of one file with the forms that start one; a form given in ``forms`` is shown as typed."""
    terms = terms_of(viewer.branch, viewer.today, file.kind)
    volume = queries.volume_read(file)
    draft = Loan(
        branch=file.branch, file=file, volume=volume, borrower=viewer.person, due_on=latest_day(terms, viewer.today),
        slip=True, purpose="-",
    )  # fmt: skip
    reading = Consultation(branch=file.branch, file=file, reader=viewer.person, purpose="-")
    on_file = queries.of_file(viewer, file)
    asked = kind_choices(viewer)
    context = {
        "file": file, "about": f"file:{file.pk}", "whose": shaping.title_of(file, viewer), "terms": terms,
        "volume": volume,
        "out": row_of(on_file.out, viewer) if on_file.out else None,
        "waiting": [row_of(one, viewer) for one in on_file.waiting], "reading": on_file.reading,
        "past": [row_of(one, viewer) for one in on_file.past],
        "mine_waits": any(one.borrower_id == viewer.person.pk for one in on_file.waiting),
        "slip": SlipForm(terms, viewer.today, asked), "direct": DirectForm(viewer.branch, terms, viewer.today, asked),
        "reader": ReadForm(viewer.branch, viewer.today), "seen": last_seq("file", file.pk), "error": "", **forms,
        "answers": {
            "request": advised(viewer, "loan.request", draft), "issue": advised(viewer, "loan.issue", draft),
            "read": advice_given(
                viewer, "consultation.open", {"file": file, "consultation": reading}, facts=said("given")
            ),
            "end": advice(viewer, "consultation.close", file=file, consultation=reading),
        },
    }  # fmt: skip
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    return render(request, "loans/file.html", context, status=422 if forms else 200)


@login_required
@require_GET
def file_loans(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has this file, who waits for it, who reads it now; and the slip."""
    viewer = viewer_of(request)
    return file_page(request, viewer, file_queries.access_file(viewer, pk))


def blame(form: Any, error: Invalid) -> None:
    """Show a command's answer at the fields of a form, the rest above it."""
    for name, message in error.errors.items():
        form.add_error(name if name in form.fields else None, message)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the slip."""
    viewer = viewer_of(request)
    file = file_queries.access_file(viewer, pk)
    form = SlipForm(terms_of(viewer.branch, viewer.today, file.kind), viewer.today, kind_choices(viewer), request.POST)
    if form.is_valid():
        try:
            done = services.request_loan(**acting(request), volume=queries.volume_of(file), **form.cleaned_data)
        except Invalid as error:
            blame(form, error)
        else:
            return redirect("loans:loan", pk=done.result.pk)
    return file_page(request, viewer, file, slip=form)


def loss_kinds(viewer: Viewer) -> dict[str, str]:
    """What may have gone wrong with lent papers, as the packs in force call it."""
    return {key: shaping.text_of(one) for key, one in incident_kinds(viewer.book).items()}


def _papers(request: HttpRequest, viewer: Viewer, loan: Loan) -> list[dict[str, Any]]:
    """The papers of a loan, each as it was said to be or was found before."""
    papers = list(loan.papers.all())
    names = shaping.lines_of([one.record for one in papers], loan.file.kind, viewer)
    return [
        {"paper": one, "name": name["name"], "state": request.POST.get(f"paper_{one.pk}", one.state)}
        for one, name in zip(papers, names, strict=True)
    ]


def page_of(request: HttpRequest, viewer: Viewer, loan: Loan, status: int = 0, **forms: Any) -> HttpResponse:
    """One loan: its slip, its papers, what can be done next; a form given in ``forms`` is shown as typed."""
    acts = {
        "requested": ("issue", "withdraw"), "issued": ("renew", "recall", "return", "pass_on"), "returned": ("check",),
    }.get(loan.status, ())  # fmt: skip
    terms = terms_of(viewer.branch, viewer.today, loan.file.kind)
    counted = {"pages_back": loan.pages_out - loan.pages_lost, "unmarked": True, "note": loan.loss and loan.loss.cause}
    context = {
        "loan": loan, "about": f"file:{loan.file_id}", "row": row_of(loan, viewer), "terms": terms,
        "papers": _papers(request, viewer, loan), "refused": None,
        "answers": {act: advised(viewer, f"loan.{act}", loan) for act in acts},
        "renew_bar": renewing.bar(loan, terms, viewer.today) if loan.status == "issued" else "",
        "renew_form": RenewForm(initial={"until": latest_day(terms, viewer.today).isoformat()}),
        "recall_form": RecallForm(), "check_form": CheckForm(loss_kinds(viewer), initial=counted),
        "mine": loan.borrower_id == viewer.person.pk, "seen": last_seq("file", loan.file_id), "error": "", **forms,
    }  # fmt: skip
    return render(request, "loans/loan.html", context, status=status or (422 if forms else 200))


@login_required
@require_GET
def loan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One loan."""
    viewer = viewer_of(request)
    return page_of(request, viewer, queries.access_loan(viewer, pk))


def by_form(
    request: HttpRequest, pk: int, name: str, form: Any, command: Callable[..., Any], **given: Any
) -> HttpResponse:
    """What a form of the loan's page asks a command to do; a wrong one is shown again as typed, under ``name``."""
    viewer = viewer_of(request)
    loan = queries.access_loan(viewer, pk)
    if form.is_valid():
        try:
            command(**acting(request), loan=loan, **{**form.cleaned_data, **given})
        except Invalid as error:
            blame(form, error)
        else:
            return redirect("loans:loan", pk=pk)
    return page_of(request, viewer, loan, **{name: form})


@login_required
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the day of return."""
    return by_form(request, pk, "renew_form", RenewForm(request.POST), services.renew_loan)


@login_required
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Call papers back."""
    return by_form(request, pk, "recall_form", RecallForm(request.POST), services.recall_loan)


@login_required
@require_POST
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another person have the papers, on that person's signature."""
    viewer = viewer_of(request)
    loan = queries.access_loan(viewer, pk)
    receiver = signer_of(request, "receiver")
    if receiver is None:
        return page_of(request, viewer, loan, error=_("User name and password do not fit."))
    services.pass_loan_on(**acting(request), loan=loan, receiver=receiver, how=HOW)
    return redirect("loans:loan", pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own slip back."""
    loan = queries.access_loan(viewer_of(request), pk)
    services.withdraw_request(**acting(request), loan=loan)
    return redirect("loans:file", pk=loan.file_id)
