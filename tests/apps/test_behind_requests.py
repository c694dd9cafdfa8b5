"""Whoever answers a request about a loan sees who has the papers and until when."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from kedang.acts.naming import details_of
from tests.apps.test_loans import TODAY, built, lent, pytestmark, world  # noqa: F401


def test_a_request_about_a_lent_file_tells_borrower_purpose_and_day(world):  # noqa: F811
    loan = lent(world, days=3)
    with translation.override("en"):
        told = dict(details_of("loan.renew", "file", str(loan.file_id), world.li.pk))
    assert "Li · " in told["Borrower"] and told["Back on"] == (TODAY + timedelta(days=3)).isoformat()
    assert details_of("file.edit", "file", str(loan.file_id), world.li.pk) == []
    assert details_of("loan.renew", "file", "9" * 40, world.li.pk) == []
