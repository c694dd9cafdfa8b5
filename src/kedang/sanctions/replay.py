"""What a breach's chain says its rows must hold; `kedang verify --state` names the row that disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay
from kedang.sanctions.models import Breach, Sanction

STATUS = {"sanction.heard": "heard", "sanction.imposed": "imposed", "sanction.waived": "waived",
          "sanction.quashed": "quashed"}  # fmt: skip


def _number(value: object) -> Decimal | None:
    return Decimal(str(value)) if value not in (None, "") else None


def replayed(ref: str, entries: Iterable[Entry]) -> Iterator[Expected]:
    """The breach and its sanction after all events of its chain."""
    breach: dict[str, object] = {}
    sanction: dict[str, object] = {}
    for entry in entries:
        if entry.name == "breach.raised":
            breach = {
                "kind": entry.data["kind"], "name": entry.data["what"], "person_id": int(entry.data["person"]),
                "units": entry.data["units"], "happened_on": entry.happened_on, "status": "proposed",
            }  # fmt: skip
        elif entry.name == "correction.ordered":
            breach["ordered_on"] = entry.happened_on
        elif entry.name == "breach.corrected":
            breach["corrected_on"] = entry.happened_on
        if entry.name in STATUS:
            breach["status"] = STATUS[entry.name]
        if entry.name in ("sanction.imposed", "sanction.waived"):
            sanction = {
                "amount_cny": _number(entry.data.get("amount_cny")), "percent": _number(entry.data.get("percent")),
                "measure": entry.data.get("measure", ""), "decided_by_id": entry.actor,
                "decided_on": date.fromisoformat(entry.data["decided_on"]),
            }  # fmt: skip
    if breach:
        yield Expected(Breach, int(ref), breach)
    if sanction:
        yield Expected(Sanction, int(ref), sanction)


def register() -> None:
    """Make both tables part of the check."""
    register_replay("breach", replayed, models=(Breach, Sanction))
