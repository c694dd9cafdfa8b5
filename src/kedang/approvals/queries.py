"""Reads of approvals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from kedang.adoptions.queries import book_for, reports_to
from kedang.approvals.models import Approval, Reply, Step
from kedang.lib.memory import remembered
from kedang.rulebook import Grant
from kedang.rulebook.selecting import Actor, is_meant, party_of
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of

STEPS = Prefetch("steps", Step.objects.prefetch_related(Prefetch("replies", Reply.objects.select_related("by"))))


def approvals(branch: Branch) -> QuerySet[Approval]:
    """The requests of a branch with their steps and replies, newest first."""
    return Approval.objects.filter(branch=branch).select_related("asker").prefetch_related(STEPS)


def grants_for(act: str, actor: Person, branch: Branch, today: date) -> Iterator[Grant]:
    """The consents that a person holds for an act: each yes to a request that still counts."""
    counts = Q(expires_on=None) | Q(expires_on__gte=today)
    rows = Approval.objects.filter(counts, branch=branch, act=act, asker=actor, status__in=("waiting", "granted"))
    replies = Reply.objects.filter(step__approval__in=rows, yes=True).select_related("step__approval")
    for reply in replies:
        asked = reply.step.approval
        yield Grant(
            asked.clause, reply.step.number, str(reply.by_id), str(asked.asker_id), reply.selector, asked.about,
            asked.purpose, reply.replied_on, asked.expires_on or date.max, asked.uses_left,
        )  # fmt: skip


def addressed(person: Person, branch: Branch, today: date) -> tuple[Actor, frozenset[str]]:
    """The person as those whom a step may address."""
    book = book_for(branch, today)
    actor = actor_of(person, branch, today, reports_to(book))
    return actor, book.posts_with(actor.posts)


def selector_for(approval: Approval, actor: Actor, posts: frozenset[str]) -> tuple[Step, str] | None:
    """The first open step that addresses this person, and as whom; None if it is not for them to answer."""
    if approval.status != "waiting" or str(approval.asker_id) == actor.id:
        return None
    for step in approval.steps.all():
        replied = {one.selector for one in step.replies.all()}
        done = set(step.who) <= replied if step.all_of else bool(replied)
        if done:
            continue
        parties = {"approval.asker": frozenset({str(approval.asker_id)})}
        for selector in step.who:
            if selector not in replied and _meant(selector, actor, posts, parties):
                return step, selector
        return None
    return None


def _meant(selector: str, actor: Actor, posts: frozenset[str], parties: dict[str, frozenset[str]]) -> bool:
    role = party_of(selector)
    if role and role not in parties:
        return False
    return is_meant((selector,), actor, posts, parties)


def near(person: Person, branch: Branch) -> list[Approval]:
    """What waits for anybody, and what this person asked for: the newest 500 of both."""
    rows = approvals(branch).filter(Q(status="waiting") | Q(asker=person))[:500]
    return remembered(("approvals", branch.pk, person.pk), lambda: list(rows))


def for_me(person: Person, branch: Branch, today: date) -> list[Approval]:
    """The waiting requests that this person can answer now, oldest first."""
    rows = [row for row in reversed(near(person, branch)) if row.status == "waiting" and row.asker_id != person.pk]
    if not rows:
        return []
    actor, posts = addressed(person, branch, today)
    return [row for row in rows if selector_for(row, actor, posts)]


def asked_by(person: Person, branch: Branch) -> list[Approval]:
    """What this person asked for, newest first."""
    return [row for row in near(person, branch) if row.asker_id == person.pk]


def menu_counts(viewer: Person, branch: Branch, today: date) -> dict[str, int]:
    """How many requests wait for this person's answer."""
    return {"office:approvals": len(for_me(viewer, branch, today))}
