"""Screens of places: the tree, one place with what belongs there, and the sheets of labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kedang.acts.answers import Invalid
from kedang.files import labels, place_queries, place_services, queries, standing
from kedang.files.asking import acting, advice, advice_given
from kedang.files.forms import EditPlaceForm, NewPlaceForm
from kedang.files.models import Place
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq


def _answers(viewer: Viewer, place: Place | None) -> dict[str, Any]:
    """What the rules say to a new place and to a change of this one; what the form will say is taken for given."""
    said = {"place.kind": "shelf", "place.same_code": 0, "place.capacity": 0}
    return {
        "new": advice_given(viewer, "place.register", {}, facts=said),
        "edit": advice(viewer, "place.edit", place=place) if place else None,
    }


def _said(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data.get(name) for name in ("code", "name", "kind", "parent", "capacity")}


def _blame(form: Any, error: Invalid) -> None:
    for name, message in error.errors.items():
        form.add_error(name if name in form.fields else None, message)


@login_required
def places(request: HttpRequest) -> HttpResponse:
    """The outermost places of the branch; a form adds one."""
    return _page(request, viewer_of(request), None)


@login_required
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: what lies in it, how full it is, which volumes belong there; a form adds a place within."""
    viewer = viewer_of(request)
    return _page(request, viewer, place_queries.access_place(viewer, pk))


def _page(request: HttpRequest, viewer: Viewer, here: Place | None) -> HttpResponse:
    form = NewPlaceForm(viewer.branch, here, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = place_services.register_place(**acting(request), branch=viewer.branch, **_said(form))
        except Invalid as error:
            _blame(form, error)
        else:
            there = done.result.parent_id
            return redirect("files:place", pk=there) if there else redirect("files:places")
    inner = place_queries.within(viewer, here, request.GET.get("places", ""))
    context = {
        "here": here, "around": place_queries.around(here) if here else [], "inner": inner, "form": form,
        "stock": place_queries.belonging(viewer, here, request.GET.get("after", "")) if here else None,
        "answers": _answers(viewer, here), "label": labels.code_of("place", here.pk) if here else "",
    }  # fmt: skip
    return render(request, "files/places.html", context, status=422 if form.errors else 200)


@login_required
def edit_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a place, let it stand elsewhere, say how much it takes, close it or open it again."""
    viewer = viewer_of(request)
    here = place_queries.access_place(viewer, pk)
    initial = {name: getattr(here, name) for name in ("code", "name", "kind", "parent", "capacity")}
    form = EditPlaceForm(
        viewer.branch, here, request.POST or None, initial=initial | {"closed": here.closed_on is not None}
    )
    if request.method == "POST" and form.is_valid():
        try:
            place_services.edit_place(**acting(request), place=here, **_said(form), closed=form.cleaned_data["closed"])
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect("files:place", pk=here.pk)
    here = place_queries.access_place(viewer, pk)
    context = {
        "here": here, "form": form, "answer": advice(viewer, "place.edit", place=here),
        "seen": last_seq("place", here.pk),
    }  # fmt: skip
    return render(request, "files/place_edit.html", context, status=422 if form.errors else 200)


def _label(kind: str, pk: int, title: str, below: str) -> dict[str, str]:
    code = labels.code_of(kind, pk)
    picture = segno.make(code, error="m", micro=False).svg_data_uri(scale=4, border=0)
    return {"code": code, "title": title, "below": below, "picture": picture}


def _stuck_on(request: HttpRequest, viewer: Viewer, items: Sequence[standing.Item]) -> Any:
    """On POST, note that these volumes bear their labels; before the click, what the rules say to it, if any may."""
    rows = standing.volume_rows(viewer).filter(pk__in=[one.pk for one in items]).exclude(file__number="")
    if request.method == "POST":
        volumes = list(rows.select_related("file__branch").order_by("file", "no"))
        return place_services.label_volumes(**acting(request), branch=viewer.branch, volumes=volumes)
    first = rows.select_related("file__branch", "place").first() if items else None
    return advice(viewer, "volume.label", file=first.file, volume=first) if first else None


@login_required
@require_http_methods(["GET", "POST"])
def place_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels to print: of a place and all within it, or (``what=volumes``) of what belongs there."""
    viewer = viewer_of(request)
    here = place_queries.access_place(viewer, pk)
    after = request.GET.get("after", "")
    answer = None
    if request.GET.get("what") == "volumes":
        page = place_queries.belonging(viewer, here, after, place_queries.SHEET)
        items = [one["item"] for one in page.rows]
        rows = [_label("volume", one.pk, one.title, str(viewer.branch.code)) for one in items]
        answer = _stuck_on(request, viewer, items)
    else:
        page = place_queries.below(viewer, here, after)
        rows = [_label("place", one.pk, one.code, one.name or one.get_kind_display()) for one in page.rows]
    if request.method == "POST":
        return redirect("files:place", pk=here.pk)
    context = {"labels": rows, "page": page, "here": here, "back": here.code, "answer": answer}
    return render(request, "files/labels.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def file_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """The labels of the volumes of one file."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    items = standing.items_of(standing.volume_rows(viewer).filter(file=file).order_by("no"))
    answer = _stuck_on(request, viewer, items)
    if request.method == "POST":
        return redirect("files:file", pk=file.pk)
    rows = [_label("volume", one.pk, one.title, str(viewer.branch.code)) for one in items]
    context = {"labels": rows, "page": None, "here": None, "file": file, "answer": answer}
    return render(request, "files/labels.html", context)
