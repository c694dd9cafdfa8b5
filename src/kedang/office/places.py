"""A value put into a policy's text, changed there, or taken out, at a path of keys; the rest stays as it was written.

What somebody wrote by hand keeps its comments and its order: only the value's own characters are touched.  Where a text
is written so oddly that this would not say what it should, the section is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from kedang.office.clause_text import LOADER, Plain, plain, written
from kedang.rulebook.reading import PackErrors, read_yaml

Path = tuple[str | int, ...]
LAST = "clauses"  # what exists stands before the clauses
LONGEST = 120


def tree_of(text: str) -> dict[str, Plain]:
    """The whole text as plain values; it has been read strictly before."""
    found = plain(read_yaml(text, ""))
    return found if isinstance(found, dict) else {}


def value_at(tree: Plain, path: Path) -> Plain:
    """The value at a path; None where there is none."""
    for step in path:
        inside = step in tree if isinstance(tree, Mapping) else isinstance(tree, list) and step in range(len(tree))
        if not inside:
            return None
        tree = tree[step]
    return tree


def put_in(text: str, path: Path, value: Plain) -> str:
    """The text with this value at the path; what leads to it is made, a list is added to at its end."""
    wanted = tree_of(text)
    _set(wanted, path, value)
    return _as_wanted(_put(text, path, written(value), value), text, wanted, path)


def drop_in(text: str, path: Path) -> str:
    """The text without the value at the path, and without a map that would be left empty."""
    wanted = tree_of(text)
    while len(path) > 1 and isinstance(path[-1], str) and len(value_at(wanted, path[:-1])) == 1:
        path = path[:-1]
    del value_at(wanted, path[:-1])[path[-1]]
    return _as_wanted(_drop(text, path), text, wanted, path)


def spread(text: str, path: Path, value: Plain) -> str:
    """The same with each key of the value at the path on a line of its own, so that a line is one key's."""
    return _put(text, path, _lines(value), value)


def line_of(text: str, path: Path) -> int:
    """The line on which the key at the end of a path stands."""
    node, mark = _root(text), 0
    for step in path:
        index = _index(node, step)
        if index is None:
            return 0
        key, node = _pairs(node)[index]
        mark = (node if key is None else key).start_mark.line + 1
    return mark


def spans(text: str) -> Iterator[tuple[Path, int, int]]:
    """Every path of the text with its first and last line, outer ones first."""
    yield from _spans(_root(text), ())


def _spans(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int, int]]:
    for number, (key, value) in enumerate(_pairs(node)):
        step = number if key is None else str(key.value)
        first = (value if key is None else key).start_mark.line + 1
        yield (*path, step), first, max(first, value.end_mark.line + (1 if value.end_mark.column else 0))
        yield from _spans(value, (*path, step))


def _root(text: str) -> yaml.Node:
    found: Any = yaml.compose(text, Loader=LOADER)
    return found


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node | None, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    return [(None, one) for one in node.value] if isinstance(node, yaml.SequenceNode) else []


def _in_flow(node: yaml.Node) -> bool:
    return bool(getattr(node, "flow_style", True))


def _index(node: yaml.Node, step: str | int) -> int | None:
    for number, (key, _value) in enumerate(_pairs(node)):
        if step == (number if key is None else key.value):
            return number
    return None


def _walk(text: str, path: Path) -> tuple[list[yaml.Node], Path]:
    """The nodes on the way, the root first, as far as they are there, and the rest of the path."""
    nodes = [_root(text)]
    for number, step in enumerate(path):
        index = _index(nodes[-1], step)
        if index is None:
            return nodes, path[number:]
        nodes.append(_pairs(nodes[-1])[index][1])
    return nodes, ()


def _put(text: str, path: Path, said: str, value: Plain) -> str:
    nodes, rest = _walk(text, path)
    node = nodes[-1]
    if not rest:
        return _replaced(text, node, said)
    inner = value
    for step in reversed(rest[1:]):
        inner = [inner] if isinstance(step, int) else {step: inner}
    if not _pairs(node):
        return _replaced(text, node, written([inner] if isinstance(rest[0], int) else {rest[0]: inner}))
    key = "" if isinstance(rest[0], int) else f"{written(rest[0])}: "
    if _in_flow(node):
        return _into_flow(text, node, key + written(inner))
    return _into_block(text, node, key, inner, at_top=len(nodes) == 1)


def _replaced(text: str, node: yaml.Node, said: str) -> str:
    start, end = node.start_mark.index, _true_end(text, node)
    blank = "" if start == 0 or text[start - 1] in " \n[{" else " "
    return text[:start] + blank + said + text[end:]


def _into_flow(text: str, node: yaml.Node, entry: str) -> str:
    pairs = _pairs(node)
    end = _true_end(text, pairs[-1][1])
    line = text.rfind("\n", 0, end) + 1
    first = (pairs[0][0] or pairs[0][1]).start_mark
    broken = end - line + len(entry) > LONGEST and first.column > 0
    return text[:end] + (",\n" + " " * first.column if broken else ", ") + entry + text[end:]


def _into_block(text: str, node: yaml.Node, key: str, value: Plain, *, at_top: bool) -> str:
    pairs = _pairs(node)
    indent = " " * node.start_mark.column
    before = pairs
    if at_top:
        last = next((number for number, (name, _one) in enumerate(pairs) if name and name.value == LAST), len(pairs))
        before = pairs[:last] or pairs
    end = _line_end(text, _true_end(text, before[-1][1]))
    if at_top and isinstance(value, Mapping):
        inner = "".join(f"  {written(name)}: {written(one)}\n" for name, one in value.items())
        entry = f"{key.rstrip()}\n{inner}"  # a new section has its things below it
    else:
        entry = f"{indent}{key or '- '}{written(value)}\n"
    head = text[:end] if text[:end].endswith("\n") else text[:end] + "\n"
    return head + entry + text[end:]


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _true_end(text: str, node: yaml.Node) -> int:
    """Where a value's last character stands: a block ends, for the parser, only where the next thing begins."""
    if not isinstance(node, yaml.ScalarNode) and not _in_flow(node) and node.value:
        return _true_end(text, _pairs(node)[-1][1])
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip()) if isinstance(node, yaml.ScalarNode) else end


def _drop(text: str, path: Path) -> str:
    nodes, rest = _walk(text, path)
    if rest:
        return text
    node = nodes[-2]
    pairs, at = _pairs(node), _index(node, path[-1]) or 0
    key, value = pairs[at]
    start, end = (key or value).start_mark.index, _true_end(text, value)
    if not _in_flow(node):
        if key is None:
            start = text.rfind("-", 0, start)
        return text[: text.rfind("\n", 0, start) + 1] + text[_line_end(text, end) :]
    if len(pairs) == 1:
        return _replaced(text, node, "[]" if key is None else "{}")
    if at:
        return text[: _true_end(text, pairs[at - 1][1])] + text[end:]
    return text[:start] + text[(pairs[1][0] or pairs[1][1]).start_mark.index :]


def _set(tree: Plain, path: Path, value: Plain) -> None:
    for number, step in enumerate(path[:-1]):
        if value_at(tree, (step,)) in (None, ""):
            _hang(tree, step, [] if isinstance(path[number + 1], int) else {})
        tree = tree[step]
    _hang(tree, path[-1], value)


def _hang(tree: Plain, step: str | int, value: Plain) -> None:
    if isinstance(tree, list) and step == len(tree):
        tree.append(value)
    else:
        tree[step] = value


def _as_wanted(found: str, text: str, wanted: Mapping[str, Plain], path: Path) -> str:
    """What was made, if it says what it should; else the text with the whole section written anew."""
    try:
        if tree_of(found) == _texts(wanted):
            return found
    except (PackErrors, yaml.YAMLError):
        pass
    section = str(path[0])
    return _put(text, path[:1], _lines(wanted[section]), wanted[section]) if section in wanted else found


def _texts(value: Plain) -> Plain:
    if isinstance(value, Mapping):
        return {key: _texts(one) for key, one in value.items()}
    return [_texts(one) for one in value] if isinstance(value, list) else str(value)


def _lines(value: Plain, depth: int = 1) -> str:
    """A value in braces, each key of its maps on a line of its own."""
    space = "  " * depth
    if isinstance(value, Mapping) and value:
        inner = ",\n".join(f"{space}{written(key)}: {_lines(one, depth + 1)}" for key, one in value.items())
        return f"{{\n{inner}\n{space}}}"
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        inner = ",\n".join(f"{space}{_lines(one, depth + 1)}" for one in value)
        return f"[\n{inner}\n{space}]"
    return written(value)
