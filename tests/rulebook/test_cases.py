"""The case runner: what passes, what fails and why, and which clauses are proved."""

from pathlib import Path

import pytest

from kedang.rulebook.book import Book
from kedang.rulebook.casefile import read_cases
from kedang.rulebook.cases import run_cases
from kedang.rulebook.coverage import acts_of, coverage, homes, idle_posts
from kedang.rulebook.loading import load_file, load_pack
from kedang.rulebook.reading import PackErrors
from tests.rulebook.small import HEAD, pack

BASE = Path(__file__).parents[2] / "src/kedang/policies/00-base.yaml"
DUTY = (
    "duty: {after: vehicle.delivered, who: [file.consultant], about: file, done_by: handover.received, within_days: 3}"
)
FINE = 'sanction: {for: {late: "1"}, fine_cny: 50, per: file, decided_by: [director]}'
PERMIT = "permit: {act: file.read, who: [consultant], when: {file.kind: vehicle}}"
CONSENT = (
    "consent: {act: loan.issue, who: [anyone], from: [[director], {all_of: [archivist, director]}], until: end-of-day}"
)
NEED = 'require: {act: loan.issue, that: {loan.slip: "yes"}}'
SETTLE = "settle: {loan.period_days: 7}"
MEASURE = "measure: {name: on-time, of: share_on_time, by: unit, every: month}"
GIVEN = "- name: x\n  people: {di: [director], li: [consultant]}\n  given: [{on: 2026-03-02, %s}]\n  then: []"
REWARD = "reward: {for: year, decided_by: [director], amount_cny: 100}"
CHOOSE = "choose: {for: customer.allocate, rank: 1, order_by: candidate.workload}"
CLASSIFY = 'classify: {field: customer.segment, to: buyer, when: {customer.bought: "yes"}}'
RULES = (DUTY, FINE, PERMIT, CONSENT, NEED, SETTLE, MEASURE, REWARD, CHOOSE, CLASSIFY)
PEOPLE = "people: {li: [consultant], di: [director], ar: [archivist]}\n"
DELIVERED = "given: [{on: 2026-03-02, event: vehicle.delivered, file: A, consultant: li}]\n"


def report(case, rules=RULES):
    body = "- name: it\n" + "".join(f"  {line}\n" for line in (PEOPLE + case).splitlines())
    return run_cases(pack(*rules), body, "small.cases.yaml")


def why(case):
    (failure,) = report(case).failed
    return failure.why


LONG = "- name: c%s\n  given: [{on: %s, event: file.opened, file: A}]\n  when: {end_of_day: %s}\n  then: []"


def refusal(text):
    with pytest.raises(PackErrors) as caught:
        run_cases(pack(*RULES), text, "small.cases.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    "case",
    [
        DELIVERED + 'then: [{duty: {clause: "1", who: li, due_on: 2026-03-05, times: 1}}, {no_sanction: {file: A}}]',
        DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {who: li, fine_cny: 50.00}}]",
        "given:\n- {on: 2026-03-02, event: vehicle.delivered, file: A, consultant: [li, di]}\n"
        "- {on: 2026-03-09, decides: di, breach: {clause: '1', who: li}, quashed: 'yes'}\n"
        "then: [{sanction: {who: di, times: 1}}, {no_sanction: {who: li}}]",
        "when: {on: 2026-03-02}\nthen: [{setting: {loan.period_days: 7}}]",
        "then: [{reward: year, who: li, amount_cny: 100, decided_by: [director]}]",
        DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {who: li, decided_by: [director]}}]",
        "when: {looks: li, right: read, row: {file.kind: vehicle}}\n"
        "then: [{visible: 'yes'}, {visible: 'no', up_to: secret}]",
        "when: {looks: ar, row: {file.kind: vehicle}}\nthen: [{visible: 'no', clauses: ['3']}]",
        "when: {measure: on-time, rows: [{unit: a, status: kept}]}\nthen: [{figure: {of: a, percent: 100, value: 1}}]",
        "when: {choose: customer.allocate, candidates: {x: {candidate.workload: '2'}, y: {candidate.workload: '1'}}}\n"
        "then: [{chosen: [y, x]}]",
        "facts: {customer.bought: 'no'}\nthen: [{class: {customer.segment: none}}]",
        "given:\n- {on: 2026-03-02, facts: {customer.bought: 'yes'}}\nthen: [{class: {customer.segment: buyer}}]",
        "given:\n- {on: 2026-03-02, grants: di, clause: '4', to: li, file: A, act: loan.issue}\n"
        "- {on: 2026-03-02, grants: di, clause: '4', to: li, file: A, step: 2}\n"
        "- {on: 2026-03-02, grants: ar, clause: '4', to: li, file: A, step: 2}\n"
        "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'yes'}\nthen: [{answer: 'yes'}]",
        "when: {try: [file.read, loan.issue], on: 2026-03-02, by: [ar, di], file: A, file.kind: vehicle, "
        "loan.slip: 'no'}\nthen: [{answer: 'no'}]",
        "when: {try: [file.read, file.find], on: 2026-03-02, by: [di, ar], file: A, kind: vehicle}\n"
        "then: [{answer: 'no', lacking: [], clauses: []}]",
    ],
)
def test_a_true_case_passes(case):
    assert [one.why for one in report(case).failed] == []


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (DELIVERED + 'then: [{duty: {clause: "1", who: di}}]', "there is no such duty; duties are: 1 of li"),
        (DELIVERED + 'then: [{duty: {clause: "2"}}]', "none of that clause"),
        (DELIVERED + "then: [{no_duty: {file: A}}]", "there is such a duty"),
        (DELIVERED + "then: [{duty: {file: A, times: 2}}]", "there are 1 such, not 2"),
        (DELIVERED + "then: [{sanction: {file: A}}]", "no breach of that kind"),
        (
            DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {fine_cny: 60}}]",
            "small:1 by li on 2026-03-06 (undecided): 50 (small:2)",
        ),
        (DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {fine_cny: much}}]", "is not a number"),
        (DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {measure: x}}]", "there is no such sanction"),
        (DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {depends: 'yes'}}]", "no such sanction"),
        (
            DELIVERED + "proves: ['2']\nthen: [{duty: {clause: '1'}}]",
            "it says that it proves 2, but no rule of that clause took part",
        ),
        ("then: [{setting: {loan.period_days: 8}}]", "loan.period_days is 7, not 8"),
        ("then: [{reward: month, who: li}]", "no such reward for month"),
        ("then: [{answer: 'yes'}]", "needs 'when: {try: …}'"),
        ("when: {looks: li, row: {file.kind: other}}\nthen: [{visible: 'yes'}]", "visible is no for read"),
        (
            "when: {measure: on-time, rows: [{unit: a, status: late}]}\nthen: [{figure: {of: a, percent: 9}}]",
            "the figure is",
        ),
        (
            "when: {measure: on-time, rows: [{unit: a, status: late}]}\nthen: [{figure: {of: a, value: 9}}]",
            "the figure is",
        ),
        ("when: {measure: on-time, rows: []}\nthen: [{figure: {of: b, percent: 9}}]", "the figure is none"),
        ("when: {measure: other, rows: []}\nthen: [{figure: {of: b, percent: 9}}]", "no clause measures 'other'"),
        (
            "when: {choose: customer.allocate, candidates: {x: {candidate.workload: '2'}}}\nthen: [{chosen: [y]}]",
            "chosen are x",
        ),
        ("facts: {customer.bought: 'no'}\nthen: [{class: {customer.segment: buyer}}]", "customer.segment is none"),
        ("facts: {customer.bought: 'yes'}\nthen: [{class: {customer.segment: x}}]", "customer.segment is buyer"),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'no'}\nthen: [{answer: 'yes'}]",
            "the answer is no, not yes (clauses small:5; to ask: archivist, director, director; lacking loan.slip",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'no'}\n"
            "then: [{answer: 'no', lacking: [loan.days_out]}]",
            "'loan.days_out' is not lacking",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'yes'}\n"
            "then: [{answer: ask, ask: [consultant]}]",
            "'consultant' is not asked",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'yes'}\n"
            "then: [{answer: ask, clauses: ['5']}]",
            "clause 5 took no part; these did: small:4",
        ),
        (
            "when: {try: [file.find, file.read], on: 2026-03-02, by: [di, li], file: A, kind: vehicle}\n"
            "then: [{answer: 'no'}]",
            "file.read by li: the answer is yes, not no",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'no'}\n"
            "then: [{answer: 'no', lacking: []}]",
            "something is lacking (clauses small:5; ",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, slip: 'no'}\n"
            "then: [{answer: 'no', clauses: []}]",
            "clauses took part: small:4, small:5",
        ),
        (
            "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L}\nthen: [{answer: ask}]",
            "need facts that nobody said: loan.slip; say it in 'when'",
        ),
        ("given: [{event: vehicle.delivered, file: A}]\nthen: []", "say 'on' which day"),
        (
            "given: [{on: 2026-03-02, facts: {}}, {on: 2026-03-01, facts: {}}]\nthen: []",
            "the steps stand in the order of time",
        ),
        ("given: [{on: 2026-03-02, grants: di, clause: '1', to: li}]\nthen: []", "clause 1 asks nobody for consent"),
        (
            "given: [{on: 2026-03-02, extends: '1', file: A, until: 2026-03-09}]\nthen: []",
            "no duty of clause 1 is open",
        ),
        ("given: [{on: 2026-03-02, decides: di, breach: {file: A}, imposed: 'yes'}]\nthen: []", "no such breach"),
    ],
)
def test_a_false_case_fails_with_what_was_found(case, message):
    assert message in why(case)


def test_what_a_case_found_is_said_as_it_would_be_written():
    needed = "require: {act: handover.sign, that: {handover.signers: {distinct_at_least: 3}}}"
    tried = (
        "when: {try: handover.sign, on: 2026-03-02, by: li, file: A, handover: H, signers: %s}\nthen: [{answer: 'yes'}]"
    )
    (failure,) = report(tried % "[li, di]", (needed,)).failed
    assert failure.why.endswith("lacking handover.signers under small:1, found 'di, li')")
    (failure,) = report(tried % "[]", (needed,)).failed
    assert failure.why.endswith("found '')")
    ranged = "sanction: {for: {incident: lost}, fine_cny_from: 50, fine_cny_to: 500, per: file, decided_by: [director]}"
    lost = "given: [{on: 2026-03-02, event: incident.reported, file: A, incident: I, kind: lost, who: li}]\n"
    (failure,) = report(lost + "then: [{no_sanction: {incident: lost}}]", (ranged,)).failed
    assert "50 to 500 (small:1), decided by director" in failure.why


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just words", "small.cases.yaml:1: a case file is a list of cases"),
        ("- name: x\n  proves: ['99']\n  then: []", "small.cases.yaml:1: no clause '99' stands in this pack"),
        ("- name: x\n  when: {walk: home}\n  then: []", "small.cases.yaml:2: 'when' needs one of the keys try"),
        ("- name: x\n  given: {}\n  then: []", "small.cases.yaml:2: write a list here"),
        ("- name: x\n  given: [{on: 2026-03-02, event: car.flown}]\n  then: []", "'car.flown' is not an event"),
        ("- name: x\n  when: {try: file.eat, by: li}\n  then: []", "'file.eat' is not an act"),
        ("- name: x\n  given: [{on: soon, event: file.opened}]\n  then: []", "'soon' is not a day; write 2026-03-02"),
        (
            "- name: x\n  given: [{on: 9999-12-31, event: file.opened}]\n  then: []",
            "the day 9999-12-31 lies outside the years 1900 to 2199",
        ),
        (LONG % ("x", "2026-03-02", "2066-03-02"), "small.cases.yaml:1: this case lasts 14610 days; at most 11000"),
        (
            "\n".join(LONG % (one, "2000-01-01", "2030-01-01") for one in range(12)),
            "small.cases.yaml:37: the cases up to here last 109580 days; at most 100000 in all",
        ),
        ("- name: x\n  given: [{on: 2026-03-02, at: '9:30', event: file.opened}]\n  then: []", "'9:30' is not an hour"),
        ("- name: x\n  facts: {file.color: red}\n  then: []", "'file.color' is not a fact"),
        ("- name: x\n  facts: {loan.days_out: many}\n  then: []", "'loan.days_out' is a number, not 'many'"),
        ("- name: x\n  then: [{duty: {}, who: li}]", "'who' belongs into the map of 'duty'"),
        ("- name: x\n  then: [{setting: {}, due: 1}]", "'setting' has no key 'due'"),
        ("- name: x\n  people: {li: [king]}\n  then: []", "'li' holds 'king', which is no post"),
        ("- name: x\n  oops: 1\n  then: []", "has no key 'oops'"),
        ("- name: {en: x}\n  then: []", "lacks 'zh'"),
        ("- name: {zh: 甲, en: x, fr: y}\n  then: []", "has no key 'fr'"),
        ("cases:\n- name: x\n", "lacks 'then'"),
        (GIVEN % "decides: di, file: A, imposed: 'yes'", "'file' belongs into the map of 'breach'"),
        (GIVEN % "decides: di, who: li, breach: {clause: '1'}, imposed: 'yes'", "'who' belongs into the map of"),
        (GIVEN % "decides: di, breach: late, imposed: 'yes'", "'decides' needs a map that says which breach"),
        (GIVEN % "orders: di", "'orders' needs a map that says which breach"),
        (GIVEN % "decides: di, breach: {claus: '1'}, imposed: 'yes'", "'breach' has no key 'claus'; did you mean"),
        (GIVEN % "decides: di, breach: {clause: '1'}, imposed: 30", "'decides' needs 'imposed: \"yes\"'"),
        (GIVEN % "decides: di, breach: {clause: '1'}", "'decides' needs 'imposed: \"yes\"'"),
        (GIVEN % "decides: di, breach: {clause: '1'}, impose: 'yes'", "'decides' has no key 'impose'; did you mean"),
        (GIVEN % "grants: di, clause: '4', too: li", "'grants' has no key 'too'; did you mean 'to'?"),
        (GIVEN % "decides: eve, breach: {clause: '1'}, imposed: 'yes'", "'eve' does not stand under 'people'"),
        ("- name: x\n  when: {try: file.read, by: eve, on: 2026-03-02}\n  then: []", "write 'eve: [POST]' there"),
        ("- name: x\n  when: {looks: eve}\n  then: []", "'eve: []' for somebody without a post"),
        ("- name: x\n  then: [{duty: {clause: '1', whom: li}}]", "'duty' has no key 'whom'; did you mean 'who'?"),
    ],
)
def test_a_case_file_with_a_fault_is_refused_with_its_line(text, message):
    assert message in refusal(text)


def test_common_facts_and_people_hold_for_every_case():
    text = (
        "people: {li: [consultant]}\nfacts: {customer.bought: 'yes'}\ncases:\n"
        "- name: one\n  then: [{class: {customer.segment: buyer}}]\n"
        "- name: other\n  facts: {customer.bought: 'no'}\n  settings: {some.thing: 3, other: word}\n"
        "  then: [{class: {customer.segment: none}}]\n"
    )
    assert run_cases(pack(*RULES), text, "x").passed == ("one", "other")


def test_a_case_has_one_name_or_one_in_each_language():
    text = "- name: {zh: 一, en: one}\n  then: []\n- name: other\n  then: []\n"
    one, other = read_cases(text, "x", pack(*RULES), ())
    assert (one.name, one.text.zh, one.text.en) == ("one", "一", "one")
    assert (other.name, other.text.zh, other.text.en) == ("other", "other", "other")


def test_numbers_lists_and_unknown_facts_are_typed():
    rules = (
        "require: {act: loan.issue, that: {loan.days_out: {at_most: 3}}}",
        "permit: {act: loan.issue, who: [anyone]}",
        "require: {act: loan.issue, that: {actor.posts: {contains: consultant}}}",
        "require: {act: loan.issue, that: {loan.until: {empty: 'no'}}}",
    )
    asked = "when: {try: loan.issue, on: 2026-03-02, by: li, file: A, loan: L, days_out: %s, until: %s}\n"
    assert report(asked % ("2.5", "2026-03-05") + "then: [{answer: 'yes'}]", rules).failed == ()
    assert report(asked % ("unknown", "2026-03-05") + "then: [{answer: 'no'}]", rules).failed == ()
    assert report(asked % ("3", "unknown") + "then: [{answer: 'no'}]", rules).failed == ()


LOOK = "duty: {every: quarter, who: [archivist], about: branch, done_by: inspection.held, by: quarter-end}"


def looked(given, expected):
    case = f"given: [{given}]\nwhen: {{on: 2026-03-31}}\nthen: [{{duty: {{clause: '1', {expected}}}}}]"
    return report(case, (LOOK,)).failed


def test_a_duty_of_a_post_is_found_by_the_post():
    begun = "{on: 2025-12-31, facts: {}}"
    assert looked(begun, "who: archivist, due_on: 2026-03-31, status: open") == ()
    (failure,) = looked(begun, "who: ar")
    assert "1 of the post archivist about branch:branch, due 2026-03-31, open" in failure.why


def test_what_happens_without_a_branch_happens_in_the_one_branch_of_the_case():
    held = "{on: 2026-03-31, event: inspection.held, inspection: I%s}"
    begun = "{on: 2025-12-31, facts: {}}, "
    assert looked(begun + held % "", "status: kept") == ()
    assert looked(begun + held % ", branch: branch", "status: kept") == ()
    (failure,) = looked(begun + held % ", branch: east", "status: kept")
    assert "open" in failure.why


def test_a_duty_that_is_not_there_says_what_would_open_it():
    (failure,) = looked("{on: 2026-01-02, facts: {}}", "status: open")
    assert "opens on the first day of a period" in failure.why and "{on: 2025-12-31, facts: {}}" in failure.why
    assert "it opens after vehicle.delivered" in why("then: [{duty: {clause: '1'}}]")
    assert "none of that clause and thing" in why("then: [{duty: {clause: '2'}}]")


OWN = "duty: {after: loan.issued, who: [loan.borrower], about: loan, done_by: loan.returned, within_days: 3}"
LENT = "given: [{on: 2026-03-02, event: loan.issued, file: A, loan: L, loan.borrower: li, loan.until: 2026-03-05}]"


def test_a_duty_whose_place_another_took_says_which():
    base = load_file(BASE)
    told = f"- name: x\n  people: {{li: []}}\n  {LENT}\n  then: [{{duty: {{clause: B.12, loan: L}}}}]\n"
    (failure,) = run_cases(pack(OWN), told, "x", [base]).failed
    assert "that of small:1 takes its place, the same act of the same people" in failure.why
    assert run_cases(pack("show"), told, "x", [base]).failed == ()
    seven = "duty: {after: loan.issued, who: [archivist], about: loan, done_by: loan.checked, within_days: 7}"
    three = seven.replace("7}", "3, instead_of: ['1']}")
    (failure,) = run_cases(pack(seven, three), told.replace("B.12", "'1'"), "x", [base]).failed
    assert "that of small:2 takes its place" in failure.why


def test_a_duty_that_an_event_did_not_open_says_so():
    rule = OWN.replace("who:", "when: {loan.slip: 'no'}, who:")
    case = LENT.replace("loan.until", "loan.slip: 'yes', loan.until")
    told = f"- name: x\n  people: {{li: []}}\n  {case}\n  then: [{{duty: {{clause: '1'}}}}]\n"
    (failure,) = run_cases(pack(rule), told, "x").failed
    assert "though loan.issued is given: look at its 'when' and 'about'" in failure.why


def test_a_refusal_by_no_clause_says_so():
    told = why("when: {try: file.seal, on: 2026-03-02, by: li, file: A}\nthen: [{answer: 'yes'}]")
    assert "the answer is no, not yes (no clause permits it to this person" in told


@pytest.mark.parametrize(
    ("rule", "idle"),
    [
        ("show", ["consultant", "archivist", "director"]),
        ("permit: {act: file.read, who: [director]}", ["consultant", "archivist"]),
        ("permit: {act: file.read, who: [file.consultant]}", ["archivist", "director"]),
        ("consent: {act: file.read, who: [archivist], from: [[director]]}", ["consultant", "director"]),
        ("permit: {act: file.read, who: [anyone]}", []),
        ("permit: {act: file.read, who: ['unit:shop', 'head_of:office']}", []),
    ],
)
def test_posts_that_no_permit_reaches_may_do_nothing(rule, idle):
    body = rule if rule == "show" else f"{{{rule}}}"
    units = "units: {shop: {zh: a, en: b}, office: {zh: a, en: b, head: director}}\nposts:"
    placed = HEAD.replace("posts:", units).replace("en: Consultant}", "en: C, unit: shop}")
    text = placed.replace("en: Archivist}", "en: A, unit: shop}") + f'  - {{id: "1", zh: a, en: b, rules: [{body}]}}\n'
    made = load_pack(text, "small.yaml")
    assert idle_posts(Book((made,)), made) == idle


def test_what_the_base_lets_anyone_do_is_no_work_of_a_post():
    made = pack("show")
    everybody = 'pack: common\nrank: base\nlanguage: 1\nedition: "1"\ntitle: {zh: a, en: b}\nclauses:\n'
    everybody += '  - {id: "1", zh: a, en: b, rules: [{permit: {act: login.change, who: [anyone]}}]}\n'
    common = load_pack(everybody, "common.yaml")
    assert idle_posts(Book((made, common)), made) == ["consultant", "archivist", "director"]


def test_a_case_that_cannot_be_read_is_left_out_where_that_is_asked_for():
    wrong = []
    text = "- name: a\n  then: []\n- name: b\n  prove: []\n  then: []\n"
    assert [case.name for case in read_cases(text, "x", pack("show"), [], wrong)] == ["a"]
    assert [(error.line, "prove" in str(error)) for error in wrong] == [(4, True)]
    with pytest.raises(PackErrors, match="holds 'king', which is no post"):
        read_cases("people: {li: [king]}\ncases:\n- name: a\n  then: []\n", "x", pack("show"), [], wrong)


def test_each_clause_has_one_home():
    rules = (
        PERMIT,
        NEED,
        "inspect: {round: room, line: {zh: 看, en: Look}}",
        "declare: [file.vehicle.field.vin]",
        DUTY,
        CHOOSE,
    )
    text = "- name: it\n  proves: ['1']\n  people: {li: [consultant]}\n  when: {looks: li, row: {file.kind: vehicle}}\n"
    small = pack(*rules)
    found = run_cases(small, text + "  then: [{visible: 'yes'}]\n", "x")
    assert homes(small, found) == {
        "1": "proved",
        "2": "homeless",
        "3": "inspection",
        "4": "declared",
        "5": "homeless",
        "6": "homeless",
    }
    counted = coverage(small, found, {"file.read", "loan.issue"})
    assert counted == {
        "policy": "small",
        "clauses": 6,
        "proved": 1,
        "declared": 1,
        "inspection": 1,
        "shown": 0,
        "homeless": 3,
        "unoffered": ["customer.allocate", "handover.sign"],
        "unsupplied": {},
    }


def test_a_milestone_is_reached_by_one_act():
    reached = "duty: {after: file.opened, who: [archivist], about: file, reach: vehicle.delivered, within_days: 3}"
    assert acts_of(pack(reached)) == {"file.reach"}


USED = """given:
- {on: 2026-03-02, grants: di, clause: "1", to: li, act: loan.issue, file: A}
- {on: 2026-03-02, event: loan.issued, file: A, by: BY}
when: {try: loan.issue, on: 2026-03-02, by: li, file: A}
then: [{answer: ANSWER}]"""


@pytest.mark.parametrize(
    ("uses", "by", "answer"), [("uses: 1", "li", "ask"), ("uses: 2", "li", "yes"), ("uses: 1", "ar", "yes")]
)
def test_an_act_uses_up_the_consent_of_the_one_who_asked(uses, by, answer):
    rule = f"consent: {{act: loan.issue, from: [[director]], {uses}}}"
    case = USED.replace("BY", by).replace("ANSWER", f"'{answer}'")
    assert report(case, [rule]).failed == ()


def test_a_sanction_decided_by_somebody_else_is_said():
    told = why(DELIVERED + "when: {end_of_day: 2026-03-05}\nthen: [{sanction: {who: li, decided_by: [archivist]}}]")
    assert "decided by director" in told


def test_what_nobody_said_is_asked_for_all_at_once():
    rule = 'require: {act: loan.issue, that: {loan.slip: "yes", loan.renewals: {at_most: 1}}}'
    case = "when: {try: loan.issue, on: 2026-03-02, by: li, file: A}\nthen: [{answer: 'no'}]"
    (failure,) = report(
        case, [PERMIT.replace("file.read", "loan.issue").replace("file.kind: vehicle", ""), rule]
    ).failed
    assert "rules on loan.issue need facts that nobody said: loan.renewals, loan.slip; say it in 'when'" in failure.why


def test_a_mistake_in_what_every_case_shares_is_said_once():
    told = refusal("people: {li: [consultent]}\ncases:\n- {name: a, then: []}\n- {name: b, then: []}\n")
    assert told == "small.cases.yaml:1: 'li' holds 'consultent', which is no post; did you mean 'consultant'?"


def test_a_fact_that_a_duty_waits_for_is_asked_for_too():
    rule = DUTY.replace("within_days: 3", 'within_days: 3, when: {file.sealed: "no"}')
    (failure,) = report(DELIVERED + 'then: [{duty: {clause: "1"}}]', [rule]).failed
    assert "the fact 'file.sealed' is needed and was not given; say it in 'when' or 'given'" in failure.why


def test_candidates_are_ordered_by_number_and_not_by_spelling():
    case = (
        "when: {choose: customer.allocate, candidates: {x: {candidate.workload: '10'}, y: {candidate.workload: '9'}}}\n"
        "then: [{chosen: [y, x]}]"
    )
    assert report(case).failed == ()


@pytest.mark.parametrize(("role", "answer"), [("consultant: li", "yes"), ("consultant: di", "no"), ("", "no")])
def test_a_try_line_says_who_is_in_a_role_as_an_event_does(role, answer):
    own = "permit: {act: file.read, who: [file.consultant]}"
    line = ", ".join(filter(None, ["try: file.read, on: 2026-03-02, by: li, file: A", role]))
    assert not report(f"when: {{{line}}}\nthen: [{{answer: '{answer}'}}]", [own]).failed
