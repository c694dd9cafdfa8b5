"""The packs in the box: each loads, stands together with law and base, and its cases prove its clauses."""

from pathlib import Path

import pytest

from kedang.rulebook import Book, coverage, load_file, run_cases
from kedang.rulebook.coverage import acts_of

BOX = Path(__file__).parents[2] / "src/kedang/policies"
PACKS = sorted(path for path in BOX.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))
BENEATH = [load_file(BOX / name) for name in ("00-law.yaml", "00-base.yaml")]
WRITTEN = [path for path in PACKS if not path.name.startswith("00-")]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_policy_in_the_box_is_proved_and_no_clause_is_without_a_home(path):
    pack = load_file(path)
    assert Book((pack, *BENEATH)).clashes == ()
    cases = path.with_name(path.name.replace(".yaml", ".cases.yaml"))
    report = run_cases(pack, cases.read_bytes(), cases.name, BENEATH)
    assert [f"{one.line}: {one.name}: {one.why}" for one in report.failed] == []
    assert coverage(pack, report, ())["homeless"] == 0


@pytest.mark.parametrize("number", ["06", "07", "13", "14"])
def test_every_act_that_these_policies_speak_of_is_somebodys(number):
    """Without anybody who may, an act is refused for ever, and a duty that it keeps is never kept."""
    pack = load_file(next(path for path in WRITTEN if path.name.startswith(number)))
    book = Book((pack, *BENEATH))
    spoken = acts_of(pack) - {"file.reach"}
    assert {act for act in spoken if not book.rules_on(act).permits and not book.rules_on(act).consents} == set()


def test_the_dealership_has_all_its_clauses():
    pack = load_file(BOX / "07-vehicle-dealership.yaml")
    assert len(pack.clauses) == 83
    assert all(clause.text.zh and clause.text.en for clause in pack.clauses.values())
