"""The policy reader: the written policy, and beside each clause how it is being kept this month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.acts.gate import advise
from kedang.adoptions.models import Draft, Interpretation
from kedang.adoptions.queries import binding, book_for, coming, in_force, interpretations, own_book, pack_of
from kedang.office.adoption_forms import InterpretationForm
from kedang.office.candidates import announced
from kedang.office.clause_cases import cases_of
from kedang.office.figures import Figures, figures
from kedang.office.interpretation_services import interpret_clause
from kedang.office.reading import acting
from kedang.rulebook import Rule, explain
from kedang.rulebook.book import Book
from kedang.rulebook.explaining import explain_pack
from kedang.rulebook.pack import Clause, Measure, Pack, Text


@dataclass(frozen=True)
class Shown:
    """A clause with its rules in plain words, the cases that prove it, and its figures of the month."""

    ref: str
    id: str
    text: str
    note: str
    superseded_by: str
    default: bool
    depth: int
    rules: tuple[str, ...]
    bodies: tuple[Rule, ...]
    cases: tuple[str, ...]
    figures: Figures
    measured: bool
    meant: Sequence[Interpretation] = ()


def _cases(request: HttpRequest, pack: Pack) -> Mapping[str, Sequence[Text]]:
    """The cases of a policy in force: those of the box, else those with which its own edition was drafted."""

    def written() -> str | None:
        there: Any = request
        bound = [one for one in binding(there.branch, there.today) if one.sha256 == pack.sha256]
        return Draft.objects.filter(adoption__in=bound).values_list("cases", flat=True).first()

    return cases_of(pack, written)


def _show(
    pack: Pack, clause: Clause, counted: Figures, rules: tuple[str, ...],
    meant: Mapping[str, Sequence[Interpretation]], cases: Mapping[str, Sequence[Text]],
) -> Shown:  # fmt: skip
    return Shown(
        ref=f"{pack.number}:{clause.id}", id=clause.id, text=clause.text.get(_language()), note=str(clause.note or ""),
        superseded_by=str(clause.superseded_by or ""), depth=min(3, clause.id.count(".")),
        rules=rules, bodies=clause.rules, figures=counted,
        cases=tuple(case.get(_language()) for case in cases.get(clause.id, ())),
        measured=any(isinstance(rule, Measure) for rule in clause.rules), meant=meant.get(clause.id, ()),
        default=clause.default,
    )  # fmt: skip


def _language() -> str:
    return get_language() or "zh"


def _month(request: HttpRequest) -> tuple[date, date]:
    today = request.today  # type: ignore[attr-defined]
    return today.replace(day=1), today


def _book(request: HttpRequest) -> Book:
    branch = request.branch  # type: ignore[attr-defined]
    if branch is None:
        raise PermissionDenied
    return book_for(branch, request.today)  # type: ignore[attr-defined]


@login_required
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """The policies in force, law and base among them, and what is adopted for a later day."""
    book = _book(request)
    rows = {row.slug: row for row in in_force(request.branch, request.today)}  # type: ignore[attr-defined]
    shown = [{"pack": pack, "adoption": rows.get(pack.slug), "clauses": len(pack.clauses)} for pack in book.packs]
    news = announced(request.branch, request.today)  # type: ignore[attr-defined]
    there: Any = request
    later = sorted(coming(there.branch, there.today), key=lambda one: (one.in_force_from, one.slug))
    titled = [{"adoption": one, "title": pack_of(one).title} for one in later]
    return render(request, "office/policies.html", {"shown": shown, "announced": news, "coming": titled})


@login_required
@require_GET
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """One policy, clause by clause, with the month's figures."""
    book = _book(request)
    pack = next((one for one in book.packs if one.number == number), None)
    if pack is None:
        raise Http404
    first, today = _month(request)
    counted = figures(request.branch, book, first, today)  # type: ignore[attr-defined]
    said = explain_pack(pack, _language())
    meant = interpretations(request.branch, pack.slug)  # type: ignore[attr-defined]
    cases = _cases(request, pack)
    shown = [
        _show(pack, one, counted.get(one.ref, Figures()), said[one.id], meant, cases) for one in pack.clauses.values()
    ]
    totals = counted.get(pack.number, Figures())
    bound = binding(request.branch, today)  # type: ignore[attr-defined]
    adoption = next((one for one in bound if one.file_name == pack.name), None)
    context = {"pack": pack, "clauses": shown, "totals": totals, "adoption": adoption, "first": first, "today": today}
    return render(request, "office/policy.html", context)


@login_required
@require_GET
def clause(request: HttpRequest, ref: str) -> HttpResponse:
    """One clause: a page, or the drawer's card for htmx."""
    return _clause(request, ref, InterpretationForm())


@login_required
@require_POST
def interpret(request: HttpRequest, ref: str) -> HttpResponse:
    """Say what a clause means; a wrong form comes back as it was typed."""
    there: Any = request
    form = InterpretationForm(request.POST)
    _book(request)
    number, _colon, key = ref.partition(":")
    rows = [one for one in binding(there.branch, there.today) if pack_of(one).number == number]
    if not rows:
        raise Http404
    if form.is_valid():
        try:
            interpret_clause(**acting(request), adoption=rows[0], clause=key, **form.cleaned_data)
        except Invalid as invalid:
            for name, said in invalid.errors.items():
                form.add_error(name if name in form.fields else None, said)
        else:
            messages.success(request, _("It stands beside the clause now."))
            return redirect("office:clause", ref)
    return _clause(request, ref, form)


def _clause(request: HttpRequest, ref: str, form: InterpretationForm) -> HttpResponse:
    there: Any = request
    book = _book(request)
    number, _colon, key = ref.partition(":")
    pack = next((one for one in book.packs if one.number == number), None)
    if pack is None or key not in pack.clauses:
        raise Http404
    counted = figures(request.branch, book, *_month(request), only=ref)  # type: ignore[attr-defined]
    found = pack.clauses[key]
    said = tuple(explain(rule, pack, _language()) for rule in found.rules)
    meant = interpretations(there.branch, pack.slug)
    context: dict[str, Any] = {
        "pack": pack, "form": form,
        "clause": _show(pack, found, counted.get(ref, Figures()), said, meant, _cases(request, pack)),
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, "office/clause_card.html", context)
    own = own_book(there.branch, pack.slug, there.today)
    context["may"] = advise("policy.interpret", actor=there.user, branch=there.branch, today=there.today, book=own)
    return render(request, "office/clause.html", context, status=422 if form.errors else 200)
