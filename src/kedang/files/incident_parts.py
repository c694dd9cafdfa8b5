"""Writes of incidents that several commands share, their facts, and their replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kedang import rulebook
from kedang.acts.answers import NewEvent, Subject
from kedang.files.models import File, Incident, Job, Record
from kedang.files.parts import count_missing
from kedang.files.services import parties_of, told_of
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected
from kedang.rulebook.pack import Named

INCIDENT_FACTS = {f"incident.{key}" for key in ("kind", "cause", "pieces", "on_loan", "measures", "course", "handling")}


def incident_kinds(book: rulebook.Book) -> dict[str, Named]:
    """What the packs in force say may go wrong, by key; the policy's own word for it before the common one."""
    packs = sorted(book.packs, key=lambda one: one.rank == "policy")
    return {key: one for pack in packs for key, one in pack.incidents.items()}


def incident_facts(row: Incident, wanted: frozenset[str], _scene: Any) -> dict[str, Any]:
    """The wanted facts of an incident."""
    all_facts: dict[str, Any] = {
        "incident.kind": row.kind,
        "incident.cause": row.cause,
        "incident.pieces": row.pieces,
        "incident.on_loan": "yes" if row.on_loan else "no",
        "incident.measures": "yes" if row.measures else "no",
        "incident.course": row.course,
        "incident.handling": row.handling,
    }
    return {name: value for name, value in all_facts.items() if name in wanted}


def lose_papers(file: File, papers: Iterable[Record], why: str) -> None:
    """Papers that are gone are missing from now on, and the file is incomplete without them."""
    jobs: set[Job | None] = {None}
    for one in papers:
        one.state, one.reason = "missing", why[:200]
        one.save(update_fields=["state", "reason"])
        jobs.add(one.job)
    for job in jobs:
        count_missing(file, job)


def incident_event(name: str, row: Incident, **data: Any) -> NewEvent:
    """An event of an incident; who answers for it is bound as the one who had the papers."""
    had = [str(row.person_id)] if row.person_id else [str(one.holder_id) for one in row.file.volumes.all()]
    said = {"kind": row.kind, "pieces": row.pieces, "on_loan": row.on_loan, "cause": row.cause, "status": row.status}
    on = row.happened_on if name == "incident.reported" else None
    return NewEvent(
        name, Subject("file", str(row.file_id)), about={"file": str(row.file_id), "incident": str(row.pk)},
        data=told_of(row.file) | said | ({"person": str(row.person_id)} if row.person_id else {}) | data,
        parties={**parties_of(row.file), "file.holder": had}, happened_on=on,
    )  # fmt: skip


def replayed(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The incidents of one file as its chain tells them."""
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        if entry.name in ("incident.reported", "incident.closed"):
            row = found.setdefault(entry.about["incident"], {})
            person = entry.data.get("person")
            row |= {"kind": entry.data["kind"], "pieces": entry.data["pieces"], "status": entry.data["status"]}
            row["person_id"] = int(person) if person else None
    for key, values in found.items():
        yield Expected(Incident, int(key), values)
