"""Whole numbers that come from outside, in an address or a form."""

from __future__ import annotations

MOST = 2**63 - 1  # what the database holds
DIGITS = len(str(MOST))


def whole(text: str) -> int | None:
    """The number that a text writes in digits; None where it writes none, or more than the database holds."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        return None
    number = int(text)
    return number if number <= MOST else None
