"""Rows of certificates as facts."""

from __future__ import annotations

from typing import Any

from kedang.acts import facts
from kedang.adoptions.queries import book_for
from kedang.certificates import kinds
from kedang.certificates.folded import IN_USE
from kedang.certificates.models import Certificate, TransferList
from kedang.files import parts
from kedang.files.kinds import file_kind, numbered_as
from kedang.files.models import File, Milestone, Place, Volume
from kedang.journal.sealed import Purpose
from kedang.rulebook import Book

AGREES = ("name", "number", "quantity")
CERTIFICATE_FACTS = {
    "certificate.kind", "certificate.listed", "certificate.signers", "certificate.checkers", "certificate.place",
    "certificate.file_number", "certificate.settled", *(f"certificate.{one}_agrees" for one in AGREES),
}  # fmt: skip


def yes(value: object) -> str:
    """A truth value as a fact."""
    return "yes" if value else "no"


def followed(book: Book, file: File) -> File | None:
    """The file about the same subject whose number this one bears, as the packs settle; None where there is none."""
    other = numbered_as(book, file.kind)
    kind = file_kind(book, file.kind)
    rows = [one for one in file.values.all() if kind and one.field == kind.one_per] if other else []
    if not rows:
        return None
    value = rows[0].text if rows[0].sealed is None else rows[0].sealed.reveal(Purpose(viewer="number", why="number"))
    token = parts.subject_token(other, value)
    return File.objects.filter(branch=file.branch_id, kind=other, subject_token=token).first()


def bears_number(book: Book, file: File) -> bool:
    """Whether a file has its number, and the same as the file that it follows."""
    if not numbered_as(book, file.kind):
        return bool(file.number)
    other = followed(book, file)
    return bool(other and file.number and other.number == file.number)


def is_settled(book: Book, file: File) -> bool | None:
    """Whether what the certificates were given for is over, as the packs settle; None where none says by what."""
    milestone = kinds.released_by(book, file.kind)
    if not milestone:
        return None
    whose = followed(book, file) if numbered_as(book, file.kind) else file
    return bool(whose and Milestone.objects.filter(file=whose, key=milestone, job=None).exists())


def list_in_use(file: File) -> TransferList | None:
    """The transfer list on which the certificates in hand stand."""
    return TransferList.objects.filter(file=file, status__in=IN_USE).first() if file.pk else None


def signers_of(inner: TransferList | None) -> tuple[str, ...]:
    """Who signed a transfer list; nobody where there is none."""
    return tuple(str(one.person_id) for one in inner.signatures.all()) if inner else ()


def transfer_facts(inner: TransferList | None) -> dict[str, Any]:
    """What rules on lists may ask of a transfer list: who signed; its pieces are counted, and nothing on it lacks."""
    return {
        "list.signers": signers_of(inner), "list.counted": "yes", "list.copies": 0, "list.pages": 0,
        "list.agrees": "yes", "list.unanswered": 0, "list.unplaced": 0, "list.unchecked": 0, "list.missing": 0,
        "list.unsigned": 0, "list.coded": "no", "list.due_on": "",
    }  # fmt: skip


def _last_list(certificate: Certificate) -> TransferList | None:
    if "listed_on" in certificate.__dict__:  # the page has read it for all of them
        found: TransferList | None = certificate.__dict__["listed_on"]
        return found
    lists = TransferList.objects.filter(lines__certificate=certificate).exclude(status="replaced")
    return lists.order_by("-pk").first() if certificate.pk else None


def _checked(certificate: Certificate) -> dict[str, Any]:
    """Who checked a certificate, and whether all of them found it as it is listed."""
    checks = list(certificate.checks.all()) if certificate.pk else []
    found: dict[str, Any] = {"certificate.checkers": tuple(sorted({str(one.person_id) for one in checks}))}
    for one in AGREES:
        found[f"certificate.{one}_agrees"] = yes(checks and all(getattr(check, f"{one}_agrees") for check in checks))
    return found


def certificate_facts(certificate: Certificate, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a certificate."""
    found: dict[str, Any] = {
        "certificate.kind": certificate.kind,
        "certificate.place": certificate.place.code if certificate.place else "",
        **_checked(certificate),
    }
    if wanted & {"certificate.listed", "certificate.signers"}:
        inner = _last_list(certificate)
        found |= {"certificate.listed": yes(inner), "certificate.signers": signers_of(inner)}
    if wanted & {"certificate.file_number", "certificate.settled"}:
        book = book_for(certificate.file.branch, scene.today)
        if "certificate.file_number" in wanted:
            found["certificate.file_number"] = yes(bears_number(book, certificate.file))
        over = is_settled(book, certificate.file) if "certificate.settled" in wanted else None
        found |= {} if over is None else {"certificate.settled": yes(over)}
    return {name: value for name, value in found.items() if name in wanted}


def is_shared(place: Place, file: File) -> bool:
    """Whether something of another file lies in a place."""
    others = Certificate.objects.filter(place=place, status="stored").exclude(file=file)
    return others.exists() or Volume.objects.filter(place=place).exclude(file=file).exists()


def _roles_on(ref: str) -> dict[str, frozenset[str]]:
    found = Certificate.objects.filter(pk=ref).first() if ref.isdigit() else None
    return dict(facts.roles_on("file", str(found.file_id))) if found else {}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide("certificate", certificate_facts, CERTIFICATE_FACTS)
    facts.provide_roles("certificate", _roles_on)
    for act in ("list.write", "list.sign"):
        facts.bring(act, *transfer_facts(None))
    facts.bring("certificate.store", "place.shared")
    facts.bring("certificate.balance", "certificate.counters")
    facts.bring("certificate.return", "certificate.id_checked", "certificate.signers")
