"""What becomes of breaches: most are mended at once; the director's Fridays decide, the latest ones still wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from kedang.adoptions.models import Adoption
from kedang.files.models import File
from kedang.office.adoption_services import confirm_reading
from kedang.office.approval_services import request_approval
from kedang.office.services import correct_breach, hear_breach, impose_sanction, order_correction, waive_sanction
from kedang.rulebook.pack import Consent
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import weigh

if TYPE_CHECKING:
    from kedang.web.demo.life import House

STATEMENTS = ("当天客户较多，忘记移交。", "等待客户补齐资料。", "无异议。", "出差在外，未及时办理。")
WAITING_DAYS = 12
ABOUT_FILES = {"file", "loan", "record", "consultation"}
ORDERED_WITHIN_DAYS = 4


def plan_fridays(house: House, days: int) -> None:
    """Put the director's Fridays on the agenda."""
    from kedang.web.demo.life import at

    for back in range(days, -1, -1):
        day = house.agenda.last - timedelta(days=back)
        if day.weekday() == 4:
            house.agenda.put(at(day, 15), lambda now: _friday(house, now))


def _friday(house: House, now: datetime) -> None:
    from kedang.web.demo.life import try_it

    director = house.people[house.told["decider"]][0]
    before = timezone.localdate(now) - timedelta(days=WAITING_DAYS)
    rows = Breach.objects.filter(branch=house.branch, status="proposed", happened_on__lte=before)
    for row in rows.select_related("branch", "person", "duty").order_by("happened_on", "pk"):
        statement = house.random.choice(STATEMENTS)
        if try_it(house, hear_breach, actor=director, now=now, breach=row, statement=statement) is None:
            return
        if house.chance("waived"):
            try_it(house, waive_sanction, actor=director, now=now, breach=row, reason="客户原因，资料已补齐")
            continue
        proposal = weigh([Breach.objects.select_related("branch", "person", "duty").get(pk=row.pk)])[0].proposal
        low = proposal.range[0] if proposal and proposal.range and proposal.amount is None else None
        given = {} if low is None or proposal is None else {"amount" if proposal.unit == "cny" else "percent": low}
        try_it(house, impose_sanction, actor=director, now=now, breach=row, **given)


def correct_at_once(house: House, now: datetime) -> None:
    """Most of what went wrong is ordered to be mended, and is; every eighth waits some days for its order."""
    keeper = house.people[house.told["receiver"]][0]
    day = timezone.localdate(now)
    rows = Breach.objects.filter(branch=house.branch, happened_on__lte=day, ordered_on=None, same_as=None)
    for row in rows.select_related("branch", "person").order_by("pk"):
        if row.pk % 8 or row.happened_on < day - timedelta(days=ORDERED_WITHIN_DAYS):
            order_correction(actor=keeper, now=now, token=f"order-{row.pk}", breach=row)
            correct_breach(actor=row.person, now=now, token=f"mend-{row.pk}", breach=row)


def order_last(house: House, now: datetime) -> None:
    """One correction is ordered in these days, so that its repetition can be watched."""
    from kedang.web.demo.life import try_it

    director = house.people[house.told["decider"]][0]
    row = (
        Breach.objects.filter(branch=house.branch, kind="defect", status="proposed", ordered_on=None)
        .order_by("-pk")
        .first()
    )
    if row:
        try_it(house, order_correction, actor=director, now=now, breach=row)


def read_editions(house: House, now: datetime) -> None:
    """Everybody says that they have read what is in force; only the newest in the house still has to."""
    people = sorted({one.pk: one for held in house.people.values() for one in held}.values(), key=lambda one: one.pk)
    for row in Adoption.objects.filter(branch=house.branch).order_by("pk"):
        for person in people[:-1]:
            confirm_reading(actor=person, now=now, token=f"read-{row.pk}-{person.pk}", adoption=row)


def ask_for_consent(house: House, now: datetime) -> None:
    """A few requests about files wait: one for each such consent that the policies know, up to three."""
    from kedang.web.demo.life import try_it

    asker = house.one("opener")
    files = File.objects.filter(branch=house.branch, roles__person=asker).order_by("-pk")
    asked = [rule for rule in house.book.rules_of(Consent) if rule.act.partition(".")[0] in ABOUT_FILES]
    for rule, file in zip(asked[:3], files, strict=False):
        try_it(
            house, request_approval, actor=asker, now=now, branch=house.branch, clause=rule.ref, act=rule.act,
            about=("file", str(file.pk)), purpose="客户来电要求查阅",
        )  # fmt: skip
