"""What an archive prints: on A4, with head, page number and lines around every cell, without the screen's frame."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.steps import follow, moment
from tests.journeys.test_lender import answer, check, house, offer, open_project, receive, sign, write

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
FRAME = ".k-rail, .k-bar, .k-bottom, .k-actions, .k-query, .k-tabs, .k-page .btn"
A4 = re.compile(rb"/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]")


def printed(window: Page, path: str, name: str, tmp_path: Path, *wanted: str) -> int:
    """Print a page; the number of its sheets.  ``KEDANG_PRINTS`` names a folder that keeps prints to be looked at."""
    if path:
        window.goto(path)
    window.emulate_media(media="print")
    assert window.locator(FRAME).filter(visible=True).count() == 0
    text = window.locator("main").inner_text()
    for words in wanted:
        assert words in text, f"{words} is not on {name}"
    window.emulate_media(media="null")
    target = Path(os.environ.get("KEDANG_PRINTS") or tmp_path) / f"{name}.pdf"
    window.pdf(path=target, prefer_css_page_size=True)
    data = target.read_bytes()
    sheets = len(re.findall(rb"/Type /Page\b", data))
    assert len(A4.findall(data)) >= 1
    return sheets


def shelved_project(enter, house, a: Page, archive: Page) -> str:
    """A project of five papers, handed from A over B to the archivist, signed, numbered and on the shelf."""
    from kedang.files.place_services import register_place

    given = {"actor": house.shu, "now": moment("2026-03-02"), "token": "place"}
    place = register_place(**given, branch=house.branch, code="A-01", name="一号柜").result
    open_project(a, "艾青", "柏林")
    file = a.url
    answer(a, file)
    write(a, file, 3)
    b = enter("bo")
    receive(b, offer(a, file, "ai", "柏林"), "bo")
    check(b, file, 3)
    follow(b, "form[action$='/list/code/'] button")
    handover = offer(b, file, "bo", "舒兰")
    receive(archive, handover, "shu")
    check(archive, file, 3)
    receive(archive, handover, "shu")
    for who in ("ai", "bo", "shu"):
        sign(archive, file, who)
    follow(archive, "form[action$='/number/'] button")
    archive.goto(file)
    archive.locator("[name=place]").select_option(str(place.pk))
    follow(archive, archive.get_by_role("button", name="放入存放位置"))
    return file


def test_the_archive_prints_list_copies_slip_ledgers_labels_and_books_on_a4(enter, clock, house, tmp_path):
    clock.on("2026-03-02")
    a, archive = enter("ai"), enter("shu")
    file = shelved_project(enter, house, a, archive)
    assert printed(archive, f"{file}list/", "in-file-list", tmp_path, "鸿借字第001号", "艾青", "柏林", "舒兰") >= 1
    follow(archive, "form[action$='/list/print/'] button")
    assert printed(archive, "", "three-copies", tmp_path, "第 1 份", "第 3 份", "存于档案") == 3
    chairman = enter("dong", f"{file}loans/")
    chairman.fill("[name=purpose]", "贷后检查")
    follow(chairman, "form[action$='/loans/request/'] button.btn-primary")
    assert printed(chairman, "", "loan-slip", tmp_path, "贷后检查", "董国强", "鸿借字第001号") == 1
    assert printed(archive, "/loans/ledger/?kind=project", "ledger", tmp_path, "鸿借字第001号", "A-01") == 1
    assert printed(archive, "/loans/register/", "register-of-use", tmp_path) == 1
    assert printed(archive, "/sign-for-book/", "sign-for-book", tmp_path, "鸿借字第001号", "艾青", "柏林") == 1
    assert printed(archive, f"{file}labels/", "labels", tmp_path, "鸿借字第001号") == 1
