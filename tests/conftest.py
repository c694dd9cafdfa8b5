"""What every test shares."""

from __future__ import annotations

import os

import hypothesis
import pytest

# Playwright keeps an event loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# make test-long tries each property on many more examples, and on others at every run.
hypothesis.settings.register_profile("long", max_examples=20_000, deadline=None)
if os.environ.get("KEDANG_TESTS") == "long":
    hypothesis.settings.load_profile("long")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request):
    """Each worker has PostgreSQL databases of its own; SQLite's are in memory, so they are its own anyway.

    pytest-django would give our SQLite engine a file name made of the real database's path.
    """
    from django.db import connections

    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    for connection in connections.all():
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["NAME"] = f"test_{connection.alias}_{worker}"
