"""Two years of an invented house, hour by hour, through the real commands.

Each step is a function of its moment; it may put later steps on the agenda.  The clock is the agenda's, so that the
same seed and the same last day give the same life.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from kedang.acts.answers import Invalid, Refused
from kedang.custody.models import Handover
from kedang.custody.services import check_handover, offer_handover, return_handover, sign_handover
from kedang.files import kinds
from kedang.files.models import File, Job, Record
from kedang.files.services import complete_electronic, open_file, open_job, reach_file, reach_job
from kedang.rulebook import Book
from kedang.staff.models import Branch, Person
from kedang.web.demo.invented import Invention
from kedang.web.demo.papers import answer_lists, shelve, supply_gaps

Step = Callable[[datetime], None]
HOW = "password"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in the house's time zone."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def working(day: date) -> date:
    """This day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


@dataclass
class Agenda:
    """Steps in the order of their moments; equal moments in the order in which they were put."""

    last: date
    until: datetime  # the moment of the founding: nothing has happened later
    heap: list[tuple[datetime, int, Step]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    def put(self, moment: datetime, step: Step) -> None:
        """Plan a step; what lies in the future does not happen."""
        if moment <= self.until:
            heapq.heappush(self.heap, (moment, next(self.numbers), step))

    def run(self, end_of_day: Callable[[datetime], None], each: Callable[[int], None]) -> int:
        """Do all steps; ``end_of_day`` is called once for every day between the first and the last."""
        done, day = 0, None
        while self.heap:
            moment, _number, step = heapq.heappop(self.heap)
            today = timezone.localdate(moment)
            while day is not None and day < today:
                end_of_day(at(day, 23, 50))
                day += timedelta(days=1)
            day = today
            step(moment)
            done += 1
            each(done)
        return done


@dataclass
class House:
    """Who works here, under which book, and how often something goes wrong."""

    branch: Branch
    book: Book
    people: dict[str, list[Person]]
    told: dict[str, Any]
    random: Random
    invention: Invention
    agenda: Agenda
    refused: int = 0

    def token(self) -> str:
        """A form's token from the fixed seed."""
        return UUID(int=self.random.getrandbits(128), version=4).hex

    def chance(self, name: str) -> bool:
        """Whether this thing goes wrong this time."""
        return self.random.randrange(100) < self.told["behind"][name]

    def one(self, post: str) -> Person:
        """Somebody of a post."""
        return self.random.choice(self.people[self.told[post]])


def try_it(house: House, command: Callable[..., Any], **given: Any) -> Any:
    """A command's result, or nothing when a rule said no: an invented life, too, is refused now and then."""
    try:
        return command(token=house.token(), **given).result
    except (Refused, Invalid):
        house.refused += 1
        return None


def plan_files(house: House, number: int, days: int) -> None:
    """Spread the opening of files over the past; the last ones are of these days."""
    first = house.agenda.last - timedelta(days=days)
    for index in range(number):
        day = working(first + timedelta(days=days * index // max(1, number - 1)))
        moment = at(day, 9 + index % 8, house.random.randrange(60))
        house.agenda.put(moment, lambda now: _open(house, now))


def open_invented(house: House, actor: Person, now: datetime) -> File | None:
    """A new file with invented values, its opener in the role that the house names; nothing where a rule said no."""
    told = house.told["file"]
    kind = kinds.file_kind(house.book, told["kind"])
    if kind is None:
        raise LookupError(f"No pack in force declares the kind of file {told['kind']!r}.")
    values = {key: house.invention.value(one, timezone.localdate(now)) for key, one in kind.fields.items()}
    values |= told.get("given", {})
    roles = {
        key: actor if house.told["roles"].get(key) == house.told["opener"] else house.people[post][0]
        for key, post in house.told["roles"].items()
    }
    found: File | None = try_it(
        house, open_file, actor=actor, now=now, branch=house.branch, kind=kind.key, values=values, roles=roles
    )
    return found


def _open(house: House, now: datetime) -> None:
    actor = house.one("opener")
    file = open_invented(house, actor, now)
    if file is None:
        return
    delivered = now + timedelta(days=house.random.randint(1, 9), minutes=house.random.randrange(90))
    house.agenda.put(delivered, lambda later: _deliver(house, file, actor, later))


def _deliver(house: House, file: File, actor: Person, now: datetime) -> None:
    told = house.told["file"]
    day = timezone.localdate(now)
    if try_it(house, reach_file, actor=actor, now=now, file=file, milestone=told["milestone"], on=day) is None:
        return
    wait = house.random.randint(5, 11) if house.chance("late") else house.random.randint(0, 2)
    if house.chance("forgotten"):
        wait = house.random.randint(15, 40)
    moment = at(working(day + timedelta(days=wait)), 17, house.random.randrange(55))
    house.agenda.put(max(moment, now), lambda later: hand_over(house, file, None, told["checklist"], actor, later))
    if not house.chance("comes_back"):
        return
    visit = day + timedelta(days=house.random.randint(60, 220))
    house.agenda.put(at(working(visit), 9, house.random.randrange(55)), lambda later: _visit(house, file, later))


def _visit(house: House, file: File, now: datetime) -> None:
    told = house.told["file"]
    declared = kinds.job_kind(house.book, file, told["job"])
    actor = house.one("job_person")
    job = try_it(
        house, open_job, actor=actor, now=now, file=file, what=told["job"],
        job_kinds=[house.random.choice(list(declared.kinds))] if declared and declared.kinds else [],
        contact_name=house.invention.name(), contact_phone=house.invention.mobile(), verified=True,
    )  # fmt: skip
    if job is None:
        return
    house.agenda.put(now + timedelta(hours=house.random.randint(3, 8)), lambda later: _leave(house, job, actor, later))
    again = timezone.localdate(now) + timedelta(days=house.random.randint(150, 260))
    house.agenda.put(at(working(again), 9, house.random.randrange(55)), lambda later: _visit(house, file, later))


def _leave(house: House, job: Job, actor: Person, now: datetime) -> None:
    day = timezone.localdate(now)
    milestone = house.told["file"]["job_milestone"]
    if try_it(house, reach_job, actor=actor, now=now, job=job, milestone=milestone, on=day) is None:
        return
    lists = Record.objects.filter(job=job).values_list("checklist", flat=True).order_by("checklist").distinct()
    wait = house.random.randint(3, 6) if house.chance("late") else 1
    if house.chance("forgotten"):
        wait = house.random.randint(10, 30)
    for minute, checklist in enumerate(lists):
        moment = at(working(day + timedelta(days=wait)), 16, minute)
        house.agenda.put(moment, partial(hand_over, house, job.file, job, checklist, actor))


def hand_over(house: House, file: File, job: Job | None, checklist: str, giver: Person, now: datetime) -> None:
    """Offer the papers, with gaps now and then; the archivist signs the same evening."""
    answer_lists(house, file, job, checklist, giver, now)
    receiver = house.people[house.told["receiver"]][0]
    handover = try_it(
        house, offer_handover, actor=giver, now=now, file=file, job=job, checklist=checklist, giver=giver,
        receiver=receiver, how=HOW,
    )  # fmt: skip
    if handover is None:
        return
    follows = at(working(timezone.localdate(now) + timedelta(days=house.random.randint(4, 16))), 14, 10)
    house.agenda.put(follows, lambda later: _complete(house, file, job, checklist, giver, later))
    moment = now + timedelta(minutes=25)
    if house.chance("returned"):
        house.agenda.put(moment, lambda later: _send_back(house, handover, receiver, later))
    else:
        house.agenda.put(moment, lambda later: _receive(house, handover, receiver, later))


def _complete(house: House, file: File, job: Job | None, checklist: str, giver: Person, now: datetime) -> None:
    """What was to follow is there: it is brought as a supplement."""
    receiver = house.people[house.told["receiver"]][0]
    brought = supply_gaps(house, file, job, checklist, giver, receiver, now)
    if brought:
        house.agenda.put(now + timedelta(minutes=25), lambda later: _receive(house, brought, receiver, later))


def _send_back(house: House, handover: Handover, receiver: Person, now: datetime) -> None:
    try_it(house, return_handover, actor=receiver, now=now, handover=handover, reason="签字处有涂改，请重新整理")
    again = at(working(timezone.localdate(now) + timedelta(days=1)), 15, house.random.randrange(55))
    giver, file, job, checklist = handover.giver, handover.file, handover.job, handover.checklist
    house.agenda.put(again, lambda later: hand_over(house, file, job, checklist, giver, later))


def _receive(house: House, handover: Handover, receiver: Person, now: datetime) -> None:
    signed = try_it(house, sign_handover, actor=receiver, now=now, handover=handover, signer=receiver, how=HOW)
    if signed is None:
        return
    house.agenda.put(now + timedelta(minutes=40), lambda later: _check(house, signed, receiver, later))


def _check(house: House, handover: Handover, receiver: Person, now: datetime) -> None:
    found: dict[str, list[str]] = {}
    defects = list(kinds.defects(house.book))
    if defects and house.chance("missing"):
        line = handover.lines.order_by("pk").first()
        if line:
            found[str(line.pk)] = [house.random.choice(defects)]
    try_it(house, check_handover, actor=receiver, now=now, handover=handover, found=found)
    file = File.objects.select_related("branch").get(pk=handover.file_id)
    if handover.job_id is None and file.electronic == "none":
        try_it(house, complete_electronic, actor=receiver, now=now, file=file)
    shelve(house, file, receiver, now)
