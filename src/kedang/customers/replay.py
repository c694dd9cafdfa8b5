"""Which columns of customers the journal's events tell, for ``kedang verify --state``."""

from __future__ import annotations

from kedang.customers.models import Agreement, Contact, Customer
from kedang.journal.telling import keep


def register() -> None:
    """Called once when the app is ready.  Names and numbers are sealed and not told."""
    keep(
        Customer, "branch_id", "kind", "seal_ref", "status", "merged_into_id", "opened_on", "group", "standing",
        "collector_id", "verified_on", "verified_by_id", "objected_on",
    )  # fmt: skip
    keep(Contact, "customer_id", "seal_ref", "confirmed_on", "until")
    keep(
        Agreement, "customer_id", "scope", "notice", "version", "how", "given_on", "taken_by_id", "withdrawn_on",
    )  # fmt: skip
