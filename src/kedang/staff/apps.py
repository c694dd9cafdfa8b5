"""The Django app of staff."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Persons, posts, units and branches."""

    name = "kedang.staff"
    label = "staff"
