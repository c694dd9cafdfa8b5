"""A newcomer before an empty house: the terminal's code, two forms, then the first file."""

from __future__ import annotations

import pytest

from kedang.files.models import File
from kedang.staff.models import Branch
from kedang.web import starting
from tests.journeys.steps import follow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])

PEOPLE = {
    "administrator": ("许安", "xu"),
    "general-manager": ("陈国栋", "chen"),
    "customer-director": ("刘雅琴", "liu"),
    "archivist": ("王敏", "wang"),
    "sales-consultant": ("李思远", "li"),
}
PASSWORD, OWN = "correct horse battery", "a wholly new one"


@pytest.fixture
def window(chromium, live_server, transactional_db, clock, monkeypatch):
    """A window of somebody who has just started the program."""
    monkeypatch.setattr(starting, "_tries", 0)
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def found_the_house(window) -> dict[str, str]:
    """Both forms; the passwords that the last page shows, by user name."""
    window.goto("/")
    window.fill("[name=code]", starting.start_code())
    window.fill("[name=name_zh]", "城东店")
    window.check('[value="07-vehicle-dealership.yaml"]')
    follow(window, "form.k-form .btn-primary")
    window.wait_for_url("**/start/people/")
    for post, (name, user) in PEOPLE.items():
        window.fill(f'[name="name_{post}"]', name)
        window.fill(f'[name="user_{post}"]', user)
    window.fill("[name=password]", PASSWORD)
    window.fill("[name=again]", PASSWORD)
    follow(window, "form.k-form .btn-primary")
    window.wait_for_selector("tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in window.locator("tbody tr").all()]
    return {user: password for _name, user, password, *_posts in cells}


def test_a_newcomer_founds_a_house_and_opens_the_first_file(window):
    passwords = found_the_house(window)
    assert set(passwords) == {"xu", "chen", "liu", "wang", "li"} and Branch.objects.get().name_zh == "城东店"
    window.goto("/files/")
    assert window.locator("tbody a[href^='/files/']").count() == 0
    window.context.clear_cookies()
    window.goto("/login/")
    window.fill("[name=username]", "li")
    window.fill("[name=password]", passwords["li"])
    follow(window, "form.k-login button[type=submit]")
    window.wait_for_url("**/account/password/")
    window.fill("[name=old]", passwords["li"])
    window.fill("[name=new]", OWN)
    window.fill("[name=again]", OWN)
    follow(window, "#content form .btn-primary")
    window.wait_for_url("**/account/")
    window.goto("/files/open/")
    window.fill("[name=field_vin]", "LSVNX41Z5J2000001")
    window.fill("[name=field_owner]", "单雄信")
    window.locator("[name=role_consultant]").select_option(label="李思远")
    follow(window, "#content form.k-form button.btn-primary")
    window.wait_for_url("**/files/*/")
    assert File.objects.get().branch == Branch.objects.get()
