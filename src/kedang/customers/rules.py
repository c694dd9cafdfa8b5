"""Rows of customers as facts."""

from __future__ import annotations

from typing import Any

from kedang.acts import facts
from kedang.customers.models import Customer

CUSTOMER_FACTS = {
    f"customer.{key}"
    for key in [
        "kind",
        "status",
        "collector",
        "opened_on",
        "contacts",
        "consent",
        "consented_on",
        "separate_consent",
        "noticed",
        "objected",
    ]
}
AGREED = {"customer.consent", "customer.consented_on", "customer.separate_consent", "customer.noticed"}


def yes(value: object) -> str:
    """A truth value as a fact."""
    return "yes" if value else "no"


def customer_facts(customer: Customer, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of a customer; one who is not known yet has agreed to nothing."""
    all_facts: dict[str, Any] = {
        **(_agreed(customer) if wanted & AGREED else {}),
        "customer.kind": customer.group or customer.kind,
        "customer.status": customer.standing or customer.status,
        "customer.collector": str(customer.collector_id or ""),
        "customer.opened_on": customer.opened_on,
        "customer.objected": yes(customer.objected_on),
    }
    if "customer.contacts" in wanted:
        all_facts["customer.contacts"] = customer.contacts.filter(until=None).count() if customer.pk else 0
    return {name: value for name, value in all_facts.items() if name in wanted}


def _agreed(customer: Customer) -> dict[str, Any]:
    """What is in force of the customer's agreements; each was given after a notice."""
    found = list(customer.agreements.filter(withdrawn_on=None)) if customer.pk else []
    return {
        "customer.consent": yes(found),
        "customer.consented_on": max((one.given_on for one in found), default=""),
        "customer.separate_consent": yes(any(one.scope == "separate" for one in found)),
        "customer.noticed": yes(found),
    }


def customer_parties(customer: Customer) -> dict[str, frozenset[str]]:
    """Who brought the customer in."""
    found = frozenset({str(customer.collector_id)}) if customer.collector_id else frozenset()
    return {"customer.collector": found, "customer.submitter": found}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("customer", customer_facts, CUSTOMER_FACTS)
    facts.bring("customer.consent", "customer.noticed")
    facts.provide_parties("customer", customer_parties)
