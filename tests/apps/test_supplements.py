"""What comes after a handover comes as a supplement that both sign, or by whoever keeps the file."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.queries import book_for
from kedang.custody import queries, services, supply_services
from kedang.custody.models import Handover
from kedang.duties.models import Duty
from kedang.files.models import Record, Volume
from kedang.files.paper_services import supply_record
from kedang.files.record_services import answer_records
from kedang.files.services import open_job, reach_file
from kedang.files.viewing import Viewer
from kedang.insight.sources import SOURCES
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.journal.replay import disagreements
from tests.apps.files_world import PASSWORD, make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WHOLE = """
  - id: "8"
    zh: 交付后十日内资料须齐全。
    en: The set is whole within ten days of delivery.
    rules:
      - duty: {after: thing.delivered, from: thing.delivered_on, who: [file.seller], about: file,
               done_by: handover.received, done_when: {handover.complete: "yes"}, within_days: 10}
"""


@pytest.fixture
def world():
    """A set with a contract, whose photo is to follow, offered by Li to Wang."""
    made = make_world(WHOLE)
    made.file = thing(made)
    reach_file(**made.by(made.li), file=made.file, milestone="delivered", on=date(2026, 11, 20))
    made.line = {one.line: one for one in Record.objects.filter(file=made.file)}
    contract, photo = str(made.line["contract"].pk), str(made.line["photo"].pk)
    given = {contract: {"state": "present"}, photo: {"state": "to_follow", "reason": "rain"}}
    answer_records(**made.by(made.li), file=made.file, answers=given)
    made.present = {photo: {"state": "present"}}
    made.papers = {"file": made.file, "job": None, "checklist": "new-thing"}
    made.offer = services.offer_handover(
        **made.by(made.li), **made.papers, giver=made.li, receiver=made.wang, how="password"
    ).result
    return made


def sign(world, handover):
    return services.sign_handover(**world.by(world.wang), handover=handover, signer=world.wang, how="password").result


def bring(world, **changes):
    given = {"brought": {str(world.line["photo"].pk): None}, "giver": world.li, "receiver": world.wang} | changes
    return supply_services.supply_handover(**world.by(world.li), **world.papers, **given, how="password").result


def state(world) -> str:
    return Record.objects.get(pk=world.line["photo"].pk).state


def test_a_list_that_waits_for_its_receiver_is_changed_by_nobody(world):
    for who in (world.li, world.wang):
        with pytest.raises(Refused) as caught:
            answer_records(**world.by(who), file=world.file, answers=world.present)
        assert caught.value.answer.clauses == {"base:B.19"}
        with pytest.raises(Refused):
            supply_record(**world.by(who), record=world.line["photo"])
    assert state(world) == "to_follow"


def test_what_was_sent_back_is_answered_again(world):
    services.return_handover(**world.by(world.wang), handover=world.offer, reason="blurred")
    answer_records(**world.by(world.li), file=world.file, answers=world.present)
    assert state(world) == "present"


def test_after_the_receipt_the_giver_says_of_no_paper_that_it_is_there(world):
    sign(world, world.offer)
    for answer in ({"state": "present"}, {"state": "not_applicable"}):
        with pytest.raises(Refused) as caught:
            answer_records(**world.by(world.li), file=world.file, answers={str(world.line["photo"].pk): answer})
        assert caught.value.answer.clauses == {"base:B.19"}
    with pytest.raises(Refused):
        supply_record(**world.by(world.li), record=world.line["photo"])
    assert state(world) == "to_follow"
    assert not world.file.complete


def test_whoever_keeps_the_file_enters_what_reached_him(world):
    sign(world, world.offer)
    answer_records(**world.by(world.wang), file=world.file, answers=world.present)
    assert state(world) == "present"


def test_who_has_borrowed_the_file_enters_nothing_and_its_archivist_does(world):
    sign(world, world.offer)
    with writing():
        Volume.objects.filter(file=world.file).update(holder=world.li, status="lent", place=None)
    with pytest.raises(Refused):
        answer_records(**world.by(world.li), file=world.file, answers=world.present)
    answer_records(**world.by(world.wang), file=world.file, answers=world.present)
    assert state(world) == "present"


def test_lists_of_a_job_are_answered_though_the_set_of_the_file_was_signed_for(world):
    sign(world, world.offer)
    contact = {"contact_name": "Qin", "contact_phone": "13800001111", "verified": True}
    job = open_job(**world.by(world.li), file=world.file, what="visit", job_kinds=["repair"], **contact).result
    line = Record.objects.get(job=job)
    answer_records(**world.by(world.li), file=world.file, job=job, answers={str(line.pk): {"state": "present"}})
    line.refresh_from_db()
    assert line.state == "present"


def test_a_supplement_is_in_the_file_when_both_have_signed(world):
    sign(world, world.offer)
    assert Duty.objects.get(clause__endswith=":8").status == "open"
    handover = bring(world)
    assert (handover.supplement, handover.missing, state(world)) == (True, 0, "to_follow")
    sign(world, handover)
    world.file.refresh_from_db()
    assert (state(world), world.file.complete) == ("present", True)
    names = [one.name for one in events_of("file", str(world.file.pk))]
    assert names[-3:] == ["handover.supplied", "handover.received", "record.supplied"]
    assert Duty.objects.get(clause__endswith=":8").status == "kept"
    kept = ("custody.", "files.Volume")
    assert not [one for one in disagreements() if one.subject.startswith(kept)]


def test_a_supplement_sent_back_changes_nothing(world):
    sign(world, world.offer)
    services.return_handover(**world.by(world.wang), handover=bring(world), reason="the wrong photo")
    assert state(world) == "to_follow"
    assert bring(world).status == "offered"


def test_a_supplement_lists_what_it_brings_and_what_still_lacks(world):
    sign(world, world.offer)
    with writing():
        Record.objects.filter(pk=world.line["contract"].pk).update(state="defective", defects="wrong")
    handover = bring(world)
    assert {one.record.line: one.state for one in handover.lines.all()} == {"contract": "defective", "photo": "present"}
    assert handover.missing == 1
    viewer = Viewer(world.wang, world.branch, world.today)
    assert [one.supplement for one in queries.book(viewer, world.today, world.today)] == [False, True]


def test_a_first_handover_with_gaps_stays_one_whatever_is_supplied(world):
    sign(world, world.offer)
    sign(world, bring(world))
    rows = SOURCES["handovers"].rows(world.branch, book_for(world.branch, world.today).packs[0])
    assert [one.pk for one in rows] == [world.offer.pk]


def test_nothing_is_brought_before_the_set_was_signed_for_and_nothing_that_is_here(world):
    with pytest.raises(Invalid) as caught:
        bring(world)
    assert caught.value.errors.keys() == {"checklist"}
    sign(world, world.offer)
    with pytest.raises(Invalid):
        bring(world, brought={})
    with pytest.raises(Invalid):
        bring(world, brought={str(world.line["contract"].pk): None})
    with pytest.raises(Invalid):
        bring(world, brought={str(world.line["photo"].pk): date(2026, 11, 22)})
    assert Handover.objects.count() == 1


def test_the_pages_lead_from_the_refusal_to_the_supplement(world, client):
    sign(world, world.offer)
    client.force_login(world.li)
    page = client.get(reverse("files:file", args=[world.file.pk])).content.decode()
    way = reverse("custody:supply", args=[world.file.pk, "new-thing"])
    assert way in page and f'name="state_{world.line["photo"].pk}"' not in page
    given = {"brought": world.line["photo"].pk, "receiver": world.wang.pk, "token": "t1"}
    wrong = client.post(way, given | {"giver_username": "li", "giver_password": "no"})
    assert wrong.status_code == 422 and "checked" in wrong.content.decode()
    done = client.post(way, given | {"giver_username": "li", "giver_password": PASSWORD})
    assert done.status_code == 302
    assert Handover.objects.get(supplement=True).receiver == world.wang
    client.force_login(world.wang)
    page = client.get(way)
    assert page.status_code == 200 and b'name="receiver"' not in page.content, "while it waits nobody brings another"


def test_what_is_said_of_a_paper_that_is_brought_is_kept_with_it(world):
    sign(world, world.offer)
    said = {"record.dated": "yes", "record.ink": "carbon-ink", "record.red_stamp": "yes", "record.form": "copy"}
    sign(world, bring(world, said=said))
    paper = Record.objects.get(pk=world.line["photo"].pk)
    assert (paper.state, paper.dated, paper.ink, paper.red_stamp, paper.form) == (
        "present", True, "carbon-ink", True, "copy",
    )  # fmt: skip


def test_a_supplement_moves_the_paper_and_not_the_file(world):
    """Whoever has the file in hand keeps it, also where he brings the paper."""
    sign(world, world.offer)
    with writing():
        Volume.objects.filter(file=world.file).update(holder=world.li)
    sign(world, bring(world))
    assert [one.holder for one in Volume.objects.filter(file=world.file)] == [world.li]


def test_what_lies_in_the_file_stays_as_it_is_until_the_receiver_signs(world):
    sign(world, world.offer)
    sign(world, bring(world, brought={str(world.line["photo"].pk): date(2026, 12, 24)}))
    renewed = bring(
        world,
        brought={str(world.line["photo"].pk): date(2027, 12, 24)},
        said={"record.form": "copy", "record.red_stamp": "yes"},
    )
    photo = Record.objects.get(pk=world.line["photo"].pk)
    assert (photo.ends_on, photo.form, photo.red_stamp) == (date(2026, 12, 24), "unspecified", False)
    sign(world, renewed)
    photo.refresh_from_db()
    assert (photo.ends_on, photo.form, photo.red_stamp) == (date(2027, 12, 24), "copy", True)


def test_nobody_brings_a_paper_to_himself(world):
    sign(world, world.offer)
    with pytest.raises(Invalid) as refused:
        bring(world, giver=world.wang)
    assert list(refused.value.errors) == ["receiver"]


def test_a_day_that_is_none_is_told_and_not_read_as_never(world, client):
    sign(world, world.offer)
    client.force_login(world.li)
    photo = world.line["photo"].pk
    given = {"brought": photo, f"ends_{photo}": "2026/12/24", "receiver": world.wang.pk, "token": "t1"}
    page = client.post(
        reverse("custody:supply", args=[world.file.pk, "new-thing"]),
        given | {"giver_username": "li", "giver_password": PASSWORD}, headers={"accept-language": "en"},
    )  # fmt: skip
    assert page.status_code == 422 and "2026/12/24" in page.content.decode()
    assert not Handover.objects.filter(supplement=True).exists()
