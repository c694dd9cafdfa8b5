"""Who signs a proposed wording in which order, whose signature is next, and who may then put it into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.acts.gate import advise
from kedang.adoptions.models import Draft
from kedang.adoptions.queries import reports_to
from kedang.office import candidates
from kedang.rulebook import Book
from kedang.rulebook.naming import Namer
from kedang.rulebook.pack import ClauseRef, Consent, Step
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of, held_on


@dataclass(frozen=True)
class Place:
    """A place for a signature, as a clause asks for it: whose, who has signed there, whether it is the next one."""

    clause: ClauseRef
    whom: str
    signed: tuple[Person, ...]
    done: bool
    next: bool


def _given(row: Draft, book: Book, on: date) -> dict[str, list[Person]]:
    """Who has signed as whom; one signature counts as everybody whom the policy sees in its signer."""
    found: dict[str, list[Person]] = {}
    for one in candidates.signatures(row):
        for selector in candidates.signs_as(row, one.person, book, on):
            found.setdefault(selector, []).append(one.person)
    return found


def _full(step: Step, given: dict[str, list[Person]]) -> bool:
    return all(who in given for who in step.who) if step.all_of else any(who in given for who in step.who)


def _first_open(rule: Consent, given: dict[str, list[Person]]) -> int | None:
    return next((number for number, step in enumerate(rule.steps) if not _full(step, given)), None)


def earlier(row: Draft, person: Person, book: Book, on: date) -> tuple[ClauseRef, Step] | None:
    """The clause and the step that comes before this person's signature and is still open; None in their turn."""
    given, mine = _given(row, book, on), set(candidates.signs_as(row, person, book, on))
    for rule in candidates.signers(book):
        first = _first_open(rule, given)
        if first is None or mine.intersection(rule.steps[first].who):
            continue
        if any(mine.intersection(step.who) and not _full(step, given) for step in rule.steps[first + 1 :]):
            return rule.ref, rule.steps[first]
    return None


def is_next(row: Draft, person: Person, book: Book, on: date) -> bool:
    """Whether a signature of this person is wanted now; where the policy names nobody, of whoever may sign, once."""
    signed = candidates.signatures(row)
    if row.status != "proposed" or any(one.person_id == person.pk for one in signed):
        return False
    rules = candidates.signers(book)
    if not rules:
        facts = {"policy.names_me": "no"}
        asked = advise("policy.sign", actor=person, branch=row.branch, today=on, book=book, facts=facts)
        return not signed and asked.allowed
    given, mine = _given(row, book, on), set(candidates.signs_as(row, person, book, on))
    openings = [rule.steps[first] for rule in rules if (first := _first_open(rule, given)) is not None]
    return any(mine.intersection(step.who) for step in openings) and earlier(row, person, book, on) is None


def places(row: Draft, book: Book, on: date) -> list[Place]:
    """Every place for a signature in the order of the clauses."""
    given, namer = _given(row, book, on), _namer(row)
    firsts = [(rule, _first_open(rule, given)) for rule in candidates.signers(book)]
    later = {  # whoever has to wait in one clause waits in every other
        who
        for rule, first in firsts
        for step in (rule.steps[first + 1 :] if first is not None else ())
        for who in set(step.who) - set(rule.steps[first or 0].who)
        if not _full(step, given)
    }
    found = []
    for rule, first in firsts:
        for number, step in enumerate(rule.steps):
            is_open = number == first and not later.issuperset(step.who)
            signed = tuple(dict.fromkeys(one for who in step.who for one in given.get(who, ())))
            found.append(Place(rule.ref, whom(step, namer), signed, _full(step, given), is_open))
    return found


def whom(step: Step, namer: Namer) -> str:
    """Whose signature a step wants, in words."""
    names = [namer.selector(who) or who for who in step.who]
    return (_(", ") if step.all_of else _(" or ")).join(names)


def _namer(row: Draft) -> Namer:
    return Namer(candidates.of_text(row), get_language() or "zh")


def said_before(row: Draft, found: tuple[ClauseRef, Step]) -> str:
    """The sentence for whoever signs too early."""
    said = _("Not yet: clause %(clause)s wants the signature of %(who)s before yours.")
    return said % {"clause": found[0].partition(":")[2], "who": whom(found[1], _namer(row))}


def adopters(row: Draft, book: Book, on: date) -> list[Person]:
    """Who may put the wording into force once it is signed.

    Nobody's own signature counts for himself, so those whom the policy names to sign are left out.
    """
    if row.status != "proposed":
        return []
    rules, given = book.rules_on("policy.adopt"), _given(row, book, on)
    found = []
    for person in dict.fromkeys(one.person for one in held_on(row.branch, on)):
        posts = book.posts_with(actor_of(person, row.branch, on, reports_to(book)).posts)
        signs = bool(candidates.signs_as(row, person, book, on)) or any(person in one for one in given.values())
        if not signs and _opens(rules, posts) and not _bars(rules, posts):
            found.append(person)
    return found


def _opens(rules: Any, posts: frozenset[str]) -> bool:
    """Whether a permit or a consent opens the adoption to these posts."""
    return any(_meant(one.who, posts) for one in (*rules.permits, *rules.consents))


def _bars(rules: Any, posts: frozenset[str]) -> bool:
    """Whether a clause that asks for nothing else forbids it to them, or keeps it for others."""
    forbids = [one for one in rules.forbids if not one.when and _meant(one.who, posts)]
    foreign = [one for one in rules.permits if one.only and not one.when and not _meant(one.who, posts)]
    return bool(foreign) or any(not _meant(one.except_who, posts) for one in forbids)


def _meant(who: tuple[str, ...], posts: frozenset[str]) -> bool:
    return "anyone" in who or bool(posts.intersection(who))


def to_sign(person: Person, branch: Branch, on: date) -> list[Draft]:
    """The proposed wordings that wait for this person's signature now, each with its ``title``."""
    rows = Draft.objects.filter(branch=branch, status="proposed").prefetch_related("sign_offs__person")
    found = []
    for row in rows.order_by("slug"):
        row.branch = branch
        if is_next(row, person, candidates.approval_book(row, on), on):
            row.title = candidates.title_of(row)  # type: ignore[attr-defined]
            found.append(row)
    return found
