"""A project from its opening to the shelf: two managers, a gap, three signatures, a number, a place."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import FOUNDED, PASSWORD, POLICIES, SHANGHAI
from tests.journeys.steps import follow, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
STAFF = (
    ("dong", "董国强", "chairman"), ("zong", "宗敏", "general-manager"), ("ai", "艾青", "project-manager"),
    ("bo", "柏林", "project-manager"), ("shu", "舒兰", "archivist"),
)  # fmt: skip


@pytest.fixture
def house(transactional_db, key_files, clock):
    """The house under the law, the common rules and the policy of two managers."""
    from kedang.office.founding import Employee, adopt, employ, found_branch

    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("HJ", "鸿借公司", "Hongjie", now=now, on=FOUNDED)
    staff = [Employee(user, name, user.title(), [post], "") for user, name, post in STAFF]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    packs = [POLICIES / "00-law.yaml", POLICIES / "00-base.yaml", POLICIES / "13-microloan-guarantee-projects.yaml"]
    adopt(branch, packs, people["dong"], now=now, on=FOUNDED, hearing="Staff meeting of 2025-12-20")
    return SimpleNamespace(branch=branch, **people)


def open_project(window: Page, a: str, b: str) -> None:
    """Fill in the intake of a project with its two managers."""
    window.goto("/files/open/?kind=project")
    for field, value in {"project": "城东建材周转", "customer": "单雄信", "contract-number": "HT-1"}.items():
        window.fill(f"[name='field_{field}']", value)
    window.locator("[name=field_business]").select_option("loan")
    window.locator("[name='role_manager-a']").select_option(label=a)
    window.locator("[name='role_manager-b']").select_option(label=b)
    follow(window, "#content form.k-form button.btn-primary")


def answer(window: Page, file: str, missing: str = "") -> None:
    """Answer the papers of the file: all here but the one named, and nothing that the customer left behind."""
    window.goto(file)
    lines = window.locator("section.k-card", has=window.locator("select[name^=state_]")).first
    for row in lines.locator("tbody tr").all():
        name = row.locator("select").get_attribute("aria-label") or ""
        state = "not_applicable" if "未拿走" in name else "to_follow" if name == missing else "present"
        row.locator("select").select_option(state)
        if state == "to_follow":
            row.locator("input[name^=reason_]").fill("客户周四带来")
    follow(window, lines.locator("button.btn-primary"))


def write(window: Page, file: str, pages: int) -> None:
    """Write the list with so many pages for each paper."""
    window.goto(f"{file}list/")
    for box in window.locator("input[name^=pages_]").all():
        box.fill(str(pages))
    follow(window, "form[action$='/list/write/'] button")


def check(window: Page, file: str, pages: int) -> None:
    """Find every line of the list, and count its pages."""
    window.goto(f"{file}list/")
    for box in window.locator("select[name^=found_]").all():
        box.select_option("found")
    for count in window.locator("input[name^=counted_]").all():
        count.fill(str(pages))
    follow(window, "form[action$='/list/check/'] button.btn-primary")


def offer(window: Page, file: str, giver: str, receiver: str) -> str:
    """Offer the papers with the giver's signature; the address of the handover."""
    window.goto(f"{file}handover/project-papers/")
    window.locator("[name=receiver]").select_option(label=receiver)
    window.fill("[name=giver_username]", giver)
    window.fill("[name=giver_password]", PASSWORD)
    follow(window, "#content form.k-form button.btn-primary")
    return window.url


def bring_later(window: Page, file: str, giver: str, receiver: str) -> str:
    """Bring what was missing when the papers were handed over, with the giver's signature; the address of its list."""
    window.goto(file)
    follow(window, window.locator("a[href$='/supply/project-papers/']"))
    for box in window.locator("[name=brought]").all():
        box.check()
    window.locator("[name=receiver]").select_option(label=receiver)
    window.fill("[name=giver_username]", giver)
    window.fill("[name=giver_password]", PASSWORD)
    follow(window, "#content form.k-form button.btn-primary")
    return window.url


def receive(window: Page, handover: str, receiver: str) -> None:
    """Sign the receipt."""
    window.goto(handover)
    window.fill("[name=receiver_username]", receiver)
    window.fill("[name=receiver_password]", PASSWORD)
    follow(window, window.locator("form", has=window.locator("[name=receiver_password]")).locator("button"))


def sign(window: Page, file: str, who: str) -> None:
    """Sign the list in whoever's window."""
    window.goto(f"{file}list/")
    window.fill("[name=signer_username]", who)
    window.fill("[name=signer_password]", PASSWORD)
    follow(window, "form[action$='/list/sign/'] button")


def test_a_project_goes_from_a_over_b_to_the_archivist_and_onto_the_shelf(enter, clock, house):
    from kedang.files.place_services import register_place

    clock.on("2026-03-02")
    given = {"actor": house.shu, "now": moment("2026-03-02"), "token": "place"}
    place = register_place(**given, branch=house.branch, code="A-01").result
    a, b, archive = enter("ai"), enter("bo"), enter("shu")
    open_project(a, "艾青", "艾青")
    assert "13.4.1" in a.locator("#content").inner_text()
    open_project(a, "艾青", "柏林")
    file = a.url
    expect(a.locator("#content")).to_contain_text("尚未编号")
    answer(a, file, missing="客户或企业资料")
    write(a, file, 3)
    receive(b, offer(a, file, "ai", "柏林"), "bo")
    check(b, file, 3)
    b.fill("[name=due_on]", "2026-03-05")
    follow(b, "form[action$='/list/supplement/'] button")
    asked = b.locator("#content").inner_text()
    assert "客户或企业资料" in asked and "2026-03-05" in asked
    a.goto("/desk/")
    assert "2026-03-05" in a.locator("#content").inner_text()
    receive(b, bring_later(a, file, "ai", "柏林"), "bo")
    write(a, file, 3)
    check(b, file, 3)
    follow(b, "form[action$='/list/code/'] button")
    assert "10–12" in b.locator("#content").inner_text()
    handover = offer(b, file, "bo", "舒兰")
    receive(archive, handover, "shu")
    assert "13.4.6a" in archive.locator("#content").inner_text()
    check(archive, file, 3)
    receive(archive, handover, "shu")
    for who in ("ai", "bo", "shu"):
        sign(archive, file, who)
    expect(archive.locator("body")).to_contain_text("3 / 3")
    follow(archive, "form[action$='/number/'] button")
    expect(archive.locator("body")).to_contain_text("鸿借字第001号")
    archive.goto(file)
    archive.locator("[name=place]").select_option(str(place.pk))
    follow(archive, archive.get_by_role("button", name="放入存放位置"))
    five = archive.locator(".k-five").inner_text()
    assert "A-01" in five and "鸿借字第001号" in five
    archive.goto(f"{file}list/")
    follow(archive, "form[action$='/list/print/'] button")
    copies = archive.locator(".k-copy")
    expect(copies).to_have_count(3)
    assert "艾青" in copies.nth(0).inner_text() and "存于档案" in copies.nth(2).inner_text()
