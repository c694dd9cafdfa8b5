"""Packs of a day as one book: ranks, values, classes, and clashes that are errors."""

import pytest

from kedang.rulebook.book import Book, asked_twice
from kedang.rulebook.choosing import choose, classify, setting
from kedang.rulebook.clashes import ClashError
from kedang.rulebook.deciding import decide
from kedang.rulebook.loading import load_pack
from kedang.rulebook.pack import Consent
from kedang.rulebook.reading import PackErrors
from kedang.rulebook.selecting import Actor
from tests.rulebook.small import HEAD, book, day, pack

DUTY = "duty: {after: file.opened, who: [archivist], about: file, done_by: file.closed, within_days: %s}"
FINE = "sanction: {for: {defect: unsigned}, fine_cny: %s, per: item, decided_by: [director]}"


def clash(*rules):
    with pytest.raises(ClashError) as caught:
        book(*rules)
    return str(caught.value)


def test_two_values_two_fines_and_two_times_for_one_thing_are_clashes():
    assert "two values for file.order, 1 and 2: small:1" in clash("settle: {file.order: 1}", "settle: {file.order: 2}")
    assert "two sanctions for defect unsigned per item" in clash(FINE % 20, FINE % 50)
    assert "two times for one duty" in clash(DUTY % 3, DUTY % 5)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{file.kind: a}", "{file.kind: b}"),
        ("{file.kind: a}", "{file.kind: {not_in: [a]}}"),
        ("{loan.days_out: {over: 7}}", "{loan.days_out: {at_most: 7}}"),
        ("{loan.days_out: {under: 7}}", "{loan.days_out: {at_least: 7}}"),
    ],
)
def test_what_cannot_hold_together_does_not_clash(first, second):
    assert book(f"settle: {{file.order: 1, when: {first}}}", f"settle: {{file.order: 2, when: {second}}}").clashes == ()


def test_what_can_hold_together_clashes_although_the_conditions_differ():
    assert clash("settle: {file.order: 1, when: {file.kind: a}}", "settle: {file.order: 2, when: {file.segment: b}}")
    assert clash(
        "settle: {file.order: 1, when: {loan.days_out: {over: 3}}}",
        "settle: {file.order: 2, when: {loan.days_out: {over: 5}}}",
    )


def test_a_clash_may_be_tolerated_for_showing_it():
    rules = pack("settle: {file.order: 1}", "settle: {file.order: 2}")
    assert len(Book((rules,), tolerate_clashes=True).clashes) == 1


def test_a_named_exception_is_no_clash():
    assert book(DUTY % 3, (DUTY % 5).replace("who", 'instead_of: ["1"], who')).clashes == ()
    assert book(FINE % 20, (FINE % 50).replace("per", 'besides: ["1"], per')).clashes == ()
    assert book(DUTY % 3, (DUTY % 5).replace("who", 'besides: ["1"], who')).clashes == ()


def of_two(first, second, more=""):
    """A book of two policies in each of which somebody consents to a loan."""
    rule = '  - id: "%d"\n    zh: 条款\n    en: A clause\n'
    rule += "    rules: [{consent: {act: loan.issue, from: [[%s]], uses: 1%s}}]\n"
    small = load_pack(HEAD + rule % (1, first, ""), "small.yaml")
    other = load_pack(HEAD.replace("pack: small", "pack: other") + rule % (2, second, more), "other.yaml")
    return Book([small, other])


def test_consents_of_two_policies_from_different_people_are_told_and_no_clash():
    book = of_two("director", "archivist")
    assert book.clashes == () and [one.what for one in asked_twice(book)] == [
        "two consents for loan.issue; both are asked"
    ]
    assert asked_twice(of_two("director", "director")) == []
    assert asked_twice(of_two("director", "archivist", more=', lifts: ["small:1"]')) == []


def test_a_book_finds_its_packs_clauses_words_and_posts():
    small = pack(DUTY % 3)
    rules = Book((small,))
    assert rules.pack("small") is small and rules.clause("small:1").id == "1"
    assert rules.posts_of_role("file.consultant") == ("consultant",) and rules.posts_of_role("file.nobody") == ()
    assert rules.word("customer") is None and rules.default("x") is None
    assert rules.duties_after("file.opened") == rules.rules_of(type(small.rules()[0]))
    with pytest.raises(KeyError):
        rules.pack("other")


def test_a_settled_value_names_its_clause_and_an_open_one_raises():
    rules = book("settle: {file.order: 7, when: {file.kind: vehicle}}")
    assert setting(rules, "file.order", {"file.kind": "vehicle"}).clause == "small:1"
    with pytest.raises(KeyError):
        setting(rules, "file.order", {"file.kind": "guest"})


def test_an_adoption_sets_a_default_within_its_bounds():
    text = pack(DUTY % 3).canonical + "defaults: {loan.period_days: {value: 7, may_be: [1, 30]}}\n"
    small = load_pack(text, "small.yaml")
    assert setting(Book((small,)), "loan.period_days").value == 7
    assert setting(Book((small,), {"loan.period_days": 9}), "loan.period_days").value == 9


def left_open(rule, default):
    text = HEAD.replace("clauses:", f"defaults: {{{default}}}\nclauses:")
    return load_pack(f'{text}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")


def test_where_the_source_does_not_say_how_long_a_yes_lasts_the_organization_does():
    rule = "consent: {act: loan.issue, from: [[director]], lasts_days: yes.days}"
    small = left_open(rule, "yes.days: {value: 5, may_be: [1, 30]}")
    assert [one.lasts_days for one in Book((small,)).rules_of(Consent)] == [5]
    assert [one.lasts_days for one in Book((small,), {"yes.days": 9}).rules_of(Consent)] == [9]
    with pytest.raises(PackErrors, match=r"no default 'yes\.days' is declared"):
        pack(rule)


@pytest.mark.parametrize(
    ("settings", "out", "answer"),
    [({}, 3, "yes"), ({}, 4, "no"), ({"out.days": 5}, 5, "yes"), ({"out.days": 5}, 6, "no")],
)
def test_where_the_source_names_no_bound_the_organization_does(settings, out, answer):
    rule = "permit: {act: loan.renew, who: [archivist], when: {loan.days_out: {at_most: out.days}}}"
    small = left_open(rule, "out.days: {value: 3, may_be: [1, 30]}")
    actor = Actor("wu", posts=frozenset({"archivist"}))
    found = decide(Book((small,), settings), "loan.renew", actor, {"loan.days_out": out}, today=day(2))
    assert found.verdict == answer


@pytest.mark.parametrize(
    ("bound", "default", "message"),
    [
        ("out.days", "in.days: {value: 3, may_be: [1, 30]}", r"no default 'out\.days' is declared"),
        ("out.days", "out.days: {value: week, may_be: [week, month]}", "must be a whole number to give a time or"),
        ("out.months", "out.months: {value: 3, may_be: [1, 30]}", "is counted in days; name a default whose key ends"),
        ("out-days", "out.days: {value: 3, may_be: [1, 30]}", "'at_most' needs a whole number"),
    ],
)
def test_a_bound_that_is_left_open_names_a_number_of_the_same_unit(bound, default, message):
    with pytest.raises(PackErrors, match=message):
        left_open(f"forbid: {{act: loan.renew, when: {{loan.days_out: {{at_most: {bound}}}}}}}", default)


def test_the_most_special_class_wins():
    rules = book(
        "classify: {field: customer.grade, to: B, when: {customer.kind: company}}",
        "classify: {field: customer.grade, to: A, when: {customer.kind: company, customer.important: 'yes'}}",
    )
    found = classify(rules, "customer.grade", {"customer.kind": "company", "customer.important": "yes"})
    assert (found.value, found.clause) == ("A", "small:2")
    assert classify(rules, "customer.grade", {"customer.kind": "person", "customer.important": "no"}) is None


def test_candidates_are_kept_ordered_and_left_free():
    rules = book(
        "choose: {for: customer.allocate, rank: 1, keep: candidate.near}",
        "choose: {for: customer.allocate, rank: 2, order_by: -candidate.score}",
        "choose: {for: customer.allocate, rank: 3, free: manager, reason: required}",
    )
    found = choose(
        rules,
        "customer.allocate",
        {"a": {"candidate.near": "yes", "candidate.score": 1}, "b": {"candidate.near": "yes", "candidate.score": "2"},
         "c": {"candidate.near": "no"}},
    )  # fmt: skip
    assert set(found.ids) == {"a", "b"} and found.free and found.reason_required
    assert choose(rules, "customer.allocate", {"c": {"candidate.near": "no"}}).ids == ("c",)


def test_overlapping_lists_clash_and_apart_duties_do_not():
    assert clash("settle: {file.order: 1, when: {file.kind: [a, b]}}", "settle: {file.order: 2, when: {file.kind: b}}")
    assert clash(
        "settle: {file.order: 1, when: {file.kind: [a, b]}}",
        "settle: {file.order: 2, when: {file.kind: {not_in: [a]}}}",
    )
    apart = (f"who: [archivist], when: {{file.kind: {kind}}}" for kind in "ab")
    first, second = ((DUTY % days).replace("who: [archivist]", who) for days, who in zip((3, 5), apart, strict=True))
    assert book(first, second).clashes == ()


def test_a_higher_pack_contradicts_a_lower_one_without_a_clash():
    text = pack("settle: {file.order: 1}").canonical
    law = load_pack(
        text.replace("pack: small", "pack: above\nrank: law").replace("file.order: 1", "file.order: 2"), "above.yaml"
    )
    assert setting(Book((pack("settle: {file.order: 1}"), law)), "file.order").value == 2


def test_a_role_is_found_in_the_pack_that_declares_it():
    bare = load_pack(
        pack(DUTY % 3).canonical.replace("consultant: {zh: 顾问, post: consultant}", "helper: {zh: 助}"), "x"
    )
    assert Book((bare, pack(FINE % 3))).posts_of_role("file.consultant") == ("consultant",)
