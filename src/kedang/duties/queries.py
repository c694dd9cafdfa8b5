"""Reads of duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty, DutyPerson
from kedang.lib.folding import Figure, counted
from kedang.lib.memory import remembered
from kedang.rulebook import Book
from kedang.rulebook.naming import Namer
from kedang.staff.models import Branch, Person
from kedang.staff.queries import posts_held

OWED = Q(status__in=("open", "late"), done_on=None)


def late_days(branch: Branch, today: date) -> list[date]:
    """The days up to today on which an open duty of the branch grew late and nobody has said so yet."""
    rows = Duty.objects.filter(OWED, branch=branch, status="open", due_on__lt=today).order_by("due_on")
    return [due_on + timedelta(days=1) for due_on in rows.values_list("due_on", flat=True).distinct()]


def posts_of(viewer: Person, branch: Branch, today: date) -> set[str]:
    """The posts of a person in a branch on a day, with those that they stand for."""
    return set(book_for(branch, today).posts_with(posts_held(viewer, branch, today)))


def mine(viewer: Person, branch: Branch, today: date) -> QuerySet[Duty]:
    """What a person owes: bound by name, or in the pool of one of their posts.  Most urgent first."""
    return _owed_by(viewer, branch, posts_of(viewer, branch, today))


def _owed_by(viewer: Any, branch: Any, posts: Iterable[str]) -> QuerySet[Duty]:
    """Asks of each duty that the branch owes whether it binds the person, never for all that ever bound them."""
    bound = Q(Exists(DutyPerson.objects.filter(duty=OuterRef("pk"), person=viewer)))
    return Duty.objects.filter(OWED & (bound | Q(pool__in=posts)), branch=branch).order_by("due_on", "pk")


def of_file(file: int | str) -> QuerySet[Duty]:
    """Every duty about a file, newest first."""
    return Duty.objects.filter(file=str(file)).order_by("-due_on", "-pk")


def counts(rows: QuerySet[Duty], today: date) -> dict[str, int]:
    """How many of these duties are overdue, due today, due within seven days, and open in all; one read."""
    late, now = Q(due_on__lt=today), Q(due_on=today)
    week = Q(due_on__gt=today, due_on__lte=today + timedelta(days=7))
    return rows.order_by().aggregate(
        late=Count("pk", filter=late, distinct=True), now=Count("pk", filter=now, distinct=True),
        week=Count("pk", filter=week, distinct=True), open=Count("pk", distinct=True),
    )  # fmt: skip


def my_counts(viewer: Person, branch: Branch, today: date) -> dict[str, int]:
    """The same for what one owes oneself; once a page."""
    key = ("my duties", viewer.pk, branch.pk, today)
    return remembered(key, lambda: counts(mine(viewer, branch, today), today))


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
