"""The commands on requests for consent: ask, grant, deny, revoke.  Granting triggers nothing: it is a fact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.approvals.models import Approval, Reply, Step
from kedang.approvals.queries import addressed, approvals, selector_for
from kedang.rulebook.pack import Consent
from kedang.staff.models import Branch


def on_request(branch: Branch, **_rest: Any) -> Concerning:
    """A request is born; nothing is locked but its own uniqueness."""
    return Concerning(branch, [])


def on_approval(approval: Approval, **_rest: Any) -> Concerning:
    """A command about a request locks its chain."""
    return Concerning(approval.branch, [Subject("approval", str(approval.pk))])


def consent_rule(branch: Branch, clause: str, act: str, on: date) -> Consent | None:
    """The rule under which consent is asked; None if no such rule is in force."""
    rules = book_for(branch, on).rules_of(Consent)
    return next((rule for rule in rules if rule.ref == clause and rule.act == act), None)


def _event(name: str, row: Approval, **data: Any) -> NewEvent:
    about = {"approval": str(row.pk)}
    if row.about_id:
        about[row.about_kind] = row.about_id
    told = {"kind": row.act, "asker": str(row.asker_id), "clause": row.clause}
    return NewEvent(name, Subject("approval", str(row.pk)), about=about, data={**told, **data})


def _gate(ctx: Ctx, row: Approval, comment: str = "") -> None:
    ctx.gate(
        things={"approval": row},
        facts={
            "approval.kind": row.act, "approval.asker": str(row.asker_id), "approval.oral": "no",
            "approval.comment": "yes" if comment else "no",
        },
        parties={"approval.asker": {str(row.asker_id)}},
    )  # fmt: skip


@command("approval.request", on_request)
def request_approval(
    ctx: Ctx, *, branch: Branch, clause: str, act: str, about: tuple[str, str] = ("", ""), purpose: str = ""
) -> Done:
    """Ask those whom the clause names for their consent to one act on one subject."""
    rule = consent_rule(branch, clause, act, ctx.today)
    if rule is None:
        raise Invalid({"clause": _("No clause in force asks for this consent.")})
    same = Approval.objects.filter(
        clause=clause, act=act, asker=ctx.actor, about_kind=about[0], about_id=about[1], status="waiting"
    )
    if same.exists():
        raise Invalid({"clause": _("You have asked for this already; the answer is still to come.")})
    row = Approval(
        branch=branch, clause=clause, act=act, asker=ctx.actor, about_kind=about[0], about_id=about[1],
        purpose=purpose.strip(), asked_on=ctx.today, uses_left=rule.uses,
    )  # fmt: skip
    _gate(ctx, row)
    row.save()
    Step.objects.bulk_create(
        Step(approval=row, number=number, who=list(step.who), all_of=step.all_of)
        for number, step in enumerate(rule.steps)
    )
    return Done(row, [_event("approval.requested", row)])


def _mine(ctx: Ctx, approval: Approval) -> tuple[Approval, Step, str]:
    """The request as it is now and the step that the actor may answer.  Raises ``Refused`` or ``Invalid``."""
    row = approvals(approval.branch).get(pk=approval.pk)
    _gate(ctx, row)
    actor, posts = addressed(ctx.actor, row.branch, ctx.today)
    found = selector_for(row, actor, posts)
    if found is None:
        raise Invalid({"approval": _("This request does not wait for you (any more).")})
    return row, *found


def _expiry(rule: Consent | None, on: date) -> date | None:
    if rule is None or (rule.lasts_days is None and rule.until != "end-of-day"):
        return None
    return on + timedelta(days=rule.lasts_days or 0)


@command("approval.grant", on_approval)
def grant_approval(ctx: Ctx, *, approval: Approval, reason: str = "") -> Done:
    """Say yes to one step; after the last the request is granted, and ends as its clause says."""
    row, step, selector = _mine(ctx, approval)
    Reply.objects.create(step=step, by=ctx.actor, selector=selector, yes=True, reason=reason, replied_on=ctx.today)
    row = approvals(row.branch).get(pk=row.pk)
    if all(_complete(one) for one in row.steps.all()):
        row.status = "granted"
        row.expires_on = _expiry(consent_rule(row.branch, row.clause, row.act, ctx.today), ctx.today)
        row.save(update_fields=["status", "expires_on"])
    return Done(row, [_event("approval.granted", row, step=step.number, selector=selector, state=row.status)])


def _complete(step: Step) -> bool:
    said = {one.selector for one in step.replies.all() if one.yes}
    return set(step.who) <= said if step.all_of else bool(said)


@command("approval.deny", on_approval)
def deny_approval(ctx: Ctx, *, approval: Approval, reason: str) -> Done:
    """Say no, with the reason; that ends the request."""
    if not reason.strip():
        raise Invalid({"reason": _("A no needs its reason.")})
    row, step, selector = _mine(ctx, approval)
    Reply.objects.create(
        step=step, by=ctx.actor, selector=selector, yes=False, reason=reason.strip(), replied_on=ctx.today
    )
    row.status = "denied"
    row.save(update_fields=["status"])
    return Done(row, [_event("approval.denied", row, step=step.number, selector=selector)])


@command("approval.revoke", on_approval)
def revoke_approval(ctx: Ctx, *, approval: Approval, reason: str) -> Done:
    """Take a consent back; the asker may withdraw the request, whoever said yes may take that back."""
    row = approvals(approval.branch).get(pk=approval.pk)
    _gate(ctx, row, reason)
    answered = {one.by_id for step in row.steps.all() for one in step.replies.all()}
    if row.status not in ("waiting", "granted") or ctx.actor.pk not in {row.asker_id, *answered}:
        raise Invalid({"approval": _("Only who asked or who said yes takes it back, and only while it counts.")})
    row.status = "revoked"
    row.save(update_fields=["status"])
    return Done(row, [_event("approval.revoked", row, why=reason.strip())])
