"""Whom a signature belongs to: a user name and a password, or the code of one's app; also in another's session."""

from __future__ import annotations

import re

from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from kedang.staff.models import Person

CODE = re.compile(r"[0-9]{3} ?[0-9]{3}\Z")  # never a password: those are longer and not all digits


def signer_of(request: HttpRequest, prefix: str) -> Person | None:
    """Whose name and password, or code, stand in the box; each failure counts towards lock-out.  The session stays."""
    name = request.POST.get(f"{prefix}_username", "").strip()
    word = request.POST.get(f"{prefix}_password", "")
    if not name or not word:
        return None
    try:
        given = {"code": word} if CODE.match(word) else {"password": word}
        found = authenticate(request, username=name, **given)
    except PermissionDenied:
        return None
    return found if isinstance(found, Person) and found.is_active else None
