"""The Django app of the journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Events, chains, seals, refusals, access lines and keys of subjects."""

    name = "kedang.journal"
    label = "journal"
