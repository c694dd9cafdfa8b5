"""The commands that bring certificates into the safe: received, listed, checked by all, signed for, stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.certificates import kinds, parts, rules
from kedang.certificates.models import (
    HERE,
    Certificate,
    CertificateCheck,
    TransferLine,
    TransferList,
    TransferSignature,
)
from kedang.files.kinds import certificate_kinds
from kedang.files.models import File, Place
from kedang.files.queries import visible
from kedang.files.services import checked, on_file, parties_of, told_of
from kedang.files.viewing import Viewer
from kedang.rulebook.pack import RecordKind

OF = "certificates"  # tells the lists of this app from the lists of what lies in a file
GATES = ("name", "number", "owner")


def safe_of(file_or_branch: Any) -> Subject:
    """The chain of a branch's safe: whoever puts in, takes out or counts waits for whoever does so now."""
    branch = getattr(file_or_branch, "branch_id", None) or file_or_branch.pk
    return Subject("safe", str(branch))


def on_transfer(inner: TransferList, **_rest: Any) -> Concerning:
    """A command about a transfer list: the chain of its file is locked."""
    return Concerning(inner.file.branch, [Subject("file", str(inner.file_id))])


def _list_event(name: str, inner: TransferList, secrets: Mapping[str, str] | None = None, **data: Any) -> NewEvent:
    return NewEvent(
        name, subject=Subject("file", str(inner.file_id)), about={"file": str(inner.file_id), "list": str(inner.pk)},
        data={"of": OF, "version": inner.no, **told_of(inner.file), **data}, parties=parties_of(inner.file),
        secrets=secrets or {},
    )  # fmt: skip


def _there_already(ctx: Ctx, number: str, but: Certificate | None = None) -> str:
    """Why a number cannot be taken; empty where it can.  The other file is named to whoever may know of it."""
    rows = Certificate.objects.filter(branch=ctx.branch, number_token=parts.number_token(number), status__in=HERE)
    found = rows.exclude(pk=but.pk if but and but.pk else 0).select_related("file").first()
    if found is None:
        return ""
    if visible(Viewer(ctx.actor, ctx.branch, ctx.today)).filter(pk=found.file_id).exists():
        return _("A certificate with this number is here already: %(file)s.") % {"file": found.file}
    return _("A certificate with this number is here already; ask the keeper of the safe.")


def _cleaned(kind: RecordKind, values: Mapping[str, str]) -> dict[str, str]:
    """Values as they are kept.  Raises ``Invalid`` at each field that is wrong or lacks."""
    found = checked(kind.fields, values)
    wrong = {key: _("Nothing is saved without this.") for key in GATES if key in kind.fields and not found.get(key)}
    if not parts.read_quantity(found.get("quantity", "")):
        wrong["quantity"] = _("Count the pieces: a whole number from 1 to 999.")
    if len(found.get("name", "")) > 200:
        wrong["name"] = _("A name has at most 200 signs.")
    if wrong:
        raise Invalid(wrong)
    return found


@command("certificate.receive", on_file)
def receive_certificate(ctx: Ctx, *, file: File, kind: str, values: Mapping[str, str]) -> Done:
    """Take in a certificate of a kind that the pack names; whoever does has it in hand until it lies in the safe.

    Raises ``Invalid`` by field, also for a number that is here already.
    """
    if not kind:
        raise Invalid({"kind": _("Choose what kind of certificate it is.")})
    book = book_for(file.branch, ctx.today)
    row = Certificate(
        branch=file.branch, file=file, kind=kind, quantity=1, received_at=ctx.now, received_by=ctx.actor
    )  # fmt: skip
    ctx.gate(things={"file": file, "certificate": row})
    declared = certificate_kinds(book, file.kind).get(kind)
    if declared is None:
        raise Invalid({"kind": _("This file keeps no certificates of this kind.")})
    if file.status != "open":
        raise Invalid({"kind": _("This file is closed; nothing more comes into it.")})
    found = _cleaned(declared, values)
    already = _there_already(ctx, found["number"])
    if already:
        raise Invalid({"number": already})
    row.name, row.quantity = found["name"], parts.read_quantity(found["quantity"])
    parts.seal(row, found)
    row.save()
    parts.write_tokens(row, declared, found)
    parts.write_fields(row, declared, {key: one for key, one in found.items() if key not in kinds.CORE})
    parts.mark_line(book, file, kind)
    secrets = {key: found[key] for key in ("number", "owner") if found.get(key)}
    return Done(row, [parts.event("certificate.received", row, {}, secrets)])


def _corrected(ctx: Ctx, row: Certificate, kind: RecordKind, said: Mapping[str, str]) -> dict[str, str]:
    """Write what the list corrects of a certificate; the values that changed.  Raises ``Invalid`` by field and row."""
    name, number = said.get("name", "").strip()[:200] or row.name, said.get("number", "").strip()
    quantity = parts.read_quantity(said["quantity"]) if "quantity" in said else row.quantity
    if not quantity:
        raise Invalid({f"quantity_{row.pk}": _("Count the pieces: a whole number from 1 to 999.")})
    found: dict[str, str] = {}
    if (name, quantity) != (row.name, row.quantity):
        found = {"name": name, "quantity": str(quantity)}
    if number and parts.number_token(number) != row.number_token:
        found["number"] = checked({"number": kind.fields["number"]}, {"number": number})["number"]
        already = _there_already(ctx, found["number"], row)
        if already:
            raise Invalid({f"number_{row.pk}": already})
    if found:
        row.name, row.quantity = name, quantity
        parts.seal(row, found)
        row.save()
        row.checks.all().delete()
        parts.write_tokens(row, kind, parts.plain_values(row, ctx.actor))
    return found


@command("list.write", on_file)
def write_transfer(ctx: Ctx, *, file: File, said: Mapping[str, Mapping[str, str]]) -> Done:
    """List the certificates in hand for the safe; ``said`` corrects name, quantity and number by certificate id.

    What was checked of a certificate that stays as it was still holds; the list before it holds no more.
    """
    before = rules.list_in_use(file)
    ctx.gate(things={"file": file}, facts=rules.transfer_facts(before))
    if before is not None and before.status == "signed":
        raise Invalid({"list": _("This list is signed by all and never changes.")})
    rows = list(Certificate.objects.filter(file=file, status="received").select_related("file__branch").order_by("pk"))
    if not rows:
        raise Invalid({"list": _("No certificate of this file is in hand.")})
    if before is not None:
        before.status = "replaced"
        before.save(update_fields=["status"])
    book = book_for(file.branch, ctx.today)
    known = certificate_kinds(book, file.kind)
    secrets, changed = {}, []
    for row in rows:
        new = _corrected(ctx, row, known[row.kind], said.get(str(row.pk), {})) if row.kind in known else {}
        changed += [str(row.pk)] if new else []
        if "number" in new:
            secrets[f"number:{row.pk}"] = new["number"]
    last = TransferList.objects.filter(file=file).first()
    inner = TransferList.objects.create(
        file=file, no=(last.no if last else 0) + 1, written_by=ctx.actor, written_on=ctx.today
    )
    TransferLine.objects.bulk_create(
        [TransferLine(list=inner, no=no, certificate=row) for no, row in enumerate(rows, 1)]
    )
    lines = {str(row.pk): [row.name, row.quantity] for row in rows}
    pieces = sum(row.quantity for row in rows)
    return Done(inner, [_list_event("list.written", inner, secrets, lines=lines, changed=changed, pieces=pieces)])


def certificates_of(inner: TransferList) -> list[Certificate]:
    """The certificates of a list in its order."""
    rows = inner.lines.select_related("certificate__file__branch", "certificate__place")
    return [line.certificate for line in rows]


def _changeable(inner: TransferList) -> None:
    """Raises ``Invalid`` for a list that was signed by all, stored or replaced."""
    if inner.status in ("signed", "stored"):
        raise Invalid({"list": _("This list is signed by all and never changes.")})
    if inner.status == "replaced":
        raise Invalid({"list": _("A newer list has taken the place of this one.")})


def _findings(rows: list[Certificate], found: Mapping[str, Mapping[str, str]]) -> None:
    """Raises ``Invalid`` at each certificate of which name, number or quantity was not said."""
    wrong = {}
    for row in rows:
        said = found.get(str(row.pk), {})
        if said.get("name") not in ("yes", "no"):
            wrong[f"agrees_{row.pk}"] = _("Say whether the name agrees.")
        if not said.get("number", "").strip():
            wrong[f"paper_{row.pk}"] = _("Type the number that stands on the paper.")
        if not said.get("quantity", "").isdecimal():
            wrong[f"counted_{row.pk}"] = _("Count the pieces.")
    if wrong:
        raise Invalid(wrong)


@command("certificate.check", on_transfer)
def check_certificates(ctx: Ctx, *, inner: TransferList, found: Mapping[str, Mapping[str, str]]) -> Done:
    """Check every certificate of a list: ``found`` by its id says whether the name agrees ("yes" or "no") and which
    number and how many pieces the paper itself shows.

    Number and quantity are typed, not ticked: whoever checks has had the paper in hand.
    """
    rows = certificates_of(inner)
    for row in rows:
        ctx.gate(things={"file": inner.file, "certificate": row})
    _changeable(inner)
    _findings(rows, found)
    events = []
    for row in rows:
        said = found[str(row.pk)]
        data = {
            "name_agrees": said["name"] == "yes",
            "number_agrees": parts.number_token(said["number"]) == row.number_token,
            "quantity_agrees": parts.read_quantity(said["quantity"]) == row.quantity,
        }
        CertificateCheck.objects.update_or_create(
            certificate=row, person=ctx.actor, defaults={**data, "checked_on": ctx.today}
        )
        events.append(parts.event("certificate.checked", row, {**data, "list": str(inner.pk)}))
    return Done(inner, events)


@command("list.sign", on_transfer)
def sign_transfer(ctx: Ctx, *, inner: TransferList, how: str) -> Done:
    """Sign the list after one's own check (``how`` says by what the signer was known); the last one locks it."""
    ctx.gate(things={"file": inner.file}, facts=rules.transfer_facts(inner))
    _changeable(inner)
    if any(one.person_id == ctx.actor.pk for one in inner.signatures.all()):
        raise Invalid({"list": _("You have signed this list already.")})
    party = parts.party_of(inner.file, ctx.actor, ctx.today)
    if any(one.party == party for one in inner.signatures.all()):
        raise Invalid({"list": _("Somebody has signed this list as the same already.")})
    _own_check(ctx, inner)
    TransferSignature.objects.create(list=inner, party=party, person=ctx.actor, at=ctx.now, how=how)
    signers = [str(one) for one in inner.signatures.values_list("person_id", flat=True)]
    wanted = kinds.signatures_wanted(book_for(inner.file.branch, ctx.today), inner.file.kind)
    locked = len(set(signers)) >= wanted
    if locked:
        inner.status = "signed"
        inner.save(update_fields=["status"])
    return Done(inner, [_list_event("list.signed", inner, party=party, signers=signers, locked=locked)])


def _own_check(ctx: Ctx, inner: TransferList) -> None:
    """Raises ``Invalid`` unless the signer checked every certificate of the list and found it to agree."""
    checks = {one.certificate_id: one for one in CertificateCheck.objects.filter(person=ctx.actor)
              .filter(certificate__lines__list=inner)}  # fmt: skip
    wrong = []
    for line in inner.lines.all():
        found = checks.get(line.certificate_id)
        if found is None:
            wrong.append(_("Line %(no)s: you have not checked it yet.") % {"no": line.no})
        elif not found.agrees:
            wrong.append(_("Line %(no)s: you found it otherwise than it is listed.") % {"no": line.no})
    if wrong:
        raise Invalid({"list": " ".join([*wrong, _("Nobody signs for what does not agree.")])})


def on_safe(inner: TransferList, **_rest: Any) -> Concerning:
    """A command that puts the certificates of a list into the safe: file and safe are locked."""
    return Concerning(inner.file.branch, [Subject("file", str(inner.file_id)), safe_of(inner.file)])


@command("certificate.store", on_safe)
def store_certificates(ctx: Ctx, *, inner: TransferList, place: Place) -> Done:
    """Put all certificates of a list into one place; either all go in, or none.

    Raises ``Invalid`` for a place of another branch, a closed or a full one.
    """
    if place.branch_id != inner.file.branch_id:
        raise Invalid({"place": _("This place belongs to another branch.")})
    rows = certificates_of(inner)
    shared = rules.yes(rules.is_shared(place, inner.file))
    for row in rows:
        ctx.gate(things={"file": inner.file, "certificate": row, "place": place}, facts={"place.shared": shared})
    if inner.status != "signed":
        raise Invalid({"list": _("This list is not signed by all yet, or it lies in the safe already.")})
    place = parts.lock_place(place, len(rows))
    events = []
    for row in rows:
        row.status, row.place, row.stored_at, row.stored_by = "stored", place, ctx.now, ctx.actor
        row.save(update_fields=["status", "place", "stored_at", "stored_by"])
        hours = int((ctx.now - row.received_at).total_seconds() // 3600)
        data = {"place": place.code, "place_id": place.pk, "hours": hours, "list": str(inner.pk)}
        events.append(parts.event("certificate.stored", row, data))
    inner.status = "stored"
    inner.save(update_fields=["status"])
    return Done(inner, events)
