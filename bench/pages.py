"""Measures the main pages in this process, over whatever database the environment names; prints JSON.

Each page is asked for many times with other files, names and keys each time, so that no answer comes from a cache that
a real day would not have. Counted are the statements that read or write rows, in both databases, session included.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from typing import Any

import django
from pypinyin import Style, lazy_pinyin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.settings")
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
Ask = tuple[str, dict[str, str] | None]
LEAST, MANY, LONE = 100_000, 40, 30  # names are common where this many of the fewest files bear them on the average
LEADS_ON = ("search by name, one bearer", "search by number", "search by serial")  # these answer with one file's page


class Counter:
    """Counts statements on both connections while it is entered."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """A wrapper of Django's; see its documentation of database instrumentation."""
        self.number += not str(sql).lstrip().upper().startswith(CONTROL)
        return execute(sql, params, many, context)

    def __enter__(self) -> Counter:
        from django.db import connections

        self.stack = ExitStack()
        for one in connections.all():
            self.stack.enter_context(one.execute_wrapper(self))
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()


def asks(seed: int) -> dict[str, tuple[str, Callable[[], Ask]]]:
    """By page: who asks, and a call that gives the next address and form."""
    from bench.filling import Cards, House
    from bench.names import SURNAMES, common
    from kedang.files.listing import PAGE
    from kedang.files.models import File, SearchToken
    from kedang.journal.keys import blind_token
    from kedang.staff.models import Branch

    pick = random.Random(seed)
    last = File.objects.order_by("-pk")[0].pk
    first = File.objects.order_by("pk")[0].pk
    house = House(last - first)
    code = Branch.objects.get().code

    def search(text: Callable[[], str]) -> Callable[[], Ask]:
        return lambda: ("/search/", {"q": text(), "list": "1"})

    def get(path: str) -> Callable[[], Ask]:
        return lambda: (path, None)

    def some() -> int:
        return pick.randrange(first + 100, last)

    def borne(*, given_only: bool = False) -> list[str]:
        """Names of which more than a page of files is found at any size that is measured for its figures."""
        found = common(MANY, LEAST, given_only=given_only)
        if last - first < LEAST - 1:
            return found
        few = [one for one in found if SearchToken.objects.filter(token=blind_token("name", one)).count() <= PAGE]
        assert found and not few, f"not borne by more than {PAGE} files: {few}"
        return found

    @cache
    def lone() -> list[str]:
        """Names that one file bears: its page is the answer."""
        found: list[str] = []
        while len(found) < LONE:
            one = house.name()
            if SearchToken.objects.filter(token=blind_token("name", one)).count() == 1:
                found.append(one)
        return found

    names, parts = borne(), borne(given_only=True)
    clause = next(pack for pack in house.book.packs if pack.rank == "policy")
    letters = ["".join(lazy_pinyin(one, style=Style.FIRST_LETTER)) for one in names]
    return {
        "desk": ("staff001", get("/desk/")),
        "list": ("staff001", get("/files/")),
        "deep list": ("staff001", lambda: (f"/files/?after={some()}", None)),
        "list, mine": ("staff001", get("/files/?tab=mine")),
        "list, incomplete": ("staff001", get("/files/?tab=incomplete")),
        "file page": ("staff001", lambda: (f"/files/{some()}/", None)),
        "search by surname": ("staff001", search(lambda: pick.choice(SURNAMES))),
        "search by name": ("staff001", search(lambda: pick.choice(names))),
        "search by name, one bearer": ("staff001", search(lambda: pick.choice(lone()))),
        "search by part of a name": ("staff001", search(lambda: pick.choice(parts))),
        "search by initials": ("staff001", search(lambda: pick.choice(letters))),
        "search by phone tail": ("staff001", search(lambda: f"{pick.randrange(10000):04d}")),
        "search by number": ("staff001", search(lambda: f"{code}-B-{some():07d}")),
        "search by serial": ("staff001", search(lambda: Cards(house, 0).serial(some()))),
        "receive a job": ("staff001", lambda: (f"/files/{some()}/receive/", None)),
        "reception": ("staff001", get("/reception/")),
        "handovers": ("wang", get("/handovers/")),
        "sign-for book": ("wang", get("/sign-for-book/")),
        "breaches": ("liu", get("/breaches/")),
        "breaches, all": ("liu", get("/breaches/?tab=all")),
        "policy reader": ("chen", get(f"/policies/{clause.number}/")),
        "a clause": ("chen", get(f"/policies/clause/{house.rule.ref}/")),
        "journal": ("chen", get("/journal/")),
        "refusals": ("chen", get("/journal/?kind=refusals")),
        "imports": ("wang", get("/imports/")),
        "approvals": ("chen", get("/approvals/")),
        "staff": ("chen", get("/staff/")),
    }


def measured(name: str, client: Any, ask: Callable[[], Ask], rounds: int) -> dict[str, Any]:
    """Ask ``rounds`` times after three; most statements, and the milliseconds of each by clock and processor."""
    from kedang.files.models import File

    expected = {302 if name in LEADS_ON else 200}
    if name.startswith("search") and File.objects.count() < LEAST:
        expected = {200, 302}  # among few files any name may have one bearer, whose page is the answer
    wall, cpu, most = [], [], 0
    for number in range(rounds + 3):
        path, form = ask()
        started, used = time.perf_counter(), time.process_time()
        with Counter() as counter:
            answer = client.get(path) if form is None else client.post(path, form)
        if answer.status_code not in expected:
            raise RuntimeError(f"{name}: {path} answered {answer.status_code}")
        if number >= 3:
            wall.append((time.perf_counter() - started) * 1e3)
            cpu.append((time.process_time() - used) * 1e3)
            most = max(most, counter.number)
    return {"page": name, "queries": most, "wall": wall, "cpu": cpu}


def ticks(now: datetime) -> list[dict[str, Any]]:
    """The clock's own work: what has fallen due, then once more when nothing has."""
    from kedang.web.ticking import tick

    found = []
    for name in ("tick, first", "tick, nothing due"):
        started, used = time.perf_counter(), time.process_time()
        with Counter() as counter:
            tick(now, sealing=False)
        wall, cpu = (time.perf_counter() - started) * 1e3, (time.process_time() - used) * 1e3
        found.append({"page": name, "queries": counter.number, "wall": [wall], "cpu": [cpu]})
    return found


def main(rounds: int, seed: int, only: str = "") -> list[dict[str, Any]]:
    """Every page whose name has ``only`` in it, then the clock's work."""
    django.setup()
    from django.test import Client
    from django.utils import timezone

    from kedang.staff.models import Person
    from kedang.web.warming import warm

    warm()  # as a serving process does before its first request
    found = []
    clients: dict[str, Any] = {}
    for name, (who, ask) in asks(seed).items():
        if only not in name:
            continue
        if who not in clients:
            clients[who] = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
            clients[who].force_login(Person.objects.get(username=who), "django.contrib.auth.backends.ModelBackend")
        found.append(measured(name, clients[who], ask, rounds))
    return found + (ticks(timezone.now()) if only in "tick" else [])


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:4])))
