"""Consent is a fact: asked for, given by whom the clause names, used up, taken back; granting triggers nothing."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.approvals.models import Approval
from kedang.approvals.queries import for_me, menu_counts
from kedang.files.services import edit_file, open_file
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.office.approval_services import deny_approval, grant_approval, request_approval, revoke_approval
from kedang.staff.models import Branch, PostHolding
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CONSENT = """
pack: test-consent
language: 1
edition: "1"
title: {zh: 测试审批, en: Test consent}
clauses:
  - id: "9"
    zh: 修改客户档案须经档案管理员同意,限一次,三日内有效。
    en: A change of a file needs the archivist's consent, for one change within three days.
    rules:
      - consent: {act: file.edit, who: [clerk], from: [[archivist]], uses: 1, lasts_days: 3}
"""
CLAUSE = "91:9"


@pytest.fixture
def world():
    made = make_world()
    with writing():
        Adoption.objects.create(
            branch=made.branch, slug="test-consent", file_name="91-test-consent.yaml", edition="1", text=CONSENT,
            sha256=hashlib.sha256(CONSENT.encode()).hexdigest(), approved_by=made.wang, in_force_from="2020-01-01",
        )  # fmt: skip
    made.file = open_file(
        **made.by(made.li), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    return made


def ask(world, **changes):
    """Li's request."""
    given = {"clause": CLAUSE, "act": "file.edit", "about": ("file", str(world.file.pk))} | changes
    return request_approval(**world.by(world.li), branch=world.branch, **given).result


def edit(world, number="13800002222", **who):
    """Li's change of the phone."""
    return edit_file(**(world.by(world.li) | who), file=world.file, values={"mobile": number})


def test_without_consent_the_act_is_refused_and_says_whom_to_ask(world):
    with pytest.raises(Refused) as caught:
        edit(world)
    (asked,) = caught.value.answer.asks
    assert (caught.value.answer.verdict, asked.clause) == ("ask", CLAUSE)


def test_a_granted_request_lets_the_act_pass_once(world):
    request = ask(world)
    before = len(events_of("file", world.file.pk))
    grant_approval(**world.by(world.wang), approval=request)
    assert len(events_of("file", world.file.pk)) == before
    edit(world)
    with pytest.raises(Refused):
        edit(world, "13800003333")
    request.refresh_from_db()
    assert (request.status, request.uses_left) == ("granted", 0)


def test_a_consent_ends_with_its_days(world):
    grant_approval(**world.by(world.wang), approval=ask(world))
    with pytest.raises(Refused):
        edit(world, now=world.now + timedelta(days=4))
    edit(world, now=world.now + timedelta(days=3))


def test_a_consent_holds_for_its_own_file_only(world):
    other = open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(serial="LSVAM4187C2184842"),
        roles={"seller": world.li},
    ).result  # fmt: skip
    grant_approval(**world.by(world.wang), approval=ask(world))
    with pytest.raises(Refused):
        edit_file(**world.by(world.li), file=other, values={"mobile": "13800002222"})


def test_only_whom_the_clause_names_is_asked(world):
    request = ask(world)
    assert for_me(world.wang, world.branch, world.today) == [request]
    assert for_me(world.li, world.branch, world.today) == for_me(world.zhao, world.branch, world.today) == []
    who = (world.wang, world.branch, world.today)
    figure = menu_counts(*who)["office:approvals"]
    assert figure.read(Branch.objects.values_list(figure.ask).get(pk=world.branch.pk)[0], *who) == 1


def test_nobody_grants_his_own_request_even_where_no_law_pack_says_so(world):
    request = ask(world)
    with pytest.raises(Invalid):
        grant_approval(**world.by(world.li), approval=request)
    request.refresh_from_db()
    assert request.status == "waiting"


def test_a_guard_without_a_say_is_refused(world):
    with pytest.raises(Refused):
        grant_approval(**world.by(world.zhao), approval=ask(world))


def test_a_no_needs_its_reason_and_ends_the_request(world):
    request = ask(world)
    with pytest.raises(Invalid):
        deny_approval(**world.by(world.wang), approval=request, reason=" ")
    deny_approval(**world.by(world.wang), approval=request, reason="The customer must ask.")
    with pytest.raises(Invalid):
        grant_approval(**world.by(world.wang), approval=request)
    with pytest.raises(Refused):
        edit(world)


def test_a_consent_taken_back_counts_no_more(world):
    request = ask(world)
    grant_approval(**world.by(world.wang), approval=request)
    revoke_approval(**world.by(world.wang), approval=request, reason="Asked about the wrong file.")
    with pytest.raises(Refused):
        edit(world)


def test_the_same_is_not_asked_twice(world):
    ask(world)
    with pytest.raises(Invalid):
        ask(world)
    assert Approval.objects.count() == 1


def test_what_no_clause_asks_for_cannot_be_requested(world):
    with pytest.raises(Invalid):
        ask(world, act="file.open")


ABOVE = """
pack: test-above
language: 1
edition: "1"
title: {zh: 测试上级, en: Test superior}
posts: {chief: {zh: 总管, en: Chief, is: [clerk]}, helper: {zh: 助理, en: Helper, reports_to: chief, is: [archivist]}}
clauses:
  - id: "9"
    zh: 修改客户档案须经助理同意，助理自己修改的由其上级同意。
    en: A change of a file needs the helper's consent, the helper's own that of his superior.
    rules:
      - consent: {act: file.edit, who: [clerk], from: [[helper]], uses: 1, self: superior}
"""


@pytest.fixture
def above(world):
    """Li asks as before; Wang is the helper, Zhao the chief above him."""
    with writing():
        Adoption.objects.filter(slug="test-consent").update(
            text=ABOVE, sha256=hashlib.sha256(ABOVE.encode()).hexdigest(), file_name="92-test-above.yaml"
        )
        for who, post in ((world.wang, "helper"), (world.zhao, "chief")):
            PostHolding.objects.create(person=who, branch=world.branch, post=post, since=world.today)
    world.waits = lambda who: [one.pk for one in for_me(who, world.branch, world.today)]
    return world


def test_the_helper_answers_others_and_his_superior_answers_him(above):
    his = request_approval(
        **above.by(above.wang), branch=above.branch, clause="92:9", act="file.edit", about=("file", str(above.file.pk))
    ).result
    with pytest.raises(Refused) as refused:
        edit(above, **above.by(above.wang))
    assert refused.value.answer.asks[0].steps[0][1].who == ("superior_of:approval.asker",)
    others = ask(above, clause="92:9")
    assert (above.waits(above.zhao), above.waits(above.wang)) == ([his.pk], [others.pk])
    grant_approval(**above.by(above.zhao), approval=his)
    edit(above, **above.by(above.wang))
    with pytest.raises(Invalid):
        grant_approval(**above.by(above.zhao), approval=others)


def test_whom_nobody_is_above_is_told_so(above):
    with writing():
        PostHolding.objects.filter(post="chief").delete()
    with pytest.raises(Invalid) as wrong:
        request_approval(
            **above.by(above.wang),
            branch=above.branch,
            clause="92:9",
            act="file.edit",
            about=("file", str(above.file.pk)),
        )
    assert "您没有上级" in wrong.value.errors["clause"]
    assert not Approval.objects.exists()
