"""The commands on staff: employ, give and end posts, leave, release, entrust, heads of units, branches, passwords."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import binding, book_for, pack_of
from kedang.office import resetting
from kedang.office.appointing import answer, beneath, events_of, give
from kedang.office.posts import ask_combined, known_posts
from kedang.staff.models import Appointment, Branch, Person, PostHolding, Unit
from kedang.staff.queries import posts_held

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}\Z")
# where a post ends, or none is named yet, nobody comes to hold one beside others
GIVES_NO_POST: dict[str, Any] = {"person.posts": (), "person.other_posts": 0}


def in_branch(branch: Branch, **_rest: Any) -> Concerning:
    """Somebody or something is born in a branch."""
    return Concerning(branch, [])


def on_person(branch: Branch, person: Person, **_rest: Any) -> Concerning:
    """A command about a person locks their chain."""
    return Concerning(branch, [Subject("person", str(person.pk))])


def _event(name: str, person: Person, **data: Any) -> NewEvent:
    ref = str(person.pk)
    return NewEvent(name, Subject("person", ref), about={"person": ref}, data=data)


def _active(person: Person) -> Person:
    row = Person.objects.get(pk=person.pk)
    if not row.is_active:
        raise Invalid({"person": _("%(name)s does not work here any more.") % {"name": row}})
    return row


def _of_here(branch: Branch, person: Person, today: date) -> Person:
    """A person all of whose posts are of this branch or of those below it.

    Whoever lets somebody go, or gives a new password, does so for every branch.  Raises ``Invalid``.
    """
    row = _active(person)
    held = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), person=row)
    waiting = Appointment.objects.filter(person=row, status="waiting")
    here = beneath(branch)
    both: list[PostHolding | Appointment] = [*held.select_related("branch"), *waiting.select_related("branch")]
    for one in both:
        if one.branch_id not in here:
            said = _("%(name)s has a post in %(branch)s too: only there, or in a branch above both, is this done.")
            raise Invalid({"person": said % {"name": row, "branch": one.branch}})
    return row


@command("person.employ", in_branch)
def employ_person(
    ctx: Ctx, *, branch: Branch, username: str, name: str, password: str, name_en: str = "", phone: str = "",
    email: str = "", post: str = "", since: date | None = None,
) -> Done:  # fmt: skip
    """Take somebody on with a one-time password; with a post from a day on, if one is named.

    A post that a clause leaves to a second person waits for them like one that is given later.
    """
    ctx.gate()
    if Person.objects.filter(username__iexact=username).exists():
        raise Invalid({"username": _("This user name is taken.")})
    person = Person.objects.create(
        username=username, name=name, name_en=name_en, phone=phone, email=email, password=make_password(password),
        must_change_password=True,
    )  # fmt: skip
    events = [_event("person.employed", person, username=username)]
    if post:
        events += _give(ctx, branch, person, post, since or ctx.today, None, deputy=False)
    return Done(person, events)


@command("person.assign", on_person)
def assign_post(
    ctx: Ctx, *, branch: Branch, person: Person, post: str, since: date, until: date | None = None,
    deputy: bool = False,
) -> Done:  # fmt: skip
    """Give a post of this branch to a person, from a day on, until a day or until further notice.

    Where a clause leaves that to a second person, nobody holds it before they have confirmed it.
    """
    person = _active(person)
    return Done(person, _give(ctx, branch, person, post, since, until, deputy=deputy))


def _give(
    ctx: Ctx, branch: Branch, person: Person, post: str, since: date, until: date | None, *, deputy: bool
) -> list[NewEvent]:  # fmt: skip
    declared = known_posts(branch, ctx.today)
    if post not in declared:
        raise Invalid({"post": _("No policy of this branch declares this post.")})
    if until is not None and until < since:
        raise Invalid({"until": _("The last day is not before the first.")})
    now_held = PostHolding.objects.filter(Q(until=None) | Q(until__gte=since), person=person, branch=branch)
    held = sorted(set(now_held.values_list("post", flat=True)))
    others = len([one for one in held if one != post])
    ctx.gate(
        "person.assign", facts={"person.post": post, "person.posts": tuple(held), "person.other_posts": others},
        parties={"person.self": {str(person.pk)}},
    )  # fmt: skip
    ask_combined(ctx, person, post, since)
    same = PostHolding.objects.filter(Q(until=None) | Q(until__gte=since), person=person, branch=branch, post=post)
    if (same if until is None else same.filter(since__lte=until)).exists():
        raise Invalid({"post": _("%(name)s holds this post already.") % {"name": person}})
    row = Appointment(
        person=person, branch=branch, post=post, unit=declared[post].unit, since=since, until=until, deputy=deputy
    )
    return events_of(give(ctx, row))


@command("person.assign", on_person)
def end_post(ctx: Ctx, *, branch: Branch, person: Person, holding: PostHolding, until: date) -> Done:
    """Say the last day on which somebody holds a post."""
    row = PostHolding.objects.get(pk=holding.pk, person=person, branch=branch)
    ctx.gate(facts={"person.post": row.post, **GIVES_NO_POST})  # an end gives nobody a post: no "person.self"
    if until < row.since:
        raise Invalid({"until": _("The last day is not before the first.")})
    if row.until is not None and until > row.until:  # else an end would give a post that nobody confirmed
        raise Invalid({"until": _("An end is not put off: give the post anew.")})
    row.until, row.ended_on = until, ctx.today
    row.save(update_fields=["until", "ended_on"])
    # not under "post": a duty that waits for somebody in this post is neither opened nor done by an end
    return Done(person, [_event("person.assigned", person, ended_post=row.post, until=str(until), ended="yes")])


@command("person.entrust", on_person)
def entrust_posts(ctx: Ctx, *, branch: Branch, person: Person, deputy: Person, since: date, until: date) -> Done:
    """Before an absence: a colleague holds one's posts for stated days.  Recorded beforehand, never afterwards."""
    if person.pk != ctx.actor.pk:
        raise Invalid({"deputy": _("Everybody entrusts their own posts only.")})
    if since < ctx.today:
        raise Invalid({"since": _("An authorization is recorded beforehand: today or later.")})
    if until < since or until > since + timedelta(days=366):
        raise Invalid({"until": _("Say a last day, within a year of the first.")})
    deputy = _active(deputy)
    if deputy.pk == person.pk:
        raise Invalid({"deputy": _("Choose somebody else.")})
    running = Q(until=None) | Q(until__gte=until)
    own = list(PostHolding.objects.filter(running, person=person, branch=branch, since__lte=since, deputy=False))
    if not own:
        raise Invalid({"since": _("You hold no post of your own on these days.")})
    ctx.gate()
    given = []
    for row in own:
        ask_combined(ctx, deputy, row.post, since)
        lent = Appointment(
            person=deputy, branch=branch, post=row.post, unit=row.unit, since=since, until=until, deputy=True,
            stands_in_for=person,
        )  # fmt: skip
        given.append(give(ctx, lent))
    told = {
        "deputy": str(deputy.pk), "posts": [one.post for one in given if one.holding], "since": str(since),
        "until": str(until), "waiting_posts": [one.post for one in given if not one.holding],
    }  # fmt: skip
    waiting = [event for one in given if not one.holding for event in events_of(one)]
    return Done(person, [_event("person.entrusted", person, **told), *waiting])


@command("person.leave", on_person)
def leave(ctx: Ctx, *, branch: Branch, person: Person, last_day: date) -> Done:
    """Somebody goes: their posts end with the last day; the account stays until they are released."""
    person = _of_here(branch, person, ctx.today)
    ctx.gate()
    person.left_on = last_day
    person.save(update_fields=["left_on"])
    held = sorted(posts_held(person, branch, ctx.today))
    _end_all(ctx, person, last_day)
    return Done(person, [_event("person.left", person, last_day=str(last_day), post=held)])


@command("person.release", on_person)
def release(ctx: Ctx, *, branch: Branch, person: Person) -> Done:
    """Close the account of somebody who goes, once the policy is content with what they left behind."""
    person = _of_here(branch, person, ctx.today)
    if person.pk == ctx.actor.pk:
        raise Invalid({"person": _("Nobody closes their own account.")})
    ctx.gate(things={"person": person})
    _end_all(ctx, person, min(person.left_on or ctx.today, ctx.today))
    person.is_active, person.left_on = False, person.left_on or ctx.today
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_on", "password"])
    return Done(person, [_event("person.released", person, last_day=str(person.left_on))])


def _end_all(ctx: Ctx, person: Person, last_day: date) -> None:
    for given in Appointment.objects.filter(person=person, status="waiting"):
        answer(given, "declined", ctx.actor, ctx.today, _("has left"))
        given.save(update_fields=["status", "answered_by", "answered_on", "reason"])
    resetting.drop(person, ctx.actor, ctx.today)
    open_rows = PostHolding.objects.filter(Q(until=None) | Q(until__gt=last_day), person=person)
    for row in open_rows:
        row.until, row.ended_on = max(row.since, last_day), ctx.today
        row.save(update_fields=["until", "ended_on"])


@command("login.reset", on_person)
def reset_password(ctx: Ctx, *, branch: Branch, person: Person, password: str) -> Done:
    """Give a one-time password that must be changed at the next log-in; it ends every session of that person.

    Where a clause leaves that to a second person, the old password serves until they have confirmed the new one.
    """
    person = _of_here(branch, person, ctx.today)
    ctx.gate()
    held = resetting.hold_back(ctx, person, make_password(password))
    if held is not None:
        return Done(held, [_event("login.held_back", person, clauses=held.clauses)])
    person.password, person.must_change_password = make_password(password), True
    person.save(update_fields=["password", "must_change_password"])
    return Done(person, [_event("login.reset", person)])


@command("setting.change", in_branch)
def set_head(ctx: Ctx, *, branch: Branch, unit: str, head: Person | None, confirmed: bool = False) -> Done:
    """Say who heads a department that the policies name; one that is not there yet is laid out."""
    ctx.gate(facts={"setting.key": f"unit.{unit}.head", "setting.owner_unit": unit, **_confirmed(confirmed)})
    declared = {key: one for pack in book_for(branch, ctx.today).packs for key, one in pack.units.items()}
    if unit not in declared:
        raise Invalid({"unit": _("No policy of this branch declares this department.")})
    leads = declared[unit].head
    if head and leads and leads not in posts_held(head, branch, ctx.today):
        word = known_posts(branch, ctx.today)[leads].text.get(get_language() or "zh")
        said = _("The policy says that %(post)s leads this department: give %(name)s this post first.")
        raise Invalid({"head": said % {"post": word, "name": head}})
    text = declared[unit].text
    row, _made = Unit.objects.get_or_create(
        branch=branch, key=unit, defaults={"name": text.get("zh"), "name_en": text.get("en")}
    )
    row.head = _active(head) if head else None
    row.save(update_fields=["head"])
    told = {"unit": unit, "head": str(head.pk) if head else ""}
    event = NewEvent("setting.changed", Subject("branch", str(branch.pk)), about={"setting": f"unit-{unit}"}, data=told)
    return Done(row, [event])


@command("setting.change", in_branch)
def open_branch(
    ctx: Ctx, *, branch: Branch, code: str, name_zh: str, name_en: str = "", confirmed: bool = False
) -> Done:
    """Open a branch beneath this one: law and common rules bind it at once, and the opener administers it."""
    ctx.gate(facts={"setting.key": "branch", "setting.owner_unit": "", **_confirmed(confirmed)})
    if not CODE.match(code):
        raise Invalid({"code": _("Write letters, digits and hyphens, at most twenty.")})
    if Branch.objects.filter(code__iexact=code).exists():
        raise Invalid({"code": _("This code is taken.")})
    made = Branch.objects.create(code=code, name_zh=name_zh, name_en=name_en, parent=branch)
    told = {"code": code, "parent": str(branch.pk)}
    ref = str(made.pk)
    events = [NewEvent("setting.changed", Subject("branch", ref), about={"setting": f"branch-{ref}"}, data=told)]
    for one in binding(branch, ctx.today):
        if pack_of(one).rank != "policy":
            events.append(_adopt_like(ctx, made, one))
    own = PostHolding.objects.filter(person=ctx.actor, branch=branch).values_list("post", flat=True)
    book = book_for(branch, ctx.today)
    for post in sorted(set(own)):
        if "administrator" in book.posts_with([post]):
            PostHolding.objects.create(
                person=ctx.actor, branch=made, post=post, since=ctx.today, given_by=ctx.actor
            )  # fmt: skip
            events.append(_event("person.assigned", ctx.actor, post=post, since=str(ctx.today), branch=ref))
    return Done(made, events)


def _confirmed(said: bool) -> dict[str, str]:
    return {"act.confirmed": "yes" if said else "no"}


def _adopt_like(ctx: Ctx, branch: Branch, like: Adoption) -> NewEvent:
    row = Adoption.objects.create(
        branch=branch, slug=like.slug, file_name=like.file_name, edition=like.edition, sha256=like.sha256,
        text=Adoption.objects.values_list("text", flat=True).get(pk=like.pk), approved_by=like.approved_by,
        in_force_from=ctx.today, settings=like.settings, hearing_record=like.hearing_record, heard_on=like.heard_on,
    )  # fmt: skip
    ref = str(row.pk)
    data = {"slug": row.slug, "edition": row.edition, "sha256": row.sha256, "like": str(like.pk)}
    return NewEvent("policy.adopted", Subject("adoption", ref), about={"policy": ref}, data=data)
