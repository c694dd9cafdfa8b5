"""A read rule is one tree for the database and for a row: the two never disagree."""

from hypothesis import given
from hypothesis import strategies as st

from kedang.rulebook.deciding import decide
from kedang.rulebook.scopes import FALSE, TRUE, scope
from kedang.rulebook.selecting import Actor
from tests.rulebook.small import book

KIND = "permit: {act: file.read, who: [consultant], when: {file.kind: [vehicle, guest]}, grade: personal}"
OWN = "permit: {act: file.read, who: [file.consultant], grade: secret}"
BOSS = "permit: {act: file.read, who: ['superior_of:file.consultant']}"
SEALED = 'forbid: {act: file.read, when: {file.sealed: "yes"}, except_who: [director]}'
NOT = "forbid: {act: file.read, who: [consultant], when: {file.status: {not_in: [open, closed]}}}"
LIFT = 'permit: {act: file.read, who: [archivist], when: {file.sealed: "yes"}, lifts: ["4"]}'
RULES = book(KIND, OWN, BOSS, SEALED, NOT, LIFT)
ONLY = 'permit: {act: file.read, who: [archivist, file.consultant], when: {file.kind: other}, only: "yes"}'
SPARED = "permit: {act: file.read, who: [director], when: {file.status: closed}, lifts: ['1']}"
EXCLUSIVE = book(ONLY, "permit: {act: file.read, who: [consultant]}", SPARED)
ROW = {"file.kind": "vehicle", "file.sealed": "no", "file.status": "open", "file.consultant": "li"}


def sees(actor, grade="open", **row):
    return scope(RULES, "read", actor, grade).matches({**ROW, **{k.replace("__", "."): v for k, v in row.items()}})


def test_a_grade_bounds_what_a_permit_shows():
    wu = Actor("wu", frozenset({"consultant"}))
    assert sees(wu) and sees(wu, "personal") and not sees(wu, "secret")
    assert sees(Actor("li"), "secret")


def test_a_sealed_file_is_for_those_the_seal_spares():
    assert not sees(Actor("li"), file__sealed="yes")
    assert sees(Actor("ar", frozenset({"archivist"})), file__sealed="yes")


def test_a_superior_sees_his_peoples_files():
    assert sees(Actor("boss", superior_of=frozenset({"li"})))
    assert not sees(Actor("boss"))


def test_units_and_heads_are_decided_before_the_database_is_asked():
    rules = book("permit: {act: file.find, who: [consultant]}", "permit: {act: record.reveal, who: [anyone]}")
    assert scope(rules, "find", Actor("x", frozenset({"consultant"}))).tree == TRUE
    assert scope(rules, "find", Actor("x")).tree == FALSE and scope(rules, "find", Actor("x")).nothing
    assert scope(rules, "reveal", Actor("x")).tree == TRUE


def test_a_permit_for_others_only_hides_the_file_from_everybody_else():
    wu = Actor("wu", frozenset({"consultant"}))
    row = {**ROW, "file.kind": "other"}
    assert scope(EXCLUSIVE, "read", wu).matches(ROW) and not scope(EXCLUSIVE, "read", wu).matches(row)
    assert scope(EXCLUSIVE, "read", Actor("ar", frozenset({"archivist"}))).matches(row)
    assert scope(EXCLUSIVE, "read", Actor("di", frozenset({"director"}))).matches({**row, "file.status": "closed"})


people = st.builds(
    Actor,
    st.sampled_from(["li", "wu"]),
    st.frozensets(st.sampled_from(["consultant", "archivist", "director"])),
    st.just(frozenset()),
    st.just(frozenset()),
    st.frozensets(st.sampled_from(["li", "wu"])),
)
rows = st.fixed_dictionaries(
    {
        "file.kind": st.sampled_from(["vehicle", "guest", "other"]),
        "file.sealed": st.sampled_from(["yes", "no"]),
        "file.status": st.sampled_from(["open", "closed", "lost"]),
        "file.consultant": st.sampled_from(["li", "wu", ""]),
    }
)


@given(st.sampled_from([RULES, EXCLUSIVE]), people, rows)
def test_the_filter_and_the_gate_agree_on_every_row(rules, actor, row):
    parties = {"file.consultant": frozenset({row["file.consultant"]} - {""})}
    answer = decide(rules, "file.read", actor, row, parties=parties)
    assert scope(rules, "read", actor).matches(row) == answer.allowed
