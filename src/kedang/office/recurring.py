"""The people on whom a duty may come round: each writes a form every day, each confirms every year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from kedang.acts.facts import Scene, provide
from kedang.acts.periods import provide_things
from kedang.rulebook.pack import Conditions
from kedang.staff.models import Branch, Person, PostHolding
from kedang.staff.queries import posts_held

PAGE = 500


def people_of(branch: Branch, _conditions: Sequence[Conditions], _day: date) -> Iterator[Person]:
    """Whoever holds or held a post in a branch; by key, with their posts in two reads a page."""
    held = Prefetch("holdings", PostHolding.objects.filter(branch=branch), to_attr="held_here")
    own = PostHolding.objects.filter(branch=branch).values("person")
    rows = Person.objects.filter(pk__in=own, is_active=True).prefetch_related(held).order_by("pk")
    last = 0
    while page := list(rows.filter(pk__gt=last)[:PAGE]):
        yield from page
        last = page[-1].pk


def facts_of(person: Person, wanted: frozenset[str], scene: Scene) -> dict[str, Any]:
    """The posts that a person holds in the branch on the day that is asked about."""
    if "person.posts" not in wanted:
        return {}
    rows: Sequence[PostHolding] | None = getattr(person, "held_here", None)
    if rows is None:
        return {"person.posts": tuple(sorted(posts_held(person, scene.branch, scene.today)))}
    day = scene.today
    posts = {row.post for row in rows if row.since <= day and (row.until is None or row.until >= day)}
    return {"person.posts": tuple(sorted(posts))}


def register() -> None:
    """Tell the clock and the rules; called once when the app is ready."""
    provide_things("person", people_of)
    provide("person", facts_of, {"person.posts"})
