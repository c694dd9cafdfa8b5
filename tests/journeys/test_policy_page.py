"""The policy page: beside a clause stand what was kept, late and refused this month, and the sums."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.steps import answer_papers, delivered, hand_over, hear_and_impose, look_up, moment, type_in

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
    assert "7.4.1a" in look_up(window, row.locator("a.k-clause").first)


def test_the_clause_shows_kept_late_and_the_sum_that_was_imposed(enter, clock, house, vehicles, end_of_day):
    from kedang.files.services import reach_file
    from kedang.sanctions.models import Breach

    clock.on("2026-03-02")
    window = enter("zhou")
    type_in(window, vin="LSVNX41Z600000001", owner="尉迟恭", plate="沪A12345", contact="尉迟宝", mobile="13800001111")
    delivered(window, "2026-03-02")
    answer_papers(window, {})
    hand_over(window, "王敏", "wang", "zhou")
    file = vehicles(house.li, opened_on=date(2026, 3, 2))
    reach_file(
        actor=house.li, now=moment("2026-03-02", 10), token="delivered", file=file, milestone="delivered",
        on=date(2026, 3, 2),
    )  # fmt: skip
    end_of_day("2026-03-06")
    clock.on("2026-03-09")
    director = enter("liu")
    hear_and_impose(director, Breach.objects.get(name="07:7.4.1a").pk)
    director.goto("/policies/07/")
    cells = [one.inner_text().strip() for one in director.locator("[id='c-7.4.1a'] td.k-number").all()]
    kept, late, _open, _refused, breaches, imposed = cells
    assert (kept, late, breaches) == ("1", "1", "1")
    fined = director.locator("[id='c-7.5.1'] td.k-number").last.inner_text()
    assert "¥50.00" in (imposed + fined)
