"""The packs in the box: each loads, stands together with law and base, and its cases prove its clauses."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kedang.rulebook import Book, coverage, load_file, run_cases
from kedang.rulebook.binding import KIND, is_about_a_file
from kedang.rulebook.casefile import read_cases
from kedang.rulebook.conditions import holds
from kedang.rulebook.coverage import acts_of, unentered, unmet_kinds
from kedang.rulebook.pack import BODIES, Duty, Forbid
from kedang.rulebook.vocabulary import EVENTS

BOX = Path(__file__).parents[2] / "src/kedang/policies"
PACKS = sorted(path for path in BOX.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))
BENEATH = [load_file(BOX / name) for name in ("00-law.yaml", "00-base.yaml")]
WRITTEN = [path for path in PACKS if not path.name.startswith("00-")]
ALL = Book([*BENEATH, *map(load_file, WRITTEN)], tolerate_clashes=True)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_policy_in_the_box_is_proved_and_no_clause_is_without_a_home(path):
    pack = load_file(path)
    assert Book((pack, *BENEATH)).clashes == ()
    cases = path.with_name(path.name.replace(".yaml", ".cases.yaml"))
    report = run_cases(pack, cases.read_bytes(), cases.name, BENEATH)
    assert [f"{one.line}: {one.name}: {one.why}" for one in report.failed] == []
    assert coverage(pack, report, ())["homeless"] == 0


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_act_that_a_policy_speaks_of_is_somebodys(path):
    """Without anybody who may, an act is refused for ever, and a duty that it keeps is never kept."""
    pack = load_file(path)
    book = Book((pack, *BENEATH))
    barred = {
        one.act for one in book.rules_of(Forbid) if not one.when and not one.except_who and one.who == ("anyone",)
    }
    spoken = acts_of(pack) - {"file.reach"} - barred
    assert {act for act in spoken if not book.rules_on(act).permits and not book.rules_on(act).consents} == set()


def binding_foreign(rule, kind):
    """Whether a rule about a file may hold for a file of a kind, as far as its own words go."""
    named = [test for test in (*getattr(rule, "when", ()), *getattr(rule, "when_true", ())) if test.fact == KIND]
    return is_about_a_file(rule) and holds(named, {KIND: kind}) is not False


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_beside_all_others_no_rule_about_a_file_binds_what_only_others_declare(path):
    """Whoever adopts several finds each file under the rules of its own policy."""
    pack = load_file(path)
    foreign = {kind for one in ALL.packs if one.rank == "policy" for kind in one.files} - pack.files.keys()
    found = {
        (rule.clause, rule.line, kind)
        for kind in foreign
        for body in BODIES.values()
        for rule in ALL.rules_of(body, kind)
        if rule.pack == pack.number and binding_foreign(rule, kind)
    }
    assert foreign and found == set()
    own = next(iter(pack.files))
    mine = [rule for body in BODIES.values() for rule in ALL.rules_of(body, own) if rule.pack == pack.number]
    assert len(mine) == len([*pack.rules()])


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_paper_can_be_entered_or_is_made_by_an_act(path):
    """Papers come into a file on the lines of its checklists alone; what waits for another would wait for ever."""
    pack = load_file(path)
    assert unentered(pack) == [] and unmet_kinds(pack) == {}


def test_what_is_made_by_an_act_is_what_no_line_of_its_pack_carries():
    """The exceptions, each with the act that makes it."""
    made = {
        f"{pack.number}:{key}": one.made_by
        for pack in ALL.packs for key, one in pack.records.items() if one.made_by
    }  # fmt: skip
    assert made == {
        "02:analysis-sheet": "analysis.make", "04:composition-report": "analysis.make",  # about the branch, not a file
        "05:telephone-number-stock-register": "register.keep", "05:telephone-relocation-statistics": "register.keep",
        "05:leaver-list": "register.keep", "06:undertaking": "policy.confirm", "07:electronic-file": "file.open",
        "13:in-file-list": "list.write", "13:supplement-list": "list.supplement",
        "13:title-transfer-list": "list.write", "13:loan-slip": "loan.request", "15:loan-slip": "loan.request",
    }  # fmt: skip
    lines = {
        f"{pack.number}:{key}" for pack in ALL.packs for checklist in pack.checklists.values()
        for line in checklist.lines for key in line.any_of
    }  # fmt: skip
    assert not made.keys() & lines


def may(book, act, post, selector):
    """Whether some clause lets people of a post, or whoever the selector means, do an act."""
    unit = next((pack.posts[post].unit for pack in book.packs if post in pack.posts), "")
    mine = {selector, "anyone", "person.self", f"unit:{unit}"}
    granted = [who for rule in (*book.rules_on(act).permits, *book.rules_on(act).consents) for who in rule.who]
    return any(who in mine or post in book.posts_with([who]) or who in book.posts_with([post]) for who in granted)


NAMED = {
    "handover.set": "checklists", "inspection.round": "rounds", "defect.kind": "defects", "incident.kind": "incidents",
    "file.kind": "files",
}  # fmt: skip


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_what_a_rule_tests_for_by_name_is_declared(path):
    """Papers are handed over by the checklists of their pack: a rule on a set that no list has never binds."""
    pack = load_file(path)
    known = {fact: {name for one in (pack, *BENEATH) for name in getattr(one, kind)} for fact, kind in NAMED.items()}
    tests = [
        test for rule in pack.rules() for key in ("when", "that", "when_true", "done_when")
        for test in getattr(rule, key, ()) if test.fact in NAMED and test.op in ("in", "not_in", "contains")
    ]  # fmt: skip
    assert {(test.fact, name) for test in tests for name in test.values if name not in known[test.fact]} == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_whoever_owes_a_duty_may_do_what_keeps_it(path):
    """Except what another must enter for him: the receiver signs, the administrator assigns, the archivist checks."""
    pack = load_file(path)
    book = Book((pack, *BENEATH))
    entered = {"handover.received", "person.assigned", "list.checked", "certificate.stored"}
    wanting = set()
    for rule in book.rules_of(Duty):
        if rule.pack != pack.number or not rule.done_by or rule.done_by in entered:
            continue
        for selector in rule.who:
            for post in (selector,) if selector in pack.posts else book.posts_of_role(selector):
                if not may(book, EVENTS[rule.done_by].name, post, selector):
                    wanting.add((rule.clause, selector, rule.done_by))
    assert wanting == set()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_the_name_of_a_customer_file_is_the_customers_and_is_asked_for(path):
    """The first name among the fields says whose file it is: it can be found, and nothing is saved without it."""
    for kind in load_file(path).files.values():
        first = next((field for field in kind.fields.values() if field.type in ("name", "customer")), None)
        if kind.one_per == "customer":
            assert first is not None and first.find == "name" and first.strength == "gate", kind.key


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_every_case_is_named_in_both_languages_and_shares_no_name(path):
    """The reader of a policy sees it under the clause and on the page of the cases, which tells them by their names."""
    pack = load_file(path)
    cases = path.with_name(path.name.replace(".yaml", ".cases.yaml"))
    read = read_cases(cases.read_bytes(), cases.name, pack, [one for one in BENEATH if one.slug != pack.slug])
    chinese, english = [one.text.zh for one in read], [one.text.en for one in read]
    assert [name for name in chinese if not any("一" <= sign <= "鿿" for sign in name)] == []
    assert [name for name in english if not any("A" <= sign <= "z" for sign in name)] == []
    assert {name: n for name, n in Counter(chinese + english).items() if n > 1} == {}


def test_the_dealership_has_all_its_clauses():
    pack = load_file(BOX / "07-vehicle-dealership.yaml")
    assert len(pack.clauses) == 83
    assert all(clause.text.zh and clause.text.en for clause in pack.clauses.values())


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_a_question_in_braces_stands_in_quotes(path):
    """As the README asks: libyaml reads it without, a reader of YAML in pure Python refuses the whole file."""
    bare = [
        line for line in path.read_text().splitlines() if re.search(r'[{,] *\w+: [^"\'{}\[\]]*\?[^"\'{}]*[},]', line)
    ]
    assert bare == []
