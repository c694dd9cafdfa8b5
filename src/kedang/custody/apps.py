"""The Django app of custody."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Handovers and the sign-for book."""

    name = "kedang.custody"
    label = "custody"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal which columns its events tell."""
        from kedang.custody import list_replay, list_rules, locking, replay, rules
        from kedang.journal import triggers

        rules.register()
        list_rules.register()
        list_replay.register()
        replay.register()
        triggers.register(locking.remove, locking.install)
