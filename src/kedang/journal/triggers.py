"""Triggers that refuse to change what is written once, on both databases; the migration installs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kedang.lib.triggers import Triggers

WRITTEN_ONCE = (
    "journal_event",
    "journal_refusal",
    "journal_accessline",
    "journal_seal",
    "journal_destroyedkey",
)
_REFUSE = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The journal is written once: % of % refused.', TG_OP, TG_TABLE_NAME; END $$
"""


Step = Callable[[Any], None]
OTHERS: list[tuple[Step, Step]] = []  # how the locks of other apps are taken off and put back


def register(off: Step, on: Step) -> None:
    """Tell of triggers of another app, which stand in the way when a test database is emptied."""
    if (off, on) not in OTHERS:
        OTHERS.append((off, on))


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'The journal is written once: {verb} of {table} refused.'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    ]


def creation(vendor: str) -> list[str]:
    """The statements that install all triggers on ``sqlite`` or ``postgresql``."""
    if vendor == "sqlite":
        return [line for table in WRITTEN_ONCE for line in _sqlite(table)]
    return [_REFUSE, *(line for table in WRITTEN_ONCE for line in _postgresql(table))]


def names(vendor: str) -> list[str]:
    """The names of all triggers."""
    endings = ("UPDATE", "DELETE") if vendor == "sqlite" else ("change", "truncate")
    return [f"{table}_no_{ending}" for table in WRITTEN_ONCE for ending in endings]


def removal(vendor: str) -> list[str]:
    """The statements that remove them."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in WRITTEN_ONCE for verb in ("UPDATE", "DELETE")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{what} ON {table}"
        for table in WRITTEN_ONCE
        for what in ("change", "truncate")
    ]


TRIGGERS = Triggers(creation, removal)
install, remove = TRIGGERS.install, TRIGGERS.remove
forwards, backwards = TRIGGERS.forwards, TRIGGERS.backwards  # the steps of the migration
