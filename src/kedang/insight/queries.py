"""The figures of a period: each measure in force as a card, with the change against the period before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kedang.adoptions.queries import book_for
from kedang.insight.models import Frozen
from kedang.insight.periods import MONTHS, Period, period_of
from kedang.insight.scoping import Scope
from kedang.insight.tallies import Question, Tally, question, rows_of, tallies
from kedang.rulebook.book import Book
from kedang.rulebook.measures import Figure, measure
from kedang.rulebook.pack import Aggravate, Measure
from kedang.rulebook.sanctions import counted_by
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import decided_of
from kedang.staff.models import Branch, Person
from kedang.staff.queries import posts_held

Groups = Mapping[str, Figure]
SHARES = ("share_on_time", "share_complete")


@dataclass(frozen=True)
class Row:
    """One group's figure; ``change`` is in percent points for shares, in pieces for counts."""

    group: str
    figure: Figure
    before: Figure | None

    @property
    def change(self) -> Decimal | None:
        """Against the period before; nothing where that had none."""
        if self.before is None:
            return None
        if self.figure.total is not None:
            return self.figure.part - self.before.part
        here, there = self.figure.share_percent, self.before.share_percent
        return None if here is None or there is None else here - there


@dataclass(frozen=True)
class Card:
    """A measure with its groups; ``rules`` are all rules that ask for the same, the first of them computed."""

    question: Question
    rules: tuple[Measure, ...]
    rows: tuple[Row, ...]
    frozen: bool = False

    @property
    def share(self) -> bool:
        """Whether the figures are shares of a whole."""
        return self.question.rule.of in SHARES


@dataclass(frozen=True)
class Page:
    """The figures that one person sees; ``unkept`` asks for rows that are not kept, or not grouped so."""

    cards: tuple[Card, ...]
    unkept: tuple[Measure, ...]


def page_of(branch: Branch, day: date, scope: Scope, today: date, only: str = "") -> Page:
    """The measures of the book that binds on the last day of the month of ``day``, for the periods that hold it.

    ``only`` narrows to the measures of one clause.  One statement, however many measures.
    """
    month = period_of("month", day)
    book = book_for(branch, min(month.last, max(today, month.first)))
    rules = [rule for rule in book.rules_of(Measure) if only in ("", rule.ref)]
    if scope.name == "mine":
        rules.sort(key=lambda rule: not rule.frozen)  # of measures that are one for a person, what is frozen holds
    asked: dict[tuple[object, ...], tuple[Question, list[Measure]]] = {}
    unkept = []
    for rule in rules:
        one = question(rule, book, period_of(rule.every, day), scope) if rule.every in MONTHS else None
        if one is None:
            unkept.append(rule)
            continue
        asked.setdefault(_alike(one), (one, []))[1].append(rule)
    return Page(tuple(_cards(list(asked.values()), branch)), tuple(unkept))


def _alike(one: Question) -> tuple[object, ...]:
    """Measures of one person that differ only in how they are grouped are one figure of that person's."""
    if one.scope.name == "mine":
        return one.rule.pack, one.rule.over, one.rule.of, one.rule.every
    return one.rule.ref, one.rule.index, one.rule.name


def _cards(asked: Sequence[tuple[Question, Sequence[Measure]]], branch: Branch) -> Iterable[Card]:
    frozen = _frozen([one for one, _rules in asked], branch)
    found = measured([one for one, _rules in asked], branch)
    for (one, rules), (here, there) in zip(asked, found, strict=True):
        now, then = (_thawed(one, frozen.get(_key(one, period))) for period in (one.period, one.period.before))
        here, there = here if now is None else now, there if then is None else then
        yield Card(one, tuple(rules), _rows(here, there), frozen=now is not None)


def measured(asked: Sequence[Question], branch: Branch) -> list[tuple[Groups, Groups]]:
    """The figures of each question by group, of its period and of the one before; one statement."""
    found: dict[int, list[Tally]] = {}
    for tally in tallies(asked, branch):
        found.setdefault(tally.at, []).append(tally)
    return [
        (
            measure(one.rule, rows_of(one, found.get(at, []), now=True)),
            measure(one.rule, rows_of(one, found.get(at, []), now=False)),
        )
        for at, one in enumerate(asked)
    ]


def _key(one: Question, period: Period) -> tuple[str, str, date]:
    return one.rule.ref, one.rule.name, period.first


def _frozen(asked: Sequence[Question], branch: Branch) -> dict[tuple[str, str, date], Frozen]:
    """What has been frozen of these questions; one read."""
    keys = {_key(one, period) for one in asked for period in (one.period, one.period.before)}
    if not keys:
        return {}
    rows = Frozen.objects.filter(branch=branch, first__in={first for _ref, _name, first in keys})
    return {(row.clause, row.name, row.first): row for row in rows}


def _thawed(one: Question, row: Frozen | None) -> Groups | None:
    """The frozen figures as far as the scope reaches; nothing where they were not kept by these groups."""
    groups = row.figures.get(one.by) if row is not None else None
    if groups is None:
        return None
    if one.scope.name == "mine":
        groups = {key: value for key, value in groups.items() if key == str(one.scope.person)}
    elif one.scope.name == "unit":
        if one.by != "unit":
            return None
        groups = {key: value for key, value in groups.items() if key in one.scope.units}
    return {
        key: Figure(Decimal(part), int(whole), Decimal(total) if total else None)
        for key, (part, whole, total) in groups.items()
    }


def _rows(here: Mapping[str, Figure], there: Mapping[str, Figure]) -> tuple[Row, ...]:
    """A group without a row in the period still stands there if it had one before."""
    empty = Figure(Decimal(0), 0)
    total = next(iter(here.values())).total if here else Decimal(0)
    counted = any(one.total is not None for one in (*here.values(), *there.values()))
    empty = replace(empty, total=total) if counted else empty
    groups = sorted(set(here) | set(there))
    rows = [Row(group, here.get(group, empty), there.get(group)) for group in groups]
    return tuple(row for row in rows if row.figure.whole or (row.before and row.before.whole))


def standing(viewer: Person, branch: Branch, today: date) -> tuple[tuple[Aggravate, int], ...]:
    """How near the viewer is to a dearer breach: for each rule the number that counts by now; one statement."""
    book: Book = book_for(branch, today)
    posts = book.posts_with(posts_held(viewer, branch, today))
    rules = [rule for rule in book.rules_of(Aggravate) if posts.intersection(rule.who)]
    if not rules:
        return ()
    longest = max(rule.within_days for rule in rules)
    since = min(today.replace(day=1), today - timedelta(days=longest))
    own = Breach.objects.filter(branch=branch, person=viewer, happened_on__gte=since).select_related("sanction")
    return counted_by(book, str(viewer.pk), posts, today, [decided_of(one) for one in own])


def months(day: date, today: date) -> tuple[Period, Period | None]:
    """The month before that of ``day``, and the one after unless it has not begun."""
    month = period_of("month", day)
    return month.before, month.after if month.after.first <= today else None
