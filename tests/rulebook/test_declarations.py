"""What a pack declares: jobs, records, checklists, defaults; and that every reference to it is checked."""

import pytest

from kedang.rulebook.book import Book
from kedang.rulebook.deciding import decide
from kedang.rulebook.loading import load_pack
from kedang.rulebook.reading import PackErrors
from kedang.rulebook.scopes import TRUE, scope
from kedang.rulebook.selecting import Actor

RICH = """
pack: rich
language: 1
edition: "1"
title: {zh: 全, en: Everything}
stance: {read: permitted, change: permitted}
units: {care: {zh: 客户关爱部, en: Care, head: boss}}
posts:
  boss: {zh: 主任, en: Boss}
  clerk-a: {zh: 员, en: Clerk, unit: care, reports_to: boss}
words: {customer: {zh: 车主, en: owner}}
files:
  vehicle:
    zh: 车辆
    en: Vehicle
    one_per: vin
    parts: {paper: {zh: 纸质, en: Paper}}
    roles: {keeper: {zh: 保管, post: clerk-a}}
    milestones: {sold: {zh: 售出}}
    jobs:
      visit:
        zh: 到店
        roles: {helper: {zh: 帮手, post: clerk-a}}
        kinds: {repair: {zh: 小修, en: Repair}}
        fields: {way: {zh: 电话, type: phone, grade: personal}}
        milestones: {ended: {zh: 交还, date: ended_on}}
    fields:
      vin: {zh: 车架号, type: vin, grade: personal, find: exact, strength: gate, part: paper,
            choices: {a: {zh: 甲, en: A}}}
records:
  id-card: {zh: 身份证, type: identity}
  form: {zh: 表, type: form, fields: {result: {zh: 结果, type: text, grade: open}}}
checklists:
  repair:
    file: vehicle
    job: visit
    kind: repair
    lines: [{line: identity, any_of: [id-card], form: copy, sides: 2}, {line: form, when: asked, signed_by: customer}]
registers: {book: {zh: 签收簿, en: Sign-for book}}
segments: {buyer: {zh: 已购, en: Buyer}}
defaults:
  loan.period_days: {value: 7, may_be: [1, 30]}
  vehicle.number: {value: "{branch}-{seq:5}", may_be: pattern}
clauses:
  - id: "1"
    zh: 条
    en: Clause
    note: text
    rules:
      - declare: %s
"""
REFS = [
    "file.vehicle", "file.vehicle.field.vin", "file.vehicle.part.paper", "file.vehicle.role.keeper",
    "file.vehicle.milestone.sold", "file.vehicle.job.visit", "file.vehicle.job.visit.field.way",
    "file.vehicle.job.visit.kind.repair", "record.id-card", "record.form.field.result", "checklist.repair",
    "checklist.repair.identity", "register.book", "default.loan.period_days", "post.boss", "unit.care",
    "milestone.visit.ended", "segment.buyer", "word.customer",
]  # fmt: skip


def load(*refs):
    return load_pack(RICH % ("[" + ", ".join(refs) + "]"), "rich.yaml")


def test_everything_that_is_declared_can_be_named():
    pack = load(*REFS)
    line, asked = pack.checklists["repair"].lines
    assert (line.form, line.sides, asked.any_of, asked.when, asked.signed_by) == (
        "copy", 2, ("form",), "asked", ("customer",),
    )  # fmt: skip
    assert pack.records["id-card"].grade == "personal" and pack.records["form"].grade == "open"
    assert pack.files["vehicle"].milestones["sold"].date == "vehicle.sold_on"
    assert pack.defaults["loan.period_days"].may_be == (1, 30)


def test_a_role_is_for_the_people_of_several_posts_and_may_stay_open():
    text, helper = RICH % "[post.boss]", "{zh: 帮手, post: clerk-a}"
    pack = load_pack(text.replace(helper, "{zh: 帮手, post: [clerk-a, boss], strength: optional}"), "rich.yaml")
    role = next(one for job in pack.files["vehicle"].jobs.values() for one in job.roles.values())
    assert (role.posts, role.optional) == (("clerk-a", "boss"), True)
    assert Book((pack,)).posts_of_role("job.helper") == ("clerk-a", "boss")
    assert not next(iter(load("post.boss").files["vehicle"].roles.values())).optional
    with pytest.raises(PackErrors, match="no post 'king'"):
        load_pack(text.replace(helper, "{zh: 帮手, post: [clerk-a, king]}"), "rich.yaml")


@pytest.mark.parametrize(
    "ref",
    [
        "file.car", "file.vehicle.field.wing", "file.vehicle.job.race", "file.vehicle.job.visit.field.wing",
        "file.vehicle.wing.x", "record.form.field.x", "checklist.repair.x", "default.x", "milestone.x",
        "moon.x", "word.x",
    ],
)  # fmt: skip
def test_what_is_not_declared_cannot(ref):
    with pytest.raises(PackErrors, match="is declared nowhere"):
        load(ref)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("job: visit", "job: race", "no job 'race'"),
        ("kind: repair", "kind: race", "no kind of job 'race'"),
        ("any_of: [id-card]", "any_of: [moon]", "no record 'moon'"),
        ("file: vehicle\n", "file: moon\n", "no kind of file 'moon'"),
        ("head: boss", "head: king", "no post 'king'"),
        ("{line: form,", "{line: identity,", "the checklist line 'identity' stands twice"),
        (
            "lines: [{line: identity, any_of: [id-card], form: copy, sides: 2}, {",
            "lines: [] #",
            "is a list of checklist",
        ),
        ("unit: care", "unit: Moon", "is not an id"),
        ("part: paper", "part: moon", "no part of this file 'moon'"),
        ("defaults:\n", "rounds: {}\ndefects: x\ndefaults:\n", "'defects' must be a map of names"),
    ],
)
def test_a_declaration_that_names_nothing_is_refused(old, new, message):
    with pytest.raises(PackErrors, match=message):
        load_pack((RICH % "[post.boss]").replace(old, new, 1), "rich.yaml")


def test_where_nobody_speaks_the_stance_of_the_policy_answers():
    book = Book((load("post.boss"),))
    assert decide(book, "file.read", Actor("x"), {}).allowed and decide(book, "file.edit", Actor("x"), {}).allowed
    assert scope(book, "read", Actor("x")).tree == TRUE
    assert str(book.word("customer").en) == "owner" and book.posts_of_role("job.helper") == ("clerk-a",)
    assert not decide(Book(()), "file.read", Actor("x"), {}).allowed


def test_the_pack_that_stands_above_says_first():
    low = load("post.boss")
    high = load_pack((RICH % "[post.boss]").replace("pack: rich", "pack: high\nrank: law"), "high.yaml")
    book = Book((low, high))
    assert [pack.slug for pack in book.packs] == ["high", "rich"]
    assert [book.rank(rule) for rule in (*high.rules(), *low.rules())] == [0, 1]
