"""What the rules may ask about a breach, and who may decide on it: used before the act and in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from kedang.acts import facts
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.rulebook import Answer
from kedang.sanctions.queries import Weighed, not_told
from kedang.staff.models import Branch, Person
from kedang.staff.queries import posts_held

DECISIONS = ("sanction.impose", "sanction.waive", "sanction.quash")


def yes_no(value: object) -> str:
    """A truth as the rulebook writes it."""
    return "yes" if value else "no"


def on_breach(weighed: Weighed) -> dict[str, Any]:
    """Things, facts and parties of the question whether a breach may be decided on, for the gate."""
    row = weighed.breach
    return {
        "things": {"breach": row},
        "facts": {
            "sanction.heard": yes_no(row.heard_on),
            "sanction.staff_told": yes_no(not not_told(weighed)),
            "sanction.earlier_open": len(weighed.before),
            "sanction.person": str(row.person_id),
            "breach.kind": row.kind,
            "breach.person": str(row.person_id),
            "breach.corrected": yes_no(row.corrected_on),
        },
        "parties": {"breach.person": {str(row.person_id)}},
    }


def register() -> None:
    """Say which facts the commands of the office bring; called once when the app is ready."""
    about = ("sanction.heard", "sanction.staff_told", "sanction.earlier_open", "sanction.person")
    breach = ("breach.kind", "breach.person", "breach.corrected")
    for act in (*DECISIONS, "sanction.hear", "breach.correct", "correction.order"):
        facts.bring(act, *about, *breach)
    for act in ("duty.extend", "duty.move", "duty.drop", "breach.raise"):
        facts.bring(act, "duty.status", "duty.reason", "duty.days_late", "duty.clause")
    facts.bring("person.combine", "person.posts")
    for act in ("person.hold_back", "login.hold_back", "person.confirm", "login.confirm", "person.decline"):
        facts.bring(act, "person.post", "person.given_posts", "person.decides")
    facts.bring("person.hold_back", "person.confirmers", "person.days_alone")
    facts.bring("login.hold_back", "person.confirmers", "person.of_giver")
    facts.bring("login.confirm", "person.confirmers", "person.waited_days")
    facts.bring("person.assign", "person.post", "person.posts", "person.other_posts")
    facts.bring("setting.change", "setting.key", "setting.owner_unit", "act.confirmed")
    facts.bring("policy.propose", "policy.heard")
    facts.bring("policy.sign", "policy.names_me")
    settled = ("approved", "heard", "sign_offs", "approver", "in_force_on", "backdated", "replaces")
    facts.bring("policy.adopt", *(f"policy.{one}" for one in settled))
    for act in ("approval.request", "approval.grant", "approval.deny", "approval.revoke"):
        facts.bring(act, "approval.kind", "approval.clause", "approval.asker", "approval.oral", "approval.comment")


def not_decider(weighed: Weighed, person: Person, today: date) -> Answer | None:
    """The refusal of somebody whom the clause does not name; None if it names them or nobody."""
    proposal, branch = weighed.proposal, weighed.breach.branch
    if proposal is None or not proposal.decided_by or "anyone" in proposal.decided_by:
        return None
    held = book_for(branch, today).posts_with(posts_held(person, branch, today))
    return None if held.intersection(proposal.decided_by) else Answer("no", proposal.clauses)


def advice(act: str, weighed: Weighed, *, viewer: Person, branch: Branch, today: date) -> Answer:
    """What the rules say to a decision on a breach, before the click."""
    asked = advise(act, actor=viewer, branch=branch, today=today, **on_breach(weighed))
    if not asked.allowed or act not in DECISIONS:
        return asked
    return not_decider(weighed, viewer, today) or asked
