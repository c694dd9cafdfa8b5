"""Whom a rule means: posts, units, roles on the subject, heads and superiors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kedang.rulebook.conditions import MissingFact

Parties = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who tries an act: a person with the posts, units and people that he leads on the day."""

    id: str
    posts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    heads_of: frozenset[str] = frozenset()
    superior_of: frozenset[str] = frozenset()


def is_meant(selectors: Iterable[str], actor: Actor, posts: frozenset[str], parties: Parties) -> bool:
    """Whether one of the selectors means the actor. `posts` are his posts with those inherited."""
    return any(_means(selector, actor, posts, parties) for selector in selectors)


def _means(selector: str, actor: Actor, posts: frozenset[str], parties: Parties) -> bool:
    if selector == "anyone" or selector in posts:
        return True
    prefix, colon, rest = selector.partition(":")
    if colon:
        if prefix == "unit":
            return rest in actor.units
        if prefix == "head_of":
            return rest in actor.heads_of
        return bool(people(rest, parties) & actor.superior_of)
    if "." in selector:
        return actor.id in people(selector, parties)
    return False


def people(selector: str, parties: Parties) -> frozenset[str]:
    """The ids of the people in a role on the subject; raises `MissingFact` if the caller did not fetch them."""
    try:
        return parties[selector]
    except KeyError:
        raise MissingFact(selector) from None


def party_of(selector: str) -> str:
    """The role that a selector needs ("superior_of:file.consultant" needs file.consultant); empty if none."""
    rest = selector.partition(":")[2] or selector
    return rest if "." in rest else ""
