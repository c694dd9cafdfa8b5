"""What every test shares."""

from __future__ import annotations

import os

# Playwright keeps an event loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
