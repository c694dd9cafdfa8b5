"""What the rules in force ask of a paper that comes in or is checked, and no row of the tables knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.rulebook import UNKNOWN
from kedang.rulebook.book import Book
from kedang.rulebook.conditions import facts_in
from kedang.rulebook.deciding import needs
from kedang.rulebook.pack import Duty
from kedang.rulebook.vocabulary import ACTS
from kedang.rulebook.words import VALUES
from kedang.staff.models import in_language

YES_NO = ("record.format_agrees", "record.clear", "record.described", "record.dated")
INK, QUALITIES = "record.ink", "record.qualities"
FORM, STAMP, PLACE, ORIGINAL = "record.form", "record.red_stamp", "record.original_place", "record.original_exists"
ON_PAPER = "record.on_paper"
OF_COPY = (FORM, STAMP, PLACE, ORIGINAL, ON_PAPER)  # asked where a paper comes in; its row knows them from then on
TICKED = (*YES_NO, STAMP, ORIGINAL, ON_PAPER)
FACTS = (*YES_NO, INK, QUALITIES, *OF_COPY)
OTHER = "other"  # written with nothing that a rule names
_UNSAID: Mapping[str, Any] = {**dict.fromkeys(YES_NO, "no"), INK: UNKNOWN, QUALITIES: ()}


def asked_of_papers(book: Book, act: str, leaves: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The facts that a form for this act has to ask; ``leaves`` are those that it asks by itself."""
    wanted = (needs(book, act).facts | _for_duties(book, ACTS[act].event)) - leaves
    return tuple(fact for fact in FACTS if fact in wanted)


def _for_duties(book: Book, event: str) -> set[str]:
    """The facts of an event by which a duty opens or is kept."""
    duties = book.rules_of(Duty)
    tests = [test for one in duties if event in one.after for test in one.when]
    return facts_in(tests + [test for one in duties if one.done_by == event for test in one.done_when])


def words_in_rules(book: Book, act: str, fact: str) -> list[tuple[str, str]]:
    """The words that the rules on an act know for a fact, each with its name, in the order of the clauses."""
    rules = book.rules_on(act)
    tests = [test for one in rules.forbids for test in one.when]
    tests += [test for one in rules.requires for test in (*one.when, *one.that)]
    words = dict.fromkeys(str(word) for test in tests if test.fact == fact for word in test.values)
    return [(one, in_language(*VALUES.get(one, (one, one)))) for one in words]


def at_best(book: Book, act: str) -> dict[str, Any]:
    """What the form may bring: before the click, nobody is refused for what is still to be said."""
    qualities = tuple(word for word, _name in words_in_rules(book, act, QUALITIES))
    best = {**dict.fromkeys(TICKED, "yes"), INK: OTHER, QUALITIES: qualities}
    best |= {FORM: "original", PLACE: OTHER, ORIGINAL: "no"}
    return {fact: best[fact] for fact in asked_of_papers(book, act)}


def as_said(said: Mapping[str, Any] | None, leaves: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What was said of a paper, as facts for the gate; of the rest, that nobody said it, or what its row knows."""
    known = {**_UNSAID, **(said or {})}
    return {fact: value for fact, value in known.items() if fact not in leaves and (fact, value) != (FORM, "")}
