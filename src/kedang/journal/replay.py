"""Replay: which row disagrees with what the journal says happened.

An app registers, for a kind of subject, what its rows must hold after a chain's events:
``register_replay("sanction", expected, models=[Sanction])``.  Rows that events tell are compared by ``retelling``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from kedang.journal import queries, retelling
from kedang.journal.models import ChainHead
from kedang.journal.verifying import Finding


@dataclass(frozen=True)
class Expected:
    """A row as the journal says it must be; columns that are not named are not compared."""

    model: type[Model]
    pk: object
    values: Mapping[str, object]


Replay = Callable[[str, list[queries.Entry]], Iterable[Expected]]


@dataclass(frozen=True)
class _Registered:
    replay: Replay
    models: Sequence[type[Model]] = field(default_factory=tuple)


_registry: dict[str, list[_Registered]] = {}
_folds: list[Callable[[date], Iterable[Finding]]] = []


def register_fold(fn: Callable[[date], Iterable[Finding]]) -> None:
    """Add a comparison over whole journals as of a day, for tables that no single chain implies."""
    if fn not in _folds:
        _folds.append(fn)


def register_replay(kind: str, fn: Replay, models: Sequence[type[Model]] = ()) -> None:
    """Say what chains of ``kind`` imply: ``fn(subject id, entries)`` yields the rows that must be there.

    Every row of ``models`` must be yielded by some chain; one that is not came from nowhere.
    """
    known = _registry.setdefault(kind, [])
    if all(one.replay is not fn for one in known):
        known.append(_Registered(fn, tuple(models)))


def _compare(subject: str, seq: int, wanted: Expected) -> Iterator[Finding]:
    name = f"{wanted.model._meta.label}:{wanted.pk}"
    row = wanted.model._base_manager.filter(pk=wanted.pk).values(*wanted.values).first()
    if row is None:
        yield Finding(subject, seq, f"the journal knows {name}, the table does not")
        return
    for column, value in wanted.values.items():
        if row[column] != value:
            yield Finding(subject, seq, f"{name} says {column} = {row[column]}, the journal says {value}")


def disagreements(as_of: date = date.max) -> Iterator[Finding]:
    """All rows that disagree with the journal, each once; without a day, open and late duties are one."""
    said: set[tuple[str, str]] = set()
    for finding in _all(as_of):
        key = ("" if finding.seq else finding.subject, finding.what)
        if key not in said:
            said.add(key)
            yield finding


def _all(as_of: date) -> Iterator[Finding]:
    for kind, known in sorted(_registry.items()):
        for one in known:
            seen: set[tuple[type[Model], str]] = set()
            chains = ChainHead.objects.filter(subject_kind=kind, seq__gt=0).order_by("subject_id")
            for ref, seq in list(chains.values_list("subject_id", "seq")):
                for wanted in one.replay(ref, queries.events_of(kind, ref)):
                    seen.add((wanted.model, str(wanted.pk)))
                    yield from _compare(f"{kind}:{ref}", seq, wanted)
            yield from _strangers(one.models, seen)
    yield from retelling.disagreements()
    for fold in _folds:
        yield from fold(as_of)


def _strangers(models: Sequence[type[Model]], seen: set[tuple[type[Model], str]]) -> Iterator[Finding]:
    for model in models:
        for pk in model._base_manager.order_by("pk").values_list("pk", flat=True):
            if (model, str(pk)) not in seen:
                yield Finding(f"{model._meta.label}:{pk}", 0, "the table knows a row that the journal does not")
