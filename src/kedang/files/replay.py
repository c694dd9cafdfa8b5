"""What the journal says of volumes and places, for ``kedang verify --state``: who holds each, where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kedang.files.models import Place, Volume
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay


@dataclass
class State:
    """A volume as the events so far tell it."""

    holder: int | None
    place: int | None = None
    home: int | None = None
    status: str = "held"

    def stand(self, place: int | None) -> None:
        """It stands in a place and belongs there, or, without one, is in its holder's hands."""
        self.place, self.home = place, place or self.home
        self.status = "shelved" if place else "held"

    def go(self, holder: int, status: str) -> None:
        """It is in somebody's hands, lent or not; its home stays."""
        self.holder, self.place, self.status = holder, None, status


def _place_of(entry: Entry) -> int | None:
    """Where a volume was put: the id, or of an older event the place that bears the code that it names."""
    if "place_id" in entry.data:
        found: int | None = entry.data["place_id"]
        return found
    row = Place.objects.filter(branch=entry.branch, code=entry.data.get("place", "")).first()
    return row.pk if row else None


def _move(volumes: dict[str, State], entry: Entry) -> None:
    """Let one event move the volumes of its file."""
    if entry.name == "handover.received":
        for one in volumes.values():
            if str(one.holder) == entry.data["giver"] and one.status != "lent":
                one.go(int(entry.data["receiver"]), "held")
    volume = volumes.get(entry.about.get("volume", ""))
    if volume is None:
        return
    if entry.name in ("volume.shelved", "volume.moved"):
        volume.stand(_place_of(entry))
    elif entry.name == "loan.issued":
        volume.go(int(entry.data["borrower"]), "lent")
    elif entry.name == "loan.passed_on":
        volume.holder = int(entry.data["borrower"])
    elif entry.name == "loan.returned":
        volume.go(int(entry.data["keeper"]), "held")


def expected(file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The volumes of one file as its chain tells them; whoever opened the file had them first."""
    opened = next((one for one in entries if one.name == "file.opened"), None)
    if opened is None or not file.isdecimal():
        return
    rows = Volume.objects.filter(file=int(file)).order_by("no").values_list("pk", flat=True)
    volumes = {str(pk): State(opened.actor) for pk in rows}
    for entry in entries:
        _move(volumes, entry)
    for pk, one in volumes.items():
        values = {"holder_id": one.holder, "place_id": one.place, "home_id": one.home, "status": one.status}
        yield Expected(Volume, int(pk), values)


def places(ref: str, entries: list[Entry]) -> Iterator[Expected]:
    """A place as its chain tells it; what older events do not say is not compared."""
    if not entries or not ref.isdecimal():
        return
    last = entries[-1].data
    columns = {"code": "code", "name": "name", "kind": "kind", "parent": "parent_id", "capacity": "capacity"}
    yield Expected(Place, int(ref), {columns[key]: last[key] for key in columns if key in last} or {"id": int(ref)})


def register() -> None:
    """Called once when the app is ready."""
    register_replay("file", expected, models=[Volume])
    register_replay("place", places)
