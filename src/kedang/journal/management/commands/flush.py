"""``flush`` for test databases alone: a journal is never emptied."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from kedang.journal import triggers
from kedang.journal.guard import writing


def is_test_database(connection: Any) -> bool:
    """Whether Django's test runner made this database."""
    name = str(connection.settings_dict["NAME"])
    return "mode=memory" in name or name == ":memory:" or name.rsplit("/", 1)[-1].startswith("test_")


class Command(flush.Command):
    """Empties a test database between two tests; refuses any other."""

    def handle(self, **options: Any) -> None:
        """Take the triggers off, empty the tables, put the triggers back."""
        connection = connections[options["database"]]
        if not is_test_database(connection):
            raise CommandError("A journal is never emptied.")
        with writing():
            if connection.alias == "default":
                triggers.remove(connection)
                for off, _on in triggers.OTHERS:
                    off(connection)
            super().handle(**options)
            if connection.alias == "default":
                triggers.install(connection)
                for _off, on in triggers.OTHERS:
                    on(connection)
