"""The first start: a one-time code printed in the terminal opens the only page that an empty house has."""

from __future__ import annotations

import hmac
import os
import secrets

from django.conf import settings

from kedang.staff.models import Branch

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
MOST_TRIES = 20
_tries = 0


def is_empty() -> bool:
    """Whether no house has been founded yet."""
    return not Branch.objects.exists()


def start_code() -> str:
    """The code of this empty house, made once and readable by its owner only; nothing once a house is there."""
    if not is_empty():
        return ""
    path = settings.KEDANG_DATA / "start_code"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)]
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("-".join(groups))
    return "-".join(groups)


def fits(code: str) -> bool:
    """Whether this is the code.  After twenty wrong ones nothing fits until the program is started again."""
    global _tries
    if _tries >= MOST_TRIES:
        return False
    right = hmac.compare_digest(code.strip().upper().encode(), start_code().encode() or b"\x00")
    _tries += not right
    return right


def used() -> None:
    """The code has served."""
    (settings.KEDANG_DATA / "start_code").unlink(missing_ok=True)
