"""How to write a pack: every example on the page is one that loads, and its cases pass."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kedang.rulebook import Book, load_file, load_pack, run_cases
from kedang.rulebook.casefile import GIVEN, THEN, WHEN
from kedang.rulebook.pack import BODIES
from kedang.rulebook.vocabulary import OFFICE_POSTS, SELECTORS

BOX = Path(__file__).parents[2] / "src/kedang/policies"
README = (BOX / "README.md").read_text("utf-8")
CASES = README[README.index("## Examples: the cases") : README.index("## What the messages mean")]
SKELETON = (BOX / "skeleton/pack.yaml").read_text("utf-8").replace("SLUG", "my-house")
BLOCKS = re.findall(r"```yaml (\w+)\n(.*?)```", README, re.DOTALL)
UNDER = [load_file(BOX / name) for name in ("00-law.yaml", "00-base.yaml")]


def declared():
    """The skeleton with what the page declares in the place of what it declared."""
    head, _, clauses = SKELETON.partition("\nclauses:\n")
    kept = head[: head.index("# Departments")]
    return kept + "".join(text for kind, text in BLOCKS if kind == "top") + "\nclauses:\n" + clauses


def with_rules(text):
    """One clause more for each rule of a block."""
    rules = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    return declared() + "".join(
        f'  - id: "8.{number}"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}'
        for number, rule in enumerate(rules, 1)
    )


def test_there_is_no_block_that_no_test_loads():
    assert README.count("```yaml") == len(BLOCKS) == README.count("```") / 2
    assert {kind for kind, _ in BLOCKS} == {"top", "rules", "clauses", "cases"}


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "rules"])
def test_every_example_of_a_rule_loads(text):
    pack = load_pack(with_rules(text), "readme.yaml")
    assert any(key.startswith("8.") for key in pack.clauses)
    assert Book((pack, *UNDER)).clashes == ()


def test_every_body_has_an_example_under_its_own_name():
    for body in BODIES:
        found = re.search(rf"^\*\*{body}\*\*.*?```yaml rules\n(.*?)```", README, re.DOTALL | re.MULTILINE)
        assert found and found[1].startswith(f"- {body}"), body


def test_the_example_of_clauses_loads():
    (text,) = [text for kind, text in BLOCKS if kind == "clauses"]
    pack = load_pack(declared() + text, "readme.yaml")
    assert pack.clauses["9.2"].superseded_by == "PIPL 6"


# cases that speak of the rules right above them, as clauses 8.1, 8.2 …
WORKED = [
    (rules, text)
    for (kind, rules), (next_kind, text) in pairwise(BLOCKS)
    if (kind, next_kind) == ("rules", "cases") and '"8.' in text
]


def test_the_cases_on_the_page_pass_and_prove_what_they_say():
    (text,) = [text for kind, text in BLOCKS if kind == "cases" and text not in dict(WORKED).values()]
    report = run_cases(load_pack(declared(), "readme.yaml"), text, "readme.cases.yaml", UNDER)
    assert report.failed == ()
    assert report.proved == {"2.1", "2.2", "2.3", "3.1", "3.2"}


@pytest.mark.parametrize(("rules", "text"), WORKED)
def test_a_worked_example_does_what_its_cases_say(rules, text):
    report = run_cases(load_pack(with_rules(rules), "readme.yaml"), text, "readme.cases.yaml", UNDER)
    assert report.failed == ()
    assert report.proved == set(re.findall(r'"(8\.\d+)"', text))


def test_what_the_page_says_of_a_consent_is_so():
    """Whomever it means may ask, and may do the act once the yes is there, without a permit."""
    (text,) = [f"{{{rule}}}" for rule in ("consent: {act: file.copy, who: [adviser], from: [[director]], uses: 1}",)]
    asked = """
- name: An adviser asks
  proves: ["8.1"]
  people: {li: [adviser]}
  when: {try: file.copy, on: 2026-03-02, by: li, file: A}
  then: [{answer: ask, ask: [director]}]
- name: And copies with the yes
  proves: ["8.1"]
  people: {li: [adviser], zhao: [director]}
  given: [{on: 2026-03-02, grants: zhao, clause: "8.1", to: li, act: file.copy, file: A}]
  when: {try: file.copy, on: 2026-03-02, by: li, file: A}
  then: [{answer: "yes", clauses: ["8.1"]}]
- name: A keeper does not ask
  people: {wu: [keeper]}
  when: {try: file.copy, on: 2026-03-02, by: wu, file: A}
  then: [{answer: "no"}]
"""
    report = run_cases(load_pack(with_rules(f"- {text}\n"), "readme.yaml"), asked, "readme.cases.yaml", UNDER)
    assert report.failed == ()


def test_the_term_of_a_file_is_supplied_by_no_app_as_the_page_says():
    import django

    django.setup()
    from kedang.acts.facts import known_names

    assert "file.retention_until" not in known_names() and "no app supplies `file.retention_until`" in README


def test_every_post_of_an_office_is_explained():
    assert [post for post in OFFICE_POSTS if f"`{post}`" not in README] == []


def test_everybody_whom_a_rule_may_mean_is_explained():
    assert [who for who in SELECTORS if f"`{who}`" not in README] == []


def test_every_value_that_the_program_reads_is_explained():
    read = ("loan.period_days", "loan.renewals", "loan.remind_days", "KIND.number", "KIND.to_follow_days")
    assert [key for key in read if f"`{key}`" not in README] == []


def test_every_key_of_a_line_of_a_case_is_on_the_page():
    known = {*GIVEN, *WHEN, *THEN, *(key for keys in (*GIVEN.values(), *WHEN.values()) for key in keys)}
    assert [key for key in sorted(known) if not re.search(rf"\b{key}\b", CASES)] == []


def test_a_broken_example_would_be_noticed():
    with pytest.raises(Exception, match="did you mean"):
        load_pack(with_rules("- permit: {act: file.reed, who: [keeper]}\n"), "readme.yaml")
