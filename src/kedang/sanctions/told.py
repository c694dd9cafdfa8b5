"""What the journal and the duty tell about a breach: the facts that a conditional sanction may ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kedang.journal.models import Event as Row
from kedang.journal.queries import entry
from kedang.rulebook import Event
from kedang.sanctions.models import Breach

Facts = Mapping[str, Any]


def told(rows: Sequence[Breach], today: date | None = None) -> dict[int, Facts]:
    """The facts of each breach by its id: its own, its duty's, and those of the events that caused it; one read.

    Of a lapsed duty these are the event that opened it and the one that did it too late; of a defect or incident
    (and of its repeats) the event that recorded it.  What none of them tells is not among the facts.
    """
    causes = {row.pk: list(_causes(row)) for row in rows}
    events = _events({one for ids in causes.values() for one in ids})
    found: dict[int, Facts] = {}
    for row in rows:
        facts: dict[str, Any] = {}
        for one in causes[row.pk]:
            facts |= events.get(one, {})
        found[row.pk] = facts | _of_duty(row, today) | _own(row)
    return found


def _causes(row: Breach) -> Iterable[int]:
    """The ids of the events behind a breach, the later one last, so that its facts are the ones that count."""
    origin = row.same_as or row
    if origin.duty is not None:
        yield from (one for one in (origin.duty.opened_by, origin.duty.done_by) if one)
    elif origin.source.startswith("event:"):
        number = origin.source.removeprefix("event:").partition("@")[0]
        if number.isdigit():
            yield int(number)


def _events(ids: set[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    found = {}
    for row in Row.objects.filter(pk__in=ids):
        read = entry(row)
        data = {key: value for key, value in read.data.items() if not isinstance(value, dict)}
        event = Event(
            id=row.pk, name=row.name, act=row.act, happened_on=row.happened_on, recorded_at=row.recorded_at,
            subject=f"{row.subject_kind}:{row.subject_id}", actor=str(row.actor_id or ""), about=read.about, data=data,
        )  # fmt: skip
        found[row.pk] = event.facts()
    return found


def _own(row: Breach) -> dict[str, Any]:
    facts = {
        "breach.kind": row.kind, "breach.person": str(row.person_id), "breach.corrected": row.corrected_on is not None,
    }  # fmt: skip
    return facts | ({"breach.clause": row.name} if row.kind == "late" else {})


def _of_duty(row: Breach, today: date | None) -> dict[str, Any]:
    """How late: until it was done, or until today while it is not; without a today it cannot be said."""
    duty = (row.same_as or row).duty
    if duty is None:
        return {}
    end = duty.done_on or today
    late = {"duty.days_late": max(0, (end - duty.due_on).days)} if end else {}
    return {"duty.status": duty.status, **late}
