"""May this person do this act now, whom must they ask, what is lacking?

How an answer comes about: (1) permits and consents whose `who` and `when` fit the actor; without any, the stance.
(2) All fitting consents must be granted. (3) No fitting `forbid`, every fitting `require` met, no foreign `only`.
(4) An exception names the clauses that it lifts. Answers are sets: the order of clauses never matters. An unknown
fact makes a `forbid` bite, a `permit` fall away, a `require` unmet and a `consent` needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kedang.rulebook.binding import KIND
from kedang.rulebook.book import ActRules, Book
from kedang.rulebook.conditions import Facts, Value, facts_in, failing, holds
from kedang.rulebook.pack import ClauseRef, Consent, Forbid, Permit, Require, Step
from kedang.rulebook.selecting import Actor, Parties, is_meant, party_of

READING = frozenset(
    {
        "file.find",
        "file.read",
        "file.print",
        "file.export",
        "record.read",
        "record.reveal",
        "consultation.open",
        "journal.read",
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One yes: step `step` of the consent of `clause`, given by `by` as `selector` to `asker`."""

    clause: ClauseRef
    step: int
    by: str
    asker: str
    selector: str = ""
    about: str = ""
    purpose: str = ""
    granted_on: dt.date = dt.date.min
    expires_on: dt.date = dt.date.max
    uses_left: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A consent that is still to be asked for: the clause, and each open step with whom it addresses."""

    clause: ClauseRef
    steps: tuple[tuple[int, Step], ...]
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact that an act waits for: what the clause wants and what was found."""

    clause: ClauseRef
    fact: str
    op: str
    wanted: tuple[str | int, ...]
    found: Value


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, ask (whom, under which clause) or no (which clauses, and what is lacking)."""

    verdict: str
    clauses: frozenset[ClauseRef]
    asks: tuple[Ask, ...] = ()
    lacking: tuple[Lack, ...] = ()
    lifted: frozenset[ClauseRef] = frozenset()

    @property
    def allowed(self) -> bool:
        """Whether the act may be done now."""
        return self.verdict == "yes"


SUPERIOR = "superior_of:approval.asker"


def steps_for(rule: Consent, actor: Actor, posts: frozenset[str], parties: Parties) -> tuple[Step, ...]:
    """The steps of a consent as they meet this asker; with `self: superior` his superior for himself.

    `posts` are his with those inherited. Raises `MissingFact` for a role of a step that is not among `parties`.
    """
    if rule.self_ != "superior":
        return rule.steps
    return tuple(
        replace(step, who=tuple(SUPERIOR if is_meant((one,), actor, posts, parties) else one for one in step.who))
        for step in rule.steps
    )


@dataclass(frozen=True, slots=True)
class Needs:
    """What an act's rules want to know: facts by name, and roles whose people are asked for."""

    facts: frozenset[str]
    parties: frozenset[str]


@lru_cache(maxsize=4096)
def needs(book: Book, act: str) -> Needs:
    """The facts and roles that the rules on an act use: exactly these are to be fetched."""
    rules = book.rules_on(act)
    facts: set[str] = set()
    parties: set[str] = set()
    every: tuple[Permit | Forbid | Require | Consent, ...]
    every = (*rules.permits, *rules.forbids, *rules.requires, *rules.consents)
    for rule in every:
        facts |= facts_in(rule.when)
        if book.foreign_to(rule):
            facts.add(KIND)
        parties |= {party_of(selector) for selector in rule.who}
        if isinstance(rule, Require):
            facts |= facts_in(rule.that)
        if isinstance(rule, Forbid):
            parties |= {party_of(selector) for selector in rule.except_who}
        if isinstance(rule, Consent) and rule.self_ == "superior":
            parties |= {party_of(selector) for step in rule.steps for selector in step.who}
    return Needs(frozenset(facts), frozenset(parties - {""}))


def decide(
    book: Book,
    act: str,
    actor: Actor,
    facts: Facts,
    *,
    parties: Parties | None = None,
    grants: Sequence[Grant] = (),
    about: str = "",
    purpose: str = "",
    today: dt.date = dt.date.min,
) -> Answer:
    """The answer with its reasons. `about` and `purpose` narrow which grants count.

    Raises `MissingFact` when a rule needs a fact or role that was not given.
    """
    case = _Case(book, book.rules_on(act, facts.get(KIND)), actor, facts, parties or {})
    permits, foreign = case.permits()
    consents = case.consents()
    forbids, lacking = case.forbids(), case.lacking()
    lifted = case.lifted(permits)
    consents = [rule for rule in consents if rule.ref not in lifted]
    against = {rule.ref for rule in (*forbids, *foreign)} - lifted
    lacking = [lack for lack in lacking if lack.clause not in lifted]
    usable = [grant for grant in grants if _usable(grant, actor, about, purpose, today)]
    asks = [ask for ask in (_ask(rule, case.steps(rule), usable) for rule in consents) if ask is not None]
    if against or lacking:
        refs = frozenset(against | {lack.clause for lack in lacking})
        return Answer(
            "no", refs, tuple(asks), tuple(sorted(lacking, key=lambda lack: (lack.clause, lack.fact, lack.op))), lifted
        )
    if asks:
        return Answer("ask", frozenset(ask.clause for ask in asks), tuple(asks), (), lifted)
    if permits or consents:
        return Answer("yes", frozenset(rule.ref for rule in (*permits, *consents)), (), (), lifted)
    stance = book.stance("read" if act in READING else "change")
    return Answer("yes" if stance == "permitted" else "no", frozenset(), (), (), lifted)


class _Case:
    """One question with what bears on it."""

    def __init__(self, book: Book, rules: ActRules, actor: Actor, facts: Facts, parties: Parties) -> None:
        self.book = book
        self.rules = rules
        self.actor = actor
        self.facts = facts
        self.parties = parties
        self.posts = book.posts_with(actor.posts)

    def meant(self, who: Iterable[str]) -> bool:
        return is_meant(who, self.actor, self.posts, self.parties)

    def permits(self) -> tuple[list[Permit], list[Permit]]:
        """The fitting permits, and the exclusive ones that mean others only."""
        mine, foreign = [], []
        for rule in self.rules.permits:
            fits = holds(rule.when, self.facts)
            if self.meant(rule.who):
                if fits is True:
                    mine.append(rule)
            elif rule.only and fits is not False:
                foreign.append(rule)
        own = {rule.ref for rule in mine}
        return mine, [rule for rule in foreign if rule.ref not in own]

    def consents(self) -> list[Consent]:
        return [
            rule for rule in self.rules.consents if self.meant(rule.who) and holds(rule.when, self.facts) is not False
        ]

    def steps(self, rule: Consent) -> tuple[Step, ...]:
        return steps_for(rule, self.actor, self.posts, self.parties)

    def forbids(self) -> list[Forbid]:
        return [
            rule
            for rule in self.rules.forbids
            if self.meant(rule.who) and not self.meant(rule.except_who) and holds(rule.when, self.facts) is not False
        ]

    def lacking(self) -> list[Lack]:
        return [
            Lack(rule.ref, test.fact, test.op, test.values, found)
            for rule in self.rules.requires
            if self.meant(rule.who) and holds(rule.when, self.facts) is not False
            for test, found in failing(rule.that, self.facts)
        ]

    def lifted(self, permits: list[Permit]) -> frozenset[ClauseRef]:
        """The clauses that a fitting exception names; nothing but law lifts law."""
        rules: list[Permit | Forbid | Require | Consent] = [*permits]
        others: tuple[Forbid | Require | Consent, ...]
        others = (*self.rules.forbids, *self.rules.requires, *self.rules.consents)
        for other in others:
            if other.lifts and self.meant(other.who) and holds(other.when, self.facts) is True:
                rules.append(other)
        return frozenset(ref for rule in rules for ref in rule.lifts if self._may_lift(rule, ref))

    def _may_lift(self, rule: Permit | Forbid | Require | Consent, ref: ClauseRef) -> bool:
        ranks: Mapping[str, int] = {pack.number: 0 for pack in self.book.packs if pack.rank == "law"}
        return ref.partition(":")[0] not in ranks or rule.pack in ranks


def _usable(grant: Grant, actor: Actor, about: str, purpose: str, today: dt.date) -> bool:
    return (
        grant.asker == actor.id
        and grant.by != actor.id
        and grant.about in ("", about)
        and grant.purpose in ("", purpose)
        and grant.granted_on <= today <= grant.expires_on
        and grant.uses_left != 0
    )


def _ask(rule: Consent, steps: tuple[Step, ...], grants: Sequence[Grant]) -> Ask | None:
    mine = [grant for grant in grants if grant.clause == rule.ref]
    open_steps = tuple(
        (index, step) for index, step in enumerate(steps) if not _granted(step, [g for g in mine if g.step == index])
    )
    return Ask(rule.ref, open_steps, rule.proof) if open_steps else None


def _granted(step: Step, grants: list[Grant]) -> bool:
    if step.all_of:
        return set(step.who) <= {grant.selector for grant in grants}
    return bool(grants)
