"""Screens of imports: upload, check, progress, result."""

from __future__ import annotations

import threading

from django.contrib.auth.decorators import login_required
from django.db import close_old_connections, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from kedang.acts.answers import Invalid
from kedang.files import checking, importing, kinds, queries, shaping
from kedang.files.forms import ImportForm
from kedang.files.models import File, Import
from kedang.files.viewing import viewer_of
from kedang.files.views import acting, advice

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a sheet, and the imports so far."""
    viewer = viewer_of(request)
    known = kinds.file_kinds(viewer.book)
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["kind"].choices = [(key, shaping.text_of(one)) for key, one in known.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            done = importing.upload_import(
                **acting(request), branch=viewer.branch, kind=form.cleaned_data["kind"],
                data=form.cleaned_data["upload"].read(), past=form.cleaned_data["past"],
            )  # fmt: skip
        except Invalid as error:
            for name, message in error.errors.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            return redirect("files:import", pk=done.result.pk)
    context = {"form": form, "runs": list(queries.imports_of(viewer)[:20]), "kinds": form.fields["kind"].choices}  # type: ignore[attr-defined]
    context["answer"] = advice(viewer, "data.import") if known else None
    return render(request, "files/imports.html", context, status=422 if form.errors else 200)


def _run_of(request: HttpRequest, pk: int) -> Import:
    return get_object_or_404(queries.imports_of(viewer_of(request)).select_related("branch"), pk=pk)


@login_required
@require_GET
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: the check, the progress or the result."""
    viewer = viewer_of(request)
    run = _run_of(request, pk)
    counts = queries.row_counts(run)
    done = run.total - counts.get("good", 0) - counts.get("bad", 0) if run.status != "checked" else 0
    kind = kinds.file_kind(viewer.book, run.kind)
    context = {
        "run": run,
        "kind": shaping.text_of(kind) or run.kind,
        "counts": counts,
        "done": done,
        "todo": run.total - counts.get("bad", 0),
        "wrong": list(run.rows.filter(state__in=["bad", "refused"])[:200]),
        "columns": _columns(run, kind) if run.status == "checked" and kind else [],
        "targets": [(key, checking.in_language(*names)) for key, names in checking.targets(kind).items()]
        if kind
        else [],
    }
    if not request.headers.get("HX-Request"):
        return render(request, "files/import.html", context)
    # What asks is the progress bar alone: when the work has ended the whole page must come anew, not into the bar.
    return (
        render(request, "files/import_progress.html", context)
        if run.status == "running"
        else HttpResponseClientRefresh()
    )


def _columns(run: Import, kind: object) -> list[dict[str, object]]:
    head, _rows = importing.sheet_of(run)
    return [{"no": str(no), "name": name, "target": run.mapping.get(str(no), "")} for no, name in enumerate(head)]


@login_required
@require_POST
def import_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column means what."""
    run = _run_of(request, pk)
    mapping = {key[4:]: value for key, value in request.POST.items() if key.startswith("col_") and value}
    importing.map_import(**acting(request), run=run, mapping={k: str(v) for k, v in mapping.items() if k.isdecimal()})
    return redirect("files:import", pk=run.pk)


@login_required
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Start bringing the good rows in; a thread takes it up at once, ``tick`` goes on after a crash."""
    run = _run_of(request, pk)
    importing.start_import(**acting(request), run=run)

    def work() -> None:
        try:
            importing.run_waiting(timezone.now)
        finally:
            connection.close()
            close_old_connections()

    transaction.on_commit(threading.Thread(target=work, daemon=True).start)
    return redirect("files:import", pk=run.pk)


@login_required
@require_GET
def import_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not come in, with the reason first."""
    run = _run_of(request, pk)
    if run.author_id != request.user.pk and not queries.visible(viewer_of(request)).exists():
        raise Http404
    request.showed = ("import", [str(run.pk)])  # type: ignore[attr-defined]
    response = HttpResponse(importing.failed_rows(run), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-failed.xlsx"'
    return response


@login_required
@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet for a kind of file."""
    found = kinds.file_kind(viewer_of(request).book, kind)
    if found is None:
        raise Http404
    response = HttpResponse(importing.template(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{File._meta.model_name}-{found.key}.xlsx"'
    return response
