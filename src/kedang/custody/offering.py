"""What the screens on which a set, or a supplement to one, is offered have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid
from kedang.acts.signing import signer_of
from kedang.custody.forms import OfferForm
from kedang.custody.models import Handover
from kedang.files import queries
from kedang.files.models import File, Job, Record
from kedang.files.viewing import Viewer
from kedang.lib.whole import whole
from kedang.staff.models import Person

HOW = "password"


@dataclass(frozen=True)
class Papers:
    """The papers of one checklist of a file or of a job on it."""

    file: File
    job: Job | None
    checklist: str
    records: list[Record]

    def draft(self, viewer: Viewer, *, supplement: bool = False) -> Handover:
        """The handover that the rules are asked about; never saved."""
        return Handover(
            branch=self.file.branch, file=self.file, job=self.job, checklist=self.checklist, giver=viewer.person,
            receiver=viewer.person, offered_on=viewer.today, supplement=supplement,
        )  # fmt: skip


def papers_of(request: HttpRequest, viewer: Viewer, pk: int, checklist: str) -> Papers:
    """The papers that an address names.  Raises ``Http404`` where the viewer sees no such file, job or list."""
    file = queries.access_file(viewer, pk)
    job_id = request.POST.get("job") or request.GET.get("job", "")
    job = queries.access_job(viewer, whole(job_id) or 0) if job_id.isdecimal() else None
    records = [one for one in queries.records_of(file, job) if one.checklist == checklist]
    if not records or (job is not None and job.file_id != file.pk):
        raise Http404
    return Papers(file, job, checklist, records)


def signed(request: HttpRequest, form: OfferForm, act: Callable[[Person], Done]) -> tuple[Done | None, str]:
    """Do what the giver signs with name and password; what is wrong stands in the form, or is the sentence."""
    giver = signer_of(request, "giver")
    if giver is None:
        return None, _("User name and password do not fit.")
    try:
        return act(giver), ""
    except Invalid as wrong:
        for name, message in wrong.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return None, ""
