"""A number given by an act of its own: after three signatures and two receipts, one for the files that share it."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.custody import list_services as lists
from kedang.custody.models import RecordNumber
from kedang.custody.number_services import number_file, number_record
from kedang.files import place_services
from kedang.files.models import File, Record
from kedang.files.queries import found_by, visible
from kedang.files.services import edit_file, open_file
from kedang.files.viewing import Viewer
from kedang.journal.replay import disagreements
from tests.apps.founded import tell_the_founding
from tests.apps.lender_world import answer, make_lender, project
from tests.apps.test_inner_lists import check, clauses, hand_over, sign, written

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def lender():
    made = make_lender()
    tell_the_founding()
    return made


def title(world, **values):
    roles = {"manager-a": world.ai, "manager-b": world.bo}
    given = {"project": "城东建材周转"} | values
    return open_file(**world.by(world.ai), branch=world.branch, kind="title", values=given, roles=roles).result


def received(world, file=None, *, signers=("ai", "bo", "shu")):
    """A project whose papers the archivist has ticked off and received, its list signed by these."""
    file = file or project(world)
    answer(world, file)
    inner = written(world, file)
    hand_over(world, file, world.ai, world.bo)
    check(world, world.bo, inner)
    lists.code_records(**world.by(world.bo), inner=inner)
    check(world, world.shu, inner)
    hand_over(world, file, world.bo, world.shu)
    for name in signers:
        sign(world, getattr(world, name), inner)
    return file


def test_a_file_is_opened_without_a_number_and_found_by_name(lender, client):
    file = project(lender)
    assert file.number == ""
    assert list(found_by(visible(Viewer(lender.shu, lender.branch, lender.today)), "单雄信")) == [file]
    client.force_login(lender.ai)
    for url in (f"/files/{file.pk}/", f"/files/{file.pk}/list/", "/files/"):
        assert "not numbered yet" in client.get(url, headers={"accept-language": "en"}).content.decode()


def test_it_gets_its_number_after_three_signatures_and_two_receipts(lender):
    file = received(lender, signers=("ai", "bo"))
    with pytest.raises(Refused) as refused:
        number_file(**lender.by(lender.shu), file=file)
    assert clauses(refused) == {"13.4.2e"}
    sign(lender, lender.shu, file.inner_lists.get())
    assert number_file(**lender.by(lender.shu), file=file).result.number == "鸿借字第001号"
    with pytest.raises(Invalid):
        number_file(**lender.by(lender.shu), file=file)


def test_what_never_came_into_the_archive_gets_no_number(lender):
    file = project(lender)
    with pytest.raises(Refused) as refused:
        number_file(**lender.by(lender.shu), file=file)
    assert {"13.4.2e", "13.4.6b", "13.4.7a", "13.4.7b"} <= clauses(refused)
    with pytest.raises(Refused) as refused:
        number_file(**lender.by(lender.ai), file=file)
    assert "13.4.8a" in clauses(refused)


def test_the_file_of_the_same_subject_bears_the_same_number(lender):
    file = project(lender)
    other = project(lender, project="城西设备")
    deeds = title(lender)
    assert deeds.number == ""
    received(lender, file)
    number_file(**lender.by(lender.shu), file=file)
    received(lender, other)
    number_file(**lender.by(lender.shu), file=other)
    deeds.refresh_from_db()
    file.refresh_from_db()
    assert deeds.number == file.number == "鸿借字第001号"
    assert deeds.values.get(field="project-number").text == "鸿借字第001号"
    assert title(lender, project="城西设备").number == "鸿借字第002号"
    with pytest.raises(Invalid):
        number_file(**lender.by(lender.shu), file=title(lender, project="城西设备"))


def test_a_number_that_is_borne_is_never_typed(lender):
    file = project(lender)
    deeds = title(lender, **{"project-number": "鸿借字第777号"})
    assert deeds.values.get(field="project-number").text == ""
    edit_file(**lender.by(lender.ai), file=deeds, values={"project-number": "鸿借字第777号"})
    assert deeds.values.get(field="project-number").text == ""
    assert file.number == ""


def test_a_file_that_bears_anothers_number_waits_for_it(lender):
    with pytest.raises(Invalid) as wrong:
        title(lender, project="没有立项")
    assert "project" in wrong.value.errors
    assert not File.objects.filter(kind="title").exists()


def test_the_contracts_follow_the_number_of_their_file(lender):
    file = received(lender)
    record = Record.objects.get(file=file, line="contract-papers")
    with pytest.raises(Refused) as refused:
        number_record(**lender.by(lender.shu), record=record)
    assert clauses(refused) == {"13.4.8b"}
    number_file(**lender.by(lender.shu), file=file)
    for _time in range(2):
        number_record(**lender.by(lender.shu), record=Record.objects.get(pk=record.pk))
    assert [str(one) for one in RecordNumber.objects.all()] == ["鸿借字第001号-01", "鸿借字第001号-02"]
    assert list(disagreements(date(2026, 11, 23))) == []


def test_only_a_numbered_file_goes_on_the_shelf(lender):
    file = received(lender)
    place = place_services.register_place(**lender.by(lender.shu), branch=lender.branch, code="A-1").result
    with pytest.raises(Refused) as refused:
        place_services.shelve_volume(**lender.by(lender.shu), volume=file.volumes.get(), place=place)
    assert clauses(refused) == {"13.2.0a"}
    number_file(**lender.by(lender.shu), file=file)
    volume = place_services.shelve_volume(**lender.by(lender.shu), volume=file.volumes.get(), place=place).result
    assert volume.place == place
