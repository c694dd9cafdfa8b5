"""Small sets of rows folded into the row that they belong to, so that a page asks once and not once for each set.

``Rows`` is the set as one JSON value, ``counted`` its size up to a cap; ``taken`` makes model instances of the JSON.
The sets must be small: whoever may be many is read by a query of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.base import ModelState
from django.db.models.functions import Cast

Row = TypeVar("Row", bound=Model)
CAP = 1000
COUNT = "(SELECT COUNT(*) FROM (%(subquery)s) folded)"


class Rows(Subquery):
    """The values of a query as a JSON list of lists, in no order; ``names`` are those of its fields."""

    def __init__(self, rows: QuerySet[Any], names: Sequence[str]) -> None:
        self.names = tuple(names)
        fields = {field.attname: field for field in rows.model._meta.concrete_fields}
        self.bytes = {name for name in self.names if isinstance(fields.get(name), models.BinaryField)}
        super().__init__(rows.values(*self.names), output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """By SQLite's JSON functions."""
        return self._folded(compiler, connection, "json_group_array(json_array({}))", "hex({})")

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """By PostgreSQL's."""
        call = "coalesce(jsonb_agg(jsonb_build_array({})), '[]')"
        return self._folded(compiler, connection, call, "encode({}, 'hex')")

    def _folded(self, compiler: Any, connection: Any, call: str, as_hex: str) -> Any:
        quoted = {name: connection.ops.quote_name(name) for name in self.names}
        names = ", ".join(as_hex.format(text) if name in self.bytes else text for name, text in quoted.items())
        template = f"(SELECT {call.format(names)} FROM (%(subquery)s) folded)"
        return self.as_sql(compiler, connection, template=template)


def counted(rows: QuerySet[Any], cap: int = CAP) -> Subquery[Any]:
    """How many rows a query has, counted no further than one above the cap."""
    found: Subquery[Any] = Subquery(rows.order_by().values("pk")[: cap + 1], output_field=models.IntegerField())
    found.template = COUNT
    found.empty_result_set_value = 0  # where a scope shows nothing, nothing is asked
    return found


@dataclass(frozen=True)
class Figure:
    """A number beside a line of the menu: what to ask, in one read with all others, and how to read the answer.

    ``read`` gets the answer and who asks: the person, the branch, the day.
    """

    ask: Subquery[Any]
    read: Callable[..., int] = lambda answer, *_who: int(answer)


def ref_text(name: str) -> Cast:
    """A column of the outer row as text, for the tables that name their subject by text."""
    return Cast(OuterRef(name), models.CharField())


def taken(model: type[Row], names: Sequence[str], rows: Iterable[Sequence[Any]], prefix: str = "") -> list[Row]:
    """Instances with just these fields (``person_id`` for a reference), from lists in the order of ``names``.

    ``prefix`` picks the names that begin with it, without it: the other side of a reference.  A row without a key is
    left out.
    """
    key, order = _places(model, tuple(names), prefix)
    return [_instance(model, order, row) for row in rows if row[key] is not None]


Places = tuple[tuple[str, int, Callable[[Any], Any] | None], ...]


@lru_cache(maxsize=256)
def _places(model: type[Model], names: tuple[str, ...], prefix: str) -> tuple[int, Places]:
    """Where the key stands in a row, and by field its name, where its value stands and what makes Python's of it."""
    there = {name[len(prefix) :]: at for at, name in enumerate(names) if name.startswith(prefix)}
    fields = [field for field in model._meta.concrete_fields if field.attname in there]
    key = next(there[field.attname] for field in fields if field.primary_key)
    return key, tuple((field.attname, there[field.attname], _reader(field)) for field in fields)


def _instance(model: type[Row], order: Places, row: Sequence[Any]) -> Row:
    """What ``Model.from_db`` makes, in a quarter of its time: a field that was not read is fetched when it is used."""
    found = model.__new__(model)
    found._state = state = ModelState()
    state.adding, state.db = False, "default"
    values = found.__dict__
    for attname, at, read in order:
        values[attname] = row[at] if read is None else read(row[at])
    return found


def referring(model: Any, names: tuple[str, ...], rows: Any, **others: Any) -> list[Any]:
    """Instances with the other sides of their references."""
    found = taken(model, names, rows)
    for name, other in others.items():
        key = f"{name}__id"
        place = names.index(key)
        there = {one.pk: one for one in taken(other, names, rows, f"{name}__")}
        for one, row in zip(found, rows, strict=True):
            setattr(one, name, there.get(row[place]))
    return sorted(found, key=lambda one: one.pk)


def keep(row: Model, name: str, found: list[Any]) -> None:
    """Let ``row.<name>.all()`` give these instances, as after a prefetch."""
    relation = getattr(type(row), name).rel
    rows = relation.related_model._default_manager.get_queryset()
    rows._deferred_filter = (False, (), {relation.field.name: row})  # only if somebody asks for less or for more
    rows._result_cache, rows._prefetch_done = found, True
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    row._prefetched_objects_cache[name] = rows  # type: ignore[attr-defined]


def _moment(value: datetime) -> datetime:
    """A moment with its zone, which SQLite's text lacks: the database keeps universal time."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """What makes Python's value of JSON's; nothing where it is the same."""
    if isinstance(field, models.BinaryField):
        return lambda value: bytes.fromhex(value) if value else None
    if isinstance(field, JSONField):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    if isinstance(field, models.DateTimeField):
        return lambda value: None if value is None else _moment(field.to_python(value))
    if field.is_relation or isinstance(field, (models.CharField, models.TextField, models.IntegerField)):
        return None
    return cast("Callable[[Any], Any]", field.to_python)
