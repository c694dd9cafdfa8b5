"""The commands on handovers: offered with the giver's signature, received with the receiver's, then checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.custody import parts
from kedang.custody.models import Handover
from kedang.custody.queries import closed_by
from kedang.custody.rules import may_sign, not_a_receiver, standing
from kedang.files.models import File, Job, Record, Volume
from kedang.files.paper_services import supplied
from kedang.files.parts import bring_in, count_missing, give_volume, note_said
from kedang.files.services import on_file, parties_of, told_of
from kedang.staff.models import Person


def on_handover(handover: Handover, **_rest: Any) -> Concerning:
    """A command about a handover: the chain of its file is locked."""
    return Concerning(handover.branch, [Subject("file", str(handover.file_id))])


def about(handover: Handover) -> dict[str, str]:
    """The ids that a handover's events carry."""
    found = {"file": str(handover.file_id), "handover": str(handover.pk)}
    return found | ({"job": str(handover.job_id)} if handover.job_id else {})


def _parties(handover: Handover) -> dict[str, list[str]]:
    return {
        **parties_of(handover.file, handover.job),
        "handover.giver": [str(handover.giver_id)],
        "handover.receiver": [str(handover.receiver_id)],
    }


def event_of(name: str, handover: Handover, **data: Any) -> NewEvent:
    """What happened to a handover, with who gives and receives as what."""
    return NewEvent(
        name, subject=Subject("file", str(handover.file_id)), about=about(handover),
        data={
            "set": handover.checklist, "missing": handover.missing, "complete": handover.missing == 0,
            "giver_is": standing(handover.giver, handover),
            "receiver_is": standing(handover.receiver, handover), **told_of(handover.file), **data,
        },
        parties=_parties(handover),
    )  # fmt: skip


def checked_receiver(handover: Handover, today: date) -> None:
    """Raises ``Invalid`` for a receiver whom the rules do not let sign for the set."""
    if not may_sign(handover, handover.receiver, today):
        raise Invalid({"receiver": not_a_receiver(handover.receiver)})


@command("handover.offer", on_file)
def offer_handover(
    ctx: Ctx, *, file: File, job: Job | None, checklist: str, giver: Person, receiver: Person, how: str
) -> Done:
    """Offer the papers of a checklist, signed by the giver (``how`` says by what the signer was known).

    Every line must have been answered: what is not there has its reason, and is written into the list.
    """
    records = list(Record.objects.filter(file=file, job=job, checklist=checklist))
    if not records:
        raise Invalid({"checklist": _("This file has no such list.")})
    if any(one.state == "missing" and not one.reason for one in records):
        raise Invalid({"checklist": _("Answer every line first: what is not here needs its reason.")})
    if giver.pk == receiver.pk:
        raise Invalid({"receiver": _("Nobody hands over to himself.")})
    if Handover.objects.filter(file=file, job=job, checklist=checklist, status="offered").exists():
        raise Invalid({"checklist": _("This set has been offered already and waits for its receiver.")})
    handover = Handover(
        branch=file.branch, file=file, job=job, checklist=checklist, giver=giver, receiver=receiver,
        offered_on=ctx.today,
    )  # fmt: skip
    handover.missing = sum(1 for one in records if one.counts and one.state not in ("present", "not_applicable"))
    ctx.gate(things={"file": file, "handover": handover} | ({"job": job} if job else {}))
    checked_receiver(handover, ctx.today)
    handover.save()
    parts.write_lines(handover, records)
    parts.sign(handover, "giver", giver, ctx.now, how)
    return Done(handover, [event_of("handover.offered", handover)])


@command("handover.sign", on_handover)
def sign_handover(ctx: Ctx, *, handover: Handover, signer: Person, how: str) -> Done:
    """Receive what was offered, with the receiver's signature; the papers change holder.  One wins, others are told."""
    current = Handover.objects.select_related("file__branch", "job", "giver", "receiver").get(pk=handover.pk)
    if current.status != "offered":
        raise Invalid({"handover": _("This handover has been signed or returned already.")})
    if signer.pk != current.receiver_id:
        raise Invalid({"signer_username": _("The receiver named on the list signs here.")})
    ctx.gate(things={"file": current.file, "handover": current} | ({"job": current.job} if current.job else {}))
    current.status, current.received_on = "received", ctx.today
    current.save(update_fields=["status", "received_on"])
    parts.sign(current, "receiver", signer, ctx.now, how)
    if not current.supplement:  # a paper that comes later changes hands alone; the file stays where it is
        for volume in Volume.objects.filter(file=current.file, holder=current.giver).exclude(status="lent"):
            give_volume(volume, signer)
    received = event_of("handover.received", current, giver=str(current.giver_id), receiver=str(signer.pk))
    return Done(current, [received, *(bring_papers(current) if current.supplement else ())])


def bring_papers(handover: Handover) -> list[NewEvent]:
    """The papers of a supplement lie in the file now; an event for each, so that what was owed for it is done."""
    events = []
    for line in handover.lines.filter(state="present").select_related("record__file__branch", "record__job"):
        record, was = line.record, line.record.state
        bring_in(record, line.ends_on)
        note_said(record, line.said)
        record.save()
        events.append(supplied(record, was))
    count_missing(handover.file, handover.job)
    return events


@command("handover.return", on_handover)
def return_handover(ctx: Ctx, *, handover: Handover, reason: str) -> Done:
    """Send an offered set back, with the reason; the giver still holds the papers."""
    current = Handover.objects.select_related("file__branch", "job").get(pk=handover.pk)
    if current.status != "offered":
        raise Invalid({"handover": _("This handover has been signed or returned already.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say why it goes back.")})
    ctx.gate(things={"file": current.file, "handover": current} | ({"job": current.job} if current.job else {}))
    current.status, current.reason = "returned", reason.strip()[:200]
    current.save(update_fields=["status", "reason"])
    return Done(current, [event_of("handover.returned", current)])


@command("handover.check", on_handover)
def check_handover(ctx: Ctx, *, handover: Handover, found: Mapping[str, list[str]]) -> Done:
    """Check the received papers line by line; ``found`` names the pack's defects by line id.

    One event for the check, and one for each defect, so that a sanction can be proposed for each item.
    """
    current = Handover.objects.select_related("file__branch", "job").get(pk=handover.pk)
    if current.status != "received":
        raise Invalid({"handover": _("Only a received handover is checked, and once.")})
    things = {"file": current.file, "handover": current} | ({"job": current.job} if current.job else {})
    ctx.gate(things=things)
    events = []
    for line in current.lines.select_related("record"):
        defects = found.get(str(line.pk), [])
        if not defects:
            continue
        line.found = ",".join(defects)[:200]
        line.save(update_fields=["found"])
        line.record.state, line.record.defects = "defective", line.found
        line.record.save(update_fields=["state", "defects"])
        events += [_defect(current, str(line.record_id), line.record.line, one) for one in defects]
    current.status, current.checked_on, current.checked_by = "checked", ctx.today, ctx.actor
    current.save(update_fields=["status", "checked_on", "checked_by"])
    count_missing(current.file, current.job)
    return Done(current, [event_of("handover.checked", current, defects=len(events)), *events])


def _defect(handover: Handover, record: str, line: str, kind: str) -> NewEvent:
    return NewEvent(
        "defect.raised", subject=Subject("file", str(handover.file_id)),
        about={**about(handover), "record": record, "defect": f"{handover.pk}-{record}-{kind}"},
        data={
            "kind": kind, "line": line, "set": handover.checklist, "person": str(handover.giver_id),
            **told_of(handover.file),
        },
        parties=_parties(handover),
    )  # fmt: skip


def day_subject(branch: Any, day: Any) -> Subject:
    """The chain of one day of a branch's sign-for book."""
    return Subject("day", f"{branch.pk}-{day.isoformat()}")


def on_day(branch: Any, day: Any, **_rest: Any) -> Concerning:
    """A command about a branch's day: its chain is locked, so that it is closed once."""
    return Concerning(branch, [day_subject(branch, day)])


@command("day.close", on_day)
def close_day(ctx: Ctx, *, branch: Any, day: Any, comment: str = "") -> Done:
    """Close the sign-for book of a day, once; what nobody received yet is named with a comment."""
    waiting = Handover.objects.filter(branch=branch, status="offered", offered_on__lte=day)
    open_ids = [str(one) for one in waiting.values_list("pk", flat=True)]
    if open_ids and not comment.strip():
        raise Invalid({"comment": _("Name why these have not been received.")})
    ctx.gate(facts={"day.open_handovers": len(open_ids), "day.commented": "yes" if comment.strip() else "no"})
    if closed_by(branch, day) is not None:
        raise Invalid({"day": _("The book of this day is closed already.")})
    event = NewEvent(
        "day.closed", subject=day_subject(branch, day),
        about={"day": day.isoformat()}, data={"open": open_ids, "comment": comment.strip()[:200]},
    )  # fmt: skip
    return Done(branch, [event])
