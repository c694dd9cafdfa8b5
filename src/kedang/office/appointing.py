"""A post that somebody gives to somebody: does it take effect, or is it held back until a second person confirms it?

Which posts are held back, and who may confirm them, say the clauses in force.  Here stands only what they ask about:
what the post counts as, whether a consent or a decision hangs on it, who gave it, and how many could confirm it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid, NewEvent, Subject
from kedang.acts.command import Ctx
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for, reports_to
from kedang.lib.memory import is_remembering, remembered, remembering
from kedang.office.posts import known_packs
from kedang.office.waiting import everywhere
from kedang.rulebook import Actor, Answer, Book, Pack
from kedang.rulebook.pack import Consent, Reward, Sanction
from kedang.rulebook.vocabulary import UNKNOWN
from kedang.staff.models import Appointment, Branch, Person, PostHolding
from kedang.staff.queries import actor_of, held_on, one_hand

Facts = dict[str, Any]
FARTHEST_BACK = 366  # days; a clause that looks further back sees nobody


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
    """Whether a clause asks one of these posts for its consent or its decision.

    Who is asked as head or member of a department or as somebody's superior is asked in the posts that make one that.
    """
    packs = list(packs)
    asked: set[str] = set()
    for rule in (rule for pack in packs for clause in pack.clauses.values() for rule in clause.rules):
        if isinstance(rule, Consent):
            asked.update(who for step in rule.steps for who in step.who)
            asked.update(["superior_of:approval.asker"] if rule.self_ == "superior" else [])
        elif isinstance(rule, Sanction | Reward):
            asked.update(rule.decided_by)
    return not set().union(*(_posts_meant(who, packs) for who in asked)).isdisjoint(posts)


def _posts_meant(who: str, packs: list[Pack]) -> set[str]:
    prefix, colon, rest = who.partition(":")
    if not colon:
        return {who}
    if prefix == "superior_of":
        above = {post.reports_to for pack in packs for post in pack.posts.values()}
        return (above | {unit.head for pack in packs for unit in pack.units.values()}) - {""}
    if prefix == "head_of":
        return {pack.units[rest].head for pack in packs if rest in pack.units} - {""}
    return {key for pack in packs for key, post in pack.posts.items() if post.unit == rest}


def _facts(row: Appointment) -> dict[str, Any]:
    return {
        "person.post": row.post, "person.given_posts": tuple(row.counts_as),
        "person.decides": "yes" if row.decides else "no",
    }  # fmt: skip


def on_appointment(row: Appointment, **said: Any) -> dict[str, Any]:
    """Facts and parties of the question who may answer for an appointment, for the gate; ``said`` are further facts."""
    parties = {"person.self": {str(row.person_id)}, "person.giver": {str(one) for one in one_hand(row.given_by)}}
    return {"facts": {**_facts(row), **said}, "parties": parties}


def may(
    act: str, row: Appointment, person: Person, branch: Branch, today: date, said: Facts | None = None, **more: Any
) -> Answer:
    """What the rules say to an answer of this person, who works in ``branch``: the post's own or one above it."""
    return advise(act, actor=person, branch=branch, today=today, **on_appointment(row, **(said or {})), **more)


def confirmers(
    row: Appointment, today: date, act: str = "person.confirm", said: Facts | None = None
) -> list[Person]:  # fmt: skip
    """Everybody who may confirm it, in its branch and in those above."""
    with nullcontext() if is_remembering() else remembering():  # inside an act: read for this question, and forgotten
        found: dict[int, Person] = {}
        for branch in _upwards(row.branch):
            for person in confirmers_in(branch, row, today, act, said):
                found[person.pk] = person
        return sorted(found.values(), key=lambda one: one.username)


def confirmers_in(
    branch: Branch, row: Appointment, today: date, act: str = "person.confirm", said: Facts | None = None
) -> list[Person]:  # fmt: skip
    """Who of those that work in this branch may confirm it."""
    book = book_for(branch, today)
    found = []
    for person in {one.person_id: one.person for one in held_on(branch, today)}.values():
        known = actor_of(person, branch, today, reports_to(book))
        if in_question(book, known, act) and may(
            act, row, person, branch, today, said, book=book, known=known
        ).allowed:  # fmt: skip
            found.append(person)
    return sorted(found, key=lambda one: one.username)


def days_alone(row: Appointment, today: date) -> int | str:
    """Days since anybody could last have confirmed it, of those who cannot now; unknown where nobody ever could.

    Who was sent away today could until today, whatever day was written down for it: else whoever wants a post to take
    effect at once would end those of the others first.
    """
    back = today - timedelta(days=FARTHEST_BACK)
    last: date | None = None
    for branch in _upwards(row.branch):
        book = book_for(branch, today)
        ended = PostHolding.objects.filter(
            Q(until__gte=back) | Q(ended_on__gte=back), branch=branch, since__lte=today, until__isnull=False
        ).select_related("person")
        for one in ended:
            day = min(today, max(one.until or today, one.ended_on or one.since))
            known = Actor(id=str(one.person_id), posts=frozenset({one.post}))
            if (last is None or day > last) and may(
                "person.confirm", row, one.person, branch, today, book=book, known=known
            ).allowed:  # fmt: skip
                last = day
    return UNKNOWN if last is None else (today - last).days


def in_question(book: Book, known: Actor, act: str = "person.confirm") -> bool:
    """Whether somebody might confirm anything at all: most hold no post that a clause names for it."""
    means = {who for rule in book.rules_on(act).permits for who in rule.who}
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
    row.called = _words(row.post, packs)
    number = len(confirmers(row, ctx.today))
    strict = held_back(ctx, row, max(1, number), 0)
    if not strict:
        hold(row, row.since)
        return row
    row.clauses = sorted(strict)
    signer = next((one for one in signers if may("person.confirm", row, one, row.branch, ctx.today).allowed), None)
    if signer is not None:
        answer(row, "confirmed", signer, ctx.today)
        hold(row, row.since)
    elif not held_back(ctx, row, number, 0 if number else days_alone(row, ctx.today)):
        row.status = "at_once"
        hold(row, row.since)
    elif Appointment.objects.filter(person=row.person, branch=row.branch, post=row.post, status="waiting").exists():
        raise Invalid(
            {"post": _("%(name)s was given this post already; it waits for its confirmation.") % {"name": row.person}}
        )
    row.save()
    return row


def _words(post: str, packs: Iterable[Pack]) -> dict[str, str]:
    """What a branch calls a post, in both languages; a policy's own word goes before that of the common rules."""
    for pack in sorted(packs, key=lambda one: one.rank != "policy"):
        if post in pack.posts:
            return {language: pack.posts[post].text.get(language) for language in ("zh", "en")}
    return {}


def held_back(ctx: Ctx, row: Appointment, number: int, alone: int | str) -> frozenset[str]:
    """The clauses that hold the post back if so many may confirm it; none where no clause speaks of it.

    ``alone``: the days since anybody could.
    """
    said = {**_facts(row), "person.confirmers": number, "person.days_alone": alone}
    found = advise("person.hold_back", actor=ctx.actor, branch=row.branch, today=ctx.today, facts=said)
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
    """What this person may confirm now, in the branch where they work and below it."""
    rows = [
        one for one in everywhere(branch)[0] if one.person_id != viewer.pk and (one.until is None or one.until >= today)
    ]
    book = book_for(branch, today)
    known = actor_of(viewer, branch, today, reports_to(book))
    if not rows or not in_question(book, known):
        return []
    return [
        row for row in rows
        if reaches(branch, row)
        and may("person.confirm", row, viewer, branch, today, book=book, known=known).allowed
    ]  # fmt: skip


def own_waiting(viewer: Person, branch: Branch, today: date) -> list[Appointment]:
    """The posts that were given to this person and wait.

    Each of the branch where they work has its ``confirmers`` there by name; whoever else may stands on their page.
    """
    found = [one for one in everywhere(branch)[0] if one.person_id == viewer.pk]
    for row in found:
        near = confirmers_in(branch, row, today) if row.branch_id == branch.pk else []
        row.confirmers = names_of(near)  # type: ignore[attr-defined]
    return found


def names_of(people: Iterable[Person]) -> str:
    """Several people in one line."""
    return _(", ").join(map(str, people))
