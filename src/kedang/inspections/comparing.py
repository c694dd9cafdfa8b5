"""A stock check: what was scanned in a place, compared with what the books say.

Whatever stands in places takes part (``kedang.files.standing``): volumes, and what other apps offer.  Scanning a place
within the checked one says where the next things stand; so a thing in the wrong compartment of the right safe is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from kedang.files import labels, standing
from kedang.files.models import Place
from kedang.files.standing import Item
from kedang.files.viewing import Viewer
from kedang.inspections.models import FINDINGS, InspectionLine

MOST = 20_000  # scans of one check; a longer list is somebody's mistake


@dataclass
class Seen:
    """What the scans mean: things in order with the place where each was scanned, and labels that mean nothing."""

    things: dict[tuple[str, int], tuple[Item, Place]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    outside: list[Place] = field(default_factory=list)
    at: Place | None = None


def codes_in(text: str) -> list[str]:
    """The scans in a text, one a line, as a scanner with a memory gives them too."""
    return [one.strip()[:120] for one in text.splitlines() if one.strip()][:MOST]


def hidden(code: str) -> str:
    """What is kept of a label that means nothing here: it may be a stranger's, and say more than we may know."""
    plain = labels.plain(code)
    return plain if labels.FORM.fullmatch(plain.upper()) else f"{plain[:2]}…{plain[-2:]} ({len(plain)})"


def seen_in(viewer: Viewer, place: Place, codes: Iterable[str]) -> Seen:
    """Read the scans one after another; what was scanned twice counts once, where it was scanned last."""
    found = Seen(at=place)
    known = {(item.kind, item.pk): item for item in standing.expected(viewer, ids_within(place))}
    for code in codes:
        named = labels.read(code)
        thing: Item | Place | None = known.get(named) if named else None
        thing = thing or standing.found_by(viewer, code)
        if isinstance(thing, Place):
            if thing.path.startswith(place.path):
                found.at = thing
            else:
                found.outside.append(thing)
        elif thing is None:
            found.unknown += [code] if code not in found.unknown else []
        else:
            found.things[thing.kind, thing.pk] = (thing, found.at or place)
    return found


def ids_within(place: Place) -> list[int]:
    """A place and all that lies within it."""
    return list(Place.objects.filter(path__startswith=place.path).values_list("pk", flat=True))


def _line(item: Item, home: Place | None, outcome: str, place: Place | None = None, note: str = "") -> InspectionLine:
    return InspectionLine(
        thing=item.kind, ref=item.pk, title=item.title[:120], file_id=item.file, home=home.code if home else "",
        place=place.code if place else "", outcome=outcome, note=note[:200],
    )  # fmt: skip


def compare(viewer: Viewer, place: Place, seen: Seen) -> list[InspectionLine]:
    """The lines of a check, the findings first: missing, standing here but belonging elsewhere, unknown labels."""
    expected = {(item.kind, item.pk): item for item in standing.expected(viewer, ids_within(place))}
    wanted = {item.home for item, _at in seen.things.values()} | {item.home for item in expected.values()}
    homes = {one.pk: one for one in Place.objects.filter(pk__in=[pk for pk in wanted if pk is not None])}
    lines = [_scanned(item, homes.get(item.home or 0), at) for item, at in seen.things.values()]
    for key, item in expected.items():
        if key not in seen.things:
            outcome = "away" if item.away else "missing"
            lines.append(_line(item, homes.get(item.home or 0), outcome, note=item.away))
    lines += [InspectionLine(title=hidden(code), outcome="unknown") for code in seen.unknown]
    return in_order(lines)


def in_both_tongues(viewer: Viewer, place: Place, scanned: str) -> list[InspectionLine]:
    """The lines of a check to be kept: what the program notes of a thing stands in both languages in ``asked``."""
    found = {}
    for tongue, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            found[tongue] = compare(viewer, place, seen_in(viewer, place, codes_in(scanned)))
    english = {(one.thing, one.ref): one.note for one in found["en"] if one.note}
    for one in found["zh"]:
        if one.note:
            one.asked = {"zh": one.note, "en": english.get((one.thing, one.ref), one.note)[:200]}
    return found["zh"]


def _scanned(item: Item, home: Place | None, at: Place) -> InspectionLine:
    """A thing that was scanned: found where it belongs, or standing where it does not or should not."""
    if home is None or not home.path.startswith(at.path):
        return _line(item, home, "elsewhere", at)
    if item.away:
        told = _("By the books: %(away)s.") % {"away": item.away}
        return _line(item, home, "elsewhere", at, told)
    return _line(item, home, "found", at)


def in_order(lines: Sequence[InspectionLine]) -> list[InspectionLine]:
    """Findings first, then what is away, then what is found; within each by place and title."""
    rank = {one: number for number, one in enumerate((*FINDINGS, "away"))}
    return sorted(lines, key=lambda one: (rank.get(one.outcome, len(rank)), one.home, one.title))
