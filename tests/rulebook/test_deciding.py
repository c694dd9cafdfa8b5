"""May this person do this act now, whom must they ask, what is lacking?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.rulebook.book import Book
from kedang.rulebook.conditions import MissingFact
from kedang.rulebook.deciding import Grant, decide, needs
from kedang.rulebook.loading import load_pack
from kedang.rulebook.selecting import Actor
from tests.rulebook.small import book, day, pack

LI = Actor("li", frozenset({"consultant"}))
AR = Actor("ar", frozenset({"archivist"}), frozenset({"care"}), frozenset({"care"}), frozenset({"li"}))
PERMIT = "permit: {act: loan.issue, who: [anyone]}"
ONLY = 'permit: {act: loan.issue, who: [archivist], only: "yes"}'
FORBID = 'forbid: {act: loan.issue, when: {file.sealed: "yes"}, except_who: [director]}'
LIFT = 'permit: {act: loan.issue, who: [archivist], when: {file.sealed: "yes"}, lifts: ["2"]}'
NEED = 'require: {act: loan.issue, that: {loan.slip: "yes"}}'
ASK = (
    "consent: {act: loan.issue, who: [consultant], from: [[director], {all_of: [archivist, director]}], lasts_days: 3}"
)
FACTS = {"file.sealed": "no", "loan.slip": "yes", "file.kind": "vehicle"}


def ask(rules, actor=LI, facts=FACTS, **more):
    return decide(rules, "loan.issue", actor, facts, today=day(2), **more)


def grants(*givers, **more):
    steps = {"di": 0, "ar": 1, "di2": 1}
    selectors = {"di": "director", "ar": "archivist", "di2": "director"}
    fields = {"asker": "li", "granted_on": day(1), "expires_on": day(4), **more}
    return [Grant("small:1", steps[one], one, selector=selectors[one], **fields) for one in givers]


def test_without_any_rule_the_stance_answers():
    assert ask(book(NEED.replace("loan.issue", "loan.return"))).verdict == "no"


def test_a_permit_that_fits_says_yes_with_its_clause():
    answer = ask(book(PERMIT))
    assert answer.allowed and answer.clauses == {"small:1"}


def test_a_foreign_only_says_no():
    assert ask(book(PERMIT, ONLY)).clauses == {"small:2"}
    assert ask(book(PERMIT, ONLY), AR).allowed


@pytest.mark.parametrize(("sealed", "verdict"), [("no", "yes"), ("yes", "no"), ("unknown", "no")])
def test_a_forbid_bites_on_a_true_and_on_an_unknown_fact(sealed, verdict):
    assert ask(book(PERMIT, FORBID), facts={**FACTS, "file.sealed": sealed}).verdict == verdict


def test_a_forbid_spares_whom_it_excepts():
    director = Actor("di", frozenset({"director"}))
    assert ask(book(PERMIT, FORBID), director, {**FACTS, "file.sealed": "yes"}).allowed


def test_an_exception_names_the_clause_that_it_lifts():
    answer = ask(book(PERMIT, FORBID, LIFT), AR, {**FACTS, "file.sealed": "yes"})
    assert answer.allowed and answer.lifted == {"small:2"}


def test_a_permit_falls_away_on_an_unknown_fact():
    assert ask(book(PERMIT, FORBID, LIFT), AR, {**FACTS, "file.sealed": "unknown"}).verdict == "no"


@pytest.mark.parametrize("slip", ["no", "unknown"])
def test_a_require_names_what_is_lacking(slip):
    answer = ask(book(PERMIT, NEED), facts={**FACTS, "loan.slip": slip})
    (lack,) = answer.lacking
    assert (answer.verdict, lack.fact, lack.wanted, lack.found) == ("no", "loan.slip", ("yes",), slip)


def test_an_absent_fact_is_an_error_and_never_no():
    with pytest.raises(MissingFact, match=r"loan\.slip"):
        ask(book(PERMIT, NEED), facts={})


def test_every_step_of_a_consent_must_say_yes():
    assert [index for index, _ in ask(book(ASK)).asks[0].steps] == [0, 1]
    assert [index for index, _ in ask(book(ASK), grants=grants("di")).asks[0].steps] == [1]
    assert ask(book(ASK), grants=grants("di", "ar")).verdict == "ask"
    assert ask(book(ASK), grants=grants("di", "ar", "di2")).allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"asker": "wu"},
        {"expires_on": day(1)},
        {"granted_on": day(3)},
        {"uses_left": 0},
        {"about": "B"},
        {"purpose": "x"},
    ],
)
def test_a_grant_for_somebody_something_or_some_time_else_does_not_count(wrong):
    assert ask(book(ASK), grants=grants("di", "ar", "di2", **wrong), about="A").verdict == "ask"


def test_nobody_consents_to_himself():
    own = [Grant("small:1", 0, "li", "li", "director")]
    assert len(ask(book(ASK), grants=own).asks[0].steps) == 2


def test_roles_heads_and_superiors_are_meant():
    rules = book("permit: {act: loan.issue, who: [file.consultant, 'superior_of:file.consultant']}")
    parties = {"file.consultant": frozenset({"li"})}
    assert ask(rules, LI, parties=parties).allowed and ask(rules, AR, parties=parties).allowed
    assert not ask(rules, Actor("wu"), parties=parties).allowed
    with pytest.raises(MissingFact):
        ask(rules, LI)


def test_needs_are_exactly_what_the_rules_use():
    rules = book(
        FORBID,
        "require: {act: handover.sign, that: {handover.giver: {without: [handover.receiver]}}, who: [file.consultant]}",
        "permit: {act: handover.sign, who: ['superior_of:file.consultant']}",
    )
    found = needs(rules, "handover.sign")
    assert found.facts == {"handover.giver", "handover.receiver"}
    assert found.parties == {"file.consultant"}
    assert needs(rules, "loan.issue").facts == {"file.sealed"}
    assert needs(rules, "file.print").facts == frozenset()


RULES = (PERMIT, FORBID, LIFT, NEED, ONLY)
yes_no = st.sampled_from(["yes", "no", "unknown"])


@given(st.permutations(range(len(RULES))), yes_no, yes_no, st.sampled_from([LI, AR]))
def test_the_order_of_clauses_never_matters(order, sealed, slip, actor):
    facts = {"file.sealed": sealed, "loan.slip": slip}
    ids = [str(number + 1) for number in order]
    turned = book(*(RULES[number] for number in order), ids=ids)
    assert ask(turned, actor, facts) == ask(book(*RULES), actor, facts)


def test_posts_of_the_base_lend_their_rights():
    text = pack(PERMIT.replace("anyone", "archivist")).canonical
    text = text.replace("en: Consultant}", "en: Consultant, is: [archivist]}", 1)
    rules = Book((load_pack(text, "small.yaml"),))
    assert ask(rules).allowed
    assert rules.posts_with(["consultant", "archivist"]) == {"consultant", "archivist"}


def test_the_head_of_a_unit_and_its_people_are_meant():
    text = pack(PERMIT).canonical.replace("posts:", "units: {care: {zh: 部, en: Care}}\nposts:")
    head = Book((load_pack(text.replace("anyone", "'head_of:care'"), "small.yaml"),))
    unit = Book((load_pack(text.replace("anyone", "'unit:care'"), "small.yaml"),))
    assert ask(head, AR).allowed and ask(unit, AR).allowed
    assert not ask(head).allowed and not ask(unit).allowed


ABOVE = "consent: {act: loan.issue, who: [consultant, director], from: [%s], self: superior}"
DI = Actor("di", frozenset({"director"}))


def whom(answer):
    return [step.who for one in answer.asks for _, step in one.steps]


def test_who_would_ask_himself_asks_his_superior():
    rules = book(ABOVE % "[director]")
    assert whom(ask(rules)) == [("director",)]
    assert whom(ask(rules, DI)) == [("superior_of:approval.asker",)]
    yes = Grant("small:1", 0, "bo", "di", selector="superior_of:approval.asker")
    assert ask(rules, DI, grants=[yes]).allowed
    plain = book((ABOVE % "[director]").replace(", self: superior", ""))
    assert whom(ask(plain, DI)) == [("director",)]


def test_where_all_of_a_step_must_say_yes_the_superior_says_it_for_the_asker_only():
    rules = book(ABOVE % "{all_of: [archivist, director]}")
    steps = whom(ask(rules, DI))
    assert steps == [("archivist", "superior_of:approval.asker")]
    given = [Grant("small:1", 0, "x", "di", selector=one) for one in steps[0]]
    assert ask(rules, DI, grants=given).allowed
    assert ask(rules, DI, grants=given[:1]).verdict == ask(rules, DI, grants=given[1:]).verdict == "ask"


def test_a_role_that_the_asker_has_is_asked_of_his_superior():
    rules = book(ABOVE % "[file.consultant]")
    assert needs(rules, "loan.issue").parties == {"file.consultant"}
    assert whom(ask(rules, parties={"file.consultant": frozenset({"li"})})) == [("superior_of:approval.asker",)]
    assert whom(ask(rules, parties={"file.consultant": frozenset({"bo"})})) == [("file.consultant",)]
