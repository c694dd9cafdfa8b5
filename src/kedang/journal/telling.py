"""Events tell what rows hold after their act, so that ``kedang verify --state`` can name a row that holds else.

An app says once which columns of a table the journal keeps: ``keep(Volume, "holder_id", "place_id", "status")``; the
table inherits from ``Noted``.  Whatever an act writes of it is told by the act's first event, without its command
saying so.  What is told stands in the event's body beside its data, where no rule and no page reads it; and it holds
no personal value, because a sealed column cannot be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from kedang.journal.sealed import SealedField
from kedang.lib.noting import Note, Notebook, Noted, NotedQuerySet, notebook

MADE, CHANGED, GONE = "made", "changed", "gone"
Group = dict[str, Any]  # {"of": table, "how": MADE | CHANGED | GONE, "columns": […], "rows": [[id, value, …], …]}
_kept: dict[type[Model], tuple[str, ...]] = {}


def keep(model: type[Model], *columns: str) -> None:
    """Say which columns of a table events tell, foreign keys as ``…_id``; called from an app's ``ready``.

    Raises ``TypeError`` for a column that is sealed and for a table that is not ``Noted``, ``KeyError`` for a column
    that is not there.
    """
    if not issubclass(model, Noted) or not isinstance(model._default_manager.all(), NotedQuerySet):
        raise TypeError(f"{model._meta.label} is not Noted; what acts write of it would not be told.")
    fields = {one.attname: one for one in model._meta.concrete_fields}
    for name in columns:
        if isinstance(fields[name], SealedField):
            raise TypeError(f"{model._meta.label}.{name} is sealed; no event tells it.")
    _kept[model] = columns


def kept() -> Mapping[type[Model], tuple[str, ...]]:
    """The columns that events tell, by table."""
    return _kept


def tell() -> list[Group]:
    """What the running act has written of kept tables and not told yet, as the tables hold it now."""
    book = notebook()
    found: list[Group] = []
    by_model: dict[type[Model], dict[Any, Note]] = {}
    for (model, pk), note in (book.take() if book else {}).items():
        if model in _kept:
            by_model.setdefault(model, {})[pk] = note
    for model, notes in by_model.items():
        found += _of_table(model, notes)
    return found


def untold(book: Notebook) -> list[str]:
    """The kept tables of which an act has written something that none of its events told."""
    return sorted({model._meta.label for model, _pk in book.notes if model in _kept})


def made(rows: Iterable[Model]) -> list[Group]:
    """What these rows hold, all kept columns, as if the act had just made them."""
    by_model: dict[type[Model], dict[Any, Note]] = {}
    for row in rows:
        by_model.setdefault(type(row), {})[row.pk] = Note(made=True)
    return [group for model, notes in by_model.items() for group in _of_table(model, notes)]


def _of_table(model: type[Model], notes: Mapping[Any, Note]) -> list[Group]:
    """One group for each set of columns, so that an event names them once."""
    columns = _kept[model]
    rows = {row["pk"]: row for row in model._base_manager.filter(pk__in=notes).values("pk", *columns)}
    groups: dict[tuple[str, Sequence[str]], list[list[Any]]] = {}
    for pk, note in notes.items():
        row = rows.get(pk)
        told = columns if note.made else tuple(name for name in columns if name in note.columns)
        if row is None:
            groups.setdefault((GONE, ()), []).append([pk])
        elif told:
            groups.setdefault((MADE if note.made else CHANGED, told), []).append([pk, *(row[name] for name in told)])
    return [
        {"of": model._meta.label_lower, "how": how, "columns": list(told), "rows": found}
        for (how, told), found in groups.items()
    ]
