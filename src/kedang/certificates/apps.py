"""The Django app of certificates."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates of value, their safe and its count."""

    name = "kedang.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Tell the gate where facts come from, the journal how rows are replayed, and places what lies in them."""
        from kedang.certificates import replay, rules, standing

        rules.register()
        replay.register()
        standing.register()
