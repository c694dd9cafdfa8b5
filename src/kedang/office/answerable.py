"""Who answers for a missed duty of a post that several hold: somebody has to name one of them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.gate import advise
from kedang.duties.models import Duty
from kedang.office.duty_rules import on_duty_now, seen_by
from kedang.office.duty_services import on_duty
from kedang.rulebook import Answer
from kedang.sanctions import parts
from kedang.sanctions.models import Breach
from kedang.staff.models import Branch, Person

ACT = "breach.raise"


def answerable(duty: Duty) -> list[Person]:
    """The people of whom one may be named: they held the post on the day, and a clause has a price for it.

    Empty while the duty is not late, when it binds people by name, and when somebody was named already.
    """
    if duty.status not in ("late", "kept_late") or not duty.pool or duty.bound.exists():
        return []
    if Breach.objects.filter(duty=duty).exists():
        return []
    day = _day(duty)
    people = parts.holders(duty.branch, duty.pool, day)
    return [one for one in people if parts.is_sanctioned(duty.branch, "late", duty.clause, day, one.pk)]


def nobody_named(viewer: Person, branch: Branch, today: date, most: int) -> list[Duty]:
    """Missed duties of a post that several hold, with a price and without a name; latest first."""
    rows = seen_by(viewer, branch, today).filter(
        status__in=("late", "kept_late"), bound=None, breaches=None,
        clause__in=sorted(parts.priced_clauses(branch, today)),
    )  # fmt: skip
    rows = rows.exclude(pool="").select_related("branch").prefetch_related("bound__person")
    return list(rows.order_by("-due_on", "-pk")[:most])


def _day(duty: Duty) -> date:
    return duty.late_on


def advice(duty: Duty, *, viewer: Person, today: date) -> Answer:
    """What the rules say to naming somebody, before the click."""
    return advise(ACT, actor=viewer, branch=duty.branch, today=today, **on_duty_now(duty, today, ""))


@command(ACT, on_duty)
def name_answerable(ctx: Ctx, *, duty: Duty, person: Person) -> Done:
    """Raise the breach of a missed duty of a post for the one of its holders who answers for it.

    Raises ``Invalid`` when the duty is not late, somebody was named already, or the person did not hold the post.
    """
    row = Duty.objects.select_related("branch").prefetch_related("bound").get(pk=duty.pk)
    ctx.gate(**on_duty_now(row, ctx.today, ""))
    people = answerable(row)
    if not people:
        raise Invalid({"person": _("Nobody has to be named for this duty any more; read the page again.")})
    if person not in people:
        raise Invalid({"person": _("This person did not hold the post on the day.")})
    found = parts.late_of(row, person.pk, _day(row))
    breach = parts.keep_breach(row.branch, found)
    told = parts.told_of(found, breach)
    event = NewEvent(
        told.name, Subject(*told.subject), about=told.about, data={**told.data, "owed": row.pk}, happened_on=_day(row)
    )
    return Done(breach, [event])
