"""How an app's triggers are put on and taken off, in migrations and for emptying a test database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Statements = Callable[[str], list[str]]  # of a vendor: sqlite or postgresql


@dataclass(frozen=True)
class Triggers:
    """The statements that make the triggers of an app and that drop them, by vendor."""

    creation: Statements
    removal: Statements

    def install(self, connection: Any) -> None:
        """Put the triggers on the tables of ``connection``."""
        _run(connection, self.creation(connection.vendor))

    def remove(self, connection: Any) -> None:
        """Take them off, for undoing the migration and for emptying a test database."""
        _run(connection, self.removal(connection.vendor))

    def forwards(self, _apps: Any, editor: Any) -> None:
        """The migration's step; the store of keys has no such tables."""
        if editor.connection.alias == "default":
            self.install(editor.connection)

    def backwards(self, _apps: Any, editor: Any) -> None:
        """The step undone."""
        if editor.connection.alias == "default":
            self.remove(editor.connection)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
