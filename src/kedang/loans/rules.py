"""Rows of loans as facts, and the terms that the packs settle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from kedang import rulebook
from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty
from kedang.files import kinds
from kedang.files.models import Record, Volume
from kedang.files.rules import THERE
from kedang.loans.models import OUT, Consultation, Loan, Use
from kedang.rulebook.pack import Consent, Forbid, Permit, Require, Test
from kedang.rulebook.pack import Duty as DutyRule
from kedang.staff.models import Branch, Person, PostHolding

DAYS = "loan.period_days"
RENEWALS = "loan.renewals"
REMIND = "loan.remind_days"
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
        "of_copy",
        "for_duty",
    ]
}
LEAVER_FACTS = {"person.open_loans", "person.cleared"}
CONSULTATION_FACTS = {"consultation.registered", "consultation.place", "consultation.class", "consultation.of_copy"}
MEDIA = ("audio", "video", "photo")  # types of record that are a recording
HOUSE = {DAYS: 7, RENEWALS: 1, REMIND: 0}  # where not even the common rules are in force


class Terms(NamedTuple):
    """For how many days a loan is given, how often it is renewed, and the clauses that say so.

    The borrower is reminded ``remind`` days before the day of return.
    """

    days: int
    renewals: int
    remind: int
    clauses: tuple[str, ...] = ()


def terms_of(branch: Branch, today: date, kind: str = "") -> Terms:
    """The terms in force in a branch on a day for files of a kind."""
    return terms_in(book_for(branch, today), kind)


def terms_in(book: rulebook.Book, kind: str = "") -> Terms:
    """The terms that a book sets for files of a kind."""
    found = dict(HOUSE)
    clauses = []
    for key in found:
        try:
            said = rulebook.setting(book, key, {"file.kind": kind})
        except LookupError:
            continue
        if said is not None:
            found[key] = int(said.value)
            clauses += [said.clause] if said.clause else []
    return Terms(found[DAYS], found[RENEWALS], found[REMIND], tuple(clauses))


def said(purpose: str) -> dict[str, str]:
    """The purpose or reason of an act as facts.

    Not as what narrows a consent: whoever consents to a loan of a file consents whatever words the slip is written in,
    once; both purposes are kept and can be read side by side.
    """
    return {"act.purpose": purpose, "act.reason": "yes"} if purpose else {}


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


def papers_of(thing: Loan | Consultation) -> list[Record]:
    """The papers that go out with a loan, or are read on the spot: what lies in its file."""
    return list(Record.objects.filter(file=thing.file, state__in=THERE).order_by("pk")) if thing.file.pk else []


def kinds_of(loan: Loan, today: date) -> tuple[str, ...]:
    """What a loan is: as the borrower said, the kind of file, and the kinds and types of the papers that go out."""
    known = kinds.record_kinds(book_for(loan.branch, today), loan.file.kind)
    lent = {one.kind or one.line for one in papers_of(loan)}
    types = {known[one].type for one in lent if one in known}
    return tuple(sorted({loan.kind, loan.file.kind, *lent, *types} - {""}))


def of_copy(thing: Loan | Consultation, today: date) -> bool:
    """Whether copies are used and the originals stay: of the recordings, or of every paper where there is none."""
    known = kinds.record_kinds(book_for(thing.branch, today), thing.file.kind)
    media = {key for key, one in known.items() if one.type in MEDIA}
    papers = papers_of(thing)
    recordings = [one for one in papers if (one.kind or one.line) in media]
    return bool(papers) and all(one.form == "copy" for one in recordings or papers)


def for_duty(loan: Loan) -> bool:
    """Whether the borrower owes something on this file just now, other than bringing papers back."""
    owed = Duty.objects.filter(branch=loan.branch, file=str(loan.file_id), status__in=["open", "late"], done_on=None)
    return owed.filter(bound__person=loan.borrower).exclude(about_kind="loan").exclude(act="loan.returned").exists()


def _asking(book: rulebook.Book) -> list[Permit | Forbid | Require | Consent]:
    """The rules that are asked when somebody tries an act."""
    return [*book.rules_of(Permit), *book.rules_of(Forbid), *book.rules_of(Require), *book.rules_of(Consent)]


def kinds_asked(book: rulebook.Book) -> list[str]:
    """The kinds of loan that rules in force tell apart and that no paper shows; the borrower says which it is."""
    tests: list[Test] = []
    for rule in _asking(book):
        if rule.act.startswith("loan."):
            tests += [*rule.when, *(rule.that if isinstance(rule, Require) else ())]
    for duty in book.rules_of(DutyRule):
        tests += duty.when if any(one.startswith("loan.") for one in duty.after) else ()
    named = {str(value) for test in tests if test.fact == "loan.kind" for value in test.values}
    records = [one for pack in book.packs for one in pack.records.values()]
    return sorted(named - {one.key for one in records} - {one.type for one in records})


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
    }
    if "loan.kind" in wanted:
        all_facts["loan.kind"] = kinds_of(loan, scene.today)
    if "loan.of_copy" in wanted:
        all_facts["loan.of_copy"] = yes(of_copy(loan, scene.today))
    if "loan.for_duty" in wanted:
        all_facts["loan.for_duty"] = yes(for_duty(loan))
    return {name: value for name, value in all_facts.items() if name in wanted}


def loan_parties(loan: Loan) -> dict[str, frozenset[str]]:
    """Who has the papers."""
    return {"loan.borrower": frozenset({str(loan.borrower_id)})}


def consultation_facts(row: Consultation, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a consultation: it is always registered and always in the room where the papers are."""
    all_facts = {"consultation.registered": "yes", "consultation.place": "room", "consultation.class": "general"}
    if "consultation.of_copy" in wanted:
        all_facts["consultation.of_copy"] = yes(of_copy(row, scene.today))
    return {name: value for name, value in all_facts.items() if name in wanted}


USE_FACTS = {"use.purpose", "use.where", "use.copy", "use.checked", "use.destroyed"}


def use_facts(row: Use, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of an entry in the register of use."""
    all_facts = {
        "use.purpose": row.purpose, "use.where": row.taker, "use.copy": yes(row.copy), "use.checked": yes(row.checked),
        "use.destroyed": yes(row.destroyed),
    }  # fmt: skip
    return {name: value for name, value in all_facts.items() if name in wanted}


def purposes_asked(book: rulebook.Book) -> list[str]:
    """The purposes of use that rules in force tell apart; whoever writes an entry says which it is."""
    tests: list[Test] = []
    for rule in _asking(book):
        if rule.act == "use.record":
            tests += [*rule.when, *(rule.that if isinstance(rule, Require) else ())]
    for duty in book.rules_of(DutyRule):
        tests += [*duty.when, *duty.done_when]
    named = (test for test in tests if test.fact == "use.purpose" and test.op in ("in", "not_in"))
    return sorted({str(value) for test in named for value in test.values})


def leaver_facts(person: Person, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """How many loans of a person are not back yet, and whether nothing of the archive is with them any more."""
    found: dict[str, Any] = {}
    if wanted & LEAVER_FACTS:
        out = Loan.objects.filter(borrower=person, status__in=OUT).count()
        if "person.open_loans" in wanted:
            found["person.open_loans"] = out
        if "person.cleared" in wanted:
            found["person.cleared"] = yes(not out and not Volume.objects.filter(holder=person).exists())
    return found


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("loan", loan_facts, LOAN_FACTS)
    facts.provide("consultation", consultation_facts, CONSULTATION_FACTS)
    facts.provide("use", use_facts, USE_FACTS)
    for act in ("loan.request", "loan.issue", "loan.renew", "consultation.open"):
        facts.bring(act, "act.purpose", "act.reason")
    facts.bring("loan.check", "act.reason")
    facts.provide_parties("loan", loan_parties)
    facts.provide_more("person", leaver_facts, LEAVER_FACTS)
