"""The Django app of files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files and what is in them."""

    name = "kedang.files"
    label = "files"

    def ready(self) -> None:
        """Tell the gate where facts come from."""
        from kedang.files import recurring, rules

        rules.register()
        recurring.register()
