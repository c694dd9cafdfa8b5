"""``migrate`` as Django has it, allowed to change tables."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from kedang.journal.guard import writing


class Command(migrate.Command):
    """Changing the tables is the one thing that is not an act on a subject."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate inside ``writing()``; refuse a database that an earlier version left halfway."""
        for migration, lacks in halfway(options["database"]):
            raise CommandError(
                f"the database {options['database']} was left halfway by an earlier version: {lacks} has not run and "
                f"stands in {migration} now. Run `kedang migrate` of that version to its end, then come back."
            )
        with writing():
            super().handle(*args, **options)


def halfway(alias: str) -> list[tuple[str, str]]:
    """Each step that stands for several of which the database ``alias`` has run some, with the first that it lacks.

    Django would leave such a step out without a word, for the steps that it stands for are no longer there.
    """
    loader = MigrationLoader(connections[alias])
    found = []
    for (app, name), migration in sorted(loader.replacements.items()):
        lacks = [one for one in migration.replaces if one not in loader.applied_migrations]
        if lacks and len(lacks) < len(migration.replaces):
            found.append((f"{app}.{name}", ".".join(lacks[0])))
    return found
