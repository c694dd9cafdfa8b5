"""Time-based one-time passwords (RFC 6238, HMAC-SHA1, six digits, 30 seconds) with the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1  # steps before and after: a clock may be half a minute off
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one 30-second step (RFC 4226, 5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, timestamp: float) -> int | None:
    """The step whose code this is, now or half a minute off; None when it is none of them."""
    now = int(timestamp) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step), code):
            found = step
    return found


def uri(secret: str, username: str, house: str) -> str:
    """What the picture says to the app."""
    label = quote(f"{house}:{username}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": secret, "issuer": house, "digits": DIGITS})


def new_recovery_codes() -> list[str]:
    """Ten codes for the day when the phone is gone; each serves once."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2 * RECOVERY_CODES)]
    return [f"{one}-{two}" for one, two in zip(groups[::2], groups[1::2], strict=True)]


def hashed(code: str) -> str:
    """A recovery code as it is kept; 50 random bits need no slow hash."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
