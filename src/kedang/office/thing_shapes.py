"""What a form asks for each sort of thing that a policy declares: posts, files, fields, papers, lines of a checklist.

The sorts, their keys and what lies inside of what come from the schema alone; here stands only from which names a key
is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kedang.office.rule_shapes import Key
from kedang.rulebook import schema

CHOSEN: Mapping[str, str] = {
    "units.head": "own_posts", "posts.unit": "own_units", "posts.reports_to": "own_posts", "posts.is": "grants",
    "roles.post": "own_posts", "files.one_per": "one_per", "files.one_until": "own_milestones",
    "fields.part": "own_parts", "checklists.file": "own_files", "checklists.job": "own_jobs",
    "checklists.kind": "own_kinds", "lines.any_of": "own_records", "lines.part": "own_parts",
    "lines.signed_by": "parties", "records.made_by": "acts",
}  # fmt: skip
FIRST = ("zh", "en")
KEY = "key"  # what a thing is called by rules and data
ROWS = "choices"  # a map that is written as rows of the thing's own form


@dataclass(frozen=True)
class Sort:
    """A sort of things: ``keys`` of one of them, the sorts ``inner`` to it; of a list, the key that names its items."""

    name: str
    keys: tuple[Key, ...]
    inner: Mapping[str, Sort]
    needs: tuple[str, ...] = ()  # inner sorts of which there must be one from the beginning
    listed: str = ""


@lru_cache(maxsize=1)
def sorts() -> Mapping[str, Sort]:
    """The sorts that a policy declares, in the order in which a person would."""
    found = dict(_sorts(schema.pack_schema()["properties"]))
    found.pop("clauses")
    first = ("posts", "units", "files", "records", "checklists")
    return {name: found[name] for name in (*first, *(one for one in found if one not in first))}


@lru_cache(maxsize=1)
def thing_shapes() -> Mapping[str, tuple[Key, ...]]:
    """The keys of every sort, at whatever depth."""
    return {one.name: one.keys for one in _all(sorts())}


def _all(found: Mapping[str, Sort]) -> Iterator[Sort]:
    for one in found.values():
        yield one
        yield from _all(one.inner)


def _sorts(properties: Mapping[str, Any]) -> Iterator[tuple[str, Sort]]:
    for name, shape in properties.items():
        of_list = shape.get("type") == "array"
        one = shape.get("items") if of_list else shape.get("additionalProperties")
        if name != ROWS and isinstance(one, dict) and "properties" in one:
            yield name, _sort(name, one, listed=of_list)


def _sort(name: str, shape: Mapping[str, Any], *, listed: bool) -> Sort:
    properties, required = shape["properties"], shape["required"]
    inner = dict(_sorts(properties))
    own = required[0] if listed else ""
    names = [*(one for one in FIRST if one in properties), *(one for one in properties if one not in FIRST)]
    keys = [_key(name, one, properties[one], one in required) for one in names if one not in (*inner, own)]
    needs = tuple(one for one in inner if one in required)
    return Sort(name, (Key(name, KEY, "text", required=True), *keys), inner, needs, own)


def _key(sort: str, name: str, shape: Mapping[str, Any], required: bool) -> Key:
    if name == ROWS:
        return Key(sort, name, "pairs", many=True, required=required)
    if "enum" in shape:
        return Key(sort, name, "choice", required=required, choices=tuple(map(str, shape["enum"])))
    if "minimum" in shape:
        return Key(sort, name, "whole", required=required)
    source = CHOSEN.get(f"{sort}.{name}", "")
    return Key(sort, name, "select" if source else "text", many="anyOf" in shape, required=required, source=source)
