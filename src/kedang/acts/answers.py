"""What a command takes and gives: whom it concerns, its events, and the three ways in which it does not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from kedang.rulebook import Answer
from kedang.staff.models import Branch


class Subject(NamedTuple):
    """One chain of the journal: its kind and id."""

    kind: str
    id: str


@dataclass(frozen=True)
class Concerning:
    """The branch of an act and the chains that it locks; the first is the one that ``seen`` speaks of."""

    branch: Branch
    subjects: Sequence[Subject] = ()


@dataclass(frozen=True)
class NewEvent:
    """An event of an act.  ``parties`` are the people whom it may bind to a duty, by role; ids are texts.

    ``happened_on`` is the day of the act where nothing is said; ``past`` marks history, which opens no duty.
    """

    name: str
    subject: Subject
    about: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    happened_on: date | None = None
    parties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    past: bool = False


@dataclass(frozen=True)
class Done:
    """An act that happened.  ``repeated`` says that this very form had been sent before."""

    result: Any
    events: Sequence[NewEvent] = ()
    repeated: bool = False


class Refused(Exception):
    """A rule says no, or wants consent first; ``answer`` carries the clauses, ``act`` is what was tried."""

    def __init__(self, answer: Answer, act: str = "") -> None:
        self.answer = answer
        self.act = act
        super().__init__(", ".join(sorted(answer.clauses)) or answer.verdict)


class Invalid(Exception):
    """The form is wrong; ``errors`` has a sentence by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{name}: {message}" for name, message in self.errors.items()))


class Stale(Exception):
    """Somebody was faster: the chain has grown since the person looked; ``seq`` is its end now."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        super().__init__(f"The journal of this subject is at {seq} now.")
