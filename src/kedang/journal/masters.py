"""The master key file: wraps subjects' keys and keys the blind indexes.

One line each: ``<id> <base64 of 32 bytes>`` for a master key, the last one being in use, and ``index <base64>``
for the key of the blind indexes, which rotation never changes (the tokens would have to be computed again from
values that nobody may read).
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings


class MasterKeyMissing(Exception):
    """The file of the master key is not there: personal values cannot be read or written (docs/keys.md)."""


@dataclass(frozen=True)
class Masters:
    """The content of the file.  ``repr`` shows no key."""

    keys: dict[str, bytes]
    current: str
    index: bytes

    def __repr__(self) -> str:
        return f"Masters(current={self.current!r})"


def _parse(text: str, path: Path) -> Masters:
    keys: dict[str, bytes] = {}
    index = b""
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _, value = line.strip().partition(" ")
        key = base64.b64decode(value, validate=True)
        if len(key) != 32:
            raise ValueError(f"{path}: key {name!r} must have 32 bytes.")
        if name == "index":
            index = key
        else:
            keys[name] = key
    if not keys or not index:
        raise ValueError(f"{path} must hold a master key and the index key.")
    return Masters(keys, list(keys)[-1], index)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: tuple[int, int, int]) -> Masters:
    return _parse(path.read_text("ascii"), path)


def masters() -> Masters:
    """The master keys.  Read again when the file changes, so that a rotation reaches long-lived processes.

    Raises ``MasterKeyMissing`` with what to do when the file is not there.
    """
    path = Path(settings.KEDANG_MASTER_KEY)
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise MasterKeyMissing(
            f"The master key file {path} is missing. Make one with 'kedang keys make' on a new installation; "
            "bring back the saved copy on an old one, or no personal value can be read again (docs/keys.md)."
        ) from None
    return _read(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


def _line(name: str, key: bytes) -> str:
    return f"{name} {base64.b64encode(key).decode('ascii')}\n"


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def make(path: Path) -> bool:
    """Make the file unless it exists; whether it was made."""
    if path.exists():
        return False
    _write(path, _line("index", secrets.token_bytes(32)) + _line("m1", secrets.token_bytes(32)))
    return True


def add(path: Path) -> str:
    """Add a fresh master key and use it from now on; its id.  The old ones stay until ``retire``."""
    found = masters()
    name = f"m{1 + max(int(key[1:]) for key in found.keys)}"
    _write(path, path.read_text("ascii") + _line(name, secrets.token_bytes(32)))
    return name


def retire(path: Path, keep: str) -> None:
    """Leave only the master key ``keep`` and the index key in the file."""
    found = masters()
    _write(path, _line("index", found.index) + _line(keep, found.keys[keep]))
