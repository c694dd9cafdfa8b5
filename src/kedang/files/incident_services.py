"""The commands on incidents: reported with who answers for it, and closed with how it was dealt with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.files.incident_parts import incident_event, incident_kinds
from kedang.files.models import File, Incident
from kedang.files.services import on_file
from kedang.staff.models import Person


def on_incident(incident: Incident, **_rest: Any) -> Concerning:
    """A command about an incident: the chain of its file is locked."""
    return Concerning(incident.branch, [Subject("file", str(incident.file_id))])


@command("incident.report", on_file)
def report_incident(
    ctx: Ctx, *, file: File, kind: str, happened_on: date, pieces: int = 1, cause: str = "", course: str = "",
    person: Person | None = None,
) -> Done:  # fmt: skip
    """Report that something went wrong with a file; ``person`` answers for it.  Raises ``Invalid`` by field.

    Where a clause puts a price on such an incident, a breach of that person is raised in the same act.
    """
    wrong = {}
    if kind not in incident_kinds(book_for(file.branch, ctx.today)):
        wrong["kind"] = _("No policy in force knows this kind of incident.")
    if happened_on > ctx.today:
        wrong["happened_on"] = _("This day is still to come.")
    if not 1 <= pieces <= 9999:
        wrong["pieces"] = _("Write a number from 1 to 9999.")
    if not cause.strip():
        wrong["cause"] = _("Say what happened.")
    if wrong:
        raise Invalid(wrong)
    row = Incident(
        branch=file.branch, file=file, kind=kind, person=person, pieces=pieces, cause=cause.strip()[:200],
        course=course.strip()[:500], happened_on=happened_on, reported_on=ctx.today, reported_by=ctx.actor,
        on_loan=file.volumes.filter(status="lent").exists(),
    )  # fmt: skip
    ctx.gate(things={"file": file, "incident": row})
    row.save()
    return Done(row, [incident_event("incident.reported", row)])


@command("incident.close", on_incident)
def close_incident(ctx: Ctx, *, incident: Incident, handling: str, measures: str = "", course: str = "") -> Done:
    """Write down how an incident was dealt with, and what keeps it from happening again."""
    row = Incident.objects.select_related("file__branch", "branch").get(pk=incident.pk)
    if row.status == "closed":
        raise Invalid({"incident": _("This incident has been settled already.")})
    if not handling.strip():
        raise Invalid({"handling": _("Say how it was dealt with.")})
    row.handling, row.measures = handling.strip()[:500], measures.strip()[:500]
    row.course = course.strip()[:500] or row.course
    ctx.gate(things={"file": row.file, "incident": row})
    row.status, row.closed_on, row.closed_by = "closed", ctx.today, ctx.actor
    row.save(update_fields=["handling", "measures", "course", "status", "closed_on", "closed_by"])
    return Done(row, [incident_event("incident.closed", row)])
