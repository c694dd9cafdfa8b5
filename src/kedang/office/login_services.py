"""The commands on one's own log-in: change the password, set up and give up the second factor."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.journal.sealed import Secret
from kedang.office import totp
from kedang.office.models import SecondFactor, UsedCode
from kedang.office.resetting import drop as drop_reset
from kedang.staff.models import Branch, Person


def on_self(branch: Branch, person: Person, **_rest: Any) -> Concerning:
    """A command on one's own log-in locks one's own chain."""
    return Concerning(branch, [Subject("person", str(person.pk))])


def _own(ctx: Ctx, person: Person) -> Person:
    if person.pk != ctx.actor.pk:
        raise Invalid({"person": _("Everybody changes their own log-in only.")})
    ctx.gate()
    return Person.objects.get(pk=person.pk)


def _event(name: str, person: Person) -> NewEvent:
    ref = str(person.pk)
    return NewEvent(name, Subject("person", ref), about={"person": ref})


@command("login.change", on_self)
def change_password(ctx: Ctx, *, branch: Branch, person: Person, old: str, new: str) -> Done:
    """Change one's password; every other session ends.  Raises ``Invalid`` with every rule that the new one breaks."""
    row = _own(ctx, person)
    if not row.check_password(old):
        raise Invalid({"old": _("This is not your password.")})
    if old == new:
        raise Invalid({"new": _("The new password is the old one.")})
    try:
        validate_password(new, row)
    except ValidationError as wrong:
        raise Invalid({"new": " ".join(wrong.messages)}) from None
    row.set_password(new)
    row.must_change_password = False
    drop_reset(row, ctx.actor, ctx.today)  # whoever knows their own password needs none from somebody else
    row.save(update_fields=["password", "must_change_password"])
    return Done(row, [_event("login.changed", row)])


@command("login.enroll", on_self)
def enroll(ctx: Ctx, *, branch: Branch, person: Person, secret: str, code: str, recovery: list[str]) -> Done:
    """Set up an authenticator app; its first code proves that it works."""
    row = _own(ctx, person)
    if SecondFactor.objects.filter(person=row).exists():
        raise Invalid({"code": _("A second factor is set up already.")})
    step = totp.step_of(secret, code.strip().replace(" ", ""), ctx.now.timestamp())
    if step is None:
        raise Invalid({"code": _("This code does not fit; look whether the clock of the phone is right.")})
    factor = SecondFactor(person=row, since=ctx.today, recovery=[totp.hashed(one) for one in recovery])
    factor.secret = Secret(("person", str(row.pk)), secret)
    factor.save()
    UsedCode.objects.create(person=row, mark=f"step {step}", used_at=ctx.now)
    return Done(row, [_event("login.enrolled", row)])


@command("login.drop", on_self)
def drop(ctx: Ctx, *, branch: Branch, person: Person, password: str) -> Done:
    """Give the second factor up; the password is asked for again."""
    row = _own(ctx, person)
    if not row.check_password(password):
        raise Invalid({"password": _("This is not your password.")})
    if not SecondFactor.objects.filter(person=row).delete()[0]:
        raise Invalid({"password": _("There is no second factor.")})
    return Done(row, [_event("login.dropped", row)])
