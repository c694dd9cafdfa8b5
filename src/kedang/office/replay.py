"""Which columns of staff the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.journal.telling import keep
from kedang.staff.models import Branch, PostHolding, Unit


def register() -> None:
    """Called once when the app is ready; staff itself lies below the journal."""
    keep(Branch, "code", "parent_id")
    keep(Unit, "branch_id", "key", "head_id")
    keep(PostHolding, "person_id", "branch_id", "post", "unit", "since", "until", "deputy", "stands_in_for_id")
