"""Writes of approvals that several acts share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q

from kedang.approvals.models import Approval
from kedang.staff.models import Person


def spend(clauses: Iterable[str], act: str, actor: Person, about: str, today: date) -> None:
    """Use up one use of each consent that let an act pass; within the act's transaction, under its locks."""
    kind, _colon, ref = about.partition(":")
    counts = Q(expires_on=None) | Q(expires_on__gte=today)
    rows = Approval.objects.filter(
        counts, Q(about_id="") | Q(about_kind=kind, about_id=ref), clause__in=list(clauses), act=act, asker=actor,
        status="granted", uses_left__gt=0,
    ).order_by("pk")  # fmt: skip
    for clause in sorted(set(rows.values_list("clause", flat=True))):
        first = rows.filter(clause=clause).values_list("pk", flat=True)[0]
        Approval.objects.filter(pk=first).update(uses_left=F("uses_left") - 1)
