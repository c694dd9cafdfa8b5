"""Reads of loans; a borrower sees his own, others what they may find of the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from kedang.adoptions.queries import book_for
from kedang.files.labels import read
from kedang.files.models import File, Volume
from kedang.files.queries import visible
from kedang.files.viewing import Viewer
from kedang.lib.folding import Figure, counted
from kedang.loans.models import OUT, Consultation, Loan, LoanPaper
from kedang.loans.rules import terms_in
from kedang.rulebook import Book
from kedang.staff.models import Branch, Person

ROWS = 50
TABS = ("", "requested", "returned", "overdue", "closed", "mine")


def loans(viewer: Viewer) -> QuerySet[Loan]:
    """Loans of files that the viewer may know of, and the viewer's own."""
    rows = Loan.objects.filter(Q(file__in=visible(viewer)) | Q(borrower=viewer.person), branch=viewer.branch)
    return rows.select_related("file__branch", "volume", "borrower", "issued_by", "taken_by", "home", "branch")


def in_tab(viewer: Viewer, tab: str) -> QuerySet[Loan]:
    """The loans of one tab, the most urgent first."""
    rows = loans(viewer)
    if tab == "mine":
        return rows.filter(borrower=viewer.person).order_by("-pk")
    if tab == "overdue":
        return rows.filter(status="issued", due_on__lt=viewer.today).order_by("due_on", "pk")
    if tab == "closed":
        return rows.filter(status__in=["closed", "withdrawn"]).order_by("-pk")
    return rows.filter(status=tab or "issued").order_by("due_on", "pk")


def access_loan(viewer: Viewer, pk: int) -> Loan:
    """One loan with its papers.  404 where the viewer may not know of it."""
    papers = Prefetch("papers", LoanPaper.objects.select_related("record").prefetch_related("record__scans"))
    rows = loans(viewer).select_related("loss").prefetch_related(papers, "file__roles", "file__volumes")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def access_consultation(viewer: Viewer, pk: int) -> Consultation:
    """One consultation of a file that the viewer may know of."""
    rows = Consultation.objects.filter(branch=viewer.branch, file__in=visible(viewer))
    found = rows.select_related("file__branch", "reader", "branch").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def volume_of(file: File) -> Volume:
    """The first volume of a file, as the counter lends it.  404 where there is none."""
    found = file.volumes.select_related("file__branch", "place", "holder").first()
    if found is None:
        raise Http404
    return found


def volume_read(file: File) -> Volume:
    """The same of a file that was read with its volumes, asking nothing more: to be shown, not to be changed."""
    found = next(iter(file.volumes.all()), None)
    if found is None:
        raise Http404
    found.file = file
    return found


@dataclass(frozen=True)
class OnFile:
    """What stands between a file and its shelf: who has it, who waits, who reads it now."""

    out: Loan | None
    waiting: list[Loan]
    reading: list[Consultation]
    past: list[Loan]


def of_file(viewer: Viewer, file: File) -> OnFile:
    """The loans and readings of one file, newest first."""
    rows = list(loans(viewer).filter(file=file)[:ROWS])
    reading = Consultation.objects.filter(file=file, closed_at=None).select_related("reader")
    return OnFile(
        next((one for one in rows if one.status in OUT), None),
        [one for one in rows if one.status == "requested"],
        list(reading),
        [one for one in rows if one.status in ("closed", "withdrawn")],
    )


def by_label(viewer: Viewer, text: str) -> File | None:
    """The file whose number stands on a scanned label; nothing for a stranger's label."""
    known = read(text)
    rows = visible(viewer).select_related("branch", "customer")
    if known is not None:
        return rows.filter(volumes=known[1]).first() if known[0] == "volume" else None
    return rows.filter(number=text.strip()).first() if text.strip() else None


def uses(viewer: Viewer, rows: int = ROWS) -> list[dict[str, Any]]:
    """The register of use (DA/T 94 §12.3): who had or read which file for what, the latest first."""
    lent = loans(viewer).exclude(status__in=["requested", "withdrawn"]).order_by("-pk")[:rows]
    read = Consultation.objects.filter(branch=viewer.branch, file__in=visible(viewer))
    read = read.select_related("file", "reader").order_by("-pk")[:rows]
    found: list[dict[str, Any]] = [
        {
            "what": "loan", "day": one.issued_on, "until": one.closed_on, "who": one.borrower, "file": one.file,
            "purpose": one.purpose, "effect": one.note, "loan": one,
        }
        for one in lent
    ] + [
        {
            "what": "consultation", "day": one.opened_at.date(), "until": one.closed_at and one.closed_at.date(),
            "who": one.reader, "file": one.file, "purpose": one.purpose, "effect": one.effect, "loan": None,
        }
        for one in read
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row["day"], row["file"].pk), reverse=True)[:rows]


def state_of(loan: Loan, viewer: Viewer) -> str:
    """The state as a dot shows it."""
    if loan.status != "issued":
        return {"requested": "waiting", "returned": "received", "closed": "done", "withdrawn": "dropped"}[loan.status]
    if loan.due_on < viewer.today:
        return "late"
    return "due" if loan.due_on <= remind_until(viewer.book, viewer.today) else "open"


def remind_until(book: Book, today: date) -> date:
    """Whose day of return is this or an earlier one is reminded today."""
    return today + timedelta(days=terms_in(book).remind)


def menu_shape(_viewer: Person, branch: Branch, today: date) -> tuple[date]:
    """The last day of return of which borrowers are reminded today."""
    return (remind_until(book_for(branch, today), today),)


def menu_counts(viewer: Any, branch: Any, today: Any, soon: date) -> dict[str, Figure]:
    """How many of this person's loans are overdue, and how many are due until a day."""
    rows = Loan.objects.filter(branch=branch, borrower=viewer, status="issued")
    return {
        "loans:list": Figure(counted(rows.filter(due_on__lt=today))),
        "loans:soon": Figure(counted(rows.filter(due_on__gte=today, due_on__lte=soon))),
    }


def counts(viewer: Viewer) -> dict[str, int]:
    """How many loans stand at each stage, for the tabs; one query."""
    rows = loans(viewer).order_by()
    late = Count("pk", filter=Q(status="issued", due_on__lt=viewer.today))
    return rows.aggregate(
        issued=Count("pk", filter=Q(status="issued")), requested=Count("pk", filter=Q(status="requested")),
        returned=Count("pk", filter=Q(status="returned")), overdue=late,
    )  # fmt: skip
