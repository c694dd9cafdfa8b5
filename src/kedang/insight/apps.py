"""The Django app of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Figures of the month."""

    name = "kedang.insight"
    label = "insight"

    def ready(self) -> None:
        """Tell the journal how a frozen figure is replayed, and the gate what the command brings."""
        from kedang.acts import facts
        from kedang.insight.replay import register

        facts.bring("measure.freeze", "measure.frozen")

        register()
