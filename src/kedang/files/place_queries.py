"""Reads of places: the tree, how full each is, which volume stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex
from django.http import Http404

from kedang.files.models import Place, Volume
from kedang.files.queries import visible
from kedang.files.standing import Item, items_of
from kedang.files.viewing import Viewer
from kedang.lib.folding import counted
from kedang.lib.whole import whole

SIZE = 50
SHEET = 96  # labels of one print: four sheets of 24


@dataclass
class Page:
    """A page by key, for ``components/pager.html``; it only goes on, as one walks along the shelves."""

    rows: list[Any]
    has_next: bool
    next_key: str
    count_label: str = ""
    has_previous: bool = False
    previous_key: str = ""


def places(viewer: Viewer) -> QuerySet[Place]:
    """The places of the branch by code, the closed ones last."""
    rows = Place.objects.filter(branch=viewer.branch).select_related("parent")
    return rows.order_by("code")


def access_place(viewer: Viewer, pk: int) -> Place:
    """One place of the viewer's branch, else 404."""
    found = places(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.branch = viewer.branch
    return found


def around(place: Place) -> list[Place]:
    """The places in which a place lies, the outermost first."""
    ids = [int(one) for one in place.path.split("/") if one and int(one) != place.pk]
    rows = {one.pk: one for one in Place.objects.filter(pk__in=ids)} if ids else {}
    return [rows[one] for one in ids if one in rows]


def within(viewer: Viewer, parent: Place | None, after: str = "") -> Page:
    """The places directly in another one (or in none): one page by code.

    With each how much belongs in it and in all that lies within it (``taken``, up to a cap), and in itself (``here``).
    """
    rows = places(viewer).filter(parent=parent)
    if after:
        rows = rows.filter(code__gt=after)
    found: list[Any] = list(rows.annotate(taken=counted(_within(viewer)))[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    known = Volume.objects.filter(home__in=[one.pk for one in found], file__in=visible(viewer)).order_by()
    counts = dict(known.values_list("home").annotate(n=Count("pk")))
    inner = dict(
        Place.objects.filter(parent__in=[one.pk for one in found])
        .order_by()
        .values_list("parent")
        .annotate(n=Count("pk"))
    )
    shaped = [
        {"place": one, "taken": one.taken, "here": counts.get(one.pk, 0), "inner": inner.get(one.pk, 0)}
        for one in found
    ]
    return Page(shaped, more, found[-1].code if found else "")


def _within(viewer: Viewer) -> QuerySet[Volume]:
    """What belongs in the outer query's place and in all below it.

    The bounds let an index find the paths; a letter follows every digit and slash in whatever order the database sorts,
    and the last condition is the exact one.
    """
    path = OuterRef(OuterRef("path"))
    last = Concat(path, Value("a"))
    inside = Place.objects.filter(branch=viewer.branch, path__gte=path, path__lt=last)
    exact = inside.alias(begins=StrIndex("path", path)).filter(begins=1)
    return Volume.objects.filter(home__in=exact.order_by().values("pk"), file__in=visible(viewer))


def belonging(viewer: Viewer, place: Place, after: str = "", size: int = SIZE) -> Page:
    """What belongs in a place and in all that lies within it, by place and then by file: one page by key.

    The key is the code of a place and the id of a volume.  First the places that have something are read, then what
    they have, so that a long room costs as little as a short shelf.
    """
    rows = Volume.objects.filter(file__in=visible(viewer))
    code, _bar, last = after.rpartition("|")
    inside = Place.objects.filter(branch=viewer.branch, path__startswith=place.path)
    inside = inside.filter(Exists(rows.filter(home=OuterRef("pk"))))
    key = whole(last) or 0
    if code:
        inside = inside.filter(code__gte=code)
    ids = list(inside.order_by("code").values_list("pk", flat=True)[: size + 2])
    found = rows.filter(home__in=ids).select_related("file", "holder", "home", "place")
    if code:
        found = found.filter(Q(home__code__gt=code) | Q(home__code=code, pk__gt=key))
    taken = list(found.order_by("home__code", "pk")[: size + 1])
    more, taken = len(taken) > size, taken[:size]
    items: list[Item] = items_of(taken)
    shaped = [{"volume": one, "item": item} for one, item in zip(taken, items, strict=True)]
    return Page(shaped, more, f"{taken[-1].home.code}|{taken[-1].pk}" if taken and taken[-1].home else "")


def below(viewer: Viewer, place: Place, after: str = "") -> Page:
    """A place and all within it, for its labels: one page by code."""
    rows = places(viewer).filter(path__startswith=place.path)
    if after:
        rows = rows.filter(code__gt=after)
    found = list(rows[: SHEET + 1])
    more, found = len(found) > SHEET, found[:SHEET]
    return Page(found, more, found[-1].code if found else "")
