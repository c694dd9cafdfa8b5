"""What a day opens: duties that come round (``every``) and those that a state calls for (``when_true``).

The clock hands each day to the rulebook as the event ``day.began``, for each thing on which a duty comes round; the
event carries the facts and the people of that moment, so that the duties can be folded from the journal again.  A day
is begun once: the branch's own ``day.began`` is written last and says so, by whichever of several clocks comes first.
A day that was broken off is begun again, and what it had opened or told is not opened or told twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from kedang.acts.clockwork import Clock, clockwork
from kedang.acts.command import SPACE
from kedang.acts.facts import Scene, facts_of_roles, gather, people
from kedang.acts.following import follow_days
from kedang.adoptions.queries import binding, book_for, books, calendar
from kedang.duties.models import Duty
from kedang.duties.queries import OWED
from kedang.journal import parts as journal
from kedang.journal.models import Event
from kedang.journal.queries import entry
from kedang.lib.memory import remembering
from kedang.rulebook.book import Book
from kedang.rulebook.conditions import holds
from kedang.rulebook.deadlines import begins
from kedang.rulebook.events import DAY_BEGAN
from kedang.rulebook.pack import Conditions
from kedang.rulebook.pack import Duty as Rule
from kedang.rulebook.vocabulary import FACTS
from kedang.staff.models import Branch

ACT = "day.begin"
BATCH = 500
FILE_KIND = "file.kind"
ONE_DAY = timedelta(days=1)
ThingsOf = Callable[[Branch, Sequence[Conditions], date], Iterable[Any]]
_things: dict[str, ThingsOf] = {}


def provide_things(kind: str, things_of: ThingsOf) -> None:
    """Say which things of a kind a branch has that may meet one of the conditions on a day; called from ``ready``.

    The conditions narrow what is read; whether they really hold is asked of each thing's facts afterwards.
    """
    _things[kind] = things_of


def begin_days(branch: Branch, today: date, now: datetime) -> int:
    """Begin every day up to ``today`` that has not begun yet; how many duties were opened.

    Nothing comes round before the first adoption, nor before the day on which it was recorded.
    """
    opened = 0
    with remembering():  # the adoptions are read once; nothing is written here
        spans = books(branch, _first(branch, today), today)
    for since, until, book in spans:
        day = since if _recurring(book) else until + ONE_DAY  # nothing begins under a book without such rules
        while day <= until:
            opened += begin_day(branch, day, now, is_today=day == today)
            day += ONE_DAY
    return opened


def _recurring(book: Book) -> list[Rule]:
    return [rule for rule in book.rules_of(Rule) if rule.every or rule.when_true]


def _first(branch: Branch, today: date) -> date:
    """The day after the last that began; without any, the day from which policies bind and the program knows them."""
    began = Event.objects.filter(subject_kind="branch", subject_id=str(branch.pk), name=DAY_BEGAN).order_by("-seq")
    last = began.values_list("happened_on", flat=True).first()
    if last is not None:
        return last + ONE_DAY
    adopted = Event.objects.filter(branch=branch, name="policy.adopted").order_by("pk")
    known = adopted.values_list("recorded_at", flat=True).first()
    bound = [one.in_force_from for one in binding(branch, today)]
    return min(today, max(min(bound), timezone.localdate(known))) if known and bound else today


def begin_day(branch: Branch, day: date, now: datetime, *, is_today: bool) -> int:
    """Open what comes round on a day, under the edition of that day; what a state calls for only today.

    The state of a day that has gone by is not known any more, so ``when_true`` is asked on the last day of a catch-up.
    """
    book = book_for(branch, day)
    moment = min(now, timezone.make_aware(datetime.combine(day, time(0, 5))))
    kinds: dict[str, list[Rule]] = {}
    recurring = _recurring(book)
    for rule in recurring:
        if begins(rule, day, calendar()) if rule.every else is_today:
            kinds.setdefault(rule.about, []).append(rule)
    opened = 0
    for kind, rules in sorted(kinds.items(), key=lambda one: (one[0] == "branch", one[0])):
        for batch in _batches(_all(branch, kind, rules, day)):
            opened += open_batch(branch=branch, day=day, now=moment, book=book, kind=kind, rules=rules, batch=batch)
    if recurring:
        say_begun(branch=branch, day=day, now=moment)
    return opened


@clockwork(ACT)
def open_batch(clock: Clock, *, book: Book, kind: str, rules: Sequence[Rule], batch: Sequence[Any]) -> int:
    """Open what comes round on a day for some things of a kind; how many duties."""
    return _Day(clock, book, kind, rules).open(batch)


@clockwork(ACT)
def say_begun(clock: Clock) -> None:
    """Say that everything of the day has been opened, unless another clock has said so."""
    mine = replace(clock, act_id=uuid.uuid5(SPACE, f"{ACT}:{clock.branch.pk}:{clock.day}"))
    if not Event.objects.filter(act_id=mine.act_id).exists():
        mine.append([_event("branch", str(clock.branch.pk), clock.day, {}, {})])


def _all(branch: Branch, kind: str, rules: Sequence[Rule], day: date) -> Iterable[Any]:
    if kind == "branch":
        return [branch]
    found = _things.get(kind)
    return found(branch, [(*rule.when_true, *rule.when) for rule in rules], day) if found else []


def _batches(things: Iterable[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _event(kind: str, ref: str, day: date, about: dict[str, str], data: dict[str, Any]) -> journal.NewEvent:
    file = about.get("file", "")
    subject = ("file", file) if file else (kind, ref)
    return journal.NewEvent(DAY_BEGAN, subject, day, about={kind: ref, **about}, data=data)


class _Day:
    """One day for a batch of things of one kind: which duties come round, and their events."""

    def __init__(self, clock: Clock, book: Book, kind: str, rules: Sequence[Rule]) -> None:
        self.clock, self.branch, self.day = clock, clock.branch, clock.day
        self.book, self.kind, self.rules = book, kind, rules
        tests = (test for rule in rules for test in (*rule.when_true, *rule.when, *rule.done_when))
        self.wanted = frozenset(test.fact for test in tests)
        if any(map(book.foreign_to, rules)):
            self.wanted |= {FILE_KIND}
        # a state may be that a role is empty: has the file a keeper?
        self.asked = frozenset(name for name in self.wanted - FACTS.keys() if name.startswith(("file.", "job.")))
        self.roles = frozenset(selector for rule in rules for selector in rule.who if "." in selector)

    def open(self, batch: Sequence[Any]) -> int:
        """Write the events of the things on which something comes round, and open their duties; how many."""
        there = self._there([str(thing.pk) for thing in batch])
        events = self._untold([event for thing in batch if (event := self._begun(thing, there)) is not None])
        if not events:
            return 0
        return follow_days(self.branch, self.book, self.clock.append(events))

    def _untold(self, events: Sequence[journal.NewEvent]) -> list[journal.NewEvent]:
        """Those that no other clock has written: an event may open no duty by which one would know it again."""
        subjects = [one.subject[1] for one in events]
        rows = Event.objects.filter(subject_kind__in={one.subject[0] for one in events}, subject_id__in=subjects)
        told = {
            (row.subject, row.about.get(self.kind))
            for row in map(entry, rows.filter(name=DAY_BEGAN, happened_on=self.day))
        }
        return [one for one in events if (one.subject, one.about.get(self.kind)) not in told]

    def _there(self, refs: Sequence[str]) -> set[tuple[str, str, int]]:
        """Which rules have a duty of this very day already, or one that is still owed where a state calls for it."""
        rows = Duty.objects.filter(branch=self.branch, about_kind=self.kind, about_id__in=refs)
        rows = rows.filter(clause__in={rule.ref for rule in self.rules})
        today = rows.filter(key__endswith=f"/{self.day}") | rows.filter(key__contains=f"/{self.day}/")
        named = {(rule.ref, rule.index) for rule in self.rules if rule.when_true}
        owed = [row for row in _marks(rows.filter(OWED)) if row[1:] in named]
        return {*_marks(today), *owed}

    def _begun(self, thing: Any, there: set[tuple[str, str, int]]) -> journal.NewEvent | None:
        things = {} if self.kind == "branch" else {self.kind: thing}
        known = people(self.roles | self.asked, things, {})
        given = facts_of_roles(self.wanted, known) | self._kind_of(thing)
        facts = gather(self.wanted, things, given, Scene(None, self.branch, self.day))
        if not any(self._comes(rule, thing, facts, there) for rule in self.rules):
            return None
        held = {role: sorted(ids) for role, ids in known.items() if role in self.roles and ids}
        file = str(getattr(thing, "file_id", None) or (thing.pk if self.kind == "file" else ""))
        return _event(self.kind, str(thing.pk), self.day, {"file": file} if file else {}, {**facts, **held})

    def _kind_of(self, thing: Any) -> dict[str, Any]:
        """What a paper, a job or a loan says of the file in which it lies: rules mean the files of their policy."""
        file = getattr(thing, "file", None) if FILE_KIND in self.wanted else None
        return {FILE_KIND: file.kind} if file else {}

    def _comes(self, rule: Rule, thing: Any, facts: Mapping[str, Any], there: set[tuple[str, str, int]]) -> bool:
        """Whether a rule binds a thing that has no such duty yet, and its condition holds."""
        new = (str(thing.pk), rule.ref, rule.index) not in there
        binds = facts.get(FILE_KIND) not in self.book.foreign_to(rule)
        return new and binds and holds((*rule.when_true, *rule.when), facts) is True


def _marks(rows: Any) -> Iterator[tuple[str, str, int]]:
    yield from rows.values_list("about_id", "clause", "rule_index")
