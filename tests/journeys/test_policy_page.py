"""The policy page: beside a clause stand what was kept, late and refused this month, and the sums."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.steps import moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


@pytest.mark.parametrize(("locale", "late"), [("zh-CN", "逾期"), ("en-US", "late")])
def test_the_clause_of_the_three_days_shows_what_was_late(enter, clock, house, vehicles, end_of_day, locale, late):
    from kedang.files.services import reach_file

    file = vehicles(house.li, opened_on=date(2026, 3, 2))
    reach_file(
        actor=house.li, now=moment("2026-03-02", 10), token="delivered", file=file, milestone="delivered",
        on=date(2026, 3, 2),
    )  # fmt: skip
    end_of_day("2026-03-06")
    clock.on("2026-03-09")
    window = enter("liu", "/policies/07/", locale=locale)
    assert late in window.locator("#content").inner_text()
    row = window.locator("[id='c-7.4.1a']")
    assert "1" in row.locator(".k-red").first.inner_text()
    row.locator("a.k-clause").first.click()
    window.locator(".k-drawer, blockquote").first.wait_for()
    assert "7.4.1a" in window.locator(".k-drawer, #content").first.inner_text()
