"""The Django app of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Figures of the month."""

    name = "kedang.insight"
    label = "insight"
