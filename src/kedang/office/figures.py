"""How each clause is being kept this month: duties, refusals, breaches and sums, in three reads whatever the policy.

Each read walks an index over the days asked for, so that it takes no longer the more years lie behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from kedang.duties.models import Duty
from kedang.journal.models import Refusal
from kedang.rulebook import pack as p
from kedang.rulebook.book import Book
from kedang.sanctions.models import Breach, Sanction
from kedang.staff.models import Branch

COUNTED = {"kept": "kept", "kept_late": "late", "late": "late", "open": "open", "refused": "refused"}


@dataclass
class Figures:
    """What has become of one clause in a month; `sum_cny` is what was imposed under it."""

    kept: int = 0
    late: int = 0
    open: int = 0
    refused: int = 0
    breaches: int = 0
    sum_cny: Decimal = Decimal(0)

    @property
    def any(self) -> bool:
        """Whether anything has become of it."""
        return bool(self.kept or self.late or self.open or self.refused or self.breaches or self.sum_cny)


@dataclass(frozen=True)
class Group:
    """So many breaches of one kind by one person."""

    kind: str
    name: str
    person: int
    posts: frozenset[str]
    number: int


def figures(branch: Branch, book: Book, first: date, last: date, only: str = "") -> dict[str, Figures]:
    """By clause reference, what happened from `first` to `last`; a clause without any is left out.

    By pack number stand its totals: what falls under two clauses of a pack is counted once there.  With ``only`` a
    clause just its own figures are sure to be whole.
    """
    found: dict[str, Figures] = {}

    def of(clauses: Iterable[str]) -> Iterator[Figures]:
        refs = set(clauses)
        return (found.setdefault(one, Figures()) for one in {*refs, *(ref.partition(":")[0] for ref in refs)})

    counted = due(branch, first, last, only).union(refused(branch, first, last), all=True)
    for clauses, what, number in counted:
        for one in of(clauses.split()) if what in COUNTED else ():
            setattr(one, COUNTED[what], getattr(one, COUNTED[what]) + number)
    for group in groups(branch, book, first, last):
        for one in of(under(book, group)):
            one.breaches += group.number
    for refs, amount, number in fined(branch, first, last):
        for one in of(refs):
            one.sum_cny += amount * number
    return found


def due(branch: Branch, first: date, last: date, only: str = "") -> QuerySet[Any]:
    """How many duties fell due, by clause and what became of them; of ``only`` one clause, if one is named."""
    rows = Duty.objects.filter(branch=branch, due_on__gte=first, due_on__lte=last, **{"clause": only} if only else {})
    return rows.order_by().values_list("clause", "status").annotate(n=Count("pk"))


def refused(branch: Branch, first: date, last: date) -> QuerySet[Any]:
    """How many attempts were refused, by the clauses that refused them."""
    begins, ends = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    rows = Refusal.objects.filter(branch=branch, recorded_at__gte=begins, recorded_at__lt=ends)
    said = rows.annotate(what=Value("refused", CharField())).order_by()
    return said.values_list("clauses", "what").annotate(n=Count("pk"))


def fined(branch: Branch, first: date, last: date) -> QuerySet[Any]:
    """How often each sum was imposed under the same clauses."""
    standing = Exists(Breach.objects.filter(pk=OuterRef("breach_id"), branch=branch, status="imposed"))  # row by row
    rows = Sanction.objects.filter(standing, decided_on__gte=first, decided_on__lte=last).exclude(amount_cny=None)
    return rows.order_by().values_list("clauses", "amount_cny").annotate(n=Count("pk"))


def of_days(branch: Branch, first: date, last: date) -> Q:
    """The breaches that happened on these days."""
    return Q(branch=branch, happened_on__gte=first, happened_on__lte=last)


def groups(branch: Branch, book: Book, first: date, last: date) -> Iterator[Group]:
    """The breaches of these days, counted by kind and person, with the posts that the persons held."""
    inside = Q(person__holdings__until=None) | Q(person__holdings__until__gte=first)
    held = inside & Q(person__holdings__branch=branch, person__holdings__since__lte=last)
    rows = Breach.objects.filter(of_days(branch, first, last)).annotate(
        held=FilteredRelation("person__holdings", condition=held)
    )
    found: dict[tuple[str, str, int], tuple[int, set[str]]] = {}
    for kind, name, person, post, number in (
        rows.values_list("kind", "name", "person", "held__post").annotate(n=Count("pk", distinct=True)).order_by()
    ):
        found.setdefault((kind, name, person), (number, set()))[1].add(post or "")
    for (kind, name, person), (number, posts) in found.items():
        yield Group(kind, name, person, book.posts_with(posts), number)


def under(book: Book, group: Group) -> set[str]:
    """The clauses that a group of breaches falls under: the lapsed duty's own and those that put a price on it."""
    clauses = {group.name} if group.kind == "late" else set()
    for rule in book.rules_of(p.Sanction):
        meant = not rule.who or "anyone" in rule.who or not group.posts.isdisjoint(rule.who)
        if meant and (rule.for_kind, rule.for_name) == (group.kind, group.name):
            clauses.add(rule.ref)
    return clauses


def breaches_under(branch: Branch, book: Book, ref: str, first: date, last: date) -> Q:
    """The same breaches as a filter, so that the number opens its list."""
    found = Q(pk__in=())
    for group in groups(branch, book, first, last):
        if ref in under(book, group):
            found |= Q(kind=group.kind, name=group.name, person=group.person)
    return found & Q(happened_on__gte=first, happened_on__lte=last)
