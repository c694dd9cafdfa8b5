"""What comes of a loan that nobody brings back: its borrower is reminded, it is late and called back, it is a breach.

Each rung is a rule: the days of the reminder are a default of the common rules, the days of return are duties of the
packs, and lateness is a breach where a clause says what comes of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files.models import Volume
from kedang.files.services import open_file
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from kedang.loans import services
from kedang.loans.models import Loan
from kedang.loans.queries import state_of
from kedang.sanctions.models import Breach
from kedang.staff.models import Person, PostHolding
from kedang.web.ticking import tick
from tests.apps.files_world import NOW, PACK, PASSWORD, TODAY, make_world, values
from tests.apps.founded import tell_the_founding
from tests.apps.lender_world import make_lender, project

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
DUE = TODAY + timedelta(days=5)
PRICED = """
  - id: "4"
    zh: 逾期不还的，对借阅人通报批评。
    en: Whoever does not bring papers back in time is named before all.
    rules:
      - duty: {after: loan.issued, who: [loan.borrower], about: loan, done_by: loan.returned, by: loan.until}
      - sanction: {for: {late: "4"}, measure: named, per: loan, decided_by: [keeper]}
"""


def common(pack: str = PACK):
    """A house under the common rules: Li borrows from Wang; Mei works there too."""
    world = make_world()
    with writing():
        world.other = Person.objects.create_user("mei", PASSWORD, name="Mei")
        Adoption.objects.filter(slug="90-test-house.yaml").update(text=pack, sha256=sha256(pack.encode()).hexdigest())
        PostHolding.objects.create(person=world.other, branch=world.branch, post="seller", since=date(2020, 1, 1))
    file = open_file(
        **world.by(world.wang), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result
    return world, file, world.wang, world.li, "base:B.12"


def lender():
    """A house under the policy of two managers: the chairman borrows from Shu; Ai works there too."""
    world = make_lender()
    world.other = world.ai
    return world, project(world), world.shu, world.dong, "13:13.6.3a"


def lent(made, file, keeper, borrower, clause, settings):
    """Papers that are lent and due in five days."""
    tell_the_founding()
    made.keeper, made.borrower, made.clause = keeper, borrower, clause
    made.recall_takes_over = clause == "base:B.12"  # there the recall's duty stands for the one that was late
    with writing():
        Volume.objects.update(holder=keeper)
    volume = Volume.objects.select_related("file__branch", "holder").get(file=file)
    given = {"volume": volume, "borrower": borrower, "purpose": "核对合同", "until": DUE, "how": "password"}
    made.loan = services.lend_directly(**made.by(keeper), **given).result
    made.clock = lambda day: setattr(settings, "CLOCK", lambda: NOW + (day - TODAY))
    return made


@pytest.fixture(params=[common, lender])
def world(request, settings):
    """A house with a loan, under each of the two policies."""
    return lent(*request.param(), settings)


def on(world, who, day: date):
    """What a command of somebody takes on a day."""
    return world.by(who) | {"now": NOW + (day - TODAY)}


def reminded(client, world, day: date) -> bool:
    """Whether the borrower's desk tells them on a day that papers are due."""
    world.clock(day)
    client.force_login(world.borrower)
    page = client.get(reverse("office:desk"))
    loan = Loan.objects.get(pk=world.loan.pk)
    soon = state_of(loan, Viewer(world.borrower, world.branch, day)) == "due"
    told = "即将到期应还" in page.content.decode()
    assert told is soon, "the desk and the list of loans say the same"
    return told


def test_the_borrower_is_reminded_from_two_days_before_until_the_day_itself(world, client):
    days = [DUE - timedelta(days=3), DUE - timedelta(days=2), DUE, DUE + timedelta(days=1)]
    assert [reminded(client, world, day) for day in days] == [False, True, True, False]


def test_another_number_of_days_is_the_house_s_own_setting(world, client):
    with writing():
        Adoption.objects.filter(slug__contains="00-base").update(settings={"loan.remind_days": 4})
    assert reminded(client, world, DUE - timedelta(days=4))
    assert not reminded(client, world, DUE - timedelta(days=5))


def test_nobody_but_the_borrower_is_reminded(world, client):
    world.clock(DUE)
    client.force_login(world.keeper)
    assert "即将到期应还" not in client.get(reverse("office:desk")).content.decode()


def test_what_is_not_back_on_its_day_is_late_and_called_back_and_stays_late_when_it_comes(world):
    day_after = DUE + timedelta(days=1)
    tick(NOW + (DUE - TODAY), sealing=False)
    assert not Duty.objects.filter(status="late").exists()
    tick(NOW + (day_after - TODAY), sealing=False)
    late = Duty.objects.get(clause=world.clause, about_id=str(world.loan.pk))
    assert (late.status, late.due_on) == ("late", DUE)
    services.recall_loan(**on(world, world.keeper, day_after), loan=world.loan, reason="逾期未还")
    recalled = Duty.objects.get(about_id=str(world.loan.pk), due_on=day_after)
    assert recalled.status == "open" and list(recalled.bound.values_list("person", flat=True)) == [world.borrower.pk]
    with pytest.raises(Invalid):
        until = {"until": day_after + timedelta(days=2), "reason": "还需要"}
        services.renew_loan(**on(world, world.borrower, day_after), loan=world.loan, **until)
    back = day_after + timedelta(days=2)
    tick(NOW + (back - TODAY), sealing=False)
    services.return_loan(**on(world, world.keeper, back), loan=world.loan)
    late.refresh_from_db()
    recalled.refresh_from_db()
    assert (late.status, late.done_on) == (("late", day_after) if world.recall_takes_over else ("kept_late", back))
    assert (recalled.status, recalled.done_on) == ("kept_late", back)
    assert not Breach.objects.exists(), "no clause of these policies says what comes of it"


def test_where_a_clause_says_what_comes_of_it_the_late_loan_is_a_breach_of_its_borrower(settings):
    made = lent(*common(PACK + PRICED), settings)
    tick(NOW + (DUE - TODAY), sealing=False)
    assert not Breach.objects.exists()
    tick(NOW + (DUE + timedelta(days=1) - TODAY), sealing=False)
    breach = Breach.objects.get()
    assert (breach.person, breach.kind, breach.name) == (made.borrower, "late", "90:4")


def test_only_the_borrower_or_the_archivist_for_them_renews(world):
    until = {"until": DUE + timedelta(days=2), "reason": "尚未核对完"}
    with pytest.raises(Refused):
        services.renew_loan(**on(world, world.other, DUE), loan=world.loan, **until)
    services.renew_loan(**on(world, world.keeper, DUE), loan=world.loan, **until)
    world.loan.refresh_from_db()
    assert world.loan.due_on == DUE + timedelta(days=2)
