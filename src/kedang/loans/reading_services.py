"""The commands on consultations: reading on the spot, registered with its purpose and what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.files.models import File
from kedang.files.services import on_file
from kedang.loans.models import Consultation
from kedang.loans.rules import said
from kedang.staff.models import Person


def on_consultation(consultation: Consultation, **_rest: Any) -> Concerning:
    """A command about a consultation: the chain of its file is locked."""
    return Concerning(consultation.branch, [Subject("file", str(consultation.file_id))])


def _event(name: str, row: Consultation, **data: Any) -> NewEvent:
    about = {"file": str(row.file_id), "consultation": str(row.pk)}
    said = {"reader": str(row.reader_id), "file.kind": row.file.kind, "file.secrecy": row.file.secrecy}
    return NewEvent(name, Subject("file", str(row.file_id)), about=about, data={**said, **data})


@command("consultation.open", on_file)
def open_consultation(ctx: Ctx, *, file: File, reader: Person, purpose: str) -> Done:
    """Register that somebody reads the file on the spot.  Raises ``Invalid`` without a purpose."""
    if not purpose.strip():
        raise Invalid({"purpose": _("Say what the papers are needed for.")})
    if Consultation.objects.filter(file=file, reader=reader, closed_at=None).exists():
        raise Invalid({"reader": _("%(person)s is reading this file already.") % {"person": reader}})
    row = Consultation(
        branch=file.branch, file=file, reader=reader, purpose=purpose.strip()[:200], opened_at=ctx.now,
        opened_by=ctx.actor,
    )  # fmt: skip
    ctx.gate(things={"file": file, "consultation": row}, facts=said(row.purpose))
    row.save()
    return Done(row, [_event("consultation.opened", row, purpose=row.purpose)])


@command("consultation.close", on_consultation)
def close_consultation(ctx: Ctx, *, consultation: Consultation, effect: str = "") -> Done:
    """Register that the reading has ended, and what came of it."""
    row = Consultation.objects.select_related("file__branch", "branch").get(pk=consultation.pk)
    if row.closed_at is not None:
        raise Invalid({"consultation": _("This reading has ended already.")})
    ctx.gate(things={"file": row.file, "consultation": row})
    row.closed_at, row.effect = ctx.now, effect.strip()[:200]
    row.save(update_fields=["closed_at", "effect"])
    return Done(row, [_event("consultation.closed", row, effect=row.effect)])
