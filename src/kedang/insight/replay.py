"""What the journal says of frozen figures, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kedang.insight.models import Frozen
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay


def expected(measure: str, entries: list[Entry]) -> Iterator[Expected]:
    """The figures as they were frozen."""
    for entry in entries:
        if entry.name == "measure.frozen":
            told = entry.data
            values = {key: told[key] for key in ("clause", "name", "every", "figures")}
            days = {key: date.fromisoformat(told[key]) for key in ("first", "last")}
            yield Expected(Frozen, int(measure), {**values, **days, "frozen_by_id": entry.actor})


def register() -> None:
    """Called once when the app is ready."""
    register_replay("measure", expected, models=[Frozen])
