"""The Django app of certificates."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates of value, their safe and its count."""

    name = "kedang.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal how rows are replayed."""
        from kedang.certificates import replay, rules

        rules.register()
        replay.register()
