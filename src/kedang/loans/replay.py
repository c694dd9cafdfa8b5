"""What the journal says of loans, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay
from kedang.loans.models import Loan

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
