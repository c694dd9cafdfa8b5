"""Whoever tries a policy in Chinese reads in Chinese why a case fails and what clashes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import kedang.rulebook
from kedang.rulebook import load_file, run_cases
from kedang.rulebook.failures_zh import known, why_in_chinese
from kedang.rulebook.naming import Namer
from kedang.rulebook.pack import Sanction
from tests.rulebook.small import pack
from tests.rulebook.test_faults_zh import example

HERE = Path(kedang.rulebook.__file__).parent
POLICIES = HERE.parent / "policies"
SAID_BY = {"Unmet", "CaseFault", "Clash", "unlike"}
ENGLISH = re.compile(r"\b(?:is|are|the|no|not|of|by|on|and|for|to|nobody|clauses?|decided|lacking)\b")
FLIPPED = (
    ('answer: "yes"', 'answer: "ask"'), ("answer: ask", 'answer: "no"'), ('answer: "no"', 'answer: "yes"'),
    ("status: late", "status: kept"), ("fine_cny: 5", "fine_cny: 7"), ("fine_cny: 3", "fine_cny: 4"),
    ("percent: ", "percent: 1"), ("no_duty:", "duty:"), ("- duty:", "- no_duty:"), ("- sanction:", "- no_sanction:"),
)  # fmt: skip


def sentences() -> list[str]:
    """Every sentence with which a case fails or packs clash, with an example in the place of what varies."""
    found = []
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAID_BY and node.args:
                found.append(example(node.args[0]))
    return found


def test_every_sentence_has_a_chinese_one():
    said = sentences()
    assert len(said) > 24
    assert [one for one in said if not known(one)] == []


@pytest.mark.parametrize("number", ["07", "14"])
@pytest.mark.parametrize(("was", "wrong"), FLIPPED)
def test_whatever_fails_in_a_policy_is_said_without_english_words(number, was, wrong):
    path = next(one for one in POLICIES.glob(f"{number}-*.yaml") if ".cases." not in one.name)
    beneath = [load_file(one) for one in sorted(POLICIES.glob("00-*.yaml")) if ".cases." not in one.name]
    under, text = load_file(path), path.with_name(f"{path.stem}.cases.yaml").read_text("utf-8")
    try:
        failed = run_cases(under, text.replace(was, wrong), "x.cases.yaml", beneath).failed
    except kedang.rulebook.PackErrors:
        pytest.skip("such a change cannot be read")
    namer = Namer(under, "zh")
    said = [why_in_chinese(one.why, namer) for one in failed]
    assert [one for one in said if ENGLISH.search(one)] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "the answer is ask, not yes (clauses 00:B.1; to ask: archivist)",
            "结果是须经同意，不是允许（条款：第00:B.1条；须征得档案管理员同意）",
        ),
        (
            "there is no such duty; duties are: 01:1 of jia about loan:A, due 2026-03-03, late",
            "没有这样的待办；待办有：第01:1条：甲，期限2026-03-03，已逾期",
        ),
        (
            "there is no such duty; duties are: none yet; it opens after loan.issued, and no such event is given for "
            "that thing",
            "没有这样的待办；待办有：尚无；“借阅发出”之后才有，而用例中没有这件事",
        ),
        (
            "there is no such duty; duties are: none of that clause: that of 01:1 takes its place, the same act of the "
            "same people",
            "没有这样的待办；待办有：没有：第01:1条规定同一些人的同一行为，取代了它",
        ),
        (
            "the answer is no, not yes (clauses 01:1; lacking handover.signers under 01:1, found 'di, li')",
            "结果是不允许，不是允许（条款：第01:1条；按第01:1条缺少“移交的签字人”，现为“di、li”）",
        ),
        (
            "there is such a sanction; breaches are: lost by jia on 2026-03-02 (undecided): 50 to 500 (01:1), "
            "decided by director",
            "有这样的处理；违规有：遗失：甲，2026-03-02，50至500（第01:1条），由总监决定",
        ),
        (
            "file.read by jia: the answer is no, not yes (clauses 01:1)",
            "甲“档案阅览”：结果是不允许，不是允许（条款：第01:1条）",
        ),
        ("two values for loan.period_days, 7 and 10", "借阅的期限(天)有两个取值：7和10"),
        ("somebody wrote a new sentence", "somebody wrote a new sentence"),
    ],
)
def test_what_varies_is_called_by_its_name(english, chinese):
    assert why_in_chinese(english, Namer(pack("show"), "zh"), {"jia": "甲"}) == chinese


def test_a_clash_is_said_with_what_it_is_about():
    one = load_file(next(path for path in POLICIES.glob("07-*.yaml") if ".cases." not in path.name))
    rule = next(rule for clause in one.clauses.values() for rule in clause.rules if isinstance(rule, Sanction))
    said = why_in_chinese(f"two sanctions for {rule.for_kind} {rule.for_name} per {rule.per}", Namer(one, "zh"))
    assert said.startswith("对同一") and not ENGLISH.search(said)


def test_the_values_of_a_clash_are_said_by_their_words():
    said = why_in_chinese("two values for file.order, newest-first and by-issue-date", Namer(pack("show"), "zh"))
    assert said.endswith("有两个取值：新的在前和按签发日期") and not ENGLISH.search(said)
