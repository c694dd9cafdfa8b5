"""Writes of custody that several commands share: the list as it stands, signatures."""

from __future__ import annotations

from datetime import datetime

from kedang.custody.models import Handover, HandoverLine, Signature
from kedang.files.models import Record
from kedang.staff.models import Person


def write_lines(handover: Handover, records: list[Record]) -> int:
    """Copy the checklist's answers as they stand; how many papers that count are not there."""
    HandoverLine.objects.bulk_create(
        [HandoverLine(handover=handover, record=one, state=one.state, reason=one.reason) for one in records]
    )
    return sum(1 for one in records if one.counts and one.state not in ("present", "not_applicable"))


def sign(handover: Handover, party: str, person: Person, at: datetime, how: str) -> Signature:
    """Keep a signature: the server says who, as what, when and how the signer was known."""
    return Signature.objects.create(handover=handover, party=party, person=person, at=at, how=how)
