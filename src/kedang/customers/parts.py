"""Writes of customers that several commands share."""

from __future__ import annotations

from datetime import date

from kedang.customers.models import Contact, Customer, CustomerToken
from kedang.customers.tokens import tokens_for
from kedang.journal.sealed import Secret
from kedang.staff.models import Branch


def subject_of(customer: Customer) -> tuple[str, str]:
    """Whose key seals the customer's values."""
    return ("customer", str(customer.pk))


def set_tokens(customer: Customer, *, name: str, phone: str, identity: str) -> None:
    """Replace the tokens by which the customer is found."""
    wanted = tokens_for("name", name) | tokens_for("tail-4", phone) | tokens_for("tail-4", identity)
    customer.tokens.exclude(token__in=wanted).delete()
    CustomerToken.objects.bulk_create(
        [CustomerToken(customer=customer, token=token) for token in sorted(wanted)], ignore_conflicts=True
    )


def make_customer(*, branch: Branch, kind: str, name: str, phone: str = "", identity: str = "", on: date) -> Customer:
    """A new customer with sealed values and tokens."""
    customer = Customer.objects.create(branch=branch, kind=kind, opened_on=on)
    subject = subject_of(customer)
    customer.name = Secret(subject, name)
    customer.phone = Secret(subject, phone) if phone else None
    customer.identity = Secret(subject, identity) if identity else None
    customer.save()
    set_tokens(customer, name=name, phone=phone, identity=identity)
    return customer


def confirm_contact(customer: Customer, *, name: str, phone: str, on: date) -> Contact:
    """A contact person of the customer, confirmed on this day; the one before ends."""
    customer.contacts.filter(until=None).update(until=on)
    subject = subject_of(customer)
    contact = Contact(customer=customer, confirmed_on=on)
    contact.name = Secret(subject, name)
    contact.phone = Secret(subject, phone)
    contact.save()
    return contact
