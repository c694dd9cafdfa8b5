"""Which columns of staff the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.journal.telling import keep
from kedang.office.models import HeldReset
from kedang.staff.models import Appointment, Branch, PostHolding, Unit


def register() -> None:
    """Called once when the app is ready; staff itself lies below the journal."""
    keep(Branch, "code", "parent_id")
    keep(Unit, "branch_id", "key", "head_id")
    keep(
        PostHolding, "person_id", "branch_id", "post", "unit", "since", "until", "deputy", "stands_in_for_id",
        "given_by_id", "confirmed_by_id",
    )  # fmt: skip
    keep(
        Appointment, "person_id", "branch_id", "post", "unit", "since", "until", "deputy", "stands_in_for_id",
        "counts_as", "decides", "clauses", "given_by_id", "given_on", "status", "answered_by_id", "answered_on",
        "holding_id",
    )  # fmt: skip
    keep(
        HeldReset, "person_id", "branch_id", "counts_as", "decides", "clauses", "given_by_id", "given_on", "status",
        "answered_by_id", "answered_on",
    )  # fmt: skip
