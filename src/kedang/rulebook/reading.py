"""Bounded, strict YAML: text in, a tree of nodes with line numbers out.

A pack from a stranger is hostile. Size, depth, number of nodes and length of a text are bounded in a pass over the
parser's events before anything is composed (libyaml's composer crashes the process at 50,000 nested brackets).
There are no aliases, tags, second documents, invisible or right-to-left characters. YAML's own typing is off: every
scalar arrives as text and the schema types it (else 7.10 is 7.1 and a key `no:` is False).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 120_000
MAX_TEXT = 4_000

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class PackError:
    """One thing wrong with a pack: where, and what to write instead."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PackErrors(Exception):
    """All that is wrong with a file; `errors` in the order of lines."""

    def __init__(self, errors: list[PackError]) -> None:
        self.errors = sorted(errors, key=lambda error: error.line)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (`text`), a list (`items`) or a map (`pairs`, keys in the order of writing), and its line."""

    line: int
    text: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: dict[str, Node] | None = None
    quoted: bool = False
    key_lines: dict[str, int] | None = None

    @property
    def kind(self) -> str:
        """What the node is, in words of an error message."""
        return "a text" if self.text is not None else "a list" if self.items is not None else "a map"


def folded(key: str) -> str:
    """How ids are compared: compatibility form, case folded."""
    return unicodedata.normalize("NFKC", key).casefold()


def read_yaml(source: bytes | str, name: str) -> Node:
    """The tree of one YAML document.

    Raises `PackErrors` with file and line for anything outside the bounds or the plain subset.
    """
    text = decoded(source, name)
    _refuse_hidden_characters(text, name)
    try:
        events = _bounded(yaml.parse(text, Loader=_LOADER), name)
        node = _Builder(events, name).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _fail(name, line, _not_yaml(getattr(error, "problem", None) or "it cannot be read")) from None
    return node


def _not_yaml(problem: str) -> str:
    """What to mend, where the parser's own words would not tell somebody who writes a policy."""
    if problem.startswith("mapping values"):
        return (
            "this is not YAML: a colon stands where none may; put the text that holds it in quotes, or begin the line "
            "as far in as those around it"
        )
    if problem.startswith("did not find expected ','"):
        return (
            "this is not YAML: a brace or bracket does not close; put a text that holds a colon or a quote in quotes, "
            "or look for the missing comma, } or ]"
        )
    return f"this is not YAML: {problem}; check indentation, quotes and brackets"


def _fail(name: str, line: int, message: str) -> PackErrors:
    return PackErrors([PackError(name, line, message)])


def decoded(source: bytes | str, name: str) -> str:
    """The text of a file of bounded size.  Raises `PackErrors` with the line of the first byte that is not UTF-8."""
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise _fail(name, 1, f"the file has {size} bytes; at most {MAX_BYTES} are read")
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise _fail(name, line, "the file is not UTF-8; save it as UTF-8") from None


def _refuse_hidden_characters(text: str, name: str) -> None:
    if text.isascii() and text.isprintable():
        return
    for number, line in enumerate(text.split("\n"), 1):
        _refuse_hidden(line.rstrip("\r"), name, number)


def _refuse_hidden(line: str, name: str, number: int) -> None:
    if line.isprintable():  # fast: printable excludes controls, format characters and lone surrogates
        return
    for character in line:
        if not character.isprintable() and character != "\u3000":
            code = f"U+{ord(character):04X}"
            raise _fail(name, number, f"an invisible or direction-changing character {code}; remove it")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _bounded(events: Iterator[yaml.Event], name: str) -> Iterator[yaml.Event]:
    depth = nodes = documents = 0
    for event in events:
        line = _line(event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _fail(name, line, "a second document begins here; one pack is one document, remove '---'")
        elif isinstance(event, yaml.AliasEvent):
            raise _fail(name, line, f"an alias *{event.anchor}; aliases are not read, write the value out")
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            _refuse_bad_node(event, nodes, name, line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _fail(name, line, f"nested deeper than {MAX_DEPTH} levels; no pack needs that")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def _refuse_bad_node(event: yaml.NodeEvent, nodes: int, name: str, line: int) -> None:
    if nodes > MAX_NODES:
        raise _fail(name, line, f"more than {MAX_NODES} values; split the pack")
    if event.anchor is not None:
        raise _fail(name, line, f"an anchor &{event.anchor}; anchors are not read, write the value out")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _fail(name, line, f"a tag {tag}; tags are not read, remove it")
    if isinstance(event, yaml.ScalarEvent):
        if len(event.value) > MAX_TEXT:
            raise _fail(name, line, f"a text of {len(event.value)} characters; at most {MAX_TEXT}")
        _refuse_hidden(event.value.replace("\n", " "), name, line)  # an escape such as "\u202e" writes one, too


class _Builder:
    """Builds the tree from bounded events."""

    def __init__(self, events: Iterator[yaml.Event], name: str) -> None:
        self.events = events
        self.name = name

    def document(self) -> Node:
        for event in self.events:
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
                node = self.node(event)
                for _ in self.events:  # a second document is refused while the rest is read
                    pass
                return node
        raise _fail(self.name, 1, "the file is empty; a pack begins with 'pack: its-name'")

    def node(self, event: yaml.Event) -> Node:
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(line, text=event.value, quoted=event.style is not None and event.style != "")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line, items=tuple(self.items()))
        return self.mapping(line)

    def items(self) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.node(event)

    def mapping(self, line: int) -> Node:
        pairs: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _fail(self.name, at, "a key must be a plain word, not a list or a map")
            key = event.value
            if folded(key) in seen:
                first = seen[folded(key)]
                raise _fail(self.name, at, f"the key '{key}' stands twice (first in line {first}); keep one")
            seen[folded(key)] = at
            key_lines[key] = at
            pairs[key] = self.node(next(self.events))
        return Node(line, pairs=pairs, key_lines=key_lines)
