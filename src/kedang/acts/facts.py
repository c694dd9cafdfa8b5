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
_more: dict[str, list[FactsOf]] = {}  # facts of a kind that a layer above its app knows
_parties: dict[str, PartiesOf] = {}
_stands_in: dict[str, str] = {}  # the first word of a fact -> the kind of thing that knows it
_roles: dict[str, RolesOf] = {}
_names: dict[str, frozenset[str]] = {}  # kind of thing -> the facts that it answers; "field.*" stands for any
_reached: dict[str, tuple[str, Callable[[Any], Any]]] = {}
_brought: dict[str, frozenset[str]] = {  # act -> the facts that its command brings itself; "" stands for every act
    "": frozenset({"actor.posts", "actor.units", "actor.leaving", "act.on"}),
}


@dataclass(frozen=True)
class Scene:
    """Where a rule is asked: who, in which branch, on which day; nobody acts when the clock asks."""

    actor: Person | None
    branch: Branch
    today: date
    purpose: str = ""


def provide(kind: str, facts_of: FactsOf, names: Iterable[str], of: str = "") -> None:
    """Say how things of a kind answer, and which facts by ``names``; called from an app's ``ready``.

    ``of`` is the kind of thing that answers for facts of another name: a file for its fields ("field.NAME").
    """
    _facts[kind] = facts_of
    _stands_in[kind] = of or kind
    _names[kind] = _names.get(kind, frozenset()) | frozenset(names)


def reach(kind: str, *, through: str, by: Callable[[Any], Any]) -> None:
    """Say that a thing of one kind leads to one of another: a file to its customer."""
    _reached[kind] = (through, by)


def bring(act: str, *names: str) -> None:
    """Say which facts the command of an act gives to the gate itself, because no row knows them."""
    _brought[act] = _brought.get(act, frozenset()) | frozenset(names)


def brought_by(act: str) -> frozenset[str]:
    """The facts that the command of an act brings itself."""
    return _brought[""] | _brought.get(act, frozenset())


def known_names() -> frozenset[str]:
    """Every fact that some app answers or some command brings."""
    return frozenset().union(*_names.values(), *_brought.values())


def answered_by(kind: str) -> frozenset[str]:
    """The facts that things of a kind answer."""
    return _names.get(kind, frozenset())


def is_supplied(act: str, fact: str) -> bool:
    """Whether a rule on the act finds this fact: an app answers it, or the act's command brings it."""
    kind = fact.partition(".")[0]
    return fact in brought_by(act) or f"{kind}.*" in brought_by(act) or _answers(kind, fact)


def _answers(kind: str, fact: str) -> bool:
    return fact in answered_by(kind) or f"{kind}.*" in answered_by(kind)


def provide_more(kind: str, facts_of: FactsOf, names: Iterable[str]) -> None:
    """Add what a layer above knows of things of a kind: whether a file stands in the register."""
    _names[kind] = _names.get(kind, frozenset()) | frozenset(names)
    known = _more.setdefault(kind, [])
    if facts_of not in known:
        known.append(facts_of)


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
        thing = _thing(_stands_in[kind], things)
        asked = frozenset(name for name in missing if name.partition(".")[0] == kind and _answers(kind, name))
        if asked and thing is not None:
            found |= facts_of(thing, asked, scene)
            for more in _more.get(kind, ()):
                found |= more(thing, asked - found.keys(), scene)
    for name in missing - found.keys():
        found[name] = scene.purpose if name == "event.purpose" and scene.purpose else UNKNOWN
    return found


def _thing(kind: str, things: Mapping[str, Any]) -> Any:
    if kind in things or kind not in _reached:
        return things.get(kind)
    through, by = _reached[kind]
    return by(things[through]) if things.get(through) is not None else None


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
