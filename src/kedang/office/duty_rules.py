"""A duty as facts, and who sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kedang.acts.gate import advise
from kedang.duties.models import Duty, DutyPerson
from kedang.duties.queries import mine, posts_of
from kedang.rulebook import Answer
from kedang.staff.models import Branch, Person
from kedang.staff.queries import heads_of, held_on

OVERSEERS = {"manager", "general-manager", "archivist", "auditor"}


def on_duty_now(duty: Duty, today: date, reason: str) -> dict[str, Any]:
    """Things, facts and parties of the question whether a duty may be changed, for the gate."""
    return {
        "things": {"duty": duty},
        "facts": {
            "duty.status": "late" if duty.owed and duty.due_on < today else duty.status,
            "duty.reason": "yes" if reason.strip() else "no",
            "duty.days_late": max(0, (today - duty.due_on).days) if duty.owed else 0,
            "duty.clause": duty.clause.partition(":")[2],
        },
        "parties": {"duty.person": {str(one.person_id) for one in duty.bound.all()}},
    }


def seen_by(viewer: Person, branch: Branch, today: date) -> QuerySet[Duty]:
    """The duties that a person sees: one's own, those of the units that one heads, all for whoever oversees."""
    rows = Duty.objects.filter(branch=branch)
    if posts_of(viewer, branch, today) & OVERSEERS:
        return rows
    units = heads_of(viewer, branch)
    below = {one.person_id for one in held_on(branch, today) if one.unit and one.unit in units}
    shared = DutyPerson.objects.filter(person__in=below | {viewer.pk}).values("duty")
    return rows.filter(Q(pk__in=shared) | Q(pk__in=mine(viewer, branch, today).order_by().values("pk")))


def advice(act: str, duty: Duty, *, viewer: Person, branch: Branch, today: date) -> Answer:
    """What the rules say to a change of a duty, before the click; a reason is taken for given."""
    return advise(act, actor=viewer, branch=branch, today=today, **on_duty_now(duty, today, "given"))
