"""Queries whose SQL is made once and asked many times with other values.

Django makes the SQL of a query anew each time, which took longer than the database's answer on every page.  Here the
SQL is kept by what makes it: a function of a module and its ``shape``.  What a request brings is ``Given`` when the
SQL is made and filled in when it is asked, so no person, no day and no answer is ever kept, only the text of SQL
(decision 0150).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import QuerySet
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

KEPT = 1024
FIELDS: dict[type, type[models.Field[Any, Any]]] = {
    bool: models.BooleanField, int: models.BigIntegerField, str: models.CharField, date: models.DateField,
    datetime: models.DateTimeField,
}  # fmt: skip


class Given(Expression):
    """A place in a query that each asking fills with a value of its own; stands in filters where the value would."""

    def __init__(self, name: str, kind: type) -> None:
        super().__init__(output_field=FIELDS[kind]())
        self.name = name
        self.kind = kind

    def __str__(self) -> str:
        """Refused: what is made of a place while the SQL is made would be asked instead of the value."""
        raise TypeError(f"{self.name} is a place in a prepared query and has no text; ask with the text itself.")

    def __repr__(self) -> str:
        """Its name."""
        return f"Given({self.name!r})"

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder; among the parameters the place itself stands until it is filled."""
        return "%s", (self,)


class _Asked(SQLCompiler):
    """A compiler that has done its work and holds the values of one asking."""

    asked: tuple[str, tuple[Any, ...]]
    known: dict[int, Any]

    def as_sql(self, *_options: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """What was made before."""
        return self.asked

    def get_converters(self, expressions: Any) -> Any:
        """How values of the database become Python's; the same each time."""
        if len(expressions) not in self.known:
            self.known[len(expressions)] = super().get_converters(expressions)
        return self.known[len(expressions)]


class _Ready:
    """One query with its SQL."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows
        self.known: dict[int, Any] = {}
        self.compiler = rows.query.get_compiler(rows.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # nothing can answer it, whatever is filled in
            self.sql, self.params = "", ()

    def ask(self, values: dict[str, Any]) -> list[Any]:
        """The rows for these values."""
        if not self.sql:
            return []
        rows: Any = self.rows.all()
        connection = connections[rows.db]
        one: Any = copy(self.compiler)
        one.__class__ = _Asked
        one.connection, one.known = connection, self.known
        one.asked = (self.sql, tuple(_filled(param, values, connection) for param in self.params))
        rows.query.get_compiler = lambda *_where, **_more: one
        return list(rows)


def _filled(param: Any, values: dict[str, Any], connection: Any) -> Any:
    if isinstance(param, Given):
        return param.output_field.get_db_prep_value(values[param.name], connection)
    return param


@lru_cache(maxsize=KEPT)
def _ready(make: Callable[..., QuerySet[Any]], shape: Hashable, kinds: tuple[tuple[str, type], ...]) -> _Ready:
    return _Ready(make(*shape, **{name: Given(name, kind) for name, kind in kinds}))  # type: ignore[misc]


def prepared(make: Callable[..., QuerySet[Any]], *shape: Hashable, **values: Any) -> list[Any]:
    """The rows of ``make(*shape, **values)``, whose SQL is made once for each shape.

    ``make`` is a function of a module, so that it knows nothing but what it is given; of a row given as a value it
    sees the key.  A value may be an int, text, day, moment, yes-or-no or a row; anything else belongs to the shape.
    """
    plain = {name: one.pk if isinstance(one, models.Model) else one for name, one in values.items()}
    return _ready(make, shape, tuple((name, type(one)) for name, one in plain.items())).ask(plain)
