"""The list of files, by page and by search: its SQL is made once for each shape, the values are filled in each time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kedang.customers.tokens import query_groups
from kedang.files.folded import take, warm_keys, with_people_and_values
from kedang.files.models import File, FileRole, SearchToken, Volume
from kedang.files.queries import with_tokens
from kedang.files.viewing import Tree, Viewer, within
from kedang.lib.folding import counted
from kedang.lib.prepared import prepared
from kedang.lib.whole import whole
from kedang.staff.models import Branch

COUNT_CAP = 1000
PAGE = 20
COLUMNS = {"kind": "kind", "number": "number__startswith"}  # open fields that an address may narrow the list by
TABS = ("", "mine", "incomplete", "held")


@dataclass(frozen=True)
class Asked:
    """Which files a list asks for: the shape of its query, and the values in it."""

    shape: tuple[Hashable, ...]
    values: dict[str, Any]


def listed(viewer: Viewer, query: Mapping[str, str]) -> Asked:
    """The files that the viewer may know of, by the tab and the open fields of an address."""
    columns = {name: query[name] for name in COLUMNS if query.get(name)}
    tab = query.get("tab", "") if query.get("tab") in TABS else ""
    return Asked((viewer.tree, tab, tuple(columns), ()), {"branch": viewer.branch, "me": viewer.person, **columns})


def sought(viewer: Viewer, text: str) -> Asked | None:
    """Those that answer a typed query, as ``queries.found_by``; nothing where nothing is asked."""
    groups = [sorted(group) for group in query_groups(text)]
    tokens = {_place(no, at): token for no, group in enumerate(groups) for at, token in enumerate(group)}
    shape = (viewer.tree, "", (), tuple(len(group) for group in groups))
    return Asked(shape, {"branch": viewer.branch, "me": viewer.person, **tokens}) if groups else None


def _place(group: int, at: int) -> str:
    return f"token_{group}_{at}"


def _rows(
    tree: Tree, tab: str, columns: tuple[str, ...], groups: tuple[int, ...], *, branch: Any, me: Any, most: int,
    key: Any = None, side: str = "", **values: Any,
) -> QuerySet[File]:  # fmt: skip
    """The files asked for, in no order; of those found through another table at least the first ``most``."""
    found = _beyond(File.objects.filter(within(tree, branch, me)), "pk", side, key)
    for name in columns:
        found = found.filter(**{COLUMNS[name]: values[name]})
    if tab == "incomplete":
        found = found.filter(complete__in=(False,))  # as a comparison, for which SQLite uses the index
    tokens = [[values[_place(no, at)] for at in range(size)] for no, size in enumerate(groups)]
    walks: list[QuerySet[Any]] = [SearchToken.objects.filter(token=one) for one in tokens[-1]] if tokens else []
    if tab == "mine":
        walks = [FileRole.objects.filter(person=me), Volume.objects.filter(holder=me)]
    elif tab == "held":
        walks = [Volume.objects.filter(status="held")]
    found = with_tokens(found, tokens[:-1])
    return _walked(found, [_beyond(one, "file_id", side, key) for one in walks], side, most) if walks else found


def _beyond(rows: QuerySet[Any], name: str, side: str, key: Any) -> QuerySet[Any]:
    return rows.filter(**{f"{name}__{'gt' if side == 'before' else 'lt'}": key}) if side else rows


def _walked(found: QuerySet[File], walks: list[QuerySet[Any]], side: str, most: int) -> QuerySet[File]:
    """The first ``most`` files of each walk, put together.

    A walk goes along its own index in the order of files and stops when it has enough, so that it takes no longer
    where a million files bear the name than where a thousand do.
    """
    order = "file_id" if side == "before" else "-file_id"
    there = Exists(found.filter(pk=OuterRef("file_id")))  # asked row by row: as a set it would be all files first
    ids = [one.filter(there).order_by(order).values("file_id").distinct()[:most] for one in walks]
    parts = [File.objects.filter(pk__in=one).order_by().values("pk") for one in ids]
    return File.objects.filter(pk__in=parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])


def _first(*shape: Any, **values: Any) -> QuerySet[Any]:
    return _rows(*shape, most=2, **values).order_by("-pk").values_list("pk", flat=True)[:2]


def _number(*shape: Any, branch: Any, **values: Any) -> QuerySet[Any]:
    found = counted(_rows(*shape, branch=branch, most=COUNT_CAP + 1, **values), COUNT_CAP)
    return Branch.objects.filter(pk=branch).order_by().values_list(found, flat=True)


def _page(side: str, size: int, *shape: Any, key: Any, **values: Any) -> QuerySet[File]:
    rows = with_people_and_values(_rows(*shape, most=size, side=side, key=key, **values))
    return rows.order_by("pk" if side == "before" else "-pk")[:size]


@dataclass
class Page:
    """One page of a list by key."""

    rows: list[File]
    has_previous: bool
    has_next: bool
    previous_key: int | None
    next_key: int | None
    count: int
    count_label: str = ""


def key_of(text: str) -> int | None:
    """A page key from the address, or nothing."""
    return whole(text)


def only_one(asked: Asked) -> int | None:
    """The key of the file if it is the only one."""
    found = prepared(_first, *asked.shape, **asked.values)
    return found[0] if len(found) == 1 else None


def page_of(asked: Asked, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """The files after or before a key, newest first, and their count up to the cap."""
    low, high = key_of(after), key_of(before)
    side = "before" if high is not None else "after" if low is not None else ""
    [count] = prepared(_number, *asked.shape, **asked.values)
    found = prepared(_page, side, size + 1, *asked.shape, key=high if side == "before" else low or 0, **asked.values)
    more, found = len(found) > size, found[:size]
    if side == "before":
        found.reverse()
    warm_keys([take(file) for file in found])
    first, last = (found[0].pk, found[-1].pk) if found else (None, None)
    return Page(found, more if side == "before" else side == "after", side == "before" or more, first, last, count)
