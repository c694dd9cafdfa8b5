"""``kedang serve``: the screens by granian, the tick beside them in a process of its own."""

from __future__ import annotations

import logging
import multiprocessing
import time

import django
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from granian.constants import Interfaces
from granian.server import Server

THREADS = 8  # on a small machine fewer: beyond twice the processors they only wait for each other
TICK_SECONDS = 60
log = logging.getLogger(__name__)


def _tick_loop() -> None:
    django.setup()
    from kedang.web import ticking

    while True:
        try:
            ticking.tick(timezone.now(), clock=timezone.now)
        except Exception:
            log.exception("The clock could not do its work; it tries again in a minute.")
        finally:
            close_old_connections()
        time.sleep(TICK_SECONDS)


def prepare() -> None:
    """What a first start lacks: tables, keys, static files under names with their hash.  Stops on an altered policy."""
    from kedang.adoptions.queries import altered
    from kedang.journal.commands import make_keys

    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", database="keys", interactive=False, verbosity=0)
    from kedang.journal.models import SubjectKey

    if not settings.KEDANG_MASTER_KEY.exists() and not SubjectKey.objects.exists():
        make_keys()
    call_command("collectstatic", interactive=False, verbosity=0)
    wrong = altered()
    if wrong:
        raise SystemExit("\n".join([*wrong, "Kedang does not start on it: restore a backup, or ask who changed it."]))


def _announce(host: str, port: int) -> None:
    from kedang.web.starting import start_code

    code = start_code()
    print(f"Kedang is served on http://{host}:{port}/", flush=True)
    if code:
        print(f"\nNobody has set it up yet. Open the address and enter this code once:  {code}\n", flush=True)


def serve(host: str, port: int, workers: int, *, with_tick: bool) -> int:
    """Serve until interrupted.  Tables, keys and static files are made first where they lack."""
    prepare()
    ticker = multiprocessing.get_context("spawn").Process(target=_tick_loop, daemon=True) if with_tick else None
    if ticker:
        ticker.start()
    _announce(host, port)
    try:
        Server(
            "kedang.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=min(THREADS, 2 * multiprocessing.cpu_count() + 1), websockets=False, log_enabled=True,
        ).serve()  # fmt: skip
    finally:
        if ticker:
            ticker.terminate()
    return 0
