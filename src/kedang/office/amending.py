"""Changing a wording without writing YAML: its texts and figures as fields, and two editions clause by clause."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from kedang.rulebook import Pack
from kedang.rulebook.explaining import explain_pack

WHOLE = re.compile(r"[0-9]{1,9}\Z")
LANGUAGES = ("zh", "en")
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one that reads packs; the other one is stricter


@dataclass(frozen=True)
class Place:
    """A value of a clause that a form can change: where it stands in the text, under which key."""

    clause: str
    key: str
    value: str
    start: int
    end: int
    figure: bool

    @property
    def name(self) -> str:
        """The field's name; the place in the text is its identity while the text is the same."""
        return f"at_{self.start}"


@dataclass(frozen=True)
class Change:
    """A clause in which two editions differ; an empty side has no such clause."""

    id: str
    before: str
    after: str
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]


@lru_cache(maxsize=16)
def places(text: str) -> tuple[Place, ...]:
    """Every text and whole figure of the clauses, and the edition.  ``text`` has been read strictly before."""
    root: Any = yaml.compose(text, Loader=LOADER)
    found: list[Place] = []
    for key, value in root.value:
        if key.value == "edition":
            found.append(Place("", "edition", value.value, value.start_mark.index, value.end_mark.index, False))
        elif key.value == "clauses":
            for clause in value.value:
                found += _of_clause(clause)
    return tuple(found)


def _of_clause(node: yaml.Node) -> Iterator[Place]:
    keys = {key.value: value for key, value in node.value}
    for language in LANGUAGES:
        one = keys[language]
        yield Place(keys["id"].value, language, one.value, one.start_mark.index, one.end_mark.index, False)
    for one, path in _scalars(keys.get("rules"), ""):
        if WHOLE.match(one.value):
            yield Place(keys["id"].value, path, one.value, one.start_mark.index, one.end_mark.index, True)


def _scalars(node: yaml.Node | None, path: str) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, key.value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value, path)
    elif node is not None:
        yield node, path


def rewritten(text: str, given: Mapping[str, str]) -> str:
    """The text with the given values put where they stand; everything else, comments too, stays as it is."""
    for place in sorted(places(text), key=lambda one: one.start, reverse=True):
        said = given.get(place.name)
        if said is None or said.strip().replace("\r\n", "\n") == place.value.strip():
            continue
        written = said.strip()
        if not (place.figure and WHOLE.match(written)):
            written = json.dumps(" ".join(written.split()), ensure_ascii=False)
        text = text[: place.start] + written + text[place.end :]
    return text


def next_edition(text: str) -> str:
    """The same text as the edition after it."""
    place = next(one for one in places(text) if one.key == "edition")
    number = str(int(place.value) + 1) if WHOLE.match(place.value) else place.value + ".1"
    return text[: place.start] + json.dumps(number) + text[place.end :]


def compared(before: Pack, after: Pack, language: str) -> list[Change]:
    """The clauses that differ in text or rules, in the order of the newer edition, those that are gone last."""
    old, new = explain_pack(before, language), explain_pack(after, language)
    found = []
    for ref in dict.fromkeys([*after.clauses, *before.clauses]):
        sides = [one.clauses[ref].text.get(language) if ref in one.clauses else "" for one in (before, after)]
        rules = (old.get(ref, ()), new.get(ref, ()))
        if sides[0] != sides[1] or rules[0] != rules[1]:
            found.append(Change(ref, sides[0], sides[1], *rules))
    return found
