"""Verifying: walk all chains over the stored bytes and hold them against the exported seals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from kedang.journal import merkle, sealing, triggers
from kedang.journal.models import AccessLine, ChainHead, Event, Refusal, Seal
from kedang.journal.parts import access_hash, refusal_hash

Row = tuple[str, str, int, int, str, bytes, bytes, bytes]  # kind, id, seq, pk, head text, prev_hash, hash, body
_PLAIN = (  # a column that is computed is not parsed into a date by the driver
    "subject_kind, subject_id, seq, id, act, name, branch_id, actor_id, happened_on || '', act_id, recorded_at || ''"
)
_TEXTS = (
    "subject_kind, subject_id, seq, id, act, name, branch_id, actor_id, happened_on::text, act_id::text, "
    "to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
)
_ORDER = 'FROM journal_event ORDER BY subject_kind COLLATE "C", subject_id COLLATE "C", seq'


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written.  ``seq`` is 0 where no single event can be named."""

    subject: str
    seq: int
    what: str
    sealed: bool = True

    def __str__(self) -> str:
        place = f"{self.subject} #{self.seq}" if self.seq else self.subject
        return f"{place}: {self.what}" + ("" if self.sealed else " (unsealed)")


@dataclass
class Report:
    """What ``verify`` found.  ``unsealed`` counts events after the last exported seal, ``age`` is of the oldest."""

    events: int = 0
    chains: int = 0
    seals: int = 0
    unsealed: int = 0
    age: timedelta = timedelta()
    not_exported: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass
class Sealed:
    """What the exported seals say: bounds, heads of chains, leaves of refusals and access lines."""

    bounds: sealing.Bounds = field(default_factory=sealing.Bounds)
    heads: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    refusals: dict[int, str] = field(default_factory=dict)
    access: list[tuple[int, int, str]] = field(default_factory=list)


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment of the database while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _moment(text: str) -> str:
    """SQLite's stored text of a moment as the canonical bytes write it."""
    return text.replace(" ", "T") + ("Z" if "." in text else ".000000Z")


def _rows() -> Iterator[Row]:
    """All events chain by chain; the head text is built from the columns, as ``parts.head_text`` builds it."""
    lite = connection.vendor == "sqlite"
    columns = _PLAIN if lite else _TEXTS
    order = _ORDER.replace(' COLLATE "C"', "") if lite else _ORDER
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns}, prev_hash, hash, body {order}")
        while chunk := cursor.fetchmany(2000):
            for kind, ref, seq, pk, act, name, branch, actor, day, act_id, at, prev, digest, body in chunk:
                if lite:
                    at = _moment(at)
                    act_id = f"{act_id[:8]}-{act_id[8:12]}-{act_id[12:16]}-{act_id[16:20]}-{act_id[20:]}"
                head = (
                    f'{{"subject":"{kind}:{ref}","seq":{seq},"act_id":"{act_id}","act":"{act}","name":"{name}",'
                    f'"branch":{branch or "null"},"actor":{actor or "null"},'
                    f'"happened_on":"{day}","recorded_at":"{at}",'
                )
                yield kind, ref, seq, pk, head, bytes(prev), bytes(digest), bytes(body)


class _Chain:
    """One chain while it is walked."""

    def __init__(self, subject: str, sealed: Sealed) -> None:
        self.subject = subject
        self.heads = sealed.heads.get(subject, [])
        self.sealed_seq = self.heads[-1][0] if self.heads else 0
        self.bound = sealed.bounds.event_to
        self.seq = 0
        self.hash = b""
        self.next_head = 0
        self.findings: list[Finding] = []

    def found(self, seq: int, what: str) -> None:
        """Note a finding; whether it is sealed follows from its place."""
        self.findings.append(Finding(self.subject, seq, what, sealed=seq <= self.sealed_seq))

    def step(self, row: Row) -> None:
        """Check one event against its predecessor, its own bytes and the seals."""
        _kind, _ref, seq, pk, head, prev, digest, body = row
        if seq != self.seq + 1:
            self.found(self.seq + 1, f"events {self.seq + 1} to {seq - 1} are missing")
        elif prev != self.hash:
            self.found(seq, "does not follow its predecessor")
        if hashlib.sha256(prev + body).digest() != digest:
            self.found(seq, "its bytes were changed")
        elif not body.startswith(head.encode()):
            self.found(seq, "its columns do not say what its bytes say")
        if (pk <= self.bound) != (seq <= self.sealed_seq):
            inserted = seq > self.sealed_seq
            what = "was inserted behind the seals" if inserted else "has another id than when it was sealed"
            self.findings.append(Finding(self.subject, seq, what))
        self.seq, self.hash = seq, digest
        self._against_seals(seq, digest.hex())

    def _against_seals(self, seq: int, digest: str) -> None:
        while self.next_head < len(self.heads) and self.heads[self.next_head][0] <= seq:
            sealed_seq, sealed_hash = self.heads[self.next_head]
            if sealed_seq == seq and sealed_hash != digest:
                self.found(seq, "is not what was sealed; it or an event before it was changed")
            self.next_head += 1

    def close(self, head: tuple[int, bytes] | None) -> None:
        """The end: nothing sealed may be missing, and the head must be the last event."""
        if self.seq < self.sealed_seq:
            self.found(self.seq + 1, f"events {self.seq + 1} to {self.sealed_seq} are missing")
        elif head is None:
            self.found(self.seq, "its chain has no head")
        elif head != (self.seq, self.hash):
            self.found(max(self.seq, head[0]), f"the chain's head says {head[0]} events, there are {self.seq}")


def _walk(sealed: Sealed, report: Report) -> None:
    heads = {
        f"{kind}:{ref}": (seq, bytes(digest))
        for kind, ref, seq, digest in ChainHead.objects.filter(seq__gt=0)
        .values_list("subject_kind", "subject_id", "seq", "hash")
        .iterator(5000)
    }
    left = set(sealed.heads) | set(heads)
    chain: _Chain | None = None

    def close(done: _Chain) -> None:
        done.close(heads.get(done.subject))
        report.findings += done.findings
        left.discard(done.subject)
        report.chains += 1

    for row in _rows():
        subject = f"{row[0]}:{row[1]}"
        if chain is None or chain.subject != subject:
            if chain is not None:
                close(chain)
            chain = _Chain(subject, sealed)
        chain.step(row)
        report.events += 1
    if chain is not None:
        close(chain)
    for subject in sorted(left):
        gone = _Chain(subject, sealed)
        gone.close(heads.get(subject))
        report.findings += gone.findings


def _statements(report: Report) -> list[dict[str, Any]]:
    """The exported seals whose signature, number and link hold."""
    key = sealing.public_key()
    lines = sealing.exported_lines()
    if lines and key is None:
        report.findings.append(Finding("seals", 0, "the public key is missing; no signature can be checked"))
        return []
    good: list[dict[str, Any]] = []
    previous = ""
    for place, line in enumerate(lines, 1):
        try:
            statement = json.loads(line)
        except ValueError:
            statement = {}
        linked = statement.get("number") == place and statement.get("previous") == previous
        if key is None or not linked or not sealing.signature_holds(statement, key):
            report.findings.append(Finding(f"seal:{place}", 0, "the exported seal was changed"))
        else:
            good.append(statement)
        previous = hashlib.sha256(line.encode()).hexdigest()
    return good


def _leaves_of(statement: dict[str, Any], row: Seal | None, report: Report) -> list[str]:
    """The leaves under a seal's root, from the database or else from the export."""
    number = statement["number"]
    kept = merkle.unpack(bytes(row.leaves)) if row else None
    if row is None:
        report.findings.append(Finding(f"seal:{number}", 0, "is missing in the database"))
    elif json.loads(row.text) != statement or kept is None or merkle.root(kept) != statement["root"]:
        report.findings.append(Finding(f"seal:{number}", 0, "was changed in the database"))
    if kept is not None and merkle.root(kept) == statement["root"]:
        return kept
    path = sealing.leaves_file(number)
    exported = merkle.unpack(path.read_bytes()) if path.exists() else None
    if exported is not None and merkle.root(exported) == statement["root"]:
        return exported
    report.findings.append(Finding(f"seal:{number}", 0, "its leaves are lost; what it sealed cannot be checked"))
    return []


def _read_seals(report: Report) -> Sealed:
    sealed = Sealed()
    rows = {row.number: row for row in Seal.objects.all()}
    for statement in _statements(report):
        for leaf in _leaves_of(statement, rows.get(statement["number"]), report):
            _sort_leaf(leaf, sealed)
        sealed.bounds = sealing.Bounds(statement["event_to"], statement["refusal_to"], statement["access_to"])
        report.seals += 1
    report.not_exported = sum(1 for number in rows if number > len(sealing.exported_lines()))
    return sealed


def _sort_leaf(leaf: str, sealed: Sealed) -> None:
    kind, rest = leaf.split("|", 1)
    if kind == "event":
        subject, seq, digest = rest.rsplit("|", 2)
        sealed.heads.setdefault(subject, []).append((int(seq), digest))
    elif kind == "refusal":
        sealed.refusals[int(rest.split("|", 1)[0])] = leaf
    else:
        first, last, _rest = rest.split("|", 2)
        sealed.access.append((int(first), int(last), leaf))


def _check_refusals(sealed: Sealed, report: Report) -> None:
    left = dict(sealed.refusals)
    for leaf in sealing.refusal_leaves(0, sealed.bounds.refusal_to):
        pk = int(leaf.split("|")[1])
        expected = left.pop(pk, None)
        if expected is None:
            report.findings.append(Finding(f"refusal:{pk}", 0, "was inserted behind the seals"))
        elif expected != leaf:
            report.findings.append(Finding(f"refusal:{pk}", 0, "was changed"))
    report.findings += [Finding(f"refusal:{pk}", 0, "is missing") for pk in sorted(left)]


def _check_access(sealed: Sealed, report: Report) -> None:
    before = 0
    for first, last, leaf in sealed.access:
        rows = list(AccessLine.objects.filter(pk__gt=before, pk__lte=last).order_by("pk"))
        if not rows or sealing.access_leaf(rows) != leaf:
            report.findings.append(Finding(f"access lines {first} to {last}", 0, "were changed"))
        before = last
    if AccessLine.objects.filter(pk__gt=before, pk__lte=sealed.bounds.access_to).exists():
        report.findings.append(Finding(f"access lines after {before}", 0, "were inserted behind the seals"))


def _check_tail_hashes(sealed: Sealed, report: Report) -> None:
    """Refusals and access lines after the last seal carry their own hash: at least a clumsy change is noticed."""
    for refusal in Refusal.objects.filter(pk__gt=sealed.bounds.refusal_to).iterator(2000):
        if bytes(refusal.hash) != refusal_hash(refusal):
            report.findings.append(Finding(f"refusal:{refusal.pk}", 0, "was changed", sealed=False))
    for line in AccessLine.objects.filter(pk__gt=sealed.bounds.access_to).iterator(2000):
        if bytes(line.hash) != access_hash(line):
            report.findings.append(Finding(f"access line {line.pk}", 0, "was changed", sealed=False))


def _check_triggers(report: Report) -> None:
    """The triggers that refuse changes must be there."""
    lite = connection.vendor == "sqlite"
    source = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if lite else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(source)
        there = {name for (name,) in cursor.fetchall()}
    for name in triggers.names(connection.vendor):
        if name not in there:
            report.findings.append(Finding("database", 0, f"the trigger {name} is missing"))


def _tail(sealed: Sealed, report: Report, now: datetime) -> None:
    tail = Event.objects.filter(pk__gt=sealed.bounds.event_to)
    report.unsealed = tail.count()
    oldest = tail.aggregate(oldest=Min("recorded_at"))["oldest"]
    report.age = now - oldest if oldest else timedelta()


def verify(now: datetime, checks: Sequence[Iterable[Finding]] = ()) -> Report:
    """Check everything; ``checks`` adds findings of its own, as ``replay.disagreements()`` does."""
    report = Report()
    with _snapshot():
        sealed = _read_seals(report)
        _walk(sealed, report)
        _check_refusals(sealed, report)
        _check_access(sealed, report)
        _check_tail_hashes(sealed, report)
        _check_triggers(report)
        _tail(sealed, report, now)
        for check in checks:
            report.findings += check
    return report
