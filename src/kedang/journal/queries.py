"""Reads of the journal."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from kedang.journal.models import ChainHead, Event, Refusal


@dataclass(frozen=True)
class Entry:
    """An event with its body read."""

    id: int
    subject: tuple[str, str]
    seq: int
    act_id: uuid.UUID
    act: str
    name: str
    branch: int | None
    actor: int | None
    happened_on: date
    recorded_at: datetime
    about: dict[str, str]
    data: dict[str, Any]
    sealed: dict[str, str]
    past: bool


def entry(row: Event) -> Entry:
    """The event with its body read."""
    body = json.loads(bytes(row.body))
    return Entry(
        id=row.pk, subject=(row.subject_kind, row.subject_id), seq=row.seq, act_id=row.act_id, act=row.act,
        name=row.name, branch=row.branch_id, actor=row.actor_id, happened_on=row.happened_on,
        recorded_at=row.recorded_at, about=body["about"], data=body["data"], sealed=body["sealed"], past=body["past"],
    )  # fmt: skip


def chain(kind: str, ref: object) -> QuerySet[Event]:
    """The rows of a subject's chain, oldest first."""
    return Event.objects.filter(subject_kind=kind, subject_id=str(ref)).order_by("seq")


def events_of(kind: str, ref: object, newest: int | None = None) -> list[Entry]:
    """What happened to a subject, oldest first; all of it or the ``newest`` so many events."""
    rows = chain(kind, ref)
    return [entry(row) for row in (rows if newest is None else reversed(rows.order_by("-seq")[:newest]))]


def events_of_act(act_id: uuid.UUID) -> list[Entry]:
    """All events of one act, one per subject."""
    return [entry(row) for row in Event.objects.filter(act_id=act_id).order_by("pk")]


def last_seq(kind: str, ref: object) -> int:
    """The number of a subject's last event; 0 when nothing has happened yet."""
    head = ChainHead.objects.filter(subject_kind=kind, subject_id=str(ref)).values_list("seq", flat=True).first()
    return head or 0


def refusals_of(kind: str, ref: object) -> QuerySet[Refusal]:
    """Attempts on a subject that the rules refused, newest first."""
    return Refusal.objects.filter(subject_kind=kind, subject_id=str(ref)).order_by("-pk")
