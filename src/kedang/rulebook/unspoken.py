"""What the rules of a pack name without a word for it: a reader would see its key in the middle of a sentence."""

from __future__ import annotations

import re

from kedang.rulebook import words
from kedang.rulebook.explaining import explain_with
from kedang.rulebook.naming import Namer
from kedang.rulebook.pack import Pack

KEY = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*\Z")  # no number, no date, no numbering pattern, no class "A"


class _Listener(Namer):
    """Names like any other, and remembers what has no name."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack, "zh")
        self.without: set[str] = set()

    def name(self, key: str) -> str:
        if key not in self.declared and KEY.match(key):
            self.without.add(key)
        return super().name(key)

    def trait(self, name: str, trait: str) -> str:
        if name not in words.TRAITS and trait not in words.TRAITS and KEY.match(trait):
            self.without.add(trait)
        return super().trait(name, trait)


def unspoken(pack: Pack) -> dict[str, list[str]]:
    """By key that has no word: the ids of the clauses whose rules name it, in the order of writing."""
    found: dict[str, list[str]] = {}
    for clause in pack.clauses.values():
        listener = _Listener(pack)
        for rule in clause.rules:
            explain_with(listener, rule)
        for key in sorted(listener.without):
            found.setdefault(key, []).append(clause.id)
    return found
