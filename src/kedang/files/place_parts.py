"""Writes of places that several commands share, and how full a place is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid, NewEvent, Subject
from kedang.files.models import Place, Volume
from kedang.files.services import parties_of, told_of
from kedang.staff.models import Branch

DEEPEST = 8  # a box on a shelf of a rack in a room of a house is five


def make_place(branch: Branch, code: str, *, kind: str = "shelf", parent: Place | None = None, **given: Any) -> Place:
    """Write a new place and its path; ``given`` are ``name`` and ``capacity``.  Only within a command."""
    place = Place.objects.create(branch=branch, code=code, kind=kind, parent=parent, **given)
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    return place


def put_into(place: Place, parent: Place | None) -> None:
    """Let a place stand in another one; all that lies in it comes along."""
    old, new = place.path, f"{parent.path if parent else '/'}{place.pk}/"
    place.parent = parent
    place.save(update_fields=["parent"])
    if new == old:
        return
    for one in Place.objects.filter(path__startswith=old):
        one.path = new + one.path[len(old) :]
        one.save(update_fields=["path"])
    place.path = new


def depth_of(place: Place | None) -> int:
    """How many places lie around something in a place, itself among them; 0 without one."""
    return place.path.count("/") - 1 if place else 0


def height_of(place: Place) -> int:
    """How many places lie in each other below a place, itself among them."""
    paths = Place.objects.filter(path__startswith=place.path).values_list("path", flat=True) if place.path else []
    return max((path.count("/") - place.path.count("/") for path in paths), default=0) + 1


def check_parent(parent: Place | None, place: Place | None, branch_id: int) -> str:
    """Why a place cannot stand in another; empty where it can."""
    if parent is None:
        return ""
    if parent.branch_id != branch_id:
        return _("This place belongs to another branch.")
    if parent.closed_on:
        return _("This place is closed.")
    if place is not None and parent.path.startswith(place.path):
        return _("A place cannot stand in itself.")
    if depth_of(parent) + (height_of(place) if place else 1) > DEEPEST:
        return _("Places lie in each other at most %(n)s deep.") % {"n": DEEPEST}
    return ""


def taken(place: Place) -> int:
    """How many volumes belong to a place, those among them that are lent or in hand just now."""
    return Volume.objects.filter(home=place).count()


def make_space(place: Place, volume: Volume | None = None) -> Place:
    """The place as it is now, locked until the act ends, so that the last gap is filled once.

    Raises ``Invalid`` for a closed or full place; a volume that belongs here already finds its own gap.
    """
    now = Place.objects.select_for_update(of=("self",)).select_related("branch").get(pk=place.pk)
    if now.closed_on:
        raise Invalid({"place": _("%(place)s is closed; choose another place.") % {"place": now.code}})
    if now.capacity is None or (volume is not None and volume.home_id == now.pk):
        return now
    here = taken(now)
    if here >= now.capacity:
        said = {"place": now.code, "n": here, "most": now.capacity}
        raise Invalid({"place": _("%(place)s is full: %(n)s of %(most)s belong here. Choose another place, or say "
                                  "in the list of places that it has more room.") % said})  # fmt: skip
    return now


def stands(name: str, volume: Volume, place: Place | None, **data: Any) -> NewEvent:
    """An event of where a volume stands; without a place its holder has it in hand."""
    return NewEvent(
        name, subject=Subject("file", str(volume.file_id)),
        about={"file": str(volume.file_id), "volume": str(volume.pk)},
        data={
            "place": place.code if place else "", "place_id": place.pk if place else None, **told_of(volume.file),
            **data,
        },
        parties=parties_of(volume.file),
    )  # fmt: skip
