"""The gate: one question to the rulebook, before an act to advise and in it to enforce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from kedang.acts.facts import Scene, facts_of_roles, gather, people, wanted_by
from kedang.adoptions.queries import book_for, reports_to
from kedang.rulebook import Actor, Answer, Book, Grant, decide
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of


def _grants(book: Book, act: str, actor: Person, branch: Branch, today: date, purpose: str) -> list[Grant]:
    """The consents that the actor holds, if the rules on the act ask for any and approvals are in this build.

    An act that says no purpose of its own is served by a consent whatever purpose was written on the request.
    """
    if not book.rules_on(act).consents or "approvals" not in settings.INSTALLED_LAYERS:
        return []
    from kedang.approvals.queries import grants_for

    found = list(grants_for(act, actor, branch, today))
    return found if purpose else [replace(one, purpose="") for one in found]


def _of_asking(book: Book, actor: Actor, person: Person, today: date, purpose: str) -> dict[str, Any]:
    """What every question knows of itself: as what somebody asks, on which day, and what for if it was said.

    Somebody is leaving from the moment at which it is recorded that they go.
    """
    leaving = "yes" if person.left_on else "no"
    posts, units = sorted(book.posts_with(actor.posts)), sorted(actor.units)
    said = {"act.purpose": purpose, "act.reason": "yes"} if purpose else {}
    return {"actor.posts": tuple(posts), "actor.units": tuple(units), "actor.leaving": leaving, "act.on": today, **said}


def about_of(things: Mapping[str, Any] | None) -> str:
    """The thing that an act is about, as consents name it: the first that exists."""
    return next((f"{kind}:{thing.pk}" for kind, thing in (things or {}).items() if getattr(thing, "pk", None)), "")


def advise(
    act: str, *, actor: Person, branch: Branch, today: date, things: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None, parties: Mapping[str, Any] | None = None, purpose: str = "",
    book: Book | None = None, known: Actor | None = None, grants: Sequence[Grant] = (),
) -> Answer:  # fmt: skip
    """What the rules say to this act by this person on this day.

    A page with many buttons gives the ``book`` and the actor as ``known`` to the rulebook, fetched once.  ``grants``
    are consents kept elsewhere than among the approvals: signatures under a policy.
    """
    book = book or book_for(branch, today)
    wanted, roles = wanted_by(book, act)
    scene = Scene(actor, branch, today, purpose)
    held = people(roles, things or {}, parties or {})
    who = known or actor_of(actor, branch, today, reports_to(book))
    asked = _of_asking(book, who, actor, today, purpose) | facts_of_roles(wanted, held) | dict(facts or {})
    return decide(
        book, act, who,
        gather(wanted, {**(things or {}), "branch": branch}, asked, scene),
        parties=held,
        grants=[*_grants(book, act, actor, branch, today, purpose), *grants], about=about_of(things), purpose=purpose,
        today=today,
    )  # fmt: skip
