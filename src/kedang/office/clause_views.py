"""A clause of a draft as a form: its texts and its rules, added, changed and removed without writing YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Draft
from kedang.journal.queries import last_seq
from kedang.lib.whole import whole
from kedang.office import candidates, rule_forms, together
from kedang.office.adoption_views import draft_for
from kedang.office.clause_cases import renamed, unproved
from kedang.office.clause_faults import faults
from kedang.office.clause_text import CLAUSES, Edited, Plain, Where, items_of, put, taken
from kedang.office.reading import acting
from kedang.office.rule_offers import Offers
from kedang.office.rule_shapes import SHOW, shapes
from kedang.office.rule_widgets import Widgets
from kedang.rulebook.form_words import BODY_WORDS

EMPTY: dict[str, Plain] = {"id": "", "zh": "", "en": "", "rules": []}


@dataclass
class Page:
    """One clause on its way: where it stands in the text, and what its form holds."""

    draft: Draft
    offers: Offers
    at: int | None
    before: dict[str, Plain]
    typed: rule_forms.ClauseTyped
    after: str = ""
    errors: rule_forms.Errors = field(default_factory=dict)
    asked: str = ""

    @property
    def id(self) -> str:
        """The clause's number in the text; nothing for a new one."""
        return str(self.before["id"])


def _page(request: HttpRequest, pk: int, ref: str) -> Page:
    row = draft_for(request, pk)
    if row.status not in ("draft", "proposed"):
        raise Http404
    offers = Offers(candidates.read_pack(row.text, row.file_name), get_language() or "zh")
    listed = items_of(row.text, CLAUSES)
    at = next((number for number, one in enumerate(listed) if one["id"] == ref), None)
    if ref and at is None:
        raise Http404
    before = EMPTY if at is None else listed[at]
    after = request.POST.get("after", request.GET.get("after", ""))
    return Page(row, offers, at, before, rule_forms.of_clause(before, offers), after)


@login_required
def clause_form(request: HttpRequest, pk: int, ref: str = "") -> HttpResponse:
    """A clause's form: rows and rules are added by buttons; what is wrong comes back beside its field."""
    page = _page(request, pk, ref)
    if request.method != "POST":
        return _shown(request, page)
    page.typed = rule_forms.of_post(request.POST, page.typed.kept)
    do, _dot, name = request.POST.get("do", "save").partition(".")
    if do == "add-rule" and request.POST.get("new-body") in shapes():
        page.typed.rules.append(rule_forms.RuleTyped(request.POST["new-body"]))
    elif do == "drop-rule" and (at := whole(name)) is not None and at < len(page.typed.rules):
        del page.typed.rules[at]
    elif do == "row":
        page.asked = name
    elif do == "save":
        return _saved(request, page)
    return _shown(request, page)


def _saved(request: HttpRequest, page: Page) -> HttpResponse:
    """Save through the loader, or show the form again with what the loader says where it belongs."""
    value, page.errors = rule_forms.clause_value(page.typed, page.offers)
    if page.errors:
        return _shown(request, page)
    edited = put(page.draft.text, CLAUSES, value, at=page.at, after=_behind(page))
    page.errors = faults(edited, page.draft.file_name, page.typed, page.offers)
    if page.errors:
        return _shown(request, page)
    cases = renamed(page.draft.cases, page.id, value["id"]) if page.id != value["id"] and page.id else None
    return _kept(request, page, edited, cases) or _shown(request, page)


def _behind(page: Page) -> int | None:
    ids = [one["id"] for one in items_of(page.draft.text, CLAUSES)]
    return ids.index(page.after) if page.after in ids else None


def _kept(request: HttpRequest, page: Page, edited: Edited, cases: str | None) -> HttpResponse | None:
    """The answer after the command, or nothing when it says what is wrong."""
    try:
        together.change_all(page.draft, acting(request), text=edited.text, cases=cases)
    except Invalid as invalid:
        page.errors = {Where(): [line for said in invalid.errors.values() for line in said.splitlines()]}
        return None
    messages.success(request, _("Saved, and its cases have run."))
    return redirect("office:draft", page.draft.pk)


@login_required
@require_POST
def remove_clause(request: HttpRequest, pk: int, ref: str) -> HttpResponse:
    """Take a clause out; cases that prove nothing else go with it.  What still speaks of it is named."""
    page = _page(request, pk, ref)
    assert page.at is not None  # a clause without number is not found
    try:
        edited = taken(page.draft.text, CLAUSES, page.at)
    except ValueError:
        page.errors = {Where(): [_("It is the last clause: a policy has at least one. Withdraw the draft instead.")]}
        return _shown(request, page)
    page.errors = faults(edited, page.draft.file_name, page.typed, page.offers)
    if page.errors:
        return _shown(request, page)
    return _kept(request, page, edited, unproved(page.draft.cases, page.id)) or _shown(request, page)


def _shown(request: HttpRequest, page: Page) -> HttpResponse:
    widgets = Widgets(page.offers, page.errors, page.asked, request.POST.getlist("open"))
    bodies = [(name, page.offers.word(BODY_WORDS, name)) for name in sorted(shapes(), key=list(BODY_WORDS).index)]
    texts: list[dict[str, Any]] = [
        {"name": name, "value": page.typed.texts[name], "errors": page.errors.get(Where(None, name), [])}
        for name in rule_forms.FIELDS
    ]
    context = {
        "row": page.draft, "title": page.offers.pack.title, "ref": page.id, "after": page.after,
        "texts": {one["name"]: one for one in texts},
        "rules": widgets.rules(page.typed), "bodies": bodies, "show": SHOW, "lists": widgets.lists(),
        "errors": page.errors.get(Where(), []), "wrong": bool(page.errors), "seen": last_seq("policy", page.draft.pk),
        "rule_errors": page.errors.get(Where(None, "rules"), []),
    }  # fmt: skip
    return render(request, "office/clause_form.html", context, status=422 if page.errors else 200)
