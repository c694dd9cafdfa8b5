"""The proof of the language: hard clauses of all fifteen policies, each with cases on both sides of its figure."""

from pathlib import Path

import pytest

from kedang.rulebook.book import Book
from kedang.rulebook.cases import run_cases
from kedang.rulebook.clashes import ClashError
from kedang.rulebook.loading import load_file, load_pack

HARD = Path(__file__).parent / "hard"
NUMBERS = [f"{number:02}" for number in range(1, 16)]


def hard(number):
    return load_file(HARD / f"{number}-hard.yaml")


@pytest.mark.parametrize("number", NUMBERS)
def test_every_hard_clause_is_proved_by_a_case(number):
    pack = hard(number)
    source = HARD / f"{number}-hard.cases.yaml"
    report = run_cases(pack, source.read_bytes(), source.name)
    assert [f"{one.line}: {one.name}: {one.why}" for one in report.failed] == []
    assert set(pack.clauses) - report.proved == set()


def test_there_are_at_least_forty_hard_clauses():
    assert sum(len(hard(number).clauses) for number in NUMBERS) >= 40


def test_newest_first_and_issue_date_clash_where_both_policies_bind():
    with pytest.raises(ClashError, match=r"unit-file\.order"):
        Book((hard("10"), hard("11")))


def test_the_order_of_clauses_changes_no_result():
    for number in NUMBERS:
        path = HARD / f"{number}-hard.yaml"
        head, _, clauses = path.read_text(encoding="utf-8").partition("\nclauses:\n")
        blocks = [f"  - id:{block}" for block in clauses.split("  - id:")[1:]]
        turned = head + "\nclauses:\n" + "".join(block.rstrip("\n") + "\n" for block in reversed(blocks))
        pack = hard(number)
        other = load_pack(turned, path.name)
        source = HARD / f"{number}-hard.cases.yaml"
        assert list(other.clauses) == list(reversed(pack.clauses))
        assert run_cases(other, source.read_bytes(), source.name).failed == ()
