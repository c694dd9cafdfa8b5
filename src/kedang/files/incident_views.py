"""The screen of a file's incidents: reported, and settled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kedang.acts.answers import Invalid
from kedang.files import incident_services, queries, shaping
from kedang.files.asking import acting, advice_given
from kedang.files.forms import IncidentForm, SettleForm
from kedang.files.incident_parts import incident_kinds
from kedang.files.models import File, Incident
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq


def _row(one: Incident, viewer: Viewer, kinds: dict[str, str], form: SettleForm | None) -> dict[str, Any]:
    settled = {"incident.course": "given", "incident.handling": "given", "incident.measures": "yes"}
    answer = advice_given(viewer, "incident.close", {"file": one.file, "incident": one}, facts=settled)
    return {
        "incident": one, "kind": kinds.get(one.kind, one.kind), "answer": answer,
        "form": form or SettleForm(initial={"course": one.course}),
    }  # fmt: skip


def _page(request: HttpRequest, viewer: Viewer, file: File, **forms: Any) -> HttpResponse:
    """What went wrong with a file; a form given in ``forms`` is shown as typed: ``report`` or ``settle`` by its id."""
    kinds = {key: shaping.text_of(one) for key, one in incident_kinds(viewer.book).items()}
    settle, pk = forms.get("settle", (None, 0))
    rows = list(Incident.objects.filter(file=file).select_related("person", "reported_by", "closed_by", "file__branch"))
    draft = Incident(branch=file.branch, file=file, kind=next(iter(kinds), ""), reported_by=viewer.person)
    context = {
        "file": file, "whose": shaping.title_of(file, viewer), "seen": last_seq("file", file.pk), "kinds": kinds,
        "rows": [_row(one, viewer, kinds, settle if one.pk == pk else None) for one in rows],
        "report": forms.get("report") or IncidentForm(viewer, kinds),
        "answer": advice_given(viewer, "incident.report", {"file": file, "incident": draft}),
    }  # fmt: skip
    return render(request, "files/incidents.html", context, status=422 if forms else 200)


def _blame(form: Any, error: Invalid) -> None:
    for name, message in error.errors.items():
        form.add_error(name if name in form.fields else None, message)


@login_required
def incidents(request: HttpRequest, pk: int) -> HttpResponse:
    """What went wrong with a file, and the form that reports it."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    if request.method != "POST":
        return _page(request, viewer, file)
    kinds = {key: shaping.text_of(one) for key, one in incident_kinds(viewer.book).items()}
    form = IncidentForm(viewer, kinds, request.POST)
    if form.is_valid():
        try:
            incident_services.report_incident(**acting(request), file=file, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect("files:incidents", pk=pk)
    return _page(request, viewer, file, report=form)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down how an incident was dealt with."""
    viewer = viewer_of(request)
    found = Incident.objects.select_related("file__branch").filter(file__in=queries.visible(viewer), pk=pk).first()
    if found is None:
        raise Http404
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            incident_services.close_incident(**acting(request), incident=found, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect("files:incidents", pk=found.file_id)
    return _page(request, viewer, found.file, settle=(form, found.pk))
