"""Following up: what an event does to duties, under the book of the day on which it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kedang.adoptions.queries import book_for, calendar
from kedang.duties.models import Duty
from kedang.duties.parts import open_states, rule_of, state_of, write_states
from kedang.journal.models import Event as Row
from kedang.journal.queries import entry
from kedang.rulebook import UNKNOWN, Event, follow_up
from kedang.rulebook.book import Book
from kedang.rulebook.duties import DutyState, abouts_of
from kedang.rulebook.pack import Duty as Rule
from kedang.sanctions.parts import record_fault
from kedang.staff.models import Branch


def read(row: Row, book: Book | None = None) -> Event:
    """A row of the journal as the rulebook reads it; nested values are for people and are no facts.

    An event that a duty about the branch waits for carries the branch's id, and one that a duty about a person waits
    for carries the id of who did it, unless its command wrote another.
    """
    found = entry(row)
    about = dict(found.about)
    if book is not None and row.branch_id and row.name in _of_branch(book):
        about = {"branch": str(row.branch_id), **about}
    if book is not None and row.actor_id and row.subject_kind != "person" and row.name in _of_person(book):
        about = {"person": str(row.actor_id), **about}
    return Event(
        id=row.pk, name=row.name, act=row.act, happened_on=row.happened_on,
        recorded_at=timezone.localtime(row.recorded_at),
        subject=f"{row.subject_kind}:{row.subject_id}", actor=str(row.actor_id or ""), about=about,
        data={key: value for key, value in found.data.items() if not isinstance(value, dict)}, past=found.past,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _of_branch(book: Book) -> frozenset[str]:
    """The events that open, do or drop duties about a branch."""
    rules = [rule for rule in book.rules_of(Rule) if rule.about == "branch"]
    return frozenset(name for rule in rules for name in (*rule.after, rule.done_by, rule.reach, *rule.drops_on) if name)


@lru_cache(maxsize=64)
def _of_person(book: Book) -> frozenset[str]:
    """The events by which somebody does a duty about a person: a form is written, a policy confirmed."""
    rules = [rule for rule in book.rules_of(Rule) if rule.about == "person"]
    return frozenset(rule.done_by for rule in rules if rule.done_by)


def _by_the_person(book: Book, event: Event) -> Q:
    """What the person whom an event is about did since, in whatever chain it stands, that may do a duty about them."""
    person = event.id_of("person")
    if not person.isdigit() or not _of_person(book):
        return Q(pk=None)
    return Q(name__in=_of_person(book), actor_id=int(person), happened_on__gte=event.happened_on)


def parties_in(event: Event) -> dict[str, frozenset[str]]:
    """The people whom an event names by role, as the journal keeps them: whoever folds it again binds the same."""
    found: dict[str, frozenset[str]] = {}
    for key, value in event.facts().items():
        ids = value if isinstance(value, tuple) else (value,)
        if "." in key and ids and all(isinstance(one, str) and one.isdigit() for one in ids):
            found[key] = frozenset(map(str, ids))
    return found


def _owed(branch: Branch, abouts: Sequence[str]) -> list[DutyState]:
    """The duties about any of these things, as states."""
    any_of = Q()
    for about in abouts:
        kind, _colon, ref = about.partition(":")
        any_of |= Q(about_kind=kind, about_id=ref)
    return _states(branch, Duty.objects.filter(any_of, branch=branch))


def _states(branch: Branch, found: QuerySet[Duty]) -> list[DutyState]:
    """Duties as states, each under the edition of the day of its trigger, whatever is in force by now."""
    rows = list(found.prefetch_related("bound"))
    days = dict(Row.objects.filter(pk__in={row.opened_by for row in rows}).values_list("pk", "happened_on"))
    ruled = ((row, rule_of(book_for(branch, days.get(row.opened_by, row.from_on)), row)) for row in rows)
    return [state_of(row, rule) for row, rule in ruled if rule is not None]


def follow(branch: Branch, rows: Sequence[Row], parties: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
    """Open, discharge, drop and move duties for the events of one act; ``parties`` are the people by event id."""
    for row in rows:
        book = book_for(branch, row.happened_on)
        event = read(row, book)
        if not book.packs:
            continue
        record_fault(branch, event, now=row.recorded_at, then=follow_alone)
        abouts = abouts_of(event)
        owed = _owed(branch, abouts)
        if not owed and not book.duties_after(event.name):
            continue
        file = event.id_of("file")
        kind, ref = ("file", file) if file else (row.subject_kind, row.subject_id)
        before = Q(subject_kind=kind, subject_id=ref) | _by_the_person(book, event)
        chain = Row.objects.filter(before, pk__lt=row.pk).order_by("pk")
        earlier = [one for one in (read(other, book) for other in chain) if set(abouts_of(one)) & set(abouts)]
        known = {role: frozenset(map(str, ids)) for role, ids in parties.get(row.pk, {}).items()}
        effects = follow_up(
            book, event, parties=known, open_duties=owed, earlier=earlier, calendar=calendar(),
            facts=unknown(book),
        )  # fmt: skip
        write_states(branch, effects.all(), file)


def follow_alone(branch: Branch, rows: Sequence[Row]) -> None:
    """The same for events that the clock or another event brought about and that bind nobody by role."""
    follow(branch, rows, {})


def follow_days(branch: Branch, book: Book, rows: Sequence[Row]) -> int:
    """Open what a day brings round, for many things in as few reads as for one; how many duties were opened."""
    events = [read(row) for row in rows]
    owed: dict[str, list[DutyState]] = {}
    refs: dict[str, set[str]] = {}
    for event in events:
        for kind, ref in event.about.items():
            refs.setdefault(kind, set()).add(ref)
    for kind, ids in refs.items():
        for state in _states(branch, Duty.objects.filter(branch=branch, about_kind=kind, about_id__in=ids)):
            owed.setdefault(state.about, []).append(state)
    earlier = _already(branch, book, events)
    opened: list[tuple[DutyState, str]] = []
    for event in events:
        abouts = abouts_of(event)
        known = [one for about in abouts for one in owed.get(about, ())]
        effects = follow_up(
            book, event, parties=parties_in(event), open_duties=known,
            earlier=[one for one in earlier if set(abouts_of(one)) & set(abouts)], calendar=calendar(),
            facts=unknown(book),
        )  # fmt: skip
        opened += [(state, event.id_of("file")) for state in effects.opened]
        for state in effects.opened:
            owed.setdefault(state.about, []).append(state)
    open_states(branch, opened)
    return len(opened)


def _already(branch: Branch, book: Book, events: Sequence[Event]) -> list[Event]:
    """What was done on the day or after it, and recorded before the clock came by."""
    rules = [rule for rule in book.rules_of(Rule) if rule.every or rule.when_true]
    rows = Row.objects.filter(
        branch=branch, name__in={rule.done_by or rule.reach for rule in rules},
        happened_on__gte=min(event.happened_on for event in events), pk__lt=min(event.id for event in events),
    ).order_by("pk")  # fmt: skip
    return [read(row, book) for row in rows]


def unknown(book: Book) -> dict[str, Any]:
    """Facts that the rules on an event may ask and the event does not carry: unknown, never absent."""
    wanted: set[str] = set()
    for rule in book.rules_of(Rule):
        wanted |= {test.fact for test in (*rule.when_true, *rule.when, *rule.done_when)}
    return dict.fromkeys(wanted, UNKNOWN)
