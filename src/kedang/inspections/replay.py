"""What the journal says of inspections, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator

from kedang.inspections.models import Inspection, InspectionLine
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay


def expected(ref: str, entries: list[Entry]) -> Iterator[Expected]:
    """An inspection as its chain tells it: round, place, findings, when it was held and mended; each line's outcome."""
    values: dict[str, object] = {}
    lines: list[str] = []
    mended: dict[int, dict[str, object]] = {}
    for entry in entries:
        if entry.name == "inspection.held":
            lines = entry.data["lines"]
            values = {
                "round": entry.data["round"], "findings": entry.data["findings"], "place_id": entry.data["place_id"],
                "held_on": entry.happened_on, "held_by_id": entry.actor, "mended_on": None, "mended_by_id": None,
            }  # fmt: skip
        by = {"mended_on": entry.happened_on, "mended_by_id": entry.actor}
        if entry.name == "inspection.mended":
            values |= by
        if "left" in entry.data:  # older events do not say it of each line
            for no in entry.data["mended"]:
                went = {"way": entry.data["ways"].get(str(no), "")} if "ways" in entry.data else {}
                mended[no] = by | went
    if values:
        yield Expected(Inspection, int(ref), values)
    rows = dict(InspectionLine.objects.filter(inspection=int(ref)).values_list("no", "pk"))
    for number, said in enumerate(lines, start=1):
        outcome, thing, *more = said.split(":", 2)
        named = {"thing": thing, "ref": int(more[0])} if more and more[0].isdecimal() and thing else {}
        yield Expected(InspectionLine, rows.get(number, 0), {"outcome": outcome, **named, **mended.get(number, {})})


def register() -> None:
    """Called once when the app is ready."""
    register_replay("inspection", expected, models=[Inspection, InspectionLine])
