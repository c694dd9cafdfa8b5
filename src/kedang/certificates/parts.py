"""Writes of certificates that several commands share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid, NewEvent, Subject
from kedang.certificates.models import Certificate, CertificateField, CertificateToken, Return, ReturnLine
from kedang.customers.tokens import fold, tokens_for
from kedang.files.kinds import lists_of_file
from kedang.files.models import File, Place, Record
from kedang.files.parts import count_missing
from kedang.files.services import parties_of, told_of
from kedang.journal.keys import blind_token
from kedang.journal.sealed import Purpose, Secret
from kedang.rulebook import Book
from kedang.rulebook.pack import RecordKind
from kedang.staff.models import Person
from kedang.staff.queries import posts_held

MOST = 999  # pieces under one number


def number_token(number: str) -> int:
    """The keyed hash by which a certificate number is known: width, case and blanks make no other number."""
    return blind_token("certificate", fold(number))


def read_quantity(text: str) -> int:
    """A typed quantity; 0 for what is none from 1 to 999."""
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST else 0


def about(certificate: Certificate) -> dict[str, str]:
    """The ids that a certificate's events carry."""
    return {"file": str(certificate.file_id), "certificate": str(certificate.pk)}


def event(
    name: str, certificate: Certificate, data: Mapping[str, object], secrets: Mapping[str, str] | None = None
) -> NewEvent:  # fmt: skip
    """An event of one certificate, on the chain of its file; what is personal goes into ``secrets``."""
    return NewEvent(
        name, subject=Subject("file", str(certificate.file_id)), about=about(certificate),
        data={
            "kind": certificate.kind, "name": certificate.name, "quantity": certificate.quantity,
            **told_of(certificate.file), **data,
        },
        parties=parties_of(certificate.file), secrets=secrets or {},
    )  # fmt: skip


def seal(certificate: Certificate, values: Mapping[str, str]) -> None:
    """Put number and owner into the row, sealed under the file's key; whoever calls saves it."""
    subject = ("file", str(certificate.file_id))
    if values.get("number"):
        certificate.number = Secret(subject, values["number"])
        certificate.number_token = number_token(values["number"])
    if values.get("owner"):
        certificate.owner = Secret(subject, values["owner"])


def write_tokens(certificate: Certificate, kind: RecordKind, values: Mapping[str, str]) -> None:
    """The keyed hashes under which a certificate is found: each field as its pack lets it."""
    wanted: set[int] = set()
    for key, value in values.items():
        field = kind.fields.get(key)
        wanted |= tokens_for(field.find, value) if field and value else set()
    certificate.tokens.exclude(token__in=wanted).delete()
    CertificateToken.objects.bulk_create(
        [CertificateToken(certificate=certificate, token=one) for one in sorted(wanted)], ignore_conflicts=True
    )


def plain_values(certificate: Certificate, who: Person) -> dict[str, str]:
    """Every value in plain text, for making the tokens anew; never for showing."""
    purpose = Purpose(viewer=who, why="index")
    found = {"name": certificate.name, "number": certificate.number.reveal(purpose)}
    if certificate.owner is not None:
        found["owner"] = certificate.owner.reveal(purpose)
    for row in certificate.fields.all():
        found[row.field] = row.text if row.sealed is None else row.sealed.reveal(purpose)
    return found


def write_fields(certificate: Certificate, kind: RecordKind, values: Mapping[str, str]) -> None:
    """Keep the fields that have no column."""
    for key, value in values.items():
        if not value:
            continue
        row = CertificateField(certificate=certificate, field=key)
        if (kind.fields[key].grade or "secret") == "open":
            row.text = value
        else:
            row.sealed = Secret(("file", str(certificate.file_id)), value)
        row.save()


def mark_line(book: Book, file: File, kind: str) -> None:
    """The line of the file's checklist that asks for this kind is answered: it is here."""
    lines = [
        (one.key, line.key)
        for one in lists_of_file(book, file.kind)
        for line in one.lines
        if kind in (line.key, *line.any_of)
    ]
    for checklist, line in lines:
        rows = Record.objects.filter(file=file, job=None, checklist=checklist, line=line)
        rows.exclude(state="present").update(state="present", reason="", expected_on=None)
    count_missing(file)


def party_of(file: File, person: Person, today: date) -> str:
    """As what somebody signs: by the role on the file, else by the post."""
    roles = sorted(row.role for row in file.roles.all() if row.person_id == person.pk)
    return next(iter([*roles, *sorted(posts_held(person, file.branch, today))]), "")


def lock_place(place: Place, coming: int) -> Place:
    """The place as it is now, locked until the act ends.  Raises ``Invalid`` for a closed one, or where all is full."""
    now = Place.objects.select_for_update(of=("self",)).select_related("parent").get(pk=place.pk)
    if now.closed_on:
        raise Invalid({"place": _("%(place)s is closed; choose another place.") % {"place": now.code}})
    here = Certificate.objects.filter(place=now, status="stored").count()
    if now.capacity is not None and here + coming > now.capacity:
        said = {"place": now.code, "n": here, "most": now.capacity, "more": coming}
        raise Invalid({"place": _("%(place)s holds %(n)s certificates and has room for %(most)s; %(more)s more do not "
                                  "fit. Choose another place.") % said})  # fmt: skip
    return now


def give_back(
    *, file: File, things: Collection[Certificate | Record], taker: str, authority: str, id_checked: bool,
    keeper: Person, at: datetime, how: str,
) -> Return:  # fmt: skip
    """Write the receipt: what went back, to whom, by whom."""
    subject = ("file", str(file.pk))
    row = Return(file=file, id_checked=id_checked, keeper=keeper, at=at, how=how)
    row.taker = Secret(subject, taker)
    row.authority = Secret(subject, authority) if authority else None
    row.save()
    for one in things:
        if isinstance(one, Certificate):
            ReturnLine.objects.create(given=row, certificate=one)
        else:
            ReturnLine.objects.create(given=row, record=one)
    return row
