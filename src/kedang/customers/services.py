"""The commands on customers: known, checked by somebody else, agreeing, objecting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.customers.models import HOW_GIVEN, SCOPES, Agreement, Customer
from kedang.customers.parts import make_customer
from kedang.customers.queries import alike
from kedang.staff.models import Branch


class KnownAlready(Invalid):
    """This customer is known; ``customer`` leads to them."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        super().__init__({"name": _("This customer is known already.")})


def on_branch(branch: Branch, **_rest: Any) -> Concerning:
    """A command about a customer not known yet."""
    return Concerning(branch, [])


def on_customer(customer: Customer, **_rest: Any) -> Concerning:
    """A command about a customer: the customer's chain is locked."""
    return Concerning(customer.branch, [Subject("customer", str(customer.pk))])


def _open_files(customer: Customer) -> list[str]:
    """The files about a customer on which something may still be owed."""
    return [str(pk) for pk in customer.files.filter(status="open").order_by("pk").values_list("pk", flat=True)]


def on_customer_and_files(customer: Customer, **_rest: Any) -> Concerning:
    """A command about a customer that is told on the open files too: their chains are locked besides."""
    files = [Subject("file", ref) for ref in _open_files(customer)]
    return Concerning(customer.branch, [Subject("customer", str(customer.pk)), *files])


def _event(name: str, customer: Customer, **data: Any) -> NewEvent:
    parties = {"customer.collector": [str(customer.collector_id)]} if customer.collector_id else {}
    return NewEvent(
        name, Subject("customer", str(customer.pk)), about={"customer": str(customer.pk)}, data=data, parties=parties
    )


@command("customer.open", on_branch)
def open_customer(
    ctx: Ctx, *, branch: Branch, kind: str, name: str, phone: str = "", identity: str = "", group: str = "",
    standing: str = "",
) -> Done:  # fmt: skip
    """Make a customer known, before any file; the actor is the one who collected the data.

    ``group`` and ``standing`` are the packs' own words.  Raises ``KnownAlready`` and ``Invalid`` by field.
    """
    name = name.strip()
    if kind not in ("person", "organization") or not name:
        raise Invalid({"name": _("Say the name, and whether it is a person or an organization.")})
    group, standing = group.strip()[:60], standing.strip()[:60]
    asked = Customer(branch=branch, kind=kind, opened_on=ctx.today, group=group, standing=standing, collector=ctx.actor)
    ctx.gate(things={"customer": asked})
    known = alike(branch, name=name, phone=phone.strip(), identity=identity.strip()).first()
    if known is not None:
        raise KnownAlready(known)
    customer = make_customer(
        branch=branch, kind=kind, name=name[:100], phone=phone.strip()[:40], identity=identity.strip()[:40],
        on=ctx.today,
    )  # fmt: skip
    customer.group, customer.standing, customer.collector = group, standing, ctx.actor
    customer.save(update_fields=["group", "standing", "collector"])
    return Done(customer, [_event("customer.opened", customer, kind=group or kind)])


@command("customer.verify", on_customer)
def verify_customer(ctx: Ctx, *, customer: Customer, how: str) -> Done:
    """Say that the customer's data were checked, and how."""
    if len(how.strip()) < 2:
        raise Invalid({"how": _("Say how it was checked.")})
    ctx.gate(things={"customer": customer})
    customer.verified_on, customer.verified_by = ctx.today, ctx.actor
    customer.save(update_fields=["verified_on", "verified_by"])
    return Done(customer, [_event("customer.verified", customer, how=how.strip()[:200])])


@command("customer.consent", on_customer)
def record_consent(
    ctx: Ctx, *, customer: Customer, scope: str, purpose: str, notice: str, version: str, how: str
) -> Done:  # fmt: skip
    """Record what a customer agreed to, after which notice in which version (PIPL 13 to 17, 28 to 31).

    A new agreement ends an objection.  Raises ``Invalid`` by field.
    """
    given = {"purpose": purpose.strip()[:200], "notice": notice.strip()[:100], "version": version.strip()[:40]}
    wrong = {key: _("Nothing is saved without this.") for key, value in given.items() if not value}
    if scope not in dict(SCOPES):
        wrong["scope"] = _("Choose an answer.")
    if how not in dict(HOW_GIVEN):
        wrong["how"] = _("Choose an answer.")
    if wrong:
        raise Invalid(wrong)
    ctx.gate(things={"customer": customer}, facts={"customer.noticed": "yes"})
    row = Agreement.objects.create(
        customer=customer, scope=scope, how=how, given_on=ctx.today, taken_by=ctx.actor, **given
    )
    customer.objected_on = None
    customer.save(update_fields=["objected_on"])
    return Done(row, [_event("customer.consented", customer, agreement=str(row.pk), scope=scope, how=how, **given)])


@command("customer.object", on_customer_and_files)
def record_objection(ctx: Ctx, *, customer: Customer, agreement: Agreement | None = None) -> Done:
    """Withdraw one agreement, or object altogether, which withdraws them all: no reason is asked for (PIPL 15).

    Who objects altogether does so on every open file, where duties may fall away after it.
    """
    ctx.gate(things={"customer": customer})
    rows = customer.agreements.filter(withdrawn_on=None)
    if agreement is not None:
        rows = rows.filter(pk=agreement.pk)
        if not rows.exists():
            raise Invalid({"agreement": _("This agreement has been withdrawn already.")})
    ended = [str(one) for one in rows.values_list("pk", flat=True)]
    rows.update(withdrawn_on=ctx.today)
    if agreement is None:
        customer.objected_on = ctx.today
        customer.save(update_fields=["objected_on"])
    told = _event("customer.objected", customer, agreements=ended, altogether=agreement is None)
    return Done(customer, [told, *(_on_file(told, ref) for ref in ([] if agreement else _open_files(customer)))])


def _on_file(told: NewEvent, ref: str) -> NewEvent:
    return replace(told, subject=Subject("file", ref), about={**told.about, "file": ref}, data={"altogether": True})
