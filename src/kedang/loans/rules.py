"""Rows of loans as facts, and the terms that the packs settle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from kedang import rulebook
from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.loans.models import Consultation, Loan
from kedang.staff.models import Branch, Person, PostHolding

DAYS = "loan.period_days"
RENEWALS = "loan.renewals"
LOAN_FACTS = {
    f"loan.{key}"
    for key in [
        "borrower",
        "purpose",
        "until",
        "slip",
        "direct",
        "status",
        "days_out",
        "renewals",
        "complete",
        "clean",
        "kind",
    ]
}
CONSULTATION_FACTS = {"consultation.registered", "consultation.place", "consultation.class"}
HOUSE_DAYS, HOUSE_RENEWALS = 7, 1  # where not even the common rules are in force


class Terms(NamedTuple):
    """For how many days a loan is given, how often it is renewed, and the clauses that say so."""

    days: int
    renewals: int
    clauses: tuple[str, ...] = ()


def terms_of(branch: Branch, today: date) -> Terms:
    """The terms in force in a branch on a day."""
    book = book_for(branch, today)
    found: dict[str, int] = {DAYS: HOUSE_DAYS, RENEWALS: HOUSE_RENEWALS}
    clauses = []
    for key in found:
        try:
            said = rulebook.setting(book, key)
        except LookupError:
            continue
        if said is not None:
            found[key] = int(said.value)
            clauses += [said.clause] if said.clause else []
    return Terms(found[DAYS], found[RENEWALS], tuple(clauses))


def yes(value: object) -> str:
    """A truth value as a fact."""
    return "yes" if value else "no"


def days_out(loan: Loan, today: date) -> int:
    """Whole days since the papers went out; 0 on the day itself and before."""
    return (today - loan.issued_on).days if loan.issued_on else 0


def latest_day(terms: Terms, today: date) -> date:
    """The last day on which a loan given today may be due."""
    return today + timedelta(days=terms.days)


def last_day_of(person: Person, branch: Branch, today: date) -> date | None:
    """The last day on which somebody holds a post in a branch, as far as is known; None for who holds none today."""
    rows = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), person=person, branch=branch)
    spans = list(rows.values_list("since", "until"))
    here = any(since <= today for since, _until in spans)
    return max(until or date.max for _since, until in spans) if here else None


def loan_facts(loan: Loan, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a loan."""
    all_facts: dict[str, Any] = {
        "loan.borrower": str(loan.borrower_id),
        "loan.purpose": loan.purpose,
        "loan.until": loan.due_on,
        "loan.slip": yes(loan.slip),
        "loan.direct": yes(not loan.slip),
        "loan.status": loan.status,
        "loan.days_out": days_out(loan, scene.today),
        "loan.renewals": loan.renewals,
        "loan.complete": yes(loan.complete),
        "loan.clean": yes(loan.unmarked),
        "loan.kind": loan.file.kind,
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


def loan_parties(loan: Loan) -> dict[str, frozenset[str]]:
    """Who has the papers."""
    return {"loan.borrower": frozenset({str(loan.borrower_id)})}


def consultation_facts(_row: Consultation, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a consultation: it is always registered and always in the room where the papers are."""
    all_facts = {"consultation.registered": "yes", "consultation.place": "room", "consultation.class": "general"}
    return {name: value for name, value in all_facts.items() if name in wanted}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("loan", loan_facts, LOAN_FACTS)
    facts.provide("consultation", consultation_facts, CONSULTATION_FACTS)
    for act in ("loan.request", "loan.issue", "loan.renew", "consultation.open"):
        facts.bring(act, "act.purpose", "act.reason")
    facts.provide_parties("loan", loan_parties)
