"""Screens of the ledger of certificates: by place, by search, in print, one number for a purpose."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from kedang.certificates import kinds, queries, safe_services, shaping
from kedang.certificates.forms import PurposeForm, SearchForm
from kedang.certificates.models import Certificate
from kedang.files.asking import acting, advice_given
from kedang.files.listing import key_of
from kedang.files.models import Record
from kedang.files.viewing import Viewer, viewer_of


def _tab(request: HttpRequest) -> str:
    tab = request.GET.get("tab", "")
    return tab if tab in queries.TABS else ""


def _tabs(now: str | None, counts: dict[str, int]) -> list[dict[str, Any]]:
    names = {
        "": (pgettext("certificate", "In the safe"), counts["stored"]),
        "received": (pgettext("certificate", "In hand"), counts["received"]),
        "returned": (pgettext("certificate", "Given back"), counts["returned"]),
        "all": (pgettext("certificate", "All"), counts["all"]),
    }
    return [
        {"label": label, "count": count, "active": key == now, "url": f"{reverse('certificates:ledger')}?tab={key}"}
        for key, (label, count) in names.items()
    ]


def _ledger(request: HttpRequest, viewer: Viewer, context: dict[str, Any]) -> HttpResponse:
    keeper = queries.keeps(viewer)
    rows = context["rows"]
    request.showed = ("file", sorted({str(row["one"].file_id) for row in rows}))  # type: ignore[attr-defined]
    last = queries.balances(viewer).first() if keeper else None
    there: Any = request
    context |= {
        "keeper": keeper, "last": last, "gaps": queries.gaps(viewer) if keeper else [],
        "idle": int((there.now - last.at).total_seconds() // 3600) if last else None,
    }  # fmt: skip
    return render(request, "certificates/ledger.html", context)


def reveal_answer(viewer: Viewer, certificates: list[Certificate]) -> Any:
    """What the rules say to showing these numbers, once a purpose is given; nothing where there is none."""
    if not certificates:
        return None
    one = certificates[0]
    one.file.branch = viewer.branch
    things = {"file": one.file, "record": Record(file=one.file, line=one.kind, kind=one.kind)}
    grade = kinds.grade_of(viewer.book, one.file.kind, one.kind, "number")
    return advice_given(viewer, "record.reveal", things, "given", {"record.grade": grade})


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger, tab by tab: what lies in the safe, what is still in hand, what was given back."""
    viewer = viewer_of(request)
    queries.must_know(viewer)
    tab = _tab(request)
    rows = queries.in_tab(queries.certificates(viewer), tab)
    page = queries.page_of(rows, key_of(request.GET.get("after", "")), key_of(request.GET.get("before", "")))
    there: Any = request
    context = {
        "rows": shaping.rows_of(page.rows, viewer, there.now), "page": page, "tab": tab, "form": SearchForm(),
        "tabs": _tabs(tab, queries.counts(viewer)),
    }  # fmt: skip
    return _ledger(request, viewer, context)


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Certificates by owner or number; by POST, so that nothing personal stands in an address."""
    viewer = viewer_of(request)
    queries.must_know(viewer)
    form = SearchForm(request.POST or None)
    text = form.cleaned_data["q"] if request.method == "POST" and form.is_valid() else ""
    if not text.strip():
        return redirect("certificates:ledger")
    page = queries.page_of(queries.found_by(queries.certificates(viewer), text), None, None)
    there: Any = request
    context = {
        "rows": shaping.rows_of(page.rows, viewer, there.now), "page": None, "tab": None, "form": form,
        "tabs": _tabs(None, queries.counts(viewer)), "more": page.has_next,
    }  # fmt: skip
    return _ledger(request, viewer, context)


@login_required
def print_ledger(request: HttpRequest) -> HttpResponse:
    """The ledger as a form of the office.  Numbers are masked until a purpose is given, which the journal keeps."""
    viewer = viewer_of(request)
    queries.must_know(viewer)
    tab = _tab(request)
    found = queries.for_print(queries.in_tab(queries.certificates(viewer), tab))
    form = PurposeForm(request.POST or None)
    plain = request.method == "POST" and form.is_valid()
    if plain:
        for one in found:
            one.file.branch = viewer.branch
        given = {"certificates": found, "branch": viewer.branch, "purpose": form.cleaned_data["purpose"]}
        safe_services.reveal_numbers(**acting(request), **given)
    request.showed = ("file", sorted({str(one.file_id) for one in found}))  # type: ignore[attr-defined]
    there: Any = request
    context = {
        "rows": shaping.rows_of(found, viewer, there.now, numbers=plain), "form": form, "plain": plain, "tab": tab,
        "title": next(one["label"] for one in _tabs(tab, dict.fromkeys(("stored", "received", "returned", "all"), 0))
                      if one["active"]),
        "pieces": sum(one.quantity for one in found), "purpose": form.cleaned_data["purpose"] if plain else "",
        "cut": len(found) == queries.MOST_PRINTED, "answer": reveal_answer(viewer, found),
    }  # fmt: skip
    response = render(request, "certificates/ledger_print.html", context, status=422 if form.errors else 200)
    if plain:
        response["Cache-Control"] = "no-store"
    return response


@login_required
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the number of one certificate for a purpose; the browser does not keep the page."""
    viewer = viewer_of(request)
    found = queries.access_certificate(viewer, pk)
    form = PurposeForm(request.POST or None)
    plain = request.method == "POST" and form.is_valid()
    if plain:
        given = {"certificates": [found], "branch": viewer.branch, "purpose": form.cleaned_data["purpose"]}
        safe_services.reveal_numbers(**acting(request), **given)
        request.showed = ("file", [str(found.file_id)])  # type: ignore[attr-defined]
    there: Any = request
    [row] = shaping.rows_of([found], viewer, there.now, numbers=plain)
    context = {"row": row, "form": form, "plain": plain, "answer": reveal_answer(viewer, [found])}
    response = render(request, "certificates/reveal.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
