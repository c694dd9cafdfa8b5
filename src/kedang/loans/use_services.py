"""The commands on the register of use: where material of a file went and what for, and what became of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.duties.models import Duty
from kedang.files.models import File, Job, Record
from kedang.files.services import on_file
from kedang.lib.whole import whole
from kedang.loans.models import Consultation, Loan, Use

OF_FILE = {"loan": Loan, "consultation": Consultation, "job": Job, "record": Record}


def on_use(use: Use, **_rest: Any) -> Concerning:
    """A command about an entry: the chain of its file is locked."""
    return Concerning(use.branch, [Subject("file", str(use.file_id))])


def _event(name: str, row: Use, **data: Any) -> NewEvent:
    about = {"file": str(row.file_id), "use": str(row.pk)}
    if row.thing:
        about[row.kind] = row.thing
    return NewEvent(name, Subject("file", str(row.file_id)), about=about, data={"file.kind": row.file.kind, **data})


def _is_of(file: File, kind: str, thing: str) -> bool:
    """Whether a thing is one of the file: a row of it, or what an entry is owed about, as a value that was shown."""
    if Duty.objects.filter(branch=file.branch, file=str(file.pk), about_kind=kind, about_id=thing).exists():
        return True
    model: Any = OF_FILE.get(kind)
    return model is not None and model.objects.filter(pk=whole(thing) or 0, file=file).exists()


@command("use.record", on_file)
def record_use(
    ctx: Ctx, *, file: File, taker: str, purpose: str, what: str = "file", copy: bool = False, checked: bool = False
) -> Done:
    """Write down where something went: the file, or one thing of it (``loan:12``).  Raises ``Invalid`` by field."""
    kind, _colon, thing = what.partition(":")
    wrong = {}
    if not taker.strip():
        wrong["taker"] = _("Say who has it, or where it went.")
    if not purpose.strip():
        wrong["purpose"] = _("Say what the papers are needed for.")
    if kind != "file" and not _is_of(file, kind, thing):
        wrong["what"] = _("This is nothing of this file.")
    if wrong:
        raise Invalid(wrong)
    row = Use(
        branch=file.branch, file=file, kind=kind, thing=thing, taker=taker.strip()[:200],
        purpose=purpose.strip()[:200], copy=copy, checked=checked, recorded_on=ctx.today, recorded_by=ctx.actor,
    )  # fmt: skip
    things = {"file": file, "use": row}
    if kind == "job":
        things["job"] = Job.objects.get(pk=int(thing))
    ctx.gate(things=things)
    row.save()
    said = {"purpose": row.purpose, "copy": row.copy, "checked": row.checked, "what": row.kind}
    event = _event("use.recorded", row, **said)
    return Done(row, [event])


@command("use.report", on_use)
def report_use(ctx: Ctx, *, use: Use, destroyed: bool = False, note: str = "") -> Done:
    """Write down how something was used and whether it has been destroyed; until it has, it may be told again."""
    row = Use.objects.select_related("file__branch", "branch").get(pk=use.pk)
    if row.destroyed:
        raise Invalid({"use": _("This has been destroyed already.")})
    if not destroyed and not note.strip():
        raise Invalid({"note": _("Say how it was used, or that it has been destroyed.")})
    row.destroyed, row.note = destroyed, note.strip()[:200]
    row.reported_on, row.reported_by = ctx.today, ctx.actor
    ctx.gate(things={"file": row.file, "use": row})
    row.save(update_fields=["destroyed", "note", "reported_on", "reported_by"])
    return Done(row, [_event("use.reported", row, destroyed=row.destroyed)])
