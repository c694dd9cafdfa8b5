"""A clause put into a written policy, changed there, or taken out; everything else stays as somebody wrote it.

A form knows plain values: texts, lists, maps.  Here they become YAML in the place of the clause, with the key that each
line belongs to, so that what the loader says about a line can stand beside the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from kedang.rulebook.reading import Node, read_yaml

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the texts were read strictly before
PLAIN = re.compile(r"[a-z][a-z0-9_.-]*\Z")
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})\Z")
TYPED = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})  # words that other readers type
ASIDE = re.compile(r"[ \t]*(?:#.*)?\Z")
CLAUSES, CASES = "clauses", "cases"
Plain = Any  # a text, a list or a map of plain values


@dataclass(frozen=True)
class Where:
    """Which field a line belongs to: a rule by its number (none: the clause itself) and a key."""

    rule: int | None = None
    key: str = ""


@dataclass(frozen=True)
class Edited:
    """A text with one item changed: where it begins (1 is the first line) and what each of its lines is about."""

    text: str
    first_line: int = 0
    lines: tuple[Where, ...] = ()

    def where(self, line: int) -> Where | None:
        """The field that a line of the text belongs to; None outside the item."""
        at = line - self.first_line
        return self.lines[at] if self.first_line and 0 <= at < len(self.lines) else None


def plain(node: Node | None) -> Plain:
    """A node as texts, lists and maps."""
    if node is None:
        return ""
    if node.pairs is not None:
        return {key: plain(value) for key, value in node.pairs.items()}
    return [plain(item) for item in node.items] if node.items is not None else node.text or ""


def items_of(text: str, key: str) -> list[dict[str, Plain]]:
    """The clauses of a policy, or the cases of a case file, as plain values in the order of writing."""
    root = plain(read_yaml(text, key)) if text.strip() else []
    found = root.get(key, []) if isinstance(root, dict) else root
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def written(value: Plain) -> str:
    """A value on one line, as YAML reads it back."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(written, value)) + "]"
    return _scalar(str(value))


def _scalar(said: str) -> str:
    if (PLAIN.match(said) and said not in TYPED) or WHOLE.match(said):
        return said
    return json.dumps(said, ensure_ascii=False)


def clause_lines(clause: Mapping[str, Plain], indent: str) -> tuple[list[str], list[Where]]:
    """A clause as lines of YAML, each key of a rule on its own, and what each line is about."""
    lines: list[str] = []
    about: list[Where] = []
    for key, value in clause.items():
        dash = "- " if not lines else "  "
        if key != "rules":
            said = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else written(value)
            lines.append(f"{indent}{dash}{key}: {said}")
            about.append(Where(None, key))
            continue
        lines.append(f"{indent}{dash}rules:")
        about.append(Where(None, key))
        for number, rule in enumerate(value):
            for line, name in _rule_lines(rule):
                lines.append(f"{indent}    {line}")
                about.append(Where(number, name))
    return lines, about


def _rule_lines(rule: Plain) -> Iterator[tuple[str, str]]:
    if isinstance(rule, str):
        yield f"- {rule}", ""
        return
    body, value = next(iter(rule.items()))
    if not isinstance(value, Mapping) or not value:
        yield f"- {body}: {written(value)}", ""
        return
    yield f"- {body}:", ""
    for key, one in value.items():
        yield f"    {_scalar(key)}: {written(one)}", key


def put(text: str, key: str, value: Mapping[str, Plain], *, at: int | None = None, after: int | None = None) -> Edited:
    """The text with an item in the place of number ``at``, or new behind number ``after`` (-1: as the first)."""
    text = _blocked(text, key) if text.strip() else ""
    spans, indent = _spans(text, key) if text else ((), "  ")
    lines, about = clause_lines(value, indent)
    block = "\n".join(lines) + "\n"
    if not spans:
        return _first(text, key, block, about)
    if at is not None:
        start, end = spans[at]
    else:
        behind = len(spans) - 1 if after is None else after
        start = end = spans[behind][1] if behind >= 0 else spans[0][0]
    head = text[:start] if not start or text[start - 1] == "\n" else text[:start] + "\n"
    return Edited(head + block + text[end:], head.count("\n") + 1, tuple(about))


def _first(text: str, key: str, block: str, about: Sequence[Where]) -> Edited:
    """The text with the first item of a list that was empty or not there."""
    node = _listed(text, key) if text.strip() else None
    head = text.rstrip("\n") + f"\n{key}:\n" if text.strip() else f"{key}:\n"
    rest = ""
    if node is not None:
        head, rest = text[: node.start_mark.index].rstrip(" ") + "\n", text[node.end_mark.index :].lstrip(" \n")
    return Edited(head + block + rest, head.count("\n") + 1, tuple(about))


def taken(text: str, key: str, at: int) -> Edited:
    """The text without an item.  Raises ``ValueError`` when it is the last one: nothing would be left."""
    text = _blocked(text, key)
    spans, _indent = _spans(text, key)
    if len(spans) < 2:
        raise ValueError(key)
    start, end = spans[at]
    return Edited(text[:start] + text[end:])


def listed_at(text: str, key: str, line: int) -> int | None:
    """The number of the item in which a line of the text lies."""
    spans, _indent = _spans(text, key)
    starts = [text.count("\n", 0, start) + 1 for start, _end in spans]
    found = [number for number, first in enumerate(starts) if first <= line]
    return found[-1] if found else None


def _listed(text: str, key: str) -> yaml.SequenceNode | None:
    root: Any = yaml.compose(text, Loader=LOADER)
    if isinstance(root, yaml.MappingNode):
        root = next((value for name, value in root.value if name.value == key), None)
    return root if isinstance(root, yaml.SequenceNode) else None


@lru_cache(maxsize=8)
def _spans(text: str, key: str) -> tuple[tuple[tuple[int, int], ...], str]:
    """Where each item begins and ends, whole lines, and the indent of its dash; comments between stay outside."""
    node = _listed(text, key)
    if node is None or not node.value:
        return (), "  "
    starts = []
    for item in node.value:
        dash = text.rfind("-", 0, item.start_mark.index)
        starts.append(text.rfind("\n", 0, dash) + 1)
    ends = [*starts[1:], _end(text, node)]
    spans = tuple((start, _without_aside(text, start, end)) for start, end in zip(starts, ends, strict=True))
    first = text[starts[0] :]
    return spans, first[: len(first) - len(first.lstrip(" "))]


def _end(text: str, node: yaml.SequenceNode) -> int:
    end = node.end_mark.index
    line = text.rfind("\n", 0, end) + 1
    return line if not text[line:end].strip() else len(text)


def _without_aside(text: str, start: int, end: int) -> int:
    """The end without the comments and empty lines that stand before what follows."""
    lines = text[start:end].splitlines(keepends=True)
    while len(lines) > 1 and ASIDE.match(lines[-1].rstrip("\r\n")):
        end -= len(lines.pop())
    return end


@lru_cache(maxsize=8)
def _blocked(text: str, key: str) -> str:
    """The text with its list as a block whose items can be cut out; one that is so already is not touched."""
    node = _listed(text, key)
    if node is None or not node.value or (not node.flow_style and _cuts_well(text, key)):
        return text
    items = [line for one in items_of(text, key) for line in clause_lines(one, "  ")[0]]
    start, end = node.start_mark.index, node.end_mark.index if node.flow_style else _end(text, node)
    line = text.rfind("\n", 0, start) + 1
    head = text[:start].rstrip(" ") if text[line:start].strip() else text[:line]
    head = head if not head or head.endswith("\n") else head + "\n"
    return head + "\n".join(items) + "\n" + text[end:].lstrip(" \n")


def _cuts_well(text: str, key: str) -> bool:
    """Whether each item, cut out, is the item: no comment, text block or odd indent that the cut would tear."""
    values = items_of(text, key)
    spans, _indent = _spans(text, key)
    if len(spans) != len(values) or not values:
        return False
    return all(_alone(text[start:end]) == value for (start, end), value in zip(spans, values, strict=True))


def _alone(block: str) -> Plain:
    try:
        return next(iter(items_of(block, "")), None)
    except Exception:  # whatever is wrong with a piece: it is not the item, and the list is written anew
        return None
