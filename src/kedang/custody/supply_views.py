"""The screen on which papers are brought to a set that was signed for before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid
from kedang.custody import supply_services
from kedang.custody.forms import OfferForm
from kedang.custody.models import Handover
from kedang.custody.offering import HOW, papers_of, signed
from kedang.custody.receivers import receivers_of
from kedang.custody.rules import last_of_sets, things_of
from kedang.files import kinds, parts, shaping
from kedang.files.act_forms import BroughtForm
from kedang.files.asking import acting, advice
from kedang.files.models import File, Record
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.staff.models import Person


def _day(text: str) -> date | None:
    """A day as typed; None where there is none.  Raises ``Invalid`` for what is no day: it would never run out."""
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Invalid(
            {"brought": _("“%(day)s” is not a day: write it like 2026-11-27.") % {"day": text[:20]}}
        ) from None


def _brought(request: HttpRequest, wanted: list[Record]) -> dict[str, date | None]:
    """The papers that were ticked, each with the day until when it is valid."""
    ticked = [str(one.pk) for one in wanted if str(one.pk) in request.POST.getlist("brought")]
    return {pk: _day(request.POST.get(f"ends_{pk}", "")) for pk in ticked}


def _receiver_first(draft: Handover, form: OfferForm) -> None:
    """Whoever keeps the file receives it, where they may sign."""
    volume = next(iter(draft.file.volumes.all()), None)
    if volume and str(volume.holder_id) in form.people:
        form.fields["receiver"].initial = volume.holder_id


@login_required
def supply(request: HttpRequest, pk: int, checklist: str) -> HttpResponse:
    """Tick what is brought, say who receives it, sign: like a handover, of the papers that come later only."""
    viewer = viewer_of(request)
    papers = papers_of(request, viewer, pk, checklist)
    file, job, draft = papers.file, papers.job, papers.draft(viewer, supplement=True)
    receivers = receivers_of(viewer, draft)
    form, asked = OfferForm(receivers, request.POST or None), BroughtForm(viewer, request.POST or None)
    _receiver_first(draft, form)
    wanted = [one for one in papers.records if parts.is_wanted(one)]
    error = ""
    if request.method == "POST" and form.is_valid() and asked.is_valid():

        def bring(giver: Person) -> Done:
            return supply_services.supply_handover(
                **acting(request), file=file, job=job, checklist=checklist, brought=_brought(request, wanted),
                giver=giver, receiver=form.cleaned_data["receiver"], how=HOW, **asked.cleaned_data,
            )  # fmt: skip

        done, error = signed(request, form, bring)
        if done is not None:
            return redirect("custody:handover", pk=done.result.pk)
    answer = receivers.answer or advice(viewer, "handover.supply", **things_of(draft))
    context = {
        "file": file, "job": job, "form": form, "asked": asked, "error": error, "answer": answer,
        "status": last_of_sets(file).get((job.pk if job else None, checklist), ""),
        "set": shaping.text_of(kinds.checklists(viewer.book, file.kind).get(checklist)) or checklist,
        "lines": _lines(request, viewer, file, wanted), "seen": last_seq("file", file.pk), "person": viewer.person,
    }  # fmt: skip
    return render(request, "custody/supply.html", context, status=422 if form.errors or error else 200)


def _lines(request: HttpRequest, viewer: Viewer, file: File, wanted: list[Record]) -> list[dict[str, Any]]:
    """The papers that may be brought, with what was ticked and typed."""
    ticked = request.POST.getlist("brought")
    return [
        {
            **one, "ticked": str(one["record"].pk) in ticked,
            "ends_on": request.POST.get(f"ends_{one['record'].pk}", ""),
        }
        for one in shaping.lines_of(wanted, file.kind, viewer)
    ]  # fmt: skip
