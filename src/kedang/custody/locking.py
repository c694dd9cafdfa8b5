"""Triggers on both databases: a locked list, its lines, checks and signatures never change again."""

from __future__ import annotations

from kedang.lib.triggers import Triggers

LOCKED = "EXISTS (SELECT 1 FROM custody_innerlist k WHERE k.id = {row}.list_id AND k.status = 'locked')"
BY_LINE = (
    "EXISTS (SELECT 1 FROM custody_innerlistline l JOIN custody_innerlist k ON k.id = l.list_id "
    "WHERE l.id = {row}.line_id AND k.status = 'locked')"
)
TABLES = {
    "custody_innerlist": "{row}.status = 'locked'",
    "custody_innerlistline": LOCKED,
    "custody_listsignature": LOCKED,
    "custody_listcheck": BY_LINE,
}
VERBS = ("INSERT", "UPDATE", "DELETE")
WORDS = "A locked list never changes"


def _held() -> list[tuple[str, str, str]]:
    """Table, verb and condition of each trigger; a list may be born, and is locked by a change."""
    found = []
    for table, test in TABLES.items():
        for verb in VERBS:
            if (table, verb) != ("custody_innerlist", "INSERT"):
                found.append((table, verb, test.format(row="NEW" if verb == "INSERT" else "OLD")))
    return found


def creation(vendor: str) -> list[str]:
    """The statements that install the triggers on ``sqlite`` or ``postgresql``."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_locked_{verb} BEFORE {verb} ON {table} WHEN {test} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}.'); END"
            for table, verb, test in _held()
        ]
    found = []
    for table, verb, test in _held():
        row = "OLD" if verb == "DELETE" else "NEW"
        found += [
            f"CREATE OR REPLACE FUNCTION {table}_locked_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {test} THEN RAISE EXCEPTION '{WORDS}.'; END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {table}_locked_{verb} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_locked_{verb}()",
        ]
    return found


def removal(vendor: str) -> list[str]:
    """The statements that take them off."""
    on = " ON {}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_locked_{verb}{on.format(table)}" for table, verb, _test in _held()]


TRIGGERS = Triggers(creation, removal)
install, remove = TRIGGERS.install, TRIGGERS.remove
forwards, backwards = TRIGGERS.forwards, TRIGGERS.backwards  # the steps of the migration
