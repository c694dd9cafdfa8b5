"""The Django app of inspections."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Rounds and stock checks."""

    name = "kedang.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal how an inspection is replayed."""
        from kedang.inspections import replay, rules

        rules.register()
        replay.register()
