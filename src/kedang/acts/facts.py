"""Facts and parties of things: each app says how its rows answer what a rule may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kedang.rulebook import UNKNOWN
from kedang.rulebook.book import Book
from kedang.rulebook.deciding import needs
from kedang.staff.models import Branch, Person

FactsOf = Callable[[Any, frozenset[str], "Scene"], Mapping[str, Any]]
PartiesOf = Callable[[Any], Mapping[str, frozenset[str]]]
RolesOf = Callable[[str], Mapping[str, frozenset[str]]]

_facts: dict[str, FactsOf] = {}
_parties: dict[str, PartiesOf] = {}
_stands_in: dict[str, str] = {}  # the first word of a fact -> the kind of thing that knows it
_roles: dict[str, RolesOf] = {}


@dataclass(frozen=True)
class Scene:
    """Where a rule is asked: who, in which branch, on which day; nobody acts when the clock asks."""

    actor: Person | None
    branch: Branch
    today: date
    purpose: str = ""


def provide(kind: str, facts_of: FactsOf, of: str = "") -> None:
    """Say how things of a kind answer; called from an app's ``ready``.

    ``of`` is the kind of thing that answers for facts of another name: a file for its fields ("field.NAME").
    """
    _facts[kind] = facts_of
    _stands_in[kind] = of or kind


def provide_parties(kind: str, parties_of: PartiesOf) -> None:
    """Say who has which role on things of a kind."""
    _parties[kind] = parties_of


def provide_roles(kind: str, roles_of: RolesOf) -> None:
    """Say who has which role on the thing of a kind with an id; for what knows a thing by its id only."""
    _roles[kind] = roles_of


def roles_on(kind: str, ref: str) -> Mapping[str, frozenset[str]]:
    """Who has which role on a thing; empty where nobody knows the kind or the thing is gone."""
    return _roles[kind](ref) if kind in _roles and ref else {}


def gather(wanted: Iterable[str], things: Mapping[str, Any], given: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    """Exactly the wanted facts.  What no thing at hand can say is unknown, which is never the same as no."""
    found = {name: value for name, value in given.items() if "." in name}
    missing = frozenset(wanted) - found.keys()
    for kind, facts_of in _facts.items():
        thing = things.get(_stands_in[kind])
        asked = frozenset(name for name in missing if name.partition(".")[0] == kind)
        if asked and thing is not None:
            found |= facts_of(thing, asked, scene)
    for name in missing - found.keys():
        found[name] = scene.purpose if name == "event.purpose" and scene.purpose else UNKNOWN
    return found


def people(wanted: Iterable[str], things: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Who has the roles at hand; a wanted role that nobody has is empty."""
    found: dict[str, frozenset[str]] = {}
    for kind, thing in things.items():
        if kind in _parties and thing is not None:
            found |= _parties[kind](thing)
    found |= {role: frozenset(str(one) for one in ids) for role, ids in given.items()}
    for role in frozenset(wanted) - found.keys():
        found[role] = frozenset()
    return found


def facts_of_roles(wanted: Iterable[str], held: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The wanted roles as facts: who has the role, so that a rule can say that two roles are two people."""
    return {name: min(held[name], default="") for name in wanted if name in held}


def wanted_by(book: Book, act: str) -> tuple[frozenset[str], frozenset[str]]:
    """The facts and roles that the rules on an act use."""
    asked = needs(book, act)
    return asked.facts, asked.parties
