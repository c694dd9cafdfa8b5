"""The scan desk: one box for every label, and what a scan does in each mode.

A mode says what happens to what was scanned.  Apps above add theirs with ``offer`` from their ``ready`` (to lend, to
take back, to receive); the desk itself finds, puts away and fetches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.acts.answers import Invalid
from kedang.files import standing
from kedang.files.asking import acting
from kedang.files.models import Place, Volume
from kedang.files.place_services import move_volume, shelve_volume
from kedang.files.standing import Item
from kedang.files.viewing import Viewer


@dataclass(frozen=True)
class Scan:
    """One scan: what it means to whom, and what the scans before it left (``state``)."""

    request: HttpRequest
    viewer: Viewer
    thing: Item | Place
    state: dict[str, str]

    @property
    def acting(self) -> dict[str, Any]:
        """Actor, moment and token for a command; nobody was looking at a chain."""
        return acting(self.request) | {"seen": None}

    @property
    def reason(self) -> str:
        """What the person typed as the reason."""
        return self.request.POST.get("reason", "").strip()[:200]


@dataclass(frozen=True)
class Step:
    """What a scan did, in words, and what the next one finds.  ``ask`` is the question before something unusual."""

    text: str
    look: str = "success"
    state: dict[str, str] = field(default_factory=dict)
    ask: str = ""
    url: str = ""


@dataclass(frozen=True)
class Mode:
    """What the desk does with labels: its word, what to scan, and the answer to a scan."""

    key: str
    label: Promise | str
    hint: Promise | str
    answer: Callable[[Scan], Step]
    page: str = ""  # an address with more about what was just done


_modes: dict[str, Mode] = {}


def offer(mode: Mode) -> None:
    """Add a mode; called from an app's ``ready``."""
    _modes[mode.key] = mode


def modes() -> list[Mode]:
    """Every mode, in the order of the menus."""
    return list(_modes.values())


def volume_of(item: Item) -> Volume:
    """The row of a scanned volume.  Raises ``Invalid`` for another kind of thing."""
    if item.kind != "volume":
        raise Invalid({"code": _("%(thing)s is not a volume of a file.") % {"thing": item.title}})
    rows = Volume.objects.select_related("file__branch", "holder", "place", "home")
    return rows.get(pk=item.pk)


def find(scan: Scan) -> Step:
    """Lead to the page of what was scanned."""
    if isinstance(scan.thing, Place):
        return Step(str(scan.thing), url=reverse("files:place", args=[scan.thing.pk]))
    return Step(scan.thing.title, url=scan.thing.url)


def put(scan: Scan) -> Step:
    """Put volumes into places: a place and then each volume, or a volume and then its place."""
    if isinstance(scan.thing, Place):
        waiting = standing.found_by(scan.viewer, scan.state.get("volume", ""))
        if isinstance(waiting, Item):
            return _put(scan, waiting, scan.thing, {})
        return Step(_("Now scan what goes into %(place)s.") % {"place": scan.thing}, "info", {"place": scan.thing.code})
    place = Place.objects.filter(branch=scan.viewer.branch, code=scan.state.get("place", "")).first()
    if place is not None:
        return _put(scan, scan.thing, place, {"place": place.code})
    volume = volume_of(scan.thing)
    said = {"thing": scan.thing.title, "home": volume.home.code if volume.home else "–"}
    return Step(_("%(thing)s belongs in %(home)s. Now scan the place.") % said, "info", {"volume": scan.thing.code})


def _put(scan: Scan, item: Item, place: Place, state: dict[str, str]) -> Step:
    """Put one volume into one place; what belongs elsewhere is asked about first."""
    volume = volume_of(item)
    said = {"thing": item.title, "place": place.code, "home": volume.home.code if volume.home else ""}
    if volume.status == "shelved" and volume.place_id == place.pk:
        return Step(_("%(thing)s stands in %(place)s already.") % said, "info", state)
    if volume.home_id in (None, place.pk):
        shelve_volume(**scan.acting, volume=volume, place=place)
        return Step(_("%(thing)s stands in %(place)s now.") % said, state=state)
    pair = f"{item.code} {place.pk}"
    if scan.state.get("sure") != pair:
        question = _("%(thing)s belongs in %(home)s, not in %(place)s. Scan it once more, or press the button, if it "
                     "is to belong in %(place)s from now on.")  # fmt: skip
        return Step(
            question % said, "warning", state | {"sure": pair, "volume": item.code},
            ask=_("It belongs in %(place)s from now on") % said,
        )  # fmt: skip
    move_volume(**scan.acting, volume=volume, place=place, reason=scan.reason)
    return Step(_("%(thing)s stands in %(place)s now; before it belonged in %(home)s.") % said, state=state)


def fetch(scan: Scan) -> Step:
    """Take a volume from its place into the hand of who holds it; it keeps its home."""
    if isinstance(scan.thing, Place):
        return Step(_("This is a place. Scan the volume that you take out of it."), "warning")
    volume = volume_of(scan.thing)
    said = {"thing": scan.thing.title, "place": volume.place.code if volume.place else ""}
    move_volume(**scan.acting, volume=volume, place=None, reason=scan.reason)
    return Step(_("%(thing)s is taken out of %(place)s; it still belongs there.") % said)


def register() -> None:
    """Called once when the app is ready."""
    offer(Mode("put", gettext_lazy("Put away"),
               gettext_lazy("Scan a place and then each volume, or a volume and then its place."), put))  # fmt: skip
    offer(Mode("fetch", gettext_lazy("Fetch"), gettext_lazy("Scan each volume that you take in hand."), fetch))
    offer(Mode("find", gettext_lazy("Find"), gettext_lazy("Scan anything; its page opens."), find))
