"""Which columns of policies the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.adoptions.models import Adoption, Confirmation, Draft, Interpretation, SignOff
from kedang.journal.telling import keep


def register() -> None:
    """Called once when the app is ready.  Of a text its SHA-256 is told."""
    keep(
        Adoption, "branch_id", "slug", "file_name", "edition", "sha256", "approved_by_id", "in_force_from", "ended_on",
        "settings", "heard_on",
    )  # fmt: skip
    keep(
        Draft, "branch_id", "slug", "file_name", "edition", "sha256", "settings", "posts", "in_force_from", "heard_on",
        "status", "drafted_by_id", "drafted_on", "adoption_id", "lead_id",
    )  # fmt: skip
    keep(SignOff, "draft_id", "person_id", "as_post", "sha256", "signed_at", "how")
    keep(Confirmation, "adoption_id", "person_id", "confirmed_on")
    keep(Interpretation, "adoption_id", "clause", "said_on", "said_by_id")
