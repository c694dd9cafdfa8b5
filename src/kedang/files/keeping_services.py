"""The commands on a file that is kept: checked, confirmed, given to somebody else, exported, closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty
from kedang.duties.parts import rule_of
from kedang.files import kinds
from kedang.files.models import HOW_CONFIRMED, File
from kedang.files.rules import yes
from kedang.files.services import on_file, parties_of, told_of
from kedang.staff.models import Person
from kedang.staff.queries import held_on


def _event(name: str, file: File, **data: Any) -> NewEvent:
    return NewEvent(
        name, Subject("file", str(file.pk)), about={"file": str(file.pk)}, parties=parties_of(file),
        data={**told_of(file), **data},
    )  # fmt: skip


@command("file.verify", on_file)
def verify_file(ctx: Ctx, *, file: File, how: str) -> Done:
    """Say that somebody checked the file, and against what."""
    if len(how.strip()) < 2:
        raise Invalid({"how": _("Say how it was checked.")})
    ctx.gate(things={"file": file})
    file.verified_on, file.verified_by = ctx.today, ctx.actor
    file.save(update_fields=["verified_on", "verified_by"])
    return Done(file, [_event("file.verified", file, how=how.strip()[:200])])


@command("file.confirm", on_file)
def confirm_file(ctx: Ctx, *, file: File, how: str) -> Done:
    """Say that what the file holds is still right, and by whom or what it was confirmed."""
    if not how or how not in dict(HOW_CONFIRMED):
        raise Invalid({"how": _("Choose an answer.")})
    ctx.gate(things={"file": file})
    file.confirmed_on, file.confirmed_how = ctx.today, how
    file.save(update_fields=["confirmed_on", "confirmed_how"])
    return Done(file, [_event("file.confirmed", file, how=how)])


@command("file.assign", on_file)
def assign_file(ctx: Ctx, *, file: File, role: str, to: Person, reason: str) -> Done:
    """Give a role on the file to somebody else; what the one before still owes by that role moves along."""
    kind = kinds.file_kind(book_for(file.branch, ctx.today), file.kind)
    declared = kind.roles.get(role) if kind else None
    if declared is None:
        raise Invalid({"role": _("The policy knows no such role.")})
    if all(one.person_id != to.pk for one in held_on(file.branch, ctx.today)):
        raise Invalid({"to": _("This person holds no post here.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    ctx.gate(things={"file": file}, purpose=reason.strip())
    row = file.roles.filter(role=role).first()
    before = row.person_id if row else None
    if before == to.pk:
        raise Invalid({"to": _("This person has the role already.")})
    file.roles.update_or_create(role=role, defaults={"person": to, "since": ctx.today})
    moved = [_moved(duty, to, reason) for duty in _owed_by_role(file, role, before)]
    told = _event(
        "file.assigned", file, role=role, was=str(before or ""), to=str(to.pk), why=reason.strip()[:200],
        sealed=yes(file.sealed),
    )  # fmt: skip
    return Done(file, [told, *moved])


def _owed_by_role(file: File, role: str, person: int | None) -> list[Duty]:
    """What a person still owes about a file because of a role on it."""
    if person is None:
        return []
    rows = Duty.objects.filter(file=str(file.pk), status__in=["open", "late"], done_on=None, bound__person=person)
    found = []
    for row in rows.order_by("pk"):
        rule = rule_of(book_for(file.branch, row.from_on), row)
        if rule is not None and f"file.{role}" in rule.who:
            found.append(row)
    return found


def _moved(duty: Duty, to: Person, reason: str) -> NewEvent:
    return NewEvent(
        "duty.moved", Subject("file", duty.file), parties={"duty.person": [str(to.pk)]},
        about={"file": duty.file, "duty": duty.key, duty.about_kind: duty.about_id},
        data={"owed": duty.pk, "clause": duty.clause, "why": reason.strip()[:300]},
    )  # fmt: skip


@command("file.close", on_file)
def close_file(ctx: Ctx, *, file: File, reason: str) -> Done:
    """Close a file; its reason stands in the event."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    ctx.gate(things={"file": file}, purpose=reason.strip())
    if file.status == "closed":
        raise Invalid({"reason": _("This file is closed already.")})
    file.status, file.closed_on, file.close_reason = "closed", ctx.today, reason.strip()[:200]
    file.save(update_fields=["status", "closed_on", "close_reason"])
    return Done(file, [_event("file.closed", file, reason=file.close_reason)])


@command("file.export", on_file)
def export_file(ctx: Ctx, *, file: File, purpose: str, marked: bool = False) -> Done:
    """Allow what the actor may read of a file to leave as a sheet, for a purpose; ``marked`` says that each page
    bears who took it and what for."""
    return _left(ctx, file, "file.exported", purpose, marked)


@command("file.print", on_file)
def print_file(ctx: Ctx, *, file: File, purpose: str, marked: bool = False) -> Done:
    """Allow what the actor may read of a file to be printed, for a purpose."""
    return _left(ctx, file, "file.printed", purpose, marked)


def _left(ctx: Ctx, file: File, name: str, purpose: str, marked: bool) -> Done:
    said = purpose.strip()
    if len(said) < 2:
        raise Invalid({"purpose": _("Say what you need it for.")})
    ctx.gate(things={"file": file}, purpose=said, facts={"act.marked": "yes" if marked else "no"})
    return Done(file, [_event(name, file, purpose=said[:200], marked=marked)])
