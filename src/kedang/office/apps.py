"""The Django app of the office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Commands and screens of staff, adoption and duties."""

    name = "kedang.office"
    label = "office"

    def ready(self) -> None:
        """Tell the gate which facts the commands bring, and the journal which columns its events tell."""
        from kedang.office import replay, rules

        rules.register()
        replay.register()
