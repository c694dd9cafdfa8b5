"""``kedang demo``: the invented house, made once; a second start finds it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from kedang.adoptions.queries import book_for
from kedang.journal.commands import make_keys
from kedang.journal.sealing import seal_now
from kedang.office.founding import Employee, adopt, employ, found_branch, lay_units
from kedang.staff.models import Branch, Person, PostHolding
from kedang.web.demo.deciding import ask_for_consent, correct_at_once, order_last, plan_fridays, read_editions
from kedang.web.demo.invented import Invention
from kedang.web.demo.life import Agenda, House, at, plan_files
from kedang.web.demo.papers import register_places
from kedang.web.demo.present import back, plan_present
from kedang.web.ticking import tick

HERE = Path(__file__).resolve().parent
PACKS = HERE.parent.parent / "policies"
DAYS = 730
BATCH = 200


def _told() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "house.yaml").read_text("utf-8"))
    return found


def make(*, files: int, today: date | None = None) -> None:
    """Make keys, databases and the house's two years, unless it is there; print who can log in."""
    told = _told()
    call_command("migrate", database="default", interactive=False, verbosity=0)
    call_command("migrate", database="keys", interactive=False, verbosity=0)
    make_keys()
    if not Branch.objects.exists():
        now = timezone.now() if today is None else at(today, 18)
        with transaction.atomic():
            house = _found(told, now)
            _live(house, files)
        seal_now(timezone.now())
    _print_log_ins(told)


def _found(told: dict[str, Any], until: datetime) -> House:
    """The house on its first day, two years and a week before the day on which it is looked at."""
    last = timezone.localdate(until)
    first = last - timedelta(days=DAYS + 7)
    now = at(first, 8)
    branch = found_branch(told["branch"]["code"], told["branch"]["zh"], told["branch"]["en"], now=now, on=first)
    staff = [
        Employee(one["username"], one["zh"], one["en"], one["posts"], one.get("unit", ""), bool(one.get("admin")))
        for one in told["people"]
    ]
    people = employ(branch, staff, told["password"], now=now, on=first)
    units = {key: (one["zh"], one["en"], people[one["head"]]) for key, one in told["units"].items()}
    lay_units(branch, units, now=now, on=first)
    paths = [PACKS / f"{name}.yaml" for name in told["packs"]]
    hearing = "员工大会征求意见，公示七日"
    adopt(
        branch, [path for path in paths if path.exists()], people[told["approver"]], now=now, on=first, hearing=hearing
    )
    by_post: dict[str, list[Person]] = {}
    for holding in PostHolding.objects.filter(branch=branch).select_related("person").order_by("pk"):
        by_post.setdefault(holding.post, []).append(holding.person)
    random = Random(told["seed"])
    return House(
        branch=branch, book=book_for(branch, last), people=by_post, told=told, random=random,
        invention=Invention(told["values"], random), agenda=Agenda(last, until),
    )  # fmt: skip


def _live(house: House, files: int) -> None:
    """Run the agenda; each day ends with the clock's own work."""

    def end_of_day(moment: datetime) -> None:
        tick(moment, sealing=False)
        correct_at_once(house, moment)

    def each(done: int) -> None:
        if done % BATCH == 0:
            print(f"\r{done} steps …", end="", flush=True)

    plan_files(house, files, DAYS)
    plan_fridays(house, DAYS)
    plan_present(house)
    register_places(house, at(house.agenda.last - timedelta(days=DAYS + 6), 9))
    read_editions(house, at(house.agenda.last - timedelta(days=DAYS + 6), 10))
    evening = back(house.agenda.last, 1)
    house.agenda.put(at(evening, 18), lambda now: order_last(house, now))
    house.agenda.put(at(evening, 18, 30), lambda now: ask_for_consent(house, now))
    done = house.agenda.run(end_of_day, each)
    print(f"\r{done} steps, {house.refused} refused by the rules")


def _print_log_ins(told: dict[str, Any]) -> None:
    print(f"\nPassword of everybody: {told['password']}")
    for one in told["people"]:
        print(f"  {one['username']:<8} {', '.join(one['posts'])}")
    new = told["newcomer"]
    print(f"  {new['username']:<8} {new['post']}: waits until a second person has confirmed it")
