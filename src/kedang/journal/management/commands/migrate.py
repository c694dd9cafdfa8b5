"""``migrate`` as Django has it, allowed to change tables."""

from typing import Any

from django.core.management.commands import migrate

from kedang.journal.guard import writing


class Command(migrate.Command):
    """Changing the tables is the one thing that is not an act on a subject."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate inside ``writing()``."""
        with writing():
            super().handle(*args, **options)
