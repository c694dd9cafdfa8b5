"""A migration's step that makes many tables."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """``CreateModel`` of each of ``models``, in order; what Django knows of all tables is drawn up once, not each time.

    After every single ``CreateModel`` Django makes anew each class that a foreign key leads to or from. In this house
    everything leads to the staff, so that making seventy tables drew up some three thousand classes.
    """

    reversible = True

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Tell the state of all tables; its classes are made when they are asked for next."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the tables."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the tables, last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """One line for ``migrate``'s report."""
        return f"Create {len(self.models)} tables"
