"""What the journal says of certificates, their lists, counts and returns, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator

from kedang.certificates.models import (
    Balance,
    BalanceLine,
    BalanceSignature,
    Certificate,
    CertificateCheck,
    Return,
    ReturnLine,
    TransferList,
    TransferSignature,
)
from kedang.certificates.services import OF
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay

STATUS = {"certificate.received": "received", "certificate.stored": "stored", "certificate.returned": "returned"}


def expected(file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The certificates of one file as its chain tells them: what each is, where it lies; and what was given back."""
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        if entry.name in STATUS:
            row = found.setdefault(entry.about["certificate"], {"file_id": int(file), "received_by_id": entry.actor})
            row |= {key: entry.data[key] for key in ("kind", "name", "quantity")}
            row |= {"status": STATUS[entry.name], "place_id": entry.data.get("place_id")}
        elif entry.name == "list.written" and entry.data.get("of") == OF:
            for key, (name, quantity) in entry.data["lines"].items():
                found[key] |= {"name": name, "quantity": quantity}
        if entry.name == "certificate.returned":
            given = int(entry.data["return"])
            yield Expected(Return, given, {"file_id": int(file), "id_checked": True, "keeper_id": entry.actor})
            yield _line(ReturnLine, {"given_id": given, "certificate_id": int(entry.about["certificate"])})
        elif entry.name == "record.withdrawn" and "return" in entry.data:
            given = int(entry.data["return"])
            yield Expected(Return, given, {"file_id": int(file), "id_checked": True, "keeper_id": entry.actor})
            yield _line(ReturnLine, {"given_id": given, "record_id": int(entry.about["record"])})
    for key, values in found.items():
        yield Expected(Certificate, int(key), values)


def lists(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The transfer lists of one file, with their signatures."""
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        key = entry.about.get("list", "")
        if entry.data.get("of") == OF and entry.name == "list.written":
            for row in found.values():
                row["status"] = "replaced" if row["status"] == "written" else row["status"]
            found[key] = {"no": entry.data["version"], "written_by_id": entry.actor, "status": "written"}
        elif entry.data.get("of") == OF and entry.name == "list.signed":
            found[key]["status"] = "signed" if entry.data["locked"] else "written"
            yield _line(
                TransferSignature, {"list_id": int(key), "party": entry.data["party"], "person_id": entry.actor}
            )
        elif entry.name == "certificate.stored":
            found[entry.data["list"]]["status"] = "stored"
    for key, values in found.items():
        yield Expected(TransferList, int(key), values)


def checks(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The last word of each person on each certificate; a corrected certificate is checked anew."""
    found: dict[tuple[int, int | None], dict[str, object]] = {}
    for entry in entries:
        if entry.name == "list.written" and entry.data.get("of") == OF:
            changed = set(entry.data["changed"])
            found = {key: values for key, values in found.items() if str(key[0]) not in changed}
        elif entry.name == "certificate.checked":
            said = {f"{one}_agrees": entry.data[f"{one}_agrees"] for one in ("name", "number", "quantity")}
            found[int(entry.about["certificate"]), entry.actor] = said
    for (certificate, person), values in found.items():
        row = CertificateCheck.objects.filter(certificate=certificate, person=person).first()
        yield Expected(CertificateCheck, row.pk if row else 0, values)


def _line(model: type, key: dict[str, object]) -> Expected:
    """A row that is found by what it says."""
    row = model.objects.filter(**key).first()  # type: ignore[attr-defined]
    return Expected(model, row.pk if row else 0, key)


def counts(_branch: str, entries: list[Entry]) -> Iterator[Expected]:
    """The counts of one branch's safe with every figure and who signed."""
    for entry in entries:
        if entry.name != "certificate.balanced":
            continue
        pk = int(entry.data["balance"])
        yield Expected(Balance, pk, {key: entry.data[key] for key in ("booked", "counted", "differences")})
        for key, (booked, counted) in entry.data["lines"].items():
            what, _colon, ref = key.partition(":")
            of = {"place_id": int(ref)} if what == "place" else {"kind": ref, "place_id": None}
            yield _line(BalanceLine, {"balance_id": pk, **of, "booked": booked, "counted": counted})
        for person in entry.data["counters"]:
            yield _line(BalanceSignature, {"balance_id": pk, "person_id": int(person)})


def register() -> None:
    """Called once when the app is ready."""
    register_replay("file", expected, models=[Certificate, Return, ReturnLine])
    register_replay("file", lists, models=[TransferList, TransferSignature])
    register_replay("file", checks, models=[CertificateCheck])
    register_replay("safe", counts, models=[Balance, BalanceLine, BalanceSignature])
