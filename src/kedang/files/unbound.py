"""What is recorded for a day on which the policy did not bind yet: kept without a duty, and a sentence says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kedang.adoptions.queries import books


def tell_if_unbound(request: HttpRequest, kind: Any, milestone: str, on: date) -> None:
    """Say after saving that no duty opens, where clauses that ask for one came into force after the day given."""
    there: Any = request
    step = kind.milestones.get(milestone) if kind else None
    if step is None or on >= there.today:
        return
    asking = [since for since, _until, book in books(there.branch, on, there.today) if book.duties_after(step.event)]
    if asking and asking[0] > on:
        said = _("Recorded. What follows from it is regulated from %(first)s on only: for %(day)s no duty opens.")
        messages.warning(request, said % {"first": asking[0].isoformat(), "day": on.isoformat()})
