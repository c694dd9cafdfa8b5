"""What a screen below may call a thing of a layer above: the number of a file, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from kedang.staff.models import Branch, Person

NamesOf = Callable[[Person, Branch, date, set[int]], dict[str, str]]

_namers: dict[str, NamesOf] = {}


def provide_names(kind: str, names: NamesOf) -> None:
    """Say how things of a kind are called; called from an app's ``ready``."""
    _namers[kind] = names


def names_of(kind: str, viewer: Person, branch: Branch, today: date, ids: Iterable[str]) -> dict[str, str]:
    """The names of these things by id, one query; without those of which the viewer may not know."""
    wanted = {int(one) for one in ids if one.isdecimal()}
    namer = _namers.get(kind)
    return namer(viewer, branch, today, wanted) if namer and wanted else {}
