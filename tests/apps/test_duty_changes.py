"""More time, somebody else, let go: with a reason, under the clause that allows it, and the old day stays visible."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.acts.rebuilding import disagreements
from kedang.duties.models import Duty
from kedang.files.services import open_file, reach_file
from kedang.journal.guard import writing
from kedang.journal.models import Refusal
from kedang.journal.queries import events_of
from kedang.office.duty_services import drop_duty, extend_duty, move_duty
from kedang.staff.models import Person
from kedang.web.ticking import tick
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NEW = date(2026, 4, 10)
ONLY_HERE = """
pack: house
language: 1
edition: "1"
title: {zh: 细则, en: House rules}
calendar: cn
time_zone: Asia/Shanghai
stance: {read: forbidden, change: forbidden}
clauses:
  - id: "h.1"
    zh: 这一条的期限不延长。
    en: Under this clause no more time is given.
    rules:
      - forbid: {act: duty.extend, when: {duty.clause: "CLAUSE"}}
"""
VIN = "LSVAM4187C2184841"


@pytest.fixture
def world():
    return make_office()


@pytest.fixture
def duty(world):
    return owed_by_li(world)


def owed_by_li(world):
    """Li owes the new file of a car delivered on the 30th of March until the 2nd of April."""
    given = {"vin": VIN, "owner": "单雄信", "mobile": "13800001111", "name": "单雄信"}
    file = open_file(
        **world.by(world.li), branch=world.branch, kind="vehicle", values=given, roles={"consultant": world.li}
    ).result
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today)
    return Duty.objects.get(clause="07:7.4.1a")


def fresh(duty) -> Duty:
    return Duty.objects.get(pk=duty.pk)


def test_more_time_keeps_the_old_day_visible_and_names_reason_and_clause(world, duty):
    was = duty.due_on
    extend_duty(**world.by(world.qian), duty=duty, until=NEW, reason="The registry is shut.")
    row = fresh(duty)
    assert (row.due_on, row.was_due_on, row.status) == (NEW, [was.isoformat()], "open")
    told = events_of("file", duty.file)[-1]
    assert (told.name, told.data["why"], told.data["clauses"]) == (
        "duty.extended",
        "The registry is shut.",
        ["base:B.9"],
    )
    assert list(disagreements(world.branch, world.today)) == []


def test_a_late_duty_with_more_time_is_late_only_after_the_new_day(world, duty):
    tick(datetime(2026, 4, 4, 2, tzinfo=UTC), sealing=False)
    assert fresh(duty).status == "late"
    extend_duty(
        actor=world.qian, now=datetime(2026, 4, 4, 2, tzinfo=UTC), token="x", duty=duty, until=NEW, reason="Flood."
    )
    tick(datetime(2026, 4, 10, 2, tzinfo=UTC), sealing=False)
    assert fresh(duty).status == "open"
    tick(datetime(2026, 4, 11, 2, tzinfo=UTC), sealing=False)
    assert fresh(duty).status == "late"


@pytest.mark.parametrize("until", [date(2026, 3, 30), date(2026, 3, 1)])
def test_more_time_means_a_later_day(world, duty, until):
    with pytest.raises(Invalid) as wrong:
        extend_duty(**world.by(world.qian), duty=duty, until=until, reason="Flood.")
    assert "until" in wrong.value.errors and fresh(duty).was_due_on == []


def test_no_change_without_a_reason(world, duty):
    for change, given in ((extend_duty, {"until": NEW}), (move_duty, {"to": world.wang}), (drop_duty, {})):
        with pytest.raises(Invalid) as wrong:
            change(**world.by(world.qian), duty=duty, reason=" ", **given)
        assert "reason" in wrong.value.errors


def test_whoever_owes_it_cannot_give_himself_more_time(world, duty):
    with pytest.raises(Refused):
        extend_duty(**world.by(world.li), duty=duty, until=NEW, reason="I forgot.")
    assert fresh(duty).due_on != NEW and Refusal.objects.get().act == "duty.extend"


@pytest.mark.parametrize(("clause", "given"), [("7.4.1a", False), ("7.4.1b", True)])
def test_a_rule_on_more_time_may_mean_the_duties_of_one_clause(clause, given):
    world = make_office(("house.yaml", ONLY_HERE.replace("CLAUSE", clause)))
    owed = owed_by_li(world)
    if given:
        extend_duty(**world.by(world.qian), duty=owed, until=NEW, reason="The registry is shut.")
    else:
        with pytest.raises(Refused):
            extend_duty(**world.by(world.qian), duty=owed, until=NEW, reason="The registry is shut.")
    assert (fresh(owed).due_on == NEW) is given


def test_a_moved_duty_is_owed_by_the_other_until_the_same_day(world, duty):
    move_duty(**world.by(world.qian), duty=duty, to=world.wang, reason="Li is ill.")
    assert [one.person for one in fresh(duty).bound.all()] == [world.wang]
    assert fresh(duty).due_on == duty.due_on
    assert list(disagreements(world.branch, world.today)) == []


def test_a_duty_goes_to_nobody_outside_the_branch_nor_to_whom_it_is(world, duty):
    with writing():
        stranger = Person.objects.create_user("he", "correct horse battery", name="He")
    for person in (stranger, world.li):
        with pytest.raises(Invalid):
            move_duty(**world.by(world.qian), duty=duty, to=person, reason="Li is ill.")


def test_a_dropped_duty_brings_neither_praise_nor_blame_and_is_not_dropped_twice(world, duty):
    drop_duty(**world.by(world.qian), duty=duty, reason="The sale was undone.")
    assert (fresh(duty).status, fresh(duty).owed) == ("dropped", False)
    with pytest.raises(Invalid):
        drop_duty(**world.by(world.qian), duty=duty, reason="Again.")
    assert list(disagreements(world.branch, world.today)) == []


def page(client, person, duty, how="", **data):
    client.force_login(person)
    if how:
        return client.post(reverse("office:change-duty", args=[duty.pk, how]), data, headers={"Accept-Language": "en"})
    return client.get(reverse("office:duty", args=[duty.pk]), headers={"Accept-Language": "en"})


def test_the_page_of_a_duty_offers_the_change_to_whom_the_clause_allows_it(client, world, duty):
    seen = page(client, world.qian, duty).content.decode()
    assert "Give more time" in seen and 'name="until"' in seen and "B.9" in seen
    own = page(client, world.li, duty).content.decode()
    assert 'name="until"' not in own and "Give more time" in own


def test_a_colleague_sees_no_duty_of_somebody_else(client, world, duty):
    assert page(client, world.wang, duty).status_code == 404


def test_the_page_records_a_change_and_shows_the_day_before_it(client, world, duty):
    sent = page(client, world.qian, duty, "extend", until="2099-04-10", reason="The registry is shut.", token="a")
    assert sent.status_code == 302
    seen = page(client, world.qian, duty).content.decode()
    assert f'<s class="k-mute">{duty.due_on.isoformat()}</s>' in seen and "The registry is shut." in seen


def test_a_form_without_its_reason_comes_back_with_what_is_wrong(client, world, duty):
    sent = page(client, world.qian, duty, "drop", reason="", token="a")
    assert sent.status_code == 422 and fresh(duty).owed
