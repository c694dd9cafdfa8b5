"""A dealership of two branches under policy 07, a clock that a journey sets, and windows in which people work."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

import kedang

PASSWORD = "kedang-journey-2026"
POLICIES = Path(kedang.__file__).parent / "policies"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUNDED = date(2026, 1, 5)
STAFF = (
    ("chen", "陈国栋", "general-manager", ""),
    ("liu", "刘雅琴", "customer-director", "customer-care"),
    ("wang", "王敏", "archivist", "customer-care"),
    ("li", "李思远", "sales-consultant", "sales"),
    ("zhou", "周婷", "sales-consultant", "sales"),
    ("he", "何俊", "service-consultant", "after-sales"),
)


@pytest.fixture(autouse=True)
def key_files(tmp_path: Path, settings):
    """Key files, seals and scans of this journey alone."""
    from kedang.journal import commands, keys

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real hash costs half a second
    settings.KEDANG_DATA = tmp_path
    settings.KEDANG_MASTER_KEY = tmp_path / "keys" / "master.key"
    settings.KEDANG_SEAL_KEY = tmp_path / "keys" / "seal.key"
    settings.KEDANG_SEALS_DIR = tmp_path / "seals"
    settings.KEDANG_SCANS_DIR = tmp_path / "scans"
    commands.make_keys()
    keys.cache.clear()
    yield
    keys.cache.clear()


class Clock:
    """What the edge reads; a journey says which day and hour it is."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: str, hour: int = 9, minute: int = 0) -> None:
        """It is this day and hour in the house's time zone."""
        self.now = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=SHANGHAI)


@pytest.fixture
def clock(settings) -> Clock:
    """The clock of the served house."""
    settings.CLOCK = Clock()
    return settings.CLOCK


@pytest.fixture
def house(transactional_db, key_files, clock):
    """The branch with its people and policies, and a second branch with a consultant of its own."""
    from kedang.journal.guard import writing
    from kedang.office.founding import Employee, adopt, employ, found_branch, lay_units
    from kedang.staff.models import Branch, PostHolding

    now = datetime.combine(FOUNDED, datetime.min.time(), tzinfo=SHANGHAI)
    branch = found_branch("HQ", "城东店", "East branch", now=now, on=FOUNDED)
    staff = [Employee(user, name, user.title(), [post], unit) for user, name, post, unit in STAFF]
    people = employ(branch, staff, PASSWORD, now=now, on=FOUNDED)
    lay_units(branch, {"sales": ("销售部", "Sales", None)}, now=now, on=FOUNDED)
    packs = [path for path in sorted(POLICIES.glob("0[07]-*.yaml")) if ".cases." not in path.name]
    adopt(branch, packs, people["chen"], now=now, on=FOUNDED, hearing="Staff meeting of 2025-12-20")
    with writing():
        west = Branch.objects.create(code="W", name_zh="城西店", name_en="West branch")
    people |= employ(
        west, [Employee("sun", "孙立", "Sun", ["sales-consultant"], "sales")], PASSWORD, now=now, on=FOUNDED
    )
    adopt(west, packs, people["chen"], now=now, on=FOUNDED, hearing="Staff meeting of 2025-12-20")
    assert PostHolding.objects.filter(branch=west).count() == 1
    return SimpleNamespace(branch=branch, west=west, **people)


@pytest.fixture
def enter(chromium, live_server, house):
    """A window of a person's own, who has logged in already: the log-in screen itself is walked in tests/browser."""
    from django.conf import settings
    from django.test import Client

    from kedang.staff.models import Person

    contexts = []

    def open_window(username: str, path: str = "/", *, width: int = 1366, height: int = 768, locale: str = "zh-CN"):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, base_url=live_server.url
        )
        contexts.append(context)
        session = Client(SERVER_NAME="localhost")
        session.force_login(Person.objects.get(username=username), settings.AUTHENTICATION_BACKENDS[-1])
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session.cookies[name].value, "url": live_server.url}])
        window = context.new_page()
        window.set_default_timeout(30_000)  # a loaded machine is slow, not wrong
        window.goto(path)
        return window

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def end_of_day(clock):
    """What the clock's own process does at the end of a day."""
    from kedang.web.ticking import tick

    def close(day: str) -> None:
        clock.on(day, 23, 50)
        tick(clock.now, sealing=False)

    return close


@pytest.fixture
def vehicles(house):
    """Open vehicle files through the same command as the screen: ``vehicles(consultant, owner=…)``."""
    from itertools import count

    from kedang.files.services import open_file

    numbers = count(1)

    def make(consultant, *, branch=None, opened_on=None, **values):
        no = next(numbers)
        known = {"vin": f"LSVNX41Z{no:09d}", "owner": f"单雄信{no}", "mobile": f"138{no:08d}", "plate": f"沪A{no:05d}"}
        moment = datetime.combine(opened_on or date(2026, 3, 2), datetime.min.time(), tzinfo=SHANGHAI)
        done = open_file(
            actor=consultant, now=moment, token=f"vehicle-{no}", branch=branch or house.branch, kind="vehicle",
            values=known | values, roles={"consultant": consultant}, opened_on=opened_on,
        )  # fmt: skip
        return done.result

    return make
