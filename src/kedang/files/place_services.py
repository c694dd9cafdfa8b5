"""The commands on places and on where volumes stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.files import parts, place_parts
from kedang.files.models import PLACE_KINDS, Place, Volume
from kedang.files.services import on_branch, parties_of, told_of
from kedang.staff.models import Branch

MOST = 1_000_000  # things in one place; whoever types more has slipped


def on_volume(volume: Volume, **_rest: Any) -> Concerning:
    """A command about a volume: the chain of its file is locked."""
    return Concerning(volume.file.branch, [Subject("file", str(volume.file_id))])


def on_volumes(branch: Branch, volumes: Sequence[Volume], **_rest: Any) -> Concerning:
    """A command about volumes of one branch: the chains of their files are locked, always in one order."""
    files = sorted({one.file_id for one in volumes})
    return Concerning(branch, [Subject("file", str(one)) for one in files])


def on_place(place: Place, **_rest: Any) -> Concerning:
    """A command about a place: its chain is locked."""
    return Concerning(place.branch, [Subject("place", str(place.pk))])


@command("volume.shelve", on_volume)
def shelve_volume(ctx: Ctx, *, volume: Volume, place: Place) -> Done:
    """Put a volume into its place; its holder still answers for it.  Raises ``Invalid`` for a full or closed place."""
    if place.branch_id != volume.file.branch_id:
        raise Invalid({"place": _("This place belongs to another branch.")})
    if volume.status == "lent":
        raise Invalid({"place": _("These papers are lent; take them back first.")})
    ctx.gate(things={"file": volume.file, "volume": volume, "place": place})
    place = place_parts.make_space(place, volume)
    parts.give_volume(volume, volume.holder, place)
    return Done(volume, [place_parts.stands("volume.shelved", volume, place)])


@command("volume.move", on_volume)
def move_volume(ctx: Ctx, *, volume: Volume, place: Place | None, reason: str = "") -> Done:
    """Let a volume belong and stand in another place from now on, or take it out of its place (no ``place``).

    Taken out, it is in the hands of who answers for it and keeps its home.  Raises ``Invalid`` for a full, closed or
    foreign place and for what is lent.
    """
    if volume.status == "lent":
        raise Invalid({"place": _("These papers are lent; take them back first.")})
    if place is None and volume.status != "shelved":
        raise Invalid({"place": _("These papers stand nowhere; they are in somebody's hands already.")})
    if place is not None and place.branch_id != volume.file.branch_id:
        raise Invalid({"place": _("This place belongs to another branch.")})
    if place is not None and place.pk == volume.place_id:
        raise Invalid({"place": _("These papers stand there already.")})
    why = reason.strip()[:200]
    things = {"file": volume.file, "volume": volume, "place": place or volume.home}
    ctx.gate(things=things, purpose=why, facts={"act.reason": "yes" if why else "no"})
    before = volume.place or volume.home
    place = place_parts.make_space(place, volume) if place else None
    parts.give_volume(volume, volume.holder, place)
    told = {"from": before.code if before else "", **({"why": why} if why else {})}
    return Done(volume, [place_parts.stands("volume.moved", volume, place, **told)])


@command("volume.label", on_volumes)
def label_volumes(ctx: Ctx, *, branch: Branch, volumes: Sequence[Volume]) -> Done:
    """Note that these volumes of a branch bear their labels now, each with the number of its file.

    Raises ``Invalid`` for a file that has no number yet: its label would say nothing.
    """
    if not volumes or any(not one.file.number or one.file.branch_id != branch.pk for one in volumes):
        raise Invalid({"volumes": _("A label says the number of the file; give it one first.")})
    for one in volumes:
        ctx.gate(things={"file": one.file, "volume": one})
    events = [
        NewEvent(
            "volume.labeled", subject=Subject("file", str(one.file_id)),
            about={"file": str(one.file_id), "volume": str(one.pk)},
            data={"label": one.file.number, "no": one.no, **told_of(one.file)}, parties=parties_of(one.file),
        )
        for one in volumes
    ]  # fmt: skip
    return Done(volumes, events)


def _event(name: str, place: Place) -> NewEvent:
    return NewEvent(
        name, subject=Subject("place", str(place.pk)), about={"place": str(place.pk)},
        data={
            "code": place.code, "name": place.name, "kind": place.kind, "parent": place.parent_id,
            "capacity": place.capacity, "closed": place.closed_on.isoformat() if place.closed_on else None,
        },
    )  # fmt: skip


def _checked(place: Place, code: str, kind: str, parent: Place | None, capacity: int | None) -> None:
    """Raise ``Invalid`` naming every field that is wrong."""
    wrong = {}
    if not code or Place.objects.filter(branch=place.branch, code=code).exclude(pk=place.pk).exists():
        wrong["code"] = _("Give the place a code of its own.")
    if kind not in dict(PLACE_KINDS):
        wrong["kind"] = _("Choose an answer.")
    told = place_parts.check_parent(parent, place if place.pk else None, place.branch_id)
    if told:
        wrong["parent"] = told
    if capacity is not None and not 1 <= capacity <= MOST:
        wrong["capacity"] = _("Write a number from 1, or leave it empty where nobody counts.")
    elif capacity is not None and place.pk and capacity < place_parts.taken(place):
        wrong["capacity"] = _("%(n)s volumes belong here already.") % {"n": place_parts.taken(place)}
    if wrong:
        raise Invalid(wrong)


@command("place.register", on_branch)
def register_place(
    ctx: Ctx, *, branch: Any, code: str, name: str = "", kind: str = "shelf", parent: Place | None = None,
    capacity: int | None = None,
) -> Done:  # fmt: skip
    """Register a place of the branch, in another one or on its own.  Raises ``Invalid`` by field."""
    code = code.strip()[:40]
    draft = Place(branch=branch, code=code, kind=kind, parent=parent, capacity=capacity)
    ctx.gate(things={"place": draft})
    _checked(draft, code, kind, parent, capacity)
    place = place_parts.make_place(branch, code, kind=kind, parent=parent, name=name.strip()[:100], capacity=capacity)
    return Done(place, [_event("place.registered", place)])


@command("place.edit", on_place)
def edit_place(
    ctx: Ctx, *, place: Place, code: str, name: str, kind: str, parent: Place | None, capacity: int | None,
    closed: bool = False,
) -> Done:  # fmt: skip
    """Rename a place, let it stand elsewhere, say how much it takes, close it or open it again.

    What belongs to it keeps its home; a place is closed when nothing belongs to it and all within it is closed.
    Raises ``Invalid`` by field.
    """
    code = code.strip()[:40]
    ctx.gate(things={"place": place})
    _checked(place, code, kind, parent, capacity)
    if closed and not place.closed_on:
        if place_parts.taken(place):
            raise Invalid({"closed": _("%(n)s volumes belong here already.") % {"n": place_parts.taken(place)}})
        if place.children.filter(closed_on=None).exists():
            raise Invalid({"closed": _("Close the places within it first.")})
    place.code, place.name, place.kind, place.capacity = code, name.strip()[:100], kind, capacity
    place.closed_on = (place.closed_on or ctx.today) if closed else None
    place.save(update_fields=["code", "name", "kind", "capacity", "closed_on"])
    if place.parent_id != (parent.pk if parent else None):
        place_parts.put_into(place, parent)
    return Done(place, [_event("place.edited", place)])
