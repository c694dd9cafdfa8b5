"""Figures are fixed: by the clock where a clause says so, by a person where the rules let somebody freeze one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from kedang.acts import answers as acts
from kedang.acts.answers import Concerning, Done, Invalid
from kedang.acts.clockwork import Clock, clockwork
from kedang.acts.command import Ctx, command
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
from kedang.staff.models import Branch, Person


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
    by_clock = Frozen.objects.filter(branch=branch, frozen_by=None)
    lasts = dict(by_clock.values_list("every").annotate(latest=Max("last")))
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
    events = [_event(row, clock.day) for row in _write(new, period, clock.branch)]
    follow_alone(clock.branch, clock.append(events))
    return len(events)


def _write(new: Sequence[Question], period: Period, branch: Branch, by: Person | None = None) -> list[Frozen]:
    """The rows of what the questions come to now, for each group and, where they are about people, for each person."""
    own = [person for one in new if (person := by_person(one)) is not None]
    found = measured([*new, *own], branch)
    rows = []
    for one, (here, _there) in zip(new, found, strict=False):
        groups = {one.by: _plain(here)}
        person = by_person(one)
        if person is not None:
            groups["person"] = _plain(found[len(new) + own.index(person)][0])
        row = Frozen.objects.create(
            branch=branch, clause=one.rule.ref, name=one.rule.name, every=period.every, first=period.first,
            last=period.last, figures=groups, frozen_by=by,
        )  # fmt: skip
        rows.append(row)
    return rows


def on_branch(branch: Branch, **_rest: Any) -> Concerning:
    """A figure is born frozen; that it is frozen once is a constraint."""
    return Concerning(branch, [])


@command("measure.freeze", on_branch)
def freeze_figure(ctx: Ctx, *, branch: Branch, ref: str, name: str, month: date) -> Done:
    """Freeze what a measure came to in the period that holds a month, once the period is over.

    What the clock freezes by itself is left to it.  Raises ``Refused``, ``Invalid``.
    """
    last = period_of("month", month).last
    book = book_for(branch, min(last, ctx.today))
    rule = next((one for one in book.rules_of(Measure) if (one.ref, one.name) == (ref, name)), None)
    period = period_of(rule.every, month) if rule is not None and rule.every in MONTHS else None
    kept = period is not None and Frozen.objects.filter(branch=branch, clause=ref, name=name, first=period.first)
    ctx.gate(facts={"measure.frozen": "yes" if kept else "no"})
    asked = question(rule, book, period, ALL) if rule is not None and period is not None else None
    if asked is None or period is None:
        raise Invalid({"measure": _("No clause in force asks for this figure.")})
    if period.last >= ctx.today:
        raise Invalid({"month": _("A figure is frozen when its period is over.")})
    if asked.rule.frozen:
        raise Invalid({"measure": _("The clause freezes this figure by itself when its period is over.")})
    if kept:
        raise Invalid({"measure": _("This figure is frozen already.")})
    (row,) = _write([asked], period, branch, ctx.actor)
    told = _event(row, ctx.today)
    return Done(row, [acts.NewEvent(told.name, acts.Subject(*told.subject), about=told.about, data=told.data)])


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
