"""Whom a step of consent reaches when it names a role on the subject: the consultant, the holder, the customer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.acts.command import Ctx
from kedang.acts.facts import roles_on
from kedang.adoptions.queries import book_for, reports_to
from kedang.approvals.models import Approval
from kedang.approvals.queries import CUSTOMERS, addressed
from kedang.rulebook.deciding import SUPERIOR, steps_for
from kedang.rulebook.pack import Consent, Step
from kedang.rulebook.selecting import party_of
from kedang.staff.models import Branch
from kedang.staff.queries import actor_of, held_on

ASKER = "approval.asker"


def reached(ctx: Ctx, step: Step, row: Approval) -> dict[str, list[str]]:
    """The people of the roles that a step names, by role.  Raises ``Invalid`` when it would wait for nobody.

    A customer has no log-in: whoever looks after the subject, or keeps the archive, records the answer with its proof,
    and never the asker.
    """
    roles = {role for selector in step.who if (role := party_of(selector)) and role != ASKER}
    if not roles:
        return {}
    held = roles_on(row.about_kind, row.about_id)
    found: dict[str, list[str]] = {}
    for role in roles:
        ids = set(held.get(role, ()))
        if role in CUSTOMERS:
            ids = {one for people in held.values() for one in people} | _archivists(row.branch, ctx)
            ids.discard(str(ctx.actor.pk))
        if ids:
            found[role] = sorted(ids, key=int)
    if not found and all(party_of(selector) not in ("", ASKER) for selector in step.who):
        raise Invalid({"clause": _("Nobody has the role that this clause asks: %(roles)s.") % {"roles": _named(step)}})
    return found


def steps_of(ctx: Ctx, rule: Consent, row: Approval) -> tuple[Step, ...]:
    """The steps as they meet the asker: under ``self: superior`` his superior is asked where he would ask himself.

    Raises ``Invalid`` when nobody is above him.
    """
    if rule.self_ != "superior":
        return rule.steps
    asker, posts = addressed(ctx.actor, row.branch, ctx.today)
    named = {party_of(selector) for step in rule.steps for selector in step.who} - {""}
    held = roles_on(row.about_kind, row.about_id)
    steps = steps_for(rule, asker, posts, {role: held.get(role, frozenset()) for role in named})
    if any(SUPERIOR in step.who for step in steps) and not _superiors(ctx, row.branch):
        raise Invalid(
            {"clause": _("Where you would ask yourself the clause asks your superior, and nobody is above you.")}
        )
    return steps


def _superiors(ctx: Ctx, branch: Branch) -> bool:
    """Whether somebody at work in the branch is above the asker."""
    above = reports_to(book_for(branch, ctx.today))
    others = {row.person for row in held_on(branch, ctx.today)} - {ctx.actor}
    return any(str(ctx.actor.pk) in actor_of(one, branch, ctx.today, above).superior_of for one in others)


def _named(step: Step) -> str:
    return "、".join(step.who)


def _archivists(branch: Branch, ctx: Ctx) -> set[str]:
    book = book_for(branch, ctx.today)
    return {str(one.person_id) for one in held_on(branch, ctx.today) if "archivist" in book.posts_with([one.post])}
