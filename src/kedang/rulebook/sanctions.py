"""What a breach costs: proposals with base, multiplier and clauses, and the breaches that the sum depends on.

Nothing here imposes anything: a named post does, after a hearing. Money is Decimal yuan. Breaches are ordered by the
day on which they happened and then by id, never by the order in which somebody clicked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kedang.rulebook.binding import KIND
from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.conditions import Value, holds
from kedang.rulebook.counting import Decided, Prior, counts_for, in_window, is_for, window_start
from kedang.rulebook.deadlines import kept_by
from kedang.rulebook.pack import Aggravate, ClauseRef, Repeat, Reward, Sanction, Who

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class BreachFacts:
    """One breach: a lapsed duty (`kind` late, `name` its clause's reference), a defect or an incident (their keys).

    `units` is how many of what the sanction counts per (items, pieces). `same_as` is set for a repeat: the amount of
    the breach that was not mended.
    """

    id: int
    kind: str
    name: str
    person: str
    posts: frozenset[str]
    happened_on: dt.date
    units: int = 1
    about: str = ""
    same_as: Decimal | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """What a breach would cost.

    `amount` assumes that the breaches in `depends_on` are imposed, `amount_if_not` that none of them is. With a
    `range` the decider chooses and `amount` is None; `unit` says whether it is yuan or percent of the month's
    performance pay. `besides` are proposals that may be imposed on top.
    """

    base: Decimal | None
    multiplier: int
    amount: Decimal | None
    amount_if_not: Decimal | None
    per: str
    units: int
    clauses: frozenset[ClauseRef]
    decided_by: Who
    depends_on: tuple[int, ...] = ()
    range: tuple[Decimal, Decimal] | None = None
    unit: str = "cny"
    measure: str = ""
    adds_to_count: bool = True
    besides: tuple[Proposal, ...] = ()

    def allows(self, amount: Decimal) -> bool:
        """Whether `amount` may be imposed: within the range, or at most the sum proposed."""
        if self.range:
            return self.range[0] <= amount <= self.range[1]
        return self.amount is not None and Decimal(0) <= amount <= self.amount


def propose(book: Book, breach: BreachFacts, prior: Iterable[Decided] | Prior) -> Proposal | None:
    """What the book of the breach's day proposes; None where no clause puts a price on it.

    Raises `MissingFact` when a clause tests a fact that `breach.facts` does not hold.
    """
    known = Prior.of(prior)
    rules = book.rules_of(Sanction, breach.facts.get(KIND))
    fitting = [_weighed(book, rule, breach, known) for rule in rules if _concerns(rule, breach)]
    asked = [(rule, found) for rule, found, facts in fitting if holds(rule.when, facts) is True]
    replaced = {ref for rule, _ in asked for ref in rule.instead_of}
    left = sorted(((rule, found) for rule, found in asked if rule.ref not in replaced), key=lambda pair: pair[0].ref)
    refs = {rule.ref for rule, _ in left}
    mains = [found for rule, found in left if not refs.intersection(rule.besides)]
    extras = [found for rule, found in left if refs.intersection(rule.besides)]
    if not mains:
        return None
    proposal = replace(mains[0], besides=(*mains[1:], *extras))
    return proposal if breach.same_as is None else _repeated(book, proposal, breach.same_as)


def concerned(book: Book, breach: BreachFacts) -> bool:
    """Whether any clause puts a price on such a breach of somebody with these posts, whatever else it asks."""
    return any(_concerns(rule, breach) for rule in book.rules_of(Sanction, breach.facts.get(KIND)))


def undecidable_before(book: Book, breach: BreachFacts, prior: Iterable[Decided] | Prior) -> tuple[int, ...]:
    """The earlier breaches of the same counting window that must be decided before this one."""
    known = Prior.of(prior)
    rules = _raising(book, breach)
    return tuple(sorted({pk for rule in rules for pk in known.counted(rule, breach).undecided}))


def counted_by(
    book: Book, person: str, posts: frozenset[str], day: dt.date, prior: Iterable[Decided]
) -> tuple[tuple[Aggravate, int], ...]:
    """For each rule that multiplies this person's sanctions: how many breaches count or may come to count today."""
    known = tuple(prior)
    next_one = BreachFacts(max((one.id for one in known), default=0) + 1, "", "", person, posts, day)
    rules = [rule for rule in book.rules_of(Aggravate) if posts.intersection(rule.who)]
    ready = Prior(known)
    return tuple((rule, len(ready.counted(rule, next_one))) for rule in rules)


def counts_since(book: Book, on: dt.date) -> dt.date | None:
    """The first day of which a breach can count for one that happened `on` a day; None where no clause counts."""
    rules = book.rules_of(Aggravate)
    return min((window_start(rule, on) for rule in rules), default=None)


def to_review(book: Book, quashed: BreachFacts, decided: Iterable[Decided]) -> tuple[int, ...]:
    """The later imposed breaches whose window holds the quashed one: their sums must be looked at again."""
    rules = _raising(book, quashed)
    later = [one for one in decided if one.status == "imposed" and one.person == quashed.person]
    return tuple(
        sorted(
            one.id
            for one in later
            if (one.happened_on, one.id) > (quashed.happened_on, quashed.id)
            and any(counts_for(rule, one) and in_window(rule, quashed.happened_on, one.happened_on) for rule in rules)
        )
    )


def repeat_days(
    rule: Repeat, ordered_on: dt.date, corrected_on: dt.date | None, today: dt.date, calendar: Calendar
) -> tuple[dt.date, ...]:
    """The days on which an ordered correction was still missing at the end of the day, up to yesterday.

    The first is `every_working_days` after the order; a correction on a day spares that day and all after it.
    """
    calendar = kept_by(rule, calendar)
    end = today if corrected_on is None else min(today, corrected_on)
    days = []
    day = calendar.add_working_days(ordered_on, rule.every_working_days).day
    while day < end:
        days.append(day)
        day = calendar.add_working_days(day, rule.every_working_days).day
    return tuple(days)


def rewards(book: Book, name: str, posts: frozenset[str]) -> tuple[Reward, ...]:
    """The clauses that propose a reward for `name` to somebody in one of `posts`; of a department, `unit:ID` alone."""
    found = [rule for rule in book.rules_of(Reward) if rule.for_name == name]
    somebody = {"anyone"} if not any(one.startswith("unit:") for one in posts) else set()
    return tuple(rule for rule in found if not rule.who or (posts | somebody).intersection(rule.who))


def _raising(book: Book, breach: BreachFacts) -> list[Aggravate]:
    """The rules that may multiply what such a breach of somebody with these posts costs."""
    rules = book.rules_of(Aggravate)
    return [rule for rule in rules if breach.posts.intersection(rule.who) and is_for(rule, breach)]


def _concerns(rule: Sanction, breach: BreachFacts) -> bool:
    if rule.for_kind != breach.kind or rule.for_name != breach.name:
        return False
    return not rule.who or "anyone" in rule.who or bool(breach.posts.intersection(rule.who))


def _weighed(
    book: Book, rule: Sanction, breach: BreachFacts, prior: Prior
) -> tuple[Sanction, Proposal, Mapping[str, Value]]:
    """The proposal of one rule, and the facts on which its condition is tested."""
    sure, assumed, pending, aggravating = 1, 1, set[int](), set[ClauseRef]()
    for other in _raising(book, breach):
        if other.pack != rule.pack or breach.same_as is not None:
            continue
        counted = prior.counted(other, breach)
        settled = len(counted) if other.counts == "proposed" else counted.imposed
        if settled + 1 >= other.from_nth:
            sure = max(sure, other.multiply)
        if len(counted) + 1 >= other.from_nth:
            aggravating.add(other.ref)
            assumed = max(assumed, other.multiply)
            pending |= set(counted.undecided) if settled + 1 < other.from_nth else set()
    facts: dict[str, Value] = {**breach.facts, "breach.aggravated": "yes" if assumed > 1 else "no"}
    proposal = _priced(rule, breach.units, assumed, sure, frozenset({rule.ref, *aggravating}))
    return rule, replace(proposal, depends_on=tuple(sorted(pending))), facts


def _priced(rule: Sanction, units: int, assumed: int, sure: int, clauses: frozenset[ClauseRef]) -> Proposal:
    base, span, unit = rule.fine_cny, None, "cny"
    if rule.fine_from is not None and rule.fine_to is not None:
        span = (rule.fine_from * units * sure, rule.fine_to * units * assumed)
    elif rule.pay_share_from is not None and rule.pay_share_to is not None:
        span, unit = (Decimal(rule.pay_share_from), Decimal(rule.pay_share_to)), "percent"
    amount = None if base is None else base * units * assumed
    otherwise = None if base is None else base * units * sure
    return Proposal(
        base, assumed, amount, otherwise, rule.per, units, clauses, rule.decided_by, (), span, unit, rule.measure
    )


def _repeated(book: Book, proposal: Proposal, same_as: Decimal) -> Proposal:
    packs = {ref.partition(":")[0] for ref in proposal.clauses}
    rules = [rule for rule in book.rules_of(Repeat) if rule.pack in packs]
    return replace(
        proposal,
        amount=same_as,
        amount_if_not=same_as,
        clauses=proposal.clauses | {rule.ref for rule in rules},
        adds_to_count=any(rule.adds_to_count for rule in rules),
        besides=(),
    )
