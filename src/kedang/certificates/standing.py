"""Certificates as things that stand in places: they have labels, stand in the location index and are looked for in a
stock check, by whoever may find their file."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.certificates.models import Certificate
from kedang.certificates.queries import certificates
from kedang.files import standing
from kedang.files.standing import Item
from kedang.files.viewing import Viewer


def _item(row: Certificate) -> Item:
    """The label says the file and what the paper is, never its number or owner."""
    away = ""
    if row.status == "received":
        away = _("in the hands of %(person)s") % {"person": row.received_by}
    elif row.status == "returned":
        away = _("given back to its owner")
    url = reverse("certificates:file", args=[row.file_id])
    return Item("certificate", row.pk, f"{row.file} · {row.name}", row.file_id, row.place_id, row.place_id, away, url)


def expected(viewer: Viewer, places: Collection[int]) -> list[Item]:
    """The certificates that lie in any of these places by the ledger."""
    rows = certificates(viewer).filter(place__in=places, status="stored").order_by("place__code", "file__number", "pk")
    return [_item(one) for one in rows]


def one(viewer: Viewer, pk: int) -> Item | None:
    """The certificate with the number of a label."""
    found = certificates(viewer).filter(pk=pk).first()
    return _item(found) if found else None


def typed(_viewer: Viewer, _text: str) -> Item | None:
    """Nobody types a certificate: its number is searched for in the ledger, and only its label is scanned."""
    return None


def register() -> None:
    """Called once when the app is ready."""
    standing.offer(
        standing.Kind("certificate", "C", gettext_lazy("Certificate"), expected=expected, one=one, typed=typed)
    )
