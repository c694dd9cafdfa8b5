"""Handovers: two signatures, missing papers, the check, the book."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.custody import queries, services
from kedang.custody.models import Signature
from kedang.custody.rules import handover_facts
from kedang.duties.models import Duty
from kedang.files import record_services
from kedang.files.models import Record
from kedang.files.services import open_file, reach_file
from kedang.files.viewing import Viewer
from kedang.journal.queries import events_of
from tests.apps.files_world import make_world, values


@pytest.fixture
def world():
    return make_world()


def offered(world, *, answer=True):
    file = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=date(2026, 11, 20))
    if answer:
        rows = {one.line: str(one.pk) for one in Record.objects.all()}
        answers = {rows["contract"]: {"state": "present"}, rows["photo"]: {"state": "to_follow", "reason": "rain"}}
        record_services.answer_records(**world.by(world.li), file=file, answers=answers)
    return services.offer_handover(
        **world.by(world.li), file=file, job=None, checklist="new-thing", giver=world.li, receiver=world.wang,
        how="password",
    ).result  # fmt: skip


def sign(world, handover, token=""):
    return services.sign_handover(**world.by(world.wang, token), handover=handover, signer=world.wang, how="password")


one_database = pytest.mark.django_db(databases=["default", "keys"])


@one_database
def test_two_signatures_change_the_holder_and_keep_the_duty(world):
    handover = offered(world)
    assert handover.missing == 1
    assert Duty.objects.get().status == "open"
    sign(world, handover)
    handover.refresh_from_db()
    assert (handover.status, handover.received_on) == ("received", world.today)
    assert handover.file.volumes.get().holder == world.wang
    assert Duty.objects.get().status == "kept"
    assert set(Signature.objects.values_list("party", "person__username")) == {("giver", "li"), ("receiver", "wang")}


@one_database
def test_the_journal_says_as_what_somebody_received(world):
    handover = offered(world)
    sign(world, handover)
    (event,) = [one for one in events_of("file", handover.file_id) if one.name == "handover.received"]
    assert event.data["giver_is"] == ["seller"]
    assert event.data["receiver_is"] == ["keeper"]
    asked = frozenset({"handover.receiver_is", "handover.giver_is"})
    assert handover_facts(handover, asked, None) == {
        "handover.giver_is": ("seller",), "handover.receiver_is": ("keeper",)
    }  # fmt: skip


@one_database
def test_an_unanswered_line_stops_the_offer(world):
    with pytest.raises(Invalid):
        offered(world, answer=False)


@one_database
def test_the_receipt_sent_twice_is_one_receipt(world):
    handover = offered(world)
    token = world.token()
    sign(world, handover, token)
    assert sign(world, handover, token).repeated
    with pytest.raises(Invalid):
        sign(world, handover)
    assert [one.name for one in events_of("file", handover.file_id)].count("handover.received") == 1


@one_database
def test_only_the_named_receiver_signs(world):
    handover = offered(world)
    with pytest.raises(Invalid):
        services.sign_handover(**world.by(world.li), handover=handover, signer=world.li, how="password")


@one_database
def test_the_check_records_each_defect_as_its_own_event(world):
    handover = offered(world)
    sign(world, handover)
    line = handover.lines.get(record__line="contract")
    with pytest.raises(Refused):
        services.check_handover(**world.by(world.li), handover=handover, found={})
    services.check_handover(**world.by(world.wang), handover=handover, found={str(line.pk): ["wrong"]})
    events = [one for one in events_of("file", handover.file_id) if one.name == "defect.raised"]
    assert [one.data["kind"] for one in events] == ["wrong"]
    assert Record.objects.get(line="contract").state == "defective"


@one_database
def test_a_returned_set_stays_with_its_giver(world):
    handover = offered(world)
    services.return_handover(**world.by(world.wang), handover=handover, reason="wrong set")
    assert handover.file.volumes.get().holder == world.li
    with pytest.raises(Invalid):
        sign(world, handover)


@one_database
def test_the_book_shows_the_line_and_the_day_names_what_is_open(world):
    offered(world)
    viewer = Viewer(world.wang, world.branch, world.today)
    assert len(queries.book(viewer, world.today, world.today)) == 1
    assert queries.book(Viewer(world.zhao, world.branch, world.today), world.today, world.today) == []
    with pytest.raises(Invalid):
        services.close_day(**world.by(world.wang), branch=world.branch, day=world.today)
    services.close_day(**world.by(world.wang), branch=world.branch, day=world.today, comment="on the way")
    with pytest.raises(Invalid) as twice:
        services.close_day(**world.by(world.wang), branch=world.branch, day=world.today, comment="once more")
    assert set(twice.value.errors) == {"day"}
    assert queries.closed_by(world.branch, world.today).actor == world.wang
