"""Whom a signature belongs to: a user name and password in a box, also in somebody else's session."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from kedang.staff.models import Person


def signer_of(request: HttpRequest, prefix: str) -> Person | None:
    """Whose user name and password stand in the box; each failure counts towards lock-out.  The session stays."""
    name = request.POST.get(f"{prefix}_username", "").strip()
    word = request.POST.get(f"{prefix}_password", "")
    if not name or not word:
        return None
    try:
        found = authenticate(request, username=name, password=word)
    except PermissionDenied:
        return None
    return found if isinstance(found, Person) and found.is_active else None
