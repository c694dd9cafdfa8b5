"""The Django app of loans."""

from django.apps import AppConfig


class LoansConfig(AppConfig):
    """Loans and consultations."""

    name = "kedang.loans"
    label = "loans"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal how a loan is replayed."""
        from kedang.loans.behind import register as register_details
        from kedang.loans.replay import register as register_replays
        from kedang.loans.rules import register
        from kedang.loans.scanning import register as register_modes

        register()
        register_details()
        register_modes()
        register_replays()
