"""Screens of amending: an edition begun from the one in force, its texts and figures as fields, or as YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Adoption, Draft
from kedang.journal.queries import last_seq
from kedang.office import amending, candidates, together
from kedang.office.adoption_views import draft_for
from kedang.office.reading import acting
from kedang.rulebook.form_words import key_words
from kedang.rulebook.naming import Namer
from kedang.rulebook.words import BOUND_WORDS


@dataclass(frozen=True)
class Fault:
    """What keeps a wording from being saved, and the clause in which it stands; none where it stands elsewhere."""

    clause: str
    said: str


@login_required
@require_POST
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next edition from the one in force, with its cases, for the ticked branches that are under it."""
    row = get_object_or_404(Adoption.objects.select_related("branch"), pk=pk, branch__in=together.own(request))
    alike = together.under_the_same(row, request) if row.ended_on is None else []
    ticked = set(request.POST.getlist("branches"))
    branches = [one.branch for one in alike if str(one.branch_id) in ticked] if len(alike) > 1 else [row.branch]
    if not branches:
        messages.error(request, _("Tick at least one branch."))
        return redirect("office:edition", row.pk)
    before = Draft.objects.filter(adoption=row).values_list("cases", flat=True).first()
    try:
        cases = before if before is not None else candidates.boxed(row.file_name)[1]
    except Invalid:
        cases = ""
    text = amending.next_edition(row.text)
    try:
        made = together.draft_all(branches, acting(request), text=text, name=row.file_name, cases=cases)
    except Invalid as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
        return redirect("office:edition", row.pk)
    return redirect("office:wording", made.pk)


@login_required
def wording(request: HttpRequest, pk: int) -> HttpResponse:
    """The texts and figures of a draft as fields, or the whole as YAML; what is wrong comes back as it was typed."""
    row = draft_for(request, pk)
    if row.status not in ("draft", "proposed"):
        raise Http404
    errors: list[Fault] = []
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    given = {name: said for name, said in request.POST.items() if name.startswith("at_")}
    if request.method == "POST":
        text = typed or amending.rewritten(row.text, {name: str(said) for name, said in given.items()})
        try:
            together.change_all(row, acting(request), text=text, cases=request.POST.get("cases"))
        except Invalid as invalid:
            lines = [line for said in invalid.errors.values() for line in said.splitlines()]
            errors = [Fault("", line) for line in lines] if typed else _faults(row, text, lines)
        else:
            messages.success(request, _("Saved, and its cases have run."))
            return redirect("office:draft", row.pk)
    context = {
        "row": row, "title": candidates.title_of(row), "errors": errors,
        "clauses": _clauses(row.text, row.file_name, given, errors), "text": typed or row.text,
        "edition": amending.places(row.text)[0], "seen": last_seq("policy", row.pk),
    }  # fmt: skip
    return render(request, "office/wording.html", context, status=422 if errors else 200)


def _faults(row: Draft, text: str, lines: list[str]) -> list[Fault]:
    """What is wrong in the fields, by the clause in which it stands instead of file and line."""
    found = []
    for line in lines:
        at = re.match(rf"{re.escape(row.file_name)}:([0-9]+): ?(.*)", line)
        clause = amending.clause_at(text, int(at[1])) if at else ""
        found.append(Fault(clause, at[2]) if at and clause else Fault("", line))
    return found


def _label(place: amending.Place, namer: Namer) -> str:
    """What a figure of a rule is called: the field of the rule, or the fact that it is held against."""
    fact, _bar, bound = place.key.partition("|")
    if bound:
        return namer.word(BOUND_WORDS, bound).format(fact=namer.fact(fact), values="", includes="includes").strip()
    try:
        return namer.say(*key_words(place.body, place.key))
    except KeyError:
        return namer.fact(place.key) if "." in place.key else place.key


def _clauses(text: str, name: str, given: dict[str, Any], faults: Sequence[Fault] = ()) -> list[dict[str, Any]]:
    """Each clause with its two texts and its figures, as typed where something was, and what is wrong in it."""
    namer = Namer(candidates.read_pack(text, name), get_language() or "zh")
    found: dict[str, dict[str, Any]] = {}
    for place in amending.places(text):
        if not place.clause:
            continue
        one = found.setdefault(place.clause, {"id": place.clause, "texts": [], "figures": []})
        one["faults"] = [fault.said for fault in faults if fault.clause == place.clause]
        shown = {
            "name": place.name, "key": place.key, "value": given.get(place.name, place.value),
            "label": _label(place, namer) if place.figure else "",
            "wrong": bool(faults) and place.figure and not amending.WHOLE.match(
                str(given.get(place.name, place.value)).strip()
            ),
        }  # fmt: skip
        one["figures" if place.figure else "texts"].append(shown)
    return list(found.values())
