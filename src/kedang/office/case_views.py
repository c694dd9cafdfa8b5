"""The cases of a draft: which hold, which clauses none proves, a simple one added by a form, one taken out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Draft
from kedang.journal.queries import last_seq
from kedang.lib.whole import whole
from kedang.office import candidates, case_forms, together
from kedang.office.adoption_views import draft_for
from kedang.office.chapters import by_chapter
from kedang.office.clause_text import CASES, items_of, plain, put, taken, written
from kedang.office.failing import failing, is_chinese
from kedang.office.reading import acting
from kedang.office.rule_offers import Offers
from kedang.rulebook import Pack
from kedang.rulebook.reading import read_yaml


@login_required
def cases(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases with what became of them; a new one is kept when it reads well and holds."""
    row = draft_for(request, pk)
    if row.status not in ("draft", "proposed"):
        raise Http404
    pack = candidates.read_pack(row.text, row.file_name)
    offers = Offers(pack, get_language() or "zh")
    if request.method != "POST":
        return _shown(request, row, offers, case_forms.begun(pack, request.GET.get("clause", "")), [])
    do, _dot, number = request.POST.get("do", "save").partition(".")
    typed = case_forms.of_post(request.POST)
    if do == "drop":
        return _dropped(request, row, number) or _shown(request, row, offers, typed, [])
    if do != "save":
        return _shown(request, row, offers, typed, [])
    value, errors = case_forms.value_of(typed, offers)
    errors = errors or _failing(request, row, pack, value)
    if not errors:
        errors = _kept(request, row, put(row.cases, CASES, value).text)
    return _shown(request, row, offers, typed, errors) if errors else redirect("office:draft-cases", row.pk)


def _failing(request: HttpRequest, row: Draft, pack: Pack, value: dict[str, Any]) -> list[str]:
    """Why the new case cannot be read or does not hold, run alone: others that fail already are no reason."""
    there: Any = request
    if any(set(_names(value)) & set(_names(one)) for one in items_of(row.cases, CASES)):
        return [_("There is a case of this name already.")]
    root = plain(read_yaml(row.cases, CASES)) if row.cases.strip() else {}
    common = {key: one for key, one in root.items() if key != CASES} if isinstance(root, dict) else {}
    alone = written({**common, CASES: [value]})
    return [one.why for one in failing(candidates.examine(row.branch, pack, alone, there.today)["failed"], pack)]


def _names(case: dict[str, Any]) -> list[str]:
    """What a case is called: once, or in Chinese and in English."""
    name = case.get("name", "")
    return [str(name.get("zh", "")), str(name.get("en", ""))] if isinstance(name, dict) else [str(name)]


def _list(said: object) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _kept(request: HttpRequest, row: Draft, text: str) -> list[str]:
    try:
        together.change_all(row, acting(request), cases=text)
    except Invalid as invalid:
        return list(invalid.errors.values())
    messages.success(request, _("Saved, and its cases have run."))
    return []


def _dropped(request: HttpRequest, row: Draft, number: str) -> HttpResponse | None:
    listed = items_of(row.cases, CASES)
    at = whole(number)
    if at is None or at >= len(listed):
        return None
    text = taken(row.cases, CASES, at).text if len(listed) > 1 else ""
    for said in _kept(request, row, text):
        messages.error(request, said)
    return redirect("office:draft-cases", row.pk)


def _shown(
    request: HttpRequest, row: Draft, offers: Offers, typed: case_forms.CaseTyped, errors: list[str]
) -> HttpResponse:
    failed = failing(row.checked.get("failed", ()), offers.pack)
    whys = {name: one.why for one in failed for name in one.names}
    listed = [
        {
            "number": number, "name": _names(case)[0 if is_chinese() else -1], "proves": _list(case.get("proves", [])),
            "why": next((whys[name] for name in _names(case) if name in whys), ""),
        }
        for number, case in enumerate(items_of(row.cases, CASES))
    ]  # fmt: skip
    context = {
        "row": row, "title": offers.pack.title,
        "cases": listed, "failed": [one for one in listed if one["why"]],
        "chapters": by_chapter(listed, offers.pack.clauses), "typed": typed, "errors": errors,
        "unread": [] if any(one["why"] for one in listed) else [one.why for one in failed],
        "unproved": row.checked.get("unproved", []),
        "form": case_forms.shown(typed, offers, case_forms.roles_of(offers)),
        "seen": last_seq("policy", row.pk),
    }  # fmt: skip
    return render(request, "office/cases.html", context, status=422 if errors else 200)
