"""What can stand in a place: volumes, and whatever an app above adds (``offer``).

An app that keeps other things in places, say in the compartments of a safe, offers them from its ``ready``::

    standing.offer(standing.Kind("certificate", "C", _("Certificate"), expected=…, one=…, typed=…))

Then their labels can be printed and scanned, they stand in the location index, and a stock check looks for them: what
belongs in the places that were checked (``expected``), and what a scanned label means (``one``).  Each function takes
the viewer and starts from what the viewer may find; what they may not find is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.files import labels
from kedang.files.models import Place, Volume
from kedang.files.queries import visible
from kedang.files.viewing import Viewer


@dataclass(frozen=True)
class Item:
    """One thing with a label.  ``title`` is what its label says: a number, nothing about a person.

    ``home`` is where it belongs, ``place`` where it stands by the books, both ids or nothing; ``away`` says in words
    why it does not stand in its home just now, and is empty where it should be found there.
    """

    kind: str
    pk: int
    title: str
    file: int
    home: int | None
    place: int | None
    away: str = ""
    url: str = ""

    @property
    def code(self) -> str:
        """The code on its label."""
        return labels.code_of(self.kind, self.pk)


@dataclass(frozen=True)
class Kind:
    """A kind of thing that stands in places: its name, the letter of its labels, and three reads."""

    kind: str
    letter: str
    name: Promise | str
    expected: Callable[[Viewer, Collection[int]], list[Item]]  # what belongs in any of these places
    one: Callable[[Viewer, int], Item | None]  # by the number in its label
    typed: Callable[[Viewer, str], Item | None]  # by what a person types


_kinds: dict[str, Kind] = {}


def offer(kind: Kind) -> None:
    """Add a kind of thing that stands in places; called from an app's ``ready``."""
    labels.declare(kind.kind, kind.letter)
    _kinds[kind.kind] = kind


def kinds() -> list[Kind]:
    """Every kind, volumes first."""
    return list(_kinds.values())


def name_of(kind: str) -> str:
    """What things of a kind are called."""
    return str(_kinds[kind].name) if kind in _kinds else kind


def expected(viewer: Viewer, places: Collection[int]) -> list[Item]:
    """All that belongs in any of these places, also what is away."""
    return [item for kind in kinds() for item in kind.expected(viewer, places)]


def known(viewer: Viewer, kind: str, pk: int) -> Item | None:
    """A thing as the books have it now; nothing where the viewer may not find it."""
    return _kinds[kind].one(viewer, pk) if kind in _kinds else None


def found_by(viewer: Viewer, text: str) -> Item | Place | None:
    """What a scanned label or a typed number means to this viewer: a thing, a place, or nothing.

    A code of what the viewer may not find means as little as a stranger's.
    """
    known = labels.read(text)
    if known is not None:
        kind, number = known
        if kind == "place":
            return Place.objects.filter(branch=viewer.branch, pk=number).select_related("branch", "parent").first()
        return _kinds[kind].one(viewer, number) if kind in _kinds else None
    wanted = labels.plain(text)
    if not wanted:
        return None
    place = Place.objects.filter(branch=viewer.branch, code=wanted).select_related("branch", "parent").first()
    things = [item for kind in kinds() if (item := kind.typed(viewer, wanted))]
    if place is not None:
        return None if things else place  # one word for two things: only the label tells them apart
    return things[0] if things else None


def _item(volume: Volume) -> Item:
    away = ""
    if volume.status == "lent":
        away = _("lent to %(person)s") % {"person": volume.holder}
    elif volume.status == "held":
        away = _("in the hands of %(person)s") % {"person": volume.holder}
    title = str(volume.file) + (f" / {volume.no}" if volume.no > 1 else "")
    url = reverse("files:file", args=[volume.file_id])
    return Item("volume", volume.pk, title, volume.file_id, volume.home_id, volume.place_id, away, url)


def items_of(volumes: Iterable[Volume]) -> list[Item]:
    """Volumes, read with file and holder, as things that stand in places."""
    return [_item(one) for one in volumes]


def volume_rows(viewer: Viewer) -> QuerySet[Volume]:
    """The volumes of the files that the viewer may know of."""
    return Volume.objects.filter(file__in=visible(viewer)).select_related("file", "holder")


def _expected(viewer: Viewer, places: Collection[int]) -> list[Item]:
    rows = volume_rows(viewer).filter(home__in=places).order_by("home__code", "file__number", "pk")
    return items_of(rows)


def _one(viewer: Viewer, pk: int) -> Item | None:
    found = volume_rows(viewer).filter(pk=pk).first()
    return _item(found) if found else None


def _typed(viewer: Viewer, text: str) -> Item | None:
    """A volume by its file's number; a further volume of the file as ``number / 2``."""
    number, _slash, no = text.partition(" / ")
    rows = volume_rows(viewer).filter(file__number=number, no=int(no) if no.isdecimal() and len(no) < 5 else 1)
    two = list(rows[:2])
    return _item(two[0]) if len(two) == 1 else None


def register() -> None:
    """Called once when the app is ready."""
    labels.declare("place", "P")
    offer(Kind("volume", "V", gettext_lazy("Volume"), expected=_expected, one=_one, typed=_typed))
