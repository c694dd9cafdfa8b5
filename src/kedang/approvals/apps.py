"""The Django app of approvals."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Requests for consent and the answers to them."""

    name = "kedang.approvals"
    label = "approvals"

    def ready(self) -> None:
        """Tell the journal which columns its events tell."""
        from kedang.approvals import replay

        replay.register()
