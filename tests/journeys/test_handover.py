"""From delivery to the shelf: the duty's days, two signatures, the sign-for book, the archive."""

from __future__ import annotations

import pytest

from tests.journeys.steps import PNG, answer_papers, delivered, follow, hand_over, moment, type_in, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]

CAR = {"vin": "LSVNX41Z600000001", "owner": "尉迟恭", "plate": "沪A12345", "contact": "尉迟宝", "mobile": "13800001111"}


@pytest.fixture
def shelf(house):
    """A place in the archive."""
    from kedang.files.place_services import register_place

    done = register_place(actor=house.wang, now=moment("2026-03-02"), token="shelf", branch=house.branch, code="A-01")
    return done.result


def test_a_car_delivered_on_friday_and_typed_in_on_monday_is_due_from_friday_over_weekend_and_holiday(enter, clock):
    clock.on("2026-04-06")  # Monday, the day off for Qingming; the showroom is open
    window = enter("li")
    type_in(window, **CAR)
    delivered(window, "2026-04-03")
    five = window.locator(".k-five").inner_text()
    assert "2026-04-09" in five
    assert "7.4.1a" in five
    assert "李思远" in five
    window.goto("/desk/")
    line = window.locator("#content tbody tr").first.inner_text()
    assert "2026-04-09" in line
    assert "7.4.1a" in line


def test_a_handover_with_two_papers_missing_is_signed_by_both_booked_scanned_shelved_and_filled_in(
    enter, clock, house, shelf
):
    clock.on("2026-04-07")
    window = enter("li")
    type_in(window, **CAR)
    page_of_file = window.url
    delivered(window, "2026-04-07")
    answer_papers(window, {"行驶证": "车管所未发", "保险单": "保险公司周五寄到", "其它证明类文件": "没有"})
    hand_over(window, "王敏", "wang", "li")
    window.goto("/sign-for-book/")
    line = window.locator("#content tbody tr").first.inner_text()
    for words in ("李思远", "王敏", "行驶证", "保险单"):
        assert words in line
    archive = enter("wang", page_of_file)
    unfold(archive.locator("details summary", has_text="扫描").first)
    archive.locator("input[name=scan]").first.set_input_files(
        {"name": "../../身份证.png", "mimeType": "image/png", "buffer": PNG}
    )
    follow(archive, archive.locator("form", has=archive.locator("input[name=scan]")).first.locator("button"))
    archive.locator("a[href^='/scans/']").first.wait_for()
    archive.locator("[name=place]").select_option(str(shelf.pk))
    follow(archive, archive.get_by_role("button", name="放入存放位置"))
    follow(archive, archive.get_by_role("button", name="电子档案已填写完毕"))
    five = archive.locator(".k-five").inner_text()
    for words in ("A-01", "王敏", "2"):
        assert words in five
    chain = archive.locator("aside section", has_text="保管").first.inner_text()
    assert chain.index("放入") < chain.index("移交")
    clock.on("2026-04-10")
    window.goto("/desk/")
    assert "100 %" in window.locator(".k-subtitle").inner_text()
    assert window.locator("#content .k-empty").is_visible()


def test_a_file_handed_over_before_its_delivery_was_recorded_is_kept_at_once(enter, clock, house):
    from kedang.duties.models import Duty

    clock.on("2026-04-07")
    window = enter("zhou")
    type_in(window, **CAR)
    page_of_file = window.url
    answer_papers(window, {})
    hand_over(window, "王敏", "wang", "zhou")
    clock.on("2026-04-08")
    window.goto(page_of_file)
    delivered(window, "2026-04-07")
    duty = Duty.objects.get(clause="07:7.4.1a")
    assert duty.status == "kept"
    window.goto("/desk/")
    assert window.locator("#content .k-empty").is_visible()


def test_a_wrong_password_signs_nothing_and_keeps_the_chosen_receiver(enter, clock, house):
    clock.on("2026-04-07")
    window = enter("li")
    type_in(window, **CAR)
    answer_papers(window, {})
    follow(window, window.locator("section.k-card header a.btn").first)
    window.locator("[name=receiver]").select_option(label="王敏")
    window.fill("[name=giver_username]", "li")
    window.fill("[name=giver_password]", "wrong-password-1")
    follow(window, "#content form.k-form button.btn-primary")
    assert "用户名与密码不符" in window.locator("[role=alert]").first.inner_text()
    assert window.locator("[name=receiver] option:checked").inner_text() == "王敏"
    window.goto("/sign-for-book/")
    assert window.locator("#content .k-empty").is_visible()
