"""Many people at one loan at the same moment, on both databases: one wins, and everybody else gets a clear answer."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kedang.acts.answers import Done, Invalid
from kedang.duties.models import Duty
from kedang.files.models import File, Place, Record, Volume
from kedang.files.place_services import shelve_volume
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import last_seq
from kedang.journal.replay import disagreements
from kedang.journal.verifying import verify
from kedang.loans import services
from kedang.loans.models import Loan
from kedang.staff.models import Person, PostHolding
from tests.apps.at_once import at_once, told
from tests.apps.files_world import PASSWORD, TODAY, make_world, values
from tests.apps.founded import tell_made, tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
UNTIL = TODAY + timedelta(days=7)


@pytest.fixture
def world(settings):
    """A file on a shelf; at the end the journal and every row must agree."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    made = make_world()
    with writing():
        made.shelf = Place.objects.create(branch=made.branch, code="A-01", name="")
    tell_the_founding()
    made.file = open_file(
        **made.by(made.wang), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    records = {str(one.pk): {"state": "present", "pages": "15"} for one in Record.objects.filter(file=made.file)}
    answer_records(**made.by(made.wang), file=made.file, answers=records)
    shelve_volume(**made.by(made.wang), volume=own_volume(made), place=made.shelf)
    yield made
    assert verify(made.now, [disagreements()]).findings == []


def own_volume(world) -> Volume:
    """The volume as one window has read it."""
    return Volume.objects.select_related("file__branch", "holder").get(file=world.file)


def own_loan(loan: Loan) -> Loan:
    """The loan as one window has read it."""
    return Loan.objects.select_related("file__branch", "branch").get(pk=loan.pk)


def many(world, number: int, post: str) -> list[Person]:
    """So many people in a post."""
    with writing():
        people = [Person.objects.create_user(f"{post}{one}", PASSWORD, name=f"Guo {one}") for one in range(number)]
        held = PostHolding.objects.bulk_create(
            PostHolding(person=one, branch=world.branch, post=post, since=date(2020, 1, 1)) for one in people
        )
    tell_made(held)
    return people


def asking(world, who: Person, token: str = ""):
    """An attempt to fill in the slip."""
    volume = own_volume(world)
    return lambda: services.request_loan(**world.by(who, token), volume=volume, purpose="核对合同", until=UNTIL)


def lent(world) -> Loan:
    """What Li has."""
    loan = asking(world, world.li)().result
    return services.issue_loan(**world.by(world.wang), loan=loan).result


def states() -> Counter[str]:
    """How many loans stand at each stage."""
    return Counter(Loan.objects.values_list("status", flat=True))


def stands(world) -> tuple[str, Person, Place | None]:
    """Where the volume is and who answers for it."""
    volume = own_volume(world)
    return volume.status, volume.holder, volume.place


def test_fifty_who_ask_for_the_same_file_all_wait_and_of_fifty_who_are_served_one_gets_it(world):
    people = many(world, 50, "seller")
    slips = at_once(asking(world, one) for one in people)
    assert told(slips) == {"done": 50}
    assert states() == {"requested": 50} and stands(world) == ("shelved", world.wang, world.shelf)

    def giving(loan: Loan):
        own = own_loan(loan)
        return lambda: services.issue_loan(**world.by(world.wang), loan=own)

    outcomes = at_once(giving(one.result) for one in slips)
    assert told(outcomes) == {"done": 1, "Invalid": 49}
    winner = next(one.result for one in outcomes if isinstance(one, Done)).borrower
    assert all(str(winner) in one.errors["volume"] for one in outcomes if isinstance(one, Invalid))
    assert states() == {"requested": 49, "issued": 1} and stands(world) == ("lent", winner, None)
    assert Duty.objects.filter(clause="base:B.12", status="open").count() == 1


def test_fifty_who_stand_at_the_counter_without_a_slip_are_one_borrower_and_forty_nine_answers(world):
    people = many(world, 50, "seller")

    def lending(who: Person):
        volume = own_volume(world)
        return lambda: services.lend_directly(
            **world.by(world.wang), volume=volume, borrower=who, purpose="年检", until=UNTIL, how="password"
        )

    outcomes = at_once(lending(one) for one in people)
    assert told(outcomes) == {"done": 1, "Invalid": 49}
    assert states() == {"issued": 1} and stands(world)[1] == Loan.objects.get().borrower
    assert Event.objects.filter(name="loan.issued").count() == 1


def test_the_same_slip_sent_twenty_times_at_once_is_one_slip(world):
    assert told(at_once(asking(world, world.li, "the same form") for _ in range(20))) == {"done": 1, "repeated": 19}
    assert states() == {"requested": 1}


def test_twenty_slips_of_one_person_in_twenty_windows_are_one_slip(world):
    assert told(at_once(asking(world, world.li) for _ in range(20))) == {"done": 1, "Invalid": 19}
    assert states() == {"requested": 1}


def test_twenty_renewals_at_once_are_one_renewal(world):
    loan = lent(world)

    def renewing(number: int):
        own = own_loan(loan)
        now = world.by(world.li) | {"now": world.now + timedelta(days=3)}
        until = UNTIL + timedelta(days=1 + number % 3)
        return lambda: services.renew_loan(**now, loan=own, until=until, reason="尚未核对完")

    outcomes = at_once(renewing(number) for number in range(20))
    assert told(outcomes) == {"done": 1, "Invalid": 19}
    loan.refresh_from_db()
    won = next(one.result for one in outcomes if isinstance(one, Done))
    assert (loan.renewals, loan.due_on, loan.was_due_on) == (1, won.due_on, [UNTIL.isoformat()])
    assert dict(Duty.objects.filter(clause="base:B.12").values_list("status", "due_on")) == {
        "dropped": UNTIL, "open": loan.due_on,
    }  # fmt: skip


def test_of_two_archivists_who_take_the_same_loan_back_one_has_it_and_the_other_is_told(world):
    loan = lent(world)
    other = many(world, 1, "keeper")[0]

    def taking(who: Person):
        own = own_loan(loan)
        return lambda: services.return_loan(**world.by(who), loan=own)

    outcomes = at_once([taking(world.wang), taking(other)])
    assert told(outcomes) == {"done": 1, "Invalid": 1}
    loan.refresh_from_db()
    assert stands(world) == ("held", loan.taken_by, None)
    assert Event.objects.filter(name="loan.returned").count() == 1


def test_of_two_archivists_whose_pages_showed_the_same_loan_the_slower_is_told_that_somebody_was_faster(world):
    loan = lent(world)
    other = many(world, 1, "keeper")[0]
    seen = last_seq("file", world.file.pk)

    def taking(who: Person):
        own = own_loan(loan)
        return lambda: services.return_loan(**world.by(who), seen=seen, loan=own)

    assert told(at_once([taking(world.wang), taking(other)])) == {"done": 1, "Stale": 1}


def test_ten_who_renew_while_ten_call_back_leave_a_loan_that_agrees_with_its_journal(world):
    loan = lent(world)

    def renewing():
        own = own_loan(loan)
        now = world.by(world.li) | {"now": world.now + timedelta(days=3)}
        return lambda: services.renew_loan(**now, loan=own, until=UNTIL + timedelta(days=2), reason="尚未核对完")

    def calling():
        own = own_loan(loan)
        now = world.by(world.wang) | {"now": world.now + timedelta(days=3)}
        return lambda: services.recall_loan(**now, loan=own, reason="审计调阅")

    outcomes = at_once([attempt() for _ in range(10) for attempt in (renewing, calling)])
    assert told(outcomes)["done"] in (1, 2)
    loan.refresh_from_db()
    assert loan.due_on == TODAY + timedelta(days=3) and loan.recalled_on == loan.due_on


def test_ten_who_withdraw_the_slip_while_ten_give_the_papers_out_are_one_or_the_other(world):
    loan = asking(world, world.li)().result

    def withdrawing():
        own = own_loan(loan)
        return lambda: services.withdraw_request(**world.by(world.li), loan=own)

    def giving():
        own = own_loan(loan)
        return lambda: services.issue_loan(**world.by(world.wang), loan=own)

    assert told(at_once([attempt() for _ in range(10) for attempt in (withdrawing, giving)])) == {
        "done": 1, "Invalid": 19,
    }  # fmt: skip
    loan.refresh_from_db()
    expected = ("lent", world.li, None) if loan.status == "issued" else ("shelved", world.wang, world.shelf)
    assert loan.status in ("issued", "withdrawn") and stands(world) == expected


def test_twenty_counts_of_one_return_at_once_are_one_count(world):
    loan = lent(world)
    services.return_loan(**world.by(world.wang), loan=loan)
    found = {str(one.pk): True for one in loan.papers.all()}

    def counting():
        own = own_loan(loan)
        return lambda: services.check_loan(**world.by(world.wang), loan=own, found=found, pages_back=30, unmarked=True)

    assert told(at_once(counting() for _ in range(20))) == {"done": 1, "Invalid": 19}
    assert stands(world) == ("shelved", world.wang, world.shelf)
    assert Event.objects.filter(name="loan.checked").count() == 1


def test_twenty_windows_that_give_the_same_loan_out_answer_with_pages_and_never_with_an_error(world):
    loan = asking(world, world.li)().result
    url = reverse("loans:issue", args=[loan.pk])
    windows = [Client(raise_request_exception=False) for _ in range(20)]
    for window in windows:
        window.force_login(world.wang, "django.contrib.auth.backends.ModelBackend")
    seen = str(last_seq("file", world.file.pk))

    def posting(window: Client, number: int):
        form = {"token": "the same" if number < 10 else f"form-{number}", "seen": seen}
        return lambda: window.post(url, form).status_code

    answers = Counter(at_once(posting(window, number) for number, window in enumerate(windows)))
    assert set(answers) <= {302, 409}, answers
    assert answers[302] in (1, 10) and answers[409] == 20 - answers[302]
    assert states() == {"issued": 1} and File.objects.count() == 1
