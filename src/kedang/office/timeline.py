"""The course of a request from who asked to whoever is still to answer, top to bottom (UI.md 22)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.adoptions.queries import book_for
from kedang.approvals.models import Approval, Reply, Step
from kedang.approvals.queries import CUSTOMERS
from kedang.journal.queries import events_of
from kedang.rulebook.naming import Namer
from kedang.staff.models import Person


def namer_of(row: Approval) -> Namer | None:
    """What the policy of a request's clause calls acts and posts; nothing where that policy binds no more."""
    try:
        pack = book_for(row.branch, row.asked_on).pack(row.clause.partition(":")[0])
    except KeyError:
        return None
    return Namer(pack, get_language() or "zh")


def what(row: Approval) -> str:
    """The act that consent is asked for, in words."""
    namer = namer_of(row)
    return namer.act(row.act).strip("“”") if namer else row.act


def timeline(row: Approval) -> list[dict[str, Any]]:
    """The entries for ``components/timeline.html``: the request, each reply, each open step, the taking back."""
    steps = list(row.steps.all())
    names, namer = _names(steps), namer_of(row)
    found: list[dict[str, Any]] = [
        {"icon": "send", "title": _("Asked"), "who": row.asker, "when": row.asked_on.isoformat(), "body": row.purpose}
    ]
    for step in steps:
        replies = list(step.replies.all())
        found += [_reply(one) for one in replies]
        left = _left(step, replies)
        if left and row.status == "waiting":
            tag = _("all of them") if step.all_of else _("one of them suffices") if len(left) > 1 else ""
            found.append(
                {
                    "icon": "clock",
                    "title": _("Still to answer"),
                    "when": tag,
                    "who": "、".join(_who(left, step, names, namer)),
                }
            )
    if row.status == "revoked":
        last = events_of("approval", row.pk)[-1]
        found.append(
            {"icon": "arrow-back-up", "state": "bad", "title": _("Taken back"), "when": last.happened_on.isoformat(),
             "who": Person.objects.filter(pk=last.actor or 0).first(), "body": last.data.get("why", "")}
        )  # fmt: skip
    return found


def _left(step: Step, replies: list[Reply]) -> list[str]:
    said = {one.selector for one in replies}
    if step.all_of:
        return [one for one in step.who if one not in said]
    return [] if said else list(step.who)


def _names(steps: list[Step]) -> dict[str, str]:
    ids = {ref for step in steps for people in step.people.values() for ref in people}
    return {str(one.pk): str(one) for one in Person.objects.filter(pk__in=ids)} if ids else {}


def _who(selectors: list[str], step: Step, names: dict[str, str], namer: Namer | None) -> list[str]:
    """Each addressee by name where the role has one, else by the post that the clause names."""
    said = []
    for selector in selectors:
        people = [names[one] for one in step.people.get(selector, []) if one in names]
        customer = _("the customer, recorded by:") + " " if selector in CUSTOMERS else ""
        said.append(customer + ("、".join(people) or (namer.selector(selector) if namer else selector)))
    return said


def _reply(one: Reply) -> dict[str, Any]:
    title = _("Granted") if one.yes else _("Denied")
    if one.selector in CUSTOMERS:
        title = _("The customer agrees") if one.yes else _("The customer does not agree")
    body = " · ".join(part for part in (one.reason, one.proof) if part)
    if one.noted_by_id:
        hour = timezone.localtime(one.said_at).strftime("%Y-%m-%d %H:%M") if one.said_at else ""
        state = _("confirmed on %(day)s") if one.confirmed_on else _("to be confirmed by %(day)s")
        day = (one.confirmed_on or one.confirm_by or one.replied_on).isoformat()
        title = f"{title} · {_('by word of mouth')} {hour}"
        body = " · ".join(part for part in (body, state % {"day": day}) if part)
    return {
        "icon": "check" if one.yes else "x", "state": "good" if one.yes else "bad", "title": title, "who": one.by,
        "when": one.replied_on.isoformat(), "body": body,
    }  # fmt: skip
