"""The Django app of the office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Commands and screens of staff, adoption and duties."""

    name = "kedang.office"
    label = "office"
