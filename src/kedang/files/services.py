"""The commands on files and jobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang import rulebook
from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.facts import Scene
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.customers.models import Customer
from kedang.customers.parts import confirm_contact, make_customer
from kedang.customers.queries import alike
from kedang.files import kinds, parts
from kedang.files.fields import WrongValue, clean
from kedang.files.models import File, FileRole, Job, Milestone, Volume
from kedang.files.numbering import next_number
from kedang.files.rules import DERIVED, derived, job_parties, others_like, parts_filled, said_of, yes
from kedang.journal.sealed import Secret
from kedang.rulebook.pack import FieldKind, FileKind
from kedang.staff.models import Branch, Person

FIRST_DAY = date(1950, 1, 1)  # nothing that a file tells happened before: an earlier day is a slip


class AlreadyThere(Invalid):
    """There is a file about this subject already; ``file`` leads to it, ``clauses`` forbid a second."""

    def __init__(self, field: str, file: File, clauses: Collection[str] = ()) -> None:
        self.file = file
        self.clauses = sorted(clauses)
        super().__init__({field: _("There is a file about this already: %(number)s.") % {"number": str(file)}})


def on_branch(branch: Branch, **_rest: Any) -> Concerning:
    """A command about something not born yet."""
    return Concerning(branch, [])


def on_file(file: File, **_rest: Any) -> Concerning:
    """A command about a file: its chain is locked."""
    return Concerning(file.branch, [Subject("file", str(file.pk))])


def on_job(job: Job, **_rest: Any) -> Concerning:
    """A command about a job: the chain of its file is locked."""
    return Concerning(job.file.branch, [Subject("file", str(job.file_id))])


def parties_of(file: File, job: Job | None = None) -> dict[str, list[str]]:
    """The people whom an event of this file or job may bind to a duty."""
    found = {f"file.{row.role}": [str(row.person_id)] for row in file.roles.all()}
    if job:
        found |= {role: sorted(ids) for role, ids in job_parties(job).items()}
    return found


def told_of(file: File) -> dict[str, str]:
    """What each event of a file tells of it, because rules on what came of the event ask: its kind and its group, and
    whether its customer refused to be contacted."""
    found = {"file.kind": file.kind, "file.segment": file.segment}
    return found | ({"customer.objected": yes(file.customer.objected_on)} if file.customer else {})


def checked(fields: Mapping[str, FieldKind], values: Mapping[str, str], *, gates: bool = True) -> dict[str, str]:
    """Values cleaned by their fields.  Raises ``Invalid`` naming every field that is wrong or that gates and lacks."""
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for key, field in fields.items():
        try:
            found[key] = clean(field, values.get(key, ""))
        except WrongValue as error:
            wrong[key] = str(error)
            continue
        if gates and field.strength == "gate" and not found[key]:
            wrong[key] = _("Nothing is saved without this.")
    if wrong:
        raise Invalid(wrong)
    return found


def _kind(branch: Branch, key: str, today: date) -> FileKind:
    kind = kinds.file_kind(book_for(branch, today), key)
    if kind is None:
        raise Invalid({"kind": _("No policy in force knows this kind of file.")})
    return kind


def customer_of(branch: Branch, kind: FileKind, values: Mapping[str, str], on: date) -> Customer | None:
    """The customer whom a new file is about: the one known already, or one who is not saved yet; None without a name.

    The first name, phone and identity among the values say who it is.
    """
    name, phone, identity, organization = _who(kind, values)
    if not name:
        return None
    found = alike(branch, name=name, phone=phone, identity=identity).first()
    return found or Customer(branch=branch, kind="organization" if organization else "person", opened_on=on)


def _who(kind: FileKind, values: Mapping[str, str]) -> tuple[str, str, str, bool]:
    """Name, phone, identity, and whether it is an organization, as the fields of a kind say them."""

    def first(*types: str) -> str:
        return next((values[key] for key, field in kind.fields.items() if field.type in types and values.get(key)), "")

    identity = first("id-number", "identity", "uscc")
    organization = bool(first("uscc") and not first("id-number", "identity"))
    return first("name", "customer"), first("mobile", "phone"), identity, organization


def _kept(customer: Customer | None, kind: FileKind, values: Mapping[str, str]) -> Customer | None:
    """The customer of a new file, saved now if nobody knew them before."""
    if customer is None or customer.pk:
        return customer
    name, phone, identity, _organization = _who(kind, values)
    return make_customer(
        branch=customer.branch, kind=customer.kind, name=name, phone=phone, identity=identity, on=customer.opened_on
    )


def subject_token(kind: FileKind, values: Mapping[str, str], customer: Customer | None) -> int | None:
    """The token that keeps one file per subject: of the field that the pack names, or of the customer."""
    value = values.get(kind.one_per, "")
    if kind.one_per == "customer" and not value and customer and customer.pk:
        value = f"customer:{customer.pk}"
    return parts.subject_token(kind.key, value) if value else None


def number_at_opening(book: rulebook.Book, branch: Branch, kind: FileKind, values: Mapping[str, str], on: date) -> str:
    """The number of a new file: the next of its series, that of the file it follows, or none yet, as the packs settle.

    Raises ``Invalid`` when there is no file yet whose number it would bear.
    """
    followed = kinds.numbered_as(book, kind.key)
    if followed:
        token = parts.subject_token(followed, values.get(kind.one_per, ""))
        other = File.objects.filter(branch=branch, kind=followed, subject_token=token).first()
        if other is None:
            name = kinds.file_kinds(book)[followed].text.get(get_language() or "zh-hans")
            said = _("Open this first, for this file bears its number: %(kind)s.") % {"kind": name}
            raise Invalid({kind.one_per: said})
        return other.number
    return "" if kinds.numbered_later(book, kind.key) else next_number(kinds.pattern_of(book, kind.key), branch, on)


def _classify(ctx: Ctx, file: File) -> None:
    """Keep the group and the secrecy level that the packs in force derive, so that rights, duties and lists can ask."""
    book, scene = book_for(file.branch, ctx.today), Scene(ctx.actor, file.branch, ctx.today)
    found = {column: derived(file, column, book, scene) for column in DERIVED}
    changed = [column for column, value in found.items() if value != getattr(file, column)]
    for column in changed:
        setattr(file, column, found[column])
    if changed:
        file.save(update_fields=changed)


def _ask_to_open(
    ctx: Ctx, file: File, what: FileKind, values: Mapping[str, str], roles: Mapping[str, Person]
) -> None:  # fmt: skip
    """Ask the rules; whoever may open such a file is told of the one that is there, and which clause wants one only."""
    known: dict[str, Any] = {f"field.{key}": said_of(what.fields[key].grade, one) for key, one in values.items()}
    chosen = {key: {str(one.pk)} for key, one in roles.items()}
    parties = {f"file.{key}": chosen.get(key, set()) for key in what.roles}
    known["file.filling"] = parts_filled(what, values)
    ctx.gate(things={"file": file}, parties=parties, facts={**known, "file.same_subject": 0})
    there = others_like(file).filter(subject_token__isnull=False).first()
    if there is not None and file.subject_token is not None:
        against = advise(
            "file.open", actor=ctx.actor, branch=ctx.branch, today=ctx.today, things={"file": file}, parties=parties,
            facts={**known, "file.same_subject": 1},
        )  # fmt: skip
        raise AlreadyThere(what.one_per, there, () if against.allowed else against.clauses)


@command("file.open", on_branch)
def open_file(
    ctx: Ctx, *, branch: Branch, kind: str, values: Mapping[str, str], roles: Mapping[str, Person],
    past: bool = False, opened_on: date | None = None, customer: Customer | None = None,
) -> Done:  # fmt: skip
    """Open a file: number it, write its fields, lay its checklists; the opener holds its first volume.

    ``customer`` says whom it is about where that is known before, so that consents given earlier count.
    Raises ``Invalid`` by field, and ``AlreadyThere`` when the pack wants one file per subject and there is one.
    """
    what = _kind(branch, kind, ctx.today)
    book = book_for(branch, ctx.today)
    shown = kinds.number_field(book, kind)
    clean_values = checked(what.fields, {key: one for key, one in values.items() if key != shown})
    on = opened_on or ctx.today
    if customer is not None and customer.branch_id != branch.pk:
        raise Invalid({"customer": _("This customer belongs to another branch.")})
    about_whom = customer or customer_of(branch, what, clean_values, on)
    file = File(branch=branch, kind=kind, opened_on=on, past=past, customer=about_whom)
    file.subject_token = subject_token(what, clean_values, about_whom)
    _ask_to_open(ctx, file, what, clean_values, roles)
    file.customer = _kept(about_whom, what, clean_values)
    file.subject_token = subject_token(what, clean_values, file.customer)
    file.number = number_at_opening(book, branch, what, clean_values, on)
    if shown:
        clean_values[shown] = file.number
    file.save()
    FileRole.objects.bulk_create([FileRole(file=file, role=key, person=one, since=on) for key, one in roles.items()])
    Volume.objects.create(file=file, holder=ctx.actor)
    parts.set_values(file, what, clean_values)
    _classify(ctx, file)
    parts.lay_fields(file, what)
    parts.set_tokens(file, what, clean_values)
    parts.add_lists_of_file(file, book)
    about = {"file": str(file.pk)} | ({"customer": str(file.customer_id)} if file.customer_id else {})
    event = NewEvent(
        "file.opened", subject=Subject("file", str(file.pk)), about=about, happened_on=on,
        data={"kind": kind, "number": file.number, "segment": file.segment}, parties=parties_of(file), past=past,
    )  # fmt: skip
    return Done(file, [event])


@command("file.edit", on_file)
def edit_file(ctx: Ctx, *, file: File, values: Mapping[str, str]) -> Done:
    """Change fields of a file; only those given.  The event names the fields, never the values."""
    what = _kind(file.branch, file.kind, ctx.today)
    shown = kinds.number_field(book_for(file.branch, ctx.today), file.kind)
    given = {key: field for key, field in what.fields.items() if key in values and key not in (what.one_per, shown)}
    clean_values = checked(given, values)
    ctx.gate(things={"file": file}, facts={"file.filling": parts_filled(what, clean_values)})
    changed = parts.set_values(file, what, clean_values)
    _classify(ctx, file)
    parts.set_tokens(file, what, parts.plain_values(file, ctx.actor))
    parts.count_missing(file)
    event = NewEvent(
        "file.edited",
        subject=Subject("file", str(file.pk)),
        about={"file": str(file.pk)},
        data={"fields": changed, "filling": parts_filled(what, clean_values), **told_of(file)},
        parties=parties_of(file),
    )
    return Done(file, [event])


@command("file.reach", on_file)
def reach_file(ctx: Ctx, *, file: File, milestone: str, on: date, past: bool = False) -> Done:
    """Record a milestone that the pack declares, on the day it happened."""
    what = _kind(file.branch, file.kind, ctx.today)
    step = what.milestones.get(milestone)
    if step is None:
        raise Invalid({"milestone": _("The policy knows no such milestone.")})
    if on > ctx.today:
        raise Invalid({"on": _("This day is still to come.")})
    if on < FIRST_DAY:
        raise Invalid(
            {"on": _("No day before %(day)s is recorded; look at the year.") % {"day": FIRST_DAY.isoformat()}}
        )
    ctx.gate(things={"file": file}, facts={"file.reaching": milestone})
    _row, made = Milestone.objects.get_or_create(file=file, job=None, key=milestone, defaults={"date": on})
    if not made:
        raise Invalid({"milestone": _("This has been recorded already.")})
    if milestone == what.one_until and file.subject_token is not None:
        file.subject_token = None
        file.save(update_fields=["subject_token"])
    event = NewEvent(
        step.event, subject=Subject("file", str(file.pk)), about={"file": str(file.pk)}, happened_on=on,
        data={step.date: on.isoformat(), **told_of(file)},
        parties=parties_of(file), past=past,
    )  # fmt: skip
    return Done(file, [event])


@command("file.complete", on_file)
def complete_electronic(ctx: Ctx, *, file: File, declared_true: bool = False, by_proxy: bool = False) -> Done:
    """Say that the electronic half of the file is filled in, whether it is declared true and was written for the
    customer by somebody else."""
    file.declared_true, file.by_proxy = declared_true, by_proxy
    ctx.gate(things={"file": file})
    if file.electronic == "done":
        raise Invalid({"file": _("The electronic half is filled in already.")})
    file.electronic = "done"
    file.save(update_fields=["electronic", "declared_true", "by_proxy"])
    event = NewEvent(
        "file.completed", subject=Subject("file", str(file.pk)), about={"file": str(file.pk)}, data=told_of(file),
        parties=parties_of(file),
    )  # fmt: skip
    return Done(file, [event])


@command("job.open", on_file)
def open_job(
    ctx: Ctx, *, file: File, what: str, job_kinds: list[str], contact_name: str, contact_phone: str,
    verified: bool, on: date | None = None,
) -> Done:  # fmt: skip
    """Receive a job on a file.  The gate asks whether its contact has been verified, as the pack requires."""
    book = book_for(file.branch, ctx.today)
    declared = kinds.job_kind(book, file, what)
    if declared is None or any(one not in declared.kinds for one in job_kinds):
        raise Invalid({"job_kinds": _("The policy knows no such job.")})
    phone_field = FieldKind("contact_phone", declared.text, type="phone", strength="optional")
    clean_phone = checked({"contact_phone": phone_field}, {"contact_phone": contact_phone})["contact_phone"]
    known = bool(verified and contact_name.strip() and clean_phone)
    day = on or ctx.today
    number = f"{file.number or file.pk}/{file.jobs.count() + 1}"
    job = Job(
        file=file, number=number, what=what, kinds=",".join(job_kinds), opened_on=day, person=ctx.actor,
        contact_verified=known,
    )  # fmt: skip
    ctx.gate(things={"file": file, "job": job})
    subject = ("file", str(file.pk))
    job.contact_name = Secret(subject, contact_name.strip()) if contact_name.strip() else None
    job.contact_phone = Secret(subject, clean_phone) if clean_phone else None
    job.save()
    if known and file.customer:
        confirm_contact(file.customer, name=contact_name.strip(), phone=clean_phone, on=day)
    parts.lay_lists(file, job, kinds.lists_of_job(book, file.kind, what, job_kinds))
    parts.count_missing(file, job)
    _classify(ctx, file)
    event = NewEvent(
        "job.opened", subject=Subject("file", str(file.pk)), about={"file": str(file.pk), "job": str(job.pk)},
        happened_on=day, parties=parties_of(file, job),
        data={
            "kind": job_kinds, "what": what, "contact_verified": known, "number": number, **told_of(file),
        },
    )  # fmt: skip
    return Done(job, [event])


@command("job.reach", on_job)
def reach_job(ctx: Ctx, *, job: Job, milestone: str, on: date) -> Done:
    """Record a milestone of a job on the day it happened; the last one that the pack declares closes it."""
    declared = kinds.job_kind(book_for(job.file.branch, ctx.today), job.file, job.what)
    step = declared.milestones.get(milestone) if declared else None
    if declared is None or step is None:
        raise Invalid({"milestone": _("The policy knows no such milestone.")})
    if on > ctx.today or on < job.opened_on:
        raise Invalid({"on": _("The day lies before the job began or is still to come.")})
    ctx.gate(things={"file": job.file, "job": job})
    _row, made = Milestone.objects.get_or_create(file=job.file, job=job, key=milestone, defaults={"date": on})
    if not made:
        raise Invalid({"milestone": _("This has been recorded already.")})
    if milestone == list(declared.milestones)[-1]:
        job.status = "closed"
        job.save(update_fields=["status"])
    event = NewEvent(
        step.event, subject=Subject("file", str(job.file_id)), about={"file": str(job.file_id), "job": str(job.pk)},
        happened_on=on, parties=parties_of(job.file, job),
        data={
            step.date: on.isoformat(), "job.kind": kinds.kinds_of(job), **told_of(job.file),
        },
    )  # fmt: skip
    return Done(job, [event])
