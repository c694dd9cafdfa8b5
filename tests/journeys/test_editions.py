"""One policy for two branches at once: from the box, heard, signed, in force; amended from next month; printed."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from kedang.adoptions.queries import book_for
from kedang.rulebook import setting
from tests.journeys.conftest import FOUNDED, PASSWORD, POLICIES, SHANGHAI
from tests.journeys.steps import follow, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]

WHO = (
    ("xu", "administrator", ""), ("chen", "general-manager", ""), ("gu", "service-department-head", "customer-service"),
)  # fmt: skip
PACK = "14-property-enterprise-two-level-archive.yaml"


@pytest.fixture
def house(transactional_db, key_files, clock):
    """An enterprise with a second centre; only law and the common rules are in force."""
    from kedang.journal.guard import writing
    from kedang.office.founding import Employee, adopt, employ, found_branch
    from kedang.staff.models import Branch, PostHolding

    clock.on("2026-03-10")
    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("HQ", "总部", "Head office", now=now, on=FOUNDED)
    names = {"xu": "许安", "chen": "陈国栋", "gu": "顾晓岚"}
    staff = [Employee(user, names[user], user.title(), [post], unit) for user, post, unit in WHO]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    packs = sorted(path for path in POLICIES.glob("00-*.yaml") if ".cases." not in path.name)
    adopt(branch, packs, people["chen"], now=now, on=FOUNDED)
    with writing():
        centre = Branch.objects.create(code="C1", name_zh="东区中心", name_en="East centre", parent=branch)
        for name, post, unit in WHO:
            PostHolding.objects.create(person=people[name], branch=centre, post=post, unit=unit, since=FOUNDED)
    adopt(centre, packs, people["chen"], now=now, on=FOUNDED)
    return SimpleNamespace(branch=branch, centre=centre, **people)


def decide(window, day: str, adopter=None) -> None:
    """From the draft's page to an edition in force: its day, the hearing, the proposal, the signature, the adoption.

    Each is done once and holds for both branches.  ``adopter`` is the window of whoever may put it into force, where
    that is somebody else.
    """
    window.fill("[name=in_force_from]", day)
    follow(window, "form[action$='/change/'] .btn-primary")
    window.fill("[name=heard_on]", "2026-03-05")
    window.fill("[name=note]", "职工大会讨论，公示七日。")
    follow(window, "form[action$='/hear/'] button")
    follow(window, "form[action$='/propose/'] button")
    window.fill("[name=signer_username]", "chen")
    window.fill("[name=signer_password]", PASSWORD)
    follow(window, "form[action$='/sign/'] button")
    last = adopter or window
    if adopter:
        adopter.goto(window.url)
    follow(last, "form[action$='/adopt/'] button")
    expect(last.locator("section", has_text="各版所辖")).to_be_visible()


def taken_from_the_box(window, *branches: str) -> None:
    """Tick the branches, then take the policy of the box."""
    for box in window.locator("[name=branches]").all():
        box.uncheck()
    for branch in branches:
        window.get_by_label(branch).check()
    follow(window, f"button[name=pack][value='{PACK}']")


def shorten(window) -> None:
    """Loans of five days instead of seven, in the fields of the figures."""
    for clause, labels in (("14.5.13.1b", ("期限：日历日", "借阅的期限(天)")), ("14.5.13.1c", ("期限：日历日",))):
        for label in labels:
            field = window.locator(f"[id='c-{clause}']").get_by_label(label)
            assert field.input_value() == "7"
            field.fill("5")
    follow(window, "form:has(#edition) button.btn-primary")


def cases_of_five_days(text: str) -> str:
    """Its cases for five days: what a person changes whom the run has named the five that fail."""
    start = text.rindex("\n  - name:", 0, text.index("A loan of 1 May is due on 8 May")) + 1
    end = text.index("\n  - name:", text.index("A renewed loan has a new date")) + 1
    block = text[start:end].replace("loan.period_days: 7", "loan.period_days: 5")
    for old, new in (("2026-05-08", "2026-05-06"), ("2026-05-07", "2026-05-06"), ("2026-05-14", "2026-05-11")):
        block = block.replace(old, new)
    return text[:start] + block + text[end:]


def test_a_loan_limit_is_amended_from_next_month_and_each_loan_falls_under_its_own_edition(enter, house, clock):
    window = enter("xu", "/policies/adopt/")
    taken_from_the_box(window, house.branch.name_zh, house.centre.name_zh)
    assert window.locator("section", has_text="同时适用的单位").locator("tbody tr").count() == 2
    decide(window, "2026-03-11")
    for branch in (house.branch, house.centre):
        assert book_for(branch, date(2026, 3, 11)).pack("14").edition == "1"

    clock.on("2026-03-20")
    edition, chief = window.url, enter("chen")
    window.goto(edition)
    assert window.locator("form[action$='/amend/']").count() == 0  # the policy names who revises it
    window = enter("gu")
    window.goto(edition)
    assert window.locator("[name=branches]:checked").count() == 2
    follow(window, "form[action$='/amend/'] button")
    shorten(window)
    assert "14.5.13.1b" in window.locator("#content").inner_text()
    window.goto(window.url.rstrip("/") + "/wording/")
    unfold(window.locator("details:has(#cases) > summary"))
    cases = window.locator("#cases")
    cases.evaluate("(box, text) => { box.value = text; }", cases_of_five_days(cases.input_value()))  # pasted, not typed
    follow(window, "form:has(#cases) button")
    expect(window.locator(".k-figures")).to_contain_text("0")
    decide(window, "2026-04-01", chief)
    window = chief

    for branch in (house.branch, house.centre):
        days = {
            on: setting(book_for(branch, on), "loan.period_days").value for on in (date(2026, 3, 31), date(2026, 4, 1))
        }
        assert days == {date(2026, 3, 31): 7, date(2026, 4, 1): 5}
    table = window.locator("section", has_text="各版所辖").locator("tbody tr")
    assert table.count() == 2
    window.emulate_media(media="print")
    printed = window.locator("body").inner_text()
    assert "陈国栋" in printed and "14.5.13.1b" in printed and "职工大会讨论" in printed
