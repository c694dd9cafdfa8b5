"""Many rows at once into tables of models: COPY on PostgreSQL, executemany on SQLite, INSERT … SELECT on both.

The only place of the benches that opens the write guard: what is written here are invented rows of a scratch database.
A column that is not given has its field's default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, models, transaction

from kedang.journal.guard import writing

CHUNK = 20_000


def _default(field: Any) -> Any:
    value = None if field.null else field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) and value is not None else value


def _columns(model: type[models.Model], given: Iterable[str], *, pk: bool) -> list[Any]:
    """The fields to write: those that are given first, in their order, then the others."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    first = [fields.pop(name) for name in given]
    return [*first, *(field for field in fields.values() if pk or not field.primary_key)]


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def add_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]], using: str) -> None:
    """Write rows whose values stand in the order of ``names`` (names of fields)."""
    fields = _columns(model, names, pk=False)
    rest = tuple(_default(field) for field in fields[len(names) :])
    columns = ", ".join(f'"{field.column}"' for field in fields)
    connection = connections[using]
    full = (row + rest for row in rows)
    with writing(), transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                for row in full:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})'
        for some in _chunks(full):
            cursor.executemany(sql, some)


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    found: list[tuple[Any, ...]] = []
    for row in rows:
        found.append(row)
        if len(found) == CHUNK:
            yield found
            found = []
    if found:
        yield found


def add_from(model: type[models.Model], given: Mapping[str, str], source: str) -> None:
    """Write a row for each row of ``source`` (FROM …); ``given`` has an SQL expression by name of field."""
    fields = _columns(model, given, pk=False)
    values = [*given.values(), *(_literal(_default(field)) for field in fields[len(given) :])]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    run(f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(values)} {source}')


def run(*statements: str, using: str = "default") -> None:
    """Statements as they are."""
    with writing(), transaction.atomic(using), connections[using].cursor() as cursor:
        for one in statements:
            cursor.execute(one)


@contextmanager
def without_indexes(using: str) -> Iterator[None]:
    """Drop the secondary indexes that are no constraints, and build them again at the end: sorted, thus far faster."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        wanted = (
            "SELECT i.indexname, i.indexdef FROM pg_indexes i LEFT JOIN pg_constraint c ON c.conname = i.indexname "
            "WHERE i.schemaname = current_schema() AND c.conname IS NULL"
        )
    with connection.cursor() as cursor:
        cursor.execute(wanted)
        indexes = cursor.fetchall()
    run(*(f'DROP INDEX "{name}"' for name, _sql in indexes), using=using)
    try:
        yield
    finally:
        run(*(sql for _name, sql in indexes), using=using)


def settle(using: str) -> None:
    """Let PostgreSQL know what it holds, as its own service does in daily work.

    SQLite is left without: Kedang never analyzes it, for a build without STAT4 takes the average of a skewed column
    for each of its values, and reads a whole table where ten of a hundred thousand rows are wanted.
    """
    if connections[using].vendor == "postgresql":
        run("ANALYZE", using=using)
