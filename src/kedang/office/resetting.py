"""A new password for whoever holds a post with power: does it serve at once, or once a second person has confirmed it?

Who may confirm it is the same question as for a post, put for all the posts that the person holds.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from kedang.acts.command import Ctx
from kedang.adoptions.queries import book_for, reports_to
from kedang.office.appointing import confirmers, counts_as, has_a_say, held_back, in_question, may, reaches
from kedang.office.models import HeldReset
from kedang.office.posts import known_packs
from kedang.office.waiting import everywhere
from kedang.rulebook import Actor, Book
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from kedang.staff.queries import actor_of


def question(row: HeldReset) -> Appointment:
    """The reset as the rules on confirming ask about it; never saved."""
    return Appointment(
        person=row.person, branch=row.branch, post="", counts_as=row.counts_as, decides=row.decides,
        given_by=row.given_by, given_on=row.given_on,
    )  # fmt: skip


def hold_back(ctx: Ctx, branch: Branch, person: Person, password: str) -> HeldReset | None:
    """Keep the hash of a password until a second person confirms it; None where no clause asks for that.

    The latest one counts: what was given before and waits is given up.
    """
    row = HeldReset(person=person, branch=branch, password=password, given_by=ctx.actor, given_on=ctx.today)
    row.counts_as, row.decides = _weight(person, ctx.today)
    asked = question(row)
    row.clauses = sorted(held_back(ctx, "login.hold_back", asked, len(confirmers(asked, ctx.today))))
    if not row.clauses:
        return None
    drop(person, ctx.actor, ctx.today)
    row.save()
    return row


def _weight(person: Person, today: date) -> tuple[list[str], bool]:
    """What all posts of a person count as, in any branch, and whether a consent or a decision hangs on one.

    A post that waits counts: else its giver would know the password when it is confirmed.
    """
    running = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), person=person).select_related("branch")
    waiting = Appointment.objects.filter(person=person, status="waiting").select_related("branch")
    found: set[str] = set()
    decides = False
    both: list[PostHolding | Appointment] = [*running, *waiting]
    for held in both:
        packs = known_packs(held.branch, today)
        posts = counts_as(held.post, packs)
        found.update(posts)
        decides = decides or has_a_say(posts, packs)
    return sorted(found), decides


def drop(person: Person, by: Person, on: date) -> None:
    """Give up what waits; within the act's transaction, which tells it."""
    for row in HeldReset.objects.filter(person=person, status="waiting"):
        close(row, "declined", by, on)


def close(row: HeldReset, status: str, by: Person, on: date) -> None:
    """Write the answer; the hash goes with it."""
    row.status, row.answered_by, row.answered_on, row.password = status, by, on, ""
    row.save(update_fields=["status", "answered_by", "answered_on", "password"])


def resets_on_desk(viewer: Person, branch: Branch, today: date) -> list[HeldReset]:
    """One's own new password that waits, and those of others that one may confirm now."""
    rows = everywhere(branch)[1]
    if not rows:
        return []
    book = book_for(branch, today)
    known = actor_of(viewer, branch, today, reports_to(book))
    answers = in_question(book, known)
    return [
        row for row in rows
        if row.person_id == viewer.pk
        or (answers and reaches(branch, question(row)) and _may(question(row), viewer, branch, today, book, known))
    ]  # fmt: skip


def _may(asked: Appointment, viewer: Person, branch: Branch, today: date, book: Book, known: Actor) -> bool:
    return may("person.confirm", asked, viewer, branch, today, book=book, known=known).allowed
