"""The commands on inspections: a round is held, its findings are mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.files.models import Place
from kedang.files.services import on_branch
from kedang.files.viewing import Viewer
from kedang.inspections import comparing, rules
from kedang.inspections.models import Inspection, InspectionLine
from kedang.staff.models import Branch

ANSWERS = ("fine", "wrong", "unseen")


def on_inspection(inspection: Inspection, **_rest: Any) -> Concerning:
    """A command about an inspection: its chain is locked."""
    return Concerning(inspection.branch, [Subject("inspection", str(inspection.pk))])


def _event(name: str, inspection: Inspection, **data: Any) -> NewEvent:
    return NewEvent(
        name, subject=Subject("inspection", str(inspection.pk)), about={"inspection": str(inspection.pk)},
        data={
            "round": inspection.round, "findings": inspection.findings, "place_id": inspection.place_id,
            "place": inspection.place.code if inspection.place else "", **data,
        },
    )  # fmt: skip


def _answered(questions: Sequence[rules.Question], answers: Mapping[str, Mapping[str, str]]) -> list[InspectionLine]:
    """The answers as lines, in the order of the round.  Raises ``Invalid`` at each question that has none."""
    lines, wrong = [], {}
    for number, question in enumerate(questions):
        said = answers.get(str(number), {})
        outcome, note = said.get("answer", ""), said.get("note", "").strip()[:200]
        if outcome not in ANSWERS:
            wrong[f"answer_{number}"] = _("Choose an answer.")
        elif outcome != "fine" and not note:
            wrong[f"note_{number}"] = _("Say what is not in order, or why nobody looked.")
        lines.append(InspectionLine(clause=question.clause, asked=question.asked, outcome=outcome, note=note))
    if wrong:
        raise Invalid(wrong)
    return lines


def _said(line: InspectionLine) -> str:
    """A line as the journal keeps it: outcome and thing, or outcome and clause; nothing about a person."""
    return f"{line.outcome}:{line.thing}:{line.ref}" if line.thing else f"{line.outcome}:{line.clause}"


@command("inspection.hold", on_branch)
def hold_inspection(
    ctx: Ctx, *, branch: Branch, round: str, place: Place | None = None, scanned: str = "",
    answers: Mapping[str, Mapping[str, str]] | None = None, note: str = "",
) -> Done:  # fmt: skip
    """Hold a round: answer its questions, and check the stock of a place by what was scanned there, one label a line.

    ``answers`` are by the number of the question: ``fine``, ``wrong`` or ``unseen``, the last two with a note.  What
    was scanned is compared anew here, with the books as they are now.  Raises ``Invalid`` by field.
    """
    book = book_for(branch, ctx.today)
    if round not in rules.rounds(book):
        raise Invalid({"round": _("Choose a round.")})
    if place is not None and place.branch_id != branch.pk:
        raise Invalid({"place": _("This place belongs to another branch.")})
    asked = rules.questions(book, round)
    if place is None and not asked:
        raise Invalid({"place": _("Choose the place whose stock is checked.")})
    lines = _answered(asked, answers or {})
    if place is not None:
        viewer = Viewer(ctx.actor, branch, ctx.today)
        lines += comparing.compare(viewer, place, comparing.seen_in(viewer, place, comparing.codes_in(scanned)))
    inspection = Inspection(
        branch=branch, round=round, place=place, held_on=ctx.today, held_by=ctx.actor, note=note.strip()[:300],
        findings=sum(one.is_finding for one in lines),
    )  # fmt: skip
    ctx.gate(things={"inspection": inspection, "place": place} if place else {"inspection": inspection})
    inspection.save()
    for number, line in enumerate(lines, start=1):
        line.inspection, line.no = inspection, number
    InspectionLine.objects.bulk_create(lines, batch_size=500)
    return Done(inspection, [_event("inspection.held", inspection, lines=[_said(one) for one in lines])])


@command("inspection.mend", on_inspection)
def mend_inspection(ctx: Ctx, *, inspection: Inspection, how: Mapping[str, str], others: str = "") -> Done:
    """Say of findings how they were mended, by the id of the line; with the last one the inspection is settled.

    ``others`` is said of all those of which nothing else is; without it they stay open.  Raises ``Invalid`` where
    nothing is said at all, or too little.
    """
    if not inspection.open:
        raise Invalid({"inspection": _("Nothing of this inspection is open any more.")})
    open_ = [one for one in inspection.lines.all() if one.is_open]
    said = {one.pk: (how.get(str(one.pk), "").strip() or others.strip())[:200] for one in open_}
    if not any(said.values()):
        raise Invalid({f"how_{one.pk}": _("Say how it was mended.") for one in open_})
    short = {f"how_{pk}": _("Say how it was mended.") for pk, text in said.items() if len(text) == 1}
    if short:
        raise Invalid(short)
    lines = [one for one in open_ if said[one.pk]]
    ctx.gate(things={"inspection": inspection}, purpose=said[lines[0].pk])
    for one in lines:
        one.mended, one.mended_on, one.mended_by = said[one.pk], ctx.today, ctx.actor
    InspectionLine.objects.bulk_update(lines, ["mended", "mended_on", "mended_by"], batch_size=500)
    numbers = [one.no for one in lines]
    if left := len(open_) - len(lines):
        return Done(inspection, [_event("inspection.partly_mended", inspection, mended=numbers, left=left)])
    inspection.mended_on, inspection.mended_by = ctx.today, ctx.actor
    inspection.save(update_fields=["mended_on", "mended_by"])
    return Done(inspection, [_event("inspection.mended", inspection, mended=numbers, left=0)])
