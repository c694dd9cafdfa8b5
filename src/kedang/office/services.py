"""The commands on breaches: hear, impose, waive, quash, order a correction, report it done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Refused, Subject
from kedang.acts.command import Ctx, command
from kedang.office.rules import not_decider, on_breach
from kedang.rulebook import Proposal
from kedang.rulebook.sanctions import to_review
from kedang.sanctions.models import Breach, Sanction
from kedang.sanctions.queries import Weighed, decided_of, facts_of, posts_by_person, weigh


def on_one(breach: Breach, **_rest: Any) -> Concerning:
    """A command about a breach also locks its person: sums of one window are decided one after another."""
    subjects = [Subject("breach", str(breach.pk)), Subject("person", str(breach.person_id))]
    return Concerning(breach.branch, subjects)


def _event(name: str, row: Breach, **data: Any) -> NewEvent:
    about = {"breach": str(row.pk)} | ({"file": row.file} if row.file else {})
    if name.startswith("sanction."):
        about["sanction"] = str(row.pk)
    data = {"person": str(row.person_id), **data}
    return NewEvent(name, Subject("breach", str(row.pk)), about=about, data=data)


def _current(ctx: Ctx, breach: Breach, *, deciding: bool = True, anew: bool = False) -> Weighed:
    """The breach as it is now; asks the rules.  Raises ``Refused``, and ``Invalid`` when it has been decided.

    ``anew`` lets a decision through that is marked to be looked at again.
    """
    row = Breach.objects.select_related("branch", "person", "duty", "same_as__sanction", "same_as__duty").get(
        pk=breach.pk
    )
    weighed = weigh([row], ctx.today)[0]
    if deciding and not row.undecided and not (anew and row.decided_anew):
        raise Invalid({"breach": _("This has been decided already: %(state)s.") % {"state": row.get_status_display()}})
    ctx.gate(**on_breach(weighed))
    return weighed


def _named(ctx: Ctx, weighed: Weighed) -> None:
    refusal = not_decider(weighed, ctx.actor, ctx.today)
    if refusal is not None:
        raise Refused(refusal)


@command("sanction.hear", on_one)
def hear_breach(ctx: Ctx, *, breach: Breach, statement: str) -> Done:
    """Record what the person concerned said; a decision waits for it."""
    if not statement.strip():
        raise Invalid({"statement": _("Write down what was said, or that nothing was said.")})
    row = _current(ctx, breach).breach
    row.statement, row.heard_on, row.status = statement.strip(), ctx.today, "heard"
    row.save(update_fields=["statement", "heard_on", "status"])
    return Done(row, [_event("sanction.heard", row)])


@command("sanction.impose", on_one)
def impose_sanction(
    ctx: Ctx, *, breach: Breach, amount: Decimal | None = None, percent: Decimal | None = None, reason: str = ""
) -> Done:
    """Fix the proposed sum, or a smaller one with its reason; within the range where the clause gives one.

    Once more where an earlier one that it counted was quashed; the former sum stays in the journal.
    """
    weighed = _current(ctx, breach, anew=True)
    _named(ctx, weighed)
    row, proposal = weighed.breach, weighed.proposal
    if proposal is None:
        raise Invalid({"breach": _("No clause in force on that day proposes anything for this.")})
    amount, percent = _fixed(proposal, amount, percent, reason)
    fixed = {
        "amount_cny": amount, "percent": percent, "measure": proposal.measure, "multiplier": proposal.multiplier,
        "clauses": sorted(proposal.clauses), "adds_to_count": proposal.adds_to_count, "reason": reason.strip(),
        "decided_by": ctx.actor, "decided_on": ctx.today,
    }  # fmt: skip
    decided, _made = Sanction.objects.update_or_create(breach=row, defaults=fixed)
    row.status, row.review = "imposed", False
    row.save(update_fields=["status", "review"])
    return Done(row, [_event("sanction.imposed", row, **_said(decided))])


def _said(decided: Sanction) -> dict[str, Any]:
    """A decision as its event tells it; sums as text, so that no rounding changes them."""
    return {
        "amount_cny": "" if decided.amount_cny is None else f"{decided.amount_cny:.2f}",
        "percent": "" if decided.percent is None else f"{decided.percent:.2f}",
        "measure": decided.measure, "multiplier": decided.multiplier, "clauses": list(decided.clauses),
        "why": decided.reason, "decided_on": decided.decided_on.isoformat(),
    }  # fmt: skip


def _fixed(
    proposal: Proposal, amount: Decimal | None, percent: Decimal | None, reason: str
) -> tuple[Decimal | None, Decimal | None]:
    """The sum that a decision fixes.  Raises ``Invalid`` outside the range, or above the proposal."""
    if proposal.range is not None:
        share = proposal.unit == "percent"
        chosen, field = (percent, "percent") if share else (amount, "amount")
        low, high = proposal.range
        if chosen is None or not low <= chosen <= high:
            raise Invalid({field: _("Choose between %(low)s and %(high)s.") % {"low": low, "high": high}})
        return (None, chosen) if share else (chosen, None)
    wanted = proposal.amount
    if wanted is None or amount is None or amount == wanted:
        return wanted, None
    if amount < 0 or amount > wanted:
        raise Invalid({"amount": _("Not more than the clause says: %(sum)s.") % {"sum": wanted}})
    if not reason.strip():
        raise Invalid({"reason": _("A smaller sum needs its reason.")})
    return amount, None


@command("sanction.waive", on_one)
def waive_sanction(ctx: Ctx, *, breach: Breach, reason: str) -> Done:
    """Let it go, with the reason; it does not count for later ones."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    weighed = _current(ctx, breach)
    _named(ctx, weighed)
    row = weighed.breach
    clauses = sorted(weighed.proposal.clauses) if weighed.proposal else []
    decided = Sanction.objects.create(
        breach=row, clauses=clauses, reason=reason.strip(), decided_by=ctx.actor, decided_on=ctx.today
    )
    row.status = "waived"
    row.save(update_fields=["status"])
    return Done(row, [_event("sanction.waived", row, **_said(decided))])


@command("sanction.quash", on_one)
def quash_sanction(ctx: Ctx, *, breach: Breach, reason: str) -> Done:
    """Undo an imposed sanction; later ones that counted it are marked to be looked at again."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    weighed = _current(ctx, breach, deciding=False)
    _named(ctx, weighed)
    row = weighed.breach
    if row.status != "imposed":
        raise Invalid({"breach": _("Only an imposed sanction is quashed.")})
    row.status = "quashed"
    row.save(update_fields=["status"])
    facts = facts_of(row, weighed.book, posts_by_person(row.branch, [row.person_id]))
    around = Breach.objects.filter(branch=row.branch, person=row.person).select_related("sanction")
    later = to_review(weighed.book, facts, [decided_of(one) for one in around])
    Breach.objects.filter(pk__in=later).update(review=True)
    return Done(row, [_event("sanction.quashed", row, why=reason.strip(), review=list(later))])


@command("correction.order", on_one)
def order_correction(ctx: Ctx, *, breach: Breach) -> Done:
    """Order it to be mended; while it is not, the same breach repeats as the policy says."""
    row = _current(ctx, breach, deciding=False).breach
    if row.ordered_on is not None:
        raise Invalid({"breach": _("A correction has been ordered already.")})
    row.ordered_on = ctx.today
    row.save(update_fields=["ordered_on"])
    return Done(row, [_event("correction.ordered", row)])


@command("breach.correct", on_one)
def correct_breach(ctx: Ctx, *, breach: Breach) -> Done:
    """Report that it is mended; repeats end with this day."""
    row = _current(ctx, breach, deciding=False).breach
    if row.ordered_on is None or row.corrected_on is not None:
        raise Invalid({"breach": _("Nothing is left to be corrected here.")})
    row.corrected_on = ctx.today
    row.save(update_fields=["corrected_on"])
    return Done(row, [_event("breach.corrected", row)])
