"""What the clock does: duties grow late, day by day, also when the clock stood still for a week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from kedang.acts.following import follow_alone
from kedang.acts.periods import begin_days
from kedang.duties.models import Duty
from kedang.duties.parts import lapse_day
from kedang.duties.queries import OWED
from kedang.files.importing import run_waiting
from kedang.journal.sealing import SealKeyMissing, seal_now
from kedang.sanctions.parts import record_late, record_repeats, unrecorded
from kedang.staff.models import Branch


def _first_day(branch: Branch, today: date) -> date:
    """The earliest day on which something could have become late, not later than today."""
    oldest = Duty.objects.filter(OWED, branch=branch, status="open").order_by("due_on").values_list("due_on", flat=True)
    first = oldest.first()
    return min(today, first + timedelta(days=1)) if first else today


def tick(now: datetime, *, sealing: bool = True) -> dict[str, int]:
    """Do what has fallen due up to ``now``; how much of each was done.  Doing it twice changes nothing."""
    today = timezone.localdate(now)
    late = breaches = opened = 0
    for branch in Branch.objects.order_by("pk"):
        opened += begin_days(branch, today, now)
        day = _first_day(branch, today)
        while day <= today:
            with transaction.atomic():
                lapsed = lapse_day(branch, day)
            late += len(lapsed)
            breaches += record_late(branch, lapsed, now, follow_alone)
            day += timedelta(days=1)
        breaches += record_late(branch, unrecorded(branch), now, follow_alone)
        breaches += record_repeats(branch, today, now, follow_alone)
    run_waiting(now)
    return {"opened": opened, "late": late, "breaches": breaches, "sealed": int(sealing and _seal(now))}


def _day(branch: Branch, day: date, now: datetime) -> int:
    """One day of one branch in one transaction: what grew late, and what follows from it."""
    moment = min(now, timezone.make_aware(datetime.combine(day, time(23, 55))))
    with transaction.atomic():
        rows = lapse_day(branch, day)
        if rows:
            record_late(branch, rows, moment, follow_alone)
        record_repeats(branch, day, moment, follow_alone)
    return len(rows)


def _seal(now: datetime) -> bool:
    """Whether a seal was made; a process that may not read the key makes none."""
    try:
        return seal_now(now) is not None
    except SealKeyMissing:
        return False
