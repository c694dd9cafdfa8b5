"""The Django app of custody."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Handovers and the sign-for book."""

    name = "kedang.custody"
    label = "custody"
