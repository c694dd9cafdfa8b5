"""Screens of inspections: the list, holding one with a scanner, one with its findings and how they were mended."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.files import labels, standing
from kedang.files.asking import acting, advice
from kedang.files.models import Place
from kedang.files.shaping import language
from kedang.files.viewing import Viewer, viewer_of
from kedang.inspections import comparing, queries, rules, services
from kedang.inspections.models import WAYS, Inspection, InspectionLine
from kedang.journal.queries import last_seq
from kedang.lib.whole import whole

KEPT = "stock"  # the session keeps a check that is under way, so that a closed window loses nothing
PLACES = 1000


def _question(line: InspectionLine) -> str:
    return str(line.asked.get("en" if language().startswith("en") else "zh", ""))


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Rounds and stock checks, the latest first; what is still open stands out."""
    viewer = viewer_of(request)
    page = queries.page_of(queries.inspections(viewer), request.GET.get("after", ""))
    draft = Inspection(branch=viewer.branch, round=next(iter(rules.rounds(viewer.book))))
    context = {
        "rows": [{"one": one, "round": rules.round_name(viewer.book, one.round)} for one in page.rows], "page": page,
        "answer": advice(viewer, "inspection.hold", inspection=draft),
    }  # fmt: skip
    return render(request, "inspections/list.html", context)


def _place(viewer: Viewer, text: str) -> Place | None:
    """The chosen place, by its id or its label.  404 for what is no place of this branch."""
    if not text:
        return None
    rows = Place.objects.filter(branch=viewer.branch).select_related("branch")
    found = rows.filter(pk=whole(text) or 0).first()
    if found is None:
        thing = standing.found_by(viewer, text)
        found = thing if isinstance(thing, Place) else None
    if found is None:
        raise Http404
    return found


def _scan(request: HttpRequest, viewer: Viewer, place: Place, scanned: str) -> tuple[str, str, str]:
    """The list with one scan more, what to say about it, and how it looks."""
    code = request.POST.get("code", "").strip()[:120]
    if not code:
        return scanned, "", ""
    thing = standing.found_by(viewer, code)
    if isinstance(thing, Place):
        if not thing.path.startswith(place.path):
            said = {"other": thing.code, "place": place.code}
            return scanned, _("%(other)s does not lie in %(place)s, which is being checked.") % said, "error"
        code = labels.code_of("place", thing.pk)
        return f"{scanned}\n{code}", _("Now scan what stands in %(place)s.") % {"place": thing.code}, "info"
    if thing is None:
        told = _("This label means nothing here; it is noted as unknown.")
        return f"{scanned}\n{code}", told, "warning"
    if thing.code in comparing.codes_in(scanned):
        return scanned, _("%(thing)s was scanned already.") % {"thing": thing.title}, "info"
    return f"{scanned}\n{thing.code}", _("%(thing)s is here.") % {"thing": thing.title}, "success"


def _answers(request: HttpRequest, number: int) -> dict[str, dict[str, str]]:
    return {
        str(no): {"answer": request.POST.get(f"answer_{no}", ""), "note": request.POST.get(f"note_{no}", "")}
        for no in range(number)
    }


@login_required
def hold(request: HttpRequest) -> HttpResponse:
    """Hold a round: its questions, and what stands in a place, scan by scan; works without JavaScript.

    The list of scans is a field of the form, so that a scanner with a memory can be emptied into it; the session keeps
    it until the check is held.
    """
    viewer = viewer_of(request)
    given = request.POST or request.GET
    known = rules.rounds(viewer.book)
    round_ = given.get("round", "") if given.get("round", "") in known else next(iter(known))
    place = _place(viewer, given.get("place", ""))
    kept = f"{KEPT}:{viewer.branch.pk}:{round_}:{place.pk if place else ''}"
    asked = rules.questions(viewer.book, round_)
    scanned = request.POST.get("scanned", request.session.get(kept, ""))
    said, look, errors = "", "", {}
    if request.method == "POST":
        if place is not None:
            scanned, said, look = _scan(request, viewer, place, scanned)
            request.session[kept] = scanned
        if request.POST.get("do") == "hold" and not request.POST.get("code", "").strip():
            try:
                done = services.hold_inspection(
                    **acting(request), branch=viewer.branch, round=round_, place=place, scanned=scanned,
                    answers=_answers(request, len(asked)), note=request.POST.get("note", ""),
                )  # fmt: skip
            except Invalid as wrong:
                errors = wrong.errors
            else:
                request.session.pop(kept, None)
                return redirect("inspections:inspection", pk=done.result.pk)
    context = {
        **_form(request, viewer, round_, place, asked, errors), "scanned": scanned.strip(), "said": said, "look": look,
        "stock": _stock(viewer, place, scanned) if place else None, "errors": errors,
    }  # fmt: skip
    return render(request, "inspections/hold.html", context, status=422 if errors or look == "error" else 200)


def _form(
    request: HttpRequest, viewer: Viewer, round_: str, place: Place | None, asked: list[rules.Question],
    errors: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """The choices and questions of the form, as typed."""
    draft = Inspection(branch=viewer.branch, round=round_, place=place)
    typed = _answers(request, len(asked))
    tongue = "en" if language().startswith("en") else "zh"
    return {
        "rounds": [(key, name, key == round_) for key, name in rules.rounds(viewer.book).items()], "round": round_,
        "round_name": rules.round_name(viewer.book, round_), "place": place,
        "places": Place.objects.filter(branch=viewer.branch, closed_on=None).order_by("code")[:PLACES],
        "questions": [
            {
                "no": no, "text": one.asked[tongue], "clause": one.clause, **typed[str(no)],
                "error": errors.get(f"answer_{no}") or errors.get(f"note_{no}", ""),
            }
            for no, one in enumerate(asked)
        ],
        "answers": [("fine", _("in order")), ("wrong", _("not in order")), ("unseen", _("not looked at"))],
        "answer": advice(viewer, "inspection.hold", inspection=draft), "note": request.POST.get("note", ""),
    }  # fmt: skip


def _stock(viewer: Viewer, place: Place, scanned: str) -> dict[str, Any]:
    """What the scans so far come to."""
    seen = comparing.seen_in(viewer, place, comparing.codes_in(scanned))
    lines = comparing.compare(viewer, place, seen)
    count = {key: sum(1 for one in lines if one.outcome == key) for key in ("found", "missing", "elsewhere", "away")}
    shown = [one for one in lines if one.outcome in ("missing", "elsewhere", "unknown")]
    return {
        **count,
        "unknown": len(seen.unknown),
        "at": seen.at,
        "rows": shown[:50],
        "more": len(shown) > 50,
        "differ": len(shown),
    }


def _page(request: HttpRequest, viewer: Viewer, found: Inspection, errors: dict[str, str]) -> HttpResponse:
    lines = queries.lines_of(viewer, found)
    page = queries.page_of(lines, request.GET.get("after", ""), "no")
    rows = [
        {
            "line": one, "text": _question(one) if one.clause else one.title,
            "note": _question(one) if one.thing and one.asked else one.note,
            "kind": standing.name_of(one.thing) if one.thing else "",
            "how": request.POST.get(f"how_{one.pk}", ""), "way": request.POST.get(f"way_{one.pk}", ""),
            "error": errors.get(f"how_{one.pk}", ""),
        }
        for one in page.rows
    ]  # fmt: skip
    context = {
        "one": found, "round": rules.round_name(viewer.book, found.round), "rows": rows, "page": page,
        "answer": advice(viewer, "inspection.mend", inspection=found) if found.open else None,
        "seen": last_seq("inspection", found.pk), "errors": errors,
        "others": request.POST.get("others", ""), "others_way": request.POST.get("others_way", ""), "ways": WAYS,
        "missing": any(one.outcome == "missing" for one in page.rows), "about": f"inspection:{found.pk}",
    }  # fmt: skip
    return render(request, "inspections/inspection.html", context, status=422 if errors else 200)


@login_required
@require_GET
def inspection_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One inspection: its findings first, made to be printed and signed."""
    viewer = viewer_of(request)
    return _page(request, viewer, queries.access_inspection(viewer, pk), {})


@login_required
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of each finding how it was mended."""
    viewer = viewer_of(request)
    found = queries.access_inspection(viewer, pk)
    said = {
        name: {key.removeprefix(name): str(text) for key, text in request.POST.items() if key.startswith(name)}
        for name in ("how_", "way_")
    }
    rest = {name: request.POST.get(name, "") for name in ("others", "others_way")}
    try:
        services.mend_inspection(**acting(request), inspection=found, how=said["how_"], ways=said["way_"], **rest)
    except Invalid as wrong:
        if "inspection" in wrong.errors:
            raise
        return _page(request, viewer, found, wrong.errors)
    return redirect("inspections:inspection", pk=pk)
