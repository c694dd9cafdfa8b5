"""Duties: a fold over events. What an event opens, discharges, drops, extends and moves; what the day makes late.

`fold` over all events gives the same states as `follow_up` event by event with `lapse` in between. A duty's table is
only the cache of this fold. The order of clauses never matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kedang.rulebook.binding import KIND
from kedang.rulebook.book import RANKS, Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.conditions import Facts, holds
from kedang.rulebook.deadlines import begins, deadline
from kedang.rulebook.events import DAY_BEGAN, DUTY_DROPPED, DUTY_EXTENDED, DUTY_MOVED, Event
from kedang.rulebook.pack import Duty
from kedang.rulebook.vocabulary import EVENTS

Parties = Mapping[str, frozenset[str]]
OPEN = ("open", "late")


@dataclass(frozen=True)
class DutyState:
    """One duty as it stands.

    `who` are the persons bound when it was opened; nobody among them means the pool of `pool` (posts or selectors).
    `about` is "kind:id". `status` is open, late, kept, kept_late or dropped; a late duty with `done_on` ended on that
    day without being done. `was_due_on` keeps the days that an extension replaced. `done_by` is the event that did it.
    `due_at` is the last moment of a duty of hours or minutes.
    """

    key: str
    rule: Duty
    who: tuple[str, ...]
    pool: tuple[str, ...]
    about: str
    opened_by: int
    from_on: dt.date
    due_on: dt.date
    provisional: bool
    number: int = 0
    status: str = "open"
    done_on: dt.date | None = None
    done_by: int | None = None
    was_due_on: tuple[dt.date, ...] = ()
    due_at: dt.datetime | None = None

    @property
    def late_on(self) -> dt.date:
        """The day on which it grows late if nobody does it."""
        return late_on(self.due_on, self.due_at)

    @property
    def clause(self) -> str:
        """The reference of the clause that it comes from."""
        return self.rule.ref

    @property
    def act(self) -> str:
        """The event that discharges it."""
        return self.rule.done_by or self.rule.reach

    @property
    def owed(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in OPEN and self.done_on is None


@dataclass(frozen=True)
class Effects:
    """What an event did to duties. `opened` may hold duties that earlier events had already kept."""

    opened: tuple[DutyState, ...] = ()
    discharged: tuple[DutyState, ...] = ()
    dropped: tuple[DutyState, ...] = ()
    moved: tuple[DutyState, ...] = ()

    def all(self) -> tuple[DutyState, ...]:
        """Every state that is new or has changed."""
        return self.opened + self.discharged + self.dropped + self.moved


def follow_up(
    book: Book,
    event: Event,
    *,
    parties: Parties,
    open_duties: Sequence[DutyState],
    earlier: Sequence[Event],
    calendar: Calendar,
    facts: Facts | None = None,
) -> Effects:
    """What `event` does under the book of the day on which it happened.

    `parties` are the persons in the roles of the things concerned; `open_duties` and `earlier` those about any id that
    the event carries; `facts` what the rules test besides the event's own facts. Raises `MissingFact` for a fact that
    nobody gave and LookupError for an event that does not carry the id a duty is about.
    """
    known: Facts = {**(facts or {}), **event.facts()}
    owed = [state for state in open_duties if state.owed]
    if event.name in (DUTY_EXTENDED, DUTY_MOVED, DUTY_DROPPED):
        return _changed(owed, event, known, parties)
    dropped = tuple(_dropped(state, event) for state in owed if _drops(state, event))
    gone = {state.key for state in dropped}
    left = [state for state in owed if state.key not in gone]
    asked = [state for state in left if state.act == event.name]  # a series has one act, so its first rung stays first
    done = tuple(_done(state, event) for state in _first_rungs(asked) if _does(state, event, known))
    if event.past:
        return Effects(discharged=done, dropped=dropped)
    opener = _Opener(book, event, known, parties, earlier, calendar)
    keys = {state.key for state in open_duties}
    rules = opener.triggered(left)
    chained = [rule for state in done for rule in _chained(book, state)]
    states = (state for rule in _not_replaced(book, [*rules, *chained]) for state in opener.open(rule))
    return Effects(tuple(state for state in states if state.key not in keys), done, dropped)


def late_on(due_on: dt.date, due_at: dt.datetime | None) -> dt.date:
    """The day on which what was due then is late: the next day, or the same where a moment counted."""
    return due_on if due_at else due_on + dt.timedelta(days=1)


def lapse(open_duties: Iterable[DutyState], today: dt.date, now: dt.datetime | None = None) -> tuple[DutyState, ...]:
    """The duties that are newly late on `today`, at its beginning or `now`."""
    return tuple(
        replace(state, status="late")
        for state in open_duties
        if state.status == "open" and state.done_on is None and _over(state, today, now)
    )


def _over(state: DutyState, today: dt.date, now: dt.datetime | None) -> bool:
    return state.due_on < today or bool(now and state.due_at and state.due_at < now)


def fold(
    book: Book | Callable[[dt.date], Book | None],
    events: Iterable[Event],
    parties_at: Callable[[Event], Parties],
    calendar: Calendar,
    as_of: dt.date,
    facts_at: Callable[[Event], Facts] | None = None,
    now: dt.datetime | None = None,
) -> dict[str, DutyState]:
    """Every duty by key at the beginning of `as_of`, or `now` on that day, from all events in the order of recording.

    `book` may be the book, or what gives the book of a day; None for a day before the adoption.
    """
    states: dict[str, DutyState] = {}
    keys: dict[str, list[str]] = {}
    by_about: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.id):
        governing = book if isinstance(book, Book) else book(event.happened_on)
        if governing is None:
            governing = Book(())
        abouts = abouts_of(event)
        earlier = {one.id: one for about in abouts for one in by_about.get(about, ())}
        near = [states[key] for key in dict.fromkeys(key for about in abouts for key in keys.get(about, ()))]
        # what is done is of no more use, but for the day that begins twice: it opens nothing a second time
        effects = follow_up(
            governing,
            event,
            parties=parties_at(event),
            open_duties=[one for one in near if one.owed or one.from_on >= event.happened_on],
            earlier=[earlier[key] for key in sorted(earlier)],
            calendar=calendar,
            facts=facts_at(event) if facts_at else None,
        )
        for state in effects.all():
            if state.key not in states:
                keys.setdefault(state.about, []).append(state.key)
                keys[f"duty:{state.key}"] = [state.key]
            states[state.key] = state
        for about in abouts:
            by_about.setdefault(about, []).append(event)
    states.update((state.key, state) for state in lapse(states.values(), as_of, now))
    return states


def abouts_of(event: Event) -> tuple[str, ...]:
    """The ids that an event carries, as "kind:id", its subject among them."""
    carried = [f"{kind}:{key}" for kind, key in event.about.items()]
    return tuple(dict.fromkeys([event.subject, *carried]))


def redated(state: DutyState, calendar: Calendar) -> DutyState:
    """A provisional duty dated again by a calendar that now knows the year."""
    if not state.provisional or not state.owed or state.was_due_on:
        return state
    found = deadline(state.rule, state.from_on, calendar, number=_rung(state.rule, state.number))
    return replace(state, due_on=found.due_on, provisional=found.provisional, status="open")


def _rung(rule: Duty, number: int) -> int | None:
    return dict(rule.series).get(number)


@dataclass(frozen=True)
class _Opener:
    """Opens duties for one event."""

    book: Book
    event: Event
    facts: Facts
    parties: Parties
    earlier: Sequence[Event]
    calendar: Calendar

    def triggered(self, owed: Sequence[DutyState]) -> list[Duty]:
        """The duties that the event opens, before any stands back for another."""
        kind = self.facts.get(KIND)
        if self.event.name != DAY_BEGAN:
            rules = self.book.duties_after(self.event.name, kind)
            return [rule for rule in rules if holds(rule.when, self.facts)]
        recurring = [rule for rule in self.book.rules_of(Duty, kind) if self.event.id_of(rule.about)]
        return [rule for rule in recurring if self._comes_round(rule, owed)]

    def _comes_round(self, rule: Duty, owed: Sequence[DutyState]) -> bool:
        if rule.every:
            return begins(rule, self.event.happened_on, self.calendar) and holds(rule.when, self.facts) is True
        if not rule.when_true:
            return False
        about = f"{rule.about}:{self.event.id_of(rule.about)}"
        if any(state.rule.ref == rule.ref and state.rule.index == rule.index for state in owed if state.about == about):
            return False
        return holds((*rule.when_true, *rule.when), self.facts) is True

    def open(self, rule: Duty) -> list[DutyState]:
        """The states of one rule: one, or one a rung; each already done if an earlier event did it."""
        event = self.event
        key = event.id_of(rule.about)
        if not key and event.name in EVENTS and rule.about in EVENTS[event.name].also:
            return []  # it may be done for such a thing, and was not
        if not key:
            raise LookupError(f"{event.name} carries no id of a {rule.about!r}, which {rule.ref} is about")
        about = f"{rule.about}:{key}"
        start = event.date(rule.from_) if rule.from_ else event.happened_on
        moment = None if rule.from_ else event.moment
        who, pool = self._bind(rule)
        doers = self._earlier_doers(rule, about, start)
        states = []
        opened_by = f"{event.happened_on}" if event.name == DAY_BEGAN else f"{event.id}"
        for number, days in rule.series or ((0, None),):
            found = deadline(rule, start, self.calendar, number=days, dates=event.dates(), moment=moment)
            name = f"{rule.ref}#{rule.index}/{about}/{opened_by}" + (f"/{number}" if number else "")
            state = DutyState(
                name, rule, who, pool, about, event.id, found.from_on, found.due_on, found.provisional, number,
                due_at=found.due_at,
            )  # fmt: skip
            states.append(_done(state, doers.pop(0)) if doers else state)
        return states

    def _bind(self, rule: Duty) -> tuple[tuple[str, ...], tuple[str, ...]]:
        persons: set[str] = set()
        pool: list[str] = []
        for selector in rule.who:
            found = self._persons(selector)
            persons |= found
            if not found:
                pool += self.book.posts_of_role(selector, self.facts.get(KIND)) or (selector,)
        return tuple(sorted(persons)), () if persons else tuple(pool)

    def _persons(self, selector: str) -> frozenset[str]:
        if selector in self.parties:
            return self.parties[selector]
        if selector == "event.actor":
            return frozenset({self.event.actor})
        if selector == "person.self":
            return frozenset({self.event.id_of("person")} - {""})
        value = self.facts.get(selector)
        return frozenset({value}) if isinstance(value, str) else frozenset()

    def _earlier_doers(self, rule: Duty, about: str, start: dt.date) -> list[Event]:
        """Events recorded before the trigger that do the duty: those that happened no earlier than the clock's
        start, and with `early: counts` also those before it, back to the trigger before this one."""
        again = [one.id for one in self.earlier if one.name in rule.after and about in abouts_of(one)]
        since = max(again, default=-1)
        return [
            one
            for one in self.earlier
            if one.id > since
            and one.name == (rule.done_by or rule.reach)
            and about in abouts_of(one)
            and (one.happened_on >= start or rule.early)
            and holds(rule.done_when, {**self.facts, **one.facts()})
        ]


def _not_replaced(book: Book, rules: Sequence[Duty]) -> list[Duty]:
    """The rules without those that another of them stands instead of, and without the base's where a pack above it
    wants the same of the same people."""
    replaced = {ref for rule in rules for ref in rule.instead_of}
    left = [rule for rule in rules if rule.ref not in replaced]
    above = [rule for rule in left if book.rank(rule) < RANKS["base"]]
    return [rule for rule in left if book.rank(rule) < RANKS["base"] or not any(_alike(rule, one) for one in above)]


def stands_for(book: Book, rule: Duty, other: Duty) -> bool:
    """Whether a duty takes the place of another where one event opens both: it says so, or the other is the base's."""
    if other.ref in rule.instead_of:
        return True
    return book.rank(rule) < RANKS["base"] == book.rank(other) and _alike(rule, other)


def _alike(first: Duty, second: Duty) -> bool:
    same = (first.done_by, first.reach, first.about) == (second.done_by, second.reach, second.about)
    return same and not set(first.who).isdisjoint(second.who)


def _chained(book: Book, state: DutyState) -> list[Duty]:
    refs = {clause if ":" in clause else f"{state.rule.pack}:{clause}" for clause in state.rule.opens}
    return [rule for rule in book.rules_of(Duty) if rule.ref in refs]


def _first_rungs(owed: Iterable[DutyState]) -> list[DutyState]:
    """The duties that one event can do: of a series only its first rung that is still owed."""
    first: dict[str, DutyState] = {}
    for state in sorted(owed, key=lambda one: (one.number, one.key)):
        first.setdefault(state.key.removesuffix(f"/{state.number}"), state)
    return list(first.values())


def _does(state: DutyState, event: Event, facts: Facts) -> bool:
    if event.name != state.act or state.about not in abouts_of(event):
        return False
    if event.happened_on < state.from_on and not state.rule.early:
        return False
    return holds(state.rule.done_when, facts) is True


def _done(state: DutyState, event: Event) -> DutyState:
    status = "kept" if _in_time(state, event) else "kept_late"
    return replace(state, status=status, done_on=event.happened_on, done_by=event.id)


def _in_time(state: DutyState, event: Event) -> bool:
    """Whether an event came before the duty's last moment; one of which only the day is known, on its last day."""
    if state.due_at and event.moment:
        return event.moment <= state.due_at
    return event.happened_on <= state.due_on


def _drops(state: DutyState, event: Event) -> bool:
    return event.name in state.rule.drops_on and state.about in abouts_of(event)


def _dropped(state: DutyState, event: Event) -> DutyState:
    """Dropped without praise or blame; what was late by then stays late, but is owed no longer."""
    status = "dropped" if _in_time(state, event) else "late"
    return replace(state, status=status, done_on=event.happened_on)


def _changed(owed: Iterable[DutyState], event: Event, facts: Facts, parties: Parties) -> Effects:
    meant = [state for state in owed if event.id_of("duty") == state.key]
    if event.name == DUTY_DROPPED:
        return Effects(dropped=tuple(_dropped(state, event) for state in meant))
    if event.name == DUTY_MOVED:
        who = tuple(sorted(parties["duty.person"]))
        return Effects(moved=tuple(replace(state, who=who, pool=()) for state in meant))
    due_on = facts["duty.due_on"]
    if not isinstance(due_on, dt.date):
        raise ValueError(f"duty.extended needs a date in duty.due_on, found {due_on!r}")
    return Effects(moved=tuple(_extended(state, due_on) for state in meant))


def _extended(state: DutyState, due_on: dt.date) -> DutyState:
    was = (*state.was_due_on, state.due_on)
    return replace(state, due_on=due_on, due_at=None, was_due_on=was, status="open", provisional=False)
