"""What the scan desk does with loans: a label gives out what is asked for, takes back, says that all is counted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.acts.answers import Invalid
from kedang.files import scanning
from kedang.files.models import Place, Volume
from kedang.files.scanning import Mode, Scan, Step
from kedang.loans import services
from kedang.loans.models import OUT, Loan
from kedang.loans.queries import loans


def _volume(scan: Scan) -> Volume:
    """The scanned volume.  Raises ``Invalid`` for a place or another thing."""
    if isinstance(scan.thing, Place):
        raise Invalid({"code": _("This is a place. Scan the label of the file.")})
    return scanning.volume_of(scan.thing)


def _of(scan: Scan, volume: Volume, *statuses: str) -> list[Loan]:
    """The loans of a volume at these stages that the person may know of, the oldest first."""
    rows = loans(scan.viewer).filter(volume=volume, status__in=statuses)
    return list(rows.prefetch_related("papers").order_by("pk"))


def lend(scan: Scan) -> Step:
    """Give out what a slip asks for; where several people wait, the first of them after a question."""
    volume = _volume(scan)
    title = str(volume.file)
    out = _of(scan, volume, *OUT)
    if out:
        told: dict[str, Any] = {"thing": title, "person": out[0].borrower, "day": out[0].due_on.isoformat()}
        raise Invalid({"code": _("%(person)s has %(thing)s until %(day)s.") % told})
    waiting = _of(scan, volume, "requested")
    if not waiting:
        raise Invalid({"code": _("Nobody has asked for %(thing)s. It is lent without a slip on its page of loans.")
                       % {"thing": title}})  # fmt: skip
    first = waiting[0]
    told = {
        "thing": title,
        "person": first.borrower,
        "day": first.due_on.isoformat(),
        "n": len(waiting),
    }
    if len(waiting) > 1 and scan.state.get("sure") != f"loan {first.pk}":
        question = _("%(n)s people wait for %(thing)s; %(person)s asked first. Scan it once more to give it to them.")
        return Step(question % told, "warning", {"sure": f"loan {first.pk}"}, ask=_("Give it out"))
    services.issue_loan(**scan.acting, loan=first)
    return Step(_("%(thing)s is lent to %(person)s until %(day)s.") % told)


def take_back(scan: Scan) -> Step:
    """Take lent papers back, and with a second scan say that all of them were counted and nothing is marked.

    A gap or a mark is written down on the page of the loan.
    """
    volume = _volume(scan)
    out = _of(scan, volume, *OUT)
    if not out:
        where = volume.place.code if volume.place else str(volume.holder)
        told: dict[str, Any] = {"thing": str(volume.file), "where": where}
        raise Invalid({"code": _("%(thing)s is not lent; by the books it is here: %(where)s.") % told})
    loan = out[0]
    counted = f"loan {loan.pk}"
    if loan.status == "returned" and scan.state.get("sure") == counted:
        return _count(scan, loan)
    told = {
        "thing": str(volume.file), "n": len(loan.papers.all()), "pages": loan.pages_out, "person": loan.taken_by,
        "day": loan.returned_on,
    }  # fmt: skip
    if loan.status == "returned":
        text = _("%(person)s took %(thing)s back on %(day)s; it is still to be counted. Scan it once more when all "
                 "%(n)s papers, %(pages)s pages, are there without a mark.") % told  # fmt: skip
    else:
        services.return_loan(**scan.acting, loan=loan)
        text = _("%(thing)s is back. Scan it once more when all %(n)s papers, %(pages)s pages, are there without a "
                 "mark; else write down what lacks on the page of the loan.") % told  # fmt: skip
    return Step(text, "info", {"sure": counted}, ask=_("All there, nothing marked"))


def _count(scan: Scan, loan: Loan) -> Step:
    found = {str(one.pk): True for one in loan.papers.all()}
    services.check_loan(**scan.acting, loan=loan, found=found, pages_back=loan.pages_out, unmarked=True)
    volume = Volume.objects.select_related("place", "home").get(pk=loan.volume_id)
    told: dict[str, Any] = {"thing": str(loan.file), "place": volume.place or volume.home or "–"}
    if volume.status == "shelved":
        return Step(_("%(thing)s is counted; it belongs in %(place)s.") % told)
    return Step(_("%(thing)s is counted and in hand; put it away.") % told)


def register() -> None:
    """Called once when the app is ready."""
    scanning.offer(
        Mode("lend", gettext_lazy("Lend"), gettext_lazy("Scan a file for which a slip waits; it is given out."), lend)
    )
    back = gettext_lazy("Scan what comes back; scan it once more when all is counted.")
    scanning.offer(Mode("back", gettext_lazy("Receive back"), back, take_back))
