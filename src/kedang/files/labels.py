"""Labels: what the code on a volume, a place or another thing says, and what a scanned code means.

A code such as ``KD-V-9C-7QK2M`` names the thing and carries a check made with this installation's own key.  It says
nothing about anybody; a stranger's code, or one with a slip of a digit, means nothing here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from kedang.journal.masters import masters

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O and U, which are misread
MIXED_UP = str.maketrans("ILO", "110")
CHECK = 5  # digits of the check: one code in 33 million fits by chance
FORM = re.compile(r"KD-?([A-Z])-?([0-9A-Z]+)-([0-9A-Z]{5})")
_letters: dict[str, str] = {}


def declare(kind: str, letter: str) -> None:
    """Give the labels of a kind of thing their letter; called from an app's ``ready``."""
    if _letters.get(letter, kind) != kind:
        raise ValueError(f"The letter {letter} belongs to {_letters[letter]}.")
    _letters[letter] = kind


def _digits(number: int) -> str:
    found = ""
    while number:
        number, one = divmod(number, 32)
        found = DIGITS[one] + found
    return found or "0"


def _check(letter: str, digits: str) -> str:
    hashed = hmac.new(masters().index, f"label:{letter}:{digits}".encode("ascii"), hashlib.sha256).digest()
    return "".join(DIGITS[byte % 32] for byte in hashed[:CHECK])


def code_of(kind: str, pk: int) -> str:
    """The code on the label of a thing."""
    letter = next(letter for letter, known in _letters.items() if known == kind)
    digits = _digits(pk)
    return f"KD-{letter}-{digits}-{_check(letter, digits)}"


def plain(text: str) -> str:
    """What was scanned or typed, as the code is written: an input method may have made wide letters of it."""
    return unicodedata.normalize("NFKC", text).strip().rstrip("/").rpartition("/q/")[2].strip()


def read(text: str) -> tuple[str, int] | None:
    """The kind and number of the thing that a code names; nothing for what is no code of this installation."""
    found = FORM.fullmatch(plain(text).upper())
    if found is None:
        return None
    letter, digits, check = found[1], found[2].translate(MIXED_UP), found[3].translate(MIXED_UP)
    kind = _letters.get(letter)
    if kind is None or len(digits) > 12 or not set(digits + check) <= set(DIGITS):
        return None
    if not hmac.compare_digest(check, _check(letter, digits)):
        return None
    number = 0
    for one in digits:
        number = number * 32 + DIGITS.index(one)
    return kind, number
