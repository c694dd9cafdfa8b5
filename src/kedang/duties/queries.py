"""Reads of duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty, DutyPerson
from kedang.lib.folding import Figure, Rows, counted, keep, referring
from kedang.lib.prepared import prepared
from kedang.rulebook import Book
from kedang.rulebook.duties import late_on
from kedang.rulebook.naming import Namer
from kedang.staff.models import Branch, Person
from kedang.staff.queries import WHO, posts_held

OWED = Q(status__in=("open", "late"), done_on=None)
OWED_TOO = Q(owed__in=(True,))  # Django writes "owed" for owed=True, for which SQLite looks into no index
WEEK = timedelta(days=7)


def late_days(branch: Branch, today: date, now: datetime) -> list[date]:
    """The days up to today on which an open duty of the branch grew late and nobody has said so yet."""
    over = Q(due_on__lt=today) | Q(due_at__lt=now)
    rows = Duty.objects.filter(OWED, over, branch=branch, status="open", due_on__lte=today)
    return sorted({late_on(*row) for row in rows.values_list("due_on", "due_at").distinct()})


def posts_of(viewer: Person, branch: Branch, today: date) -> set[str]:
    """The posts of a person in a branch on a day, with those that they stand for."""
    return set(book_for(branch, today).posts_with(posts_held(viewer, branch, today)))


def mine(viewer: Person, branch: Branch, today: date) -> QuerySet[Duty]:
    """What a person owes: bound by name, or in the pool of one of their posts.  Most urgent first."""
    return _owed_by(viewer, branch, posts_of(viewer, branch, today))


def _owed_by(viewer: Any, branch: Any, posts: Iterable[str]) -> QuerySet[Duty]:
    bound = DutyPerson.objects.filter(OWED_TOO, person=viewer, duty__branch=branch).values("duty")
    pooled = Duty.objects.filter(OWED, branch=branch, pool__in=posts).values("pk")
    return Duty.objects.filter(pk__in=bound.union(pooled)).order_by("due_on", "pk")


def by_name(person: Person, branch: Branch) -> QuerySet[DutyPerson]:
    """What binds this person by name and is still owed, without what a post owes that somebody else may hold too."""
    return DutyPerson.objects.filter(OWED_TOO, person=person, duty__branch=branch)


def of_units(units: Iterable[str], branch: Branch) -> QuerySet[Duty]:
    """What the people of these units owe, most urgent first."""
    members = branch.holdings.filter(unit__in=units).values("person")
    bound = DutyPerson.objects.filter(OWED_TOO, person__in=members, duty__branch=branch).values("duty")
    return Duty.objects.filter(pk__in=bound).order_by("due_on", "pk")


def of_file(file: Any) -> QuerySet[Duty]:
    """Every duty about a file, newest first; ``file`` is the text of its id, or a place in a prepared query."""
    return Duty.objects.filter(file=file).order_by("-due_on", "-pk")


def counts(rows: QuerySet[Duty], today: date) -> dict[str, int]:
    """How many of these duties are overdue, due today, due within seven days, and open in all; one read."""
    return _sums(by_day(rows), today)


def by_day(rows: QuerySet[Duty]) -> QuerySet[Any]:
    """How many of these duties fall due on each day."""
    return rows.order_by().values_list("due_on").annotate(n=Count("pk"))


def _sums(days: Iterable[tuple[date, int]], today: date) -> dict[str, int]:
    found = list(days)
    return {
        "late": sum(n for day, n in found if day < today), "now": sum(n for day, n in found if day == today),
        "week": sum(n for day, n in found if today < day <= today + WEEK), "open": sum(n for _day, n in found),
    }  # fmt: skip


def my_counts(viewer: Person, branch: Branch, today: date) -> dict[str, int]:
    """The same for what one owes oneself."""
    return _sums(prepared(_my_days, menu_shape(viewer, branch, today), me=viewer, branch=branch), today)


def _my_days(posts: tuple[str, ...], *, me: Any, branch: Any) -> QuerySet[Any]:
    return by_day(_owed_by(me, branch, posts))


def my_first(viewer: Person, branch: Branch, today: date, which: str, size: int) -> list[Duty]:
    """The most urgent duties that a person owes, with whom they bind; ``which`` may be "late" or "today"."""
    posts = menu_shape(viewer, branch, today)
    return take_bound(prepared(_my_first, posts, which, size, me=viewer, branch=branch, today=today))


def _my_first(posts: tuple[str, ...], which: str, size: int, *, me: Any, branch: Any, today: Any) -> QuerySet[Duty]:
    return with_bound(narrowed(_owed_by(me, branch, posts), which, today)[:size])


def narrowed(rows: QuerySet[Duty], which: str, today: Any) -> QuerySet[Duty]:
    """Those that are late or due today, or all."""
    if which == "late":
        return rows.filter(due_on__lt=today)
    return rows.filter(due_on=today) if which == "today" else rows


def of_month(viewer: Person, today: date) -> dict[str, int]:
    """By state, how many duties of a person fell due this month up to today."""
    return dict(prepared(_of_days, me=viewer, first=today.replace(day=1), last=today))


def _of_days(*, me: Any, first: Any, last: Any) -> QuerySet[Any]:
    rows = DutyPerson.objects.filter(person=me, due_on__gte=first, due_on__lte=last)
    return rows.order_by().values_list("duty__status").annotate(n=Count("pk"))


BOUND = ("id", "duty_id", "person_id", *(f"person__{name}" for name in WHO))


def with_bound(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Duties with the people whom they bind, in one read; ``take_bound`` takes them."""
    return rows.annotate(f_bound=Rows(DutyPerson.objects.filter(duty=OuterRef("pk")), BOUND))


def take_bound(rows: Iterable[Any]) -> list[Duty]:
    """Give duties the people who were read with them, as after a prefetch."""
    found = list(rows)
    for one in found:
        keep(one, "bound", referring(DutyPerson, BOUND, one.f_bound, person=Person))
    return found


def menu_shape(viewer: Person, branch: Branch, today: date) -> tuple[str, ...]:
    """The posts in whose pools a person looks."""
    return tuple(sorted(posts_of(viewer, branch, today)))


def menu_counts(viewer: Any, branch: Any, _today: Any, *posts: str) -> dict[str, Figure]:
    """How much waits on the desk."""
    return {"office:desk": Figure(counted(_owed_by(viewer, branch, posts)))}


def pool_in_words(book: Book, clause: str, pool: str, language: str) -> str:
    """Who of a post may do a duty that binds nobody yet, as the pack of its clause calls the post."""
    try:
        pack = book.pack(clause.partition(":")[0])
    except KeyError:
        return pool
    return Namer(pack, language).people([one for one in pool.split(",") if one])
