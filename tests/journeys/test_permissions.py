"""Who may see what: another branch's file, a page that the policy refuses, a door that locks."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import enter_key, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


def test_a_consultant_of_another_branch_finds_nothing_of_a_file_by_any_way(enter, house, vehicles):
    file = vehicles(house.li, owner="单雄信", plate="沪A88888")
    window = enter("sun")
    for path in (f"/files/{file.pk}/", f"/files/{file.pk}/edit/", f"/files/{file.pk}/receive/"):
        answer = window.goto(path)
        assert answer.status == 404, path
        assert "单雄信" not in window.content()
    window.goto("/files/")
    assert file.number not in window.content()
    assert window.locator(".k-empty").is_visible()
    for text in ("单雄信", "沪A88888", file.number, "0001"):
        window.goto("/files/")
        window.fill("#list_q", text)
        follow(window, ".k-query button.btn-primary")
        assert window.locator(".k-empty").is_visible(), text
        window.fill("#list_q", "")
        window.evaluate("document.querySelector('#list_q').removeAttribute('value')")  # what she typed herself
        assert file.number not in window.content()
        assert "单雄信" not in window.inner_text("#content")
    window.goto("/reception/")
    window.fill("#reception_q", "沪A88888")
    follow(window, "#content button.btn-primary")
    assert file.number not in window.content()


def test_her_own_branch_finds_it_at_once(enter, house, vehicles):
    file = vehicles(house.li, plate="沪A88888")
    window = enter("zhou")
    window.fill("#global-search", "沪A88888")
    enter_key(window, "#global-search")
    window.wait_for_url(f"**/files/{file.pk}/")


def test_a_refused_page_quotes_the_clause_under_which_others_may(enter, house):
    window = enter("li", "/journal/")
    assert "不允许" in window.locator("h1").inner_text()
    assert window.locator(".k-quote").first.inner_text().strip()
    assert window.locator(".k-quote a.k-clause").first.is_visible()


def test_five_wrong_passwords_lock_the_door_and_the_right_one_does_not_open_it(page, live_server, house):
    for password in ["wrong-password-1"] * 5 + [PASSWORD]:
        page.goto(live_server.url + "/login/")
        page.fill("[name=username]", "li")
        page.fill("[name=password]", password)
        follow(page, "form.k-login button[type=submit]")
    assert "/desk/" not in page.url
    assert page.locator("text=锁").first.is_visible()


@pytest.mark.parametrize("owner", ["\u202e恭迟尉", "-1", "字" * 101, "尉迟\x08恭"])
def test_a_name_that_hides_or_says_nothing_is_answered_at_its_field_and_the_rest_stays(enter, house, owner):
    window = enter("li", "/files/open/")
    window.fill("[name=field_vin]", "LSVNX41Z600000001")
    window.fill("[name=field_owner]", owner)
    window.locator("[name=role_consultant]").select_option(str(house.li.pk))
    follow(window, "#content form.k-form button.btn-primary")
    assert window.locator("#id_field_owner_error").is_visible()
    assert window.locator("[name=field_vin]").input_value() == "LSVNX41Z600000001"
