"""A live server with a house of its own, and people who log in."""

from __future__ import annotations

import datetime

import pytest

from tests.journeys.steps import follow

PASSWORD = "kedang-test-2026"


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
        follow(page, "form.k-login button[type=submit]")
        return page

    return enter
