"""The command on what was lost during a loan: found missing at the return, and an incident from then on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.files.incident_parts import incident_event, incident_kinds, lose_papers
from kedang.files.models import Incident
from kedang.loans.models import Loan
from kedang.loans.services import current, on_loan


@command("incident.report", on_loan)
def report_loss(ctx: Ctx, *, loan: Loan, kind: str, found: Mapping[str, bool], pages_back: int, note: str) -> Done:
    """Report what is missing at the return of a loan; its borrower answers for it.

    ``found`` says by paper id whether it is there.  The papers are missing from the file from now on; once somebody
    has settled the incident, the count is done without them.  Raises ``Invalid`` by field.
    """
    row = current(loan, "returned")
    papers = list(row.papers.select_related("record__job"))
    missing = [one for one in papers if not found.get(str(one.pk), False)]
    pages = max(0, row.pages_out - pages_back)
    wrong = {}
    if kind not in incident_kinds(book_for(row.branch, ctx.today)):
        wrong["kind"] = _("Say what went wrong with the papers.")
    if not note.strip():
        wrong["note"] = _("Name what is missing or marked.")
    if not missing and not pages and kind == "lost":
        wrong["pages_back"] = _("Everything is here by this count: nothing was lost.")
    if row.loss is not None and row.loss.status == "open":
        wrong["note"] = _("The loss has been reported already; it waits to be settled.")
    if wrong:
        raise Invalid(wrong)
    incident = Incident(
        branch=row.branch, file=row.file, kind=kind, person=row.borrower, pieces=max(1, len(missing)), on_loan=True,
        cause=note.strip()[:200], happened_on=ctx.today, reported_on=ctx.today, reported_by=ctx.actor,
    )  # fmt: skip
    ctx.gate(things={"file": row.file, "incident": incident, "loan": row})
    incident.save()
    for one in papers:
        one.state = "missing" if one in missing else "found"
        one.save(update_fields=["state"])
    lose_papers(row.file, [one.record for one in missing], _("Lost during a loan: %(why)s") % {"why": incident.cause})
    row.loss, row.pages_lost = incident, pages
    row.save(update_fields=["loss", "pages_lost"])
    return Done(incident, [incident_event("incident.reported", incident, loan=str(row.pk))])
