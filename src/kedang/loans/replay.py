"""What the journal says of loans, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay
from kedang.journal.telling import keep
from kedang.loans.models import Consultation, Loan, LoanPaper, Use

STATUS = {
    "loan.requested": "requested",
    "loan.withdrawn": "withdrawn",
    "loan.issued": "issued",
    "loan.returned": "returned",
    "loan.checked": "closed",
}


def expected(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The loans of one file as its chain tells them: stage, borrower and day of return."""
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        if entry.name == "incident.reported" and "loan" in entry.data:
            found[entry.data["loan"]]["loss_id"] = int(entry.about["incident"])
        if not entry.name.startswith("loan.") or "loan" not in entry.about:
            continue
        row = found.setdefault(entry.about["loan"], {})
        row["borrower_id"] = int(entry.data["borrower"])
        row["due_on"] = date.fromisoformat(entry.data["until"])
        if entry.name in STATUS:
            row["status"] = STATUS[entry.name]
    for key, values in found.items():
        yield Expected(Loan, int(key), values)


def register() -> None:
    """Called once when the app is ready."""
    register_replay("file", expected, models=[Loan])
    keep(
        Loan, "branch_id", "file_id", "volume_id", "borrower_id", "status", "slip", "requested_on", "due_on",
        "was_due_on", "issued_on", "issued_by_id", "returned_on", "taken_by_id", "closed_on", "recalled_on", "renewals",
        "home_id", "pages_out", "pages_back", "complete", "unmarked", "loss_id", "pages_lost", "kind",
    )  # fmt: skip
    keep(LoanPaper, "loan_id", "record_id", "pages", "state")
    keep(Consultation, "branch_id", "file_id", "reader_id", "opened_at", "opened_by_id", "closed_at")
    keep(
        Use, "branch_id", "file_id", "kind", "thing", "copy", "checked", "recorded_on", "recorded_by_id", "destroyed",
        "reported_on", "reported_by_id",
    )  # fmt: skip
