"""Papers that leave the archive: slips, consent, a leader's own loan, renewal, recall, a day late, one sheet gone."""

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
    ("bo", "柏林", "project-manager"), ("shu", "舒兰", "archivist"), ("shen", "沈放", "authorised-approver"),
    ("yuan", "袁方", "employee"),
)  # fmt: skip
VALUES = {"project": "城东建材周转", "business": "loan", "customer": "单雄信", "contract-number": "HT-1"}


@pytest.fixture
def house(transactional_db, key_files, clock):
    """The house of two managers, with a project of three papers of ten pages each that has come into the archive.

    How it comes there is another journey; here it stands on its shelf under its number.
    """
    from kedang.files.models import Record, Volume
    from kedang.files.place_services import register_place
    from kedang.files.record_services import answer_records
    from kedang.files.services import open_file
    from kedang.journal.guard import writing
    from kedang.office.founding import Employee, adopt, employ, found_branch

    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("HJ", "鸿借公司", "Hongjie", now=now, on=FOUNDED)
    staff = [Employee(user, name, user.title(), [post], "") for user, name, post in STAFF]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    packs = [POLICIES / "00-law.yaml", POLICIES / "00-base.yaml", POLICIES / "13-microloan-guarantee-projects.yaml"]
    adopt(branch, packs, people["dong"], now=now, on=FOUNDED, hearing="Staff meeting of 2025-12-20")
    made = SimpleNamespace(branch=branch, **people)
    begun = moment("2026-03-02")
    roles = {"manager-a": made.ai, "manager-b": made.bo}
    file = open_file(
        actor=made.ai, now=begun, token="open", branch=branch, kind="project", values=VALUES, roles=roles
    ).result
    lines = list(Record.objects.filter(file=file).order_by("pk"))
    answers = {str(one.pk): {"state": "not_applicable"} for one in lines}
    answers |= {str(one.pk): {"state": "present", "pages": "10"} for one in lines[:3]}
    answer_records(actor=made.ai, now=begun, token="answer", file=file, answers=answers)
    place = register_place(actor=made.shu, now=begun, token="place", branch=branch, code="A-01").result
    with writing():
        type(file).objects.filter(pk=file.pk).update(number="鸿借字第001号")
        Volume.objects.filter(file=file).update(holder=made.shu, place=place, home=place, status="shelved")
    made.file, made.loans = file, f"/files/{file.pk}/loans/"
    return made


def body(window: Page) -> str:
    """What the page says."""
    return window.locator("#content").inner_text()


def ask_for_consent(window: Page, purpose: str) -> None:
    """Follow the button that says whose consent is needed, and ask."""
    follow(window, window.locator(".k-act a.btn", has_text="借阅").first)
    window.locator("[name=purpose]").fill(purpose)
    follow(window, "#content form.k-form button.btn-primary")


def grant(window: Page) -> None:
    """Grant the first request that waits for an answer."""
    window.goto("/approvals/")
    follow(window, window.locator("#content a[href^='/approvals/']").first)
    follow(window, "button[value=grant]")


def fill_slip(window: Page, purpose: str, until: str) -> None:
    """Fill in the slip, in a window that lets any day be typed."""
    slip = window.locator("form[action$='/loans/request/']")
    slip.locator("[name=until]").evaluate("e => { e.removeAttribute('min'); e.removeAttribute('max'); }")
    slip.locator("[name=purpose]").fill(purpose)
    slip.locator("[name=until]").fill(until)
    follow(window, slip.locator("button"))


def lend_without_a_slip(window: Page, borrower: str, username: str, until: str) -> None:
    """At the counter: to whom, what for, until when, and the borrower's own signature."""
    form = window.locator("form[action$='/loans/direct/']")
    form.locator("[name=borrower]").select_option(label=borrower)
    form.locator("[name=purpose]").fill("董事会审议")
    form.locator("[name=until]").fill(until)
    form.locator("[name=borrower_username]").fill(username)
    form.locator("[name=borrower_password]").fill(PASSWORD)
    follow(window, form.locator("button.btn").last)


def test_an_employee_needs_a_slip_with_consent_and_the_chairman_signs_at_the_counter(enter, clock, house):
    clock.on("2026-03-03")
    employee, chairman = enter("yuan", house.loans), enter("dong")
    assert "13.6.1c" in body(employee) and "董事长" in body(employee)
    ask_for_consent(employee, "核对担保合同")
    archive = enter("shu", house.loans)
    lend_without_a_slip(archive, "袁方", "yuan", "2026-03-06")
    assert "13.6.1b" in body(archive)
    grant(chairman)
    employee.goto(house.loans)
    fill_slip(employee, "核对担保合同", "2026-03-01")
    assert "日" in employee.locator(".k-error, .invalid-feedback, .k-errors").first.inner_text()
    assert employee.locator("form[action$='/loans/request/'] [name=purpose]").input_value() == "核对担保合同"
    fill_slip(employee, "核对担保合同", "2026-03-06")
    expect(employee.locator("#content")).to_contain_text("核对担保合同")
    archive.goto(house.loans)
    lend_without_a_slip(archive, "董国强", "yuan", "2026-03-06")
    assert "本人" in body(archive)
    lend_without_a_slip(archive, "董国强", "dong", "2026-03-06")
    expect(archive.locator("#content")).to_contain_text("董事会审议")
    archive.goto("/loans/?tab=requested")
    follow(archive, archive.locator("#content td a").first)
    follow(archive, archive.get_by_role("button", name="借出"))
    assert "董国强" in body(archive) and "2026-03-06" in body(archive)


def lent(house, until: str) -> str:
    """The address of a loan that the chairman has."""
    from datetime import date

    from kedang.files.models import Volume
    from kedang.loans.services import lend_directly

    volume = Volume.objects.select_related("file__branch", "holder").get(file=house.file)
    given = {"volume": volume, "borrower": house.dong, "purpose": "董事会审议", "until": date.fromisoformat(until)}
    done = lend_directly(actor=house.shu, now=moment("2026-03-03"), token="lend", **given, how="password")
    return f"/loans/{done.result.pk}/"


def renew(window: Page, until: str) -> None:
    """Ask for a later day."""
    form = window.locator("form[action$='/renew/']")
    form.locator("[name=until]").fill(until)
    form.locator("[name=reason]").fill("议案延期")
    follow(window, form.locator("button"))


def test_a_loan_is_renewed_once_called_back_and_seen_as_late_by_borrower_and_archivist(enter, clock, house, end_of_day):
    loan = lent(house, "2026-03-06")
    clock.on("2026-03-06")
    chairman = enter("dong", loan)
    renew(chairman, "2026-03-05")
    assert chairman.locator("form[action$='/renew/'] [name=reason]").input_value() == "议案延期"
    renew(chairman, "2026-03-12")
    assert "2026-03-06" in chairman.locator("#content s").first.inner_text() and "2026-03-12" in body(chairman)
    assert chairman.locator("form[action$='/renew/']").count() == 0 and "已续借1次" in body(chairman).replace(" ", "")
    archive = enter("shu", loan)
    archive.locator("form[action$='/recall/'] [name=reason]").fill("审计调阅")
    follow(archive, "form[action$='/recall/'] button")
    assert "审计调阅" in body(archive)
    chairman.goto("/desk/")
    assert "2026-03-06" in body(chairman)
    end_of_day("2026-03-08")
    clock.on("2026-03-09")
    for window in (chairman, archive):
        window.goto("/loans/?tab=overdue")
        assert "逾期3天" in body(window).replace(" ", "")
    chairman.goto("/desk/")
    assert "逾期" in body(chairman)


def test_one_sheet_missing_at_the_return_is_reported_settled_and_then_the_file_stands_in_its_place(enter, clock, house):
    loan = lent(house, "2026-03-06")
    clock.on("2026-03-05")
    archive, late = enter("shu", loan), enter("shu", loan)
    follow(archive, archive.get_by_role("button", name="归还"))
    follow(late, late.get_by_role("button", name="归还"))
    assert "先" in late.locator("body").inner_text()
    archive.fill("[name=pages_back]", "29")
    follow(archive, "form[action$='/check/'] button.btn-primary")
    assert archive.locator("[name=pages_back]").input_value() == "29"
    archive.fill("[name=note]", "合同第3页缺失")
    follow(archive, "form[action$='/check/'] button.btn-primary")
    assert "13.6.3b" in body(archive) and archive.locator("[name=note]").input_value() == "合同第3页缺失"
    follow(archive, "button[formaction$='/loss/']")
    follow(archive, archive.get_by_role("link", name="这份档案的事故"))
    assert "董国强" in body(archive)
    archive.fill("[name=handling]", "已从客户处补印并加盖公章")
    follow(archive, "form[action$='/settle/'] button")
    assert "已从客户处补印" in body(archive)
    archive.goto(loan)
    follow(archive, "form[action$='/check/'] button.btn-primary")
    assert "合同第3页缺失" in body(archive)
    archive.goto(f"/files/{house.file.pk}/")
    assert "A-01" in archive.locator(".k-five").inner_text()
    archive.goto("/loans/register/")
    assert "董事会审议" in body(archive)


def test_more_time_is_refused_without_the_authorised_approver_and_given_with_a_reason(enter, clock, house):
    from datetime import date

    from kedang.duties.models import Duty
    from kedang.files.services import reach_file

    reached = {"file": house.file, "milestone": "ended", "on": date(2026, 3, 3)}
    reach_file(actor=house.ai, now=moment("2026-03-03"), token="ended", **reached)
    duty = Duty.objects.filter(bound__person=house.ai, status="open").first()
    assert duty is not None
    clock.on("2026-03-04")
    manager = enter("zong", f"/duties/{duty.pk}/")
    assert "13.4.5d" in body(manager) and "有权审批人" in body(manager)
    assert manager.locator("form[action$='/extend/']").count() == 0
    follow(manager, manager.locator(".k-act a.btn", has_text="延期").first)
    manager.locator("[name=purpose]").fill("客户出差，合同待签")
    follow(manager, "#content form.k-form button.btn-primary")
    manager.goto(f"/duties/{duty.pk}/")
    assert manager.locator("form[action$='/extend/']").count() == 0
    grant(enter("shen"))
    manager.goto(f"/duties/{duty.pk}/")
    form = manager.locator("form[action$='/extend/']")
    form.locator("[name=until]").fill("2026-03-12")
    form.locator("[name=reason]").fill("客户出差，合同待签")
    follow(manager, form.locator("button"))
    assert "2026-03-12" in body(manager) and "13.4.5d" in manager.locator("body").inner_text()
    duty.refresh_from_db()
    assert duty.due_on == date(2026, 3, 12)
