"""A clause with a deadline and a fine, and another taken out, by somebody who writes no YAML; adopted, and it bites."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from kedang.adoptions.queries import book_for
from tests.journeys.conftest import FOUNDED, PASSWORD
from tests.journeys.steps import bring, follow, hear_and_impose, type_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]

SIGNERS = ("wang", "liu", "chen")


def add_rule(window: Page, body: str, number: int) -> None:
    """Choose a kind of rule and add it: its fields come without leaving the page."""
    window.select_option("#new-body", body)
    bring(window, "button[value=add-rule]", f"#rule-{number}")


def add_the_clause(window: Page) -> None:
    """Within one day of the opening the consultant verifies the file, or it costs thirty yuan."""
    window.fill("#id", "7.4.9")
    window.fill("#zh", "销售顾问须在建档后1日内核实档案，逾期每份罚款30元。")
    window.fill("#en", "Within 1 day of the opening the consultant verifies the file; who is late pays 30 yuan a file.")
    add_rule(window, "duty", 0)
    window.locator("[name='0.after']").select_option("file.opened")
    window.locator("[name='0.who']").select_option("file.consultant")
    window.locator("[name='0.about']").select_option("file")
    window.locator("[name='0.done_by']").select_option("file.verified")
    window.fill("[name='0.within_days']", "1")
    add_rule(window, "sanction", 1)
    assert window.locator("[name='0.within_days']").input_value() == "1"  # the part that came kept what was typed
    window.locator("[name='1.for']").select_option("late:.")
    window.fill("[name='1.fine_cny']", "30")
    window.fill("[name='1.per']", "份档案")
    window.locator("[name='1.decided_by']").select_option("customer-director")
    follow(window, "#clause-form button.btn-primary[value=save]")


def add_a_field(window: Page) -> None:
    """A vehicle's file asks for the colour too; a key that is taken is refused beside its input."""
    follow(window, "a[href$='/declared/']")
    follow(window, "a[href$='/files/vehicle/']")
    follow(window, "a[href$='/new/files/vehicle/fields/']")
    window.fill("[name='0.key']", "plate")
    window.fill("[name='0.zh']", "车身颜色")
    window.select_option("[name='0.type']", "text")
    window.select_option("[name='0.grade']", "open")
    window.select_option("[name='0.strength']", "optional")
    follow(window, "#clause-form button.btn-primary[value=save]")
    expect(window.locator(".k-field.is-wrong .k-error")).to_contain_text("车牌号")
    window.fill("[name='0.key']", "colour")
    follow(window, "#clause-form button.btn-primary[value=save]")
    expect(window.locator("#s-fields")).to_contain_text("车身颜色")


def add_a_case(window: Page) -> None:
    """One case for the new clause: the second day after the opening costs thirty yuan."""
    follow(window, "a[href*='?clause=7.4.9']")
    window.fill("#name", "第二日未核实的罚30元")
    window.locator("[name=post]").first.select_option("sales-consultant")
    first = window.locator(".k-happened").first
    first.locator("[name='e.on']").fill("2026-03-02")
    assert first.locator("[name='e.event']").input_value() == "file.opened"
    window.fill("[name='when.on']", "2026-03-04")
    window.select_option("[name='then.kind']", "fine")
    window.select_option("[name='then.person']", "jia")
    window.fill("[name='then.fine']", "31")
    follow(window, "#new button.btn-primary")
    expect(window.locator(".k-flash.is-error")).to_be_visible()  # it costs thirty, and what was typed is still there
    window.fill("[name='then.fine']", "30")
    follow(window, "#new button.btn-primary")
    expect(window.locator("tbody tr", has_text="第二日未核实的罚30元")).to_contain_text("成立")


def sign_and_adopt(window: Page, office: Page, day: str) -> None:
    """The day, the proposal, the signatures that the policy asks for, the adoption."""
    window.fill("[name=in_force_from]", day)
    follow(window, "form[action$='/change/'] .btn-primary")
    window.fill("[name=heard_on]", "2026-03-19")
    window.fill("[name=note]", "部门例会宣讲，无异议。")
    follow(window, "form[action$='/hear/'] button")
    follow(window, "form[action$='/propose/'] button")
    assert window.locator("[name=signer_username]").count(), window.locator("#content").inner_text()
    for name in SIGNERS:
        window.fill("[name=signer_username]", name)
        window.fill("[name=signer_password]", PASSWORD)
        follow(window, "form[action$='/sign/'] button")
        assert window.locator("[role=alert]").count() == 0, window.locator("[role=alert]").all_inner_texts()
    office.goto(window.url)
    follow(office, "form[action$='/adopt/'] button")
    expect(office.locator("section", has_text="各版所辖")).to_be_visible()


@pytest.fixture
def administrator(house):
    """Who signed may not put it into force alone: the office does."""
    from kedang.journal.guard import writing
    from kedang.staff.models import Person, PostHolding

    with writing():
        one = Person.objects.create_user("xu", PASSWORD, name="许安")
        PostHolding.objects.create(person=one, branch=house.branch, post="administrator", since=FOUNDED)
    return one


def test_a_clause_comes_and_another_goes_by_forms_and_the_new_one_bites(enter, house, administrator, clock, end_of_day):
    from kedang.sanctions.models import Breach

    clock.on("2026-03-20")
    window = enter("liu", "/policies/07/")
    window.on("dialog", lambda dialog: dialog.accept())
    follow(window, "a[href*='/policies/adopted/']")
    follow(window, "form[action$='/amend/'] button")
    wording = window.url
    add_a_field(window)
    window.goto(wording)
    follow(window, "#c-7\\.4\\.1a a[href*='clauses/new']")
    window.fill("#id", "7.4.1a")
    follow(window, "#clause-form button.btn-primary[value=save]")
    expect(window.locator(".k-flash.is-error")).to_contain_text("未保存")
    add_the_clause(window)
    assert "7.4.9" in window.locator("#content").inner_text()  # against the edition in force
    window.goto(wording)
    follow(window, "#c-7\\.6a a[href*='clauses/']:first-of-type")
    follow(window, "form[action$='/remove/'] button")
    draft = window.url
    assert "7.6a" in window.locator("#content").inner_text()
    window.goto(draft.rstrip("/") + "/cases/")
    add_a_case(window)
    window.goto(draft)
    sign_and_adopt(window, enter("xu"), "2026-04-01")
    old, new = (book_for(house.branch, day).pack("07").clauses for day in (date(2026, 3, 31), date(2026, 4, 1)))
    assert "7.6a" in old and "7.4.9" not in old and "7.6a" not in new and "7.4.9" in new

    clock.on("2026-04-02")
    seller = enter("li", "/desk/")
    expect(seller.locator(".k-flash", has_text="还没有确认阅读")).to_be_visible()
    type_in(seller, vin="LSVNX41Z000000777", owner="单雄信", mobile="13800000777", plate="沪A00777", colour="墨绿")
    seller.goto("/desk/")
    expect(seller.locator("tbody tr", has_text="7.4.9")).to_contain_text("2026-04-03")
    end_of_day("2026-04-04")
    breach = Breach.objects.get(name="07:7.4.9")
    clock.on("2026-04-05")
    hear_and_impose(window, breach.pk)
    breach.refresh_from_db()
    assert breach.status == "imposed" and breach.sanction.amount_cny == Decimal(30)
    assert breach.sanction.clauses == ["07:7.4.9"]
