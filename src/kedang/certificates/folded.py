"""Certificates and transfer lists with the small sets that their page shows, in one read each."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from kedang.certificates.models import Certificate, CertificateCheck, TransferLine, TransferList, TransferSignature
from kedang.lib.folding import Rows, keep, taken
from kedang.staff.models import Person
from kedang.staff.queries import WHO

BY = tuple(f"person__{name}" for name in WHO)
CHECK = (
    "id", "certificate_id", "person_id", "name_agrees", "number_agrees", "quantity_agrees", "checked_on", *BY,
)  # fmt: skip
SIGNATURE = ("id", "list_id", "party", "person_id", "at", "how", *BY)
IN_USE = ("written", "signed")


def _with_people(model: Any, names: tuple[str, ...], rows: Any) -> list[Any]:
    """Instances with their people, in the order in which they were written."""
    found = taken(model, names, rows)
    people = {one.pk: one for one in taken(Person, names, rows, "person__")}
    for one in found:
        one.person = people[one.person_id]
    return sorted(found, key=lambda one: one.pk)


def with_checks(rows: QuerySet[Certificate]) -> list[Any]:
    """Certificates with what each person found, and as ``line_no`` the number on the transfer list in use."""
    line = TransferLine.objects.filter(certificate=OuterRef("pk"), list__status__in=IN_USE)
    checks = CertificateCheck.objects.filter(certificate=OuterRef("pk"))
    found: list[Any] = list(rows.annotate(f_checks=Rows(checks, CHECK), line_no=Subquery(line.values("no")[:1])))
    for one in found:
        keep(one, "checks", _with_people(CertificateCheck, CHECK, one.f_checks))
    return found


def with_signatures(rows: QuerySet[TransferList]) -> TransferList | None:
    """The first of these lists with its signatures."""
    signed = TransferSignature.objects.filter(list=OuterRef("pk"))
    found: Any = rows.annotate(f_signed=Rows(signed, SIGNATURE)).first()
    if found is None:
        return None
    signatures = _with_people(TransferSignature, SIGNATURE, found.f_signed)
    for one in signatures:  # SQLite tells no zone
        one.at = one.at if timezone.is_aware(one.at) else one.at.replace(tzinfo=UTC)
    keep(found, "signatures", signatures)
    kept: TransferList = found
    return kept
