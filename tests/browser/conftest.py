"""Chromium, a live server with a house of its own, and people who log in."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path

os.environ.setdefault("KEDANG_DATA", tempfile.mkdtemp(prefix="kedang-test-"))

import pytest

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--font-render-hinting=none",
]  # fmt: skip
PASSWORD = "kedang-test-2026"


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a run."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh window in Chinese, wide as an office screen."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def house(transactional_db):
    """A branch with an auditor, Alice."""
    from kedang.journal.guard import writing
    from kedang.staff.models import Branch, Person, PostHolding

    with writing():
        branch = Branch.objects.create(code="HQ", name_zh="城东店", name_en="East branch")
        alice = Person.objects.create_user("alice", password=PASSWORD, name="艾丽", name_en="Alice")
        PostHolding.objects.create(person=alice, branch=branch, post="auditor", since=datetime.date(2024, 1, 1))
    return branch


@pytest.fixture
def log_in(page, live_server, house):
    """Log a person in and give the window."""

    def enter(username: str = "alice"):
        page.goto(live_server.url + "/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form.k-login button[type=submit]")
        return page

    return enter
