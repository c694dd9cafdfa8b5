"""What whoever answers a request about a loan wants to know: who has or wants the papers, and until when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kedang.acts.naming import provide_details
from kedang.lib.whole import whole
from kedang.loans.models import Loan

MOST = 3  # slips of one file that wait at once


def details(file: str, asker: int) -> list[tuple[str, str]]:
    """Borrower, purpose and day of return of what is lent or asked for of a file; the asker's own first."""
    rows = Loan.objects.filter(file=whole(file) or 0, status__in=("requested", "issued")).select_related("borrower")
    found = sorted(rows.order_by("-pk")[: 2 * MOST], key=lambda one: one.borrower_id != asker)
    return [
        pair
        for one in found[:MOST]
        for pair in (
            (_("Borrower"), f"{one.borrower} · {one.get_status_display()}"),
            (_("What are they needed for?"), one.purpose),
            (_("Back on"), one.due_on.isoformat()),
        )
    ]


def register() -> None:
    """Tell the screen of approvals; called once when the app is ready."""
    provide_details("loan", "file", details)
