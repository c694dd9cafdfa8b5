"""Bytes of scans: sniffed, bounded, encrypted on disk under the file's key.  A name that was sent is never used."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from django.conf import settings

from kedang.files.models import Scan
from kedang.journal import keys

MAX_BYTES = 20 * 1024 * 1024
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


class WrongUpload(ValueError):
    """Bytes that are not a scan, or too many of them."""


def sniff(data: bytes) -> str:
    """The type that the bytes themselves show.  Raises ``WrongUpload``."""
    for magic, type_ in MAGIC:
        if data.startswith(magic):
            return type_
    raise WrongUpload("Only PDF, JPEG, PNG and TIFF are kept as scans.")


def path_of(ref: uuid.UUID) -> Path:
    """Where the encrypted bytes lie: two levels of directories, named by the reference alone."""
    text = ref.hex
    return Path(settings.KEDANG_SCANS_DIR) / text[:2] / text[2:4] / text


def write(subject: tuple[str, str], ref: uuid.UUID, data: bytes) -> None:
    """Encrypt the bytes and put them on disk in one step."""
    path = path_of(ref)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(keys.encrypt(subject, f"scan|{ref}", data))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read(ref: uuid.UUID) -> bytes:
    """The bytes in plain.  Raises ``Shredded`` once the key is destroyed, ``FileNotFoundError``."""
    return keys.decrypt(f"scan|{ref}", path_of(ref).read_bytes())


def bytes_of(scan: Scan) -> bytes:
    """The bytes of a scan; the caller has asked the rules before."""
    return read(scan.seal_ref)
