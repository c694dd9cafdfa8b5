"""The commands of the second person: confirm a post that somebody gave, or not."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.office import resetting
from kedang.office.appointing import answer, event, events_of, hold, on_appointment, reaches
from kedang.office.models import HeldReset
from kedang.office.posts import ask_combined
from kedang.staff.models import Appointment, Branch, PostHolding

ANSWER = ["status", "answered_by", "answered_on", "reason", "holding"]


def on_person(branch: Branch, appointment: Appointment, **_rest: Any) -> Concerning:
    """An answer locks the chain of whoever got the post; ``branch`` is where the one who answers works."""
    return Concerning(branch, [Subject("person", str(appointment.person_id))])


def _open(ctx: Ctx, branch: Branch, appointment: Appointment, *states: str) -> Appointment:
    """The appointment as it is now; asks the rules.  Raises ``Refused``, and ``Invalid`` when it is answered."""
    row = Appointment.objects.select_related("person", "branch__parent", "given_by").get(pk=appointment.pk)
    if not reaches(branch, row):
        raise Invalid({"appointment": _("This post belongs to another branch.")})
    ctx.gate(**on_appointment(row))
    if row.status not in states:
        raise Invalid(
            {"appointment": _("This has been answered already: %(state)s.") % {"state": row.get_status_display()}}
        )
    return row


@command("person.confirm", on_person)
def confirm_post(ctx: Ctx, *, branch: Branch, appointment: Appointment) -> Done:
    """Say that this person holds this post in truth: it takes effect today, or on its own later day.

    A post that had taken effect because nobody could confirm it is confirmed in the same way.
    """
    row = _open(ctx, branch, appointment, "waiting", "at_once")
    waited = row.status == "waiting"
    if waited:
        _still_due(ctx, row)
    answer(row, "confirmed", ctx.actor, ctx.today)
    if row.holding is None:
        hold(row, max(row.since, ctx.today))
    else:
        row.holding.confirmed_by = ctx.actor
        row.holding.save(update_fields=["confirmed_by"])
    row.save(update_fields=ANSWER)
    told = [event("person.confirmed", row, by=str(ctx.actor.pk))]
    return Done(row, events_of(row) if waited and not row.stands_in_for_id else told)


def _still_due(ctx: Ctx, row: Appointment) -> None:
    """What was asked when the post was given is asked once more.  Raises ``Invalid`` or ``Refused``."""
    person = row.person
    if not person.is_active or person.left_on:
        raise Invalid({"appointment": _("%(name)s does not work here any more.") % {"name": person}})
    if row.until is not None and row.until < ctx.today:
        raise Invalid({"appointment": _("The days for which this post was given are over.")})
    here = PostHolding.objects.filter(Q(until=None) | Q(until__gte=ctx.today), branch=row.branch, post=row.post)
    if row.stands_in_for_id and not here.filter(person=row.stands_in_for_id, deputy=False).exists():
        raise Invalid({"appointment": _("Whoever entrusted this post does not hold it any more.")})
    if here.filter(person=person, until=None).exists() or (row.until is None and here.filter(person=person).exists()):
        raise Invalid({"appointment": _("%(name)s holds this post already.") % {"name": person}})
    ask_combined(ctx, person, row.post, ctx.today, book=book_for(row.branch, ctx.today))


@command("person.decline", on_person)
def decline_post(ctx: Ctx, *, branch: Branch, appointment: Appointment, reason: str) -> Done:
    """Do not confirm a post, with the reason; nobody ever held it."""
    if not reason.strip():
        raise Invalid({"reason": _("A no needs its reason.")})
    row = _open(ctx, branch, appointment, "waiting")
    answer(row, "declined", ctx.actor, ctx.today, reason.strip()[:300])
    row.save(update_fields=ANSWER)
    return Done(row, [event("person.declined", row, declined_post=row.post, why=row.reason)])


def on_holder(branch: Branch, reset: HeldReset, **_rest: Any) -> Concerning:
    """An answer to a new password locks the chain of its person."""
    return Concerning(branch, [Subject("person", str(reset.person_id))])


def _open_reset(ctx: Ctx, branch: Branch, reset: HeldReset) -> HeldReset:
    row = HeldReset.objects.select_related("person", "branch__parent", "given_by").get(pk=reset.pk)
    asked = resetting.question(row)
    if not reaches(branch, asked):
        raise Invalid({"appointment": _("This post belongs to another branch.")})
    more = resetting.waited(row, ctx.today) if ctx.act == "login.confirm" else {}
    ctx.gate(**on_appointment(asked, **more))
    if row.status != "waiting":
        raise Invalid(
            {"appointment": _("This has been answered already: %(state)s.") % {"state": row.get_status_display()}}
        )
    return row


@command("login.confirm", on_holder)
def confirm_reset(ctx: Ctx, *, branch: Branch, reset: HeldReset) -> Done:
    """Say that the holder asked for this new password: it serves from now on, and every session of theirs ends."""
    row = _open_reset(ctx, branch, reset)
    person = row.person
    if not person.is_active:
        raise Invalid({"appointment": _("%(name)s does not work here any more.") % {"name": person}})
    person.password, person.must_change_password = row.password, True
    person.save(update_fields=["password", "must_change_password"])
    resetting.close(row, "confirmed", ctx.actor, ctx.today)
    ref = str(person.pk)
    told = [
        NewEvent(name, Subject("person", ref), about={"person": ref}, data={"given_by": str(row.given_by_id)})
        for name in ("login.confirmed", "login.reset")
    ]
    return Done(row, told)


@command("person.decline", on_holder)
def decline_reset(ctx: Ctx, *, branch: Branch, reset: HeldReset) -> Done:
    """Do not let a new password serve; the old one goes on."""
    row = _open_reset(ctx, branch, reset)
    resetting.close(row, "declined", ctx.actor, ctx.today)
    ref = str(row.person_id)
    return Done(
        row, [NewEvent("person.declined", Subject("person", ref), about={"person": ref}, data={"password": "yes"})]
    )
