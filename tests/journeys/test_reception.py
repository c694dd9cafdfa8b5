"""At the counter: one field finds the vehicle, the last contact is read out, and the job goes on."""

from __future__ import annotations

import pytest

from tests.journeys.steps import enter_key, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


def look_up(window, text: str) -> None:
    window.goto("/reception/")
    window.fill("#reception_q", text)
    enter_key(window, "#reception_q")


def test_a_plate_in_one_field_shows_the_last_contact_and_goes_on_in_three_pages(enter, house, vehicles):
    vehicles(house.li, plate="沪A88888", contact="尉迟宝", mobile="13900002222")
    window = enter("he")
    seen = []
    window.on("load", lambda page: seen.append(page.url))
    look_up(window, "沪A88888")
    window.wait_for_url("**/receive/")
    asked = window.locator("#content").inner_text()
    assert "尉迟宝" in asked
    assert "13900002222" in asked
    window.get_by_label("保养").check()
    window.locator("[name=verified]").check()
    follow(window, "#content form.k-form button.btn-primary")
    window.wait_for_url("**/jobs/*/")
    assert len(seen) == 3, seen  # the field, the question, the job: nothing stands between that costs a clerk seconds
    assert "保养资料" in window.locator("#content").inner_text()


def test_without_asking_the_contact_no_job_is_received_and_nothing_typed_is_lost(enter, house, vehicles):
    vehicles(house.li, plate="沪A88888", contact="尉迟宝", mobile="13900002222")
    window = enter("he")
    look_up(window, "沪a 88888")
    window.get_by_label("大修").check()
    window.fill("[name=contact_name]", "尉迟恭")
    follow(window, "#content form.k-form button.btn-primary")
    assert "7.5.3a" in window.locator("#content").inner_text()
    assert window.locator("[name=contact_name]").input_value() == "尉迟恭"
    assert window.get_by_label("大修").is_checked()


def test_the_last_four_of_a_phone_and_a_hostile_text_are_answered_calmly(enter, house, vehicles):
    file = vehicles(house.li, plate="沪A88888", mobile="13900002222")
    window = enter("he")
    look_up(window, "2222")
    window.wait_for_url(f"**/files/{file.pk}/receive/")
    for text in ("' OR 1=1 --", "<script>alert(1)</script>", "\u202e沪A88888", "%_%", "沪" * 60):
        look_up(window, text)
        assert window.locator("#content .k-empty").is_visible(), text
