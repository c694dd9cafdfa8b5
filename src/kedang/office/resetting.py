"""A new password for whoever holds a post with power: does it serve at once, or once a second person has confirmed it?

Who may confirm it is the same question as for a post, put for all the posts that the person holds.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from kedang.acts.command import Ctx
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for, reports_to
from kedang.office.appointing import (
    Facts,
    confirmers,
    counts_as,
    has_a_say,
    in_question,
    may,
    on_appointment,
    reaches,
)  # fmt: skip
from kedang.office.models import HeldReset
from kedang.office.posts import known_packs
from kedang.office.waiting import everywhere
from kedang.rulebook import Actor, Book
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from kedang.staff.queries import actor_of, one_hand


def question(row: HeldReset) -> Appointment:
    """The reset as the rules on confirming ask about it; never saved."""
    return Appointment(
        person=row.person, branch=row.branch, post="", counts_as=row.counts_as, decides=row.decides,
        given_by=row.given_by, given_on=row.given_on,
    )  # fmt: skip


def hold_back(ctx: Ctx, person: Person, password: str) -> HeldReset | None:
    """Keep the hash of a password until a second person confirms it; None where no clause asks for that.

    It is asked for in each branch where the person holds a post, and waits in the highest of those whose clauses hold
    it back.  The latest one counts: what was given before and waits is given up.
    """
    row = HeldReset(person=person, password=password, given_by=ctx.actor, given_on=ctx.today)
    row.counts_as, row.decides, branches = _weight(person, ctx.today)
    for branch in sorted(branches, key=lambda one: (_depth(one), one.pk)):
        row.branch = branch
        row.clauses = sorted(_held_back(ctx, row))
        if row.clauses:
            drop(person, ctx.actor, ctx.today)
            row.save()
            return row
    return None


def _depth(branch: Branch) -> int:
    return 0 if branch.parent is None else 1 + _depth(branch.parent)


def _held_back(ctx: Ctx, row: HeldReset) -> frozenset[str]:
    asked = question(row)
    said = on_appointment(asked)["facts"] | {
        "person.confirmers": len(others(row, ctx.today)),
        "person.of_giver": "yes" if row.person_id in one_hand(row.given_by) else "no",
    }
    found = advise("login.hold_back", actor=ctx.actor, branch=row.branch, today=ctx.today, facts=said)
    return found.clauses if found.allowed else frozenset()


def others(row: HeldReset, today: date) -> list[Person]:
    """Who but its giver may confirm it: whoever may while somebody else could, however long it has waited."""
    return confirmers(question(row), today, "login.confirm", {"person.confirmers": 1, "person.waited_days": 0})


def waited(row: HeldReset, today: date) -> Facts:
    """What the rules on confirming a password ask beside the posts: how many others may, and since when it waits."""
    return {"person.confirmers": len(others(row, today)), "person.waited_days": (today - row.given_on).days}


def _weight(person: Person, today: date) -> tuple[list[str], bool, set[Branch]]:
    """What all posts of a person count as, whether a consent or a decision hangs on one, and in which branches.

    A post that waits counts: else its giver would know the password when it is confirmed.
    """
    running = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), person=person).select_related("branch")
    waiting = Appointment.objects.filter(person=person, status="waiting").select_related("branch")
    found: set[str] = set()
    decides = False
    branches: set[Branch] = set()
    both: list[PostHolding | Appointment] = [*running, *waiting]
    for held in both:
        branches.add(held.branch)
        packs = known_packs(held.branch, today)
        posts = counts_as(held.post, packs)
        found.update(posts)
        decides = decides or has_a_say(posts, packs)
    return sorted(found), decides, branches


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
    answers = in_question(book, known, "login.confirm")
    return [
        row for row in rows
        if row.person_id == viewer.pk
        or (answers and reaches(branch, question(row)) and _may(row, viewer, branch, today, book, known))
    ]  # fmt: skip


def _may(row: HeldReset, viewer: Person, branch: Branch, today: date, book: Book, known: Actor) -> bool:
    giver = viewer.pk in one_hand(row.given_by)  # only to the giver it matters whether others are there
    said = waited(row, today) if giver else {"person.confirmers": 1, "person.waited_days": 0}
    return may("login.confirm", question(row), viewer, branch, today, said, book=book, known=known).allowed
