"""The Django app of the office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Commands and screens of staff, adoption and duties."""

    name = "kedang.office"
    label = "office"

    def ready(self) -> None:
        """Tell the gate the facts that commands bring, the clock whom a day concerns, the journal what events tell."""
        from kedang.office import recurring, replay, rules

        rules.register()
        recurring.register()
        replay.register()
