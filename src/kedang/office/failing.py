"""What the rulebook says about a text and its cases, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from kedang.rulebook import Book, Clash, Pack
from kedang.rulebook.failures_zh import why_in_chinese
from kedang.rulebook.faults_zh import in_chinese
from kedang.rulebook.naming import Namer
from kedang.rulebook.reading import PackError

PEOPLE = (("jia", "甲"), ("yi", "乙"), ("bing", "丙"))  # the people of a simple case


@dataclass(frozen=True)
class Failing:
    """A case that fails, or a line of the cases that cannot be read (then it has no name)."""

    line: int
    name: str
    why: str
    names: tuple[str, ...] = ()


def is_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def in_words(message: str) -> str:
    """What the loader says, in the reader's language."""
    return in_chinese(message) if is_chinese() else message


def at_its_line(error: PackError) -> str:
    """The same with file and line before it."""
    return f"{error.file}:{error.line}: {in_words(error.message)}"


def clashing(clash: Clash, book: Book, pack: Pack) -> str:
    """What clashes, in the reader's language; things are called as ``pack`` calls them, else as the other side does."""
    if not is_chinese():
        return clash.what
    namer = Namer(pack, "zh")
    for one in (clash.first, clash.second):
        namer.declared = {**Namer(book.pack(one.pack), "zh").declared, **namer.declared}
    return why_in_chinese(clash.what, namer)


def failing(failed: Iterable[Mapping[str, Any] | str], pack: Pack) -> list[Failing]:
    """What ``candidates.examine`` found, for a page; what was kept as a plain line stays one."""
    zh, namer = is_chinese(), Namer(pack, "zh")
    found = []
    for one in failed:
        if isinstance(one, str):
            found.append(Failing(0, "", in_words(one)))
            continue
        names = tuple(one[key] for key in ("zh", "en") if key in one)
        why = str(one["why"])
        if zh:
            why = why_in_chinese(why, namer, dict(PEOPLE)) if names else in_chinese(why)
        found.append(Failing(int(one.get("line", 0)), names[0 if zh else -1] if names else "", why, names))
    return found
