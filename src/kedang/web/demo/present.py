"""What lies on the desks on the last day: work in hand, papers lent, consents asked for, rounds held.

Two years of life leave little open; a house that is looked at in the morning has both.  All of it is put on the agenda
of the last weeks, so that rules, deadlines and refusals are real here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from kedang.custody.services import close_day, offer_handover, sign_handover
from kedang.files import kinds, labels
from kedang.files.models import File, Place, Volume
from kedang.files.services import open_job, reach_file, reach_job
from kedang.inspections import rules as inspecting
from kedang.inspections.services import hold_inspection
from kedang.loans.models import Loan
from kedang.loans.rules import terms_of
from kedang.loans.services import check_loan, issue_loan, request_loan, return_loan
from kedang.office.approval_services import grant_approval, request_approval
from kedang.office.staff_services import employ_person
from kedang.rulebook.pack import Consent
from kedang.staff.models import Person
from kedang.web.demo.papers import answer_lists

if TYPE_CHECKING:
    from kedang.web.demo.life import House, Step

HOW = "password"
NEEDS = ("保险理赔须核对合同", "客户来店补办行驶证", "厂方抽查新车档案", "客户咨询延保条款", "二手车评估须核对发票")
OWED_DAYS_AGO = (1, 1, 1, 2, 2, 3, 4)  # working days: with three allowed the last one is late
LENT_DAYS_AGO = (17, 11, 9, 6, 5, 3, 2, 1)
LOANS_BACK = 3  # of these, as many have come back; the next is late
ROUNDS_DAYS_AGO = (33, 2)


def back(last: date, working_days: int) -> date:
    """The day so many weekdays before; the last day itself, or the Friday before it, for none."""
    day = last
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    for _ in range(working_days):
        day -= timedelta(days=3 if day.weekday() == 0 else 1)
    return day


@dataclass
class Present:
    """What the last days have taken up already, so that nothing is taken twice."""

    house: House
    taken: set[int] = field(default_factory=set)

    def files(self, **wanted: object) -> list[File]:
        """Files of the house that nobody here has taken, the newest first."""
        rows = File.objects.filter(branch=self.house.branch, status="open", **wanted).exclude(pk__in=self.taken)
        return list(rows.select_related("branch").order_by("-pk")[:60])

    def take(self, file: File) -> File:
        """Keep this file for one purpose."""
        self.taken.add(file.pk)
        return file


def plan_present(house: House) -> None:
    """Put the last weeks' work on the agenda."""
    from kedang.web.demo.life import at

    present, last = Present(house), house.agenda.last

    def put(day: date, hour: int, minute: int, step: Step) -> None:
        house.agenda.put(at(day, hour, minute), step)

    for number, days in enumerate(ROUNDS_DAYS_AGO):
        put(back(last, days), 16, number, partial(_round, house, bool(number)))
    for number, days in enumerate(LENT_DAYS_AGO):
        stays = number >= LOANS_BACK
        put(back(last, days), 9, 30 + number, partial(_lend, present, number, stays))
    openers = house.people[house.told["opener"]]
    for number, opener in enumerate(openers):
        for minute, days in enumerate(OWED_DAYS_AGO[number % 3 :: 2]):
            put(back(last, days), 11, 10 * number + minute, partial(_sell, present, opener))
    for number, person in enumerate(house.people[house.told["job_person"]]):
        for minute, days in enumerate((2, 1)):
            put(back(last, days), 10, 10 * number + minute, partial(_repair, present, person))
    put(back(last, 2), 17, 50, partial(_close, house))
    put(back(last, 1), 17, 40, partial(_offer, present, 3))
    put(back(last, 1), 17, 50, partial(_receive, house, 1))
    put(back(last, 1), 18, 35, partial(_ask_to_borrow, present, 2))
    put(back(last, 1), 18, 40, partial(_employ, house))


def _sell(present: Present, opener: Person, now: datetime) -> None:
    """A car is delivered; its papers are still with the consultant."""
    from kedang.web.demo.life import open_invented, try_it

    file = open_invented(present.house, opener, now)
    if file is not None:
        present.take(file)
        told, day = present.house.told["file"], timezone.localdate(now)
        try_it(present.house, reach_file, actor=opener, now=now, file=file, milestone=told["milestone"], on=day)


def _repair(present: Present, person: Person, now: datetime) -> None:
    """A car has come and gone; its sheets are still with the service consultant."""
    from kedang.web.demo.life import try_it

    house, told = present.house, present.house.told["file"]
    for file in present.files(jobs=None)[:1]:
        present.take(file)
        declared = kinds.job_kind(house.book, file, told["job"])
        job = try_it(
            house, open_job, actor=person, now=now, file=file, what=told["job"],
            job_kinds=[house.random.choice(list(declared.kinds))] if declared and declared.kinds else [],
            contact_name=house.invention.name(), contact_phone=house.invention.mobile(), verified=True,
        )  # fmt: skip
        if job is not None:
            day, later = timezone.localdate(now), now + timedelta(minutes=5)
            try_it(house, reach_job, actor=person, now=later, job=job, milestone=told["job_milestone"], on=day)


def _offer(present: Present, number: int, now: datetime) -> None:
    """Papers offered on the last evening wait for the archivist's signature."""
    from kedang.web.demo.life import try_it

    house, checklist = present.house, present.house.told["file"]["checklist"]
    receiver = house.people[house.told["receiver"]][0]
    owed = File.objects.filter(pk__in=present.taken, roles__person__in=house.people[house.told["opener"]])
    for file in owed.select_related("branch").order_by("pk").distinct()[:number]:
        giver = file.roles.get(role=next(iter(house.told["roles"]))).person
        answer_lists(house, file, None, checklist, giver, now)
        try_it(
            house, offer_handover, actor=giver, now=now, file=file, job=None, checklist=checklist, giver=giver,
            receiver=receiver, how=HOW,
        )  # fmt: skip


def _receive(house: House, number: int, now: datetime) -> None:
    """Some of it is received, and has to be checked and put on its shelf."""
    from kedang.custody.models import Handover
    from kedang.web.demo.life import try_it

    receiver = house.people[house.told["receiver"]][0]
    for handover in Handover.objects.filter(branch=house.branch, status="offered").order_by("pk")[:number]:
        try_it(house, sign_handover, actor=receiver, now=now, handover=handover, signer=receiver, how=HOW)


def _close(house: House, now: datetime) -> None:
    from kedang.web.demo.life import try_it

    keeper = house.people[house.told["receiver"]][0]
    try_it(house, close_day, actor=keeper, now=now, branch=house.branch, day=timezone.localdate(now), comment="已核对")


def _shelved(present: Present) -> list[Volume]:
    """Volumes that stand in their place, of files that nobody here has taken."""
    rows = Volume.objects.filter(file__branch=present.house.branch, place__isnull=False)
    rows = rows.exclude(file_id__in=present.taken).select_related("file__branch", "place", "holder")
    return list(rows.order_by("-pk")[:80])


def _asked(present: Present, volume: Volume, borrower: Person, now: datetime) -> Loan | None:
    from kedang.web.demo.life import try_it

    house = present.house
    today = timezone.localdate(now)
    until = today + timedelta(days=terms_of(house.branch, today, volume.file.kind).days)
    need = house.random.choice(NEEDS)
    given = {"volume": volume, "purpose": need, "until": until}
    found: Loan | None = try_it(house, request_loan, actor=borrower, now=now, **given)
    return found


def _consent(house: House, asker: Person, loan: Loan, now: datetime) -> list[object]:
    """The consents that the policies in force want before this loan, asked for by who will issue it."""
    from kedang.web.demo.life import try_it

    wanted = [rule for rule in house.book.rules_of(Consent) if rule.act == "loan.issue"]
    about = ("file", str(loan.file_id))
    return [
        try_it(
            house, request_approval, actor=asker, now=now, branch=house.branch, clause=rule.ref, act=rule.act,
            about=about, purpose=loan.purpose,
        )
        for rule in wanted
    ]  # fmt: skip


def _lend(present: Present, number: int, stays: bool, now: datetime) -> None:
    """Lend a file with the consent that it needs; it comes back within the week and is counted, or stays out."""
    from kedang.web.demo.life import try_it

    house = present.house
    keeper, decider = house.people[house.told["receiver"]][0], house.people[house.told["decider"]][0]
    borrowers = [*house.people[house.told["job_person"]], *house.people[house.told["opener"]]]
    volumes = _shelved(present)
    if not volumes:
        return
    volume = volumes[house.random.randrange(len(volumes))]
    present.take(volume.file)
    loan = _asked(present, volume, borrowers[number % len(borrowers)], now)
    if loan is None:
        return
    for approval in _consent(house, keeper, loan, now + timedelta(minutes=5)):
        if approval is not None:
            given = {"approval": approval, "reason": "同意，用毕即还"}
            try_it(house, grant_approval, actor=decider, now=now + timedelta(minutes=20), **given)
    issued = try_it(house, issue_loan, actor=keeper, now=now + timedelta(minutes=30), loan=loan)
    if issued is not None and not stays:
        house.agenda.put(now + timedelta(days=4), lambda later: _bring_back(house, issued, keeper, later))


def _bring_back(house: House, loan: Loan, keeper: Person, now: datetime) -> None:
    from kedang.web.demo.life import try_it

    returned = try_it(house, return_loan, actor=keeper, now=now, loan=loan)
    if returned is not None:
        found = {str(one.pk): True for one in returned.papers.all()}
        given = {"found": found, "pages_back": returned.pages_out, "unmarked": True}
        try_it(house, check_loan, actor=keeper, now=now + timedelta(minutes=10), loan=returned, **given)


def _ask_to_borrow(present: Present, number: int, now: datetime) -> None:
    """Requests of the last evening: one waits for consent, the others for the archivist."""
    house = present.house
    keeper = house.people[house.told["receiver"]][0]
    for index, volume in enumerate(_shelved(present)[:number]):
        present.take(volume.file)
        loan = _asked(present, volume, house.people[house.told["opener"]][-1 - index], now)
        if loan is not None and index == 0:
            _consent(house, keeper, loan, now + timedelta(minutes=2))


def _employ(house: House, now: datetime) -> None:
    """Somebody new, with a post that a second person has to confirm."""
    from kedang.web.demo.life import try_it

    one = house.told["newcomer"]
    given = {"username": one["username"], "name": one["zh"], "name_en": one["en"], "post": one["post"]}
    giver = Person.objects.get(username=one["by"])
    try_it(
        house, employ_person, actor=giver, now=now, branch=house.branch, password=house.told["password"], **given
    )  # fmt: skip


def _round(house: House, finding: bool, now: datetime) -> None:
    """The archivist walks each round that the policies know, and has the labels of one shelf scanned."""
    from kedang.web.demo.life import try_it

    keeper = house.people[house.told["receiver"]][0]
    for key in inspecting.rounds(house.book):
        asked = inspecting.questions(house.book, key)
        answers = {str(number): {"answer": "fine"} for number in range(len(asked))}
        if finding and asked:
            answers["0"] = {"answer": "wrong", "note": "三个档案袋仍为旧式样"}
        place = Place.objects.filter(branch=house.branch, kind="shelf").order_by("pk").first()
        stand = [labels.code_of("volume", pk) for pk in Volume.objects.filter(place=place).values_list("pk", flat=True)]
        given = {"place": place, "scanned": "\n".join(stand)} if place is not None else {}
        try_it(house, hold_inspection, actor=keeper, now=now, branch=house.branch, round=key, answers=answers, **given)
