"""The safe: counted blind by two, its differences named, its gaps seen, and emptied only to owners after settlement."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.certificates import queries, safe_services
from kedang.certificates.models import Balance, Certificate, Return
from kedang.certificates.queries import Gap, gaps, gaps_between
from kedang.duties.models import Duty
from kedang.files import labels, place_services, standing
from kedang.files.models import Record
from kedang.files.services import reach_file
from kedang.files.viewing import Viewer
from kedang.inspections.services import hold_inspection
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import entry
from kedang.journal.sealed import Purpose
from kedang.staff.models import PostHolding
from tests.apps.lender_world import answer
from tests.apps.safe_world import make_safe, receive, stored, unexplained
from tests.apps.test_inner_lists import clauses

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
KINDS = ("customer-title", "guarantor-title", "other-rights", "chattel-mortgage", "share-pledge", "other-title")


def a_safe_with_three() -> SimpleNamespace:
    """A deed and two pieces of another right in the first compartment."""
    made = make_safe()
    receive(made)
    receive(made, kind="other-rights")
    stored(made)
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(a_safe_with_three)


@pytest.fixture
def world(built):
    return copy.deepcopy(built)


def counted(world, places=(3, 0, 0), sorts=(1, 0, 2, 0, 0, 0)):
    """What two people found."""
    where = (world.c1, world.c2, world.c3)
    found = {f"place_{one.pk}": str(count) for one, count in zip(where, places, strict=True)}
    return found | {f"kind_{key}": str(count) for key, count in zip(KINDS, sorts, strict=True)}


def balance(world, who=None, signers=None, found=None, moves=None):
    return safe_services.balance_safe(
        **world.by(who or world.shu), branch=world.branch, found=counted(world) if found is None else found,
        signers=signers or [world.shu, world.quan], moves=moves or queries.moves(world.branch),
    )  # fmt: skip


def settle(world):
    reach_file(**world.by(world.ai), file=world.project, milestone="settled", on=world.today)


def give(world, *, who=None, chosen=None, taker="单雄信", id_checked=True, signed=True):
    rows = Certificate.objects.filter(status="stored") if chosen is None else chosen
    return safe_services.return_certificates(
        **world.by(who or world.shu), file=world.file, chosen=[one.pk for one in rows], taker=taker,
        id_checked=id_checked, signed=signed, how="password",
    )  # fmt: skip


def test_a_count_that_agrees_is_kept_with_both_signatures(world):
    row = balance(world).result
    assert (row.booked, row.counted, row.differences, row.in_hand) == (3, 3, 0, 0)
    assert {one.person for one in row.signatures.all()} == {world.shu, world.quan}
    assert row.lines.count() == 3 + 6
    assert unexplained() == []


def test_the_count_of_the_day_is_what_the_clause_waits_for(world):
    from kedang.acts.periods import begin_day

    begin_day(world.branch, world.today, world.now, is_today=True)
    owed = Duty.objects.get(clause__endswith="13.5.2b")
    assert owed.done_on is None
    balance(world)
    owed.refresh_from_db()
    assert owed.done_on == world.today


def test_a_difference_is_named_by_place_and_by_kind_and_stands_in_the_journal(world):
    row = balance(world, found=counted(world, (1, 1, 0), (0, 0, 2, 0, 0, 0))).result
    differing = {str(one.place or one.kind): one.difference for one in row.lines.all() if one.difference}
    assert differing == {"B1-1": -2, "B1-2": 1, "customer-title": -1}
    assert row.differences == 3
    assert entry(Event.objects.get(name="certificate.balanced")).data["differences"] == 3


def test_one_person_does_not_count_alone(world):
    with pytest.raises(Refused) as refused:
        balance(world, signers=[world.shu])
    assert clauses(refused) == {"13.5.2b"}
    with pytest.raises(Invalid):
        balance(world, signers=[world.shu, world.shu])
    with pytest.raises(Invalid):
        balance(world, who=world.shu, signers=[world.quan, world.zong])
    assert not Balance.objects.exists()


def test_a_manager_does_not_count_the_safe(world):
    with pytest.raises(Refused):
        balance(world, who=world.ai, signers=[world.ai, world.bo])


def test_what_was_not_counted_is_named_and_0_is_a_count(world):
    found = counted(world)
    del found[f"place_{world.c2.pk}"]
    found["kind_share-pledge"] = "?"
    with pytest.raises(Invalid) as wrong:
        balance(world, found=found)
    assert set(wrong.value.errors) == {f"place_{world.c2.pk}", "kind_share-pledge"}


def test_places_and_kinds_that_do_not_add_up_are_counted_again(world):
    with pytest.raises(Invalid) as wrong:
        balance(world, found=counted(world, (3, 0, 0), (1, 0, 1, 0, 0, 0)))
    assert set(wrong.value.errors) == {"sum"}
    assert not Balance.objects.exists()


def test_a_count_during_which_something_moved_is_begun_again(world):
    before = queries.moves(world.branch)
    receive(world, kind="share-pledge", number="股权-1")
    assert queries.moves(world.branch) == before
    stored(world)
    with pytest.raises(Invalid) as wrong:
        balance(world, moves=before)
    assert set(wrong.value.errors) == {"moves"}


def test_what_is_still_in_hand_stands_beside_the_count(world):
    receive(world, kind="share-pledge", number="股权-1", quantity="4")
    assert balance(world).result.in_hand == 4


def test_a_safe_without_compartments_is_counted_itself_and_a_closed_one_only_while_something_lies_there(world):
    given = {"branch": world.branch, "kind": "safe", "code": "B2"}
    second = place_services.register_place(**world.by(world.shu), **given).result
    assert [one.code for one in queries.counted_places(world.branch)] == ["B1-1", "B1-2", "B1-3", "B2"]
    with writing():
        for place in (world.c1, world.c3, second):
            place.closed_on = world.today
            place.save(update_fields=["closed_on"])
    assert [one.code for one in queries.counted_places(world.branch)] == ["B1-1", "B1-2"]


def test_a_deed_does_not_leave_before_the_project_is_settled(world):
    with pytest.raises(Refused) as refused:
        give(world)
    assert clauses(refused) == {"13.1.0b"}
    settle(world)
    row = give(world).result
    assert {one.certificate.status for one in row.lines.all()} == {"returned"}
    assert row.taker.reveal(Purpose(viewer="test", why="test")) == "单雄信"
    assert unexplained() == []


def test_it_leaves_only_against_papers_seen_and_two_signatures(world):
    settle(world)
    for lacks in ({"id_checked": False}, {"signed": False}):
        with pytest.raises(Refused) as refused:
            give(world, **lacks)
        assert clauses(refused) == {"13.1.0b"}
    with pytest.raises(Invalid) as wrong:
        give(world, taker=" ")
    assert set(wrong.value.errors) == {"taker"}
    with pytest.raises(Refused):
        give(world, who=world.ai)
    assert not Return.objects.exists()
    assert set(Certificate.objects.values_list("status", flat=True)) == {"stored"}


def test_who_took_it_stands_sealed_in_the_journal(world):
    settle(world)
    give(world, taker="秦叔宝")
    bodies = b"".join(bytes(row.body) for row in Event.objects.filter(name="certificate.returned"))
    assert "秦叔宝".encode() not in bodies


def test_what_was_given_back_is_not_given_back_twice(world):
    settle(world)
    rows = list(Certificate.objects.all())
    give(world, chosen=rows[:1])
    with pytest.raises(Invalid):
        give(world, chosen=rows)
    assert Return.objects.count() == 1
    assert sorted(Certificate.objects.values_list("status", flat=True)) == ["returned", "stored"]
    give(world)
    assert queries.booked(world.branch) == ({}, {})


def test_nothing_chosen_or_of_another_file_is_answered(world):
    settle(world)
    with pytest.raises(Invalid):
        give(world, chosen=[])
    with pytest.raises(Invalid):
        safe_services.return_certificates(
            **world.by(world.shu), file=world.project, chosen=[one.pk for one in Certificate.objects.all()],
            taker="单雄信", id_checked=True, signed=True, how="password",
        )  # fmt: skip


def test_a_returned_certificate_may_come_again(world):
    settle(world)
    give(world)
    assert receive(world).status == "received"


def left_behind(world):
    answer(world, world.project, uncollected_contract="present")
    return Record.objects.get(file=world.project, line="uncollected-contract")


def give_papers(world, *rows, who=None, signed=True):
    return safe_services.return_papers(
        **world.by(who or world.shu), file=world.project, chosen=[one.pk for one in rows], taker="单雄信",
        id_checked=True, signed=signed, how="password",
    )  # fmt: skip


def test_a_contract_left_behind_goes_to_its_owner_against_the_same_receipt(world):
    paper = left_behind(world)
    with pytest.raises(Refused) as refused:
        give_papers(world, paper, signed=False)
    assert clauses(refused) == {"13.4.4a"}
    row = give_papers(world, paper).result
    paper.refresh_from_db()
    assert (paper.state, paper.signed, row.lines.get().record) == ("withdrawn", "customer", paper)
    assert unexplained() == []
    with pytest.raises(Invalid):
        give_papers(world, paper)


def test_a_paper_that_nobody_left_behind_does_not_leave_that_way(world):
    left_behind(world)
    other = Record.objects.get(file=world.project, line="contract-papers")
    with pytest.raises((Invalid, Refused)):
        give_papers(world, other)
    other.refresh_from_db()
    assert other.state == "present"


D = date.fromisoformat


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([], []),
        ([("2026-01-01", None)], []),
        ([("2026-01-01", "2026-11-10"), ("2026-11-11", None)], []),
        ([("2026-01-01", "2026-11-10"), ("2026-11-13", None)], [("2026-11-11", "2026-11-12")]),
        ([("2026-01-01", "2026-11-20")], [("2026-11-21", "2026-11-23")]),
        ([("2026-01-01", "2026-11-20"), ("2026-03-01", None)], []),
        ([("2026-01-01", "2026-02-01"), ("2026-03-01", None)], []),
    ],
)
def test_the_days_between_two_keepers_are_a_gap(held, found):
    spans = [(D(since), D(until) if until else None) for since, until in held]
    told = gaps_between(spans, D("2026-08-25"), D("2026-11-23"))
    assert told == [Gap(D(since), D(until)) for since, until in found]


def test_a_safe_that_nobody_keeps_is_seen_and_a_second_keeper_fills_the_gap(world):
    viewer = Viewer(world.shu, world.branch, world.today)
    assert gaps(viewer) == []
    with writing():
        PostHolding.objects.filter(post__in=["archivist", "title-custodian"]).update(
            until=world.today - timedelta(days=2)
        )
    [gap] = gaps(Viewer(world.shu, world.branch, world.today))
    assert (gap.days, gap.until) == (2, world.today)
    with writing():
        PostHolding.objects.create(person=world.bo, branch=world.branch, post="title-custodian", since=world.today)
    [gap] = gaps(Viewer(world.shu, world.branch, world.today))
    assert gap.days == 1


def scans(*things) -> str:
    """Labels as a scanner gives them, one a line."""
    kinds = {"Place": "place", "Certificate": "certificate"}
    return "\n".join(labels.code_of(kinds[type(one).__name__], one.pk) for one in things)


def stock(world, who, *things):
    """A stock check of the safe; its lines by outcome."""
    answers = {str(number): {"answer": "fine"} for number in range(9)}
    row = hold_inspection(
        **world.by(who), branch=world.branch, round="stocktaking", place=world.safe, scanned=scans(*things),
        answers=answers,
    ).result  # fmt: skip
    return row, {(one.outcome, one.title): (one.home, one.place) for one in row.lines.exclude(thing="")}


def test_a_stock_check_finds_one_certificate_in_the_wrong_compartment(world):
    deed, right = Certificate.objects.order_by("pk")
    row, found = stock(world, world.shu, world.c1, deed, world.c2, right)
    assert found == {
        ("found", "鸿借字第001号 · 房屋所有权证"): ("B1-1", "B1-1"),
        ("elsewhere", "鸿借字第001号 · 他项权证"): ("B1-1", "B1-2"),
    }
    assert row.findings == 1
    _row, found = stock(world, world.shu, world.c1, right)
    assert found["missing", "鸿借字第001号 · 房屋所有权证"] == ("B1-1", "")


def test_a_certificate_of_a_file_that_the_viewer_may_not_find_is_no_thing_in_a_place(world):
    deed = Certificate.objects.order_by("pk")[0]
    code = scans(deed)
    assert standing.found_by(Viewer(world.shu, world.branch, world.today), code).pk == deed.pk
    assert standing.found_by(Viewer(world.dong, world.branch, world.today), code) is None
    assert standing.expected(Viewer(world.dong, world.branch, world.today), [world.c1.pk]) == []


def test_a_certificate_that_was_given_back_is_away_and_belongs_nowhere(world):
    settle(world)
    give(world)
    item = standing.found_by(Viewer(world.shu, world.branch, world.today), scans(Certificate.objects.all()[0]))
    assert (item.home, bool(item.away)) == (None, True)
