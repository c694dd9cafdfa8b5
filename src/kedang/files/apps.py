"""The Django app of files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files and what is in them."""

    name = "kedang.files"
    label = "files"

    def ready(self) -> None:
        """Tell the gate where facts come from, and the journal which columns its events tell."""
        from kedang.acts import facts
        from kedang.acts.naming import provide_names
        from kedang.files import incident_parts, kept, leaving, queries, recurring, replay, rules, scanning, standing
        from kedang.files.models import Incident
        from kedang.journal.replay import register_replay

        rules.register()
        kept.register()
        leaving.register()
        replay.register()
        recurring.register()
        standing.register()
        scanning.register()
        provide_names("file", queries.names_of_files)
        facts.provide("incident", incident_parts.incident_facts, incident_parts.INCIDENT_FACTS)
        register_replay("file", incident_parts.replayed, models=[Incident])
