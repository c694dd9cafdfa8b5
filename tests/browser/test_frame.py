"""The frame in a browser: log-in, language, theme, keys, phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]


def test_the_first_screen_speaks_the_browsers_language(page, live_server, house):
    page.goto(live_server.url + "/login/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_the_language_is_changed_in_the_head_and_kept(log_in):
    page = log_in()
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + "/help/")
    unfold(page.locator("summary[aria-label='语言']"))
    follow(page, "button[value=en]")
    assert page.locator("h1").inner_text() == "Help"


def test_a_wrong_password_says_so_and_stays(page, live_server, house):
    page.goto(live_server.url + "/login/")
    page.fill("[name=username]", "alice")
    page.fill("[name=password]", "wrong-password-1")
    follow(page, "form.k-login button[type=submit]")
    assert "用户名与密码不符" in page.locator("[role=alert]").first.inner_text()


def test_no_page_breaks_its_own_content_policy(log_in, live_server):
    page = log_in()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/help/", "/journal/"):
        page.goto(live_server.url + path)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_a_phone_shows_the_bottom_bar_and_no_sideways_scroll(log_in, live_server):
    page = log_in()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + "/help/")
    assert page.locator(".k-bottom").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_question_mark_opens_help(log_in, live_server):
    page = log_in()
    page.goto(live_server.url + "/journal/")
    page.keyboard.press("?")
    page.wait_for_url("**/help/")
