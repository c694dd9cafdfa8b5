"""The commands on inspections: a round is held, its findings are mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.files import standing
from kedang.files.models import Incident, Place
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
        lines += comparing.in_both_tongues(viewer, place, scanned)
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


def _wrong_way(viewer: Viewer, line: InspectionLine, way: str) -> str:
    """Why this is not what became of a missing thing, as far as the books know; empty where it may be."""
    if way == "found":
        return ""
    if way == "away":
        thing = standing.known(viewer, line.thing, line.ref or 0)
        return "" if thing and thing.away else _("By the books nobody has it: lend it or hand it over first.")
    if way == "lost":
        since = line.inspection.held_on
        reported = Incident.objects.filter(file=line.file_id, reported_on__gte=since).exists()
        return "" if reported else _("Report the loss on the page of its file first.")
    return _("Say what became of it.")


def _settled(ctx: Ctx, said: Mapping[int, str], ways: Mapping[int, str], lines: Sequence[InspectionLine]) -> None:
    """Raises ``Invalid`` at each line of which too little is said, or something that the books know better."""
    viewer, wrong = Viewer(ctx.actor, ctx.branch, ctx.today), {}
    for one in lines:
        if len(said[one.pk]) < 2:
            wrong[f"how_{one.pk}"] = _("Say how it was mended.")
        elif one.outcome == "missing" and (reason := _wrong_way(viewer, one, ways[one.pk])):
            wrong[f"how_{one.pk}"] = reason
    if wrong:
        raise Invalid(wrong)


@command("inspection.mend", on_inspection)
def mend_inspection(
    ctx: Ctx, *, inspection: Inspection, how: Mapping[str, str], ways: Mapping[str, str] | None = None,
    others: str = "", others_way: str = "",
) -> Done:  # fmt: skip
    """Say of findings how they were mended, by the id of the line; with the last one the inspection is settled.

    Of what was missing ``ways`` say besides what became of it: found, away by the books, or lost and reported.
    ``others`` and ``others_way`` are said of all those of which nothing else is; without them they stay open.  Raises
    ``Invalid`` where nothing is said at all, too little, or what the books know better.
    """
    if not inspection.open:
        raise Invalid({"inspection": _("Nothing of this inspection is open any more.")})
    open_ = [one for one in inspection.lines.select_related("inspection") if one.is_open]
    said = {one.pk: (how.get(str(one.pk), "").strip() or others.strip())[:200] for one in open_}
    went = {one.pk: (ways or {}).get(str(one.pk), "") or others_way for one in open_}
    lines = [one for one in open_ if said[one.pk] or (one.outcome == "missing" and went[one.pk])]
    _settled(ctx, said, went, lines or open_)
    ctx.gate(things={"inspection": inspection}, purpose=said[lines[0].pk])
    for one in lines:
        one.mended, one.mended_on, one.mended_by = said[one.pk], ctx.today, ctx.actor
        one.way = went[one.pk] if one.outcome == "missing" else ""
    InspectionLine.objects.bulk_update(lines, ["mended", "mended_on", "mended_by", "way"], batch_size=500)
    told = {"mended": [one.no for one in lines], "ways": {str(one.no): one.way for one in lines if one.way}}
    if left := len(open_) - len(lines):
        return Done(inspection, [_event("inspection.partly_mended", inspection, **told, left=left)])
    inspection.mended_on, inspection.mended_by = ctx.today, ctx.actor
    inspection.save(update_fields=["mended_on", "mended_by"])
    return Done(inspection, [_event("inspection.mended", inspection, **told, left=0)])
