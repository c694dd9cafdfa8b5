"""Writes of duties that several acts share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from kedang.duties.models import Duty, DutyPerson
from kedang.duties.queries import OWED
from kedang.rulebook.book import Book
from kedang.rulebook.duties import DutyState
from kedang.rulebook.pack import Duty as Rule
from kedang.staff.models import Branch


def rule_of(book: Book, row: Duty) -> Rule | None:
    """The rule that a row came from, if a pack in force still has it."""
    for rule in book.rules_of(Rule):
        if rule.ref == row.clause and rule.index == row.rule_index:
            return rule
    return None


def state_of(row: Duty, rule: Rule) -> DutyState:
    """A row as the rulebook sees it."""
    return DutyState(
        key=row.key, rule=rule, who=tuple(sorted(str(one.person_id) for one in row.bound.all())),
        pool=tuple(one for one in row.pool.split(",") if one), about=f"{row.about_kind}:{row.about_id}",
        opened_by=row.opened_by, from_on=row.from_on, due_on=row.due_on, provisional=row.provisional,
        number=row.number, status=row.status, done_on=row.done_on, done_by=row.done_by,
        was_due_on=tuple(date.fromisoformat(one) for one in row.was_due_on),
        due_at=timezone.localtime(row.due_at) if row.due_at else None,
    )  # fmt: skip


def write_states(branch: Branch, states: Iterable[DutyState], file: str) -> None:
    """Write new and changed duties; a duty keeps the file that it was opened under."""
    for state in states:
        kind, _colon, ref = state.about.partition(":")
        row = Duty.objects.filter(branch=branch, key=state.key).first() or Duty(branch=branch, key=state.key, file=file)
        row.clause, row.rule_index, row.act = state.clause, state.rule.index, state.act
        row.about_kind, row.about_id, row.pool = kind, ref, ",".join(state.pool)[:200]
        row.opened_by, row.number, row.provisional = state.opened_by, state.number, state.provisional
        row.from_on, row.due_on, row.due_at = state.from_on, state.due_on, state.due_at
        row.status, row.done_on, row.done_by = state.status, state.done_on, state.done_by
        row.was_due_on = [one.isoformat() for one in state.was_due_on]
        row.save()
        _bind(row, {int(one) for one in state.who if one.isdigit()})


def _bound(row: Duty, person: int) -> DutyPerson:
    return DutyPerson(duty=row, person_id=person, due_on=row.due_on, owed=row.owed)


def open_states(branch: Branch, opened: Iterable[tuple[DutyState, str]]) -> None:
    """Write duties that are all new, each with the id of its file, in two statements however many they are."""
    rows: list[tuple[Duty, DutyState]] = []
    for state, file in opened:
        kind, _colon, ref = state.about.partition(":")
        row = Duty(
            branch=branch, key=state.key, file=file, clause=state.clause, rule_index=state.rule.index, act=state.act,
            about_kind=kind, about_id=ref, pool=",".join(state.pool)[:200], opened_by=state.opened_by,
            number=state.number, provisional=state.provisional, from_on=state.from_on, due_on=state.due_on,
            due_at=state.due_at, status=state.status, done_on=state.done_on, done_by=state.done_by,
        )  # fmt: skip
        rows.append((row, state))
    Duty.objects.bulk_create([row for row, _state in rows], batch_size=500)
    bound = [_bound(row, int(one)) for row, state in rows for one in state.who if one.isdigit()]
    DutyPerson.objects.bulk_create(bound, batch_size=500)


def _bind(row: Duty, wanted: set[int]) -> None:
    held = set(row.bound.values_list("person_id", flat=True))
    if held - wanted:
        row.bound.exclude(person_id__in=wanted).delete()
    if held & wanted:
        row.bound.update(due_on=row.due_on, owed=row.owed)
    DutyPerson.objects.bulk_create([_bound(row, one) for one in sorted(wanted - held)])


def lapse(branch: Branch, day: date, now: datetime) -> list[Duty]:
    """Mark what is late on a day: at its beginning, or by now; the newly late rows, locked until the act commits.

    The lock makes sure that a duty which somebody is just keeping is not written over.
    """
    over = Q(due_on__lt=day) | Q(due_on=day, due_at__lt=now)
    owed = Duty.objects.select_for_update().filter(OWED, over, branch=branch, status="open")
    rows = list(owed.prefetch_related("bound").order_by("due_on", "pk"))
    for row in rows:
        row.status = "late"
    Duty.objects.bulk_update(rows, ["status"], batch_size=500)
    return rows
