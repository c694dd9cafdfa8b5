"""The Django app of custody."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Handovers and the sign-for book."""

    name = "kedang.custody"
    label = "custody"

    def ready(self) -> None:
        """Tell the gate where facts come from."""
        from kedang.custody.rules import register

        register()
