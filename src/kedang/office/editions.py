"""Which edition governed what: every edition of a policy in a branch, with the duties and breaches under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from kedang.adoptions.models import Adoption, Confirmation
from kedang.adoptions.queries import binding, pack_of
from kedang.duties.models import Duty
from kedang.rulebook import Pack
from kedang.sanctions.models import Breach
from kedang.staff.models import Branch, Person


@dataclass(frozen=True)
class Governed:
    """An edition, and how much fell under it."""

    adoption: Adoption
    duties: int
    breaches: int


@dataclass(frozen=True)
class Unread:
    """An edition that a person has not said to have read yet."""

    adoption: Adoption
    title: Any


def unread(person: Person, branch: Branch, on: date) -> list[Unread]:
    """The policies in force that somebody has not confirmed yet, law and common rules apart; one read besides.

    An edition begins to count with its first day: until then the one before it binds.
    """
    bound = binding(branch, on)
    read = set(Confirmation.objects.filter(person=person, adoption__in=bound).values_list("adoption", flat=True))
    left = ((one, pack_of(one)) for one in bound if one.pk not in read)
    return [Unread(one, pack.title) for one, pack in left if pack.rank == "policy"]


def governed(branch: Branch, pack: Pack) -> list[Governed]:
    """The editions of a policy in a branch, the latest first; three reads, however many there are.

    A duty falls under the edition of the day of its trigger, a breach under that of the day on which it happened.
    """
    rows = list(Adoption.objects.filter(branch=branch, slug=pack.slug).order_by("in_force_from", "pk"))
    days = [(row.in_force_from, row.ended_on) for row in rows]
    duties = _counts(Duty.objects.filter(branch=branch, clause__startswith=f"{pack.number}:"), "from_on", days)
    mine = Q(kind="late", name__startswith=f"{pack.number}:") | Q(name__in=[*pack.defects, *pack.incidents])
    breaches = _counts(Breach.objects.filter(mine, branch=branch), "happened_on", days)
    return [Governed(row, duties[no], breaches[no]) for no, row in enumerate(rows)][::-1]


def _counts(rows: Any, field: str, days: Sequence[tuple[date, date | None]]) -> list[int]:
    """How many rows have their day within each span, both ends included."""
    wanted = {
        f"n{no}": Count("pk", filter=Q(**{f"{field}__gte": since}) & (Q(**{f"{field}__lte": until}) if until else Q()))
        for no, (since, until) in enumerate(days)
    }
    found = rows.aggregate(**wanted) if wanted else {}
    return [found[f"n{no}"] for no in range(len(days))]
