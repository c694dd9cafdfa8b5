"""The screen that takes the answers of a checklist."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kedang.acts.answers import Invalid
from kedang.files import job_views, queries, record_services, settling, views
from kedang.files.act_forms import AddForm
from kedang.files.answering import Sent, answers_in
from kedang.files.asking import acting
from kedang.files.viewing import viewer_of
from kedang.lib.whole import whole


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer lines of the checklists of a file, or of one of its jobs; what is wrong comes back as it was typed."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    job_id = request.POST.get("job", "")
    job = queries.access_job(viewer, whole(job_id) or 0) if job_id.isdecimal() else None
    if job is not None and job.file_id != file.pk:
        raise Http404
    answers = answers_in(request.POST, queries.records_of(file, job))
    form = AddForm(viewer, settling.offered(settling.waiting(file), viewer.book, file.kind), request.POST)
    try:
        if answers and not form.is_valid():
            raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
        if answers:
            record_services.answer_records(**acting(request), file=file, job=job, answers=answers, **form.cleaned_data)
    except Invalid as wrong:
        sent = Sent(request.POST, wrong.errors)
        return job_views.shown(request, viewer, job.pk, sent) if job else views.shown(request, viewer, pk, sent)
    return redirect("files:job", pk=job.pk) if job else redirect("files:file", pk=file.pk)
