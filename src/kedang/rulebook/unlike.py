"""Where two policies declare one thing so that it cannot be both: another type, another paper, another day.

All else that two policies declare under one key is joined (see `joint`). Only policies with a common kind of file are
compared, for only there do they speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from kedang.rulebook.clashes import Clash, Declared
from kedang.rulebook.joint import UNSAID
from kedang.rulebook.pack import Checklist, ChecklistLine, FieldKind, FileKind, JobKind, Named, Pack, Text

T = TypeVar("T")
Sides = tuple[Declared, Declared]


def declaration_clashes(packs: Sequence[Pack]) -> Iterator[Clash]:
    """The declarations of two policies that cannot hold together; `packs` in the order of a book."""
    for first, second in combinations([pack for pack in packs if pack.rank == "policy"], 2):
        if not first.files.keys().isdisjoint(second.files):
            yield from _Pair(first, second).clashes()


def unlike(said: str, sides: Sides) -> Clash:
    """A clash of two declarations, with what can be done about it."""
    return Clash(f"{said}; make them alike or give one a new key in your own edition", *sides)


def _both(mine: Mapping[str, T], other: Mapping[str, T]) -> Iterator[tuple[str, T, T]]:
    return ((key, one, other[key]) for key, one in mine.items() if key in other)


def _declared(pack: Pack, at: str, line: int, text: Text) -> Declared:
    return Declared(f"{pack.number}:{at}", pack.number, line, text)


def _what_for(one: Checklist) -> str:
    """What a checklist is for: the file itself, or a job of one kind or of any."""
    return f"{one.job} {one.kind}".strip() or "file"


@dataclass(frozen=True)
class _Pair:
    """Two policies with a common kind of file."""

    first: Pack
    second: Pack

    def clashes(self) -> Iterator[Clash]:
        """What the two say differently of their common kinds of file, of papers and of lists."""
        for key, kind, its_kind in _both(self.first.files, self.second.files):
            yield from self._file_kind(f"files.{key}", kind, its_kind)
        for key, paper, its_paper in _both(self.first.records, self.second.records):
            sides, one, its = self._sides(f"records.{key}", paper, its_paper), paper.type, its_paper.type
            if one != its:
                yield unlike(f"the paper '{key}' has type '{one}' in one policy, '{its}' in the other", sides)
            yield from self._fields(f"records.{key}", paper.fields, its_paper.fields)
        for key, mine, other in _both(self.first.checklists, self.second.checklists):
            if mine.file == other.file:
                yield from self._checklist(f"checklists.{key}", mine, other)

    def _sides(self, at: str, mine: Named, other: Named) -> Sides:
        return (
            _declared(self.first, at, mine.line, mine.text),
            _declared(self.second, at, other.line, other.text),
        )

    def _file_kind(self, at: str, mine: FileKind, other: FileKind) -> Iterator[Clash]:
        sides, key = self._sides(at, mine, other), mine.key
        one, its = mine.one_per or "none", other.one_per or "none"
        if one != its:
            yield unlike(f"there is one file '{key}' per '{one}' in one policy, per '{its}' in the other", sides)
        one, its = mine.one_until or "none", other.one_until or "none"
        if one != its:
            yield unlike(f"the next file '{key}' follows '{one}' in one policy, '{its}' in the other", sides)
        yield from self._steps_and_fields(at, mine, other)
        for name, job, its_job in _both(mine.jobs, other.jobs):
            yield from self._steps_and_fields(f"{at}.jobs.{name}", job, its_job)

    def _steps_and_fields(self, at: str, mine: FileKind | JobKind, other: FileKind | JobKind) -> Iterator[Clash]:
        for key, step, its_step in _both(mine.milestones, other.milestones):
            one, its = step.date.partition(".")[2], its_step.date.partition(".")[2]
            if one != its:
                sides = self._sides(f"{at}.milestones.{key}", step, its_step)
                yield unlike(f"the day of '{key}' is called '{one}' in one policy, '{its}' in the other", sides)
        yield from self._fields(at, mine.fields, other.fields)

    def _fields(self, at: str, mine: Mapping[str, FieldKind], other: Mapping[str, FieldKind]) -> Iterator[Clash]:
        for key, field, its_field in _both(mine, other):
            one, its = field.type, its_field.type
            if one != its:
                sides = self._sides(f"{at}.fields.{key}", field, its_field)
                yield unlike(f"the field '{key}' has type '{one}' in one policy, '{its}' in the other", sides)

    def _checklist(self, at: str, mine: Checklist, other: Checklist) -> Iterator[Clash]:
        one, its = _what_for(mine), _what_for(other)
        if one != its:
            sides = self._sides(at, mine, other)
            yield unlike(f"the list '{mine.key}' is for '{one}' in one policy, for '{its}' in the other", sides)
            return
        its_lines = {line.key: line for line in other.lines}
        for key, line, its_line in _both({line.key: line for line in mine.lines}, its_lines):
            yield from self._line(f"{at}.lines.{key}", line, its_line)

    def _line(self, at: str, mine: ChecklistLine, other: ChecklistLine) -> Iterator[Clash]:
        sides = (
            _declared(self.first, at, mine.line, _papers(self.first, mine)),
            _declared(self.second, at, other.line, _papers(self.second, other)),
        )
        one, its = ", ".join(sorted(mine.any_of)), ", ".join(sorted(other.any_of))
        if one != its:
            yield unlike(f"the line '{mine.key}' takes '{one}' in one policy, '{its}' in the other", sides)
        one, its = mine.form, other.form
        if UNSAID not in (one, its) and one != its:
            yield unlike(f"the line '{mine.key}' wants '{one}' in one policy, '{its}' in the other", sides)


def _papers(pack: Pack, line: ChecklistLine) -> Text:
    """What a line asks for, as its policy calls it."""
    texts = [pack.records[one].text for one in line.any_of if one in pack.records]
    return Text(" / ".join(one.zh for one in texts) or line.key, " / ".join(one.en for one in texts) or line.key)
