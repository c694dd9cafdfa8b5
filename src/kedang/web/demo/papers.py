"""Papers of an invented file: which lines of a checklist are there, which follow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kedang.custody.models import Handover
from kedang.custody.supply_services import supply_handover
from kedang.files.models import File, Job, Place, Record, Volume
from kedang.files.place_services import register_place, shelve_volume
from kedang.files.record_services import answer_records
from kedang.staff.models import Person

if TYPE_CHECKING:
    from kedang.web.demo.life import House

OUTSTANDING = ("to_follow", "defective")
GAPS = ("客户尚未提供", "原件在办理中", "等待客户签字")


def answers(house: House, records: list[Record]) -> dict[str, dict[str, str]]:
    """An answer to every line: mostly present, at times to follow with its reason."""
    found: dict[str, dict[str, str]] = {}
    gappy = house.chance("missing")
    for record in records:
        form = "copy" if record.form == "unspecified" else record.form
        if gappy and record.counts and house.random.randrange(4) == 0:
            found[str(record.pk)] = {"state": "to_follow", "reason": house.random.choice(GAPS), "form": form}
        elif record.counts:
            pages = str(house.random.randint(1, 4))
            found[str(record.pk)] = {"state": "present", "form": form, "pages": pages}
        else:
            found[str(record.pk)] = {"state": "not_applicable", "form": form}
    return found


def answer_lists(house: House, file: File, job: Job | None, checklist: str, actor: Person, now: datetime) -> None:
    """Answer the lines of one checklist that nobody has answered yet."""
    from kedang.web.demo.life import try_it

    records = list(Record.objects.filter(file=file, job=job, checklist=checklist, state="missing"))
    if records:
        given = answers(house, records)
        try_it(house, answer_records, actor=actor, now=now, file=file, job=job, answers=given)


def supply_gaps(
    house: House, file: File, job: Job | None, checklist: str, giver: Person, receiver: Person, now: datetime
) -> Handover | None:
    """Bring what was to follow or has to be mended, listed and signed for; None where there is nothing to bring."""
    from kedang.web.demo.life import HOW, try_it

    gaps = Record.objects.filter(file=file, job=job, checklist=checklist, state__in=OUTSTANDING).order_by("pk")
    brought = {str(one.pk): None for one in gaps}
    if not brought:
        return None
    return try_it(
        house, supply_handover, actor=giver, now=now, file=file, job=job, checklist=checklist, brought=brought,
        giver=giver, receiver=receiver, how=HOW,
    )  # fmt: skip


def register_places(house: House, now: datetime) -> None:
    """The archive room, its racks and their shelves."""
    from kedang.web.demo.life import try_it

    actor = house.people[house.told["receiver"]][0]
    for one in house.told["places"]:
        given = {key: one[key] for key in ("code", "kind", "name", "capacity") if key in one}
        parent = Place.objects.filter(branch=house.branch, code=one.get("in", "")).first()
        try_it(house, register_place, actor=actor, now=now, branch=house.branch, parent=parent, **given)


def shelve(house: House, file: File, actor: Person, now: datetime) -> None:
    """Put the file's volumes into their place."""
    from kedang.web.demo.life import try_it

    places = list(Place.objects.filter(branch=house.branch, kind="shelf").order_by("pk"))
    for volume in Volume.objects.filter(file=file).select_related("file__branch"):
        if places:
            place = places[file.pk % len(places)]
            try_it(house, shelve_volume, actor=actor, now=now, volume=volume, place=place)
