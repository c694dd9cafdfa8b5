"""Noting which rows an act writes, so that its events can tell what they hold (``journal/telling.py``).

A table that the journal keeps inherits from ``Noted`` instead of ``models.Model``; then whoever saves, makes, changes
or deletes its rows while an act runs has noted them, and no command can forget it.  Noting changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass
class Note:
    """What was written of a row: all of it when it was made, else the named columns."""

    made: bool = False
    columns: set[str] = field(default_factory=set)


@dataclass
class Notebook:
    """The rows that the running act has written and that no event has told yet, in the order of the first writing."""

    notes: dict[tuple[type[models.Model], Any], Note] = field(default_factory=dict)

    def add(self, model: type[models.Model], pk: Any, columns: Iterable[str] | None, *, made: bool = False) -> None:
        """Note a row; without ``columns`` all of it."""
        fields = model._meta
        note = self.notes.setdefault((fields.concrete_model or model, pk), Note())
        note.made = note.made or made
        found = fields.concrete_fields if columns is None else map(fields.get_field, columns)
        note.columns.update(one.attname for one in found if isinstance(one, models.Field))

    def take(self) -> dict[tuple[type[models.Model], Any], Note]:
        """What is noted, which is forgotten with it."""
        notes, self.notes = self.notes, {}
        return notes


_open: ContextVar[Notebook | None] = ContextVar("kedang_notebook", default=None)


@contextmanager
def noting() -> Iterator[Notebook]:
    """Open a notebook for one attempt at an act; what the attempt before it noted is not in it."""
    token = _open.set(Notebook())
    try:
        notebook = _open.get()
        assert notebook is not None
        yield notebook
    finally:
        _open.reset(token)


def notebook() -> Notebook | None:
    """The notebook of the running act, if one runs."""
    return _open.get()


class NotedQuerySet(models.QuerySet[Row]):
    """Rows of a kept table: also those that are changed many at once are noted."""

    def _pks(self) -> list[Any]:
        return list(self.order_by().values_list("pk", flat=True))

    def update(self, **values: Any) -> int:
        """As Django's; while an act runs, one read more."""
        book = notebook()
        if book is None:
            return super().update(**values)
        pks = self._pks()
        for pk in pks:
            book.add(self.model, pk, values)
        return super(NotedQuerySet, self.filter(pk__in=pks)).update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's; while an act runs, one read more."""
        book = notebook()
        for pk in self._pks() if book is not None else ():
            book.add(self.model, pk, None)  # type: ignore[union-attr]
        return super().delete()

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        """As Django's.  Raises ``TypeError`` where an act could not say which rows were made."""
        book = notebook()
        if book is not None and (args[1:] or options.keys() - {"batch_size"}):
            raise TypeError(f"{self.model._meta.label} is kept by the journal; its rows are made, never ignored.")
        made = super().bulk_create(objs, *args, **options)
        for row in made if book is not None else ():
            book.add(self.model, row.pk, None, made=True)  # type: ignore[union-attr]
        return made


class Noted(models.Model):
    """A table whose rows an act notes when it writes them."""

    objects = NotedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's; the row is noted, and nothing else happens."""
        made = self._state.adding
        super().save(*args, **options)
        book = notebook()
        if book is not None:
            book.add(type(self), self.pk, None if made else options.get("update_fields"), made=made)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """As Django's; the row is noted, and nothing else happens."""
        book, pk = notebook(), self.pk
        gone = super().delete(*args, **options)
        if book is not None:
            book.add(type(self), pk, None)
        return gone
