"""Reads of staff: who holds what on a day, and who that makes somebody in the eyes of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Value, When

from kedang.lib.folding import Rows, taken
from kedang.lib.memory import remember, remembered
from kedang.lib.prepared import prepared
from kedang.rulebook.selecting import Actor
from kedang.staff.models import Branch, Person, PostHolding, Unit


def _on(day: Any) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def holdings(person: Any, on: Any) -> QuerySet[PostHolding]:
    """The posts that a person holds on a day, in any branch."""
    return PostHolding.objects.filter(_on(on), person=person, person__is_active=True).select_related("branch")


def branches_of(person: Any, on: Any) -> QuerySet[Branch]:
    """The branches in which a person holds a post on a day."""
    return Branch.objects.filter(pk__in=holdings(person, on).values("branch"))


HELD = ("id", "person_id", "branch_id", "post", "unit", "since", "until", "deputy")
WHO = ("id", "username", "name", "name_en", "language", "is_active", "is_staff_admin")
HELD_BY = (*HELD, *(f"person__{name}" for name in (*WHO, "left_on")))
BRANCH = tuple(field.attname for field in Branch._meta.concrete_fields)
LAID = ("id", "branch_id", "key", "name", "name_en", "head_id")


def own_branches(person: Any, on: Any, first: Any) -> QuerySet[Branch]:
    """The branches of a person, the one with the key ``first`` before the others; ``all_own`` of any gives all."""
    rank = Case(When(pk=first, then=Value(0)), default=Value(1))
    own = branches_of(person, on)
    return own.annotate(own=Rows(own, BRANCH)).order_by(rank, "code")


def all_own(branch: Branch) -> list[Branch]:
    """All branches of the person for whom ``own_branches`` read this one, by code."""
    return sorted(taken(Branch, BRANCH, branch.own), key=lambda one: one.code)  # type: ignore[attr-defined]


def with_staff(rows: QuerySet[Branch], on: Any) -> QuerySet[Branch]:
    """Branches with who holds what and which units there are, in the same read; ``take_staff`` takes it."""
    held = PostHolding.objects.filter(_on(on), branch=OuterRef("pk"), person__is_active=True)
    return rows.annotate(held=Rows(held, HELD_BY), laid=Rows(Unit.objects.filter(branch=OuterRef("pk")), LAID))


def take_staff(branch: Branch, on: date) -> None:
    """Keep what ``with_staff`` read for the rest of the page."""
    rows = branch.held  # type: ignore[attr-defined]
    found = taken(PostHolding, HELD_BY, rows)
    for holding, person in zip(found, taken(Person, HELD_BY, rows, "person__"), strict=True):
        holding.person = person
    found.sort(key=lambda one: (one.post, one.deputy, one.since, one.pk))
    units = sorted(taken(Unit, LAID, branch.laid), key=lambda one: one.key)  # type: ignore[attr-defined]
    remember(("holdings", branch.pk, on), found)
    remember(("units", branch.pk), units)


def held_on(branch: Branch, on: date) -> list[PostHolding]:
    """Every holding of a branch on a day, with its person; one read a page."""
    return remembered(("holdings", branch.pk, on), lambda: prepared(_held, branch=branch, on=on))


def _held(*, branch: Any, on: Any) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(_on(on), branch=branch, person__is_active=True).select_related("person")


def posts_held(person: Person, branch: Branch, on: date) -> frozenset[str]:
    """The posts that a person holds in a branch on a day."""
    return frozenset(row.post for row in held_on(branch, on) if row.person_id == person.pk)


def units_of(branch: Branch) -> list[Unit]:
    """The units of a branch; one read a page."""
    return remembered(("units", branch.pk), lambda: prepared(_units, branch=branch))


def _units(*, branch: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(branch=branch)


def heads_of(person: Person, branch: Branch) -> frozenset[str]:
    """The units of a branch that a person heads."""
    return frozenset(row.key for row in units_of(branch) if row.head_id == person.pk)


def people_in(posts: Iterable[str], branch: Branch, on: date) -> list[Person]:
    """Who holds one of these posts in a branch on a day; those who are not deputies first."""
    rows = PostHolding.objects.filter(_on(on), post__in=list(posts), branch=branch, person__is_active=True)
    return list(dict.fromkeys(row.person for row in rows.select_related("person").order_by("deputy", "since", "pk")))


def actor_of(person: Person, branch: Branch, on: date, reports_to: Mapping[str, str] | None = None) -> Actor:
    """The person as the rulebook sees them in a branch on a day.

    Superior of whoever belongs to a unit that they head and, given the pack's ``reports_to`` (post to post above),
    of whoever holds a post right under one of theirs.
    """
    rows = held_on(branch, on)
    own = [row for row in rows if row.person_id == person.pk]
    posts = frozenset(row.post for row in own)
    heads = heads_of(person, branch)
    under = reports_to or {}
    superior_of = {
        str(row.person_id)
        for row in rows
        if row.person_id != person.pk and (row.unit in heads or under.get(row.post) in posts)
    }
    return Actor(
        id=str(person.pk),
        posts=posts,
        units=frozenset(row.unit for row in own if row.unit),
        heads_of=heads,
        superior_of=frozenset(superior_of),
    )


def one_hand(person: Person) -> frozenset[int]:
    """Who may in truth be this person: themselves, and everybody behind whom stands nobody else.

    Behind whoever holds a post of the first day, or one that a second person confirmed, they stand themselves; behind
    anybody else those who gave them their posts.
    """
    givers = remembered(("givers",), _givers)
    own = _behind(person.pk, givers)
    return own | {who for who in givers if own & _behind(who, givers)}


def _givers() -> dict[int, set[int]]:
    """Who gave their posts to those for whom nobody else answers; one read a page."""
    answered_for = PostHolding.objects.filter(Q(given_by=None) | Q(confirmed_by__isnull=False)).values("person")
    rows = PostHolding.objects.exclude(person__in=answered_for).order_by()
    givers: dict[int, set[int]] = {}
    for who, giver in rows.values_list("person_id", "given_by_id").distinct():
        givers.setdefault(who, set()).add(giver)
    return givers


def _behind(who: int, givers: Mapping[int, set[int]]) -> frozenset[int]:
    found: set[int] = set()
    pending = [who]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending.extend(givers.get(one, ()))
    return frozenset(found)
