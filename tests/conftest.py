"""What every test shares: the databases of a run, one browser, windows."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("KEDANG_DATA", tempfile.mkdtemp(prefix="kedang-test-"))

# Playwright keeps an event loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A deadline by the wall clock fails on a busy machine; what must be bounded is measured by the process's own time.
hypothesis.settings.register_profile("short", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("short")

# make test-long tries each property on many more examples, and on others at every run.
# None has a deadline by the clock: a busy machine would fail it.
hypothesis.settings.register_profile("plain", deadline=None)
hypothesis.settings.register_profile("long", max_examples=20_000, deadline=None)
hypothesis.settings.load_profile("long" if os.environ.get("KEDANG_TESTS") == "long" else "plain")

TOUCHES = {"db", "transactional_db", "live_server", "django_db_blocker"}


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what touches the database runs once more; the rest would say the same a second time."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    stay, go = [], []
    for item in items:
        touches = item.get_closest_marker("django_db") or TOUCHES & set(item.fixturenames)
        (stay if touches else go).append(item)
    items[:] = stay
    config.hook.pytest_deselected(items=go)


CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/bin/chromium-headless-shell")  # the same engine without windows or camera, for half of the processor
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--font-render-hinting=none",
]  # fmt: skip


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request, tmp_path_factory):
    """Each worker has databases of its own; SQLite's are files, as in an office.

    A database in memory would be one connection for all threads of the live server, and locked for every other.
    """
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    shared_memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="kedang-test-", dir=shared_memory if shared_memory.is_dir() else None)
    for connection in connections.all():
        name = f"test_{connection.alias}_{worker}"
        if connection.vendor == "sqlite":
            name = str(Path(folder) / f"{name}.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = name
    yield
    for left in Path(folder).iterdir():
        left.unlink()
    Path(folder).rmdir()


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a run."""
    found = SHELL if SHELL.exists() else CHROMIUM
    if not found.exists():
        pytest.skip("Chromium is not installed here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh window in Chinese, wide as an office screen."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context.new_page()
    context.close()
