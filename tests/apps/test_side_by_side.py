"""Two policies in one branch, each with files of its own: whose rules bind at work, not only in cases."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from kedang.acts.answers import Refused
from kedang.acts.periods import begin_day
from kedang.acts.rebuilding import disagreements
from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import book_for
from kedang.custody import services as custody
from kedang.duties.models import Duty
from kedang.files import incident_services as incidents
from kedang.files import queries
from kedang.files.models import Volume
from kedang.files.place_services import label_volumes
from kedang.files.record_services import answer_records
from kedang.files.services import edit_file, open_file
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import entry
from kedang.loans.rules import terms_of
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import weigh
from tests.apps.files_world import NOW, TODAY, make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
DECLARED = """
incidents: {lost: {zh: 遗失, en: lost}, wet: {zh: 受潮, en: wet}}
defaults:
  tidy.days: {value: 9, may_be: [1, 30]}
"""
HOUSE = """
  - id: "8"
    zh: 资料更新后限期整理；遗失罚款五十元。
    en: After each change a file is put in order in time; a lost one costs fifty yuan.
    rules:
      - duty: {after: file.edited, who: [keeper], about: file, done_by: file.arranged, within_days: tidy.days}
      - sanction: {for: {incident: lost}, fine_cny: 50, per: file, decided_by: [keeper]}
"""
SHIPS = """
pack: ships
language: 1
edition: "1"
title: {zh: 船舶档案, en: Ships}
posts: {mate: {zh: 大副, en: Mate}}
files:
  ship:
    zh: 船舶档案
    en: Ship file
    one_per: none
    fields:
      name: {zh: 船名, en: Name, type: name, grade: open, find: name, strength: gate}
records: {log: {zh: 航海日志, en: Log}}
checklists: {logs: {zh: 日志, en: Logs, file: ship, lines: [{line: log}]}}
incidents: {lost: {zh: 遗失, en: lost}, wet: {zh: 受潮, en: wet}}
defaults:
  tidy.days: {value: 4, may_be: [1, 30]}
clauses:
  - id: "1"
    zh: 船舶档案不得更改；销售不得查阅。
    en: A ship's file is not changed by a seller, and not found by one.
    rules:
      - forbid: {act: file.edit, who: [clerk], except_who: [archivist]}
      - forbid: {act: file.find, who: [clerk], except_who: [archivist]}
      - settle: {loan.period_days: 3}
  - id: "2"
    zh: 更新后限期整理，每月清点；遗失罚款八十元。
    en: After each change it is put in order in time, and counted every month; a lost one costs eighty yuan.
    rules:
      - duty: {after: file.edited, who: [mate], about: file, done_by: file.arranged, within_days: tidy.days}
      - duty: {every: month, who: [mate], about: file, done_by: file.arranged, by: month-end}
      - duty: {after: record.added, when: {record.kind: {empty: "no"}}, who: [mate], about: record,
               done_by: record.supplied, within_days: 2}
      - sanction: {for: {incident: lost}, fine_cny: 80, per: file, decided_by: [mate]}
      - sanction: {for: {incident: wet}, fine_cny: 20, per: file, decided_by: [mate]}
  - id: "3"
    zh: 日志须核对。
    en: Each log is checked.
    rules:
      - duty: {when_true: {record.verified: "no"}, who: [mate], about: record, done_by: record.checked, within_days: 3}
"""


@pytest.fixture
def world():
    """The house of things with its policy, and the policy on ships beside it."""
    made = make_world(HOUSE)
    with writing():
        own = Adoption.objects.get(slug="90-test-house.yaml")
        text = own.text.replace("\ndefaults:\n", DECLARED)
        own.delete()
        for name, said, chosen in (("90-test-house.yaml", text, {}), ("91-ships.yaml", SHIPS, {"tidy.days": 5})):
            Adoption.objects.create(
                branch=made.branch, slug=name, file_name=name, edition="1", text=said, settings=chosen,
                sha256=hashlib.sha256(said.encode()).hexdigest(), approved_by=made.wang,
                in_force_from=date(2020, 1, 1),
            )  # fmt: skip
    made.thing = thing(made)
    made.ship = open_file(
        **made.by(made.wang), branch=made.branch, kind="ship", values={"name": "白鹭号"}, roles={}
    ).result
    return made


def present(file):
    """That every paper of a file is there."""
    return {str(one.pk): {"state": "present"} for one in file.records.all()}


def opened(name: str) -> dict[tuple[str, str], date]:
    """The duties that events of a name opened: by clause and file, with their last day."""
    rows = Duty.objects.filter(opened_by__in=Event.objects.filter(name=name).values("pk"))
    return {(row.clause, row.file): row.due_on for row in rows}


def test_two_policies_stand_side_by_side_without_a_contradiction(world):
    book = book_for(world.branch, TODAY)
    assert book.clashes == () and book.kinds_apart == {"thing", "ship"}


def test_what_one_policy_forbids_is_done_to_files_of_the_other(world):
    edit_file(**world.by(world.li), file=world.thing, values={"mobile": "13800002222"})
    with pytest.raises(Refused) as refused:
        edit_file(**world.by(world.li), file=world.ship, values={"name": "海鸥号"})
    assert refused.value.answer.clauses == {"91:1"}


def test_a_seller_finds_the_things_and_not_the_ships(world):
    assert list(queries.visible(Viewer(world.li, world.branch, TODAY))) == [world.thing]
    assert set(queries.visible(Viewer(world.wang, world.branch, TODAY))) == {world.thing, world.ship}


def test_a_change_opens_the_duty_of_the_files_own_policy_in_its_own_time(world):
    edit_file(**world.by(world.li), file=world.thing, values={"mobile": "13800002222"})
    edit_file(**world.by(world.wang), file=world.ship, values={"name": "海鸥号"})
    days = {("90:8", str(world.thing.pk)): 9, ("91:2", str(world.ship.pk)): 5}
    assert opened("file.edited") == {key: TODAY + timedelta(days=number) for key, number in days.items()}
    assert list(disagreements(world.branch, TODAY)) == []


def test_a_month_comes_round_for_the_ships_only(world):
    begin_day(world.branch, date(2026, 12, 1), NOW, is_today=False)
    assert {one for one in opened("day.began") if one[0] == "91:2"} == {("91:2", str(world.ship.pk))}
    assert list(disagreements(world.branch, date(2026, 12, 1))) == []


def test_the_papers_of_things_owe_nothing_to_the_policy_on_ships(world):
    for file in (world.thing, world.ship):
        answer_records(**world.by(world.wang), file=file, answers=present(file))
    begin_day(world.branch, date(2026, 11, 24), NOW, is_today=True)
    assert {one[1] for one in opened("day.began") if one[0] == "91:3"} == {str(world.ship.pk)}


@pytest.mark.parametrize(("kind", "raised"), [("thing", 0), ("ship", 1)])
def test_nobody_is_blamed_by_the_policy_of_other_files(world, kind, raised):
    incidents.report_incident(
        **world.by(world.wang), file=getattr(world, kind), kind="wet", happened_on=TODAY, cause="Rain", person=world.li
    )
    assert Breach.objects.count() == raised


def test_only_the_papers_of_ships_have_an_event_each(world):
    for file in (world.thing, world.ship):
        answer_records(**world.by(world.wang), file=file, answers=present(file))
    told = {one.subject[1]: "record" in one.about for one in map(entry, Event.objects.filter(name="record.added"))}
    assert told == {str(world.thing.pk): False, str(world.ship.pk): True}


@pytest.mark.parametrize(("kind", "costs"), [("thing", 50), ("ship", 80)])
def test_a_lost_file_costs_what_its_policy_says(world, kind, costs):
    file = getattr(world, kind)
    incidents.report_incident(
        **world.by(world.wang), file=file, kind="lost", happened_on=TODAY, cause="Left on the train", person=world.li
    )
    (found,) = weigh(list(Breach.objects.all()))
    assert (found.proposal.amount, found.proposal.besides) == (costs, ())


def test_a_ship_is_lent_for_three_days_and_a_thing_as_the_common_rules_say(world):
    assert terms_of(world.branch, TODAY, "ship").days == 3
    assert terms_of(world.branch, TODAY, "thing").days == 7


def test_every_event_of_a_file_tells_its_kind(world):
    answer_records(**world.by(world.wang), file=world.ship, answers=present(world.ship))
    volumes = list(Volume.objects.filter(file=world.ship))
    label_volumes(**world.by(world.wang), branch=world.branch, volumes=volumes)
    custody.offer_handover(
        **world.by(world.wang), file=world.ship, job=None, checklist="logs", giver=world.wang, receiver=world.li,
        how="password",
    )  # fmt: skip
    told = [one for one in map(entry, Event.objects.exclude(name="file.opened")) if one.about.get("file")]
    assert {one.name for one in told} >= {"record.added", "volume.labeled", "handover.offered"}
    assert {one.data.get("file.kind") for one in told if not one.name.startswith("duty.")} == {"ship"}
