"""Policies side by side: whose rules bind which files."""

import datetime as dt

import pytest

from kedang.rulebook.book import Book
from kedang.rulebook.choosing import classify, setting
from kedang.rulebook.clashes import ClashError
from kedang.rulebook.deciding import decide, needs
from kedang.rulebook.duties import follow_up
from kedang.rulebook.events import DAY_BEGAN
from kedang.rulebook.loading import load_pack
from kedang.rulebook.pack import Duty, Sanction
from kedang.rulebook.sanctions import BreachFacts, propose
from kedang.rulebook.scopes import scope
from kedang.rulebook.selecting import Actor
from tests.rulebook.small import HEAD, PLAIN, day, event

FILES = HEAD[HEAD.index("files:") : HEAD.index("defects:")]
CAR, SHIP = {"file.kind": "vehicle"}, {"file.kind": "ship"}
CLERK = Actor("li", frozenset({"consultant"}))
PERMIT = "permit: {act: file.close, who: [consultant]}"
FORBID = "forbid: {act: file.close}"


def written(name, kind, *rules, top=""):
    """A policy of one clause a rule, with files of one kind or of none."""
    head = HEAD.replace("pack: small", f"pack: {name}").replace("clauses:\n", top + "clauses:\n")
    head = head.replace(FILES, FILES.replace("vehicle", kind) if kind else "").replace("vehicle", kind or "vehicle")
    clauses = "".join(
        f'  - id: "{number}"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n'
        for number, rule in enumerate(rules, 1)
    )
    return load_pack(head + clauses, f"{name}.yaml")


def cars(*rules, **more):
    return written("cars", "vehicle", *rules, **more)


def ships(*rules, **more):
    return written("ships", "ship", *rules, **more)


def answer(book, facts, act="file.close"):
    return decide(book, act, CLERK, facts, parties={})


@pytest.mark.parametrize(
    "against",
    [
        FORBID,
        "require: {act: file.close, that: {file.complete: 'yes'}}",
        "consent: {act: file.close, from: [[director]]}",
        "permit: {act: file.close, who: [director], only: 'yes'}",
        "forbid: {act: file.close, when: {file.kind: {not_in: [boat]}}}",
    ],
)
def test_what_a_policy_refuses_it_refuses_for_its_own_files_only(against):
    book = Book((cars(against), ships(PERMIT)))
    assert answer(book, {**SHIP, "file.complete": "no"}).allowed
    assert not answer(book, {**CAR, "file.complete": "no"}).allowed
    for unclear in ({"file.kind": "unknown"}, {"file.kind": "gone"}):
        assert not answer(book, {**unclear, "file.complete": "no"}).allowed


def test_what_a_policy_permits_it_permits_for_its_own_files_only():
    book = Book((cars(PERMIT), ships("show")))
    assert answer(book, CAR).allowed
    assert not answer(book, SHIP).allowed


def test_a_rule_that_names_the_kind_of_another_policy_binds_it():
    named = cars(
        "forbid: {act: file.close, when: {file.kind: [vehicle, ship]}}", "permit: {act: file.number, who: [consultant]}"
    )
    book = Book((named, ships(PERMIT)))
    assert answer(book, SHIP).clauses == {"cars:1"}


def test_a_pack_without_files_of_its_own_binds_all():
    book = Book((written("house", "", FORBID), cars(PERMIT), ships(PERMIT)))
    assert not answer(book, CAR).allowed and not answer(book, SHIP).allowed


@pytest.mark.parametrize("rank", ["law", "base"])
def test_law_and_common_rules_bind_all(rank):
    low = written("low", "box", FORBID, top=f"rank: {rank}\n")
    book = Book((low, cars(PERMIT), ships(PERMIT)))
    assert not answer(book, CAR).allowed and not answer(book, SHIP).allowed


def test_of_a_kind_that_two_policies_declare_both_mean_the_files():
    book = Book((cars(PERMIT), written("lorries", "vehicle", FORBID), ships(PERMIT)))
    assert answer(book, CAR).clauses == {"lorries:1"}
    assert answer(book, SHIP).allowed


def test_what_has_no_file_binds_the_whole_branch():
    act = "permit: {act: customer.open, who: [consultant]}"
    book = Book((cars("forbid: {act: customer.open}"), ships(act)))
    assert answer(book, {}, "customer.open").clauses == {"cars:1"}


def test_the_kind_is_asked_for_only_where_it_matters():
    assert needs(Book((cars(FORBID),)), "file.close").facts == frozenset()
    assert needs(Book((cars(FORBID), ships("show"))), "file.close").facts == {"file.kind"}
    assert needs(Book((written("house", "", FORBID), ships("show"))), "file.close").facts == frozenset()


def test_a_list_shows_each_policys_files_by_its_own_rules():
    mine = cars("permit: {act: file.find, who: [consultant]}", "forbid: {act: file.find, when: {file.sealed: 'yes'}}")
    book = Book(
        (
            mine,
            ships("permit: {act: file.find, who: [director]}"),
            written("boats", "boat", "permit: {act: file.find, who: [consultant]}"),
        )
    )
    found = scope(book, "find", CLERK)
    row = {"file.sealed": "no"}
    assert found.matches(row | CAR) and not found.matches(row | SHIP)
    assert found.matches({"file.sealed": "yes", "file.kind": "boat"})
    assert not found.matches({"file.sealed": "yes"} | CAR)


LENT = "duty: {after: loan.issued, who: [archivist], about: loan, done_by: loan.returned, within_days: %s}"
MONTHLY = "duty: {every: month, who: [archivist], about: file, done_by: file.arranged, by: month-end}"


def opened(book, one):
    effects = follow_up(book, one, parties={}, open_duties=[], earlier=[], calendar=PLAIN)
    return {state.clause: state.due_on for state in effects.opened}


def test_an_event_of_a_file_opens_the_duties_of_its_own_policy():
    book = Book((cars(LENT % 3), ships(LENT % 5)))
    lent = event(1, "loan.issued", day(2), file="A", loan="L", file__kind="ship")
    assert opened(book, lent) == {"ships:1": day(7)}
    untold = event(1, "loan.issued", day(2), file="A", loan="L")
    assert opened(book, untold) == {"cars:1": day(5), "ships:1": day(7)}


def test_what_comes_round_about_a_file_comes_round_under_its_own_policy():
    book = Book((cars(MONTHLY), ships(MONTHLY)))
    begins = event(1, DAY_BEGAN, dt.date(2026, 4, 1), file="A", file__kind="vehicle")
    assert opened(book, begins) == {"cars:1": dt.date(2026, 4, 30)}
    branch = MONTHLY.replace("about: file", "about: branch").replace("file.arranged", "inspection.held")
    book = Book((cars(branch), ships("show")))
    assert set(opened(book, event(1, DAY_BEGAN, dt.date(2026, 4, 1), branch="1"))) == {"cars:1"}


LOST = "sanction: {for: {incident: lost}, fine_cny: %s, per: file, decided_by: [director]}"


def test_a_lost_file_costs_what_its_own_policy_says():
    book = Book((cars(LOST % 50), ships(LOST % 80)))
    facts = BreachFacts(1, "incident", "lost", "li", frozenset({"consultant"}), day(2), facts=SHIP)
    proposal = propose(book, facts, ())
    assert (proposal.amount, proposal.besides) == (80, ())


def test_settings_and_groups_are_those_of_the_files_own_policy():
    group = "classify: {field: file.segment, to: %s, when: {file.complete: 'yes'}}"
    book = Book(
        (cars("settle: {loan.period_days: 3}", group % "a"), ships("settle: {loan.period_days: 7}", group % "b"))
    )
    assert setting(book, "loan.period_days", CAR).value == 3
    assert setting(book, "loan.period_days", SHIP).value == 7
    assert classify(book, "file.segment", {**SHIP, "file.complete": "yes"}).value == "b"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (LOST % 50, LOST % 80),
        (LENT % 3, LENT % 5),
        ("settle: {loan.period_days: 3}", "settle: {loan.period_days: 7}"),
    ],
)
def test_two_policies_contradict_each_other_only_about_one_file(first, second):
    assert Book((cars(first), ships(second))).clashes == ()
    for other in (written("lorries", "vehicle", second), written("house", "", second)):
        with pytest.raises(ClashError):
            Book((cars(first), other))
    named = second.replace("per: file", "per: file, when: {file.kind: vehicle}")
    named = named.replace("within_days", "when: {file.kind: vehicle}, within_days")
    named = named.replace("loan.period_days: 7", "loan.period_days: 7, when: {file.kind: vehicle}")
    with pytest.raises(ClashError):
        Book((cars(first), ships(named)))


def test_what_holds_for_the_whole_branch_is_still_a_contradiction():
    with pytest.raises(ClashError):
        Book((cars("settle: {loan.remind_days: 3}"), ships("settle: {loan.remind_days: 7}")))
    branch = "duty: {after: day.closed, who: [archivist], about: day, done_by: inspection.held, within_days: %s}"
    with pytest.raises(ClashError):
        Book(
            (
                cars(branch.replace("about: day", "about: branch") % 1),
                ships(branch.replace("about: day", "about: branch") % 2),
            )
        )


OPEN_TIME = "duty: {after: loan.issued, who: [archivist], about: loan, done_by: loan.returned, within_days: back.days}"
DEFAULT = "defaults: {back.days: {value: %s, may_be: [1, 30]}}\n"


@pytest.mark.parametrize(
    ("houses", "days"),
    [
        ({}, {"cars": 3, "ships": 5}),
        ({"cars": {"back.days": 4}}, {"cars": 4, "ships": 5}),
        ({"cars": {"back.days": 4}, "ships": {"back.days": 6}}, {"cars": 4, "ships": 6}),
    ],
)
def test_each_policy_has_its_own_time_where_two_leave_it_open_under_one_name(houses, days):
    packs = (cars(OPEN_TIME, top=DEFAULT % 3), ships(OPEN_TIME, top=DEFAULT % 5))
    together = {key: value for said in houses.values() for key, value in said.items()}
    book = Book(packs, together, houses=houses)
    assert {rule.pack: rule.limit.number for rule in book.rules_of(Duty)} == days


def test_the_default_of_a_setting_is_that_of_the_files_own_policy():
    top = "defaults: {loan.period_days: {value: %s, may_be: [1, 30]}}\n"
    book = Book(
        (cars("show", top=top % 3), ships("show", top=top % 5)),
        {"loan.period_days": 9},
        houses={"ships": {"loan.period_days": 9}},
    )
    assert setting(book, "loan.period_days", CAR).value == 3
    assert setting(book, "loan.period_days", SHIP).value == 9


def test_rules_asked_for_without_a_kind_are_all_rules():
    book = Book((cars(LOST % 50, FORBID), ships(LOST % 80)))
    assert len(book.rules_of(Sanction)) == len(book.rules_of(Sanction, "unknown")) == 2
    assert [rule.pack for rule in book.rules_of(Sanction, "ship")] == ["ships"]
    assert book.rules_on("file.close", "ship").forbids == ()
    assert book.rules_on("file.close").forbids == book.rules_on("file.close", "vehicle").forbids != ()
