"""The generated pages are those that the packs and the engine make today."""

import pytest

from tools import pages


@pytest.mark.parametrize("path", pages.packs(), ids=lambda path: path.name)
def test_the_page_of_a_pack_is_the_generated_one(path):
    page = pages.page_of(path)
    command = f"run: .venv/bin/python tools/pages.py {page.stem}"
    assert page.exists(), command
    assert page.read_text("utf-8") == pages.clauses_text(path, pages.commands()), command


def test_the_page_names_home_acts_and_cases_of_each_clause():
    text = pages.page_of(pages.BOX / "07-vehicle-dealership.yaml").read_text("utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| 7.4.1a |")]
    assert "proved by its cases" in row and "`handover.sign` (custody: sign_handover)" in row and "duty" in row
    assert text.count("\n| 7.") == 83


def test_there_is_no_page_of_a_pack_that_is_gone():
    assert {path.name for path in pages.CLAUSES.glob("*.md")} == {pages.page_of(path).name for path in pages.packs()}


def test_the_tables_of_the_readme_are_the_vocabulary():
    text = pages.README.read_text("utf-8")
    assert pages.readme_text(text) == text, "run: .venv/bin/python tools/pages.py"
    assert "| `loan.issue` | `loan.issued` | file, loan |" in text
    assert "`loan.days_out` number" in text


def test_the_page_of_events_is_the_generated_one_and_each_has_a_sentence_in_both_languages():
    page = pages.EVENTS.read_text("utf-8")
    assert page == pages.events_text(pages.commands()), "run: .venv/bin/python tools/pages.py"
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(pages.ACTS)
    assert [row[0] for row in rows if not row[1] or not row[2] or row[1] == row[2]] == []
