"""Whom a step of consent reaches when it names a role on the subject: the consultant, the holder, the customer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.acts.command import Ctx
from kedang.acts.facts import roles_on
from kedang.adoptions.queries import book_for
from kedang.approvals.models import Approval
from kedang.approvals.queries import CUSTOMERS
from kedang.rulebook.pack import Step
from kedang.rulebook.selecting import party_of
from kedang.staff.models import Branch
from kedang.staff.queries import held_on

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


def _named(step: Step) -> str:
    return "、".join(step.who)


def _archivists(branch: Branch, ctx: Ctx) -> set[str]:
    book = book_for(branch, ctx.today)
    return {str(one.person_id) for one in held_on(branch, ctx.today) if "archivist" in book.posts_with([one.post])}
