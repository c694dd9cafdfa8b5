"""The policy reader: the written policy, and beside each clause how it is being kept this month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kedang.adoptions.queries import book_for, in_force
from kedang.duties.models import Duty
from kedang.journal.models import Refusal
from kedang.rulebook.book import Book
from kedang.rulebook.pack import Clause, Pack
from kedang.staff.models import Branch


@dataclass
class Shown:
    """A clause with its figures of the month."""

    ref: str
    id: str
    text: str
    note: str
    superseded_by: str
    depth: int
    bodies: list[str] = field(default_factory=list)
    kept: int = 0
    late: int = 0
    open: int = 0
    refused: int = 0


def figures(branch: Branch, first: date, last: date) -> dict[str, Counter[str]]:
    """By clause: duties kept, late and open, and refusals, of these days; two queries."""
    found: dict[str, Counter[str]] = {}
    rows = Duty.objects.filter(branch=branch, due_on__gte=first, due_on__lte=last).values_list("clause", "status")
    for clause, status, n in rows.annotate(n=Count("pk")).order_by():
        key = {"kept": "kept", "kept_late": "late", "late": "late", "open": "open"}.get(status)
        if key:
            found.setdefault(clause, Counter())[key] += n
    for text in Refusal.objects.filter(branch=branch, recorded_at__date__gte=first).values_list("clauses", flat=True):
        for clause in text.split():
            found.setdefault(clause, Counter())["refused"] += 1
    return found


def _show(pack: Pack, clause: Clause, counted: Counter[str]) -> Shown:
    language = get_language() or "zh"
    return Shown(
        ref=f"{pack.number}:{clause.id}", id=clause.id, text=clause.text.get(language), note=str(clause.note or ""),
        superseded_by=str(clause.superseded_by or ""), depth=min(3, clause.id.count(".")),
        bodies=[type(rule).__name__.lower() for rule in clause.rules], kept=counted["kept"], late=counted["late"],
        open=counted["open"], refused=counted["refused"],
    )  # fmt: skip


def _book(request: HttpRequest) -> Book:
    branch = request.branch  # type: ignore[attr-defined]
    if branch is None:
        raise PermissionDenied
    return book_for(branch, request.today)  # type: ignore[attr-defined]


@login_required
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """The policies in force, law and base among them."""
    book = _book(request)
    rows = {row.slug: row for row in in_force(request.branch, request.today)}  # type: ignore[attr-defined]
    shown = [{"pack": pack, "adoption": rows.get(pack.slug), "clauses": len(pack.clauses)} for pack in book.packs]
    return render(request, "office/policies.html", {"shown": shown})


@login_required
@require_GET
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """One policy, clause by clause, with the month's figures."""
    book = _book(request)
    pack = next((one for one in book.packs if one.number == number), None)
    if pack is None:
        raise Http404
    today = request.today  # type: ignore[attr-defined]
    first = today.replace(day=1)
    counted = figures(request.branch, first, today)  # type: ignore[attr-defined]
    shown = [_show(pack, one, counted.get(f"{pack.number}:{one.id}", Counter())) for one in pack.clauses.values()]
    totals = {key: sum(getattr(one, key) for one in shown) for key in ("kept", "late", "open", "refused")}
    adoption = in_force(request.branch, today).filter(slug=pack.slug).first()  # type: ignore[attr-defined]
    context = {"pack": pack, "clauses": shown, "totals": totals, "adoption": adoption, "first": first, "today": today}
    return render(request, "office/policy.html", context)


@login_required
@require_GET
def clause(request: HttpRequest, ref: str) -> HttpResponse:
    """One clause: a page, or the drawer's card for htmx."""
    book = _book(request)
    number, _colon, key = ref.partition(":")
    pack = next((one for one in book.packs if one.number == number), None)
    if pack is None or key not in pack.clauses:
        raise Http404
    today = request.today  # type: ignore[attr-defined]
    counted = figures(request.branch, today.replace(day=1), today)  # type: ignore[attr-defined]
    context: dict[str, Any] = {"pack": pack, "clause": _show(pack, pack.clauses[key], counted.get(ref, Counter()))}
    context["rules"] = _explained(pack, pack.clauses[key])
    template = "office/clause_card.html" if getattr(request, "htmx", False) else "office/clause.html"
    return render(request, template, context)


def _explained(pack: Pack, found: Clause) -> list[str]:
    """The rules of a clause in plain words, where the rulebook can say them."""
    from kedang import rulebook

    explain = getattr(rulebook, "explain", None)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return [str(explain(rule, pack, language)) for rule in found.rules] if explain else []
