"""Typed reading of a node: each reader takes a map's keys once, reports what is wrong and goes on.

The reader collects all faults of a file (up to `MAX_FAULTS`) instead of stopping at the first, so that whoever
writes a pack mends it in one go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from kedang.rulebook.pack import Text
from kedang.rulebook.reading import Node, PackError, PackErrors

MAX_FAULTS = 50
ID = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
MONEY = re.compile(r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?\Z")  # plain digits: Decimal also reads 1e400, 5_0 and ５０
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,8})\Z")

T = TypeVar("T")


class Faults:
    """What is wrong with one file, collected."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors: list[PackError] = []

    def add(self, line: int, message: str) -> None:
        """Note one fault; raises all of them when there are too many to be worth reading on."""
        error = PackError(self.name, line, message)
        if error not in self.errors:  # what every case shares is read once a case
            self.errors.append(error)
        if len(self.errors) >= MAX_FAULTS:
            self.finish()

    def finish(self) -> None:
        """Raise `PackErrors` if anything was wrong."""
        if self.errors:
            raise PackErrors(self.errors)


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or all when they are few."""
    words = sorted(known)
    near = get_close_matches(word, words, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(words)}" if 0 < len(words) <= 24 else "see the README of policies for the words"


class Reader:
    """Reads one map of a pack; every key not taken by the end is reported as unknown."""

    def __init__(self, node: Node, faults: Faults, what: str) -> None:
        self.faults = faults
        self.what = what
        self.line = node.line
        self.pairs: dict[str, Node] = node.pairs or {}
        self.key_lines = node.key_lines or {}
        self.asked: set[str] = set()
        if node.pairs is None and node.text != "":
            faults.add(node.line, f"{what} must be a map of keys, not {node.kind}")

    def take(self, key: str, required: bool = False) -> Node | None:
        """The key's node; reports a missing required one."""
        self.asked.add(key)
        node = self.pairs.get(key)
        if node is None and required:
            self.faults.add(self.line, f"{self.what} lacks '{key}'")
        return node

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """A scalar as it stands."""
        node = self.take(key, required)
        return default if node is None else self.scalar(node, key)

    def scalar(self, node: Node, key: str) -> str:
        """The node's text; reports a list or map."""
        if node.text is None:
            self.faults.add(node.line, f"'{key}' must be a single value, not {node.kind}")
            return ""
        return node.text

    def id(self, key: str, default: str = "", required: bool = False) -> str:
        """A short id of lower-case letters, digits and hyphens."""
        value = self.text(key, default, required)
        if value and not ID.match(value):
            self.faults.add(self.pairs[key].line, f"'{value}' is not an id: lower-case letters, digits, hyphens")
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str = "", required: bool = False) -> str:
        """One of the allowed words."""
        value = self.text(key, default, required)
        allowed = tuple(allowed)
        if key in self.pairs and value not in allowed:
            self.faults.add(self.pairs[key].line, f"'{value}' is not a value of '{key}'; {suggestion(value, allowed)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """yes or no."""
        return self.one_of(key, ("yes", "no"), "yes" if default else "no") == "yes"

    def number(self, key: str, at_least: int = 0, required: bool = False) -> int | None:
        """A whole number; a unit or a word in it is an error that says where the unit belongs."""
        node = self.take(key, required)
        if node is None:
            return None
        value = self.scalar(node, key)
        if not INTEGER.match(value):
            self.faults.add(node.line, f"'{key}: {value}' must be a whole number; its unit stands in the key")
            return None
        if int(value) < at_least:
            self.faults.add(node.line, f"'{key}: {value}' must be at least {at_least}")
        return int(value)

    def money(self, key: str) -> Decimal | None:
        """An amount in yuan, at most two decimals and eight digits before them."""
        node = self.take(key)
        if node is None:
            return None
        written = self.scalar(node, key)
        if not MONEY.match(written):
            self.faults.add(node.line, f"'{key}' must be an amount in yuan like 50 or 49.50, without unit or comma")
            return None
        return Decimal(written)

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """One text or a list of texts."""
        node = self.take(key, required)
        return () if node is None else self.texts(node, key)

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        """The node's text or texts."""
        if node.items is None:
            return (self.scalar(node, key),)
        return tuple(self.scalar(item, key) for item in node.items)

    def both(self, key: str, required: bool = False) -> Text:
        """A text in both languages."""
        node = self.take(key, required)
        if node is None:
            return Text("", "")
        reader = Reader(node, self.faults, f"'{key}'")
        text = Text(reader.text("zh", required=True), reader.text("en", required=True))
        reader.done()
        return text

    def names(self, key: str, make: Callable[[str, Reader], T]) -> dict[str, T]:
        """A map of declared things: `make` reads one."""
        node = self.take(key)
        if node is None:
            return {}
        if node.pairs is None:
            if node.text != "":
                self.faults.add(node.line, f"'{key}' must be a map of names, not {node.kind}")
            return {}
        made: dict[str, T] = {}
        for name, value in node.pairs.items():
            if not ID.match(name):
                line = (node.key_lines or {}).get(name, value.line)
                self.faults.add(line, f"'{name}' is not an id: lower-case letters, digits, hyphens")
            reader = Reader(value, self.faults, f"{key} '{name}'")
            made[name] = make(name, reader)
            reader.done()
        return made

    def done(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.pairs:
            if key not in self.asked:
                line = self.key_lines.get(key, self.line)
                self.faults.add(line, f"{self.what} has no key '{key}'; {suggestion(key, self.asked)}")
