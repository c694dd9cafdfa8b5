"""``kedang serve``: the screens by granian, the tick beside them in a process of its own."""

from __future__ import annotations

import logging
import multiprocessing
import time

import django
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from granian.constants import Interfaces
from granian.server import Server

TICK_SECONDS = 60
log = logging.getLogger(__name__)


def _tick_loop() -> None:
    django.setup()
    from kedang.web import ticking

    while True:
        try:
            ticking.tick(timezone.now())
        except Exception:
            log.exception("The clock could not do its work; it tries again in a minute.")
        finally:
            close_old_connections()
        time.sleep(TICK_SECONDS)


def serve(host: str, port: int, workers: int, *, with_tick: bool) -> int:
    """Serve until interrupted.  Static files are collected first, so that their names carry their hash."""
    call_command("collectstatic", interactive=False, verbosity=0)
    ticker = multiprocessing.get_context("spawn").Process(target=_tick_loop, daemon=True) if with_tick else None
    if ticker:
        ticker.start()
    print(f"Kedang is served on http://{host}:{port}/", flush=True)
    try:
        Server(
            "kedang.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=8, websockets=False, log_enabled=True,
        ).serve()  # fmt: skip
    finally:
        if ticker:
            ticker.terminate()
    return 0
