"""Spreadsheets: what is good comes in, the rest comes back with its reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.duties.models import Duty
from kedang.files import importing, sheets
from kedang.files.models import File, ImportRow
from tests.apps.files_world import CARD, VIN, make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HEAD = ["车架号", "客户名称", "手机", "身份证号", "车牌", "来源", "交付日期", "销售"]
VINS = [f"LSVAM4187C218{number:04}" for number in range(1, 9)]


@pytest.fixture
def world():
    return make_world()


def csv_of(rows, head=HEAD):
    return "\n".join(",".join(row) for row in [head, *rows])


def row(vin, **changes):
    cells = {
        "name": "李四",
        "mobile": "13800001111",
        "card": "",
        "plate": "",
        "origin": "本店",
        "on": "2026/11/20",
        "by": "li",
    }
    cells |= changes
    return [vin, *cells.values()]


def upload(world, data, past=False):
    return importing.upload_import(
        **world.by(world.wang), branch=world.branch, kind="thing", data=data, past=past
    ).result


def run(world, data, past=False):
    job = upload(world, data, past)
    importing.start_import(**world.by(world.wang), run=job)
    importing.run_waiting(lambda: world.now)
    job.refresh_from_db()
    return job


def states(job):
    return {one.no: one.state for one in job.rows.all()}


def test_a_gb18030_sheet_comes_in_with_dates_roles_and_duties(world):
    job = run(world, csv_of([row(VINS[0]), row(VINS[1], name="王芳")]).encode("gb18030"))
    assert (job.status, states(job)) == ("done", {2: "made", 3: "made"})
    assert File.objects.count() == 2 and Duty.objects.count() == 2
    assert File.objects.first().roles.get().person == world.li


def test_what_is_marked_as_past_opens_no_duty(world):
    run(world, csv_of([row(VINS[0])]).encode(), past=True)
    assert File.objects.get().past and not Duty.objects.exists()


def test_the_same_sheet_once_more_changes_nothing(world):
    data = csv_of([row(VINS[0])]).encode()
    run(world, data)
    assert states(run(world, data)) == {2: "unchanged"}
    assert File.objects.count() == 1 and Duty.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        row(VINS[1], card="1.10105199003071E+17"),
        row(VINS[1], card="110105194912310021"),
        row(VINS[1], mobile="12345"),
        row(VINS[1], on="someday"),
        row(VINS[1], on="2027-01-01"),
        row(VINS[1], origin="天上"),
        row(VINS[1], by="nobody"),
        row("SHORT"),
        row(VINS[1], name=""),
        row(VINS[0]),
    ],
)
def test_a_faulty_row_stays_out_with_its_reason_and_the_good_one_comes_in(world, bad):
    job = run(world, csv_of([row(VINS[0]), bad]).encode("utf-8-sig"))
    assert states(job) == {2: "made", 3: "bad"}
    assert ImportRow.objects.get(no=3).reasons
    head, rows = sheets.read(importing.failed_rows(job))
    assert head[1:] == HEAD and rows[0][0] and rows[0][1:] == bad


def test_a_phone_that_arrives_as_a_number_is_repaired(world):
    job = run(world, csv_of([row(VINS[0], mobile="13800001111.0")]).encode())
    assert states(job) == {2: "made"}


def test_a_workbook_is_read_as_a_csv_is(world):
    job = run(world, sheets.write(HEAD, [row(VIN, card=CARD)]))
    assert states(job) == {2: "made"}


def test_corrected_rows_come_in_from_the_sheet_of_failures(world):
    job = run(world, csv_of([row(VINS[0], mobile="12345")]).encode())
    head, rows = sheets.read(importing.failed_rows(job))
    rows[0][head.index("手机")] = "13900003333"
    assert states(run(world, sheets.write(head, rows))) == {2: "made"}


def test_an_import_stopped_between_row_and_note_goes_on_without_doubling(world):
    job = upload(world, csv_of([row(one) for one in VINS]).encode())
    importing.start_import(**world.by(world.wang), run=job)
    job.refresh_from_db()
    from kedang.files import checking

    _head, cells = importing.sheet_of(job)
    kind = importing.kind_of(job, world.today)
    checked = checking.check(kind, job.mapping, cells, branch=world.branch, today=world.today)
    for one in checked[:3]:  # done, but the process died before it noted them
        importing._bring_in(job, one, world.now, {str(world.li.pk): world.li})
    importing.run_waiting(lambda: world.now)
    assert set(states(job).values()) == {"made"}
    assert File.objects.count() == len(VINS)


def started(world):
    job = upload(world, csv_of([row(one) for one in VINS]).encode())
    importing.start_import(**world.by(world.wang), run=job)
    return job


def test_a_killed_workers_import_is_taken_up_only_after_its_lease(world):
    job = started(world)
    importing.claim_import(**world.by(world.wang), run=job)  # and then the worker dies
    assert importing.run_waiting(lambda: world.now + importing.LEASE) == 0
    assert importing.run_waiting(lambda: world.now + importing.LEASE + timedelta(seconds=1)) == len(VINS)
    assert set(states(job).values()) == {"made"}


def test_a_long_import_is_held_for_as_long_as_its_worker_lives(world, monkeypatch):
    job, moment, taken = started(world), world.now, []
    bring_in = importing._bring_in

    def slowly(*given):
        nonlocal moment
        moment += timedelta(minutes=2)
        taken.append(importing.run_waiting(lambda: moment))  # another clock comes by
        return bring_in(*given)

    monkeypatch.setattr(importing, "_bring_in", slowly)
    assert importing.run_waiting(lambda: moment) == len(VINS)
    assert taken == [0] * len(VINS)
    job.refresh_from_db()
    assert (job.status, set(states(job).values())) == ("done", {"made"})


def test_a_worker_that_lost_its_lease_stops_and_leaves_the_other_alone(world, monkeypatch):
    job, moment = started(world), world.now
    bring_in = importing._bring_in

    def asleep(*given):
        nonlocal moment
        monkeypatch.setattr(importing, "_bring_in", bring_in)
        moment += 2 * importing.LEASE
        importing.claim_import(**world.by(world.wang) | {"now": moment}, run=job)
        return bring_in(*given)

    monkeypatch.setattr(importing, "_bring_in", asleep)
    importing.run_waiting(lambda: moment)
    job.refresh_from_db()
    assert (job.status, job.lease_until) == ("running", moment + importing.LEASE)
    moment += 2 * importing.LEASE
    importing.run_waiting(lambda: moment)
    assert File.objects.count() == len(VINS)
    assert set(states(job).values()) == {"made"}


def test_a_mapping_is_changed_and_checked_again(world):
    head = ["VIN?", *HEAD[1:]]
    job = upload(world, csv_of([row(VINS[0])], head).encode())
    assert states(job) == {2: "bad"}
    importing.map_import(**world.by(world.wang), run=job, mapping={**job.mapping, "0": "field:serial"})
    assert states(job) == {2: "good"}


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"only one line", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_is_refused_with_a_sentence(world, data):
    with pytest.raises(Invalid) as caught:
        upload(world, data)
    assert caught.value.errors["upload"]


def test_who_may_not_import_is_refused(world):
    with pytest.raises(Refused):
        importing.upload_import(
            **world.by(world.li), branch=world.branch, kind="thing", data=csv_of([row(VIN)]).encode(), past=False
        )


def test_the_template_has_a_column_for_each_field_milestone_and_role(world):
    kind = importing.kind_of(upload(world, csv_of([row(VIN)]).encode()), world.today)
    data = importing.template(kind)
    import io

    import python_calamine

    head = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
    assert head == HEAD
