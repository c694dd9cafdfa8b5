"""What two policies declare under one key: joined where it can be, a clash where it cannot."""

import pytest

from kedang.rulebook import joint
from kedang.rulebook.book import Book
from kedang.rulebook.clashes import ClashError, Declared
from kedang.rulebook.duties import follow_up
from kedang.rulebook.failures_zh import why_in_chinese
from kedang.rulebook.loading import load_pack
from kedang.rulebook.naming import Namer
from tests.rulebook.small import PLAIN, day, event

HEAD = """
pack: {slug}
language: 1
edition: "1"
rank: {rank}
title: {{zh: 制度{slug}, en: Policy {slug}}}
posts:
  clerk-{slug}: {{zh: 文员, en: Clerk}}
  boss-{slug}: {{zh: 主管, en: Boss}}
"""
CLAUSES = """
clauses:
  - {id: "1", zh: 条款, en: A clause, rules: [show]}
"""


def pack(slug, body, rank="policy"):
    return load_pack(HEAD.format(slug=slug, rank=rank) + body.replace("SLUG", slug) + CLAUSES, f"{slug}.yaml")


def kind(inner="", key="client"):
    """A pack's files of one kind, with more of it."""
    return f"files:\n  {key}:\n    zh: 客户档案\n    en: Client file\n    one_per: customer\n{inner}"


def fields(*lines):
    return "    fields:\n" + "".join(f"      {line}\n" for line in lines)


def papers(*lines, file="client", key="contents", more=""):
    """Three kinds of paper, and a checklist of these lines."""
    records = "records:\n" + "".join(f"  {name}: {{zh: 资料{name}, en: Paper {name}}}\n" for name in "abc")
    inner = "".join(f"      - {line}\n" for line in lines)
    return records + f"checklists:\n  {key}:\n    file: {file}\n{more}    lines:\n{inner}"


def joined(*packs):
    """What the packs say together of the kind of file of their clients."""
    return joint.file_kinds(Book(packs).packs)["client"]


A_NAME = "name: {zh: 姓名, en: Name, type: name, grade: personal, strength: optional}"
THEIR_NAME = "name: {zh: 名称, en: Their name, type: name, grade: secret, find: name, strength: gate}"


def test_a_kind_of_file_that_two_declare_has_the_fields_of_both():
    one = pack("a", kind(fields(A_NAME, "tel: {zh: 电话, en: Telephone, type: phone, grade: personal}")))
    other = pack("b", kind(fields("unit: {zh: 单元, en: Unit, type: text, grade: open}", THEIR_NAME)))
    assert list(joined(one, other).fields) == ["name", "tel", "unit"]


def test_of_a_field_that_both_have_the_stricter_counts_and_the_first_names_it():
    one, other = pack("a", kind(fields(A_NAME))), pack("b", kind(fields(THEIR_NAME)))
    for packs in ((one, other), (other, one)):
        found = joined(*packs).fields["name"]
        assert (found.strength, found.grade, found.find, found.text.en) == ("gate", "secret", "name", "Name")


@pytest.mark.parametrize(("first", "second", "best"), [
    ("none", "exact", "exact"), ("exact", "tail-4", "tail-4"), ("tail-4", "none", "tail-4"), ("none", "none", "none"),
])  # fmt: skip
def test_a_field_is_found_as_the_one_that_lets_more_be_found(first, second, best):
    field = "card: {zh: 卡号, en: Card, type: text, grade: open, find: %s}"
    found = joined(pack("a", kind(fields(field % first))), pack("b", kind(fields(field % second))))
    assert found.fields["card"].find == best


def test_the_choices_of_both_can_be_chosen_in_order():
    field = "sort: {zh: 类别, en: Sort, type: choice, grade: open, choices: {%s}}"
    one, other = "x: {zh: 甲, en: X}, y: {zh: 乙, en: Y}", "y: {zh: 丙, en: Z}, w: {zh: 丁, en: W}"
    found = joined(pack("a", kind(fields(field % one))), pack("b", kind(fields(field % other)))).fields["sort"]
    assert [(key, text.en) for key, text in found.choices] == [("x", "X"), ("y", "Y"), ("w", "W")]


INNER = """
    roles: {keeper: {zh: 负责人, en: Keeper, post: %s-SLUG%s}}
    milestones: {%s: {zh: 节点, en: Step}}
    parts: {%s: {zh: 部分, en: Part}}
    jobs:
      visit:
        zh: 来访
        en: Visit
        roles: {server: {zh: 服务, en: Server, post: [%s-SLUG]}}
        kinds: {%s: {zh: 种类, en: Kind}}
"""


def test_roles_milestones_jobs_and_parts_are_those_of_both():
    one = pack("a", kind(INNER % ("clerk", ", strength: optional", "signed", "front", "clerk", "talk")))
    other = pack("b", kind(INNER % ("boss", "", "ended", "back", "boss", "repair")))
    found = joined(one, other)
    assert found.roles["keeper"].posts == ("clerk-a", "boss-b") and not found.roles["keeper"].optional
    assert (list(found.milestones), list(found.parts)) == (["signed", "ended"], ["front", "back"])
    assert found.jobs["visit"].roles["server"].posts == ("clerk-a", "boss-b")
    assert list(found.jobs["visit"].kinds) == ["talk", "repair"]


def test_a_role_is_of_the_posts_of_every_pack_and_of_a_kind_where_that_has_it():
    role = "    roles: {keeper: {zh: 负责人, en: Keeper, post: clerk-SLUG}}\n"
    one, other, third = pack("a", kind(role)), pack("b", kind(role, "ship")), pack("c", kind("", "box"))
    book = Book((one, other, third))
    assert book.posts_of_role("file.keeper") == ("clerk-a", "clerk-b")
    assert book.posts_of_role("file.keeper", "ship") == ("clerk-b",)
    assert book.posts_of_role("file.keeper", "box") == ("clerk-a", "clerk-b")
    assert book.posts_of_role("file.nobody", "ship") == ()


OWED = """
clauses:
  - id: "1"
    zh: 条款
    en: A clause
    rules: [{duty: {after: file.opened, who: [file.keeper], about: file, done_by: file.closed, within_days: 3}}]
"""


@pytest.mark.parametrize(("kind_of_file", "clause", "pool"), [("client", "a:1", "clerk-a"), ("ship", "b:1", "clerk-b")])
def test_where_nobody_has_the_role_the_posts_of_that_kind_of_file_owe_it(kind_of_file, clause, pool):
    role = "    roles: {keeper: {zh: 负责人, en: Keeper, post: clerk-SLUG}}\n"
    texts = [("a", kind(role)), ("b", kind(role, "ship"))]
    heads = [(slug, HEAD.format(slug=slug, rank="policy") + body.replace("SLUG", slug)) for slug, body in texts]
    book = Book([load_pack(head + OWED, f"{slug}.yaml") for slug, head in heads])
    opens = event(1, "file.opened", day(2), file="A", file__kind=kind_of_file)
    found = follow_up(book, opens, parties={}, open_duties=[], earlier=[], calendar=PLAIN)
    assert [(one.clause, one.pool) for one in found.opened] == [(clause, (pool,))]


def lists(*packs):
    return joint.checklists(Book(packs).packs)


def test_lists_of_one_key_for_different_kinds_never_meet():
    one = pack("a", kind() + papers("{line: a}", "{line: b}"))
    other = pack("b", kind("", "ship") + papers("{line: a, any_of: [c]}", file="ship"))
    found = lists(one, other)
    assert [line.key for line in found["client"]["contents"].lines] == ["a", "b"]
    assert [line.any_of for line in found["ship"]["contents"].lines] == [("c",)]


def test_lists_of_one_key_for_one_kind_are_one_with_the_lines_of_both():
    one = pack("a", kind() + papers("{line: a, strength: optional, when: asked, sides: 2}", "{line: b}"))
    other = pack(
        "b", kind() + papers("{line: c}", "{line: a, form: original, signed_by: [customer], inspection: 'yes'}")
    )
    first, second, third = lists(one, other)["client"]["contents"].lines
    assert (first.key, second.key, third.key) == ("a", "b", "c")
    assert (first.strength, first.when, first.sides, first.form) == ("complete", "", 2, "original")
    assert (first.signed_by, first.inspection) == (("customer",), True)


def test_a_kind_of_record_is_what_the_policies_of_that_kind_of_file_say():
    fields = "fields: {%s: {zh: 栏, en: F, type: text, grade: open}}"
    record = "records: {slip: {zh: 单%s, en: Slip %s, type: %s, grade: %s, " + fields + "}}\n"
    one = pack("a", kind() + record % ("一", "1", "form", "open", "x"))
    other = pack("b", kind("", "ship") + record % ("二", "2", "certificate", "secret", "y"))
    third = pack("c", kind() + record % ("三", "3", "form", "personal", "z"))
    found = joint.record_kinds(Book((one, other, third)).packs)
    mine, theirs = found["client"]["slip"], found["ship"]["slip"]
    assert (mine.text.en, mine.type, mine.grade, list(mine.fields)) == ("Slip 1", "form", "personal", ["x", "z"])
    assert (theirs.text.en, theirs.type, theirs.grade, list(theirs.fields)) == (
        "Slip 2",
        "certificate",
        "secret",
        ["y"],
    )
    assert found[""]["slip"].text.en == "Slip 1"


def test_what_only_another_policy_declares_is_known_in_files_of_every_kind():
    one, other = pack("a", kind()), pack("b", kind("", "ship") + "records: {log: {zh: 日志, en: Log}}\n")
    assert joint.record_kinds(Book((one, other)).packs)["client"]["log"].text.en == "Log"


def test_what_law_or_base_declare_is_joined_with_nothing_and_no_clash():
    one = pack("a", kind(fields(A_NAME)))
    low = pack("low", kind(fields("name: {zh: 名, en: N, type: text, grade: open}")), "base")
    high = pack("high", kind(fields("other: {zh: 他, en: O, type: text, grade: open}")), "law")
    assert joined(one, low).fields["name"].type == "text"
    assert list(joined(one, high).fields) == ["name"]


FIELD = "tel: {zh: 电话, en: Telephone, type: %s, grade: personal}"
STEP = "    milestones: {moved: {zh: 迁入, en: Moved, date: %s}}\n"
UNTIL = "    milestones: {moved: {zh: 迁入, en: Moved}}\n"
JOB = "    jobs:\n      visit:\n        zh: 来访\n        en: Visit\n        kinds: {talk: {zh: 谈, en: Talk}}\n"
SLIP = "records: {slip: {zh: 单据, en: Slip, type: %s}}\n"
REMEDY = "; make them alike or give one a new key in your own edition"
UNLIKE = [
    (
        kind(fields(FIELD % "phone")), kind(fields(FIELD % "text")), "files.client.fields.tel",
        "the field 'tel' has type 'phone' in one policy, 'text' in the other",
        "栏目“电话”的类型：一为“电话（手机或座机）”，一为“短文字”",
    ),
    (
        kind() + SLIP % "form", kind() + SLIP % "certificate", "records.slip",
        "the paper 'slip' has type 'form' in one policy, 'certificate' in the other",
        "资料“单据”的类型：一为“表单”，一为“证书、证照”",
    ),
    (
        kind(STEP % "moved_on"), kind(STEP % "in_on"), "files.client.milestones.moved",
        "the day of 'moved' is called 'moved_on' in one policy, 'in_on' in the other",
        "节点“迁入”的日期叫法：一为“moved_on”，一为“in_on”",
    ),
    (
        kind(), kind().replace("one_per: customer", "one_per: none"), "files.client",
        "there is one file 'client' per 'customer' in one policy, per 'none' in the other",
        "“客户档案”按什么建档：一为“客户”，一为“无”",
    ),
    (
        kind(UNTIL), kind("    one_until: moved\n" + UNTIL), "files.client",
        "the next file 'client' follows 'none' in one policy, 'moved' in the other",
        "再建一份“客户档案”的节点：一为“无”，一为“迁入”",
    ),
    (
        kind() + papers("{line: a, any_of: [a, b]}"), kind() + papers("{line: a, any_of: [c, a]}"),
        "checklists.contents.lines.a", "the line 'a' takes 'a, b' in one policy, 'a, c' in the other",
        "清单项目“a”收的资料，两个制度不同",
    ),
    (
        kind() + papers("{line: a, form: copy}"), kind() + papers("{line: a, form: original}"),
        "checklists.contents.lines.a", "the line 'a' wants 'copy' in one policy, 'original' in the other",
        "清单项目“资料a”要求：一为复印件，一为原件",
    ),
    (
        kind(JOB) + papers("{line: a}"), kind(JOB) + papers("{line: a}", more="    job: visit\n    kind: talk\n"),
        "checklists.contents", "the list 'contents' is for 'file' in one policy, for 'visit talk' in the other",
        "清单“contents”用于：一为“档案本身”，一为“来访·谈”",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("mine", "other", "place", "english", "chinese"), UNLIKE, ids=[one[2] for one in UNLIKE])
def test_what_cannot_be_both_is_a_clash_said_in_both_languages(mine, other, place, english, chinese):
    with pytest.raises(ClashError) as caught:
        Book((pack("a", mine), pack("b", other)))
    (found,) = caught.value.clashes
    assert found.what == english + REMEDY
    assert (found.first.ref, found.second.ref) == (f"a:{place}", f"b:{place}")
    assert isinstance(found.first, Declared) and (found.first.pack, found.second.pack) == ("a", "b")
    assert found.first.line > 0 and found.first.text.en
    said = why_in_chinese(found.what, Namer(pack("a", mine), "zh"))
    assert said == chinese + "；请改成一致，或在自己的版本里给其中一个换代号"


@pytest.mark.parametrize(("mine", "other"), [one[:2] for one in UNLIKE if "client" in one[1]], ids=str)
def test_policies_without_a_common_kind_of_file_never_clash_by_what_they_declare(mine, other):
    apart = other.replace("  client:", "  ship:").replace("file: client", "file: ship")
    assert Book((pack("a", mine), pack("b", apart))).clashes == ()


def test_three_policies_clash_pair_by_pair():
    packs = [pack(key, kind(fields(FIELD % type_))) for key, type_ in (("a", "text"), ("b", "text"), ("c", "phone"))]
    found = Book(packs, tolerate_clashes=True).clashes
    assert [(one.first.pack, one.second.pack) for one in found] == [("a", "c"), ("b", "c")]


def test_one_for_nothing_is_the_same_said_or_not():
    bare = kind().replace("    one_per: customer\n", "")
    assert Book((pack("a", bare), pack("b", kind().replace("customer", "none")))).clashes == ()
