"""Reads of approvals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from kedang.adoptions.queries import book_for, reports_to
from kedang.approvals.models import Approval, Reply, Step
from kedang.lib.folding import Figure, Rows
from kedang.lib.memory import remembered
from kedang.rulebook import Grant
from kedang.rulebook.selecting import Actor, is_meant, party_of
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of

CUSTOMERS = frozenset({"file.subject", "customer.representative"})
NEAR = 500
STEP = ("approval_id", "approval__asker_id", "number", "who", "all_of", "replies__selector", "people")
STEPS = Prefetch("steps", Step.objects.prefetch_related(Prefetch("replies", Reply.objects.select_related("by"))))


def approvals(branch: Branch) -> QuerySet[Approval]:
    """The requests of a branch with their steps and replies, newest first."""
    return Approval.objects.filter(branch=branch).select_related("asker").prefetch_related(STEPS)


def grants_for(act: str, actor: Person, branch: Branch, today: date) -> Iterator[Grant]:
    """The consents that a person holds for an act: each yes to a request that still counts.

    What was only said counts until the day by which it has to be confirmed; a customer's yes is nobody's of the staff.
    """
    counts = Q(expires_on=None) | Q(expires_on__gte=today)
    rows = Approval.objects.filter(counts, branch=branch, act=act, asker=actor, status__in=("waiting", "granted"))
    counts = Q(confirm_by=None) | Q(confirmed_on__isnull=False) | Q(confirm_by__gte=today)
    replies = Reply.objects.filter(counts, step__approval__in=rows, yes=True).select_related("step__approval")
    for reply in replies:
        asked = reply.step.approval
        by = "" if reply.selector in CUSTOMERS else str(reply.by_id)
        yield Grant(
            asked.clause, reply.step.number, by, str(asked.asker_id), reply.selector, asked.about,
            asked.purpose, reply.replied_on, asked.expires_on or date.max, asked.uses_left,
        )  # fmt: skip


def addressed(person: Person, branch: Branch, today: date) -> tuple[Actor, frozenset[str]]:
    """The person as those whom a step may address."""
    book = book_for(branch, today)
    actor = actor_of(person, branch, today, reports_to(book))
    return actor, book.posts_with(actor.posts)


@dataclass(frozen=True)
class Asked:
    """A step as far as it decides whose turn it is."""

    asker: int
    who: tuple[str, ...]
    all_of: bool
    replied: set[str]
    people: dict[str, list[int]]

    @property
    def parties(self) -> dict[str, frozenset[str]]:
        """Who has which role in this request."""
        held = {role: frozenset(map(str, ids)) for role, ids in self.people.items()}
        return {**held, "approval.asker": frozenset({str(self.asker)})}


def first_open(steps: Sequence[Asked], actor: Actor, posts: frozenset[str]) -> tuple[int, str] | None:
    """Which step is the first open one, and as whom it addresses this person; None if it does not."""
    for place, step in enumerate(steps):
        if set(step.who) <= step.replied if step.all_of else bool(step.replied):
            continue
        for selector in step.who:
            if selector not in step.replied and _meant(selector, actor, posts, step.parties):
                return place, selector
        return None
    return None


def selector_for(approval: Approval, actor: Actor, posts: frozenset[str]) -> tuple[Step, str] | None:
    """The first open step that addresses this person, and as whom; None if it is not for them to answer."""
    if approval.status != "waiting" or str(approval.asker_id) == actor.id:
        return None
    steps = list(approval.steps.all())
    asked = [
        Asked(
            approval.asker_id, tuple(one.who), one.all_of, {reply.selector for reply in one.replies.all()}, one.people
        )
        for one in steps
    ]
    found = first_open(asked, actor, posts)
    return (steps[found[0]], found[1]) if found else None


def _meant(selector: str, actor: Actor, posts: frozenset[str], parties: dict[str, frozenset[str]]) -> bool:
    role = party_of(selector)
    if role and role not in parties:
        return False
    return is_meant((selector,), actor, posts, parties)


def near(person: Person, branch: Branch) -> list[Approval]:
    """What waits for anybody, and what this person asked for: the newest 500 of both."""
    rows = approvals(branch).filter(Q(status="waiting") | Q(asker=person))[:NEAR]
    return remembered(("approvals", branch.pk, person.pk), lambda: list(rows))


def for_me(person: Person, branch: Branch, today: date) -> list[Approval]:
    """The waiting requests that this person can answer now, oldest first."""
    rows = [row for row in reversed(near(person, branch)) if row.status == "waiting" and row.asker_id != person.pk]
    if not rows:
        return []
    actor, posts = addressed(person, branch, today)
    return [row for row in rows if selector_for(row, actor, posts)]


def to_confirm(person: Person, branch: Branch) -> list[Approval]:
    """The requests to which this person said yes by word of mouth and has not confirmed it yet, oldest first."""
    said = Reply.objects.filter(by=person, noted_by__isnull=False, confirmed_on=None, yes=True)
    rows = approvals(branch).filter(steps__replies__in=said, status__in=("waiting", "granted"))
    return list(rows.distinct().order_by("pk")[:100])


def oral_since(branch: Branch, first: date) -> dict[str, int]:
    """How many consents were only said since a day, and how many of them still wait for their confirmation."""
    rows = Reply.objects.filter(step__approval__branch=branch, noted_by__isnull=False, replied_on__gte=first)
    return rows.aggregate(said=Count("pk"), open=Count("pk", filter=Q(confirmed_on=None, yes=True)))


def asked_by(person: Person, branch: Branch) -> list[Approval]:
    """What this person asked for, newest first."""
    return [row for row in near(person, branch) if row.asker_id == person.pk]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def menu_counts(viewer: Any, branch: Any, _today: Any) -> dict[str, Figure]:
    """How many requests wait for this person's answer, of the newest 500 that wait for anybody."""
    newest = Approval.objects.filter(branch=branch, status="waiting").exclude(asker=viewer).values("pk")[:NEAR]
    return {"office:approvals": Figure(Rows(Step.objects.filter(approval__in=newest), STEP), _for_answer)}


def _for_answer(steps: list[Any], viewer: Person, branch: Branch, today: date) -> int:
    if not steps:
        return 0
    actor, posts = addressed(viewer, branch, today)
    by_request: dict[int, dict[int, Asked]] = {}
    for request, asker, step, who, all_of, replied, people in steps:
        asked = Asked(asker, tuple(_json(who)), bool(all_of), set(), _json(people))
        one = by_request.setdefault(request, {}).setdefault(step, asked)
        one.replied.update({replied} - {None})
    return sum(1 for one in by_request.values() if first_open([one[no] for no in sorted(one)], actor, posts))


def still_counts(row: Approval, today: date) -> bool:
    """Whether a request can still do something: it waits, or what was granted is neither used up nor past its day."""
    if row.status != "granted":
        return row.status == "waiting"
    return row.uses_left != 0 and (row.expires_on is None or row.expires_on >= today)
