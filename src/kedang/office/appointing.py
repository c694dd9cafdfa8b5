"""A post that somebody gives to somebody: does it take effect, or is it held back until a second person confirms it?

Which posts are held back, and who may confirm them, say the clauses in force.  Here stands only what they ask about:
what the post counts as, whether a consent or a decision hangs on it, who gave it, and how many could confirm it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid, NewEvent, Subject
from kedang.acts.command import Ctx
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for, reports_to
from kedang.lib.memory import is_remembering, remembered, remembering
from kedang.office.posts import known_packs, known_posts
from kedang.office.waiting import everywhere
from kedang.rulebook import Actor, Answer, Book, Pack
from kedang.rulebook.pack import Consent, Reward, Sanction
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from kedang.staff.queries import actor_of, held_on, one_hand


def counts_as(post: str, packs: Iterable[Pack]) -> list[str]:
    """The post and every post whose rights it inherits, also in a wording that is not in force yet."""
    above: dict[str, set[str]] = {}
    for pack in packs:
        for key, one in pack.posts.items():
            above.setdefault(key, set()).update(one.is_)
    found: set[str] = set()
    pending = [post]
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending.extend(above.get(key, ()))
    return sorted(found)


def has_a_say(posts: Iterable[str], packs: Iterable[Pack]) -> bool:
    """Whether a clause asks one of these posts for its consent or its decision."""
    asked: set[str] = set()
    for rule in (rule for pack in packs for clause in pack.clauses.values() for rule in clause.rules):
        if isinstance(rule, Consent):
            asked.update(who for step in rule.steps for who in step.who)
        elif isinstance(rule, Sanction | Reward):
            asked.update(rule.decided_by)
    return not asked.isdisjoint(posts)


def _facts(row: Appointment) -> dict[str, Any]:
    return {
        "person.post": row.post, "person.given_posts": tuple(row.counts_as),
        "person.decides": "yes" if row.decides else "no",
    }  # fmt: skip


def on_appointment(row: Appointment) -> dict[str, Any]:
    """Facts and parties of the question who may answer for an appointment, for the gate."""
    parties = {"person.self": {str(row.person_id)}, "person.giver": {str(one) for one in one_hand(row.given_by)}}
    return {"facts": _facts(row), "parties": parties}


def may(act: str, row: Appointment, person: Person, branch: Branch, today: date, **more: Any) -> Answer:
    """What the rules say to an answer of this person, who works in ``branch``: the post's own or one above it."""
    return advise(act, actor=person, branch=branch, today=today, **on_appointment(row), **more)


def confirmers(row: Appointment, today: date) -> list[Person]:
    """Everybody who may confirm it, in its branch and in those above."""
    with nullcontext() if is_remembering() else remembering():  # inside an act: read for this question, and forgotten
        return _confirmers(row, today)


def _confirmers(row: Appointment, today: date) -> list[Person]:
    found: dict[int, Person] = {}
    for branch in _upwards(row.branch):
        book = book_for(branch, today)
        people = {one.person_id: one.person for one in held_on(branch, today)}
        for person in people.values():
            known = actor_of(person, branch, today, reports_to(book))
            if in_question(book, known) and may(
                "person.confirm", row, person, branch, today, book=book, known=known
            ).allowed:  # fmt: skip
                found[person.pk] = person
    return sorted(found.values(), key=lambda one: one.username)


def in_question(book: Book, known: Actor) -> bool:
    """Whether somebody might confirm anything at all: most hold no post that a clause names for it."""
    means = {who for rule in book.rules_on("person.confirm").permits for who in rule.who}
    plain = all(not ("." in who or ":" in who or who == "anyone") for who in means)
    return not plain or not means.isdisjoint(book.posts_with(known.posts))


def _upwards(branch: Branch) -> list[Branch]:
    found, above = [branch], branch.parent
    while above is not None and above not in found:
        found.append(above)
        above = above.parent
    return found


def reaches(branch: Branch, row: Appointment) -> bool:
    """Whether a post is of this branch or of one below it; only there its people may answer for it."""
    return row.branch_id == branch.pk or row.branch_id in beneath(branch)


def beneath(branch: Branch) -> set[int]:
    """The keys of a branch and of all below it."""
    rows = remembered(("tree",), lambda: list(Branch.objects.order_by().values_list("pk", "parent_id")))
    children: dict[int | None, list[int]] = {}
    for pk, parent in rows:
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    pending = [branch.pk]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending.extend(children.get(one, ()))
    return found


def give(ctx: Ctx, row: Appointment, *, signers: Iterable[Person] = ()) -> Appointment:
    """Give the post of an appointment that is not saved yet: held from its day on, or held back; ``status`` says which.

    ``signers`` have signed the wording that gives the post: whoever of them may confirm it has done so.  An
    appointment is kept only where a clause leaves the post to a second person.  Raises ``Invalid``.
    """
    packs = known_packs(row.branch, ctx.today)
    row.given_by, row.given_on = ctx.actor, ctx.today
    row.counts_as = counts_as(row.post, packs)
    row.decides = has_a_say(row.counts_as, packs)
    number = len(confirmers(row, ctx.today))
    strict = held_back(ctx, "person.hold_back", row, max(1, number))
    if not strict:
        hold(row, row.since)
        return row
    row.clauses = sorted(strict)
    signer = next((one for one in signers if may("person.confirm", row, one, row.branch, ctx.today).allowed), None)
    if signer is not None:
        answer(row, "confirmed", signer, ctx.today)
        hold(row, row.since)
    elif not held_back(ctx, "person.hold_back", row, number):
        row.status = "at_once"
        hold(row, row.since)
    elif Appointment.objects.filter(person=row.person, branch=row.branch, post=row.post, status="waiting").exists():
        raise Invalid(
            {"post": _("%(name)s was given this post already; it waits for its confirmation.") % {"name": row.person}}
        )
    row.save()
    return row


def held_back(ctx: Ctx, act: str, row: Appointment, number: int) -> frozenset[str]:
    """The clauses that hold it back if so many may confirm it; none where no clause speaks of it."""
    said = {**_facts(row), "person.confirmers": number}
    found = advise(act, actor=ctx.actor, branch=row.branch, today=ctx.today, facts=said)
    return found.clauses if found.allowed else frozenset()


def hold(row: Appointment, since: date) -> PostHolding:
    """The person holds the post from this day on."""
    row.holding = PostHolding.objects.create(
        person=row.person, branch=row.branch, post=row.post, unit=row.unit, since=since, until=row.until,
        deputy=row.deputy, stands_in_for=row.stands_in_for, given_by=row.given_by, confirmed_by=row.answered_by,
    )  # fmt: skip
    return row.holding


def answer(row: Appointment, status: str, by: Person, on: date, reason: str = "") -> None:
    """Write into a row, without saving it, who answered for it and how."""
    row.status, row.answered_by, row.answered_on, row.reason = status, by, on, reason


def events_of(row: Appointment) -> list[NewEvent]:
    """What giving it leaves in the journal of whoever got it."""
    told: dict[str, Any] = {
        "since": str(row.holding.since if row.holding else row.since), "until": str(row.until or ""),
        "deputy": row.deputy, "unit": row.unit,
    }  # fmt: skip
    if row.status == "at_once":
        told["unconfirmed"] = row.clauses
    if row.holding is None:
        # not under "post": a duty that waits for somebody in this post is neither opened nor done by it
        return [event("person.held_back", row, waiting_post=row.post, clauses=row.clauses, **told)]
    confirmed = [event("person.confirmed", row, by=str(row.answered_by_id))] if row.answered_by else []
    return [*confirmed, event("person.assigned", row, post=row.post, **told)]


def event(name: str, row: Appointment, **data: Any) -> NewEvent:
    """An event about whoever got the post."""
    ref = str(row.person_id)
    return NewEvent(name, Subject("person", ref), about={"person": ref}, data=data)


# --- for screens ---

WITH = ("person", "branch__parent", "given_by", "stands_in_for")


def waiting_here(branch: Branch) -> list[Appointment]:
    """What waits for its confirmation in a branch."""
    return list(Appointment.objects.filter(branch=branch, status="waiting").select_related(*WITH))


def to_confirm(viewer: Person, branch: Branch, today: date) -> list[Appointment]:
    """What this person may confirm now, in the branch where they work and below it, each with its ``word``."""
    rows = [
        one for one in everywhere(branch)[0] if one.person_id != viewer.pk and (one.until is None or one.until >= today)
    ]
    book = book_for(branch, today)
    known = actor_of(viewer, branch, today, reports_to(book))
    if not rows or not in_question(book, known):
        return []
    found = [
        row for row in rows
        if reaches(branch, row)
        and may("person.confirm", row, viewer, branch, today, book=book, known=known).allowed
    ]  # fmt: skip
    return named(found, today)


def own_waiting(viewer: Person, branch: Branch, today: date) -> list[Appointment]:
    """The posts that were given to this person and wait, each with its ``word`` and its ``confirmers`` by name."""
    found = named([one for one in everywhere(branch)[0] if one.person_id == viewer.pk], today)
    for row in found:
        row.confirmers = names_of(confirmers(row, today))  # type: ignore[attr-defined]
    return found


def names_of(people: Iterable[Person]) -> str:
    """Several people in one line."""
    return _(", ").join(map(str, people))


def named(rows: list[Appointment], today: date) -> list[Appointment]:
    """The same rows, each with what its branch calls the post as ``word``."""
    for row in rows:
        words = {key: one for pack in book_for(row.branch, today).packs for key, one in pack.posts.items()}
        post = words.get(row.post) or known_posts(row.branch, today).get(row.post)
        row.word = post.text.get(get_language() or "zh") if post else row.post  # type: ignore[attr-defined]
    return rows
