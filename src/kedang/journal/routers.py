"""Which database a table lives in: subjects' keys have a store of their own."""

from __future__ import annotations

from typing import Any

KEYS = "keys"


class KeysRouter:
    """Sends ``SubjectKey`` to the alias ``keys`` and everything else to ``default``."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        """The alias that holds the model's table."""
        return KEYS if model._meta.label_lower == "journal.subjectkey" else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Whether a migration of this model belongs into the database ``db``."""
        if hints.get("everywhere"):
            return True
        return (db == KEYS) == (app_label == "journal" and model_name == "subjectkey")
