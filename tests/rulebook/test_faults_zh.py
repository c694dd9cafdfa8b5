"""Whoever writes a policy in Chinese reads what is wrong in Chinese."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kedang.rulebook
from kedang.rulebook import PackErrors
from kedang.rulebook.faults_zh import in_chinese, known
from tests.rulebook.small import pack

HERE = Path(kedang.rulebook.__file__).parent


def sentences() -> list[str]:
    """Every sentence that the loader can say, with an example in the place of what varies."""
    found = []
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("add", "_fail") and isinstance(node.args[-1], ast.JoinedStr | ast.Constant):
                found.append(example(node.args[-1]))
    return found


def example(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values)


def test_every_sentence_of_the_loader_has_a_chinese_one():
    said = sentences()
    assert len(said) > 60
    assert [one for one in said if not known(one)] == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "duty: {after: loan.issued, who: [archivist], about: loan, done_by: loan.returned, within_days: three}",
            "“three”须是整数；单位已写在名称里",
        ),
        (
            "settle: {loan.period_day: 7}",
            "“loan.period_day”不是可以规定取值的事项；是不是“loan.period_days”？或列入defaults",
        ),
        (
            "duty: {every: day, who: [archivist], about: day, done_by: day.closed, by: end-of-day}",
            "定期的待办只能针对branch, file, job, record, person；针对“day”的不会出现",
        ),
        (
            "require: {act: handover.sign, that: {handover.signers: {at_least: 2}}}",
            "“handover.signers”是清单，不能比较大小；请用“至少几位不同的人”或“没有内容”",
        ),
        ("permit: {act: loan.isue, who: [archivist]}", "“loan.isue”不是已知的行为；是不是“loan.issue”？"),
    ],
)
def test_a_mistake_is_said_in_chinese_with_what_was_written(rule, said):
    with pytest.raises(PackErrors) as caught:
        pack(rule)
    assert said in [in_chinese(one.message) for one in caught.value.errors]
