"""A Merkle root over lines of text, and the leaves that a seal keeps."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence


def root(lines: Sequence[str]) -> str:
    """The root as hexadecimal digits.  Leaves and nodes are hashed apart (RFC 6962); an odd one moves up as it is."""
    level = [hashlib.sha256(b"\x00" + line.encode()).digest() for line in lines]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[-1:] if len(level) % 2 else pairs
    return level[0].hex()


def pack(lines: Sequence[str]) -> bytes:
    """The leaves for storing."""
    return zlib.compress("\n".join(lines).encode(), 6)


def unpack(blob: bytes) -> list[str] | None:
    """The stored leaves; ``None`` when the bytes are damaged."""
    try:
        text = zlib.decompress(bytes(blob)).decode()
    except (zlib.error, UnicodeDecodeError):
        return None
    return text.split("\n") if text else []
