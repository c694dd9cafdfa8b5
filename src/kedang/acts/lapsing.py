"""What a day ends: duties grow late, and what was missed becomes a breach; also when the clock stood still for a week.

A day of a branch is one transaction: the duty's new state, the breach and the events of both, or nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kedang.acts.clockwork import Clock, clockwork
from kedang.acts.following import follow_alone
from kedang.duties.models import Duty
from kedang.duties.parts import lapse
from kedang.duties.queries import late_days
from kedang.journal.parts import NewEvent
from kedang.sanctions.parts import Found, late_ones, new_ones, raise_breach, repeated_ones, unrecorded
from kedang.staff.models import Branch


def end_days(branch: Branch, today: date, now: datetime) -> tuple[int, int]:
    """End every day up to ``today`` on which something grew late; how many duties did, and how many new breaches.

    A breach may open a duty whose day has gone by already, so that days are ended until nothing is left.
    """
    late = breaches = 0
    while (done := _end_days(branch, today, now)) != (0, 0):
        late, breaches = late + done[0], breaches + done[1]
    return late, breaches


def _end_days(branch: Branch, today: date, now: datetime) -> tuple[int, int]:
    late = breaches = 0
    for day in late_days(branch, today, now):
        lapsed, raised = lapse_day(branch=branch, day=day, now=now)
        late, breaches = late + lapsed, breaches + raised
    found = new_ones(branch, [*late_ones(branch, unrecorded(branch, today)), *repeated_ones(branch, today)])
    for day in sorted({one.happened_on for one in found}):
        of_day = [one for one in found if one.happened_on == day]
        breaches += raise_breaches(branch=branch, day=day, now=now, found=of_day)
    return late, breaches


@clockwork("duty.lapse")
def lapse_day(clock: Clock) -> tuple[int, int]:
    """Mark what is late on the day, and raise the breaches that the clauses see in it; both counts."""
    rows = lapse(clock.branch, clock.day, clock.now)
    if not rows:
        return 0, 0
    follow_alone(clock.branch, clock.append([_lapsed(row) for row in rows]))
    return len(rows), _raise(clock, late_ones(clock.branch, rows))


@clockwork("breach.raise")
def raise_breaches(clock: Clock, *, found: Sequence[Found]) -> int:
    """Raise breaches that were found; how many nobody had raised yet."""
    return _raise(clock, found)


def _raise(clock: Clock, found: Sequence[Found]) -> int:
    made = [
        raise_breach(clock.branch, one, now=clock.now, actor=None, act_id=clock.act_id, then=follow_alone)
        for one in found
    ]
    return sum(row is not None for row in made)


def _lapsed(row: Duty) -> NewEvent:
    """Duties have chains of their own: nobody's form about the file is stale because midnight passed."""
    about = {"duty": str(row.pk), row.about_kind: row.about_id} | ({"file": row.file} if row.file else {})
    people = sorted(str(one.person_id) for one in row.bound.all())
    data = {"clause": row.clause, "due_on": row.due_on.isoformat(), "status": "late", "people": people}
    return NewEvent("duty.lapsed", ("duty", str(row.pk)), row.late_on, about=about, data=data)
