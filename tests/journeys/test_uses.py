"""Where a tenant's papers went: read on the spot with consent, entered the same day, followed up until destroyed."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import FOUNDED, PASSWORD, POLICIES, SHANGHAI
from tests.journeys.steps import follow, moment, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
STAFF = (("fang", "方正", "enterprise-head"), ("hou", "侯敏", "centre-head"), ("xin", "辛悦", "centre-archivist"))


@pytest.fixture
def house(transactional_db, key_files, clock):
    """A customer service centre with the letting file of one unit."""
    from kedang.files.services import open_file
    from kedang.office.founding import Employee, adopt, employ, found_branch

    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("ZX", "一中心", "Centre one", now=now, on=FOUNDED)
    staff = [Employee(user, name, user.title(), [post], "") for user, name, post in STAFF]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    names = ("00-law", "00-base", "14-property-enterprise-two-level-archive")
    adopt(
        branch, [POLICIES / f"{one}.yaml" for one in names], people["fang"], now=now, on=FOUNDED, hearing="2025-12-20"
    )
    made = SimpleNamespace(branch=branch, **people)
    made.file = open_file(
        actor=made.xin, now=moment("2026-03-02"), token="open", branch=branch, kind="letting", roles={},
        values={"unit": "3-1-502", "tenant": "程咬金"},
    ).result  # fmt: skip
    return made


def test_a_reading_of_a_tenants_papers_is_entered_and_followed_up(enter, house, clock):
    from kedang.loans.reading_services import open_consultation
    from kedang.office.approval_services import grant_approval, request_approval

    clock.on("2026-03-03")
    said = {"now": moment("2026-03-03")}
    wanted = {"clause": "14:14.5.14c", "act": "consultation.open", "about": ("file", str(house.file.pk))}
    asked = request_approval(actor=house.xin, token="ask", branch=house.branch, **wanted, **said).result
    grant_approval(actor=house.hou, token="yes", approval=asked, **said)
    open_consultation(actor=house.xin, token="read", file=house.file, reader=house.fang, purpose="核对租期", **said)

    window = enter("xin", f"/files/{house.file.pk}/loans/")
    follow(window, f"a[href='/files/{house.file.pk}/uses/']")
    offered = window.locator("select[name=what] option")
    assert offered.all_inner_texts() == ["方正查阅", "整份档案"]
    window.fill("[name=taker]", "方正（企业负责人）")
    window.fill("[name=purpose]", "核对租期")
    follow(window, "form[action$='/uses/record/'] button")
    row = window.locator("tbody tr")
    expect(row).to_contain_text("方正（企业负责人）")
    assert window.locator("select[name=what] option").all_inner_texts() == ["整份档案"]

    clock.on("2026-03-20")
    unfold(window.locator("tbody details > summary"))
    window.check("tbody [name=destroyed]")
    follow(window, "form[action$='/report/'] button")
    expect(row).to_contain_text("已销毁")
    assert window.locator("form[action$='/report/']").count() == 0
