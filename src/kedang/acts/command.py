"""``@command``: one act, from the form's token to the journal and the duties, in one transaction (DESIGN 3.2)."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from kedang.acts.answers import Concerning, Done, NewEvent, Refused, Stale
from kedang.acts.following import follow
from kedang.acts.gate import about_of, advise
from kedang.adoptions.models import Adoption
from kedang.approvals.parts import spend
from kedang.journal import parts as journal
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import entry, last_seq
from kedang.journal.telling import untold
from kedang.lib.noting import Notebook, noting
from kedang.rulebook import Book, Grant
from kedang.staff.models import Branch, Person

SPACE = uuid.UUID("6b1b7a52-6d2f-4c08-9a53-6b6564616e67")
Result = TypeVar("Result")
Unkept = tuple["Ctx", Concerning, Refused]
_unkept: ContextVar[list[Unkept] | None] = ContextVar("kedang_unkept_refusals", default=None)
COMMANDS: dict[str, Callable[..., Done]] = {}
ATTEMPTS = 3
ANOTHER_WAS_FASTER = {"40001", "40P01"}  # PostgreSQL undid this transaction so that another could go on


@dataclass
class Ctx:
    """What the body of a command knows: who acts, when, where."""

    act: str
    actor: Person
    now: datetime
    today: date
    token: str
    branch: Branch
    asked: bool = field(default=False)

    def gate(
        self, act: str = "", *, things: Mapping[str, Any] | None = None, facts: Mapping[str, Any] | None = None,
        parties: Mapping[str, Any] | None = None, purpose: str = "", book: Book | None = None,
        grants: Sequence[Grant] = (),
    ) -> None:  # fmt: skip
        """Ask the rules.  Raises ``Refused`` unless they say yes; every command asks at least once.

        ``book`` and ``grants`` are for a policy not yet in force: its own rules say who signs it.
        """
        self.asked = True
        answer = advise(
            act or self.act, actor=self.actor, branch=self.branch, today=self.today, things=things, facts=facts,
            parties=parties, purpose=purpose, book=book, grants=grants,
        )  # fmt: skip
        if not answer.allowed:
            raise Refused(answer, act or self.act)
        spend(answer.clauses, act or self.act, self.actor, about_of(things), self.today)

    def gate_each(self, questions: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
        """Ask the rules of several things at once, each with its facts; raises ``Refused`` unless they say yes to all.

        A consent that any of the answers rests on is spent once: what is done in one go was consented to in one go.
        """
        self.asked = True
        clauses: dict[str, set[str]] = {}
        for things, facts in questions:
            answer = advise(
                self.act, actor=self.actor, branch=self.branch, today=self.today, things=things, facts=facts
            )  # fmt: skip
            if not answer.allowed:
                raise Refused(answer, self.act)
            clauses.setdefault(about_of(things), set()).update(answer.clauses)
        for about, found in clauses.items():
            spend(found, self.act, self.actor, about, self.today)


def command(act: str, concerning: Callable[..., Concerning]) -> Callable[[Callable[..., Done]], Callable[..., Done]]:
    """Make a function the command of an act.

    The command takes ``actor``, ``now``, ``token`` and ``seen`` besides the body's own keywords.  Raises
    ``Refused`` (kept in the journal), ``Stale`` or ``Invalid``; then no row of the act has changed.
    """

    def wrap(body: Callable[..., Done]) -> Callable[..., Done]:
        @functools.wraps(body)
        def run(*, actor: Person, now: datetime, token: str, seen: int | None = None, **given: Any) -> Done:
            concerned = concerning(**given)
            act_id = uuid.uuid5(SPACE, f"{actor.pk}:{act}:{token}")
            ctx = Ctx(act, actor, now, timezone.localdate(now), token, concerned.branch)
            try:
                return again_if_overtaken(lambda: _act(ctx, act_id, concerned, seen, body, given))
            except Refused as refused:
                later = _unkept.get()
                if later is None:
                    _keep_refusal(ctx, concerned, refused)
                else:
                    later.append((ctx, concerned, refused))
                raise

        known = COMMANDS.get(act)
        if known is None or (run.__module__, run.__name__) <= (known.__module__, known.__name__):
            COMMANDS[act] = run  # of two commands for one act the same is named, in whatever order they are read
        return run

    return wrap


def again_if_overtaken(act: Callable[[], Result]) -> Result:
    """Do an act in one transaction that may write; once more when it lost a race that the locks did not order.

    Two acts may want the same unique thing of a subject that has no chain yet, or wait for each other's rows.  The
    database then undoes one of them; asked again it finds what the other wrote, and answers in words.
    """
    for left in reversed(range(ATTEMPTS)):
        try:
            with writing(), transaction.atomic(), noting() as book:
                result = act()
                _all_told(book)
            return result
        except DatabaseError as error:
            if not left or not _overtaken(error):
                raise
    raise AssertionError("unreachable")


def all_or_none(acts: Callable[[], Result]) -> Result:
    """Do several commands in one transaction: all of them happen, or none.  Each asks and tells for itself.

    A refusal is kept in the journal all the same, after what the others had written was undone.
    """
    later: list[Unkept] = []
    mark = _unkept.set(later)
    try:
        return again_if_overtaken(acts)
    finally:
        _unkept.reset(mark)
        for one in later:
            _keep_refusal(*one)


def _all_told(book: Notebook) -> None:
    """What is written of a kept table after the act's events, or without any, would disagree with the journal."""
    if tables := untold(book):
        raise RuntimeError(f"Rows of {', '.join(tables)} were written and no event of the act tells it.")


def _overtaken(error: DatabaseError) -> bool:
    """Whether another act was faster; inside a caller's own transaction PostgreSQL has ended that one too."""
    if isinstance(error, IntegrityError):
        return True
    return getattr(error.__cause__, "sqlstate", "") in ANOTHER_WAS_FASTER and not connection.in_atomic_block


def _act(
    ctx: Ctx, act_id: uuid.UUID, concerned: Concerning, seen: int | None, body: Callable[..., Done],
    given: Mapping[str, Any],
) -> Done:  # fmt: skip
    """Lock, look whether this form was sent before, ask, write, follow up."""
    subjects = [(one[0], one[1]) for one in concerned.subjects]
    lock_token(act_id)
    journal.lock_chains(subjects)
    before = list(Event.objects.filter(act_id=act_id).order_by("pk")[:1])
    if before:
        return Done(_result_of(entry(before[0]).data.get("result", "")), repeated=True)
    if seen is not None and subjects and last_seq(*subjects[0]) != seen:
        raise Stale(last_seq(*subjects[0]))
    _read_anew(given, subjects)
    done = body(ctx, **given)
    if not ctx.asked:
        raise RuntimeError(f"{ctx.act} was done without asking the rules.")
    rows = journal.append(
        act_id=act_id, act=ctx.act, events=_written(ctx, done), actor=ctx.actor.pk, branch=ctx.branch.pk, now=ctx.now
    )
    follow(ctx.branch, rows, {row.pk: event.parties for row, event in zip(rows, done.events, strict=True)})
    return done


def _read_anew(given: Mapping[str, Any], subjects: Sequence[tuple[str, str]]) -> None:
    """Read the rows that the command was given once more under the lock: another act may have changed them since.

    Raises ``Stale`` when one of them is gone.
    """
    for row in given.values():
        if isinstance(row, Model) and row.pk is not None and not isinstance(row, Branch | Person):
            try:
                row.refresh_from_db()
            except type(row).DoesNotExist:  # type: ignore[attr-defined]
                raise Stale(last_seq(*subjects[0]) if subjects else 0) from None


def lock_token(act_id: uuid.UUID) -> None:
    """The same form sent twice waits for itself, as two clocks do; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [act_id.int % 2**63])


def _written(ctx: Ctx, done: Done) -> Sequence[journal.NewEvent]:
    """The events as the journal takes them; people stand in the data, so that a replay finds them."""
    found = []
    for number, event in enumerate(done.events):
        data = {**_people(event), **event.data}
        if number == 0 and hasattr(done.result, "_meta"):
            data["result"] = f"{done.result._meta.label_lower}:{done.result.pk}"
        found.append(
            journal.NewEvent(
                event.name, (event.subject[0], event.subject[1]), event.happened_on or ctx.today,
                about=dict(event.about), data=data, secrets=dict(event.secrets), past=event.past,
            )
        )  # fmt: skip
    return found


def _people(event: NewEvent) -> dict[str, Any]:
    return {role: ids[0] if len(ids) == 1 else list(ids) for role, ids in event.parties.items() if ids}


def _result_of(stored: str) -> Any:
    """The thing that the first sending made."""
    label, _colon, key = stored.partition(":")
    return apps.get_model(label).objects.filter(pk=key).first() if label else None


def _keep_refusal(ctx: Ctx, concerned: Concerning, refused: Refused) -> None:
    """Keep the attempt, after the act's own transaction was undone."""
    subject = concerned.subjects[0] if concerned.subjects else ("branch", str(ctx.branch.pk))
    with transaction.atomic():
        journal.record_refusal(
            act=ctx.act, subject=(subject[0], subject[1]), actor=ctx.actor.pk, branch=ctx.branch.pk,
            clauses=refused.answer.clauses, now=ctx.now,
        )  # fmt: skip


class AlreadyFounded(Exception):
    """A policy binds the branch already; whatever follows is done by commands."""


@dataclass
class Founding:
    """What a founding act knows: when it is, and the events that it leaves."""

    now: datetime
    on: date
    actor: Person | None = None
    branch: Branch | None = None
    events: list[NewEvent] = field(default_factory=list)


def founding(act: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a founding act: one of the first day of a branch, before any policy could permit anything.

    It takes ``now`` and ``on`` besides the body's own arguments.  The rules cannot be asked, because there are none
    yet; so it is done only while no policy binds the branch (its first argument), or while there is no branch at all.
    Raises ``AlreadyFounded``.
    """

    def wrap(body: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(body)
        def run(*given: Any, now: datetime, on: date, **named: Any) -> Any:
            branch = given[0] if given and isinstance(given[0], Branch) else None
            ctx = Founding(now, on, branch=branch)
            with writing(), transaction.atomic(), noting() as book:
                journal.lock_chains([("house", "founding")])
                if _ruled(branch):
                    raise AlreadyFounded
                result = body(ctx, *given, **named)
                journal.append(
                    act_id=uuid.uuid4(), act=act, events=[_plain(ctx, event) for event in ctx.events],
                    actor=ctx.actor.pk if ctx.actor else None, branch=ctx.branch.pk if ctx.branch else None, now=now,
                )  # fmt: skip
                _all_told(book)
            return result

        return run

    return wrap


def _ruled(branch: Branch | None) -> bool:
    """Whether a policy binds the branch, or, without one, whether there is any branch."""
    return Adoption.objects.filter(branch=branch).exists() if branch else Branch.objects.exists()


def _plain(ctx: Founding, event: NewEvent) -> journal.NewEvent:
    return journal.NewEvent(
        event.name, (event.subject[0], event.subject[1]), event.happened_on or ctx.on, about=dict(event.about),
        data=dict(event.data),
    )  # fmt: skip
