"""What screens of the office share: who acts, and a breach in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.lib.whole import whole
from kedang.rulebook import Proposal
from kedang.rulebook.book import Book
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import Weighed

DOTS = {"proposed": "waiting", "heard": "open", "imposed": "late", "waived": "kept", "quashed": "dropped"}


@dataclass(frozen=True)
class Line:
    """One breach as a screen shows it."""

    breach: Breach
    what: str
    clause: str
    sum: str
    otherwise: str
    clauses: tuple[str, ...]
    multiplier: int
    before: int
    dot: str
    proposal: Proposal | None


def acting(request: HttpRequest) -> dict[str, Any]:
    """Actor, moment, token and what the person was looking at, for a command."""
    there: Any = request
    seen = request.POST.get("seen", "")
    token = request.POST.get("token", "") or there.token
    return {"actor": there.user, "now": there.now, "token": token, "seen": whole(seen)}


def money(amount: Decimal | None) -> str:
    """A sum of yuan as people read it."""
    return "" if amount is None else f"¥{amount:,.2f}"


def _text(book: Book, ref: str) -> str:
    try:
        return book.clause(ref).text.get(get_language() or "zh")
    except KeyError:
        return ref


def _declared(book: Book, kind: str, key: str) -> str:
    for pack in book.packs:
        found = (pack.defects if kind == "defect" else pack.incidents).get(key)
        if found is not None:
            text = getattr(found, "text", found)
            return text.get(get_language() or "zh") if hasattr(text, "get") else str(text)
    return key


def sum_of(proposal: Proposal | None) -> str:
    """What is proposed, in one phrase."""
    if proposal is None:
        return _("no clause proposes anything")
    if proposal.range is not None:
        low, high = proposal.range
        if proposal.unit == "percent":
            return _("%(low)s–%(high)s %% of the month's performance pay") % {"low": low, "high": high}
        return f"{money(low)} – {money(high)}"
    return money(proposal.amount) or proposal.measure


def decided_sum(row: Breach) -> str:
    """What was decided, in one phrase."""
    decided = row.sanction
    if row.status == "waived":
        return _("waived")
    if decided.percent is not None:
        return f"{decided.percent} %"
    return money(decided.amount_cny) or decided.measure


def words_of(weighed: Weighed) -> Line:
    """A breach in the reader's language."""
    row, proposal = weighed.breach, weighed.proposal
    late = row.kind == "late"
    fixed = None if row.undecided else getattr(row, "sanction", None)
    clauses = tuple(fixed.clauses) if fixed else tuple(sorted(proposal.clauses)) if proposal else ()
    differs = proposal is not None and not fixed and proposal.amount_if_not != proposal.amount
    return Line(
        row,
        _text(weighed.book, row.name) if late else _declared(weighed.book, row.kind, row.name),
        row.name if late else "",
        decided_sum(row) if fixed else sum_of(proposal),
        money(proposal.amount_if_not) if differs and proposal else "",
        clauses,
        fixed.multiplier if fixed else proposal.multiplier if proposal else 1,
        len(weighed.before),
        DOTS[row.status],
        proposal,
    )
