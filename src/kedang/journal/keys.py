"""Keys of subjects: each file and customer has its own, so that destroying it destroys their values.

A ciphertext is ``version (1 byte) | key id (8 bytes) | nonce (12 bytes) | AES-256-GCM ciphertext``; its additional
data names table, column and row, so that a value moved to another row does not decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connections, transaction

from kedang.journal.guard import writing
from kedang.journal.masters import masters
from kedang.journal.models import DestroyedKey, SubjectKey
from kedang.journal.routers import KEYS

Subject = tuple[str, str]
VERSION = 1
HEAD = 1 + 8 + 12
CACHE_SIZE = 2048
CACHE_SECONDS = 60.0


class Shredded(Exception):
    """The subject's key has been destroyed; the value cannot be read any more."""


class Tampered(Exception):
    """The ciphertext does not belong to this row, or was changed."""


class _Cache:
    """Unwrapped keys of this process, bounded in number and age: a shredding elsewhere is noticed in a minute."""

    def __init__(self) -> None:
        self._keys: OrderedDict[tuple[str, int], tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, place: tuple[str, int]) -> bytes | None:
        """The key, unless unknown or older than ``CACHE_SECONDS``."""
        with self._lock:
            found = self._keys.get(place)
            if found is None or time.monotonic() - found[0] > CACHE_SECONDS:
                self._keys.pop(place, None)
                return None
            self._keys.move_to_end(place)
            return found[1]

    def put(self, place: tuple[str, int], key: bytes) -> None:
        """Keep the key; the least recently used one goes when there are too many."""
        with self._lock:
            self._keys[place] = (time.monotonic(), key)
            while len(self._keys) > CACHE_SIZE:
                self._keys.popitem(last=False)

    def clear(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._keys.clear()

    def __len__(self) -> int:
        return len(self._keys)


cache = _Cache()


def _place(key_id: int) -> tuple[str, int]:
    return str(connections[KEYS].settings_dict["NAME"]), key_id


def _aad_of(kind: str, ref: str) -> bytes:
    return f"subject key|{kind}|{ref}".encode()


def wrap(key: bytes, kind: str, ref: str) -> tuple[str, bytes]:
    """The id of the master key in use and ``key`` wrapped by it."""
    found = masters()
    nonce = secrets.token_bytes(12)
    return found.current, nonce + AESGCM(found.keys[found.current]).encrypt(nonce, key, _aad_of(kind, ref))


def unwrap(row: SubjectKey) -> bytes:
    """The key of a row.  Raises ``Shredded``, and ``Tampered`` when the master key does not fit."""
    if row.wrapped is None:
        raise Shredded(f"The key of {row} has been destroyed.")
    wrapped = bytes(row.wrapped)
    master = masters().keys.get(row.master)
    if master is None:
        raise Tampered(f"The master key file does not hold {row.master!r}, which wrapped the key of {row}.")
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], _aad_of(row.subject_kind, row.subject_id))
    except InvalidTag:
        raise Tampered(f"The master key does not fit the key of {row}.") from None


def _key_row(subject: Subject) -> SubjectKey:
    """The subject's key row, made at first use."""
    kind, ref = subject
    row = SubjectKey.objects.filter(subject_kind=kind, subject_id=ref).first()
    if row is not None:
        return row
    if DestroyedKey.objects.filter(subject_kind=kind, subject_id=ref).exists():
        raise Shredded(f"The key of {kind}:{ref} has been destroyed.")
    key = secrets.token_bytes(32)
    master, wrapped = wrap(key, kind, ref)
    try:
        with writing(), transaction.atomic(using=KEYS):
            row = SubjectKey.objects.create(subject_kind=kind, subject_id=ref, master=master, wrapped=wrapped)
        cache.put(_place(row.pk), key)
        return row
    except IntegrityError:  # somebody was faster
        return SubjectKey.objects.get(subject_kind=kind, subject_id=ref)


def _cached(key_id: int) -> bytes:
    place = _place(key_id)
    key = cache.get(place)
    if key is None:
        row = SubjectKey.objects.filter(pk=key_id).first()
        if row is None:
            raise Shredded(f"There is no key {key_id}: it has been destroyed, or the store of keys is another one.")
        key = unwrap(row)
        cache.put(place, key)
    return key


def warm(key_ids: set[int]) -> None:
    """Fetch many keys with one query, for a page of a list."""
    missing = [key_id for key_id in key_ids if cache.get(_place(key_id)) is None]
    for row in SubjectKey.objects.filter(pk__in=missing, wrapped__isnull=False):
        cache.put(_place(row.pk), unwrap(row))


def key_id_of(blob: bytes) -> int:
    """Which key encrypted this ciphertext."""
    return int.from_bytes(bytes(blob[1:9]), "big")


def encrypt(subject: Subject, aad: str, data: bytes) -> bytes:
    """``data`` under the subject's key.  Raises ``Shredded`` and ``MasterKeyMissing``."""
    row = _key_row(subject)
    if row.wrapped is None:
        raise Shredded(f"The key of {row} has been destroyed.")
    key = cache.get(_place(row.pk))
    if key is None:
        key = unwrap(row)
        cache.put(_place(row.pk), key)
    nonce = secrets.token_bytes(12)
    return b"".join(
        (bytes([VERSION]), row.pk.to_bytes(8, "big"), nonce, AESGCM(key).encrypt(nonce, data, aad.encode()))
    )


def decrypt(aad: str, blob: bytes) -> bytes:
    """What ``encrypt`` was given.  Raises ``Shredded``, ``Tampered`` and ``MasterKeyMissing``."""
    blob = bytes(blob)
    if len(blob) < HEAD + 16 or blob[0] != VERSION:
        raise Tampered("This is not a ciphertext of Kedang.")
    key = _cached(key_id_of(blob))
    try:
        return AESGCM(key).decrypt(blob[9:HEAD], blob[HEAD:], aad.encode())
    except InvalidTag:
        raise Tampered(f"The value does not belong to {aad}, or was changed.") from None


def blind_token(kind: str, value: str) -> int:
    """A keyed hash of a search token, as a signed 64-bit integer; ``kind`` keeps kinds of tokens apart."""
    digest = hmac.new(masters().index, f"{kind}\x00{value}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def shred(subject: Subject, now: datetime) -> None:
    """Destroy the subject's key once the act commits.  Call inside an act.

    The order to destroy is kept in the data (and in the exported list), so that a crash between the two databases
    or a restored backup of keys is made good by ``sweep``.
    """
    DestroyedKey.objects.get_or_create(subject_kind=subject[0], subject_id=subject[1], defaults={"recorded_at": now})
    transaction.on_commit(lambda: destroy([subject]))


def destroy(subjects: list[Subject]) -> int:
    """Overwrite the keys of these subjects; how many were still there."""
    count = 0
    with writing(), transaction.atomic(using=KEYS):
        for kind, ref in subjects:
            rows = SubjectKey.objects.filter(subject_kind=kind, subject_id=ref, wrapped__isnull=False)
            count += rows.update(wrapped=None)
    cache.clear()
    connection = connections[KEYS]
    if count and connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:  # or the old page would stay in the write-ahead log
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count


def sweep() -> int:
    """Destroy every key that was ordered to be destroyed and is still there; how many."""
    return destroy(list(DestroyedKey.objects.values_list("subject_kind", "subject_id")))
