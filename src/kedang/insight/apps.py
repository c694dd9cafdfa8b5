"""The Django app of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Figures of the month."""

    name = "kedang.insight"
    label = "insight"

    def ready(self) -> None:
        """Tell the journal how a frozen figure is replayed."""
        from kedang.insight.replay import register

        register()
