"""The Django app of duties."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Duties as rows."""

    name = "kedang.duties"
    label = "duties"
