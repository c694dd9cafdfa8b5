"""The mutation check: a wrong figure that no case notices is named with file and line."""

import textwrap

import pytest

from bench import mutate
from bench.mutants import mutants
from kedang.rulebook.loading import load_pack
from tests.rulebook.small import HEAD, pack

DUTY = (
    "duty: {after: vehicle.delivered, who: [file.consultant], about: file, done_by: handover.received, "
    "within_working_days: 3}"
)
FINE = 'sanction: {for: {late: "1"}, fine_cny: 50, per: file, decided_by: [director]}'
CASES = """
- name: On the third working day it is kept
  proves: ["1"]
  people: {li: [consultant]}
  given: [{on: 2026-03-06, event: vehicle.delivered, file: A, consultant: li}]
  then: [{duty: {clause: "1", who: li, due_on: 2026-03-11}}]
"""
FINED = """
- name: Late costs fifty yuan, and the director decides
  proves: ["2"]
  people: {li: [consultant]}
  given: [{on: 2026-03-06, event: vehicle.delivered, file: A, consultant: li}]
  when: {end_of_day: 2026-03-12}
  then: [{sanction: {who: li, fine_cny: 50, decided_by: [director]}}]
"""


def changes(*rules):
    return {one.what for one in mutants(pack(*rules), [])}


@pytest.fixture
def written(tmp_path):
    """A pack of two clauses with the given cases beside it."""

    def write(cases):
        clauses = "".join(
            f'  - id: "{number}"\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n'
            for number, rule in enumerate((DUTY, FINE), 1)
        )
        (tmp_path / "small.yaml").write_text(HEAD + clauses, "utf-8")
        (tmp_path / "small.cases.yaml").write_text(textwrap.dedent(cases), "utf-8")
        return tmp_path / "small.yaml"

    return write


def test_days_kinds_of_day_sums_and_posts_are_changed_one_at_a_time():
    assert changes(DUTY) == {
        "within_working_days 3 → 2", "within_working_days 3 → 4", "3 working days → calendar days",
    }  # fmt: skip
    assert {"fine_cny 50 → 45.0", "fine_cny 50 → 55.0", "decided_by: director → consultant"} <= changes(DUTY, FINE)


def test_every_figure_of_every_body_has_its_mutants():
    found = changes(
        "consent: {act: loan.issue, from: [[director], [archivist]], lasts_days: 2, uses: 1}",
        "aggravate: {for: {incident: lost}, who: [consultant], counts: imposed, in: calendar-month, from_nth: 2, "
        "multiply: 2}",
        "repeat: {after: correction.ordered, every_working_days: 1, until: breach.corrected, amount: same}",
        "settle: {loan.period_days: 7}",
        "duty: {every: week, who: [archivist], about: branch, done_by: inspection.held, by: last-working-day-of-week}",
        'require: {act: day.close, that: {day.open_handovers: {at_most: 0}}, when: {actor.posts: [director]}}',
        "duty: {every: year, who: [archivist], about: branch, done_by: inspection.held, by: 12-31}",
        "duty: {after: contact.recorded, who: [archivist], about: file, done_by: contact.recorded, series: {1: 3}, "
        "within_days: 0}",
    )  # fmt: skip
    assert {
        "from: director → consultant", "from: archivist → director", "lasts_days 2 → 1", "lasts_days 2 → 3",
        "uses 1 → 2", "from_nth 2 → 3", "multiply 2 → 1", "every_working_days 1 → 2", "loan.period_days 7 → 8",
        "for incident lost → every breach", "by last-working-day-of-week → end-of-week",
        "that day.open_handovers at_most 0 → 1", "that day.open_handovers at_most 0 → -1", "by 12-31 → 01-01",
        "when actor.posts director → consultant", "by 12-31 → 12-30", "series 1: 3 → 4",
    } <= found  # fmt: skip


def test_what_is_left_to_the_organization_has_no_mutant():
    open_ = HEAD.replace("clauses:", "defaults: {yes.days: {value: 3, may_be: [1, 30]}}\nclauses:")
    rule = (
        "consent: {act: loan.issue, from: [[director]], lasts_days: yes.days, when: {loan.days_out: {over: yes.days}}}"
    )
    made = load_pack(f'{open_}  - {{id: "1", zh: 甲, en: a, rules: [{{{rule}}}]}}\n', "small.yaml")
    assert {one.what for one in mutants(made, ())} == {"from: director → consultant"}


def test_a_pack_with_cases_on_both_sides_kills_every_mutant(written, capsys):
    assert mutate.run([str(written(CASES + FINED))]) == 0
    assert capsys.readouterr().out == "small.yaml: 6/6 killed (100.0 %)\n"


def test_a_survivor_is_named_with_file_line_and_change(written, capsys):
    path = written(CASES)
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "sanction" in text)
    assert mutate.run([str(path)]) == 1
    told = capsys.readouterr().out
    assert "3/6 killed (50.0 %)  BELOW 95 %" in told
    assert f"small.yaml:{line}: 2: fine_cny 50 → 55.0: no case notices" in told


def test_cases_that_fail_already_are_said_and_prove_nothing(written, capsys):
    assert mutate.run([str(written(CASES.replace("03-11", "03-12")))]) == 1
    assert "small.cases.yaml:6" in capsys.readouterr().err


def test_the_quick_run_tries_a_sample_in_the_time_given(written, monkeypatch, capsys):
    monkeypatch.setattr(mutate, "QUICK_SECONDS", 0.0)
    assert mutate.run(["--quick", str(written(CASES + FINED))]) == 0
    assert "of a sample out of 6" in capsys.readouterr().out


def test_an_unknown_pack_is_refused_with_a_sentence():
    with pytest.raises(SystemExit, match="There is no pack '98'"):
        mutate.run(["98"])


def test_law_and_common_rules_are_proved_whole(capsys):
    """Every office stands on them: each post that they let act, and each bound, has its case on either side."""
    assert mutate.run(["00"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if not line.endswith("killed (100.0 %)")] == []
    assert len(told) == 2
