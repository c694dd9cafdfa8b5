"""What a breach costs: base, multiplier, what it depends on, and the order in which it can be decided."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.rulebook.conditions import MissingFact
from kedang.rulebook.counting import Decided, Prior
from kedang.rulebook.houses import month_start
from kedang.rulebook.pack import Aggravate, Repeat
from kedang.rulebook.sanctions import (
    BreachFacts,
    counted_by,
    propose,
    repeat_days,
    rewards,
    to_review,
    undecidable_before,
)
from tests.rulebook.small import PLAIN, book, day

DUTY = "duty: {after: file.opened, who: [consultant], about: file, done_by: file.numbered, within_days: 3}"
FINE = 'sanction: {for: {late: "1"}, fine_cny: 50, per: file, who: [consultant], decided_by: [director]}'
ITEM = "sanction: {for: {defect: unsigned}, fine_cny: 20, per: item, decided_by: [director]}"
RANGE = "sanction: {for: {incident: lost}, fine_cny_from: 50, fine_cny_to: 500, per: incident, decided_by: [director]}"
DOUBLE = "aggravate: {who: [consultant], counts: imposed, in: calendar-month, from_nth: 2, multiply: 2}"
WITHIN = "aggravate: {who: [consultant], counts: proposed, within_days: 10, from_nth: 3, multiply: 3}"
REPEAT = (
    "repeat: {after: correction.ordered, every_working_days: 1, until: breach.corrected, amount: same, "
    'adds_to_count: "no"}'
)
PAY = (
    'sanction: {for: {late: "1"}, pay_share_percent_from: 10, pay_share_percent_to: 30, per: month, '
    'decided_by: [director], besides: ["2"], when: {breach.aggravated: "yes"}}'
)
OWN = frozenset({"small:2"})


TWELFTH = day(12)


def breach(on=TWELFTH, kind="late", name="small:1", number=9, **more):
    return BreachFacts(number, kind, name, "li", frozenset({"consultant"}), on, **more)


def decided(number, on, status="imposed", clauses=OWN, **more):
    return Decided(number, more.pop("person", "li"), on, status, clauses, **more)


def test_a_late_duty_costs_the_fine_of_its_clause():
    found = propose(book(DUTY, FINE, DOUBLE), breach(), [])
    assert (found.base, found.multiplier, found.amount) == (Decimal(50), 1, Decimal(50))
    assert (found.clauses, found.decided_by, found.depends_on, found.per) == (OWN, ("director",), (), "file")


@pytest.mark.parametrize(
    "other",
    [
        breach(name="small:9"),
        breach(kind="defect", name="unsigned"),
        BreachFacts(1, "late", "small:1", "wu", frozenset({"archivist"}), day(12)),
    ],
)
def test_another_breach_or_another_post_costs_nothing(other):
    assert propose(book(DUTY, FINE), other, []) is None


def test_each_item_costs():
    assert propose(book(ITEM), breach(kind="defect", name="unsigned", units=3), []).amount == 60


def test_the_second_imposed_one_of_a_month_is_doubled():
    found = propose(book(DUTY, FINE, DOUBLE), breach(), [decided(1, day(2))])
    assert (found.amount, found.multiplier, found.depends_on) == (100, 2, ())
    assert found.clauses == {"small:2", "small:3"}


def test_an_undecided_first_one_makes_the_second_depend_on_it():
    found = propose(book(DUTY, FINE, DOUBLE), breach(), [decided(1, day(2), "undecided")])
    assert (found.amount, found.amount_if_not, found.depends_on) == (100, 50, (1,))


@pytest.mark.parametrize(
    "earlier",
    [
        decided(1, day(2), "waived"),
        decided(1, day(2), "quashed"),
        decided(1, dt.date(2026, 2, 27)),
        decided(1, day(2), person="wu"),
        decided(1, day(2), clauses=frozenset({"other:1"})),
        decided(1, day(2), adds_to_count=False),
        decided(10, day(12)),
    ],
)
def test_what_does_not_count_does_not_double(earlier):
    assert propose(book(DUTY, FINE, DOUBLE), breach(), [earlier]).amount == 50


def test_a_window_of_days_and_proposed_ones_count_before_they_are_decided():
    rules = book(DUTY, FINE, WITHIN)
    prior = [decided(1, day(2), "undecided"), decided(2, day(5), "undecided")]
    found = propose(rules, breach(), prior)
    assert (found.amount, found.depends_on) == (150, ())
    assert propose(rules, breach(day(13)), prior).amount == 50


def test_a_range_leaves_the_sum_to_the_decider():
    found = propose(book(RANGE), breach(kind="incident", name="lost"), [])
    assert (found.amount, found.range) == (None, (50, 500))
    assert found.allows(Decimal(50)) and found.allows(Decimal(500))
    assert not found.allows(Decimal("500.01")) and not found.allows(Decimal("49.99"))


def test_a_fixed_sum_may_be_reduced_and_not_raised():
    found = propose(book(DUTY, FINE), breach(), [])
    assert found.allows(Decimal(0)) and found.allows(Decimal(50)) and not found.allows(Decimal(51))


def test_a_measure_has_no_sum():
    rule = 'sanction: {for: {late: "1"}, measure: dereliction, per: file, decided_by: [director]}'
    found = propose(book(DUTY, rule), breach(), [])
    assert (found.measure, found.amount, found.allows(Decimal(0))) == ("dereliction", None, False)


def test_a_pay_share_comes_besides_the_fine_once_it_is_aggravated():
    rules = book(DUTY, FINE, DOUBLE, PAY)
    assert propose(rules, breach(), []).besides == ()
    (extra,) = propose(rules, breach(), [decided(1, day(2))]).besides
    assert (extra.range, extra.unit) == ((10, 30), "percent")


def test_one_sanction_stands_instead_of_another():
    harder = (
        'sanction: {for: {late: "1"}, fine_cny: 80, per: file, who: [consultant], decided_by: [director], '
        'instead_of: ["2"], when: {duty.days_late: {over: 5}}}'
    )
    rules = book(DUTY, FINE, harder)
    assert propose(rules, breach(facts={"duty.days_late": 6}), []).amount == 80
    assert propose(rules, breach(facts={"duty.days_late": 5}), []).amount == 50
    with pytest.raises(MissingFact):
        propose(rules, breach(), [])


def test_a_repeat_costs_the_same_again_and_is_not_multiplied():
    found = propose(book(DUTY, FINE, DOUBLE, REPEAT), breach(same_as=Decimal(100)), [decided(1, day(2))])
    assert (found.amount, found.adds_to_count, found.clauses) == (100, False, {"small:2", "small:4"})


def repeat():
    return book(REPEAT).rules_of(Repeat)[0]


def test_ordered_on_monday_and_mended_on_friday_repeats_three_times():
    assert repeat_days(repeat(), day(2), day(6), day(31), PLAIN) == (day(3), day(4), day(5))


def test_unmended_it_repeats_up_to_yesterday_over_the_weekend():
    assert repeat_days(repeat(), day(5), None, day(10), PLAIN) == (day(6), day(9))


def test_mended_on_the_next_working_day_never_repeats():
    assert repeat_days(repeat(), day(6), day(9), day(31), PLAIN) == ()


def test_an_earlier_undecided_one_of_the_window_comes_first():
    rules = book(DUTY, FINE, DOUBLE)
    prior = [decided(1, day(2), "undecided"), decided(2, day(3)), decided(3, dt.date(2026, 2, 3), "undecided")]
    assert undecidable_before(rules, breach(), prior) == (1,)
    assert undecidable_before(book(DUTY, FINE), breach(), prior) == ()


def test_quashing_marks_later_imposed_ones_of_the_window_for_review():
    quashed = breach(day(5), number=2)
    later = [
        decided(3, day(9)),
        decided(1, day(2)),
        decided(4, day(10), "undecided"),
        decided(5, dt.date(2026, 4, 1)),
        decided(6, day(11), person="wu"),
        decided(7, day(12), clauses=frozenset({"other:1"})),
    ]
    assert to_review(book(DUTY, FINE, DOUBLE), quashed, later) == (3,)


def test_a_reward_is_for_its_posts():
    rules = book(
        "reward: {for: year, decided_by: [director], who: [archivist], measure: praise}",
        "reward: {for: year, decided_by: [director], measure: gift}",
    )
    assert [rule.measure for rule in rewards(rules, "year", frozenset({"archivist"}))] == ["praise", "gift"]
    assert [rule.measure for rule in rewards(rules, "year", frozenset({"consultant"}))] == ["gift"]
    assert rewards(rules, "month", frozenset()) == ()


def test_a_reward_for_whoever_it_is_may_go_to_a_department():
    rules = book(
        "reward: {for: year, decided_by: [director], who: [anyone], measure: praise}",
        "reward: {for: year, decided_by: [director], measure: gift}",
    )
    assert [rule.measure for rule in rewards(rules, "year", frozenset({"unit:service"}))] == ["gift"]


def test_how_many_count_by_now_says_how_near_the_next_dearer_one_is():
    rules = book(DOUBLE, WITHIN)
    prior = [decided(1, day(2), "imposed"), decided(2, day(9), "undecided"), decided(3, day(10), "waived")]
    found = counted_by(rules, "li", frozenset({"consultant"}), day(12), prior)
    assert [(rule.from_nth, number) for rule, number in found] == [(2, 2), (3, 2)]
    assert [number for _rule, number in counted_by(rules, "li", frozenset({"consultant"}), day(20), prior)] == [2, 0]
    assert counted_by(rules, "li", frozenset({"archivist"}), day(12), prior) == ()
    assert [number for _rule, number in counted_by(rules, "li", frozenset({"consultant"}), day(12), [])] == [0, 0]


ONLY_LATE = DOUBLE.replace("{who", '{for: {late: "1"}, who')
LATE = {"kind": "late", "name": "small:1"}
LOST = {"kind": "incident", "name": "lost"}


def test_an_aggravation_for_one_breach_counts_and_multiplies_no_other():
    rules = book(DUTY, FINE, ONLY_LATE, RANGE)
    late, lost = decided(1, day(2), **LATE), decided(2, day(3), **LOST)
    assert propose(rules, breach(), [late]).amount == Decimal(100)
    assert propose(rules, breach(), [lost]).amount == Decimal(50)
    assert propose(rules, breach(kind="incident", name="lost"), [late]).range == (Decimal(50), Decimal(500))
    whole = book(DUTY, FINE, DOUBLE, RANGE)
    assert propose(whole, breach(), [lost]).amount == Decimal(100)
    assert propose(whole, breach(kind="incident", name="lost"), [late]).range == (Decimal(100), Decimal(1000))


def test_only_what_counts_is_decided_before_and_looked_at_again():
    rules = book(DUTY, FINE, ONLY_LATE, RANGE)
    waiting = [decided(1, day(2), "undecided", **LOST), decided(2, day(3), "undecided", **LATE)]
    assert undecidable_before(rules, breach(), waiting) == (2,)
    assert undecidable_before(rules, breach(kind="incident", name="lost"), waiting) == ()
    later = [decided(10, day(14), **LATE), decided(11, day(15), **LOST)]
    assert to_review(rules, breach(), later) == (10,)
    assert to_review(rules, breach(kind="incident", name="lost"), later) == ()
    assert counted_by(rules, "li", frozenset({"consultant"}), day(12), waiting)[0][1] == 1


statuses = st.sampled_from(["imposed", "undecided", "waived", "quashed"])
priors = st.lists(st.builds(decided, st.integers(1, 8), st.builds(day, st.integers(1, 31)), statuses), max_size=8)


@given(priors, st.integers(1, 5), st.randoms())
def test_a_sum_is_a_multiple_of_its_base_and_never_depends_on_the_order_of_clicking(prior, units, random):
    rules = book(ITEM, DOUBLE, WITHIN, ids=["2", "3", "4"])
    one = breach(kind="defect", name="unsigned", units=units)
    found = propose(rules, one, prior)
    shuffled = list(prior)
    random.shuffle(shuffled)
    assert propose(rules, one, shuffled) == found
    assert found.amount == 20 * units * found.multiplier
    assert found.amount_if_not <= found.amount
    assert set(found.depends_on) <= set(undecidable_before(rules, one, prior))


@given(priors)
def test_once_all_earlier_ones_are_decided_nothing_depends(prior):
    settled = [one for one in prior if one.status != "undecided"]
    found = propose(book(DUTY, FINE, DOUBLE), breach(), settled)
    assert found.depends_on == () and found.amount == found.amount_if_not


def one_by_one(rule, later, prior):
    """The earlier breaches that count, by asking each."""

    def inside(one):
        if rule.window == "calendar-month":
            return month_start(one.happened_on) == month_start(later.happened_on)
        return (later.happened_on - one.happened_on).days <= rule.within_days

    return [
        one for one in prior
        if one.person == later.person and one.adds_to_count and one.status in ("imposed", "undecided")
        and (one.happened_on, one.id) < (later.happened_on, later.id) and inside(one)
        and (not one.clauses or rule.pack in one.packs)
        and (not rule.for_kind or (one.kind, one.name) == (rule.for_kind, rule.for_name))
    ]  # fmt: skip


mixed = st.lists(
    st.builds(
        decided, st.integers(1, 12), st.dates(dt.date(2026, 2, 20), dt.date(2026, 3, 31)), statuses,
        st.sampled_from([OWN, frozenset(), frozenset({"other:1"})]), person=st.sampled_from(["li", "bo"]),
        adds_to_count=st.booleans(), kind=st.sampled_from(["late", "defect"]), name=st.just("small:1"),
    ),
    max_size=12, unique_by=lambda one: one.id,
)  # fmt: skip


@given(mixed, st.integers(1, 31), st.integers(1, 12))
def test_counting_in_order_gives_what_asking_each_gives(prior, on, number):
    later, ready = breach(day(on), number=number), Prior(prior)
    for rule in book(DUTY, DOUBLE, WITHIN, ONLY_LATE).rules_of(Aggravate):
        wanted = one_by_one(rule, later, prior)
        found = ready.counted(rule, later)
        assert len(found) == len(wanted)
        assert set(found.undecided) == {one.id for one in wanted if one.status == "undecided"}


class Watched(Decided):
    """A breach that says how often it was looked at."""

    looks = 0

    def __getattribute__(self, name):
        Watched.looks += 1
        return super().__getattribute__(name)


def test_fifty_are_weighed_by_looking_at_the_earlier_ones_as_often_as_for_one():
    rules, prior = (
        book(DUTY, FINE, DOUBLE, WITHIN),
        [Watched(no, "li", day(1 + no % 11), "imposed", OWN) for no in range(500)],
    )

    def looks(number):
        Watched.looks, ready = 0, Prior(prior)
        for no in range(number):
            assert propose(rules, breach(number=500 + no), ready).multiplier > 1
            assert undecidable_before(rules, breach(number=500 + no), ready) == ()
        return Watched.looks

    assert looks(50) == looks(1)
