"""What the clock looks through for breaches that nobody has raised: missed duties with a price, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.duties.models import Duty
from kedang.journal.guard import writing
from kedang.sanctions.parts import unrecorded
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PRICED = "07:7.4.1a"


def missed(world, clause: str, number: int) -> Duty:
    """A duty that is late, not saved."""
    return Duty(
        branch=world.branch, key=f"{clause}/{number}", clause=clause, about_kind="file", about_id=str(number),
        act="handover.received", opened_by=1, from_on=date(2026, 3, 2), due_on=date(2026, 3, 5), status="late",
    )  # fmt: skip


def test_missed_duties_without_a_price_are_not_read_and_hide_no_other():
    world = make_office()
    with writing():
        Duty.objects.bulk_create([missed(world, PRICED, 0)])
        Duty.objects.bulk_create(missed(world, "07:free", number) for number in range(1, 601))
    assert [row.clause for row in unrecorded(world.branch, world.today)] == [PRICED]
