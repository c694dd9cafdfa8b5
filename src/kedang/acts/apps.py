"""The Django app of acts; it has no tables."""

from django.apps import AppConfig


class ActsConfig(AppConfig):
    """Commands, the gate to the rulebook, following up an event."""

    name = "kedang.acts"
    label = "acts"
