"""Sealing: everything written since the last seal goes under a signed Merkle root that leaves the machine.

What is new is told by ids.  The upper bound of each table is read while writers are locked out for a moment
(``LOCK TABLE … IN SHARE MODE`` on PostgreSQL, the write lock on SQLite): whoever has taken an id below the bound has
then committed or gone, and whoever comes later gets an id above it.  So no row can slip in under a bound later.
One table at a time, so that nobody waits for two locks.

A seal's leaves are, for each chain that grew, its last event with its hash (which commits to the whole chain before
it), each refusal, and access lines in blocks.  Only this module reads the private key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Model

from kedang.journal import merkle
from kedang.journal.guard import writing
from kedang.journal.models import AccessLine, DestroyedKey, Event, Refusal, Seal
from kedang.journal.parts import access_hash, canonical, refusal_hash, stamp

BLOCK = 100


class SealKeyMissing(Exception):
    """The private key of seals cannot be read by this process."""


@dataclass(frozen=True)
class Bounds:
    """Up to which id each table is sealed."""

    event_to: int = 0
    refusal_to: int = 0
    access_to: int = 0


def make_key(path: Path) -> bool:
    """Make the private key unless it exists, and put the public key beside the data; whether it was made."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for place in public_key_paths():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(public)
    return True


def public_key_paths() -> list[Path]:
    """Where the public key is: with the exported seals, and in the data directory."""
    return [Path(settings.KEDANG_SEALS_DIR) / "seal.pub", Path(settings.KEDANG_DATA) / "seal.pub"]


def public_key() -> Ed25519PublicKey | None:
    """The public key; the exported one counts first."""
    for place in public_key_paths():
        if place.exists():
            key = load_pem_public_key(place.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                return key
    return None


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.KEDANG_SEAL_KEY)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise SealKeyMissing(
            f"The seal key {path} cannot be read ({error.strerror}): make it with 'kedang keys make'."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyMissing(f"{path} is not an Ed25519 key.")
    return key


def _bound(model: type[Model]) -> int:
    """The highest id below which nothing can appear any more."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with writing(), connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN SHARE MODE')
        found: int | None = model._base_manager.aggregate(top=Max("pk"))["top"]
    return found or 0


def event_leaves(above: int, to: int) -> list[str]:
    """The last event of each chain that grew in this range of ids."""
    rows = Event.objects.filter(pk__gt=above, pk__lte=to).order_by("pk")
    heads: dict[str, tuple[int, bytes]] = {}
    for kind, ref, seq, digest in rows.values_list("subject_kind", "subject_id", "seq", "hash").iterator(5000):
        heads[f"{kind}:{ref}"] = (seq, bytes(digest))
    return [f"event|{subject}|{seq}|{digest.hex()}" for subject, (seq, digest) in sorted(heads.items())]


def refusal_leaves(above: int, to: int) -> Iterator[str]:
    """One leaf for each refusal, over what its row says now."""
    for row in Refusal.objects.filter(pk__gt=above, pk__lte=to).order_by("pk").iterator(2000):
        yield f"refusal|{row.pk}|{refusal_hash(row).hex()}"


def access_leaves(above: int, to: int) -> Iterator[str]:
    """One leaf for each block of access lines, over what their rows say now."""
    block: list[AccessLine] = []
    for row in AccessLine.objects.filter(pk__gt=above, pk__lte=to).order_by("pk").iterator(2000):
        block.append(row)
        if len(block) == BLOCK:
            yield access_leaf(block)
            block = []
    if block:
        yield access_leaf(block)


def access_leaf(block: list[AccessLine]) -> str:
    """A block's leaf: first and last id, number of lines, hash."""
    digest = hashlib.sha256(b"".join(access_hash(row) for row in block)).hexdigest()
    return f"access|{block[0].pk}|{block[-1].pk}|{len(block)}|{digest}"


def seal_now(now: datetime) -> Seal | None:
    """Seal what is new and export it; ``None`` when nothing is.  Raises ``SealKeyMissing``.

    Two sealing processes cannot make the same number: it is unique.
    """
    key = _private_key()
    last = Seal.objects.order_by("-number").first()
    old = Bounds(last.event_to, last.refusal_to, last.access_to) if last else Bounds()
    new = Bounds(_bound(Event), _bound(Refusal), _bound(AccessLine))
    if new == old:
        export_seals()
        return None
    leaves = event_leaves(old.event_to, new.event_to)
    leaves += refusal_leaves(old.refusal_to, new.refusal_to)
    leaves += access_leaves(old.access_to, new.access_to)
    statement: dict[str, Any] = {
        "number": last.number + 1 if last else 1,
        "previous": hashlib.sha256(last.text.encode()).hexdigest() if last else "",
        "event_to": new.event_to,
        "refusal_to": new.refusal_to,
        "access_to": new.access_to,
        "leaves": len(leaves),
        "root": merkle.root(leaves),
        "at": stamp(now),
    }
    signature = base64.b64encode(key.sign(canonical(statement).encode())).decode("ascii")
    with writing(), transaction.atomic():
        seal = Seal.objects.create(
            number=statement["number"], text=canonical({**statement, "signature": signature}),
            leaves=merkle.pack(leaves), recorded_at=now, **vars(new),
        )  # fmt: skip
    export_seals()
    return seal


def signature_holds(statement: dict[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether the statement's signature is by this key."""
    rest = {name: value for name, value in statement.items() if name != "signature"}
    try:
        key.verify(base64.b64decode(statement.get("signature", "")), canonical(rest).encode())
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def seals_file() -> Path:
    """The exported seals, one line each, only ever appended to."""
    return Path(settings.KEDANG_SEALS_DIR) / "seals.txt"


def leaves_file(number: int) -> Path:
    """The exported leaves of a seal."""
    return Path(settings.KEDANG_SEALS_DIR) / "leaves" / f"{number:08d}.z"


def exported_lines() -> list[str]:
    """The exported seals as text, without a last line that was cut by a crash."""
    path = seals_file()
    if not path.exists():
        return []
    return [line for line in path.read_text("utf-8").split("\n")[:-1] if line]


def _exported_up_to(lines: list[str]) -> int:
    try:
        return int(json.loads(lines[-1])["number"]) if lines else 0
    except (ValueError, KeyError, TypeError):
        return len(lines)


def export_seals() -> int:
    """Append to the export what it lacks: seals, their leaves, destroyed keys; how many seals."""
    path = seals_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = list(Seal.objects.filter(number__gt=_exported_up_to(exported_lines())).order_by("number"))
    for seal in fresh:
        target = leaves_file(seal.number)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(bytes(seal.leaves))
    if fresh:
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(seal.text + "\n" for seal in fresh))
            file.flush()
            os.fsync(file.fileno())
    export_destroyed()
    return len(fresh)


def destroyed_file() -> Path:
    """The exported list of subjects whose keys have been destroyed."""
    return Path(settings.KEDANG_SEALS_DIR) / "destroyed-keys.txt"


def export_destroyed() -> None:
    """Append subjects that the exported list lacks."""
    path = destroyed_file()
    known = set(path.read_text("utf-8").splitlines()) if path.exists() else set()
    rows = DestroyedKey.objects.order_by("pk").values_list("subject_kind", "subject_id")
    fresh = [line for line in (f"{kind}:{ref}" for kind, ref in rows) if line not in known]
    if fresh:
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in fresh))
