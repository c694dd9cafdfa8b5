"""Screens of custody: offers and receipts, the check, the sign-for book."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Done
from kedang.acts.gate import advise
from kedang.acts.signing import signer_of
from kedang.custody import queries, services
from kedang.custody.forms import BookForm, OfferForm, ReturnForm
from kedang.custody.models import Handover
from kedang.custody.offering import HOW, papers_of, signed
from kedang.custody.receivers import receivers_of
from kedang.custody.rules import things_of
from kedang.files import kinds, shaping
from kedang.files.viewing import Viewer, viewer_of
from kedang.files.views import acting, advice
from kedang.journal.queries import last_seq
from kedang.staff.models import Person


def _row(handover: Handover, viewer: Viewer) -> dict[str, Any]:
    declared = kinds.checklists(viewer.book, handover.file.kind).get(handover.checklist)
    return {
        "handover": handover,
        "set": shaping.text_of(declared) or handover.checklist,
        "state": {"offered": "waiting", "received": "received", "checked": "done"}.get(handover.status, "none"),
    }


@login_required
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """What waits for a signature or for the check."""
    viewer = viewer_of(request)
    rows = [_row(one, viewer) for one in queries.first_waiting(viewer, 100)]
    context = {
        "mine": [
            one
            for one in rows
            if one["handover"].status == "offered" and one["handover"].receiver_id == viewer.person.pk
        ],
        "offered": [
            one
            for one in rows
            if one["handover"].status == "offered" and one["handover"].receiver_id != viewer.person.pk
        ],
        "received": [one for one in rows if one["handover"].status == "received"],
    }
    return render(request, "custody/handovers.html", context)


@login_required
def prepare(request: HttpRequest, pk: int, checklist: str) -> HttpResponse:
    """Offer a set: its list as answered, who receives, the giver's signature."""
    viewer = viewer_of(request)
    papers = papers_of(request, viewer, pk, checklist)
    file, job, draft = papers.file, papers.job, papers.draft(viewer)
    receivers = receivers_of(viewer, draft)
    form = OfferForm(receivers, request.POST or None)
    error = ""
    if request.method == "POST" and form.is_valid():

        def offer(giver: Person) -> Done:
            return services.offer_handover(
                **acting(request), file=file, job=job, checklist=checklist, giver=giver,
                receiver=form.cleaned_data["receiver"], how=HOW,
            )  # fmt: skip

        done, error = signed(request, form, offer)
        if done is not None:
            return redirect("custody:handover", pk=done.result.pk)
    lines = shaping.lines_of(papers.records, file.kind, viewer)
    context = {
        "file": file, "job": job, "row": _row(draft, viewer), "lines": lines, "form": form,
        "error": error, "answer": receivers.answer or advice(viewer, "handover.offer", **things_of(draft)),
        "seen": last_seq("file", file.pk), "person": viewer.person,
        "unanswered": [one for one in lines if one["record"].state == "missing" and not one["record"].reason],
    }  # fmt: skip
    return render(request, "custody/prepare.html", context, status=422 if form.errors or error else 200)


@login_required
@require_GET
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One handover: its list, its signatures, and what can be done next."""
    viewer = viewer_of(request)
    found = queries.access_handover(viewer, pk)
    return render(request, "custody/handover.html", _page(viewer, found, ""))


def _page(viewer: Viewer, found: Handover, error: str) -> dict[str, Any]:
    act = "handover.sign" if found.status == "offered" else "handover.check"
    lines = list(found.lines.all())
    return {
        "row": _row(found, viewer),
        "handover": found,
        "lines": [
            {
                "line": one,
                "name": shaping.line_text(one.record, found.file.kind, viewer),
                "found": _named(one.found, viewer),
            }
            for one in lines
        ],
        "defects": [(key, shaping.text_of(one)) for key, one in kinds.defects(viewer.book).items()],
        "answer": advice(viewer, act, **things_of(found)) if found.status in ("offered", "received") else None,
        "error": error,
        "return_form": ReturnForm(),
        "seen": last_seq("file", found.file_id),
    }


def _named(found: str, viewer: Viewer) -> list[str]:
    known = kinds.defects(viewer.book)
    return [shaping.text_of(known.get(one)) or one for one in found.split(",") if one]


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The receiver's signature, in whoever's session."""
    viewer = viewer_of(request)
    found = queries.access_handover(viewer, pk)
    signer = signer_of(request, "receiver")
    if signer is None:
        context = _page(viewer, found, _("User name and password do not fit."))
        return render(request, "custody/handover.html", context, status=422)
    services.sign_handover(**{**acting(request), "actor": signer}, handover=found, signer=signer, how=HOW)
    return redirect("custody:handover", pk=found.pk)


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an offered set back."""
    found = queries.access_handover(viewer_of(request), pk)
    services.return_handover(**acting(request), handover=found, reason=request.POST.get("reason", ""))
    return redirect("custody:handover", pk=found.pk)


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The archivist's check, line by line."""
    viewer = viewer_of(request)
    found = queries.access_handover(viewer, pk)
    known = kinds.defects(viewer.book)
    chosen = {
        str(line.pk): [one for one in request.POST.getlist(f"defect_{line.pk}") if one in known]
        for line in found.lines.all()
    }
    services.check_handover(**acting(request), handover=found, found=chosen)
    return redirect("custody:handover", pk=found.pk)


@login_required
@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """The sign-for book of some days, made to be printed."""
    viewer = viewer_of(request)
    form = BookForm(request.GET)
    days = form.cleaned_data if form.is_valid() else {}
    since, until = days.get("since") or viewer.today, days.get("until") or viewer.today
    rows, closed = [], queries.closings(viewer.branch, min(since, viewer.today), max(until, viewer.today))
    for one in queries.book(viewer, since, until):
        signed = {item.party: item for item in one.signatures.all()}
        names = [shaping.line_text(item.record, one.file.kind, viewer) for item in one.lines.all()]
        end = closed.get(one.offered_on)
        late = {party: bool(end and item.at > end.recorded_at) for party, item in signed.items()}
        rows.append(
            {
                **_row(one, viewer), "giver": signed.get("giver"), "receiver": signed.get("receiver"),
                "lacking": names, "late": late,
            }
        )  # fmt: skip
    context = {
        "rows": rows, "form": form, "since": since, "until": until,
        "open": [one for one in rows if one["handover"].status == "offered"],
        "answer": advice_of_day(viewer, rows), "closed": closed.get(viewer.today),
    }  # fmt: skip
    return render(request, "custody/book.html", context)


def advice_of_day(viewer: Viewer, rows: list[dict[str, Any]]) -> Any:
    """What the rules say to closing the day."""
    facts = {
        "day.open_handovers": sum(1 for one in rows if one["handover"].status == "offered"),
        "day.commented": "yes",
    }
    return advise("day.close", actor=viewer.person, branch=viewer.branch, today=viewer.today, facts=facts)


@login_required
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    """Close the book of today."""
    viewer = viewer_of(request)
    services.close_day(
        **acting(request), branch=viewer.branch, day=viewer.today, comment=request.POST.get("comment", "")
    )
    return redirect("custody:book")
