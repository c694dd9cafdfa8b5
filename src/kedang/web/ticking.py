"""What the clock does: days begin and end, one by one, also when the clock stood still for a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from kedang.acts.lapsing import end_days
from kedang.acts.periods import begin_days
from kedang.files.importing import run_waiting
from kedang.insight.services import freeze_ended
from kedang.journal.sealing import SealKeyMissing, seal_now
from kedang.staff.models import Branch


def tick(now: datetime, *, sealing: bool = True, clock: Callable[[], datetime] | None = None) -> dict[str, int]:
    """Do what has fallen due up to ``now``; how much of each was done.  Doing it twice changes nothing.

    ``clock`` tells the moment anew to what takes long; without one the moment stands still.
    """
    today = timezone.localdate(now)
    opened = late = breaches = frozen = 0
    for branch in Branch.objects.order_by("pk"):
        opened += begin_days(branch, today, now)
        lapsed, raised = end_days(branch, today, now)
        late, breaches = late + lapsed, breaches + raised
        frozen += freeze_ended(branch, today, now)
    run_waiting(clock or (lambda: now))
    sealed = int(sealing and _seal(now))
    return {"opened": opened, "late": late, "breaches": breaches, "frozen": frozen, "sealed": sealed}


def _seal(now: datetime) -> bool:
    """Whether a seal was made; a process that may not read the key makes none."""
    try:
        return seal_now(now) is not None
    except SealKeyMissing:
        return False
