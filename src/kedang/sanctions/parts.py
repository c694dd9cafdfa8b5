"""Writes of breaches that several acts and the clock share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from kedang.adoptions.queries import book_for, books, calendar
from kedang.duties.models import Duty
from kedang.journal import parts as journal
from kedang.journal.models import Event
from kedang.rulebook import Book
from kedang.rulebook import Event as Happened
from kedang.rulebook.pack import Repeat, Sanction
from kedang.rulebook.sanctions import concerned, repeat_days
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import facts_of, posts_by_person
from kedang.staff.models import Branch, Person, PostHolding

Then = Callable[[Branch, Sequence[Event]], object]
FAULTS = {"defect.raised": "defect", "incident.reported": "incident"}


@dataclass(frozen=True)
class Found:
    """A breach that was found; ``source`` makes sure that the same thing is one breach only."""

    source: str
    kind: str
    name: str
    person: int
    happened_on: date
    about: tuple[str, str] = ("", "")
    file: str = ""
    duty: Duty | None = None
    same_as: Breach | None = None
    units: int = 1


def raise_breach(
    branch: Branch, found: Found, *, now: datetime, actor: int | None, act_id: uuid.UUID, then: Then | None = None
) -> Breach | None:  # fmt: skip
    """Write a breach with its event, within the caller's transaction; None if it is known already.

    ``then`` follows the event up: whoever raises a breach says what comes of it, as acts do and this layer cannot.
    """
    if Breach.objects.filter(branch=branch, source=found.source).exists():
        return None
    row = keep_breach(branch, found)
    events = [told_of(found, row)]
    written = journal.append(act_id=act_id, act="breach.raise", events=events, actor=actor, branch=branch.pk, now=now)
    if then is not None:
        then(branch, written)
    return row


def keep_breach(branch: Branch, found: Found) -> Breach:
    """The row of a breach; whoever calls it tells the event, too."""
    return Breach.objects.create(
        branch=branch, source=found.source, kind=found.kind, name=found.name, person_id=found.person,
        about_kind=found.about[0], about_id=found.about[1], file=found.file, duty=found.duty, same_as=found.same_as,
        units=found.units, happened_on=found.happened_on,
    )  # fmt: skip


def told_of(found: Found, row: Breach) -> journal.NewEvent:
    """What the journal says of a breach that was raised."""
    about = {"breach": str(row.pk)} | ({"file": found.file} if found.file else {})
    data = {"kind": found.kind, "what": found.name, "person": str(found.person), "units": found.units}
    return journal.NewEvent("breach.raised", ("breach", str(row.pk)), found.happened_on, about=about, data=data)


def is_sanctioned(branch: Branch, kind: str, name: str, on: date, person: int, of: str = "") -> bool:
    """Whether any clause in force on that day puts a price on it for somebody of this person's posts.

    What a clause asks besides (its ``when``) is weighed with the proposal: it may become known later.  ``of`` is the
    kind of file, where it happened to one: a clause means the files of its own policy.
    """
    book = book_for(branch, on)
    row = Breach(branch=branch, kind=kind, name=name, person_id=person, happened_on=on)
    return concerned(book, facts_of(row, book, posts_by_person(branch, [person]), {"file.kind": of} if of else None))


def late_ones(branch: Branch, rows: Iterable[Duty]) -> list[Found]:
    """A breach for each person bound by a duty that is late, where a clause proposes something for it.

    A duty of a pool is a breach only where one person alone holds the post: else somebody has to say who answers.
    """
    return [
        late_of(row, person, day)
        for row, day in _priced(branch, list(rows))
        for person in _answerable(branch, row, day)
        if is_sanctioned(branch, "late", row.clause, day, person)
    ]


def late_of(row: Duty, person: int, day: date) -> Found:
    """The breach of one person by a duty that was late on a day."""
    about = (row.about_kind, row.about_id)
    return Found(f"duty:{row.pk}@{person}", "late", row.clause, person, day, about, row.file, row)


def _priced(branch: Branch, rows: Sequence[Duty]) -> Iterator[tuple[Duty, date]]:
    """The duties whose clause has a price for anybody, with the day on which each was late; one read for all."""
    days = {row.pk: row.late_on for row in rows}
    spans = books(branch, min(days.values()), max(days.values())) if days else []
    names = [(since, until, _priced_in(book))
             for since, until, book in spans]  # fmt: skip
    for row in rows:
        day = days[row.pk]
        if any(since <= day <= until and row.clause in priced for since, until, priced in names):
            yield row, day


def new_ones(branch: Branch, found: Sequence[Found]) -> list[Found]:
    """Those that nobody has raised yet."""
    known = Breach.objects.filter(branch=branch, source__in=[one.source for one in found])
    sources = set(known.values_list("source", flat=True))
    return [one for one in found if one.source not in sources]


def unrecorded(branch: Branch, today: date) -> list[Duty]:
    """Duties that were done late before the clock came by, or are late without a breach; only such as have a price.

    Most missed duties cost nothing and never become a breach: they are not read, and hide none of the others.
    """
    clauses = sorted(priced_clauses(branch, today))
    rows = Duty.objects.filter(branch=branch, clause__in=clauses, status__in=("late", "kept_late"), breaches=None)
    return list(rows.order_by("-pk")[:500])


def _answerable(branch: Branch, row: Duty, day: date) -> list[int]:
    bound = list(row.bound.order_by("person_id").values_list("person_id", flat=True))
    if bound or not row.pool:
        return bound
    found = holders(branch, row.pool, day)
    return [one.pk for one in found] if len(found) == 1 else []


def holders(branch: Branch, pool: str, day: date) -> list[Person]:
    """Who held a post of a pool on a day, also by a post that the policy counts as one of them.

    Whoever has left since held it all the same: else the one who stayed would be the only one to blame.
    """
    book, posts = book_for(branch, day), set(pool.split(","))
    still = Q(until=None) | Q(until__gte=day)
    rows = PostHolding.objects.filter(still, branch=branch, since__lte=day).select_related("person")
    found = {row.person_id: row.person for row in rows if posts.intersection(book.posts_with({row.post}))}
    return [found[pk] for pk in sorted(found)]


def priced_clauses(branch: Branch, today: date) -> set[str]:
    """The clauses that have a price for being late, in any edition that ever bound the branch."""
    return {name for _since, _until, book in books(branch, date.min, today) for name in _priced_in(book)}


def _priced_in(book: Book) -> set[str]:
    return {one.for_name for one in book.rules_of(Sanction) if one.for_kind == "late"}


def record_fault(branch: Branch, event: Happened, *, now: datetime, then: Then | None = None) -> Breach | None:
    """A breach for a recorded defect or incident whose event names the person; within the act's transaction."""
    kind = FAULTS.get(event.name, "")
    name, person = str(event.data.get("kind", "")), str(event.data.get("person", ""))
    if not kind or event.past or not person.isdigit():
        return None
    of = str(event.data.get("file.kind", ""))
    if not is_sanctioned(branch, kind, name, event.happened_on, int(person), of):
        return None
    units = event.data.get("units", event.data.get("pieces", 1))
    found = Found(
        f"event:{event.id}@{person}", kind, name, int(person), event.happened_on, (kind, event.id_of(kind) or ""),
        event.id_of("file") or "", units=max(1, int(str(units))),
    )  # fmt: skip
    actor = int(event.actor) if event.actor.isdigit() else None
    return raise_breach(branch, found, now=now, actor=actor, act_id=uuid.uuid4(), then=then)


def repeated_ones(branch: Branch, today: date) -> list[Found]:
    """The same breach again for each day up to today on which an ordered correction was still missing."""
    ordered = Breach.objects.filter(branch=branch, ordered_on__isnull=False, same_as=None).exclude(status="quashed")
    return [
        Found(
            f"repeat:{row.pk}:{day}", row.kind, row.name, row.person_id, day, (row.about_kind, row.about_id), row.file,
            row.duty, row, row.units,
        )
        for row in ordered.filter(corrected_on=None).order_by("pk")
        for day in _repeat_days(branch, row, today)
    ]  # fmt: skip


def _repeat_days(branch: Branch, row: Breach, today: date) -> Iterable[date]:
    assert row.ordered_on is not None
    rules = book_for(branch, row.happened_on).rules_of(Repeat)
    clauses = row.sanction.clauses if hasattr(row, "sanction") else [row.name]
    packs = {ref.partition(":")[0] for ref in clauses}
    days: set[date] = set()
    for rule in rules:
        if rule.pack in packs:
            days |= set(repeat_days(rule, row.ordered_on, row.corrected_on, today, calendar()))
    return sorted(days)
