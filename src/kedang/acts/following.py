"""Following up: what an event does to duties, under the book of the day on which it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from kedang.adoptions.queries import book_for, calendar
from kedang.duties.models import Duty
from kedang.duties.parts import rule_of, state_of, write_states
from kedang.journal.models import Event as Row
from kedang.journal.queries import entry
from kedang.rulebook import Event, follow_up
from kedang.rulebook.book import Book
from kedang.rulebook.duties import abouts_of
from kedang.sanctions.parts import record_fault
from kedang.staff.models import Branch


def read(row: Row) -> Event:
    """A row of the journal as the rulebook reads it; nested values are for people and are no facts."""
    found = entry(row)
    return Event(
        id=row.pk, name=row.name, act=row.act, happened_on=row.happened_on, recorded_at=row.recorded_at,
        subject=f"{row.subject_kind}:{row.subject_id}", actor=str(row.actor_id or ""), about=found.about,
        data={key: value for key, value in found.data.items() if not isinstance(value, dict)}, past=found.past,
    )  # fmt: skip


def _owed(branch: Branch, book: Book, abouts: Sequence[str]) -> list[Any]:
    """The duties about any of these things, as states."""
    any_of = Q()
    for about in abouts:
        kind, _colon, ref = about.partition(":")
        any_of |= Q(about_kind=kind, about_id=ref)
    rows = Duty.objects.filter(any_of, branch=branch).prefetch_related("bound")
    return [state_of(row, rule) for row in rows if (rule := rule_of(book, row))]


def follow(branch: Branch, rows: Sequence[Row], parties: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
    """Open, discharge, drop and move duties for the events of one act; ``parties`` are the people by event id."""
    for row in rows:
        event = read(row)
        book = book_for(branch, event.happened_on)
        if not book.packs:
            continue
        record_fault(branch, event, now=row.recorded_at)
        abouts = abouts_of(event)
        owed = _owed(branch, book, abouts)
        if not owed and not book.duties_after(event.name):
            continue
        file = event.id_of("file")
        chain = Row.objects.filter(subject_kind="file", subject_id=file, pk__lt=row.pk).order_by("pk")
        earlier = [one for one in map(read, chain) if set(abouts_of(one)) & set(abouts)] if file else []
        known = {role: frozenset(map(str, ids)) for role, ids in parties.get(row.pk, {}).items()}
        effects = follow_up(
            book, event, parties=known, open_duties=owed, earlier=earlier, calendar=calendar(),
            facts=_known(book, event),
        )  # fmt: skip
        write_states(branch, effects.all(), file)


def _known(book: Book, event: Event) -> dict[str, Any]:
    """Facts that the rules on this event may ask and the event does not carry: unknown, never absent."""
    from kedang.rulebook import UNKNOWN
    from kedang.rulebook.pack import Duty as Rule

    wanted: set[str] = set()
    for rule in book.rules_of(Rule):
        wanted |= {test.fact for test in (*rule.when, *rule.done_when)}
    return dict.fromkeys(wanted, UNKNOWN)
