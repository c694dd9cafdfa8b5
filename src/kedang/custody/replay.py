"""Which columns of handovers and in-file lists the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.custody.models import Handover, HandoverLine, InnerListLine, ListCheck, Signature, SupplementLine
from kedang.journal.telling import keep


def register() -> None:
    """Called once when the app is ready."""
    keep(
        Handover, "branch_id", "file_id", "job_id", "checklist", "giver_id", "receiver_id", "status", "offered_on",
        "received_on", "checked_on", "checked_by_id", "missing", "supplement",
    )  # fmt: skip
    keep(HandoverLine, "handover_id", "record_id", "state", "found")
    keep(Signature, "handover_id", "party", "person_id", "at", "how")
    keep(InnerListLine, "list_id", "no", "record_id", "pages", "coding", "sheet_from", "sheet_to")
    keep(ListCheck, "line_id", "person_id", "found", "pages", "checked_on")
    keep(SupplementLine, "supplement_id", "record_id", "lacks")
