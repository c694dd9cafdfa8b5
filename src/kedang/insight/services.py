"""What the clock does to figures: a measure that a clause freezes is fixed when its period has ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max

from kedang.acts.clockwork import Clock, clockwork
from kedang.acts.following import follow_alone
from kedang.adoptions.queries import book_for
from kedang.insight.models import Frozen
from kedang.insight.periods import MONTHS, Period, period_of
from kedang.insight.queries import measured
from kedang.insight.scoping import ALL
from kedang.insight.tallies import Question, by_person, question
from kedang.journal.parts import NewEvent
from kedang.lib.memory import remembering
from kedang.rulebook.measures import Figure
from kedang.rulebook.pack import Measure
from kedang.staff.models import Branch


def freeze_ended(branch: Branch, today: date, now: datetime) -> int:
    """Freeze what the clauses in force on a period's last day say is frozen, once that day is over; how many.

    Begins with the period before today's, or where the last freezing left off: a clock that stood still for three
    months freezes three.
    """
    with remembering():  # the adoptions are read once for all periods; nothing is written here
        due = list(_due(branch, today))
    return sum(
        freeze_period(branch=branch, day=period.last, now=now, period=period, asked=asked) for period, asked in due
    )


def _due(branch: Branch, today: date) -> Iterator[tuple[Period, list[Question]]]:
    """The ended periods that are not frozen yet, each with what is to be frozen; the past is read only if any is."""
    if not any(_rules(branch, period_of(every, today).before) for every in MONTHS):
        return
    lasts = dict(Frozen.objects.filter(branch=branch).values_list("every").annotate(latest=Max("last")))
    for every in MONTHS:
        ended = period_of(every, today).before
        period = period_of(every, lasts[every]).after if every in lasts else ended
        while period.last <= ended.last:
            book = book_for(branch, period.last)
            asked = [one for rule in _rules(branch, period) if (one := question(rule, book, period, ALL)) is not None]
            if asked:
                yield period, asked
            period = period.after


def _rules(branch: Branch, period: Period) -> list[Measure]:
    """What the clauses in force on a period's last day freeze for such a period."""
    rules = book_for(branch, period.last).rules_of(Measure)
    return [rule for rule in rules if rule.frozen and rule.every == period.every]


@clockwork("measure.freeze")
def freeze_period(clock: Clock, *, period: Period, asked: Sequence[Question]) -> int:
    """Write what the figures of a period come to, for each group and for each person; what is frozen stays."""
    done = set(Frozen.objects.filter(branch=clock.branch, first=period.first).values_list("clause", "name"))
    new = [one for one in asked if (one.rule.ref, one.rule.name) not in done]
    own = [person for one in new if (person := by_person(one)) is not None]
    found = measured([*new, *own], clock.branch)
    events = []
    for one, (here, _there) in zip(new, found, strict=False):
        groups = {one.rule.by: _plain(here)}
        person = by_person(one)
        if person is not None:
            groups["person"] = _plain(found[len(new) + own.index(person)][0])
        row = Frozen.objects.create(
            branch=clock.branch, clause=one.rule.ref, name=one.rule.name, every=period.every, first=period.first,
            last=period.last, figures=groups,
        )  # fmt: skip
        events.append(_event(row, clock.day))
    follow_alone(clock.branch, clock.append(events))
    return len(events)


def _plain(figures: Mapping[str, Figure]) -> dict[str, list[str]]:
    return {
        group: [f"{one.part:f}", str(one.whole), "" if one.total is None else f"{one.total:f}"]
        for group, one in figures.items()
    }


def _event(row: Frozen, day: date) -> NewEvent:
    data = {
        "clause": row.clause, "name": row.name, "every": row.every, "first": row.first.isoformat(),
        "last": row.last.isoformat(), "figures": row.figures, "frozen": True,
    }  # fmt: skip
    return NewEvent("measure.frozen", ("measure", str(row.pk)), day, about={"measure": str(row.pk)}, data=data)
