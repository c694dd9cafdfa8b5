"""Screens of jobs: the counter where one is received, and its page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid, Refused
from kedang.customers.queries import contact_of
from kedang.files import kinds, listing, queries, services, settling, shaping
from kedang.files.answering import Sent, lists_to_answer
from kedang.files.forms import JobForm, ReachForm
from kedang.files.models import File, Job
from kedang.files.unbound import tell_if_unbound
from kedang.files.viewing import Viewer, viewer_of
from kedang.files.views import acting, advice, steps_of
from kedang.journal.queries import last_seq
from kedang.journal.sealed import Purpose


def _first_job(viewer: Viewer, file: File) -> str:
    kind = kinds.file_kind(viewer.book, file.kind)
    return next(iter(kind.jobs), "") if kind else ""


def _last_contact(viewer: Viewer, file: File) -> dict[str, Any]:
    """The contact confirmed last, else what the file's own fields say; plain only within the reading right."""
    if not viewer.reads("personal", file):
        return {}
    purpose = Purpose(viewer=viewer.person, why="reception")
    contact = contact_of(file.customer)
    if contact and contact.name and contact.phone:
        plain = (contact.name.reveal(purpose), contact.phone.reveal(purpose))
        return {"contact_name": plain[0], "contact_phone": plain[1], "confirmed_on": contact.confirmed_on}
    kind = kinds.file_kind(viewer.book, file.kind)
    values = queries.readable_values(file, viewer)
    found: dict[str, Any] = {}
    for key, field in (kind.fields if kind else {}).items():
        if field.type == "name" and isinstance(values.get(key), str) and values[key]:
            found["contact_name"] = values[key]  # the last name that the pack declares is the contact's
        if field.type in ("mobile", "phone") and isinstance(values.get(key), str):
            found.setdefault("contact_phone", values[key])
    return found


@login_required
def reception(request: HttpRequest) -> HttpResponse:
    """The counter: one field finds the file; its last contact is shown with the question whether it is still right."""
    viewer = viewer_of(request)
    text = request.POST.get("q", "")
    asked = listing.sought(viewer, text)
    rows = listing.page_of(asked, size=5).rows if asked else []
    if len(rows) == 1:
        return redirect("files:receive", pk=rows[0].pk)
    request.showed = ("file", [str(one.pk) for one in rows])  # type: ignore[attr-defined]
    context = {"rows": [shaping.row_of(one, viewer) for one in rows], "searched": bool(text.strip()), "text": text}
    return render(request, "files/reception.html", context)


@login_required
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive a job on a file: what for, and with whom it was spoken."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    what = _first_job(viewer, file)
    declared = kinds.job_kind(viewer.book, file, what)
    last = _last_contact(viewer, file)
    form = JobForm(request.POST or None, initial=last)
    form.fields["job_kinds"].choices = [  # type: ignore[attr-defined]
        (key, shaping.text_of(one)) for key, one in (declared.kinds if declared else {}).items()
    ]
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            done = services.open_job(**acting(request), file=file, what=what, **form.cleaned_data)
        except Invalid as error:
            for name, message in error.errors.items():
                form.add_error(name if name in form.fields else None, message)
        except Refused as refused:
            refusal = refused.answer
        else:
            return redirect("files:job", pk=done.result.pk)
    answer = advice(viewer, "job.open", file=file, job=Job(file=file, person=viewer.person, contact_verified=True))
    context = {
        "file": file,
        "row": shaping.row_of(file, viewer),
        "form": form,
        "last": last,
        "what": shaping.text_of(declared),
        "answer": answer,
        "refusal": refusal,
        "seen": last_seq("file", file.pk),
    }
    status = 403 if refusal else 422 if form.errors else 200
    return render(request, "files/receive.html", context, status=status)


@login_required
@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: its papers, its milestones, its handover."""
    return shown(request, viewer_of(request), pk)


def shown(request: HttpRequest, viewer: Viewer, pk: int, sent: Sent | None = None) -> HttpResponse:
    """The page of a job; 422 with the answers that were sent and not saved."""
    job = queries.access_job(viewer, pk, whole=True)
    request.showed = ("file", [str(job.file_id)])  # type: ignore[attr-defined]
    declared = kinds.job_kind(viewer.book, job.file, job.what)
    reached = {one.key: one.date for one in job.milestones.all()}
    steps = declared.milestones if declared else {}
    context = {
        "job": job,
        "file": job.file,
        "row": shaping.job_row(job, viewer),
        "lists": lists_to_answer(viewer, job.file, job, settling.waiting(job.file), sent),
        "steps": steps_of(steps, reached),
        "answers": {"reach": advice(viewer, "job.reach", file=job.file, job=job)},
        "seen": last_seq("file", job.file_id),
        "sent": sent,
    }
    return render(request, "files/job.html", context, status=422 if sent else 200)


@login_required
@require_POST
def job_reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a milestone of a job."""
    viewer = viewer_of(request)
    job = queries.access_job(viewer, pk)
    form = ReachForm(request.POST)
    if not form.is_valid():
        raise Invalid({"on": _("Write a date as 2026-11-23.")})
    milestone, on = form.cleaned_data["milestone"], form.cleaned_data["on"]
    services.reach_job(**acting(request), job=job, milestone=milestone, on=on)
    tell_if_unbound(request, kinds.job_kind(viewer.book, job.file, job.what), milestone, on)
    return redirect("files:job", pk=job.pk)
