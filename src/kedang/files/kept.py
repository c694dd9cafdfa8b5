"""Which columns of files the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.files.models import FieldValue, File, FileRole, Incident, Job, Milestone, Place, Record, Scan, Volume
from kedang.journal.telling import keep


def register() -> None:
    """Called once when the app is ready.  Free text is not told."""
    keep(Place, "branch_id", "code", "kind", "parent_id", "path", "capacity", "closed_on")
    keep(
        File, "branch_id", "kind", "number", "customer_id", "status", "opened_on", "electronic", "complete", "missing",
        "unit", "part", "segment", "secrecy", "sealed", "past", "closed_on", "declared_true", "by_proxy", "verified_on",
        "verified_by_id", "confirmed_on", "confirmed_how",
    )  # fmt: skip
    keep(FieldValue, "file_id", "field", "grade", "seal_ref", "declined")
    keep(FileRole, "file_id", "role", "person_id", "since")
    keep(Job, "file_id", "number", "what", "kinds", "status", "opened_on", "person_id", "contact_verified", "complete",
         "missing")  # fmt: skip
    keep(Milestone, "file_id", "job_id", "key", "date")
    keep(Volume, "file_id", "no", "holder_id", "place_id", "home_id", "status")
    keep(
        Record, "file_id", "job_id", "checklist", "line", "kind", "form", "state", "expected_on", "pages", "counts",
        "defects", "number", "signed", "sides", "copies", "dated", "ends_on", "checked_on", "checked_by_id",
    )  # fmt: skip
    keep(Scan, "record_id", "seal_ref", "type", "size", "added_at", "added_by_id")
    keep(
        Incident, "branch_id", "file_id", "kind", "person_id", "pieces", "on_loan", "happened_on", "reported_on",
        "reported_by_id", "status", "closed_on", "closed_by_id",
    )  # fmt: skip
