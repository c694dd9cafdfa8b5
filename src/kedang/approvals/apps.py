"""The Django app of approvals."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Requests for consent and the answers to them."""

    name = "kedang.approvals"
    label = "approvals"
