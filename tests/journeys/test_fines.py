"""A day late, twice in a month: proposed, heard, imposed in order, ordered to mend, repeated until mended."""

from __future__ import annotations

from datetime import date

import pytest

from tests.journeys.steps import follow, hear_and_impose, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


@pytest.fixture
def two_late(house, vehicles, end_of_day):
    """Two vehicles delivered on the 2nd and the 3rd of March whose files nobody hands over; it is the 9th."""
    from kedang.files.services import reach_file
    from kedang.sanctions.models import Breach

    for day in (2, 3):
        file = vehicles(house.li, opened_on=date(2026, 3, day))
        reach_file(
            actor=house.li, now=moment(f"2026-03-0{day}", 10), token=f"delivered-{day}", file=file,
            milestone="delivered", on=date(2026, 3, day),
        )  # fmt: skip
    end_of_day("2026-03-05")
    assert not Breach.objects.exists()
    end_of_day("2026-03-06")
    assert Breach.objects.count() == 1
    end_of_day("2026-03-08")
    return list(Breach.objects.order_by("happened_on"))


def test_the_second_of_a_month_is_proposed_double_and_cannot_be_decided_before_the_first(enter, clock, house, two_late):
    first, second = two_late
    clock.on("2026-03-09")
    window = enter("liu", "/breaches/")
    lines = {one.inner_text() for one in window.locator("#content tbody tr").all()}
    assert any("¥50.00" in one and "7.5.1" in one for one in lines)
    assert any("¥100.00" in one and "7.5.6a" in one for one in lines)
    window.goto(f"/breaches/{second.pk}/")
    assert "¥50.00" in window.locator("#content").inner_text()  # what it comes to if the first is not imposed
    assert window.locator("form[action$='/decide/'] button[value=impose]").count() == 0
    hear_and_impose(window, first.pk)
    assert "¥50.00" in window.locator("#content").inner_text()
    hear_and_impose(window, second.pk)
    assert "¥100.00" in window.locator("#content").inner_text()
    second.refresh_from_db()
    assert second.status == "imposed"


def test_nobody_but_the_director_decides_and_the_page_says_under_which_clause(enter, clock, house, two_late):
    clock.on("2026-03-09")
    window = enter("chen", f"/breaches/{two_late[0].pk}/")
    assert window.locator("form[action$='/decide/'] button[value=impose]").count() == 0
    assert "7.5.9" in window.locator("#content").inner_text()


def test_an_ordered_correction_repeats_each_working_day_until_it_is_mended(enter, clock, house, two_late, end_of_day):
    from kedang.sanctions.models import Breach

    first = two_late[0]
    clock.on("2026-03-09")
    hear_and_impose(enter("liu"), first.pk)
    archive = enter("wang", f"/breaches/{first.pk}/")
    follow(archive, archive.get_by_role("button", name="责令改正"))
    end_of_day("2026-03-10")
    assert not Breach.objects.filter(same_as=first).exists()  # the one working day that he has is not over
    end_of_day("2026-03-15")
    days = Breach.objects.filter(same_as=first).order_by("happened_on").values_list("happened_on", flat=True)
    assert [day.day for day in days] == [10, 11, 12, 13]  # Tuesday to Friday, and no weekend
    clock.on("2026-03-16")
    window = enter("li", f"/breaches/{first.pk}/")
    follow(window, window.get_by_role("button", name="已改正"))
    end_of_day("2026-03-20")
    assert Breach.objects.filter(same_as=first).count() == 4


def test_a_colleague_sees_neither_the_breach_nor_how_many_there_are(enter, clock, house, two_late):
    clock.on("2026-03-09")
    window = enter("zhou", "/breaches/")
    assert window.locator("#content .k-empty").is_visible()
    assert window.locator(".k-rail a[href='/breaches/'] .k-count").count() == 0
    assert window.goto(f"/breaches/{two_late[0].pk}/").status == 404
    window = enter("li", "/breaches/")
    assert window.locator(".k-rail a[href='/breaches/'] .k-count").inner_text() == "2"


def test_the_rates_of_both_departments_stand_in_the_figures_of_the_month(enter, clock, house, two_late, end_of_day):
    from kedang.files.models import File
    from kedang.files.services import open_job, reach_job

    file = File.objects.order_by("pk")[0]
    job = open_job(
        actor=house.he, now=moment("2026-03-09"), token="visit", file=file, what="visit", job_kinds=["minor-repair"],
        contact_name="单雄信", contact_phone="13800001111", verified=True,
    ).result  # fmt: skip
    reach_job(
        actor=house.he, now=moment("2026-03-09", 17), token="ended", job=job, milestone="ended", on=date(2026, 3, 9)
    )
    end_of_day("2026-03-11")
    clock.on("2026-03-12")
    window = enter("chen", "/figures/?clause=07:7.5.8a")
    lines = [one.inner_text().split() for one in window.locator("#content tbody tr").all()]
    said = {line[0]: line for line in lines}
    assert said["销售部"][1:4] == ["0", "/", "2"] and "售后服务部" in said
    follow(window, window.locator("#content tbody tr", has_text="销售部").locator("a").last)
    assert window.locator("#content tbody tr").count() == 2
    window = enter("li", "/figures/")
    assert "销售部" not in window.locator("#content").inner_text()
