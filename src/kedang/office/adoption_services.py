"""The commands on policies: draft, propose, sign, adopt, record the hearing, confirm having read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.models import Adoption, Confirmation, Draft, SignOff
from kedang.office import candidates
from kedang.office.appointing import events_of, give
from kedang.office.house import HOUSE, housed
from kedang.office.posts import ask_combined
from kedang.office.signing import earlier, said_before
from kedang.rulebook import Book, Pack
from kedang.staff.models import Appointment, Branch, Person, PostHolding

FARTHEST = timedelta(days=3653)  # a first day further ahead is a slip of the pen
Posts = Mapping[str, Mapping[str, Sequence[int]]]


def on_branch(branch: Branch, **_rest: Any) -> Concerning:
    """A wording is born; one open draft per policy is a constraint."""
    return Concerning(branch, [])


def on_draft(draft: Draft, **_rest: Any) -> Concerning:
    """A command about a draft locks its chain."""
    return Concerning(draft.branch, [Subject("policy", str(draft.pk))])


def on_adoption(adoption: Adoption, **_rest: Any) -> Concerning:
    """A command about an adopted edition locks its chain."""
    return Concerning(adoption.branch, [Subject("adoption", str(adoption.pk))])


def _event(name: str, draft: Draft, **data: Any) -> NewEvent:
    told = {"slug": draft.slug, "edition": draft.edition, "sha256": draft.sha256, **data}
    return NewEvent(name, Subject("policy", str(draft.pk)), about={"policy": f"draft-{draft.pk}"}, data=told)


def _open(draft: Draft) -> Draft:
    row = Draft.objects.select_related("branch").get(pk=draft.pk)
    if row.status not in ("draft", "proposed"):
        raise Invalid({"draft": _("This draft is closed: %(state)s.") % {"state": row.get_status_display()}})
    return row


def _read(branch: Branch, text: str | bytes, name: str, on: date) -> Pack:
    """The pack, strictly.  Raises ``Invalid`` also when its number belongs to another policy in force."""
    pack = candidates.read_pack(text, name)
    for one in candidates.others(branch, on, pack.slug):
        if candidates.pack_of(one).number == pack.number:
            said = _("The number %(number)s is taken by %(other)s; rename the file.")
            raise Invalid({"file": said % {"number": pack.number, "other": one.slug}})
    rank = candidates.rank_of(branch, pack.slug)
    if pack.rank != rank:
        if rank == "policy":
            key, said = "rank", _("%(file)s:%(line)s: only the law and the common rules have a rank; remove this line.")
        else:
            key, said = (
                "pack",
                _("%(file)s:%(line)s: %(name)s is the name of the law or the common rules; choose another."),
            )
        raise Invalid({"file": said % {"file": pack.name, "line": _line_of(pack, key), "name": pack.slug}})
    return pack


def _line_of(pack: Pack, key: str) -> int:
    lines = enumerate(pack.canonical.split("\n"), 1)
    return next((number for number, line in lines if line.startswith(f"{key}:")), 1)


@command("policy.draft", on_branch)
def draft_policy(
    ctx: Ctx, *, branch: Branch, text: str | bytes, name: str, cases: str = "", lead: Draft | None = None
) -> Done:
    """Take up a wording: read it strictly, run its cases.  Raises ``Invalid`` with file and line.

    ``lead`` is the draft of the same wording for another branch with which this one goes along.
    """
    ctx.gate()
    pack = _read(branch, text, name, ctx.today)
    if Draft.objects.filter(branch=branch, slug=pack.slug, status__in=("draft", "proposed")).exists():
        raise Invalid({"file": _("A draft of this policy is open already; finish or withdraw it first.")})
    same = Adoption.objects.filter(branch=branch, slug=pack.slug, ended_on=None, sha256=pack.sha256)
    if same.exists():
        raise Invalid({"file": _("This very text is in force already.")})
    row = Draft.objects.create(
        branch=branch, slug=pack.slug, file_name=pack.name, edition=pack.edition, text=pack.canonical,
        sha256=pack.sha256, cases=cases, checked=candidates.examine(branch, pack, cases, ctx.today),
        settings=_inherited(branch, pack), drafted_by=ctx.actor, drafted_on=ctx.today, lead=lead,
    )  # fmt: skip
    return Done(row, [_event("policy.drafted", row)])


def _inherited(branch: Branch, pack: Pack) -> dict[str, Any]:
    """What an earlier edition had settled and this one still leaves open within its bounds."""
    before = Adoption.objects.filter(branch=branch, slug=pack.slug, ended_on=None).first()
    kept = {}
    for key, value in (before.settings if before else {}).items():
        if key in HOUSE:
            kept[key] = value
        elif key in pack.defaults:
            try:
                kept[key] = candidates.within(pack.defaults[key], str(value))
            except ValueError:
                continue
    return kept


@command("policy.draft", on_draft)
def change_draft(
    ctx: Ctx, *, draft: Draft, settings: Mapping[str, str] | None = None, posts: Posts | None = None,
    in_force_from: date | None = None, text: str | None = None, cases: str | None = None,
    house: Mapping[str, Any] | None = None,
) -> Done:  # fmt: skip
    """Change what was chosen, or the wording itself; signatures under the former wording count no more."""
    row = _open(draft)
    ctx.gate()
    pack = _read(row.branch, row.text if text is None else text, row.file_name, ctx.today)
    if pack.slug != row.slug:
        raise Invalid({"text": _("A draft stays the same policy: its 'pack:' is %(slug)s.") % {"slug": row.slug}})
    if in_force_from is not None and in_force_from < ctx.today:
        raise Invalid({"in_force_from": _("A policy binds from today or later, never backwards.")})
    if in_force_from is not None and in_force_from > ctx.today + FARTHEST:
        raise Invalid({"in_force_from": _("This day lies more than ten years ahead; was the year mistyped?")})
    row.text, row.sha256, row.edition = pack.canonical, pack.sha256, pack.edition
    row.cases = row.cases if cases is None else cases
    row.checked = candidates.examine(row.branch, pack, row.cases, ctx.today)
    kept = {key: value for key, value in row.settings.items() if key in HOUSE} if house is None else housed(house)
    row.settings = {**kept, **_open_settings(row, pack, settings)}
    if posts is not None:
        row.posts = _known_people(pack, posts)
    row.in_force_from = in_force_from or row.in_force_from
    row.status = "draft"
    row.save()
    return Done(row, [_event("policy.drafted", row, settings=row.settings, posts=row.posts)])


def _open_settings(row: Draft, pack: Pack, given: Mapping[str, str] | None) -> dict[str, Any]:
    """What was chosen for open defaults, or what had been chosen before."""
    if given is not None:
        return dict(candidates.settled(pack, given))
    return {key: value for key, value in row.settings.items() if key not in HOUSE}


def _known_people(pack: Pack, posts: Posts) -> dict[str, dict[str, list[int]]]:
    """The mapping with posts of the pack and active people only.  Raises ``Invalid``."""
    wanted = {pk for who in posts.values() for ids in who.values() for pk in ids}
    active = set(Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    if unknown := sorted(set(posts) - set(pack.posts)):
        raise Invalid({"posts": _("The policy has no post %(post)s.") % {"post": unknown[0]}})
    if wanted - active:
        raise Invalid({"posts": _("Somebody chosen for a post does not work here any more.")})
    return {
        post: {kind: sorted(set(ids)) for kind, ids in who.items() if ids}
        for post, who in posts.items()
        if any(who.values())
    }


def _ready(row: Draft, book: Book, pack: Pack, today: date) -> None:
    """Raises ``Invalid`` with everything that stands in the way of proposing or adopting."""
    errors = {}
    if row.checked.get("failed"):
        errors["cases"] = _("A case fails; a policy that does not do what its cases say cannot be proposed.")
    if candidates.clashes(book, pack):
        errors["clashes"] = _("It clashes with a policy in force; both cannot be obeyed.")
    if row.in_force_from is None or row.in_force_from < today:
        errors["in_force_from"] = _("Say from which day on it binds: today or later.")
    if errors:
        raise Invalid(errors)


@command("policy.propose", on_draft)
def propose_policy(ctx: Ctx, *, draft: Draft) -> Done:
    """Put a wording up for signature; its cases have passed and it clashes with nothing in force."""
    row = _open(draft)
    ctx.gate(facts={"policy.heard": "yes" if row.hearing_record else "no"})
    pack, book = candidates.of_draft(row, ctx.today)
    _ready(row, book, pack, ctx.today)
    row.status = "proposed"
    row.save(update_fields=["status"])
    return Done(row, [_event("policy.proposed", row, covers=candidates.seal_of(row))])


@command("policy.draft", on_draft)
def withdraw_draft(ctx: Ctx, *, draft: Draft) -> Done:
    """Give a wording up; it stays on record."""
    row = _open(draft)
    ctx.gate()
    row.status = "withdrawn"
    row.save(update_fields=["status"])
    return Done(row, [_event("policy.drafted", row, withdrawn="yes")])


@command("policy.sign", on_draft)
def sign_policy(ctx: Ctx, *, draft: Draft, how: str = "password") -> Done:
    """Sign a proposed wording, as the post that the policy names for it."""
    row = _open(draft)
    pack, book = candidates.of_draft(row, ctx.today)
    approving = candidates.approval_book(row, ctx.today)
    as_posts = candidates.signs_as(row, ctx.actor, approving, ctx.today)
    ctx.gate(book=approving, facts={"policy.names_me": "yes" if as_posts else "no"})
    if candidates.signers(approving) and not as_posts:
        raise Invalid({"signer": _("The policy names somebody else to approve it; this signature would not count.")})
    if row.status != "proposed":
        raise Invalid({"signer": _("Only a proposed wording is signed.")})
    _ready(row, book, pack, ctx.today)
    if any(one.person_id == ctx.actor.pk for one in candidates.signatures(row)):
        raise Invalid({"signer": _("You have signed this wording already.")})
    if before := earlier(row, ctx.actor, approving, ctx.today):
        raise Invalid({"signer": said_before(row, before)})
    SignOff.objects.create(
        draft=row,
        person=ctx.actor,
        as_post=", ".join(as_posts),
        sha256=candidates.seal_of(row),
        signed_at=ctx.now,
        how=how,
    )
    return Done(row, [_event("policy.signed", row, covers=candidates.seal_of(row), how=how, as_posts=list(as_posts))])


@command("policy.adopt", on_draft)
def adopt_policy(ctx: Ctx, *, draft: Draft) -> Done:
    """Put a signed wording into force from its day on; the edition before it ends the day before.

    Raises ``Refused`` while somebody whom the policy names has not signed, ``Invalid`` without any signature.
    """
    row = _open(draft)
    pack, book = candidates.of_draft(row, ctx.today)
    signed = candidates.signatures(row)
    if row.status != "proposed":
        raise Invalid({"draft": _("Only a proposed wording is adopted.")})
    _ready(row, book, pack, ctx.today)
    approving = candidates.approval_book(row, ctx.today)
    ctx.gate(
        book=approving, grants=candidates.grants(row, ctx.actor, approving, ctx.today),
        facts={
            "policy.approved": "yes" if signed else "no", "policy.heard": "yes" if row.hearing_record else "no",
            "policy.sign_offs": tuple(str(one.person_id) for one in signed),
            "policy.approver": str(signed[0].person_id) if signed else "",
            "policy.in_force_on": row.in_force_from or "", "policy.backdated": "no",
            "policy.replaces": candidates.replaced(row),
        },
    )  # fmt: skip
    if not signed:
        raise Invalid({"draft": _("Nobody has signed this wording yet.")})
    adoption = _put_in_force(row, signed[-1].person)
    events = [_adopted(adoption, row), *_give_posts(ctx, row, adoption, book, [one.person for one in signed])]
    row.status, row.adoption = "adopted", adoption
    row.save(update_fields=["status", "adoption"])
    return Done(adoption, events)


def _put_in_force(row: Draft, approver: Person) -> Adoption:
    start = row.in_force_from
    assert start is not None  # _ready has looked
    before = Adoption.objects.filter(branch=row.branch, slug=row.slug, ended_on=None).first()
    if before is not None:
        if before.in_force_from >= start:
            raise Invalid({"in_force_from": _("The edition before it begins on the same day or later.")})
        before.ended_on = start - timedelta(days=1)
        before.save(update_fields=["ended_on"])
    return Adoption.objects.create(
        branch=row.branch, slug=row.slug, file_name=row.file_name, edition=row.edition, text=row.text,
        sha256=row.sha256, approved_by=approver, in_force_from=start, settings=row.settings,
        hearing_record=row.hearing_record, heard_on=row.heard_on,
    )  # fmt: skip


def _adopted(adoption: Adoption, row: Draft) -> NewEvent:
    ref = str(adoption.pk)
    data = {
        "slug": row.slug, "edition": row.edition, "sha256": row.sha256, "settings": row.settings, "draft": str(row.pk),
        "in_force_from": str(adoption.in_force_from), "approved_by": str(adoption.approved_by_id),
    }  # fmt: skip
    return NewEvent("policy.adopted", Subject("adoption", ref), about={"policy": ref}, data=data)


def _give_posts(ctx: Ctx, row: Draft, adoption: Adoption, book: Book, signers: list[Person]) -> list[NewEvent]:
    """The posts as mapped, from the first day of the edition; whoever holds one already keeps it.

    A signature covers who gets which post, so a signer who may confirm a post has confirmed it.
    """
    pack = candidates.read_pack(row.text, row.file_name)
    events = []
    for post, who in row.posts.items():
        for kind, ids in who.items():
            for pk in ids:
                if _has(pk, row.branch, post):
                    continue
                person = Person.objects.get(pk=pk)
                ask_combined(ctx, person, post, adoption.in_force_from, book=book, alone=set(signers) == {person})
                given = Appointment(
                    person=person, branch=row.branch, post=post, unit=pack.posts[post].unit,
                    since=adoption.in_force_from, deputy=kind == "deputies",
                )  # fmt: skip
                events += events_of(give(ctx, given, signers=signers))
    return events


def _has(person: int, branch: Branch, post: str) -> bool:
    """Whether somebody holds a post until further notice, or has been given it and waits for the confirmation."""
    here = {"person": person, "branch": branch, "post": post}
    return (
        PostHolding.objects.filter(**here, until=None).exists()
        or Appointment.objects.filter(**here, status="waiting").exists()
    )  # fmt: skip


@command("policy.hear", on_draft)
def record_draft_hearing(ctx: Ctx, *, draft: Draft, heard_on: date, note: str) -> Done:
    """How staff were heard and told before the adoption: the meeting or posting, its day, what was said."""
    row = _open(draft)
    ctx.gate()
    row.heard_on, row.hearing_record = _hearing(heard_on, note, ctx.today)
    row.save(update_fields=["heard_on", "hearing_record"])
    return Done(row, [_event("policy.heard", row, heard_on=str(heard_on), note=row.hearing_record)])


@command("policy.hear", on_adoption)
def record_hearing(ctx: Ctx, *, adoption: Adoption, heard_on: date, note: str) -> Done:
    """The same for an edition in force; from then on its sanctions are enforceable."""
    ctx.gate()
    row = Adoption.objects.get(pk=adoption.pk)
    row.heard_on, row.hearing_record = _hearing(heard_on, note, ctx.today)
    row.save(update_fields=["heard_on", "hearing_record"])
    data = {"slug": row.slug, "edition": row.edition, "heard_on": str(heard_on), "note": row.hearing_record}
    ref = str(row.pk)
    return Done(row, [NewEvent("policy.heard", Subject("adoption", ref), about={"policy": ref}, data=data)])


def _hearing(heard_on: date, note: str, today: date) -> tuple[date, str]:
    if not note.strip():
        raise Invalid({"note": _("Say how staff were heard and told: which meeting or posting, and what was said.")})
    if heard_on > today:
        raise Invalid({"heard_on": _("A hearing is recorded after it was held.")})
    return heard_on, note.strip()


@command("policy.confirm", on_adoption)
def confirm_reading(ctx: Ctx, *, adoption: Adoption) -> Done:
    """Say that one has read this edition."""
    ctx.gate()
    row, made = Confirmation.objects.get_or_create(
        adoption=adoption, person=ctx.actor, defaults={"confirmed_on": ctx.today}
    )
    if not made:
        raise Invalid({"confirm": _("You have confirmed this edition already.")})
    ref = str(adoption.pk)
    data = {"slug": adoption.slug, "edition": adoption.edition}
    return Done(row, [NewEvent("policy.confirmed", Subject("adoption", ref), about={"policy": ref}, data=data)])
