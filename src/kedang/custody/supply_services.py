"""The command by which papers come to a set that was signed for before: listed, and signed for like the set itself."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid
from kedang.acts.command import Ctx, command
from kedang.custody import parts, rules
from kedang.custody.models import Handover, HandoverLine
from kedang.custody.services import checked_receiver, event_of
from kedang.files import parts as file_parts
from kedang.files.models import File, Job, Record
from kedang.files.paper_services import ask_of
from kedang.files.services import on_file
from kedang.staff.models import Person


def _checked_set(file: File, job: Job | None, checklist: str) -> None:
    """Raises ``Invalid`` for a set that was never signed for, or that waits for a signature."""
    status = rules.last_of_sets(file).get((job.pk if job else None, checklist), "")
    if status == "offered":
        raise Invalid({"checklist": _("This set has been offered already and waits for its receiver.")})
    if not status:
        raise Invalid({"checklist": _("This set was not handed over yet: answer its lines, then hand it over.")})


def _checked_papers(records: list[Record], brought: Mapping[str, date | None], today: date) -> list[Record]:
    """The papers that are brought.  Raises ``Invalid`` when there is none, or one that is here or has run out."""
    found = [one for one in records if str(one.pk) in brought]
    if not found or len(found) < len(brought):
        raise Invalid({"brought": _("Tick the papers that you bring.")})
    for one in found:
        ends_on = brought[str(one.pk)]
        if not file_parts.is_wanted(one):
            raise Invalid({"brought": _("This paper is here already.")})
        if ends_on is not None and ends_on < today:
            raise Invalid({"brought": _("This paper has run out already.")})
    return found


@command("handover.supply", on_file)
def supply_handover(
    ctx: Ctx, *, file: File, job: Job | None, checklist: str, brought: Mapping[str, date | None], giver: Person,
    receiver: Person, how: str, said: Mapping[str, Any] | None = None,
) -> Done:  # fmt: skip
    """Offer papers that come after their set was signed for, with the giver's signature.

    ``brought`` says by record id until when each is valid, ``said`` what the rules ask of papers that come in.  The
    papers are in the file when the receiver has signed.
    """
    _checked_set(file, job, checklist)
    if giver.pk == receiver.pk:
        raise Invalid({"receiver": _("Nobody hands over to himself.")})
    records = list(Record.objects.filter(file=file, job=job, checklist=checklist))
    papers = _checked_papers(records, brought, ctx.today)
    handover = Handover(
        branch=file.branch, file=file, job=job, checklist=checklist, giver=giver, receiver=receiver,
        offered_on=ctx.today, supplement=True,
    )  # fmt: skip
    rest = [one for one in records if one not in papers and one.state not in ("present", "not_applicable")]
    handover.missing = sum(1 for one in rest if one.counts)
    ctx.gate(things=rules.things_of(handover))
    checked_receiver(handover, ctx.today)
    for one in papers:
        _ask(ctx, one, brought[str(one.pk)], said)
    handover.save()
    parts.write_lines(handover, rest)
    for one in papers:
        HandoverLine.objects.create(
            handover=handover, record=one, state="present", ends_on=brought[str(one.pk)], said=dict(said or {})
        )
    parts.sign(handover, "giver", giver, ctx.now, how)
    return Done(handover, [event_of("handover.supplied", handover)])


def _ask(ctx: Ctx, record: Record, ends_on: date | None, said: Mapping[str, Any] | None) -> None:
    """Ask the rules about one paper as it will lie in the file, which stays as it is until the receiver signs."""
    there = copy(record)
    file_parts.bring_in(there, ends_on)
    file_parts.note_said(there, said or {})
    ask_of(ctx, there, said, act="record.supply", handover="supplement")
