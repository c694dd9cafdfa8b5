"""What a policy declares, by forms: posts, files, fields, papers; strictly read, nothing half-saved."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse

from kedang.office import candidates, things
from kedang.office.places import drop_in, put_in, spread, tree_of, value_at
from kedang.office.rule_shapes import Key
from kedang.office.thing_offers import ThingOffers
from kedang.office.thing_shapes import sorts, thing_shapes
from kedang.rulebook.declared_words import SORT_WORDS, declared_choice
from kedang.rulebook.form_words import key_words
from tests.apps.test_clause_forms import as_one, fill, sent
from tests.apps.test_clause_forms import world as world  # the dealer's policy, begun anew

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

POST = {
    "0.key": "front-desk", "0.zh": "前台", "0.en": "Front desk", "0.unit": "sales", "0.reports_to": "sales-manager",
    "0.is": "clerk", "do": "save", "token": "b",
}  # fmt: skip
FIELD = {
    "0.key": "colour", "0.zh": "颜色", "0.en": "Colour", "0.type": "choice", "0.grade": "open", "0.find": "",
    "0.strength": "optional", "0.choices.key": ["red", "blue"], "0.choices.zh": ["红", "蓝"],
    "0.choices.en": ["Red", ""], "0.part": "sale", "do": "save", "token": "b",
}  # fmt: skip
LINE = {
    "0.key": "loan-paper", "0.any_of": ["invoice", "insurance"], "0.form": "copy", "0.sides": "2",
    "0.signed_by": "customer", "0.strength": "gate", "do": "save", "token": "b",
}  # fmt: skip


def url(world, name: str, address: str = "") -> str:
    return reverse(f"office:{name}", args=[world.draft.pk, *([address] if address else [])])


def pack_of(world):
    world.draft.refresh_from_db()
    return candidates.read_pack(world.draft.text, world.draft.file_name)


def errors_of(answer) -> dict[str, list[str]]:
    return {one.name: one.errors for part in answer.context["rules"] for one in part.fields if one.errors}


def test_every_sort_key_and_choice_of_the_schema_has_chinese_words():
    assert set(sorts()) <= set(SORT_WORDS)
    for sort, keys in thing_shapes().items():
        for key in keys:
            assert not key_words(sort, key.name)[0].isascii() and key_words(sort, key.name)[1]
    offers = ThingOffers(candidates.read_pack(candidates.box()[2].read_text("utf-8"), "x.yaml"), "zh")
    for keys in thing_shapes().values():
        for key in keys:
            for one in key.choices:
                assert declared_choice(key.name, one) or not offers.choice(one).isascii(), (key.body, key.name, one)


def everything(tree, found, path=(), address=""):
    """Every thing of a policy with its address."""
    for name, sort in found.items():
        here = (*path, name)
        for key, step in things.items(sort, value_at(tree, here)):
            at = f"{address}{name}/{key}"
            yield at
            yield from everything(tree, sort.inner, (*here, step), at + "/")


def test_every_thing_of_every_shipped_policy_comes_through_its_form_unchanged():
    for path in candidates.box():
        text = path.read_text("utf-8")
        tree = tree_of(text)
        offers = ThingOffers(candidates.read_pack(text, path.name), "zh")
        for at in everything(tree, sorts()):
            spot = things.spot_at(tree, at)
            data = QueryDict(mutable=True)
            for key in thing_shapes()[spot.sort.name]:
                value = things.of_thing(spot, offers)[0].values.get(key.name)
                fill_pairs(data, key, value)
            again = things.of_post(data, spot)
            assert as_one(things.plain_thing(spot.sort, again[0], spot.key)) == as_one(
                {key: one for key, one in spot.value.items() if key not in spot.sort.inner}
            ), (path.name, at)


def fill_pairs(data: QueryDict, key: Key, value) -> None:
    if key.kind == "pairs":
        for row in value or ():
            for part, said in row.items():
                data.appendlist(f"0.{key.name}.{part}", said)
    else:
        fill(data, f"0.{key.name}", value)


STEP = 61  # every so-manieth thing of each policy, from another one in each


def test_a_shipped_text_takes_and_loses_a_value_anywhere_and_keeps_its_comments():
    for number, path in enumerate(candidates.box()):
        text = path.read_text("utf-8").partition("\nclauses:")[0] + "\nclauses: []\n"
        tree = tree_of(text)
        for at in list(everything(tree, sorts()))[number % STEP :: STEP]:
            spot = things.spot_at(tree, at)
            added = put_in(text, (*spot.path, "zz"), {"zh": "甲: 乙", "en": "a"})
            assert tree_of(drop_in(added, (*spot.path, "zz"))) == tree
            assert added.count("#") == text.count("#") and tree_of(spread(text, spot.path, spot.value)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "posts: {a: {zh: 甲}}\nclauses: []\n",
        "posts:\n  a:\n    zh: 甲 # first\n\n# what follows\nclauses: []\n",
        "posts:\n  a: {zh: >-\n    x}\nclauses: []\n",
        "clauses: []\n",
        "posts:\nclauses: []\n",
        "posts: {}\nclauses: []\n",
        '"posts": {"a": {zh: "甲"}, }\nclauses: []',
    ],
)
def test_a_text_written_in_another_way_takes_a_post_too(text):
    if "x}" in text:
        text = "posts:\n  a:\n    zh: >-\n      x\n      y\nclauses: []\n"
    before = tree_of(text).get("posts") or {}
    after = put_in(text, ("posts", "b"), {"zh": "乙", "is": ["clerk"]})
    assert tree_of(after)["posts"] == {**before, "b": {"zh": "乙", "is": ["clerk"]}}
    assert tree_of(drop_in(after, ("posts", "b"))).get("posts", {}) == before
    assert after.count("#") == text.count("#")


def test_a_post_is_added_by_its_form_and_the_cases_run(client, world):
    assert client.get(url(world, "new-thing", "posts")).status_code == 200
    answer = sent(client, url(world, "new-thing", "posts"), POST)
    assert answer.status_code == 302, answer.content.decode()
    post = pack_of(world).posts["front-desk"]
    assert (post.text.zh, post.unit, post.reports_to, post.is_) == ("前台", "sales", "sales-manager", ("clerk",))
    assert world.draft.checked["passed"] and not world.draft.checked["failed"]
    page = client.get(url(world, "declared"), headers={"Accept-Language": "en"})
    assert "front-desk" in page.context["idle"] and "named by no clause" in page.content.decode()
    shown = client.get(url(world, "thing", "posts/front-desk")).content.decode()
    assert "前台" in shown and 'name="0.key"' not in shown  # a key stays


def test_a_field_with_choices_a_line_and_a_paper_are_added(client, world):
    assert sent(client, url(world, "new-thing", "files/vehicle/fields"), FIELD).status_code == 302
    colour = pack_of(world).files["vehicle"].fields["colour"]
    assert [(key, one.zh, one.en) for key, one in colour.choices] == [("red", "红", "Red"), ("blue", "蓝", "蓝")]
    assert (colour.part, colour.strength, colour.find) == ("sale", "optional", "none")
    paper = {
        "0.key": "loan-form",
        "0.zh": "贷款单",
        "0.type": "form",
        "0.made_by": "loan.request",
        "do": "save",
        "token": "c",
    }
    answer = sent(client, url(world, "new-thing", "records"), paper)
    assert answer.headers["Location"] == url(world, "thing", "records/loan-form")  # its fields come next
    assert pack_of(world).records["loan-form"].made_by == "loan.request"
    checklist = next(iter(pack_of(world).checklists))
    address = f"checklists/{checklist}/lines"
    assert sent(client, url(world, "new-thing", address), {**LINE, "token": "d"}).status_code == 302
    line = pack_of(world).checklists[checklist].lines[-1]
    assert (line.key, line.any_of, line.sides, line.strength) == ("loan-paper", ("invoice", "insurance"), 2, "gate")
    assert (
        sent(
            client, url(world, "thing", f"{address}/loan-paper"), {**LINE, "0.any_of": "", "0.sides": "", "token": "e"}
        ).status_code
        == 422
    )  # without papers it asks for one of its own name, which there is not
    assert sent(client, url(world, "remove-thing", f"{address}/loan-paper"), {"token": "f"}).status_code == 302
    assert pack_of(world).checklists[checklist].lines[-1].key != "loan-paper"


def test_a_checklist_comes_with_its_first_line_and_keeps_its_last(client, world):
    given = {
        "0.key": "loan-papers", "0.zh": "贷款资料", "0.en": "Papers of a loan", "0.file": "vehicle",
        "1.key": "invoice", "1.form": "copy", "do": "save", "token": "b",
    }  # fmt: skip
    again = sent(client, url(world, "new-thing", "checklists"), {**given, "1.key": ""})
    assert again.status_code == 422 and set(errors_of(again)) == {"1.key"}
    again = sent(client, url(world, "new-thing", "checklists"), {**given, "1.key": "invoyce"})
    assert again.status_code == 422 and "no record 'invoyce'" in again.content.decode().replace("&#x27;", "'")
    assert sent(client, url(world, "new-thing", "checklists"), given).status_code == 302
    assert [one.key for one in pack_of(world).checklists["loan-papers"].lines] == ["invoice"]
    last = sent(client, url(world, "remove-thing", "checklists/loan-papers/lines/invoice"), {"token": "c"})
    assert last.status_code == 422 and "loan-papers" in pack_of(world).checklists


@pytest.mark.parametrize(
    ("address", "given", "field", "said"),
    [
        ("posts", {**POST, "0.key": ""}, "0.key", "is needed here"),
        ("posts", {**POST, "0.key": "archivist"}, "0.key", "There is already"),
        ("posts", {**POST, "0.key": "ａｒｃｈｉｖｉｓｔ"}, "0.key", "There is already"),
        ("posts", {**POST, "0.key": "ｆｒｏｎｔ"}, "0.key", "lower-case letters"),
        ("posts", {**POST, "0.key": "前台"}, "0.key", "lower-case letters"),
        ("posts", {**POST, "0.key": "Front Desk"}, "0.key", "lower-case letters"),
        ("posts", {**POST, "0.key": "a: {b"}, "0.key", "lower-case letters"),
        ("posts", {**POST, "0.zh": ""}, "0.zh", "is needed here"),
        ("posts", {**POST, "0.zh": "前\u200b台"}, "0.zh", "U+200B"),
        ("posts", {**POST, "0.unit": "salles"}, "0.unit", "no unit 'salles'"),
        ("posts", {**POST, "0.is": "clerc"}, "0.is", "did you mean 'clerk'"),
        ("files/vehicle/fields", {**FIELD, "0.type": ""}, "0.type", "is needed here"),
        ("files/vehicle/fields", {**FIELD, "0.grade": ""}, "0.grade", "is needed here"),
        ("files/vehicle/fields", {**FIELD, "0.type": "colour"}, "0.type", "is not a value"),
        ("files/vehicle/fields", {**FIELD, "0.part": "rent"}, "0.part", "no part of this file 'rent'"),
        ("files/vehicle/fields", {**FIELD, "0.choices.key": ["red", "ｒｅｄ"]}, "0.choices", "key of its own"),
        ("files/vehicle/fields", {**FIELD, "0.choices.key": ["red", ""]}, "0.choices", "key of its own"),
        ("records", {"0.key": "loan-form", "0.zh": "", "do": "save", "token": "c"}, "0.zh", "is needed here"),
        ("checklists/new-vehicle/lines", {**LINE, "0.sides": "two"}, "0.sides", "whole number"),
        ("checklists/new-vehicle/lines", {**LINE, "0.any_of": "invoyce"}, "0.any_of", "no record 'invoyce'"),
    ],
)
def test_what_is_wrong_comes_back_at_its_field_and_nothing_is_saved(client, world, address, given, field, said):
    before = world.draft.sha256
    answer = sent(client, url(world, "new-thing", address), given)
    assert answer.status_code == 422
    found = errors_of(answer)
    assert list(found) == [field] and any(said in line for line in found[field]), found
    world.draft.refresh_from_db()
    assert world.draft.sha256 == before


def test_the_loader_speaks_chinese_to_a_chinese_reader(client, world):
    body = QueryDict(mutable=True)
    body.update({**POST, "0.key": "Front"})
    answer = client.post(url(world, "new-thing", "posts"), body, headers={"Accept-Language": "zh-hans"})
    assert errors_of(answer) == {"0.key": ["“Front”须用小写字母、数字和连字符"]}


def test_a_post_that_clauses_name_is_not_removed_and_they_are_named(client, world):
    before = world.draft.sha256
    answer = client.post(
        url(world, "remove-thing", "posts/archivist"), {"token": "c"}, headers={"Accept-Language": "zh-hans"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "岗位“客户档案管理员”" in page
    (said,) = answer.context["errors"]
    assert "第7.2.2a条" in said or "第7.2.3a条" in said or "第7." in said
    assert "archivist" not in said and "not" not in said
    world.draft.refresh_from_db()
    assert world.draft.sha256 == before


def test_a_post_that_a_role_or_a_condition_names_is_not_removed_either(client, world):
    sent(client, url(world, "new-thing", "posts"), POST)
    role = {"0.key": "greeter", "0.zh": "接待人", "0.post": "front-desk", "do": "save", "token": "c"}
    assert sent(client, url(world, "new-thing", "files/vehicle/roles"), role).status_code == 302
    answer = sent(client, url(world, "remove-thing", "posts/front-desk"), {"token": "d"})
    assert answer.status_code == 422 and "接待人" in answer.context["errors"][0]
    assert sent(client, url(world, "remove-thing", "files/vehicle/roles/greeter"), {"token": "e"}).status_code == 302
    clause = {
        "id": "7.9.9", "zh": "前台不借。", "en": "Not the front desk.", "rule": "0", "0.body": "forbid",
        "0.act": "loan.request", "0.when.fact": "actor.posts", "0.when.op": "contains", "0.when.value": "front-desk",
        "do": "save", "token": "f",
    }  # fmt: skip
    assert sent(client, reverse("office:new-clause", args=[world.draft.pk]), clause).status_code == 302
    answer = sent(client, url(world, "remove-thing", "posts/front-desk"), {"token": "g"})
    assert answer.status_code == 422 and "clause 7.9.9" in answer.context["errors"][0]


def test_what_was_declared_otherwise_stands_against_the_edition_in_force(client, world):
    sent(client, url(world, "new-thing", "posts"), POST)
    page = client.get(reverse("office:draft", args=[world.draft.pk]), headers={"Accept-Language": "zh-hans"})
    (change,) = page.context["changes"]
    assert (change.id, change.before, change.after[:2]) == ("岗位", "", "前台") and "销售经理" in change.after


def test_an_idle_post_goes_and_the_text_is_as_before(client, world):
    before = world.draft.text
    sent(client, url(world, "new-thing", "posts"), POST)
    assert sent(client, url(world, "remove-thing", "posts/front-desk"), {"token": "c"}).status_code == 302
    world.draft.refresh_from_db()
    assert world.draft.text == before


def test_one_value_of_a_thing_is_changed_and_nothing_else_of_the_text(client, world):
    before = world.draft.text
    values = {
        "0.zh": "车牌号", "0.en": "Number plate", "0.type": "plate", "0.grade": "personal", "0.find": "exact",
        "0.strength": "gate", "do": "save", "token": "b",
    }  # fmt: skip
    assert sent(client, url(world, "thing", "files/vehicle/fields/plate"), values).status_code == 302
    world.draft.refresh_from_db()
    line = next(one for one in before.split("\n") if "plate: {zh: 车牌号" in one)
    assert world.draft.text == before.replace(line, line.replace("strength: optional", "strength: gate"))


def test_rows_are_added_by_buttons_and_keep_what_was_typed(client, world):
    page = sent(client, url(world, "new-thing", "files/vehicle/fields"), {**FIELD, "do": "row.0.choices"})
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count('name="0.choices.key"') == 3 and 'value="红"' in html


@pytest.mark.parametrize(
    "address",
    ["clauses", "clauses/7.6a", "nothing", "posts/nobody", "posts/archivist/fields", "files/vehicle/fields/vin/choices",
     "stance", "posts/", "files//fields", "checklists/new-vehicle/lines/7"],
)  # fmt: skip
def test_an_address_of_nothing_is_not_found(client, world, address):
    for name in ("thing", "new-thing"):
        assert client.get(url(world, name, address)).status_code == 404


def test_whoever_may_not_draft_sees_and_changes_nothing(client, world):
    client.force_login(world.li)
    assert client.get(url(world, "declared")).status_code == 404
    assert sent(client, url(world, "new-thing", "posts"), POST).status_code == 404
    assert sent(client, url(world, "remove-thing", "posts/archivist"), {"token": "c"}).status_code == 404


def test_no_key_stands_where_the_pages_say_things_in_chinese(client, world):
    page = client.get(url(world, "declared"), headers={"Accept-Language": "zh-hans"})
    for sort in page.context["sorts"]:
        assert not sort["label"].isascii()
        for one in sort["rows"]:
            words = one["said"].replace("·", " ").replace("：", " ").replace("、", " ").split()
            assert not [word for word in words if word.isascii() and word.isalpha()], one
