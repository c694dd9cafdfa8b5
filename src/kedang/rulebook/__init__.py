"""The engine: written policies as data, and what they say. Pure: no Django, no database, no clock, no randomness."""

from kedang.rulebook.book import Book, Setting, asked_twice
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.cases import CaseReport, run_cases
from kedang.rulebook.choosing import Choice, Classified, choose, classify, setting
from kedang.rulebook.clashes import Clash, ClashError, Declared
from kedang.rulebook.conditions import Facts, MissingFact, Value
from kedang.rulebook.counting import Decided
from kedang.rulebook.coverage import coverage, homes
from kedang.rulebook.deadlines import deadline
from kedang.rulebook.deciding import Answer, Ask, Grant, Lack, Needs, decide, needs
from kedang.rulebook.duties import DutyState, Effects, fold, follow_up, lapse
from kedang.rulebook.events import Event
from kedang.rulebook.explaining import explain
from kedang.rulebook.loading import load_file, load_pack
from kedang.rulebook.pack import Clause, ClauseRef, Pack, Rule, Text
from kedang.rulebook.reading import PackError, PackErrors
from kedang.rulebook.sanctions import BreachFacts, Proposal, propose
from kedang.rulebook.scopes import Scope, scope
from kedang.rulebook.selecting import Actor
from kedang.rulebook.vocabulary import ACTS, EVENTS, FACTS, UNKNOWN, Act

__all__ = [
    "ACTS",
    "EVENTS",
    "FACTS",
    "UNKNOWN",
    "Act",
    "Actor",
    "Answer",
    "Ask",
    "Book",
    "BreachFacts",
    "Calendar",
    "CaseReport",
    "Choice",
    "Clash",
    "ClashError",
    "Classified",
    "Clause",
    "ClauseRef",
    "Decided",
    "Declared",
    "DutyState",
    "Effects",
    "Event",
    "Facts",
    "Grant",
    "Lack",
    "MissingFact",
    "Needs",
    "Pack",
    "PackError",
    "PackErrors",
    "Proposal",
    "Rule",
    "Scope",
    "Setting",
    "Text",
    "Value",
    "asked_twice",
    "choose",
    "classify",
    "coverage",
    "deadline",
    "decide",
    "explain",
    "fold",
    "follow_up",
    "homes",
    "lapse",
    "load_file",
    "load_pack",
    "needs",
    "propose",
    "run_cases",
    "scope",
    "setting",
]
