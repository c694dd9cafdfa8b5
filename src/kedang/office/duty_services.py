"""The commands on duties: give more time, give it to somebody else, let it go.  Each with its reason, none unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.gate import advise
from kedang.duties.models import Duty
from kedang.office.duty_rules import on_duty_now
from kedang.staff.models import Person
from kedang.staff.queries import held_on


def subject_of(duty: Duty) -> Subject:
    """The chain in which a duty's changes stand: its file's, so that the file's page tells them; else its own."""
    return Subject("file", duty.file) if duty.file else Subject("duty", str(duty.pk))


def on_duty(duty: Duty, **_rest: Any) -> Concerning:
    """A command about a duty locks the chain in which its changes stand."""
    return Concerning(duty.branch, [subject_of(duty)])


def _current(ctx: Ctx, duty: Duty, reason: str) -> tuple[Duty, list[str]]:
    """The duty as it is now, and the clauses that let it be changed.  Raises ``Invalid`` and ``Refused``."""
    row = Duty.objects.select_related("branch").prefetch_related("bound").get(pk=duty.pk)
    if not row.owed:
        raise Invalid({"duty": _("This is not owed any more: %(state)s.") % {"state": row.get_status_display()}})
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    asked = on_duty_now(row, ctx.today, reason)
    answer = advise(ctx.act, actor=ctx.actor, branch=row.branch, today=ctx.today, **asked)
    ctx.gate(**asked)
    return row, sorted(answer.clauses)


def _event(
    name: str, row: Duty, clauses: Sequence[str], reason: str, people: Sequence[str] = (), /, **data: Any
) -> NewEvent:  # fmt: skip
    about = {"duty": row.key, row.about_kind: row.about_id} | ({"file": row.file} if row.file else {})
    return NewEvent(
        name, subject_of(row), about=about, parties={"duty.person": list(people)} if people else {},
        data={"owed": row.pk, "clause": row.clause, "clauses": list(clauses), "why": reason.strip()[:300], **data},
    )  # fmt: skip


@command("duty.extend", on_duty)
def extend_duty(ctx: Ctx, *, duty: Duty, until: date, reason: str) -> Done:
    """Give more time, until a later day; the day that it replaces stays visible."""
    if until <= max(duty.due_on, ctx.today):
        raise Invalid({"until": _("Choose a day after %(day)s.") % {"day": max(duty.due_on, ctx.today).isoformat()}})
    row, clauses = _current(ctx, duty, reason)
    days: dict[str, Any] = {"duty.due_on": until, "was": row.due_on}
    return Done(row, [_event("duty.extended", row, clauses, reason, **days)])


@command("duty.move", on_duty)
def move_duty(ctx: Ctx, *, duty: Duty, to: Person, reason: str) -> Done:
    """Give the duty to somebody else of the branch; its day stays."""
    if all(one.person_id != to.pk for one in held_on(duty.branch, ctx.today)):
        raise Invalid({"to": _("This person holds no post here.")})
    row, clauses = _current(ctx, duty, reason)
    was = sorted(str(one.person_id) for one in row.bound.all())
    if was == [str(to.pk)]:
        raise Invalid({"to": _("The duty is theirs already.")})
    return Done(row, [_event("duty.moved", row, clauses, reason, [str(to.pk)], was=was)])


@command("duty.drop", on_duty)
def drop_duty(ctx: Ctx, *, duty: Duty, reason: str) -> Done:
    """Let the duty go without praise or blame; what was late by then stays late."""
    row, clauses = _current(ctx, duty, reason)
    return Done(row, [_event("duty.dropped", row, clauses, reason)])
