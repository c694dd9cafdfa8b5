"""kedang policy: a skeleton that runs at once, and hostile packs refused with file, line and what to write instead."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kedang.rulebook import PackErrors, load_pack
from kedang.web.cli import PACKS, main
from tests.rulebook.small import HEAD

GOOD = HEAD + '  - id: "1"\n    zh: 条款\n    en: A clause\n    rules: [show]\n'
DUTY = "duty: {after: vehicle.delivered, who: [archivist], about: file, done_by: handover.received, within_days: %s}"


def clause(id_, rule):
    return f"  - id: {id_}\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n"


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


HOSTILE = {
    "a duplicate key": (GOOD.replace("edition:", 'pack: other\nedition:'), "pack: other", "stands twice"),
    "an unknown act": (HEAD + clause('"1"', "permit: {act: file.reed, who: [archivist]}"), "file.reed", "'file.read'"),
    "a mistyped unit": (
        HEAD + clause('"1"', (DUTY % "3").replace("within_days", "within_workingdays")),
        "within_workingdays", "did you mean 'within_working_days'?",
    ),
    "a unit in the value": (HEAD + clause('"1"', DUTY % "3 days"), "3 days", "its unit stands in the key"),
    "a clause id without quotes": (HEAD + clause("7.10", "show"), "id: 7.10", 'id: "7.10"'),
    "fifty thousand brackets": (GOOD + "words: " + "[" * 50_000 + "\n", "words: ", "nested deeper"),
    "an alias bomb": (
        "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20)), "a: &a", "write the value out",
    ),
    "two times for one duty": (
        HEAD + clause('"1"', DUTY % "3") + clause('"2"', DUTY % "4"), "within_days: 4", "'instead_of: [CLAUSE]'",
    ),
    "two fines for one breach": (
        HEAD + clause('"1"', "sanction: {for: {defect: unsigned}, fine_cny: 5, per: file, decided_by: [director]}")
        + clause('"2"', "sanction: {for: {defect: unsigned}, fine_cny: 6, per: file, decided_by: [director]}"),
        "fine_cny: 6", "'besides: [CLAUSE]'",
    ),
    "two values for one setting": (
        HEAD + clause('"1"', "settle: {loan.period_days: 7}") + clause('"2"', "settle: {loan.period_days: 15}"),
        "days: 15", "give each a 'when'",
    ),
    "a value that nothing reads": (
        HEAD + clause('"1"', "settle: {loan.period_day: 7}"), "period_day:", "did you mean 'loan.period_days'?",
    ),
    "a setting of nobody": (
        HEAD + clause('"1"', "settle: {vehicle.colour: red}"), "vehicle.colour", "(or write KIND.number or KIND.order,",
    ),
    "a bound on a list of people": (
        HEAD + clause('"1"', "require: {act: handover.sign, that: {handover.signers: {at_least: 2}}}"), "at_least: 2",
        "write 'distinct_at_least'",
    ),
    "a round that nobody declared": (
        HEAD + clause('"1"', "duty: {every: month, who: [archivist], about: branch, done_by: inspection.held, "
                      "done_when: {inspection.round: rom}, by: month-end}"), "rom}", "did you mean 'room'?",
    ),
    "a daily duty about the day": (
        HEAD + clause('"1"', "duty: {every: day, who: [archivist], about: day, done_by: day.closed, by: end-of-day}"),
        "every: day", "what comes round is about one of branch",
    ),
    "a last day that there is not": (
        HEAD + clause('"1"', (DUTY % "3").replace("within_days: 3", "by: month-ent")), "month-ent", "'month-end'?",
    ),
    "a file one per nothing": (GOOD.replace("one_per: vin", "one_per: plate"), "one_per:", "no field 'plate'"),
    "a text with a colon": (
        GOOD.replace("en: A clause", "en: A clause: so"), "A clause: so", "put the text that holds it in quotes",
    ),
    "a number that cannot count": (
        HEAD + clause('"1"', 'settle: {vehicle.number: "YYYY-0000"}'), "YYYY", '"{year}-{seq:4}"',
    ),
    "a bound on a date": (
        HEAD + clause('"1"', "forbid: {act: file.read, when: {vehicle.delivered_on: {over: 730}}}"), "730",
        "is a date and has no bound 'over'; write 'within_days' in a duty",
    ),
    "a bound on a text": (
        HEAD + clause('"1"', "forbid: {act: file.read, when: {file.kind: {over: 3}}}"), "{over: 3}", "is a text and",
    ),
    "a post among facts": (
        HEAD + clause('"1"', "require: {act: file.seal, that: {destruction.witnesses: {without: archivist}}}"),
        "without:", "is a post, and 'without' compares people; name a fact",
    ),
    "a right-to-left mark": (GOOD.replace("A clause", "A \u202eclause"), "clause\n"[:-1] + "s:", "U+202E; remove it"),
    "ids that differ by case": (HEAD + clause('"1a"', "show") + clause('"1A"', "show"), '"1A"', "stands twice"),
    "ids that differ by width": (
        GOOD.replace("posts:\n", "posts:\n  director\uff11: {zh: a, en: b}\n  director1: {zh: a, en: b}\n"),
        "  director1:", "stands twice",
    ),
    "a megabyte of text": (GOOD + "time_zone: " + "x" * 1_000_000 + "\n", "time_zone: x", "at most 4000"),
    "an unknown tag": (GOOD.replace("A clause", "!!python/object/apply:os.system [id]"), "!!python", "remove it"),
    "a second document": (GOOD + "---\npack: other\n", "---", "one pack is one document"),
    "not YAML": (GOOD + "words: {a: [b}\n", "words: {a", "does not close; put a text that"),
    "still not YAML": (GOOD + "words: *\n", "words: *", "check indentation, quotes and brackets"),
    "an empty file": ("", "", "a pack begins with"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_is_refused_with_file_line_and_what_to_write_instead(kind, tmp_path, capsys):
    text, part, sentence = HOSTILE[kind]
    path = tmp_path / "hostile.yaml"
    path.write_text(text, "utf-8")
    started = time.monotonic()
    assert main(["policy", "check", str(path)]) == 1
    assert time.monotonic() - started < 5
    told = capsys.readouterr().err
    line = 1 if not part else line_of(text, "A \u202e") if "right-to-left" in kind else line_of(text, part)
    assert any(one.startswith(f"hostile.yaml:{line}: ") and sentence in one for one in told.splitlines()), told


@pytest.mark.parametrize("what", ["check", "cases", "coverage"])
def test_the_command_ends_with_code_1_and_without_a_traceback(what, tmp_path):
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE["fifty thousand brackets"][0], "utf-8")
    done = subprocess.run([sys.executable, "-m", "kedang", "policy", what, str(path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("hostile.yaml:") and "Traceback" not in done.stderr


@pytest.mark.parametrize("what", ["cases", "coverage"])
def test_cases_that_cannot_be_read_are_said_with_file_and_line(what, tmp_path, capsys):
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "good.cases.yaml").write_text("- name: it\n  prove: [x]\n  then: []\n", "utf-8")
    assert main(["policy", what, str(tmp_path / "good.yaml")]) == 1
    assert "good.cases.yaml:2: the case 'it' has no key 'prove'; did you mean 'proves'?" in capsys.readouterr().err


def test_a_case_that_cannot_be_read_does_not_keep_the_others_from_running(tmp_path, capsys):
    (tmp_path / "good.yaml").write_text(HEAD + clause('"1"', "settle: {loan.period_days: 7}"), "utf-8")
    setting = "  then: [{setting: {loan.period_days: 7}}]\n"
    text = f"- name: a\n{setting}- name: b\n  prove: [x]\n  then: []\n- name: c\n{setting}"
    (tmp_path / "good.cases.yaml").write_text(text, "utf-8")
    assert main(["policy", "cases", str(tmp_path / "good.yaml")]) == 1
    told = capsys.readouterr()
    assert "good.cases.yaml:4: the case 'b' has no key 'prove'" in told.err
    assert "good.yaml: 2 passed, 0 failed, the cases named above could not be read" in told.out


def test_check_names_the_posts_that_may_do_nothing_and_the_facts_that_nobody_supplies(tmp_path, capsys):
    path = tmp_path / "idle.yaml"
    rule = 'require: {act: file.close, that: {file.retention_until: {empty: "no"}}}'
    path.write_text(HEAD + clause('"1"', rule) + clause('"2"', "permit: {act: file.close, who: [director]}"), "utf-8")
    assert main(["policy", "check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "posts that may do nothing, as no permit reaches them: consultant; write a 'permit'" in told
    assert "  facts not supplied by any app: file.retention_until (file.close)" in told
    path.write_text(HEAD + clause('"1"', "permit: {act: file.close, who: [anyone]}"), "utf-8")
    assert main(["policy", "check", str(path)]) == 0
    assert capsys.readouterr().out == "idle.yaml: edition 1, 1 clauses, in order\n"


def test_check_names_the_duties_that_no_clock_opens(tmp_path, capsys):
    path = tmp_path / "waiting.yaml"
    lapsed = "duty: {{when_true: {{{0}.expires_days: {{under: 0}}}}, who: [archivist], about: {0}, "
    lapsed += "done_by: {1}, by: end-of-day}}"
    rules = [lapsed.format(*one) for one in (("permit", "permit.returned"), ("record", "record.supplied"))]
    permit = clause('"3"', "permit: {act: file.close, who: [anyone]}")
    path.write_text(HEAD + clause('"1"', rules[0]) + clause('"2"', rules[1]) + permit, "utf-8")
    assert main(["policy", "check", str(path)]) == 0
    assert "duties that nothing opens yet, as no clock looks at such a thing: 1 (permit)\n" in capsys.readouterr().out


PAPERS = """records:
  report: {zh: 报告, en: Report}
  passport: {zh: 护照, en: Passport}
  card: {zh: 身份证, en: Card}
  slip: {zh: 借阅单, en: Slip%s}
checklists:
  papers: {zh: 资料, en: Papers, file: vehicle, lines: [{line: identity, any_of: [passport, card]}%s]}
clauses:
"""
FILED = "duty: {after: file.opened, who: [archivist], about: file, done_by: record.added, %s, within_days: 3}"


def test_check_names_the_papers_that_nobody_can_enter_and_the_rules_that_wait_for_them(tmp_path, capsys):
    """A paper on a line that takes one of several is told by its line, so a rule on one of these never holds either."""
    path = tmp_path / "papers.yaml"
    may = clause('"9"', "permit: {act: file.close, who: [anyone]}")
    waits = [FILED % f"done_when: {{record.kind: {kind}}}" for kind in ("report", "passport", "[identity, card]")]
    first, second, third = (clause(f'"{number}"', rule) for number, rule in enumerate(waits, 1))
    shown = clause('"4"', "forbid: {act: record.reveal, when: {record.kind: vin}}")  # a field, which is shown too
    path.write_text(HEAD.replace("clauses:\n", PAPERS % ("", "")) + first + second + shown + may, "utf-8")
    assert main(["policy", "check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "  records that no checklist carries, so that nobody can enter them: report, slip; write a line" in told
    assert "  rules on papers that no line of a checklist is called, so that they never hold: 1 (report)" in told
    assert "2 (passport)" in told and "(vin)" not in told
    mended = HEAD.replace("clauses:\n", PAPERS % (", made_by: loan.request", ", {line: report, when: asked}"))
    path.write_text(mended + third + shown + may, "utf-8")
    assert main(["policy", "check", str(path)]) == 0
    assert capsys.readouterr().out == "papers.yaml: edition 1, 3 clauses, in order\n"


def test_coverage_names_the_clauses_without_a_home_and_takes_its_options_before_the_file(tmp_path, capsys):
    path = tmp_path / "bare.yaml"
    path.write_text(HEAD + clause('"1"', "show") + clause('"2"', "settle: {loan.period_days: 7}"), "utf-8")
    assert main(["policy", "coverage", str(path)]) == 1
    assert "without a home: 2: write a case with 'proves'" in capsys.readouterr().out
    assert main(["policy", "coverage", "--json", str(path)]) == 1
    assert json.loads(capsys.readouterr().out)[0]["without_home"] == ["2"]


def test_coverage_says_that_the_case_of_a_clause_fails_instead_of_asking_for_one(tmp_path, capsys):
    path = tmp_path / "bare.yaml"
    path.write_text(HEAD + clause('"1"', "show") + clause('"2"', "settle: {loan.period_days: 7}"), "utf-8")
    false = '- name: eight\n  proves: ["2"]\n  then: [{setting: {loan.period_days: 8}}]\n'
    (tmp_path / "bare.cases.yaml").write_text(false, "utf-8")
    assert main(["policy", "coverage", str(path)]) == 1
    told = capsys.readouterr().out
    assert "their cases fail: 2: run 'kedang policy cases'" in told and "without a home" not in told
    assert main(["policy", "coverage", "--json", str(path)]) == 1
    row = json.loads(capsys.readouterr().out)[0]
    assert (row["without_home"], row["failing"]) == ([], ["2"])


@pytest.mark.parametrize("what", ["check", "cases", "coverage"])
def test_a_clash_is_said_by_every_command(what, tmp_path, capsys):
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE["two values for one setting"][0], "utf-8")
    assert main(["policy", what, str(path)]) == 1
    assert "two values for loan.period_days" in capsys.readouterr().err


def test_a_new_pack_is_in_order_and_its_cases_pass(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["policy", "new", "my-house"]) == 0
    assert main(["policy", "check", "my-house.yaml"]) == 0
    assert main(["policy", "cases", "my-house.yaml"]) == 0
    assert main(["policy", "coverage", "my-house.yaml"]) == 0
    told = capsys.readouterr().out
    assert "9 passed, 0 failed" in told and "homeless 0" in told
    assert "SLUG" not in (tmp_path / "my-house.yaml").read_text("utf-8")


def test_a_new_pack_writes_nothing_over_and_wants_a_slug(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-house.cases.yaml").write_text("mine", "utf-8")
    (tmp_path / "other.yaml").write_text("mine", "utf-8")
    assert [main(["policy", "new", name]) for name in ("my-house", "other", "../up", "", "Haus")] == [1] * 5
    assert (tmp_path / "other.yaml").read_text("utf-8") == (tmp_path / "my-house.cases.yaml").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-house.cases.yaml", "other.yaml"]
    assert "is there already" in capsys.readouterr().err


def test_the_schema_is_printed(capsys):
    assert main(["policy", "schema"]) == 0
    assert capsys.readouterr().out.strip() == (PACKS / "schema.json").read_text("utf-8").strip()


PIECES = st.sampled_from([
    "pack: a\n", "clauses:\n", "  - id: ", "'7.1'", "7.10", "{", "}", "[", "]", "- ", ": ", "\n", "&a ", "*a", "!!x ",
    "---\n", "\u202e", "\uff11", "rules: [show]\n", "permit: ", "act: file.read", "who: [", "zh: ", "\t", "\"", "'",
    "? ", "| \n", "> \n", "%YAML 1.2\n", "<<: ", "\x00", "\ud800", "9" * 5000, "language: 1\n", "# ", "\r",
])  # fmt: skip


def read_or_refused(source):
    """Load the source; anything but a pack or errors with a line of the file is a fault of the loader."""
    begun = time.process_time()
    try:
        load_pack(source, "fuzz.yaml")
    except PackErrors as errors:
        assert errors.errors and all(error.line >= 1 and error.message for error in errors.errors)
    assert time.process_time() - begun < 5


def splices():
    """The good pack with a piece of it cut out and a hostile piece put in."""
    return st.builds(
        lambda at, cut, piece: GOOD[:at] + piece + GOOD[at + cut :],
        st.integers(0, len(GOOD)), st.integers(0, 40), st.one_of(PIECES, st.text(max_size=30)),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(splices(), st.lists(PIECES, max_size=40).map("".join), st.binary(max_size=400)))
def test_any_text_is_a_pack_or_is_refused_with_lines(source):
    read_or_refused(source)


@pytest.mark.long
def test_hostile_texts_of_a_whole_minute_are_all_refused():
    until = time.monotonic() + 60
    tried = 0

    @settings(max_examples=2_000, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(splices(), st.lists(PIECES, max_size=200).map("".join), st.binary(max_size=4000)))
    def again(source):
        nonlocal tried
        tried += 1
        read_or_refused(source)

    while time.monotonic() < until:
        again()
    assert tried > 2_000


def test_check_holds_a_policy_against_those_beside_which_it_is_to_stand(capsys):
    assert main(["policy", "check", "10", "--beside", "05", "--beside", "03"]) == 1
    told = capsys.readouterr().err
    line = "10-office-building-customer-service.yaml:126: the line 'supplement' takes 'contact-change, contact-sheet, "
    assert told.startswith(line) and told.count("\n") == 1
    assert "03:checklists.contents.lines.supplement (line 116) against 10:checklists" in told
    assert "give one a new key in your own edition: 03:" in told
    assert (
        main(["policy", "check", "03", "--beside", "05", "--beside", "08"]) == 0
    )  # that these two clash is not its own
    assert main(["policy", "check", "03", "--beside", "03"]) == 0
