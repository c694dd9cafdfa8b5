"""Reads of customers."""

from __future__ import annotations

from django.db.models import QuerySet

from kedang.customers.models import Contact, Customer, CustomerToken
from kedang.customers.tokens import query_groups, tokens_for
from kedang.staff.models import Branch


def alike(branch: Branch, *, name: str, phone: str = "", identity: str = "") -> QuerySet[Customer]:
    """Customers of the branch that could be the same: the same identity, or the same phone and name."""
    found = Customer.objects.filter(branch=branch, status="active")
    if identity:
        return found.filter(tokens__token__in=exact(identity))
    if not (name and phone):
        return found.none()
    same_name = CustomerToken.objects.filter(token__in=exact(name, "name")).values("customer")
    return found.filter(tokens__token__in=exact(phone)).filter(pk__in=same_name)


def exact(value: str, kind: str = "exact") -> set[int]:
    """The token of the whole value."""
    if kind == "name":
        groups = query_groups(value)
        return set.union(*groups) if groups else set()
    return tokens_for("exact", value)


def contact_of(customer: Customer | None) -> Contact | None:
    """The contact person confirmed last."""
    return customer.contacts.filter(until=None).first() if customer else None
