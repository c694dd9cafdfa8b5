"""Certificates like cash: three check them, two count the safe, and they go home when the project is settled."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import FOUNDED, PASSWORD, POLICIES, SHANGHAI
from tests.journeys.steps import follow, moment, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
STAFF = (
    ("dong", "董国强", "chairman"), ("zong", "宗敏", "general-manager"), ("ai", "艾青", "project-manager"),
    ("bo", "柏林", "project-manager"), ("shu", "舒兰", "archivist"), ("quan", "权芳", "title-custodian"),
)  # fmt: skip
DEED = ("customer-title", "房屋所有权证", "沪房地浦字2026第001234号", "1", "单雄信")
RIGHT = ("other-rights", "不动产登记证明", "沪2026浦东证明5678号", "2", "鸿借公司")


@pytest.fixture
def house(transactional_db, key_files, clock):
    """The house of two managers, with a safe of two compartments, a project that has its number and its title file."""
    from kedang.files.place_services import register_place
    from kedang.files.services import open_file
    from kedang.journal.guard import writing
    from kedang.office.founding import Employee, adopt, employ, found_branch

    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("HJ", "鸿借公司", "Hongjie", now=now, on=FOUNDED)
    staff = [Employee(user, name, user.title(), [post], "") for user, name, post in STAFF]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    packs = [POLICIES / "00-law.yaml", POLICIES / "00-base.yaml", POLICIES / "13-microloan-guarantee-projects.yaml"]
    adopt(branch, packs, people["dong"], now=now, on=FOUNDED, hearing="Staff meeting of 2025-12-20")

    def given(who: str, token: str) -> dict[str, object]:
        return {"actor": people[who], "now": moment("2026-03-02", 8), "token": token, "branch": branch}

    safe = register_place(**given("shu", "safe"), code="B1", name="保险柜", kind="safe").result
    parts = [
        register_place(**given("shu", code), code=code, kind="compartment", parent=safe).result
        for code in ("B1-1", "B1-2")
    ]
    roles = {"manager-a": people["ai"], "manager-b": people["bo"]}
    values = {"project": "城东建材周转", "business": "loan", "customer": "单雄信", "contract-number": "HT-1"}
    project = open_file(**given("ai", "project"), kind="project", values=values, roles=roles).result
    with writing():  # how a file comes to its number is another journey
        project.number = "鸿借字第001号"
        project.save(update_fields=["number"])
    title = open_file(**given("ai", "title"), kind="title", values={"project": "城东建材周转"}, roles=roles).result
    return SimpleNamespace(branch=branch, safe=safe, parts=parts, project=project, title=title, **people)


def take_in(window: Page, url: str, kind: str, name: str, number: str, pieces: str, owner: str) -> None:
    """Take a certificate in on the page of its file."""
    window.goto(url)
    window.locator("[name=kind]").select_option(kind)
    for field, value in (("name", name), ("number", number), ("quantity", pieces), ("owner", owner)):
        window.fill(f"[name=field_{field}]", value)
    follow(window, "form[action$='/receive/'] button")


def check(window: Page, url: str, *papers: tuple[str, str]) -> None:
    """Type number and pieces of each paper of the list, in its order, and find that the names agree."""
    window.goto(url)
    for at, (number, pieces) in enumerate(papers):
        window.locator("select[name^=agrees_]").nth(at).select_option("yes")
        window.locator("input[name^=paper_]").nth(at).fill(number)
        window.locator("input[name^=counted_]").nth(at).fill(pieces)
    follow(window, "form[action$='/certificates/check/'] button.btn-primary")


def sign(window: Page, url: str, who: str) -> None:
    """Sign the transfer list in whoever's window."""
    window.goto(url)
    window.fill("[name=signer_username]", who)
    window.fill("[name=signer_password]", PASSWORD)
    follow(window, "form[action$='/certificates/sign/'] button")


def into_the_safe(enter, house) -> tuple[Page, str]:
    """Two certificates on their way from A into the first compartment; the archivist's window and the file's page."""
    url = f"/files/{house.title.pk}/certificates/"
    a, b, archive = enter("ai"), enter("bo"), enter("shu")
    take_in(a, url, *DEED)
    take_in(a, url, *RIGHT)
    follow(a, "form[action$='/certificates/write/'] button")
    good = [(one[2], one[3]) for one in (DEED, RIGHT)]
    for window in (a, b, archive):
        check(window, url, *good)
    for who in ("ai", "bo", "shu"):
        sign(archive, url, who)
    archive.locator("[name=place]").select_option(str(house.parts[0].pk))
    follow(archive, "form[action$='/certificates/store/'] button")
    return archive, url


def count(window: Page, house, first: str, second: str, sorts: dict[str, str]) -> None:
    """Two people count the safe and sign in one window."""
    window.goto("/certificates/balance/")
    for place, pieces in zip(house.parts, (first, second), strict=True):
        window.fill(f"[name=place_{place.pk}]", pieces)
    for box in window.locator("input[name^=kind_]").all():
        box.fill(sorts.get((box.get_attribute("name") or "").removeprefix("kind_"), "0"))
    for box, who in (("first", "shu"), ("second", "quan")):
        window.fill(f"[name={box}_username]", who)
        window.fill(f"[name={box}_password]", PASSWORD)
    follow(window, "form.k-form button.btn-primary")


def test_a_certificate_is_checked_by_three_locked_up_and_released_after_repayment(enter, clock, house):
    clock.on("2026-03-02")
    url = f"/files/{house.title.pk}/certificates/"
    a, b, archive = enter("ai"), enter("bo"), enter("shu")
    take_in(a, url, *DEED)
    take_in(a, url, *DEED)
    assert "此权证号已在册" in a.locator("#content").inner_text()
    assert a.locator("[name=field_name]").input_value() == "房屋所有权证"
    follow(a, a.locator(".k-crumbs a").first)
    a.goto(url)
    follow(a, "form[action$='/certificates/write/'] button")
    check(a, url, (DEED[2], "1"))
    check(b, url, ("沪房地浦字2026第001235号", "1"))
    assert "权证号不符" in b.locator("#content").inner_text()
    sign(b, url, "bo")
    assert "不一致的不能签字" in b.locator("#content").inner_text()
    check(b, url, (DEED[2], "1"))
    check(archive, url, (DEED[2], "1"))
    for who in ("ai", "bo", "shu"):
        sign(archive, url, who)
    expect(archive.locator("body")).to_contain_text("3 / 3")
    clock.on("2026-03-02", 14)
    archive.locator("[name=place]").select_option(str(house.parts[0].pk))
    follow(archive, "form[action$='/certificates/store/'] button")
    said = archive.locator("#content").inner_text()
    assert "B1-1" in said
    assert "在手 5 小时" in said
    assert DEED[2] not in archive.content()
    back = f"/files/{house.title.pk}/give-back/"
    archive.goto(back)
    assert "13.1.0b" in archive.locator("#content").inner_text()
    clock.on("2026-06-01")
    a.goto(f"/files/{house.project.pk}/")
    unfold(a.locator("details", has=a.locator("#on_settled")).locator("summary"))
    a.fill("#on_settled", "2026-06-01")
    follow(a, a.locator("form", has=a.locator("#on_settled")).locator("button"))
    archive.goto(back)
    archive.fill("[name=taker]", "单雄信")
    archive.locator("[name=id_checked]").check()
    archive.locator("[name=signed]").check()
    archive.fill("[name=keeper_password]", PASSWORD)
    follow(archive, "form.k-form button.btn-primary")
    receipt = archive.locator("#content").inner_text()
    assert "单雄信" in receipt
    assert "房屋所有权证" in receipt
    archive.goto("/certificates/?tab=returned")
    assert "已归还" in archive.locator("table").inner_text()


def test_two_people_count_the_safe_and_a_missing_piece_is_named(enter, clock, house):
    clock.on("2026-03-02")
    archive, _url = into_the_safe(enter, house)
    clock.on("2026-03-02", 17)
    archive.goto("/certificates/balance/")
    assert "在柜" not in archive.locator("form.k-form").inner_text()
    count(archive, house, "3", "0", {"customer-title": "1", "other-rights": "1"})
    assert "3" in archive.locator("[role=alert]").inner_text()
    assert archive.locator(f"[name=place_{house.parts[0].pk}]").input_value() == "3"
    count(archive, house, "2", "0", {"customer-title": "1", "other-rights": "1"})
    said = archive.locator("[role=alert]").inner_text()
    assert "账面 3，实点 2" in said
    assert "账面 2，实点 1" in said
    count(archive, house, "3", "0", {"customer-title": "1", "other-rights": "2"})
    assert "清点结果与台账相符" in archive.locator("#content").inner_text()
    custodian = enter("quan")
    custodian.goto("/certificates/")
    assert "账实相符" in custodian.locator("#content").inner_text()
    assert enter("dong").goto("/certificates/").status == 404


def test_a_stock_check_finds_one_certificate_in_the_wrong_compartment(enter, clock, house):
    from kedang.certificates.models import Certificate
    from kedang.files import labels

    clock.on("2026-03-02")
    archive, _url = into_the_safe(enter, house)
    deed, right = Certificate.objects.order_by("pk")
    first, second = house.parts
    scans = [("place", first), ("certificate", deed), ("place", second), ("certificate", right)]
    archive.goto(f"/inspections/hold/?place={house.safe.pk}")
    archive.fill("[name=scanned]", "\n".join(labels.code_of(kind, one.pk) for kind, one in scans))
    for box in archive.locator("select[name^=answer_]").all():
        box.select_option("fine")
    follow(archive, archive.locator("form:has([name=scanned]) button[value=hold]"))
    said = archive.locator("#content").inner_text()
    assert "不动产登记证明" in said
    assert "B1-2" in said
