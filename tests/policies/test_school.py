"""A page of prose made a pack by following the tutorial: its cases pass and notice each wrong figure."""

import re
from pathlib import Path

from bench import mutate
from kedang.rulebook import Book, coverage, load_file, run_cases

SCHOOL = Path(__file__).parent / "school"
BOX = Path(__file__).parents[2] / "src/kedang/policies"
PACK = load_file(SCHOOL / "language-school.yaml")
UNDER = [load_file(BOX / name) for name in ("00-law.yaml", "00-base.yaml")]


def report():
    source = SCHOOL / "language-school.cases.yaml"
    return run_cases(PACK, source.read_bytes(), source.name, UNDER)


def test_the_school_runs_under_law_and_common_rules():
    assert Book((PACK, *UNDER)).clashes == ()
    assert report().failed == ()
    assert coverage(PACK, report(), ())["homeless"] == 0


def test_every_paragraph_of_the_page_has_its_clauses():
    page = (SCHOOL / "language-school.md").read_text("utf-8")
    assert {line.partition(".")[0] for line in page.splitlines() if line[:1].isdigit()} == {
        re.match(r"\d+", id_)[0] for id_ in PACK.clauses
    }


def test_no_figure_of_the_school_can_be_wrong_unnoticed():
    tried = mutate.attempt(SCHOOL / "language-school.yaml", UNDER, None)
    assert [f"{one.line}: {one.what}" for one in tried.survivors] == []
    assert tried.total > 20
