"""Writes of loans that several commands share."""

from __future__ import annotations

from collections.abc import Sequence

from kedang.files.models import Place, Volume
from kedang.loans.models import Loan, LoanPaper
from kedang.loans.rules import papers_of
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


def is_settled(loan: Loan, missing: Sequence[LoanPaper], pages_back: int) -> bool:
    """Whether all that is missing was reported as lost, and that was settled."""
    if loan.loss is None or loan.loss.status != "closed":
        return False
    return all(one.state == "missing" for one in missing) and pages_back + loan.pages_lost >= loan.pages_out


def list_papers(loan: Loan) -> int:
    """Write down each paper that goes out with its pages; the pages in all."""
    records = papers_of(loan)
    LoanPaper.objects.bulk_create([LoanPaper(loan=loan, record=one, pages=one.pages) for one in records])
    return sum(one.pages for one in records)


def renewals_before(loan: Loan) -> int:
    """Returned and lent again to the same person on one day is one loan that goes on (a known way round the term)."""
    same = Loan.objects.filter(volume=loan.volume, borrower=loan.borrower, returned_on=loan.issued_on)
    last = same.exclude(pk=loan.pk).order_by("-pk").first()
    return last.renewals + 1 if last else 0
