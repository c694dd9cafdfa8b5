"""Writes of the journal that the acts share: append events, keep refusals, note who saw what."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from kedang.journal import keys, telling
from kedang.journal.guard import WriteRefused, is_writing, writing
from kedang.journal.models import AccessLine, ChainHead, Event, Refusal
from kedang.journal.sealed import Purpose, Sealed
from kedang.lib.prepared import prepared

Subject = tuple[str, str]


@dataclass(frozen=True)
class NewEvent:
    """An event to be appended to its subject's chain.

    ``about`` carries ids, ``data`` open values, ``secrets`` personal ones, which are encrypted under the subject's
    key before they are hashed.  ``past`` marks what was imported as history: it opens no duty.  ``rows`` tell what
    rows hold after the act (``telling.py``); beside them ``append`` tells whatever the running act has noted.
    """

    name: str
    subject: Subject
    happened_on: date
    about: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    past: bool = False
    rows: Sequence[telling.Group] = ()


def stamp(moment: datetime) -> str:
    """A moment as the canonical bytes write it: UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    """What JSON cannot write, as text; a sealed value stays sealed."""
    if isinstance(value, Sealed):
        return {"sealed": base64.b64encode(value.blob).decode("ascii"), "aad": value.aad}
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"An event cannot hold {type(value).__name__}.")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: the same value is always the same bytes."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def head_text(row: Event) -> str:
    """The part of the body that repeats the columns; ``verify`` builds the same from what the database says."""
    return (
        f'{{"subject":"{row.subject_kind}:{row.subject_id}","seq":{row.seq},"act_id":"{row.act_id}","act":"{row.act}",'
        f'"name":"{row.name}","branch":{row.branch_id or "null"},"actor":{row.actor_id or "null"},'
        f'"happened_on":"{row.happened_on}","recorded_at":"{stamp(row.recorded_at)}",'
    )


def seal_aad(subject: Subject, seq: int, key: str) -> str:
    """What a secret of an event is bound to."""
    return f"journal_event|{key}|{subject[0]}:{subject[1]}:{seq}"


def _body(row: Event, new: NewEvent, rows: Sequence[telling.Group]) -> bytes:
    sealed = {
        key: base64.b64encode(keys.encrypt(new.subject, seal_aad(new.subject, row.seq, key), value.encode())).decode()
        for key, value in sorted(new.secrets.items())
    }
    told = {"rows": list(rows)} if rows else {}
    rest = canonical({"about": new.about, "data": new.data, "past": new.past, "sealed": sealed, **told})
    return (head_text(row) + rest[1:]).encode()


def _check_words(*words: str) -> None:
    for word in words:
        if not word or not word.isprintable() or any(sign in word for sign in '"\\'):
            raise ValueError(f"{word!r} cannot stand in an event's head.")


def _must_write() -> None:
    if not is_writing():
        raise WriteRefused("The journal is written inside acts only.")
    if not connection.in_atomic_block:
        raise WriteRefused("The journal is written inside a transaction only.")


def lock_chains(subjects: Iterable[Subject]) -> dict[Subject, ChainHead]:
    """Lock the chains concerned, in sorted order so that two acts never wait for each other; the heads.

    On SQLite the transaction's own write lock does it; on PostgreSQL the rows are locked.
    """
    _must_write()
    heads: dict[Subject, ChainHead] = {}
    for kind, ref in sorted(set(subjects)):
        _check_words(kind, ref)
        found = prepared(_head, kind=kind, ref=ref)
        if not found:
            ChainHead.objects.bulk_create([ChainHead(subject_kind=kind, subject_id=ref)], ignore_conflicts=True)
            found = prepared(_head, kind=kind, ref=ref)
        [heads[kind, ref]] = found
    return heads


def _head(*, kind: Any, ref: Any) -> QuerySet[ChainHead]:
    return ChainHead.objects.select_for_update().filter(subject_kind=kind, subject_id=ref)


def append(
    *, act_id: uuid.UUID, act: str, events: Sequence[NewEvent], actor: int | None, branch: int | None, now: datetime
) -> list[Event]:
    """Append the events of one act to their chains.  Only ``acts`` calls it, within its transaction.

    ``actor`` and ``branch`` are primary keys.  The first event tells what the act has written of kept tables.  Raises
    ``WriteRefused`` outside ``writing()`` or a transaction.
    """
    noted = telling.tell() if events else []
    heads = lock_chains(event.subject for event in events)
    rows: list[Event] = []
    for number, new in enumerate(events):
        _check_words(act, new.name)
        head = heads[new.subject]
        row = Event(
            subject_kind=new.subject[0], subject_id=new.subject[1], seq=head.seq + 1, act_id=act_id, act=act,
            name=new.name, branch_id=branch, actor_id=actor, happened_on=new.happened_on, recorded_at=now,
            prev_hash=bytes(head.hash),
        )  # fmt: skip
        row.body = _body(row, new, [*new.rows, *(noted if number == 0 else ())])
        row.hash = hashlib.sha256(row.prev_hash + row.body).digest()
        head.seq, head.hash = row.seq, row.hash
        rows.append(row)
    Event.objects.bulk_create(rows)
    for head in heads.values():
        head.save(update_fields=["seq", "hash"])
    return rows


def row_hash(*values: object) -> bytes:
    """The hash of a refusal or access line over its own columns."""
    return hashlib.sha256(canonical([str(value) for value in values]).encode()).digest()


def refusal_hash(row: Refusal) -> bytes:
    """Over everything that the row says."""
    return row_hash(
        "refusal", row.act_id, row.act, row.subject_kind, row.subject_id, row.branch_id, row.actor_id,
        stamp(row.recorded_at), row.clauses,
    )  # fmt: skip


def access_hash(row: AccessLine) -> bytes:
    """Over everything that the row says."""
    return row_hash("access", row.actor_id, stamp(row.recorded_at), row.page, row.subject_kind, row.subject_ids)


def record_refusal(
    *, act: str, subject: Subject, actor: int | None, branch: int | None, clauses: Iterable[str], now: datetime,
    act_id: uuid.UUID | None = None,
) -> Refusal:  # fmt: skip
    """Keep an attempt that the rules refused; after the act's savepoint has been undone."""
    row = Refusal(
        act_id=act_id or uuid.uuid4(), act=act, subject_kind=subject[0], subject_id=subject[1], branch_id=branch,
        actor_id=actor, recorded_at=now, clauses="\n".join(sorted(clauses)),
    )  # fmt: skip
    row.hash = refusal_hash(row)
    with writing():
        row.save(force_insert=True)
    return row


def record_access(*, actor: int | None, page: str, kind: str, ids: Iterable[object], now: datetime) -> AccessLine:
    """Note who saw which page of personal data about whom.  ``page`` is the name of the address."""
    text = ",".join(str(one) for one in ids)
    row = AccessLine(actor_id=actor, recorded_at=now, page=page, subject_kind=kind, subject_ids=text)
    row.hash = access_hash(row)
    with writing(), transaction.atomic():
        row.save(force_insert=True)
    return row


def reveal(event: Event, key: str, purpose: Purpose) -> str:
    """A personal value of an event, for a purpose.  Raises ``KeyError``, ``Shredded``, ``Tampered``."""
    sealed = json.loads(bytes(event.body))["sealed"][key]
    aad = seal_aad((event.subject_kind, event.subject_id), event.seq, key)
    return Sealed(base64.b64decode(sealed), aad).reveal(purpose)
