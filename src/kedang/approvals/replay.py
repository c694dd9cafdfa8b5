"""Which columns of requests for consent the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.approvals.models import Approval, Reply, Step
from kedang.journal.telling import keep


def register() -> None:
    """Called once when the app is ready."""
    keep(
        Approval, "branch_id", "clause", "act", "asker_id", "about_kind", "about_id", "asked_on", "status",
        "expires_on", "uses_left",
    )  # fmt: skip
    keep(Step, "approval_id", "number", "who", "all_of", "people")
    keep(
        Reply, "step_id", "by_id", "selector", "yes", "replied_on", "noted_by_id", "said_at", "confirm_by",
        "confirmed_on",
    )  # fmt: skip
