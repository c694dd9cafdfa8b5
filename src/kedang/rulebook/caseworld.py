"""The small world of one case: its events in order, what is known of each thing, its duties and its breaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.casefile import Case, Step
from kedang.rulebook.conditions import Value
from kedang.rulebook.counting import Decided
from kedang.rulebook.deadlines import begins
from kedang.rulebook.deciding import SUPERIOR, Grant
from kedang.rulebook.duties import DutyState, Parties, fold
from kedang.rulebook.events import DAY_BEGAN, DUTY_EXTENDED, DUTY_MOVED, Event
from kedang.rulebook.pack import Consent, Duty, Repeat
from kedang.rulebook.sanctions import BreachFacts, Proposal, propose, repeat_days
from kedang.rulebook.selecting import Actor
from kedang.rulebook.vocabulary import EVENTS, UNKNOWN

ONE_DAY = dt.timedelta(days=1)
NOON = dt.time(12)  # when a step happens that names no hour
BRANCH = "branch"  # the one branch of a case that names none
Thing = tuple[str, str]
Raw = tuple[str, BreachFacts, Mapping[str, str]]
FAULTS = {"defect.raised": "defect", "incident.reported": "incident"}


class CaseFault(Exception):
    """A step of a case cannot be played; the message says why."""


@dataclass(frozen=True)
class Breach:
    """One breach of the case with what is proposed for it."""

    key: str
    things: Mapping[str, str]
    facts: BreachFacts
    proposal: Proposal | None
    status: str


class World:
    """Plays the given steps of a case in the order of time."""

    def __init__(self, book: Book, pack: str, case: Case, calendar: Calendar) -> None:
        self.book = book
        self.pack = pack
        self.case = case
        self.calendar = calendar
        self.events: list[Event] = []
        self.parties_of: dict[int, Parties] = {}
        self.facts_of: dict[int, Mapping[str, Value]] = {}
        self.blamed: dict[int, tuple[str, int]] = {}
        self.known: dict[Thing, dict[str, Value]] = {}
        self.roles: dict[Thing, dict[str, frozenset[str]]] = {}
        self.common: dict[str, Value] = dict(case.facts)
        self.decisions: dict[str, str] = {}
        self.ordered: dict[str, dt.date] = {}
        self.corrected: dict[str, dt.date] = {}
        self.grants: list[Grant] = []
        self.day: dt.date | None = None
        self.hour = NOON
        self._folded: dict[tuple[int, dt.date, bool, dt.time | None], dict[str, DutyState]] = {}
        for step in case.given:
            self._play(step)

    def actor(self, name: str) -> Actor:
        """The person of the case as the rules see them."""
        posts = self.book.posts_with(self.case.people.get(name, ()))
        declared = {key: post for pack in reversed(self.book.packs) for key, post in pack.posts.items()}
        units = {declared[post].unit for post in posts if post in declared} - {""}
        heads = {key for pack in self.book.packs for key, unit in pack.units.items() if unit.head in posts}
        below = {key for key, post in declared.items() if post.reports_to in posts and post.reports_to}
        juniors = {other for other, held in self.case.people.items() if below.intersection(held)}
        return Actor(name, posts, frozenset(units), frozenset(heads), frozenset(juniors))

    def facts(self, things: Mapping[str, str], own: Mapping[str, Value]) -> dict[str, Value]:
        """What is known in common, of these things, and from the step itself."""
        found = dict(self.common)
        for thing in things.items():
            found |= self.known.get(thing, {})
        return found | dict(own)

    def parties(self, things: Mapping[str, str], facts: Mapping[str, Value]) -> dict[str, frozenset[str]]:
        """Who is in which role on these things; facts that name a person count as roles."""
        found: dict[str, frozenset[str]] = {}
        for thing in things.items():
            found |= self.roles.get(thing, {})
        for fact, value in facts.items():
            if isinstance(value, str) and fact not in found:
                found[fact] = frozenset({value}) if value in self.case.people else frozenset()
            elif isinstance(value, tuple):
                found.setdefault(fact, frozenset(value))
        if "person" in things:
            found.setdefault("person.self", frozenset({things["person"]}))
        return found

    def duties(self, day: dt.date, ended: bool = False, at: dt.time | None = None) -> dict[str, DutyState]:
        """The duties on a day with what happened on it, at its end or at an hour of it."""
        self._begin_days(day)
        asked = (len(self.events), day, ended, at)
        if asked not in self._folded:  # every line of a 'then' asks, and nothing has happened in between
            events = [event for event in self.events if event.happened_on <= day]
            self._folded[asked] = fold(
                self.book,
                events,
                lambda event: self.parties_of[event.id],
                self.calendar,
                day + ONE_DAY if ended else day,
                lambda event: self.facts_of[event.id],
                dt.datetime.combine(day, at, dt.UTC) if at else None,
            )
        return self._folded[asked]

    def things_of(self, event_id: int) -> Mapping[str, str]:
        """The ids that an event carries."""
        return self.events[event_id - 1].about

    def breaches(self, day: dt.date, ended: bool = False) -> list[Breach]:
        """The breaches on a day, or at its end, each proposed with what lies before it."""
        raw = sorted([*self._late(day, ended), *self._raised(day)], key=_in_time)
        raw = sorted([*raw, *self._repeats(raw, day + ONE_DAY if ended else day)], key=_in_time)
        prior: list[Decided] = []
        found: list[Breach] = []
        amounts: dict[str, Decimal | None] = {}
        for number, (key, facts, things) in enumerate(raw, 1):
            origin, _, again = key.partition("+")
            same = amounts.get(origin) if again else None
            one = BreachFacts(**{**vars(facts), "id": number, "same_as": same})
            proposal = propose(self.book, one, prior)
            status = self.decisions.get(key, "undecided")
            amounts[key] = proposal.amount if proposal else None
            if proposal is not None:
                counts = proposal.adds_to_count
                decided = (number, one.person, one.happened_on, status, proposal.clauses, counts, one.kind, one.name)
                prior.append(Decided(*decided))
            found.append(Breach(key, things, one, proposal, status))
        return found

    def _play(self, step: Step) -> None:
        on = step.on or self.day
        if on is None:
            raise CaseFault(f"line {step.line}: say 'on' which day it happened")
        if self.day and on < self.day:
            raise CaseFault(f"line {step.line}: the steps stand in the order of time, {on} comes before {self.day}")
        self._begin_days(on)
        self.hour = step.at or (self.hour if on == self.day else NOON)
        self.day = on
        if step.kind == "event":
            self._happen(step, on)
        elif step.kind == "facts":
            self._learn(step.things, step.facts)
        elif step.kind == "grants":
            self._grant(step, on)
        elif step.kind in ("extends", "moves"):
            self._change(step, on)
        else:
            self._answer_breach(step, on)

    def _happen(self, step: Step, on: dt.date) -> None:
        self.assign(step)
        self._learn(step.things, step.facts)
        event = self._append(step.name, on, step.things, step.facts, step.text("by"), step.text("past") == "yes")
        self.grants = [self._used(grant, step) for grant in self.grants]
        if step.name in FAULTS:
            self.blamed[event.id] = (step.text("who"), int(step.text("units", "1")))

    def _used(self, grant: Grant, step: Step) -> Grant:
        """A consent after an event: one use fewer where it let this act of its asker pass."""
        acts = {rule.act for rule in self.book.rules_of(Consent) if rule.ref == grant.clause}
        act = EVENTS[step.name].name if step.name in EVENTS else ""
        meant = not grant.about or grant.about in step.things.values()
        if not grant.uses_left or act not in acts or step.text("by") != grant.asker or not meant:
            return grant
        return replace(grant, uses_left=grant.uses_left - 1)

    def _append(
        self,
        name: str,
        on: dt.date,
        things: Mapping[str, str],
        facts: Mapping[str, Value],
        by: str = "",
        past: bool = False,
        extra: Parties | None = None,
    ) -> Event:
        number = len(self.events) + 1
        things = {**things, "branch": things.get("branch", BRANCH)}  # what happens, happens in some branch
        known = self.facts(things, facts)
        recorded = dt.datetime.combine(on, self.hour if on == self.day else NOON, dt.UTC)
        kind, key = next(iter(things.items()), ("office", "office"))
        event = Event(number, name, name, on, recorded, f"{kind}:{key}", by, dict(things), dict(facts), past)
        self.events.append(event)
        self.parties_of[number] = {**self.parties(things, known), **(extra or {})}
        self.facts_of[number] = self._completed(known)
        return event

    def _completed(self, known: Mapping[str, Value]) -> Mapping[str, Value]:
        """Facts that only other packs' duties ask for are unknown where the case does not say them."""
        wanted = {
            test.fact
            for rule in self.book.rules_of(Duty)
            if rule.pack != self.pack or rule.every or rule.when_true
            for test in (*rule.when, *rule.when_true, *rule.done_when)
        }
        return {**dict.fromkeys(wanted, UNKNOWN), **known}

    def assign(self, step: Step) -> None:
        """Whom a line puts into which role on its file or job."""
        for role, persons in step.roles.items():
            for noun in ("file", "job"):
                if noun in step.things:
                    held = self.roles.setdefault((noun, step.things[noun]), {})
                    held[f"{noun}.{role}"] = frozenset(persons)

    def _learn(self, things: Mapping[str, str], facts: Mapping[str, Value]) -> None:
        if not things:
            self.common |= facts
        for thing in things.items():
            self.known.setdefault(thing, {})
        for fact, value in facts.items():
            noun = fact.partition(".")[0]
            homes = [(noun, things[noun])] if noun in things else list(things.items())
            for home in homes:
                self.known[home][fact] = value

    def _grant(self, step: Step, on: dt.date) -> None:
        clause = f"{self.pack}:{step.text('clause')}"
        rules = [rule for rule in self.book.rules_of(Consent) if rule.ref == clause]
        if not rules:
            raise CaseFault(f"line {step.line}: clause {step.text('clause')} asks nobody for consent")
        rule = next((one for one in rules if one.act == step.text("act")), rules[0])
        index = int(step.text("step", "1")) - 1
        posts = self.actor(step.name).posts
        above = SUPERIOR if rule.self_ == "superior" else rule.steps[index].who[0]
        selector = next((one for one in rule.steps[index].who if one in posts), above)
        ends = dt.date.max if rule.lasts_days is None else on + dt.timedelta(days=rule.lasts_days)
        if rule.until == "end-of-day":
            ends = on
        uses = int(step.text("uses")) if step.text("uses") else rule.uses
        about = next(iter(step.things.values()), "")
        self.grants.append(
            Grant(clause, index, step.name, step.text("to"), selector, about, step.text("purpose"), on, ends, uses)
        )

    def _change(self, step: Step, on: dt.date) -> None:
        owed = [state for state in self.duties(on).values() if state.owed and self.meant(state, step)]
        if not owed:
            raise CaseFault(f"line {step.line}: no duty of clause {step.name} is open on {on}")
        for state in owed:
            things = {**self.things_of(state.opened_by), "duty": state.key}
            if step.kind == "extends":
                until = dt.date.fromisoformat(step.text("until"))
                self._append(DUTY_EXTENDED, on, things, {"duty.due_on": until})
            else:
                self._append(DUTY_MOVED, on, things, {}, extra={"duty.person": frozenset(step.texts("to"))})

    def meant(self, state: DutyState, step: Step, clause: str = "") -> bool:
        """Whether a step means a duty: by clause and by the things that its trigger carried."""
        clause = clause or step.name
        about = {**self.things_of(state.opened_by), **dict([state.about.split(":", 1)])}
        return state.rule.clause == clause and all(about.get(noun) == key for noun, key in step.things.items())

    def _answer_breach(self, step: Step, on: dt.date) -> None:
        wanted = step.words["breach"].pairs or {}
        texts = {key: node.text or "" for key, node in wanted.items()}
        meant = [one for one in self.breaches(on) if is_breach(one, self.pack, texts)]
        if not meant:
            raise CaseFault(f"line {step.line}: there is no such breach on {on}")
        for breach in meant:
            if step.kind == "orders":
                self.ordered[breach.key] = on
            elif step.kind == "corrects":
                self.corrected[breach.key] = on
            elif step.text("quashed") == "yes":
                self.decisions[breach.key] = "quashed"
            else:
                self.decisions[breach.key] = "imposed" if step.text("imposed") == "yes" else "waived"

    def _begin_days(self, until: dt.date) -> None:
        """Let the days up to `until` begin on which a duty may come round or become true."""
        rules = [rule for rule in self.book.rules_of(Duty) if rule.every or rule.when_true]
        if not rules or self.day is None:
            return
        day = self.day + ONE_DAY
        while day <= until:
            begun = {rule.about for rule in rules if begins(rule, day, self.calendar)}
            begun |= (
                {rule.about for rule in rules if rule.when_true} if day == until or day == self.day + ONE_DAY else set()
            )
            for kind, key in [*self.known, ("branch", BRANCH)]:
                if kind in begun:
                    self._append(DAY_BEGAN, day, {kind: key}, {})
            day += ONE_DAY
        self.day = max(self.day, until)

    def _late(self, on: dt.date, ended: bool) -> Iterable[Raw]:
        for state in self.duties(on, ended).values():
            if state.status not in ("late", "kept_late"):
                continue
            things = {**self.things_of(state.opened_by), **dict([state.about.split(":", 1)])}
            for person in state.who or state.pool:
                posts = self.actor(person).posts if state.who else frozenset({person})
                facts = self.facts(things, {})
                day = state.late_on
                breach = BreachFacts(0, "late", state.clause, person, posts, day, 1, state.about, None, facts)
                yield f"{state.key}@{person}", breach, things

    def _raised(self, on: dt.date) -> Iterable[Raw]:
        for event in self.events:
            if event.name not in FAULTS or event.happened_on > on:
                continue
            kind = FAULTS[event.name]
            person, units = self.blamed[event.id]
            facts = self.facts_of[event.id]
            name = str(facts[f"{kind}.kind"])
            posts = self.actor(person).posts
            breach = BreachFacts(0, kind, name, person, posts, event.happened_on, units, event.subject, None, facts)
            yield f"{event.id}@{person}", breach, event.about

    def _repeats(self, raw: Iterable[Raw], as_of: dt.date) -> Iterable[Raw]:
        rules = [rule for rule in self.book.rules_of(Repeat) if rule.pack == self.pack]
        for key, facts, things in raw:
            for rule in rules if key in self.ordered else ():
                for day in repeat_days(rule, self.ordered[key], self.corrected.get(key), as_of, self.calendar):
                    yield f"{key}+{day}", BreachFacts(**{**vars(facts), "happened_on": day}), things


def _in_time(one: Raw) -> tuple[dt.date, str]:
    return one[1].happened_on, one[0]


def is_breach(breach: Breach, pack: str, wanted: Mapping[str, str]) -> bool:
    """Whether a breach is the one that a map of clause, defect, incident, who and things means."""
    for key, value in wanted.items():
        if key == "clause":
            if breach.facts.kind != "late" or breach.facts.name != f"{pack}:{value}":
                return False
        elif key in ("defect", "incident"):
            if (breach.facts.kind, breach.facts.name) != (key, value):
                return False
        elif key == "who":
            if breach.facts.person != value:
                return False
        elif breach.things.get(key) != value:
            return False
    return True
