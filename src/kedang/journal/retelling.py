"""Each row that is not as the journal told it last, rows that no event told, and told rows that are gone.

What was told last is gathered in a temporary file, event after event in the order of writing: memory stays the same
however long the journal is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from kedang.journal.models import Event
from kedang.journal.parts import canonical
from kedang.journal.telling import GONE, MADE, Group, kept
from kedang.journal.verifying import Finding

BATCH = 2000
Key = tuple[str, str]  # table, id


@dataclass
class _Last:
    """What events told of a row: whether one told that it was made, whether the last told that it is gone."""

    subject: str = ""
    seq: int = 0
    made: bool = False
    gone: bool = False
    held: dict[str, Any] = field(default_factory=dict)


class _Told:
    """What was told last, by table and id; the rows that were compared are forgotten."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self.file = file
        self.fresh: dict[Key, _Last] = {}
        file.execute("CREATE TABLE told (of TEXT, id TEXT, last TEXT, PRIMARY KEY (of, id)) WITHOUT ROWID")

    def take(self, subject: str, seq: int, group: Group) -> None:
        """What an event tells of some rows of one table."""
        for ref, *values in group["rows"]:
            key = (group["of"], str(ref))
            before = self.of(key) if group["how"] not in (MADE, GONE) else None
            last = before or _Last(made=group["how"] == MADE, gone=group["how"] == GONE)
            last.subject, last.seq = subject, seq
            last.held.update(zip(group["columns"], values, strict=True))
            self.fresh[key] = last
        if len(self.fresh) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is fresh into the file."""
        rows = [(*key, json.dumps(vars(last))) for key, last in self.fresh.items()]
        self.file.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", rows)
        self.fresh = {}

    def of(self, key: Key) -> _Last | None:
        """What was told of a row, if anything was."""
        if key in self.fresh:
            return self.fresh[key]
        row = self.file.execute("SELECT last FROM told WHERE of = ? AND id = ?", key).fetchone()
        return _Last(**json.loads(row[0])) if row else None

    def forget(self, keys: list[Key]) -> None:
        """Forget rows that were found in their table."""
        self.file.executemany("DELETE FROM told WHERE of = ? AND id = ?", keys)

    def left(self, label: str) -> Iterator[tuple[str, _Last]]:
        """What was told of rows of a table that were not found there."""
        for ref, last in self.file.execute("SELECT id, last FROM told WHERE of = ? ORDER BY id", (label,)):
            yield ref, _Last(**json.loads(last))


def disagreements() -> Iterator[Finding]:
    """Compare all kept tables with what events told of them."""
    with closing(sqlite3.connect("")) as file:  # a temporary file, gone with the connection
        told = _Told(file)
        events = Event.objects.order_by("pk").values_list("subject_kind", "subject_id", "seq", "body")
        for kind, ref, seq, body in events.iterator(BATCH):
            text = bytes(body)
            for group in json.loads(text).get("rows", ()) if b'"rows":' in text else ():
                told.take(f"{kind}:{ref}", seq, group)
        told.flush()
        for model in sorted(kept(), key=lambda one: one._meta.label):
            yield from _of_table(model, told)


def _of_table(model: type[Model], told: _Told) -> Iterator[Finding]:
    columns = kept()[model]
    label = model._meta.label_lower
    found: list[Key] = []
    for row in model._base_manager.order_by("pk").values("pk", *columns).iterator(BATCH):
        key = (label, str(row["pk"]))
        found.append(key)
        yield from _of_row(f"{model._meta.label}:{row['pk']}", {name: row[name] for name in columns}, told.of(key))
        if len(found) >= BATCH:
            told.forget(found)
            found = []
    told.forget(found)
    for ref, last in told.left(label):
        if not last.gone:
            name = f"{model._meta.label}:{ref}"
            yield Finding(last.subject, last.seq, f"the journal knows {name}, the table does not")


def _of_row(name: str, row: dict[str, Any], last: _Last | None) -> Iterator[Finding]:
    if last is None or not last.made:
        yield Finding(name, 0, "the table knows a row that the journal does not")
        return
    plain = json.loads(canonical(row))
    for column, value in last.held.items():
        if column in plain and plain[column] != value:
            said = f"{name} says {column} = {row[column]}, the journal says {value}"
            yield Finding(last.subject, last.seq, said)
