"""The commands on requests for consent: ask, grant, deny, revoke.  Granting triggers nothing: it is a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for, calendar
from kedang.approvals.models import Approval, Reply, Step
from kedang.approvals.queries import CUSTOMERS, addressed, approvals, selector_for, still_counts
from kedang.office.addressees import reached, steps_of
from kedang.rulebook.pack import Consent
from kedang.staff.models import Branch, Person


@dataclass(frozen=True)
class Oral:
    """A yes by word of mouth: who said it, and when."""

    by: Person
    said_at: datetime


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


def _gate(ctx: Ctx, row: Approval, comment: str = "", *, oral: bool = False) -> None:
    ctx.gate(
        things={"approval": row},
        facts={
            "approval.kind": row.act, "approval.clause": row.clause.partition(":")[2],
            "approval.asker": str(row.asker_id), "approval.oral": "yes" if oral else "no",
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
    steps = [
        Step(number=number, who=list(step.who), all_of=step.all_of, people=reached(ctx, step, row))
        for number, step in enumerate(steps_of(ctx, rule, row))
    ]
    row.save()
    for one in steps:
        one.approval = row
    Step.objects.bulk_create(steps)
    return Done(row, [_event("approval.requested", row)])


def _mine(ctx: Ctx, approval: Approval, oral: Oral | None = None) -> tuple[Approval, Step, str]:
    """The request as it is now and the step that the actor (or who said it) may answer.  ``Refused``, ``Invalid``."""
    row = approvals(approval.branch).get(pk=approval.pk)
    _gate(ctx, row, oral=oral is not None)
    actor, posts = addressed(oral.by if oral else ctx.actor, row.branch, ctx.today)
    found = selector_for(row, actor, posts)
    if found is None:
        said = _("This request does not wait for this person.") if oral else ""
        raise Invalid({"approval": said or _("This request does not wait for you (any more).")})
    return row, *found


def _unconfirmed(row: Approval, actor: Person) -> Reply | None:
    """The yes that this person only said, and that waits for the confirmation."""
    replies = (one for step in row.steps.all() for one in step.replies.all())
    return next((one for one in replies if one.unconfirmed and one.yes and one.by_id == actor.pk), None)


def _check_oral(ctx: Ctx, selector: str, oral: Oral) -> None:
    if selector in CUSTOMERS:
        raise Invalid({"oral": _("A customer's consent needs its proof; a word is none.")})
    if oral.said_at > ctx.now:
        raise Invalid({"said_at": _("This hour is still to come.")})
    if oral.by.pk == ctx.actor.pk:
        raise Invalid({"by": _("Who is here answers with a click.")})


def _expiry(rule: Consent | None, on: date) -> date | None:
    if rule is None or (rule.lasts_days is None and rule.until != "end-of-day"):
        return None
    return on + timedelta(days=rule.lasts_days or 0)


@command("approval.grant", on_approval)
def grant_approval(
    ctx: Ctx, *, approval: Approval, reason: str = "", proof: str = "", oral: Oral | None = None
) -> Done:  # fmt: skip
    """Say yes to one step; after the last the request is granted, and ends as its clause says.

    A customer's own yes is recorded with its ``proof``.  An ``oral`` yes is noted with who said it and when; it counts
    until the end of the next working day, by when whoever said it confirms it in the same way as any yes.
    """
    said = _unconfirmed(approvals(approval.branch).get(pk=approval.pk), ctx.actor) if oral is None else None
    if said is not None:
        return _confirm(ctx, approval, said)
    row, step, selector = _mine(ctx, approval, oral)
    reply = Reply(
        step=step, by=oral.by if oral else ctx.actor, selector=selector, yes=True, reason=reason, proof=proof.strip(),
        replied_on=ctx.today,
    )  # fmt: skip
    if oral is not None:
        _check_oral(ctx, selector, oral)
        reply.noted_by, reply.said_at = ctx.actor, oral.said_at
        reply.confirm_by = calendar().add_working_days(ctx.today, 1).day
    elif selector in CUSTOMERS and not reply.proof:
        raise Invalid(
            {"proof": _("Say by what the customer's consent is proved: the letter, the form and its number.")}
        )
    reply.save()
    row = approvals(row.branch).get(pk=row.pk)
    if all(_complete(one) for one in row.steps.all()):
        row.status = "granted"
        row.expires_on = _expiry(consent_rule(row.branch, row.clause, row.act, ctx.today), ctx.today)
        row.save(update_fields=["status", "expires_on"])
    told = {"oral": oral is not None, "by": str(reply.by_id), "proof": reply.proof}
    return Done(row, [_event("approval.granted", row, step=step.number, selector=selector, state=row.status, **told)])


def _confirm(ctx: Ctx, approval: Approval, said: Reply) -> Done:
    """Whoever said yes stands by it."""
    _gate(ctx, approval)
    said.confirmed_on = ctx.today
    said.save(update_fields=["confirmed_on"])
    return Done(approval, [_event("approval.granted", approval, selector=said.selector, confirmed=True)])


def _complete(step: Step) -> bool:
    said = {one.selector for one in step.replies.all() if one.yes}
    return set(step.who) <= said if step.all_of else bool(said)


@command("approval.deny", on_approval)
def deny_approval(ctx: Ctx, *, approval: Approval, reason: str) -> Done:
    """Say no, with the reason; that ends the request."""
    if not reason.strip():
        raise Invalid({"reason": _("A no needs its reason.")})
    row = approvals(approval.branch).get(pk=approval.pk)
    said = _unconfirmed(row, ctx.actor)
    if said is not None and row.status in ("waiting", "granted"):
        _gate(ctx, row)
        step, selector = said.step, said.selector
        said.yes, said.reason, said.confirmed_on = False, reason.strip(), ctx.today
        said.save(update_fields=["yes", "reason", "confirmed_on"])
    else:
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
    if not still_counts(row, ctx.today) or ctx.actor.pk not in {row.asker_id, *answered}:
        raise Invalid({"approval": _("Only who asked or who said yes takes it back, and only while it counts.")})
    row.status = "revoked"
    row.save(update_fields=["status"])
    return Done(row, [_event("approval.revoked", row, why=reason.strip())])
