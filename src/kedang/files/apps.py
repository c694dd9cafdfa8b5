"""The Django app of files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files and what is in them."""

    name = "kedang.files"
    label = "files"

    def ready(self) -> None:
        """Tell the gate where facts come from."""
        from kedang.acts.naming import provide_names
        from kedang.files import queries, recurring, rules, scanning, standing

        rules.register()
        recurring.register()
        standing.register()
        scanning.register()
        provide_names("file", queries.names_of_files)
