"""What the tests' worlds write behind the journal's back, told to it, so that its replay can be compared whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Model

from kedang.journal import parts, telling
from kedang.journal.guard import writing

LONG_AGO = date(2020, 1, 1)


def tell_the_founding() -> None:
    """Every row of a kept table is told, as the founding of a house does; called before anything acts."""
    tell_made(row for model in telling.kept() for row in model._base_manager.order_by("pk"))


def tell_made(rows: Iterable[Model]) -> None:
    """One event that tells rows which a test has made behind the journal's back."""
    event = parts.NewEvent("house.founded", ("house", "founding"), LONG_AGO, rows=telling.made(rows))
    with writing(), transaction.atomic():
        parts.append(
            act_id=uuid.uuid4(), act="house.found", events=[event], actor=None, branch=None,
            now=datetime(2020, 1, 1, tzinfo=UTC),
        )  # fmt: skip
