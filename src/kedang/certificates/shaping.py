"""Certificates shaped for the templates: names in the reader's language, masks, hours, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from kedang.certificates import kinds
from kedang.certificates.models import Balance, Certificate, TransferList
from kedang.files import shaping
from kedang.files.kinds import file_kind
from kedang.files.models import File
from kedang.files.viewing import Viewer
from kedang.journal import keys
from kedang.journal.sealed import Purpose

STATE = {"received": "waiting", "stored": "shelved", "returned": "done"}


def hours_in_hand(certificate: Certificate, now: datetime) -> int:
    """Whole hours from the receipt until it lay in the safe, or until now."""
    return max(0, int(((certificate.stored_at or now) - certificate.received_at).total_seconds() // 3600))


def is_late(certificate: Certificate, viewer: Viewer, today: date) -> bool:
    """Whether it should lie in the safe by now, as the packs say."""
    last = timezone.localdate(certificate.received_at) + timedelta(days=kinds.days_in_hand(viewer.book))
    return certificate.status == "received" and today > last


def _grade(certificate: Certificate, viewer: Viewer, field: str) -> str:
    return kinds.grade_of(viewer.book, certificate.file.kind, certificate.kind, field)


def _owner(certificate: Certificate, viewer: Viewer) -> Any:
    """The owner within the reading right, else the mask."""
    if certificate.owner is None:
        return ""
    if viewer.reads(_grade(certificate, viewer, "owner"), certificate.file):
        return certificate.owner.reveal(Purpose(viewer=viewer.person, why="display"))
    return certificate.owner


def _number(certificate: Certificate, viewer: Viewer, *, shown: bool) -> Any:
    """The number: revealed where its showing was noted or the reading right goes so far, else the mask."""
    if shown or viewer.reads(_grade(certificate, viewer, "number"), certificate.file):
        return certificate.number.reveal(Purpose(viewer=viewer.person, why="number"))
    return certificate.number


def warm(certificates: Iterable[Certificate]) -> None:
    """Fetch the keys of a page at once."""
    keys.warm({keys.key_id_of(one.number.blob) for one in certificates})


def rows_of(
    certificates: Iterable[Certificate], viewer: Viewer, now: datetime, *, numbers: bool = False
) -> list[dict[str, Any]]:
    """Certificates as lines; with ``numbers`` these are plain, once a command has allowed it."""
    rows = list(certificates)
    warm(rows)
    names = {key: shaping.text_of(one) for key, one in kinds.all_kinds(viewer.book).items()}
    found = []
    for one in rows:
        late = is_late(one, viewer, viewer.today)
        found.append(
            {
                "one": one, "kind": names.get(one.kind, one.kind), "owner": _owner(one, viewer),
                "number": _number(one, viewer, shown=numbers), "hours": hours_in_hand(one, now), "late": late,
                "state": "late" if late else STATE[one.status],
            }
        )  # fmt: skip
    return found


def party_name(viewer: Viewer, file: File, party: str) -> str:
    """What a signing party is called: the pack's role, else its post."""
    kind = file_kind(viewer.book, file.kind)
    role = kind.roles.get(party) if kind else None
    posts = [pack.posts[party] for pack in viewer.book.packs if party in pack.posts]
    return shaping.text_of(role or next(iter(posts), None)) or party


def signed_of(viewer: Viewer, inner: TransferList) -> list[dict[str, Any]]:
    """Who signed a transfer list as what."""
    return [{"one": one, "party": party_name(viewer, inner.file, one.party)} for one in inner.signatures.all()]


def lines_in(viewer: Viewer, balance: Balance) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The figures of a count: by place, and by kind."""
    names = {key: shaping.text_of(one) for key, one in kinds.all_kinds(viewer.book).items()}
    lines = list(balance.lines.all())
    places = [{"line": one, "name": place_name(one.place)} for one in lines if one.place]
    return places, [{"line": one, "name": names.get(one.kind, one.kind)} for one in lines if not one.place]


def place_name(place: Any) -> str:
    """A place with what it lies in."""
    return f"{place.parent.code} / {place}" if place.parent else str(place)


def typed(found: Mapping[str, str], row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row with what was typed for it, so that a wrong form loses nothing."""
    return row | {f"typed_{name}": found.get(f"{name}_{row['one'].pk}", "") for name in names}
