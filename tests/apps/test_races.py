"""Many at the same moment, on both databases: no gap, no double, one winner, and a clear answer for everybody else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from kedang.acts.answers import Done, Invalid
from kedang.acts.periods import begin_days, say_begun
from kedang.custody import services
from kedang.custody.models import Handover, Signature
from kedang.duties.models import Duty
from kedang.files import importing, place_services, record_services
from kedang.files.models import File, Import, Record, Volume
from kedang.files.services import complete_electronic, open_file, open_job, reach_file
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import events_of, last_seq
from kedang.journal.replay import disagreements
from kedang.journal.verifying import verify
from kedang.office.services import hear_breach, impose_sanction
from kedang.sanctions.models import Sanction
from kedang.staff.models import Person, PostHolding
from tests.apps import office_world
from tests.apps.at_once import at_once, told
from tests.apps.files_world import PASSWORD, make_world, values
from tests.apps.founded import tell_made, tell_the_founding
from tests.apps.test_periods import adopt

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


@pytest.fixture
def world(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    found = make_world()
    tell_the_founding()
    yield found
    report = verify(found.now, [disagreements()])
    assert report.findings == []


def serial(number: int) -> str:
    """A serial number of its own."""
    return f"LSVAM4187C2{number:06}"


def opening(world, number: int = 0, token: str = "", **changes: str):
    """An attempt to open a file."""
    return lambda: open_file(
        **world.by(world.li, token), branch=world.branch, kind="thing",
        values=values(serial=serial(number), card="", **changes), roles={"seller": world.li},
    )  # fmt: skip


def ready(world) -> File:
    """A delivered file whose list is answered."""
    file = opening(world)().result
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=date(2026, 11, 20))
    answers = {str(pk): {"state": "present"} for pk in Record.objects.filter(file=file).values_list("pk", flat=True)}
    record_services.answer_records(**world.by(world.li), file=file, answers=answers)
    return file


def offering(world, file: File, token: str = ""):
    """An attempt to offer the file's set."""
    return lambda: services.offer_handover(
        **world.by(world.li, token), file=file, job=None, checklist="new-thing", giver=world.li, receiver=world.wang,
        how="password",
    )  # fmt: skip


def signing(world, handover: Handover, who: Person, token: str = ""):
    """An attempt to receive it; each attempt has read the handover for itself."""
    seen = Handover.objects.get(pk=handover.pk)
    return lambda: services.sign_handover(**world.by(who, token), handover=seen, signer=who, how="password")


def many_keepers(world, number: int) -> list[Person]:
    """More people who hold the receiver's post."""
    with writing():
        people = [Person.objects.create_user(f"keeper{one}", PASSWORD, name=f"Keeper {one}") for one in range(number)]
        held = PostHolding.objects.bulk_create(
            PostHolding(person=one, branch=world.branch, post="keeper", since=date(2020, 1, 1)) for one in people
        )
    tell_made(held)
    return people


def test_fifty_who_open_a_file_at_once_get_fifty_numbers_without_gap(world):
    assert told(at_once(opening(world, number) for number in range(50))) == {"done": 50}
    assert sorted(File.objects.values_list("number", flat=True)) == [f"PD-2026-{one:05}" for one in range(1, 51)]


def test_who_fails_between_them_leaves_no_gap(world):
    wrong = [opening(world, 100 + number, owner="") for number in range(10)]
    outcomes = at_once([*wrong, *(opening(world, number) for number in range(20))])
    assert told(outcomes) == {"Invalid": 10, "done": 20}
    assert sorted(File.objects.values_list("number", flat=True)) == [f"PD-2026-{one:05}" for one in range(1, 21)]


def test_twenty_who_open_the_same_file_at_once_open_one_and_are_led_to_it(world):
    outcomes = at_once(opening(world) for _ in range(20))
    assert told(outcomes) == {"done": 1, "AlreadyThere": 19}
    assert {one.file.pk for one in outcomes if isinstance(one, Invalid)} == {File.objects.get().pk}
    assert [one.name for one in Event.objects.filter(subject_kind="file")] == ["file.opened"]


def test_twenty_people_who_sign_the_same_handover_have_one_winner(world):
    handover = offering(world, ready(world))().result
    attempts = [signing(world, handover, world.wang) for _ in range(10)]
    attempts += [signing(world, handover, one) for one in many_keepers(world, 10)]
    assert told(at_once(attempts)) == {"done": 1, "Invalid": 19}
    assert Signature.objects.filter(handover=handover, party="receiver").count() == 1
    assert [one.name for one in events_of("file", handover.file_id)].count("handover.received") == 1
    assert Volume.objects.get().holder == world.wang
    assert Duty.objects.get().status == "kept"


def test_the_same_receipt_sent_twenty_times_at_once_is_one_receipt(world):
    handover = offering(world, ready(world))().result
    attempts = [signing(world, handover, world.wang, "the same form") for _ in range(20)]
    outcomes = at_once(attempts)
    assert told(outcomes) == {"done": 1, "repeated": 19}
    assert {one.result.pk for one in outcomes} == {handover.pk}
    assert Signature.objects.count() == 2


def test_the_same_new_file_sent_twenty_times_at_once_is_one_file(world):
    outcomes = at_once(opening(world, token="the same form") for _ in range(20))
    assert told(outcomes) == {"done": 1, "repeated": 19}
    assert {one.result.pk for one in outcomes} == {File.objects.get().pk}


def test_twenty_who_offer_the_same_set_at_once_offer_it_once(world):
    file = ready(world)
    assert told(at_once(offering(world, file) for _ in range(20))) == {"done": 1, "Invalid": 19}
    assert Handover.objects.count() == 1


def test_of_two_archivists_who_shelve_the_same_volume_one_is_told_that_somebody_was_faster(world):
    file = ready(world)
    places = [
        place_services.register_place(**world.by(world.wang), branch=world.branch, code=code).result
        for code in ("A-01", "A-02")
    ]
    other = many_keepers(world, 1)[0]
    seen = last_seq("file", file.pk)

    def shelving(who: Person, place):
        volume = Volume.objects.select_related("file__branch", "holder").get()
        return lambda: place_services.shelve_volume(**world.by(who), seen=seen, volume=volume, place=place)

    outcomes = at_once([shelving(world.wang, places[0]), shelving(other, places[1])])
    assert told(outcomes) == {"done": 1, "Stale": 1}
    won = next(number for number, one in enumerate(outcomes) if isinstance(one, Done))
    assert Volume.objects.get().place == places[won]
    assert [one.data["place"] for one in events_of("file", file.pk) if one.name == "volume.shelved"] == [
        places[won].code
    ]


def test_who_shelves_while_the_papers_change_hands_does_not_give_them_back_to_the_giver(world):
    handover = offering(world, ready(world))().result
    place = place_services.register_place(**world.by(world.wang), branch=world.branch, code="A-01").result
    read_before = Volume.objects.select_related("file__branch", "holder").get()
    assert read_before.holder == world.li
    signing(world, handover, world.wang)()
    place_services.shelve_volume(**world.by(world.wang), volume=read_before, place=place)
    assert (Volume.objects.get().holder, Volume.objects.get().place) == (world.wang, place)


def test_twenty_who_fill_in_the_electronic_half_at_once_do_it_once(world):
    file = ready(world)

    def completing():
        own = File.objects.get(pk=file.pk)
        return lambda: complete_electronic(**world.by(world.wang), file=own)

    assert told(at_once(completing() for _ in range(20))) == {"done": 1, "Invalid": 19}


def test_twenty_jobs_of_one_file_at_once_get_twenty_numbers(world):
    file = ready(world)

    def receiving():
        own = File.objects.get(pk=file.pk)
        return lambda: open_job(
            **world.by(world.li), file=own, what="visit", job_kinds=["care"], contact_name="王芳",
            contact_phone="13800001111", verified=True,
        )  # fmt: skip

    assert told(at_once(receiving() for _ in range(20))) == {"done": 20}
    assert {one.number for one in file.jobs.all()} == {f"{file.number}/{one}" for one in range(1, 21)}


def test_an_import_started_twenty_times_at_once_brings_each_row_in_once(world):
    head = "车架号,客户名称,手机,交付日期,销售"
    sheet = "\n".join([head, *(f"{serial(one)},李四,1380000{one:04},2026-11-20,li" for one in range(20))])
    run = importing.upload_import(
        **world.by(world.wang), branch=world.branch, kind="thing", data=sheet.encode(), past=False
    ).result

    def starting():
        own = Import.objects.select_related("branch", "author").get(pk=run.pk)
        return lambda: importing.start_import(**world.by(world.wang), run=own)

    assert told(at_once(starting() for _ in range(20))) == {"done": 1, "Invalid": 19}
    workers = at_once(lambda: importing.run_waiting(lambda: world.now) for _ in range(4))
    assert sorted(workers) == [0, 0, 0, 20]
    assert Counter(run.rows.values_list("state", flat=True)) == {"made": 20}
    assert File.objects.count() == Duty.objects.count() == 20


def test_a_day_that_several_clocks_begin_at_once_is_begun_once():
    world = make_world()
    day, now = date(2026, 12, 1), datetime(2026, 12, 1, 2, tzinfo=UTC)
    adopt(world, date(2026, 11, 1))
    at_once(lambda: begin_days(world.branch, day, now) for _ in range(6))
    began = Event.objects.filter(name="day.began", subject_kind="branch", subject_id=str(world.branch.pk))
    assert began.count() == 2  # one opened the monthly round, one says that the day is done
    assert Duty.objects.filter(clause="90:r1").count() == 1
    at_once(lambda: say_begun(branch=world.branch, day=day, now=now) for _ in range(6))
    assert began.count() == 2


def test_twenty_decisions_on_one_breach_at_once_are_one_decision(settings):
    office = office_world.make_office()
    row = office.breach(office.li, date(2026, 3, 3))
    hear_breach(**office.by(office.qian), breach=row, statement="The customer kept the invoice.")

    def deciding():
        own = type(row).objects.select_related("branch", "person").get(pk=row.pk)
        return lambda: impose_sanction(**office.by(office.qian), breach=own)

    assert told(at_once(deciding() for _ in range(20))) == {"done": 1, "Invalid": 19}
    assert Sanction.objects.get().breach == row


def test_the_same_screen_sent_twenty_times_at_once_answers_with_pages_and_never_with_an_error(world):
    handover = offering(world, ready(world))().result
    url = reverse("custody:sign", args=[handover.pk])
    windows = [Client(raise_request_exception=False) for _ in range(20)]
    for number, window in enumerate(windows):
        window.force_login(world.wang if number % 2 else world.li, "django.contrib.auth.backends.ModelBackend")

    def posting(window: Client, number: int):
        # Half of them are one form sent again and again, half are forms of other windows on the same page.
        form = {
            "token": "the same" if number < 10 else f"form-{number}", "seen": str(last_seq("file", handover.file_id)),
            "receiver_username": "wang", "receiver_password": PASSWORD,
        }  # fmt: skip
        return lambda: window.post(url, form).status_code

    answers = Counter(at_once(posting(window, number) for number, window in enumerate(windows)))
    assert set(answers) <= {302, 409}, answers
    assert answers[302] in (1, 10) and answers[409] == 20 - answers[302]
    handover.refresh_from_db()
    assert handover.status == "received"
    assert Signature.objects.filter(handover=handover).count() == 2
