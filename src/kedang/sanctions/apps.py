"""The Django app of sanctions."""

from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    """Breaches, and the decisions on them."""

    name = "kedang.sanctions"
    label = "sanctions"

    def ready(self) -> None:
        """Say what the journal implies for these tables."""
        from kedang.sanctions import replay

        replay.register()
