"""Changing a wording without writing YAML: its texts and figures as fields, and two editions clause by clause."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import yaml
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kedang.lib import numerals
from kedang.rulebook import Pack
from kedang.rulebook.explaining import explain_pack
from kedang.rulebook.pack import Text
from kedang.rulebook.words import BOUND_WORDS

WHOLE = re.compile(r"[0-9]{1,9}\Z")
LANGUAGES = ("zh", "en")
TOKENS = re.compile(r"[A-Za-z0-9]+|\s+|.")
ALIKE = 0.4  # below this share of common words two texts are shown as one gone and one new
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the one that reads packs; the other one is stricter


@dataclass(frozen=True)
class Place:
    """A value of a clause that a form can change: where it stands in the text, under which key.

    The key of a bound is the fact's with the bound's: ``file.same|at_most``.
    """

    clause: str
    key: str
    value: str
    start: int
    end: int
    figure: bool
    body: str = ""  # of a figure: the kind of rule in which it stands

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

    def texts(self) -> tuple[SafeString, SafeString]:
        """Both texts, with what differs marked."""
        return marked(self.before, self.after)

    def rules(self) -> tuple[list[SafeString], list[SafeString]]:
        """The rules of both sides in plain words, with what differs marked."""
        sides: tuple[list[SafeString], list[SafeString]] = ([], [])
        gone = [one for one in self.rules_before if one not in self.rules_after]
        new = [one for one in self.rules_after if one not in self.rules_before]
        pairs = dict(zip(gone, new, strict=False))
        back = {after: before for before, after in pairs.items()}
        for one in self.rules_before:
            sides[0].append(marked(one, one if one in self.rules_after else pairs.get(one, ""))[0])
        for one in self.rules_after:
            sides[1].append(marked(one if one in self.rules_before else back.get(one, ""), one)[1])
        return sides


@dataclass(frozen=True)
class Left:
    """A figure that was changed in a rule and still stands as before in a text of its clause."""

    clause: str
    before: str
    after: str
    languages: tuple[str, ...]


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
    for rule in getattr(keys.get("rules"), "value", ()):
        body = rule.value[0][0].value if isinstance(rule, yaml.MappingNode) else ""
        for one, path in _scalars(rule, ""):
            if WHOLE.match(one.value):
                yield Place(keys["id"].value, path, one.value, one.start_mark.index, one.end_mark.index, True, body)


def _scalars(node: yaml.Node | None, path: str) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, f"{path}|{key.value}" if key.value in BOUND_WORDS else key.value)
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


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Two texts with what is gone from the first and new in the second marked; where little is common, the whole."""
    first, second = TOKENS.findall(before), TOKENS.findall(after)
    found = SequenceMatcher(None, first, second, autojunk=False)
    if found.ratio() < ALIKE:
        return _marks([("del", before)]), _marks([("ins", after)])
    sides: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for kind, a, b, c, d in found.get_opcodes():
        sides[0].append(("" if kind == "equal" else "del", "".join(first[a:b])))
        sides[1].append(("" if kind == "equal" else "ins", "".join(second[c:d])))
    return _marks(sides[0]), _marks(sides[1])


def _marks(parts: Sequence[tuple[str, str]]) -> SafeString:
    """The parts after each other, those with a tag within it."""
    said = [format_html("<{0}>{1}</{0}>", mark_safe(tag), part) if tag else escape(part) for tag, part in parts if part]
    return mark_safe("".join(said))


def compared(before: Pack, after: Pack, language: str) -> list[Change]:
    """The clauses that differ in text or rules, in the order of the newer edition, those that are gone last.

    A text that differs in the other language only is shown in that one.
    """
    old, new = explain_pack(before, language), explain_pack(after, language)
    found = []
    for ref in dict.fromkeys([*after.clauses, *before.clauses]):
        texts = [one.clauses[ref].text if ref in one.clauses else Text("", "") for one in (before, after)]
        own, other = ("zh", "en") if language.startswith("zh") else ("en", "zh")
        first, second = texts[0].get(own), texts[1].get(own)
        if first == second and texts[0].get(other) != texts[1].get(other):
            first, second = texts[0].get(other), texts[1].get(other)
        rules = (old.get(ref, ()), new.get(ref, ()))
        if first != second or rules[0] != rules[1]:
            found.append(Change(ref, first, second, *rules))
    return found


def left_behind(before: str, after: str) -> list[Left]:
    """The figures that ``after`` changed in a rule while a text of the clause goes on naming the former one."""
    old, new = _by_key(before), _by_key(after)
    found = []
    for (clause, key), values in new.items():
        former = old.get((clause, key), [])
        if key in LANGUAGES or len(former) != len(values):
            continue
        for was, now in zip(former, values, strict=True):
            if was == now:
                continue
            said = {one: "".join(new.get((clause, one), [])) for one in LANGUAGES}
            behind = [one for one in LANGUAGES if numerals.names(said[one], was) and not numerals.names(said[one], now)]
            if behind:
                found.append(Left(clause, was, now, tuple(behind)))
    return found


def _by_key(text: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for place in places(text):
        if place.clause:
            found.setdefault((place.clause, place.key), []).append(place.value)
    return found


def clause_at(text: str, line: int) -> str:
    """The clause in which a line of the text stands, counted from one; empty outside of the clauses."""
    root: Any = yaml.compose(text, Loader=LOADER)
    for key, value in root.value:
        if key.value == "clauses":
            for clause in value.value:
                if clause.start_mark.line < line <= max(clause.end_mark.line, clause.start_mark.line + 1):
                    return next((str(one.value) for name, one in clause.value if name.value == "id"), "")
    return ""
