"""The Django app of the journal."""

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created

from kedang.journal import guard


class JournalConfig(AppConfig):
    """Events, chains, seals, refusals, access lines and keys of subjects."""

    name = "kedang.journal"
    label = "journal"

    def ready(self) -> None:
        """Guard every connection, made already or to come."""
        connection_created.connect(guard.install, dispatch_uid="kedang.journal.guard")
        for connection in connections.all(initialized_only=True):
            guard.install(connection)
