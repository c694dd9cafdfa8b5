"""What a screen below may call a thing of a layer above: the number of a file, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from kedang.staff.models import Branch, Person

NamesOf = Callable[[Person, Branch, date, set[int]], dict[str, str]]
DetailsOf = Callable[[str, int], list[tuple[str, str]]]

_namers: dict[str, NamesOf] = {}
_details: dict[str, DetailsOf] = {}


def provide_names(kind: str, names: NamesOf) -> None:
    """Say how things of a kind are called; called from an app's ``ready``."""
    _namers[kind] = names


def names_of(kind: str, viewer: Person, branch: Branch, today: date, ids: Iterable[str]) -> dict[str, str]:
    """The names of these things by id, one query; without those of which the viewer may not know."""
    wanted = {int(one) for one in ids if one.isdecimal()}
    namer = _namers.get(kind)
    return namer(viewer, branch, today, wanted) if namer and wanted else {}


def provide_details(noun: str, about_kind: str, details: DetailsOf) -> None:
    """Say what stands behind a request to act on a noun, asked about a kind of thing; called from an app's ``ready``.

    ``details`` is given the thing's id and who asks, and gives labels with values.
    """
    _details[f"{noun}:{about_kind}"] = details


def details_of(act: str, about_kind: str, about_id: str, asker: int) -> list[tuple[str, str]]:
    """What whoever answers a request about a thing wants to know of it; nothing where no app has more to say."""
    details = _details.get(f"{act.partition('.')[0]}:{about_kind}")
    return details(about_id, asker) if details else []
