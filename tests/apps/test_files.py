"""Opening, editing, dating and finding files."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.customers.models import Customer
from kedang.duties.models import Duty
from kedang.files import place_services, queries, record_services, services
from kedang.files.models import File, Record
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from tests.apps.files_world import VIN, make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    return make_world()


def opened(world, **changes):
    return services.open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(**changes), roles={"seller": world.li}
    ).result


def test_a_file_gets_its_number_lists_customer_and_holder(world):
    file = opened(world)
    assert file.number == "PD-2026-00001"
    assert file.customer.kind == "person"
    assert set(file.records.values_list("line", flat=True)) == {"contract", "photo"}
    assert file.volumes.get().holder == world.li
    assert (file.missing, file.complete) == (2, False)
    assert [one.name for one in events_of("file", file.pk)] == ["file.opened"]


def test_nothing_personal_stands_in_plain_text(world):
    file = opened(world)
    assert not file.values.exclude(text="").exclude(grade="open").exists()
    assert str(file.values.get(field="owner").sealed) == "••••"


def test_a_second_file_about_the_same_subject_leads_to_the_first(world):
    file = opened(world)
    with pytest.raises(services.AlreadyThere) as caught:
        opened(world)
    assert caught.value.file == file
    assert File.objects.count() == 1


def test_a_form_sent_twice_is_one_file(world):
    token = world.token()
    first, second = (
        services.open_file(**world.by(world.li, token), branch=world.branch, kind="thing", values=values(), roles={})
        for _ in range(2)
    )
    assert second.repeated and second.result == first.result


def test_a_wrong_check_digit_is_told_at_its_field_and_nothing_is_written(world):
    with pytest.raises(Invalid) as caught:
        opened(world, card="110105194912310021")
    assert set(caught.value.errors) == {"card"}
    assert not File.objects.exists() and not Customer.objects.exists()


def test_a_gate_field_left_empty_stops_the_file(world):
    with pytest.raises(Invalid) as caught:
        opened(world, owner=" ")
    assert "owner" in caught.value.errors


def test_a_person_without_a_post_for_it_is_refused(world):
    with pytest.raises(Refused):
        services.open_file(**world.by(world.zhao), branch=world.branch, kind="thing", values=values(), roles={})


@pytest.mark.parametrize(
    "text", ["单雄信", "雄信", "单", "shanxiongxin", "danxiongxin", "sxx", "1111", "沪A12345", VIN]
)
def test_a_file_is_found_by(world, text):
    file = opened(world)
    viewer = Viewer(world.li, world.branch, world.today)
    assert list(queries.found_by(queries.visible(viewer), text)) == [file]


@pytest.mark.parametrize("text", ["雄", "李四", "2222", "", "sx"])
def test_a_search_for_somebody_else_finds_nobody_else(world, text):
    opened(world)
    viewer = Viewer(world.li, world.branch, world.today)
    assert queries.found_by(queries.visible(viewer), text).exists() is (text == "雄")


@pytest.mark.parametrize("text", ["00002", "2", "0002", "2026-00002", "2026 00002", "202600002", "PD-2026-00002"])
def test_a_file_is_found_by_the_end_of_its_number_as_its_spine_shows_it(world, text):
    opened(world)
    second = opened(world, serial="LSVAM4187C2184842", mobile="13900002222", plate="沪A54321", owner="秦琼", card="")
    assert second.number == "PD-2026-00002"
    viewer = Viewer(world.wang, world.branch, world.today)
    assert list(queries.found_by(queries.visible(viewer), text)) == [second]


@pytest.mark.parametrize("text", ["20", "026-00002", "00012", "PD", "-", "0"])
def test_no_other_part_of_a_number_finds_a_file(world, text):
    opened(world, mobile="13900002222")
    opened(world, serial="LSVAM4187C2184842", mobile="13900002222", plate="沪A54321", owner="秦琼", card="")
    viewer = Viewer(world.wang, world.branch, world.today)
    assert not queries.found_by(queries.visible(viewer), text).exists()


def test_who_may_not_find_sees_no_file(world):
    opened(world)
    assert not queries.visible(Viewer(world.zhao, world.branch, world.today)).exists()


def test_a_reader_of_personal_values_still_sees_secrets_masked(world):
    file = queries.access_file(Viewer(world.li, world.branch, world.today), opened(world).pk)
    found = queries.readable_values(file, Viewer(world.li, world.branch, world.today))
    assert found["owner"] == "单雄信"
    assert str(found["card"]) == "••••"


def test_an_edit_keeps_the_file_found_by_what_was_not_changed(world):
    file = opened(world)
    services.edit_file(**world.by(world.li), file=file, values={"mobile": "13900002222"})
    viewer = Viewer(world.li, world.branch, world.today)
    assert queries.found_by(queries.visible(viewer), "2222").exists()
    assert not queries.found_by(queries.visible(viewer), "1111").exists()
    assert queries.found_by(queries.visible(viewer), "单雄信").exists()
    assert events_of("file", file.pk)[-1].data["fields"] == ["mobile"]


def test_a_milestone_typed_in_later_starts_its_duty_on_its_day(world):
    file = opened(world)
    services.reach_file(**world.by(world.li), file=file, milestone="delivered", on=date(2026, 11, 20))
    duty = Duty.objects.get()
    assert (duty.from_on, duty.due_on) == (date(2026, 11, 20), date(2026, 11, 25))
    assert [one.person for one in duty.bound.all()] == [world.li]


def test_a_milestone_is_reached_once_and_not_tomorrow(world):
    file = opened(world)
    services.reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today)
    with pytest.raises(Invalid):
        services.reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today)
    with pytest.raises(Invalid):
        services.reach_file(**world.by(world.li), file=file, milestone="delivered", on=date(2026, 11, 24))


def test_answers_make_a_file_complete(world):
    file = opened(world)
    rows = {one.line: one for one in Record.objects.all()}
    answers = {
        str(rows["contract"].pk): {"state": "present"},
        str(rows["photo"].pk): {"state": "to_follow", "reason": "rain"},
    }
    record_services.answer_records(**world.by(world.li), file=file, answers=answers)
    file.refresh_from_db()
    assert file.missing == 1
    assert Record.objects.get(line="photo").expected_on == date(2026, 11, 26)
    answers = {str(rows["photo"].pk): {"state": "not_applicable"}}
    record_services.answer_records(**world.by(world.li), file=file, answers=answers)
    file.refresh_from_db()
    assert file.complete


def test_a_gap_needs_its_reason(world):
    file = opened(world)
    row = Record.objects.get(line="photo")
    with pytest.raises(Invalid):
        record_services.answer_records(**world.by(world.li), file=file, answers={str(row.pk): {"state": "missing"}})


def test_no_job_without_a_verified_contact(world):
    file = opened(world)
    given = {
        "file": file,
        "what": "visit",
        "job_kinds": ["repair"],
        "contact_name": "李四",
        "contact_phone": "13800001111",
    }
    with pytest.raises(Refused) as caught:
        services.open_job(**world.by(world.li), **given, verified=False)
    assert any(ref.endswith(":2") for ref in caught.value.answer.clauses)
    job = services.open_job(**world.by(world.li), **given, verified=True).result
    assert job.number == "PD-2026-00001/1"
    assert [one.line for one in job.records.all()] == ["sheet"]
    assert file.customer.contacts.get().confirmed_on == world.today


def test_a_scan_is_sniffed_encrypted_and_read_back(world, settings):
    from kedang.files import scans

    file = opened(world)
    record = Record.objects.get(line="contract")
    with pytest.raises(Invalid):
        record_services.add_scan(**world.by(world.li), record=record, data=b"MZ not a scan")
    scan = record_services.add_scan(**world.by(world.li), record=record, data=b"%PDF-1.7 hello").result
    assert b"hello" not in scans.path_of(scan.seal_ref).read_bytes()
    assert scans.bytes_of(scan) == b"%PDF-1.7 hello"
    assert file.records.count() == 2


def test_a_place_holds_a_volume_and_the_holder_stays(world):
    file = opened(world)
    place = place_services.register_place(**world.by(world.wang), branch=world.branch, code="A-1").result
    place_services.shelve_volume(**world.by(world.wang), volume=file.volumes.get(), place=place)
    volume = file.volumes.get()
    assert (volume.place, volume.status, volume.holder) == (place, "shelved", world.li)


ORIGINS = """
pack: by-origin
language: 1
edition: "1"
title: {zh: 按来源, en: By origin}
files:
  thing:
    zh: 物品档案
    one_per: serial
    fields:
      serial: {zh: 车架号, type: vin, grade: personal, find: exact, strength: gate}
      plate: {zh: 车牌, type: plate, grade: personal, find: exact, strength: optional}
      origin: {zh: 来源, type: choice, grade: open, choices: {own: {zh: 本店, en: Ours}, other: {zh: 他店, en: Others}}}
clauses:
  - id: "1"
    zh: 本店的另立一类。
    en: Ours are a group of their own.
    rules:
      - classify: {field: file.segment, to: ours, when: {field.origin: own}}
      - classify: {field: file.segment, to: theirs, when: {field.origin: other}}
      - duty: {after: file.edited, when: {file.segment: ours}, who: [archivist], about: file,
               done_by: handover.received, within_days: 3}
  - id: "2"
    zh: 没有车牌的不算齐全。
    en: Without a plate the electronic half is not done.
    rules: [{require: {act: file.complete, that: {field.plate: {empty: "no"}}}}]
"""


@pytest.fixture
def by_origin(world):
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug="by-origin", file_name="91-by-origin.yaml", edition="1", text=ORIGINS,
            sha256=hashlib.sha256(ORIGINS.encode()).hexdigest(), approved_by=world.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
    return world


def test_a_file_is_grouped_by_its_fields_and_regrouped_when_they_change(by_origin):
    world = by_origin
    file = opened(world, origin="own")
    assert file.segment == "ours"
    services.edit_file(**world.by(world.li), file=file, values={"origin": "other"})
    file.refresh_from_db()
    assert file.segment == "theirs"
    assert events_of("file", file.pk)[-1].name == "file.edited"


def test_a_duty_of_one_group_is_opened_for_no_file_of_another(by_origin):
    world = by_origin
    ours, theirs = opened(world, origin="own"), opened(world, origin="other", serial="LHGRB186072026733", card="")
    for file in (ours, theirs):
        services.edit_file(**world.by(world.li), file=file, values={"mobile": "13900002222"})
    assert [one.about_id for one in Duty.objects.filter(act="handover.received")] == [str(ours.pk)]


def test_a_rule_may_ask_whether_a_personal_field_is_filled_in(by_origin):
    world = by_origin
    file = opened(world, plate="")
    with pytest.raises(Refused) as caught:
        services.complete_electronic(**world.by(world.wang), file=file)
    assert [(one.fact, one.found) for one in caught.value.answer.lacking] == [("field.plate", "")]
    services.edit_file(**world.by(world.li), file=file, values={"plate": "沪A12345"})
    services.complete_electronic(**world.by(world.wang), file=file)
    assert File.objects.get(pk=file.pk).electronic == "done"
