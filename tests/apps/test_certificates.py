"""Certificates on their way into the safe: six kinds, one number, a list, three checks, three signatures, a place."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kedang.acts.answers import Invalid, Refused
from kedang.certificates import services
from kedang.certificates.models import Certificate, CertificateCheck, TransferList
from kedang.certificates.queries import found_by
from kedang.duties.models import Duty
from kedang.files.models import Record
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.journal.sealed import Purpose
from tests.apps.files_world import NOW
from tests.apps.lender_world import project
from tests.apps.safe_world import (
    DEED,
    check,
    found,
    listed,
    make_safe,
    receive,
    sign,
    signed,
    stored,
    title,
    unexplained,
)
from tests.apps.test_inner_lists import clauses

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WHY = Purpose(viewer="test", why="test")


@pytest.fixture(scope="module")
def built(once):
    return once(make_safe)


@pytest.fixture
def world(built):
    return copy.deepcopy(built)


def test_a_certificate_is_taken_in_by_a_or_b_and_is_in_that_hand(world):
    one, two = receive(world), receive(world, kind="other-rights", who=world.bo)
    assert (one.status, one.received_by, one.place) == ("received", world.ai, None)
    assert two.received_by == world.bo
    assert two.quantity == 2
    assert one.number.reveal(WHY) == DEED["number"]
    assert Record.objects.get(file=world.file, line="customer-title").state == "present"


def test_nobody_else_takes_one_in_and_none_of_another_kind(world):
    with pytest.raises(Refused):
        receive(world, who=world.shu)
    with pytest.raises(Refused) as refused:
        receive(world, kind="letter")
    assert clauses(refused) == {"13.5.1"}
    assert not Certificate.objects.exists()
    assert Refusal.objects.filter(act="certificate.receive").count() == 2


def test_a_file_of_papers_keeps_no_certificates(world):
    with pytest.raises(Invalid) as wrong:
        receive(world, file=world.project)
    assert set(wrong.value.errors) == {"kind"}


def test_a_form_that_is_half_filled_in_names_each_field(world):
    with pytest.raises(Invalid) as wrong:
        receive(world, name="", number="", quantity="0")
    assert set(wrong.value.errors) == {"name", "number", "quantity"}
    with pytest.raises(Invalid) as wrong:
        receive(world, quantity="1.5")
    assert set(wrong.value.errors) == {"quantity"}
    assert not Certificate.objects.exists()
    assert Record.objects.get(file=world.file, line="customer-title").state == "missing"


def test_a_number_twice_is_answered_and_leaves_nothing_half_done(world):
    receive(world)
    events = Event.objects.count()
    with pytest.raises(Invalid) as wrong:
        receive(world, kind="other-rights", number=" 沪房地浦字２０２６第001234号 ")
    assert "鸿借字第001号" in wrong.value.errors["number"]
    assert (Certificate.objects.count(), Event.objects.count()) == (1, events)


def test_a_number_that_stands_in_a_file_unknown_to_the_asker_does_not_name_the_file(world):
    receive(world)
    other = project(world, project="另一项目", **{"contract-number": "HT-2"})
    with writing():
        world.project.number = "x"
        other.number = "鸿借字第002号"
        other.save(update_fields=["number"])
    second = title(world, "另一项目")
    with writing():
        world.file.roles.all().update(person=world.bo)
    with pytest.raises(Invalid) as wrong:
        receive(world, file=second)
    assert "鸿借字第001号" not in wrong.value.errors["number"]
    assert Certificate.objects.count() == 1


def test_the_database_itself_keeps_a_number_once(world):
    one = receive(world)
    with pytest.raises(IntegrityError), writing(), transaction.atomic():
        Certificate.objects.create(
            branch=world.branch, file=world.file, kind="other-rights", name="x", quantity=1, number=one.number,
            number_token=one.number_token, received_at=NOW, received_by=world.ai,
        )  # fmt: skip


def test_number_and_owner_are_sealed_and_stand_in_no_event(world):
    one = receive(world)
    bodies = b"".join(bytes(row.body) for row in Event.objects.filter(subject_kind="file"))
    assert DEED["number"].encode() not in bodies
    assert "单雄信".encode() not in bytes(Event.objects.get(name="certificate.received").body)
    assert "••••" in f"{one.number} {one.owner}"


def test_it_is_found_by_owner_and_tail_as_the_pack_lets_it_and_by_nothing_else(world):
    one = receive(world)
    receive(world, kind="other-rights", number="AB-5678", owner="鸿借公司")
    every = Certificate.objects.all()
    assert list(found_by(every, "单雄信")) == [one]
    assert [row.kind for row in found_by(every, "5678")] == ["other-rights"]
    assert not found_by(every, "房屋所有权证")
    assert not found_by(every, "")


def test_a_further_field_of_the_pack_is_kept_sealed_where_it_is_secret(world):
    one = receive(world, kind="chattel-mortgage", **{"check-code": "QX77"})
    row = one.fields.get()
    assert (row.field, row.text) == ("check-code", "")
    assert row.sealed.reveal(WHY) == "QX77"


def test_from_receipt_on_a_owes_the_way_into_the_safe_on_the_same_day(world):
    one = receive(world, who=world.bo)
    duty = Duty.objects.get(clause__endswith="13.5.2c")
    assert (duty.about_kind, duty.about_id, duty.due_on) == ("certificate", str(one.pk), world.today)
    assert [row.person for row in duty.bound.all()] == [world.ai]
    stored(world)
    duty.refresh_from_db()
    assert duty.status == "kept"


def test_only_a_writes_the_list_and_never_an_empty_one(world):
    with pytest.raises(Invalid):
        listed(world)
    receive(world)
    with pytest.raises(Refused) as refused:
        listed(world, who=world.bo)
    assert clauses(refused) == {"13.5.2d"}
    inner = listed(world)
    assert (inner.no, inner.status, inner.lines.count()) == (1, "written", 1)


def test_what_does_not_stand_on_the_list_is_not_stored(world):
    receive(world)
    inner = signed(world)
    late = receive(world, kind="other-rights")
    services.store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    late.refresh_from_db()
    assert late.status == "received"
    inner.refresh_from_db()
    assert inner.status == "stored"
    assert listed(world).no == 2


def test_a_check_types_the_number_of_the_paper_and_says_what_differs(world):
    one = receive(world)
    inner = listed(world)
    check(world, world.bo, inner, number="沪房地浦字2026第001235号", quantity="2")
    row = CertificateCheck.objects.get()
    assert (row.name_agrees, row.number_agrees, row.quantity_agrees) == (True, False, False)
    assert not row.agrees
    with pytest.raises(Invalid) as wrong:
        sign(world, world.bo, inner)
    assert "list" in wrong.value.errors
    check(world, world.bo, inner)
    assert CertificateCheck.objects.get().agrees
    assert one.checks.count() == 1


def test_a_check_that_says_nothing_of_a_line_is_none(world):
    one = receive(world)
    inner = listed(world)
    with pytest.raises(Invalid) as wrong:
        services.check_certificates(**world.by(world.bo), inner=inner, found={})
    assert set(wrong.value.errors) == {f"agrees_{one.pk}", f"paper_{one.pk}", f"counted_{one.pk}"}
    assert not CertificateCheck.objects.exists()


def test_the_custodian_is_none_of_the_three_who_check_and_sign(world):
    receive(world)
    inner = listed(world)
    with pytest.raises(Refused) as refused:
        check(world, world.quan, inner)
    assert clauses(refused) == {"13.5.2e"}
    with pytest.raises(Refused):
        sign(world, world.quan, inner)


def test_nobody_signs_what_he_has_not_checked_and_nobody_twice(world):
    receive(world)
    inner = listed(world)
    with pytest.raises(Invalid):
        sign(world, world.ai, inner)
    check(world, world.ai, inner)
    sign(world, world.ai, inner)
    with pytest.raises(Invalid):
        sign(world, world.ai, inner)
    assert inner.signatures.get().party == "manager-a"


def test_a_corrected_line_is_checked_anew_and_the_others_still_hold(world):
    one, two = receive(world), receive(world, kind="other-rights")
    inner = listed(world)
    check(world, world.bo, inner)
    again = listed(world, **{str(one.pk): {"number": "沪房地浦字2026第009999号"}})
    one.refresh_from_db()
    assert one.number.reveal(WHY) == "沪房地浦字2026第009999号"
    assert list(CertificateCheck.objects.values_list("certificate", flat=True)) == [two.pk]
    inner.refresh_from_db()
    assert (inner.status, again.no) == ("replaced", 2)
    assert list(found_by(Certificate.objects.all(), "沪房地浦字2026第001234号")) == []
    assert unexplained() == []


def test_a_correction_into_a_number_that_is_here_is_answered_and_nothing_changes(world):
    one, two = receive(world), receive(world, kind="other-rights")
    with pytest.raises(Invalid) as wrong:
        listed(world, **{str(two.pk): {"number": DEED["number"], "name": "x"}})
    assert set(wrong.value.errors) == {f"number_{two.pk}"}
    two.refresh_from_db()
    assert (two.name, TransferList.objects.count(), one.status) == ("他项权证", 0, "received")


def test_a_list_signed_by_three_changes_no_more(world):
    receive(world)
    inner = signed(world)
    assert inner.status == "signed"
    with pytest.raises(Refused) as refused:
        listed(world)
    assert "13.4.6b" in clauses(refused)
    with pytest.raises(Invalid):
        check(world, world.bo, inner)


def test_two_signatures_do_not_open_the_safe(world):
    receive(world)
    inner = listed(world)
    for who in (world.ai, world.bo):
        check(world, who, inner)
        sign(world, who, inner)
    with pytest.raises(Refused) as refused:
        services.store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    assert clauses(refused) == {"13.5.2e", "13.5.2f"}
    assert Certificate.objects.get().status == "received"


def test_only_the_archivist_locks_them_in(world):
    receive(world)
    inner = signed(world)
    with pytest.raises(Refused) as refused:
        services.store_certificates(**world.by(world.quan), inner=inner, place=world.c1)
    assert clauses(refused) == {"13.5.4"}


def test_a_shelf_is_no_place_for_them(world):
    receive(world)
    inner = signed(world)
    with pytest.raises(Refused) as refused:
        services.store_certificates(**world.by(world.shu), inner=inner, place=world.shelf)
    assert clauses(refused) == {"13.5.4"}


def test_the_compartment_of_another_file_is_none_either(world):
    receive(world)
    stored(world)
    other = project(world, project="另一项目")
    with writing():
        other.number = "鸿借字第002号"
        other.save(update_fields=["number"])
    second = title(world, "另一项目")
    receive(world, file=second, number="另-1")
    inner = signed(world, second)
    with pytest.raises(Refused) as refused:
        services.store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    assert clauses(refused) == {"13.5.5a"}
    services.store_certificates(**world.by(world.shu), inner=inner, place=world.c2)
    assert Certificate.objects.filter(status="stored").count() == 2


def test_they_bear_the_number_of_the_project_or_wait(world):
    with writing():
        world.file.number = ""
        world.file.save(update_fields=["number"])
    receive(world)
    inner = signed(world)
    with pytest.raises(Refused) as refused:
        services.store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    assert clauses(refused) == {"13.5.5b"}


def test_all_of_a_list_go_in_together_or_none_does(world):
    one, two = receive(world), receive(world, kind="other-rights")
    inner = signed(world)
    with writing():
        world.c1.capacity = 1
        world.c1.save(update_fields=["capacity"])
    with pytest.raises(Invalid) as wrong:
        services.store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    assert "B1-1" in wrong.value.errors["place"]
    assert set(Certificate.objects.values_list("status", flat=True)) == {"received"}
    services.store_certificates(**world.by(world.shu), inner=inner, place=world.c2)
    for row in (one, two):
        row.refresh_from_db()
        assert (row.status, row.place, row.stored_by) == ("stored", world.c2, world.shu)


def test_the_event_says_for_how_many_hours_it_was_in_hand(world):
    receive(world)
    inner = signed(world)
    given = world.by(world.shu) | {"now": NOW + timedelta(hours=5, minutes=59)}
    services.store_certificates(**given, inner=inner, place=world.c1)
    from kedang.journal.queries import entry

    said = entry(Event.objects.get(name="certificate.stored")).data
    assert (said["hours"], said["place"]) == (5, "B1-1")


def test_the_same_form_sent_twice_is_one_certificate(world):
    given = {"actor": world.ai, "now": NOW, "token": "once"}
    for _ in range(2):
        services.receive_certificate(**given, file=world.file, kind="customer-title", values=DEED)
    assert Certificate.objects.count() == 1


def test_the_journal_and_the_rows_agree_and_a_change_behind_its_back_is_seen(world):
    one = receive(world)
    receive(world, kind="other-rights")
    stored(world)
    receive(world, kind="share-pledge", number="股权-9")
    check(world, world.bo, listed(world))
    assert unexplained() == []
    with writing():
        Certificate.objects.filter(pk=one.pk).update(place=world.c3)
    assert ["place" in one for one in unexplained()] == [True]


def test_found_says_what_a_good_reader_says(world):
    one = receive(world)
    inner = listed(world)
    assert found(inner)[str(one.pk)] == {"name": "yes", "number": DEED["number"], "quantity": "1"}
