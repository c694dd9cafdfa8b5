"""Writes of loans that several commands share."""

from __future__ import annotations

from kedang.files.models import Place, Record, Volume
from kedang.loans.models import Loan, LoanPaper
from kedang.staff.models import Person


def lend_volume(volume: Volume, borrower: Person) -> Place | None:
    """Give a volume to its borrower; its home, to which it comes back."""
    volume.holder, volume.place, volume.status = borrower, None, "lent"
    volume.save(update_fields=["holder", "place", "status"])
    return volume.home


def take_volume(volume: Volume, keeper: Person) -> None:
    """Take a lent volume into the keeper's hand."""
    volume.holder, volume.place, volume.status = keeper, None, "held"
    volume.save(update_fields=["holder", "place", "status"])


def list_papers(loan: Loan) -> int:
    """Write down each paper that goes out with its pages; the pages in all."""
    records = list(Record.objects.filter(file=loan.file, state__in=["present", "defective"]).order_by("pk"))
    LoanPaper.objects.bulk_create([LoanPaper(loan=loan, record=one, pages=one.pages) for one in records])
    return sum(one.pages for one in records)


def renewals_before(loan: Loan) -> int:
    """Returned and lent again to the same person on one day is one loan that goes on (a known way round the term)."""
    same = Loan.objects.filter(volume=loan.volume, borrower=loan.borrower, returned_on=loan.issued_on)
    last = same.exclude(pk=loan.pk).order_by("-pk").first()
    return last.renewals + 1 if last else 0
