"""Inspections as facts, and the rounds and questions of the packs."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from kedang.acts import facts
from kedang.files import shaping
from kedang.inspections.models import Inspection
from kedang.rulebook import Book
from kedang.rulebook.pack import Inspect

HOUSE_ROUND = "stock"  # where no policy in force declares a round


class Question(NamedTuple):
    """A question of a round: its clause and its words in both languages."""

    clause: str
    asked: dict[str, str]


def rounds(book: Book) -> dict[str, str]:
    """The rounds of the packs by key, in the reader's language."""
    found = {key: shaping.text_of(one) for pack in book.packs for key, one in pack.rounds.items()}
    return found or {HOUSE_ROUND: str(_("Stock check"))}


def round_name(book: Book, key: str) -> str:
    """What a round is called; its key where no pack declares it any more."""
    return rounds(book).get(key, str(_("Stock check")) if key == HOUSE_ROUND else key)


def questions(book: Book, key: str) -> list[Question]:
    """The questions of a round in the order of the clauses."""
    rules = [rule for rule in book.rules_of(Inspect) if rule.round == key]
    return [Question(rule.ref, {"zh": rule.asks.zh, "en": rule.asks.en}) for rule in rules]


INSPECTION_FACTS = {"inspection.round", "inspection.findings"}


def inspection_facts(inspection: Inspection, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of an inspection: its round, and how many findings it has."""
    all_facts = {"inspection.round": inspection.round, "inspection.findings": inspection.findings}
    return {name: value for name, value in all_facts.items() if name in wanted}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("inspection", inspection_facts, INSPECTION_FACTS)
    facts.bring("inspection.mend", "act.purpose", "act.reason")
