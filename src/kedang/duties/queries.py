"""Reads of duties."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty
from kedang.staff.models import Branch, Person
from kedang.staff.queries import holdings

OWED = Q(status__in=("open", "late"), done_on=None)


def posts_of(viewer: Person, branch: Branch, today: date) -> set[str]:
    """The posts of a person in a branch on a day, with those that they stand for."""
    own = holdings(viewer, today).filter(branch=branch).values_list("post", flat=True)
    return set(book_for(branch, today).posts_with(own))


def mine(viewer: Person, branch: Branch, today: date) -> QuerySet[Duty]:
    """What a person owes: bound by name, or in the pool of one of their posts.  Most urgent first."""
    pools = Q()
    for post in posts_of(viewer, branch, today):
        pools |= Q(pool=post)
    bound = Q(pk__in=Duty.objects.filter(bound__person=viewer).values("pk"))
    return Duty.objects.filter(OWED & (bound | pools if pools else bound), branch=branch).order_by("due_on", "pk")


def of_file(file: int | str) -> QuerySet[Duty]:
    """Every duty about a file, newest first."""
    return Duty.objects.filter(file=str(file)).order_by("-due_on", "-pk")


def menu_counts(viewer: Person, branch: Branch, today: date) -> dict[str, int]:
    """How much waits on the desk; counted up to a thousand."""
    return {"office:desk": mine(viewer, branch, today).values("pk")[:1001].count()}
