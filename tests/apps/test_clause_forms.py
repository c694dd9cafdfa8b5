"""Clauses and rules of a draft by forms: added, changed, removed, with what the loader says beside the field."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from kedang.adoptions.models import Adoption, Draft
from kedang.journal.guard import writing
from kedang.office import adoption_services as services
from kedang.office import candidates, rule_forms
from kedang.office.clause_text import CASES, CLAUSES, items_of, put, taken
from kedang.office.rule_offers import Offers
from kedang.office.rule_shapes import shapes
from kedang.rulebook.form_words import BODY_WORDS, key_words
from kedang.rulebook.pack import BODIES, Duty, Sanction
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DEALER = "07-vehicle-dealership.yaml"
TEXTS = {"id": "7.9.1", "zh": "归还后次日前须核对。", "en": "Checked by the day after the return.", "note": ""}
DUTY = {
    "rule": "0", "0.body": "duty", "0.after": "loan.returned", "0.who": "archivist", "0.about": "loan",
    "0.done_by": "loan.checked", "0.within_days": "1",
}  # fmt: skip
FINE = {
    "1.body": "sanction", "1.for": "late:7.9.1", "1.fine_cny": "30", "1.per": "loan",
    "1.decided_by": "customer-director",
}  # fmt: skip


@pytest.fixture
def world(client):
    made = make_office()
    with writing():
        made.admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=made.admin, branch=made.branch, post="administrator", since=date(2020, 1, 1))
    client.force_login(made.admin)
    client.post(reverse("office:amend", args=[Adoption.objects.get(file_name=DEALER).pk]), {"token": "a"})
    made.draft = Draft.objects.get()
    return made


def new_url(world, after: str = "") -> str:
    return reverse("office:new-clause", args=[world.draft.pk]) + (f"?after={after}" if after else "")


def pack_of(world):
    world.draft.refresh_from_db()
    return candidates.read_pack(world.draft.text, world.draft.file_name)


def sent(client, url: str, data: dict, **more):
    body = QueryDict(mutable=True)
    for key, value in {**data, **more}.items():
        body.setlist(key, value if isinstance(value, list) else [value])
    return client.post(
        url, body.urlencode(), content_type="application/x-www-form-urlencoded", headers={"Accept-Language": "en"}
    )


def posted(typed: rule_forms.ClauseTyped) -> QueryDict:
    """What a browser sends for a form that shows this clause."""
    data = QueryDict(mutable=True)
    for key, value in typed.texts.items():
        data[key] = value
    for number, rule in enumerate(typed.rules):
        data.appendlist("rule", str(number))
        data[f"{number}.body"] = rule.body
        for key in shapes()[rule.body]:
            fill(data, f"{number}.{key.name}", rule.values.get(key.name))
    return data


def fill(data: QueryDict, name: str, value) -> None:
    if isinstance(value, dict):
        for part, said in value.items():
            data[f"{name}.{part}"] = said
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, row in enumerate(value):
            if "who" in row:
                data.appendlist(f"{name}.step", str(number))
                data.setlist(f"{name}.{number}.who", row["who"])
                data[f"{name}.{number}.all"] = "yes" if row["all"] else ""
            else:
                for part, said in row.items():
                    data.appendlist(f"{name}.{part}", said)
    elif value:
        data.setlist(name, value if isinstance(value, list) else [value])


def test_every_body_and_key_of_the_schema_has_words_and_a_field():
    assert set(shapes()) == set(BODIES) == set(BODY_WORDS)
    for body, keys in shapes().items():
        assert body == "show" or keys
        assert all(all(key_words(body, key.name)) for key in keys)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_clause_of_every_shipped_policy_comes_through_its_form_unchanged(language):
    for path in candidates.box():
        text = path.read_text("utf-8")
        pack = candidates.read_pack(text, path.name)
        offers = Offers(pack, language)
        for clause in items_of(text, CLAUSES):
            shown = rule_forms.of_clause(clause, offers)
            value, errors = rule_forms.clause_value(rule_forms.of_post(posted(shown), shown.kept), offers)
            assert not errors, (path.name, clause["id"])
            assert as_one(value) == as_one(clause), (path.name, clause["id"])


def test_an_aggravation_of_one_kind_of_breach_comes_through_its_form():
    path = next(one for one in candidates.box() if one.name.startswith("07-"))
    text = path.read_text("utf-8")
    offers = Offers(candidates.read_pack(text, path.name), "zh")
    clause = next(one for one in items_of(text, CLAUSES) if "aggravate" in one["rules"][0])
    clause["rules"][0]["aggravate"]["for"] = {"late": "7.4.1a"}
    shown = rule_forms.of_clause(clause, offers)
    assert shown.rules[0].values["for"] == "late:7.4.1a"
    value, errors = rule_forms.clause_value(rule_forms.of_post(posted(shown), shown.kept), offers)
    assert not errors and as_one(value) == as_one(clause)


def as_one(value):
    """A list of one is the same as the one."""
    if isinstance(value, dict):
        return {key: as_one(one) for key, one in value.items()}
    if isinstance(value, list):
        return as_one(value[0]) if len(value) == 1 else [as_one(one) for one in value]
    return value


STEP = 11  # every eleventh clause of each policy, from another one in each


def test_every_shipped_list_can_be_cut_and_written_clause_by_clause_and_case_by_case():
    for number, path in enumerate(candidates.box()):
        text = path.read_text("utf-8")
        listed = items_of(text, CLAUSES)
        for at in range(number % STEP, len(listed), STEP):
            assert items_of(put(text, CLAUSES, listed[at], at=at).text, CLAUSES) == listed
            assert items_of(taken(text, CLAUSES, at).text, CLAUSES) == listed[:at] + listed[at + 1 :]
        assert taken(text, CLAUSES, 0).text.count("#") == text.count("#")  # comments between clauses stay


@pytest.mark.parametrize(
    "text",
    [
        'pack: x\nclauses: [{id: "1", rules: [show]}, {id: "2", rules: [show]}]\nedition: "1"\n',
        'pack: x\nclauses:\n- id: "1"\n  rules: [show]\n# two\n- # odd\n  id: "2"\n  rules: [show]\n',
        'clauses:\n  - id: "1"\n    rules: [show]\n    zh: |-\n      a\n      # b\n  - id: "2"\n    rules: [show]\n',
    ],
    ids=["flow", "comment-behind-the-dash", "block-text"],
)
def test_a_list_written_in_another_way_takes_a_clause_too(text):
    listed = items_of(text, CLAUSES)
    after = put(text, CLAUSES, {"id": "3", "rules": ["show"]}, after=0).text
    assert items_of(after, CLAUSES) == [listed[0], {"id": "3", "rules": ["show"]}, listed[1]]


def test_a_clause_with_a_deadline_and_a_fine_is_added_by_a_form_alone(client, world):
    url = new_url(world, "7.4.1a")
    assert client.get(url).status_code == 200
    answer = sent(client, url, {**TEXTS, **DUTY, **FINE, "rule": ["0", "1"]}, after="7.4.1a", do="save", token="b")
    assert answer.status_code == 302, answer.content.decode()
    ids = list(pack_of(world).clauses)
    assert ids[ids.index("7.4.1a") + 1] == "7.9.1"
    duty, fine = pack_of(world).clauses["7.9.1"].rules
    assert isinstance(duty, Duty) and duty.limit.number == 1 and duty.who == ("archivist",)
    assert isinstance(fine, Sanction) and fine.fine_cny == 30 and fine.for_name == "07:7.9.1"
    changes = client.get(reverse("office:draft", args=[world.draft.pk])).context["changes"]
    assert [one.id for one in changes] == ["7.9.1"]


def test_a_row_is_added_by_a_button_and_keeps_what_was_typed(client, world):
    answer = sent(client, new_url(world), {**TEXTS, "new-body": "consent"}, do="add-rule")
    assert answer.status_code == 200 and 'name="0.act"' in answer.content.decode()
    given = {
        **TEXTS, "rule": "0", "0.body": "consent", "0.from.step": "0", "0.from.0.who": "customer-director",
        "0.when.fact": ["file.kind"], "0.when.op": ["in"], "0.when.value": ["vehicle"],
    }  # fmt: skip
    page = sent(client, new_url(world), given, do="row.0.when").content.decode()
    assert page.count('name="0.when.fact"') == 2 and "Checked by the day after" in page
    page = sent(client, new_url(world), given, do="row.0.from").content.decode()
    assert page.count("Step ") == 2
    assert 'name="0.body"' not in sent(client, new_url(world), given, do="drop-rule.0").content.decode()
    world.draft.refresh_from_db()
    assert "7.9.1" not in world.draft.text


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"0.who": ""}, "0.who", "is needed here"),
        ({"0.within_days": "three"}, "0.within_days", "whole number"),
        ({"0.done_by": "loan.chequed"}, "0.done_by", "is not an event"),
        ({"0.within_working_days": "2"}, "", "exactly one"),
        ({"1.fine_cny": "thirty"}, "1.fine_cny", "amount in yuan"),
        ({"1.for": "late:7.6a"}, "1.for", "opens no duty"),
        ({"id": "7.4.1a"}, "id", "stands twice"),
        ({"id": "7 9"}, "id", "is not a clause id"),
        ({"zh": ""}, "zh", "both languages"),
        ({"0.when.fact": "file.kind", "0.when.op": "in", "0.when.value": ""}, "0.when", "is held"),
        ({"0.when.fact": "loan.clean", "0.when.op": "in", "0.when.value": "perhaps"}, "0.when", "yes or no"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field_and_nothing_is_saved(client, world, changed, field, said):
    before = world.draft.sha256
    given = {**TEXTS, **DUTY, **FINE, "rule": ["0", "1"], **changed}
    answer = sent(client, new_url(world), given, do="save", token="b")
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    if "." in field:
        errors = {one.name: one.errors for rule in answer.context["rules"] for one in rule.fields}
        assert any(said in line for line in errors[field]), errors
    world.draft.refresh_from_db()
    assert world.draft.sha256 == before


def test_a_removed_clause_takes_its_own_cases_along(client, world):
    proved = [str(one["name"]) for one in items_of(world.draft.cases, CASES) if one.get("proves") == ["7.6a"]]
    assert proved
    answer = client.post(reverse("office:remove-clause", args=[world.draft.pk, "7.6a"]), {"token": "c"})
    assert answer.status_code == 302
    assert "7.6a" not in pack_of(world).clauses
    assert not set(proved) & {str(one["name"]) for one in items_of(world.draft.cases, CASES)}
    assert world.draft.checked["failed"] == []


def test_a_clause_that_another_speaks_of_is_not_removed_and_the_other_is_named(client, world):
    answer = client.post(
        reverse("office:remove-clause", args=[world.draft.pk, "7.4.1a"]),
        {"token": "c"},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 422
    assert "Clause 7.5.1" in answer.content.decode() and "7.4.1a" in pack_of(world).clauses


def test_whoever_may_not_draft_sees_no_form_and_changes_nothing(client, world):
    client.force_login(world.li)
    assert client.get(new_url(world)).status_code == 404
    assert sent(client, new_url(world), {**TEXTS, **DUTY}, do="save", token="b").status_code == 404


CASE = {
    "name": "A return is checked by the next day, or it costs thirty yuan", "clause": "7.9.1",
    "post": ["archivist", "", ""], "e.on": "2026-03-02", "e.event": "loan.returned", "e.person": "", "e.role": "",
    "e.fact": "", "e.value": "", "when.kind": "day", "when.on": "2026-03-04", "then.kind": "late",
    "then.due_on": "2026-03-03", "then.person": "", "then.fine": "", "do": "save",
}  # fmt: skip


def cases_url(world) -> str:
    return reverse("office:draft-cases", args=[world.draft.pk])


@pytest.fixture
def added(client, world):
    answer = sent(client, new_url(world), {**TEXTS, **DUTY, **FINE, "rule": ["0", "1"]}, do="save", token="b")
    assert answer.status_code == 302
    world.draft.refresh_from_db()
    return world


def test_a_clause_without_a_case_is_named_and_a_simple_case_proves_it(client, added):
    page = client.get(cases_url(added))
    assert "7.9.1" in page.context["unproved"]
    begun = client.get(cases_url(added) + "?clause=7.9.1").context["typed"]
    assert begun.posts[0] == "archivist" and begun.events[0]["event"] == "loan.returned"
    assert sent(client, cases_url(added), CASE, token="c").status_code == 302
    added.draft.refresh_from_db()
    assert items_of(added.draft.cases, CASES)[-1]["proves"] == ["7.9.1"]
    assert "7.9.1" not in added.draft.checked["unproved"] and added.draft.checked["failed"] == []


def test_the_cases_come_first_and_the_form_opens_for_a_clause_or_a_mistake(client, added):
    """Whoever reads hundreds of cases is not made to pass thirty empty fields first."""
    folded, opened = '<details class="k-card" id="new">', '<details class="k-card" id="new" open>'
    assert folded in client.get(cases_url(added)).content.decode()
    assert opened in client.get(cases_url(added) + "?clause=7.9.1").content.decode()
    assert opened in sent(client, cases_url(added), {**CASE, "name": ""}, token="c").content.decode()


def test_a_case_is_named_in_both_languages_and_a_failing_one_says_why_in_the_readers(client, added):
    named = {**CASE, "other": "次日前核对，逾期罚三十元"}
    assert sent(client, cases_url(added), named, token="c").status_code == 302
    added.draft.refresh_from_db()
    assert items_of(added.draft.cases, CASES)[-1]["name"] == {"zh": named["other"], "en": CASE["name"]}
    again = sent(client, cases_url(added), {**CASE, "name": "Another", "other": named["other"]}, token="d")
    assert again.context["errors"] == ["There is a case of this name already."]
    text = added.draft.text.replace("within_days: 1", "within_days: 2")
    services.change_draft(
        actor=added.admin, now=added.now, token="e", draft=added.draft, text=text, in_force_from=date(2026, 4, 1)
    )
    for url in (cases_url(added), reverse("office:draft", args=[added.draft.pk])):
        page = client.get(url, headers={"Accept-Language": "zh-hans"}).content.decode()
        assert named["other"] in page and "期限2026-03-04" in page and "there is no such" not in page
        assert "there is no such duty" in client.get(url, headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"then.due_on": "2026-03-05"}, "2026-03-0"),
        ({"then.kind": "kept"}, "late"),
        ({"name": ""}, "Give the case a name"),
        ({"when.on": "soon"}, "has its day"),
        ({"when.kind": "try"}, "what is tried"),
        ({"e.event": "loan.retorned"}, "is not an event"),
    ],
)
def test_a_case_that_does_not_hold_is_not_kept_and_says_why(client, added, changed, said):
    before = added.draft.cases
    answer = sent(client, cases_url(added), {**CASE, **changed}, token="c")
    assert answer.status_code == 422 and any(said in line for line in answer.context["errors"]), answer.context[
        "errors"
    ]
    added.draft.refresh_from_db()
    assert added.draft.cases == before


def test_an_attempt_a_refusal_and_a_fine_can_be_cases_too(client, added):
    tried = {
        **CASE,
        "name": "Care interprets",
        "clause": "7.6a",
        "e.event": "",
        "when.kind": "try",
        "when.person": "jia",
    }
    tried |= {
        "when.act": "policy.interpret",
        "then.kind": "no",
        "then.due_on": "",
        "post": ["sales-consultant", "", ""],
    }
    assert sent(client, cases_url(added), tried, token="d").status_code == 302
    fined = {**CASE, "name": "It costs fifty", "clause": "7.5.1", "post": ["sales-consultant", "", ""]}
    fined |= {"e.event": "vehicle.delivered", "e.person": "jia", "e.role": "consultant", "when.on": "2026-03-10"}
    fined |= {"then.kind": "fine", "then.due_on": "", "then.fine": "50", "then.person": "jia"}
    answer = sent(client, cases_url(added), fined, token="e")
    assert answer.status_code == 302, answer.context["errors"]
    added.draft.refresh_from_db()
    assert added.draft.checked["failed"] == []


def test_a_case_is_taken_out_by_a_button(client, added):
    names = [one["name"] for one in items_of(added.draft.cases, CASES)]
    assert sent(client, cases_url(added), {}, do="drop.3", token="f").status_code == 302
    added.draft.refresh_from_db()
    assert [one["name"] for one in items_of(added.draft.cases, CASES)] == names[:3] + names[4:]


def test_the_sanction_form_says_per_what_in_words_and_writes_the_key(client, world):
    url = reverse("office:draft-clause", args=[world.draft.pk, "7.5.1"])
    page = client.get(url, headers={"Accept-Language": "zh-hans"})
    (rule,) = page.context["rules"]
    per = next(one for one in rule.fields if one.name == "0.per")
    assert 'value="份档案"' in per.controls[0] and ">所发生的事<" not in per.controls[0]
    assert '<option value="次借阅">' in page.context["lists"] and 'label="event"' not in page.content.decode()
    given = {**TEXTS, **DUTY, **FINE, "1.per": "次借阅", "rule": ["0", "1"], "do": "save", "token": "b"}
    body = QueryDict(mutable=True)
    for key, value in given.items():
        body.setlist(key, value if isinstance(value, list) else [value])
    answer = client.post(
        new_url(world), body.urlencode(), content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": "zh-hans"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert pack_of(world).clauses["7.9.1"].rules[1].per == "loan"


def test_no_key_is_proposed_or_offered_to_a_chinese_reader():
    path = next(one for one in candidates.box() if one.name == DEALER)
    offers = Offers(candidates.read_pack(path.read_text("utf-8"), path.name), "zh")
    for keys in shapes().values():
        for key in keys:
            source = key.source or {"act": "acts", "breach": "breaches", "every": "every", "days": "days"}.get(key.kind)
            for group, options in offers.of(source) if source else ():
                assert not group or not group.isascii(), (key.name, group)
                assert not [one for one in options if one[1].isascii() and one[1].strip(":. ")], (key.name, options)


def test_what_a_fact_can_be_is_proposed_and_shown_by_its_own_word(client, world):
    """`open` of a file is 在用, of a field 公开: each comes back as the key that it was."""
    offers = Offers(candidates.read_pack(world.draft.text, DEALER), "zh")
    for fact, key, said in (
        ("file.status", "open", "在用"), ("record.grade", "open", "公开"), ("record.state", "to_follow", "待补"),
        ("record.checked", "no", "否"), ("file.kind", "vehicle", "车辆用户档案"),
        ("field.origin", "sold-here", "本店售出"),
    ):  # fmt: skip
        assert (offers.value_said(key, fact), offers.value_meant(said, fact)) == (said, key)
    assert offers.values_of("request.kind") == {}
    rule = {"rule": "0", "0.body": "permit", "0.act": "file.edit", "0.who": "archivist"}
    row = {"0.when.fact": "file.status", "0.when.op": "in", "0.when.value": "在用"}
    body = QueryDict(mutable=True)
    body.update({**TEXTS, **rule, **row, "do": "row.0.when"})
    asked = client.post(new_url(world), body.urlencode(), content_type="application/x-www-form-urlencoded",
                        headers={"Accept-Language": "zh-Hans"}).content.decode()  # fmt: skip
    assert 'list="list-values-file.status"' in asked
    closed = asked.partition('<datalist id="list-values-file.status">')[2].partition("</datalist>")[0]
    assert 'value="在用"' in closed and 'value="已结束"' in closed and "公开" not in closed
