"""What the clock does to figures: a measure that a clause freezes is fixed when its period has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from kedang.acts.clockwork import Clock, clockwork
from kedang.acts.following import follow_alone
from kedang.adoptions.queries import book_for
from kedang.insight.models import Frozen
from kedang.insight.periods import MONTHS, Period, period_of
from kedang.insight.queries import measured
from kedang.insight.scoping import ALL
from kedang.insight.tallies import Question, by_person, question
from kedang.journal.parts import NewEvent
from kedang.rulebook.measures import Figure
from kedang.rulebook.pack import Measure
from kedang.staff.models import Branch


def freeze_ended(branch: Branch, today: date, now: datetime) -> int:
    """Freeze what the clauses in force on a period's last day say is frozen, once that day is over; how many.

    Begins with the period before today's, or where the last freezing left off: a clock that stood still for three
    months freezes three.
    """
    frozen = 0
    for every in MONTHS:
        last = Frozen.objects.filter(branch=branch, every=every).order_by("-last").first()
        ended = period_of(every, today).before
        period = period_of(every, last.last).after if last else ended
        while period.last <= ended.last:
            asked = _to_freeze(branch, period)
            frozen += freeze_period(branch=branch, day=period.last, now=now, period=period, asked=asked) if asked else 0
            period = period.after
    return frozen


def _to_freeze(branch: Branch, period: Period) -> list[Question]:
    book = book_for(branch, period.last)
    rules = [rule for rule in book.rules_of(Measure) if rule.frozen and rule.every == period.every]
    found = [question(rule, book, period, ALL) for rule in rules]
    return [one for one in found if one is not None]


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
