"""Whose figures a person may see: one's own, those of the units that one heads, all for whoever oversees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from kedang.duties.queries import posts_of
from kedang.office.duty_rules import OVERSEERS
from kedang.staff.models import Branch, Person
from kedang.staff.queries import heads_of

NAMES = ("mine", "unit", "all")


@dataclass(frozen=True)
class Scope:
    """``mine`` of one person, ``unit`` of the units named, or ``all``."""

    name: str
    person: int = 0
    units: frozenset[str] = frozenset()


ALL = Scope("all")


def scopes_of(viewer: Person, branch: Branch, today: date) -> dict[str, Scope]:
    """The scopes that are open to a person, the narrowest first."""
    found = {"mine": Scope("mine", viewer.pk)}
    heads = heads_of(viewer, branch)
    if heads:
        found["unit"] = Scope("unit", viewer.pk, heads)
    if posts_of(viewer, branch, today) & OVERSEERS:
        found["all"] = ALL
    return found


def held(who: str, day: str, branch: Branch) -> Q:
    """The post that the person of a row held on the row's day; deputies stand for others and are left out."""
    path = f"{who}__holdings__"
    until = Q(**{f"{path}until": None}) | Q(**{f"{path}until__gte": F(day)})
    return until & Q(**{f"{path}branch": branch, f"{path}deputy": False, f"{path}since__lte": F(day)})
