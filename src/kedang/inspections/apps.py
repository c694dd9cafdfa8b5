"""The Django app of inspections."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Rounds and stock checks."""

    name = "kedang.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Tell the gate where facts come from, the journal how it is replayed, a file's page what was found of it."""
        from kedang.files import remarks
        from kedang.inspections import queries, replay, rules

        rules.register()
        replay.register()
        remarks.offer(queries.open_findings)
