"""Places: built room by room, labelled, filled and emptied with a scanner, walked through, counted, put right."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from tests.journeys.steps import follow, moment, scan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


def build(window: Page, code: str, kind: str, capacity: str = "") -> None:
    """Add a place within the one that the page shows, and walk into it."""
    form = window.locator("form", has=window.locator("[name=capacity]"))
    form.locator("[name=code]").fill(code)
    form.locator("[name=kind]").select_option(kind)
    form.locator("[name=capacity]").fill(capacity)
    follow(window, form.locator("button.btn-primary"))
    follow(window, window.locator("td a", has_text=code).first)


def labels(window: Page, link: str) -> dict[str, str]:
    """The codes on a sheet of labels by what stands above them; back on the page of the place afterwards."""
    follow(window, window.get_by_role("link", name=link))
    assert window.locator(".k-label img").first.evaluate("e => e.complete && e.naturalWidth > 0")
    found = {
        one.locator("b").inner_text(): one.locator("small").inner_text() for one in window.locator(".k-label").all()
    }
    with window.expect_navigation():
        window.go_back()
    return found


def index_of(window: Page, place: str) -> dict[str, str]:
    """What belongs in a place and all within it, as its page lists it: each file with the rest of its line."""
    window.goto(place)
    table = window.locator("section.k-card", has=window.get_by_role("heading", name="在此存放的案卷"))
    return {row.locator(".k-main-cell").inner_text(): row.inner_text() for row in table.locator("tbody tr").all()}


def put(window: Page, code: str, *volumes: str) -> str:
    """At the desk: a place, and then each volume that goes into it; what the desk says to the last."""
    window.goto("/scan/?mode=put")
    said = scan(window, code)
    for one in volumes:
        said = scan(window, one)
    return said


def take_stock(window: Page, place: int, *codes: str) -> None:
    """Scan what stands in a place, one label after another, and hold the check."""
    window.goto(f"/inspections/hold/?place={place}")
    for code in codes:
        scan(window, code)
    for box in window.locator("select[name^=answer_]").all():
        box.select_option("fine")
    follow(window, "button[value=hold]")


def lend(house, volume) -> None:
    """Give a volume to the consultant, with the director's consent; slips have a journey of their own."""
    from kedang.loans.services import lend_directly
    from kedang.office.approval_services import grant_approval, request_approval

    now, about = moment("2026-03-02"), ("file", str(volume.file_id))
    asked = request_approval(
        actor=house.wang, now=now, token="ask", branch=house.branch, clause="07:7.2.6a", act="loan.issue", about=about
    ).result
    grant_approval(actor=house.liu, now=now, token="grant", approval=asked)
    given = {"borrower": house.li, "purpose": "核对保险", "until": date(2026, 3, 4), "how": "password"}
    lend_directly(actor=house.wang, now=now, token="lend", volume=volume, **given)


def test_a_room_is_built_labelled_filled_by_scanner_counted_and_put_right(enter, clock, house, vehicles):
    from kedang.files.models import Place, Volume
    from kedang.journal.guard import writing

    clock.on("2026-03-02")
    first, second, third = (str(vehicles(house.li, opened_on=date(2026, 3, 2))) for _ in range(3))
    with writing():  # how they come into the archive is another journey
        Volume.objects.update(holder=house.wang)
    archive = enter("wang", "/places/")
    build(archive, "R1", "storeroom")
    build(archive, "R1-A", "rack")
    rack = archive.url
    build(archive, "R1-A-1", "shelf", "1")
    archive.goto(rack)
    build(archive, "R1-A-2", "box")
    archive.goto(rack)
    codes = labels(archive, "打印位置标签")
    assert set(codes) == {"R1-A", "R1-A-1", "R1-A-2"}
    volumes = {str(one.file): one for one in Volume.objects.select_related("file__branch", "holder")}
    for volume in volumes.values():
        archive.goto(f"/files/{volume.file_id}/")
        codes |= labels(archive, "标签")

    put(archive, codes["R1-A-1"], codes[first])
    assert "R1-A-1" in put(archive, codes["R1-A-1"], codes[second]) and archive.locator(".k-flash.is-error").count()
    assert "R1-A-2" in put(archive, codes["R1-A-2"], codes[second], codes[third])
    stock = index_of(archive, rack)
    assert set(stock) == {first, second, third} and "R1-A-1" in stock[first] and "R1-A-2" in stock[third]
    assert labels(archive, "打印案卷标签") == {file: codes[file] for file in (first, second, third)}

    archive.goto("/scan/?mode=fetch")
    assert "R1-A-1" in scan(archive, codes[first])
    assert "王敏" in index_of(archive, rack)[first]
    put(archive, codes["R1-A-1"], codes[first])
    lend(house, volumes[second])
    away = index_of(archive, rack)[second]
    assert "R1-A-2" in away and "李思远" in away

    take_stock(archive, Place.objects.get(code="R1-A").pk, codes["R1-A-1"], codes[first], codes[third])
    wrong = archive.locator("tbody tr", has_text="放错位置")
    assert third in wrong.inner_text() and "R1-A-2" in wrong.inner_text() and "R1-A-1" in wrong.inner_text()
    assert second in archive.locator("tbody tr", has_text="台账记载不在位").inner_text()
    check = archive.url
    archive.goto(f"/files/{volumes[third].file_id}/")
    follow(archive, archive.locator(".k-flash.is-warning a"))
    assert archive.url == check
    archive.fill("[name^=how_]", "已放回R1-A-2")
    follow(archive, "form[action$='/mend/'] button.btn-primary")
    assert "已放回R1-A-2" in archive.locator("#content").inner_text()
    archive.goto(f"/files/{volumes[third].file_id}/")
    assert archive.locator(".k-flash.is-warning").count() == 0
    assert Volume.objects.get(pk=volumes[third].pk).home == Place.objects.get(code="R1-A-2")
