"""The session engine: Django's own, and each row says whose session it is, since when and with what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Keeps sessions in ``OfficeSession``."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table."""
        from kedang.office.models import OfficeSession

        return OfficeSession

    def create_model_instance(self, data: Any) -> Any:
        """The row, with its owner taken from what Django keeps in the session."""
        row = super().create_model_instance(data)
        owner = str(data.get("_auth_user_id") or "")
        row.person_id = int(owner) if owner.isdecimal() else None  # type: ignore[attr-defined]
        started = data.get("started_at")
        row.started_at = datetime.fromisoformat(started) if started else None  # type: ignore[attr-defined]
        row.agent = str(data.get("agent", ""))[:120]  # type: ignore[attr-defined]
        return row
