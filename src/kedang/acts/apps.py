"""The Django app of acts; it has no tables."""

from django.apps import AppConfig


class ActsConfig(AppConfig):
    """Commands, the gate to the rulebook, following up an event."""

    name = "kedang.acts"
    label = "acts"

    def ready(self) -> None:
        """Say that duties are a fold over the journal."""
        from kedang.acts import rebuilding

        rebuilding.register()
