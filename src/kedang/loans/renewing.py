"""Whether a loan may be renewed now, whatever day is chosen."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from kedang.loans.models import Loan
from kedang.loans.rules import Terms, latest_day


def bar(loan: Loan, terms: Terms, today: date) -> str:
    """Why no day may be chosen, in a sentence; empty where one may."""
    if loan.renewals >= terms.renewals:
        said = _("This loan has been renewed %(n)s times already; bring the papers back first.")
        return said % {"n": loan.renewals}
    if loan.recalled_on:
        return _("These papers have been called back.")
    if latest_day(terms, today) <= loan.due_on:
        first = loan.due_on - timedelta(days=terms.days - 1)
        said = _("It is due on %(due)s, and no later day is open yet: it can be renewed from %(first)s on.")
        return said % {"due": loan.due_on.isoformat(), "first": first.isoformat()}
    return ""
