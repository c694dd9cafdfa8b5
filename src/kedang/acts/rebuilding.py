"""Duties folded from the journal again, and what of their table does not agree.  The table is only a cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kedang.acts.following import parties_in, read, unknown
from kedang.adoptions.queries import AlteredText, book_for, calendar
from kedang.duties.models import Duty
from kedang.journal.models import Event as Row
from kedang.journal.replay import register_fold
from kedang.journal.verifying import Finding
from kedang.lib.memory import remembering
from kedang.rulebook import Event
from kedang.rulebook.duties import DutyState, fold
from kedang.staff.models import Branch

Values = Mapping[str, object]


def states_of(branch: Branch, as_of: date) -> dict[str, DutyState]:
    """Every duty of a branch as the journal implies it at the beginning of a day, by key."""

    def events() -> Iterator[Event]:
        for row in Row.objects.filter(branch=branch).order_by("pk").iterator(2000):
            yield read(row, book_for(branch, row.happened_on))

    with remembering():
        return fold(
            lambda day: book_for(branch, day), events(), parties_in, calendar(), as_of,
            lambda event: unknown(book_for(branch, event.happened_on)),
        )  # fmt: skip


def _bound(person: int, due_on: date, owed: bool) -> str:
    """Whom a duty binds and what stands with them about it."""
    return f"{person} {'owes' if owed else 'owed'} it by {due_on}"


def _status(row: Duty, as_of: date) -> str:
    """How a row stood at the beginning of a day: what grew late in the course of it was not late yet."""
    began = row.status == "late" and row.done_on is None and row.due_at is not None and row.due_on >= as_of
    return "open" if began else row.status


def _of_state(state: DutyState) -> Values:
    owed = state.status in ("open", "late") and state.done_on is None
    return {
        "clause": state.clause, "about": state.about, "act": state.act,
        "who": [_bound(int(one), state.due_on, owed) for one in sorted(state.who, key=int)],
        "pool": ",".join(state.pool)[:200], "opened_by": state.opened_by, "from_on": state.from_on,
        "due_on": state.due_on, "due_at": state.due_at, "was_due_on": [one.isoformat() for one in state.was_due_on],
        "status": state.status, "done_on": state.done_on, "done_by": state.done_by,
    }  # fmt: skip


def _of_row(row: Duty, as_of: date) -> Values:
    """A row in the same words; what has become late since the clock last came by counts as late on both sides."""
    bound = sorted(row.bound.all(), key=lambda one: one.person_id)
    overdue = row.status == "open" and row.done_on is None and row.due_on < as_of
    return {
        "clause": row.clause, "about": f"{row.about_kind}:{row.about_id}", "act": row.act,
        "who": [_bound(one.person_id, one.due_on, one.owed) for one in bound],
        "pool": row.pool, "opened_by": row.opened_by,
        "from_on": row.from_on, "due_on": row.due_on, "due_at": row.due_at, "was_due_on": row.was_due_on,
        "status": "late" if overdue else _status(row, as_of), "done_on": row.done_on, "done_by": row.done_by,
    }  # fmt: skip


def disagreements(branch: Branch, as_of: date) -> Iterator[Finding]:
    """Each duty whose row is not what the journal says, by column; rows without an origin; duties without a row."""
    left = states_of(branch, as_of)
    subject = f"duties of branch {branch.code}"
    for row in Duty.objects.filter(branch=branch).prefetch_related("bound").order_by("pk").iterator(2000):
        state = left.pop(row.key, None)
        if state is None:
            yield Finding(subject, 0, f"the table knows the duty {row.key}, the journal does not")
            continue
        wanted, found = _of_state(state), _of_row(row, as_of)
        for name, value in wanted.items():
            if found[name] != value:
                yield Finding(subject, 0, f"duty {row.key} says {name} = {found[name]}, the journal says {value}")
    for key in sorted(left):
        yield Finding(subject, 0, f"the journal knows the duty {key}, the table does not")


def every_branch(as_of: date) -> Iterator[Finding]:
    """The same for all branches; ``kedang verify --state`` asks for it.

    Under an edition whose text was altered no duty can be folded; that is named, and the other branches are compared.
    """
    for branch in Branch.objects.order_by("pk"):
        try:
            yield from disagreements(branch, as_of)
        except AlteredText as error:
            yield Finding(f"duties of branch {branch.code}", 0, str(error))


def register() -> None:
    """Make the duties part of the check; called once when the app is ready."""
    register_fold(every_branch)
