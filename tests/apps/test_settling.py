"""A paper is entered for a ticket, a letter or a visit: what is owed about it is kept, and about nothing else.

No screen opens tickets or takes letters yet; their events are written here as their commands will leave them.
"""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.acts.command import again_if_overtaken
from kedang.acts.following import follow
from kedang.duties.models import Duty
from kedang.files import record_services as services
from kedang.files.models import Record
from kedang.files.services import open_file, open_job
from kedang.journal import parts
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.queries import entry
from kedang.rulebook.vocabulary import EVENTS
from kedang.staff.models import PostHolding
from tests.apps.test_reaching import TRADE, house
from tests.apps.test_tenants_papers import GOOD, tenants

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def happens(world, name, thing, file=None, **data):
    """Something happens to a tenant: ``thing`` is what the event is about, as ``ticket:12``."""
    kind, _colon, ref = thing.partition(":")
    file = file or world.file
    event = parts.NewEvent(
        name, ("file", str(file.pk)), world.today, about={"file": str(file.pk), kind: ref},
        data={"file.kind": file.kind, **data},
    )  # fmt: skip

    def act():
        written = {"actor": world.li.pk, "branch": world.branch.pk, "now": world.now}
        rows = parts.append(act_id=uuid.uuid4(), act=EVENTS[name].name, events=[event], **written)
        follow(world.branch, rows, {})

    again_if_overtaken(act)


def enter(world, line, settles="", state="present", said=GOOD):
    row = Record.objects.get(file=world.file, line=line)
    answers = {str(row.pk): {"state": state, "reason": "未交"}}
    services.answer_records(**world.by(world.li), file=world.file, answers=answers, said=said, settles=settles)


def owed(clause):
    """What is owed under a clause, by the thing that it is about."""
    rows = Duty.objects.filter(clause=clause)
    return {f"{one.about_kind}:{one.about_id}": one.status for one in rows}


def told():
    """What the entries were for, and of which paper they tell, one by one."""
    rows = Event.objects.filter(name="record.added").order_by("pk")
    return [{key: ref for key, ref in entry(one).about.items() if key not in ("file", "job")} for one in rows]


def repairs(world):
    for number in ("12", "13"):
        happens(world, "ticket.opened", f"ticket:{number}", kind="repair")


def test_a_paper_entered_for_a_ticket_keeps_what_is_owed_about_it_and_not_about_another():
    world = tenants()
    repairs(world)
    enter(world, "repair-record", "ticket:13")
    assert owed("11:11.b.8") == {"ticket:12": "open", "ticket:13": "kept"}
    assert told() == [{"ticket": "13"}]
    enter(world, "repair-record", "ticket:12", "another")
    assert owed("11:11.b.8") == {"ticket:12": "kept", "ticket:13": "kept"}


def test_a_paper_entered_for_nothing_keeps_nothing():
    world = tenants()
    repairs(world)
    enter(world, "repair-record")
    assert set(owed("11:11.b.8").values()) == {"open"}


def test_a_paper_of_another_kind_does_not_do():
    world = tenants()
    repairs(world)
    enter(world, "visit-record", "ticket:12")
    assert set(owed("11:11.b.8").values()) == {"open"}


@pytest.mark.parametrize(
    ("name", "thing", "said", "line", "clause"),
    [
        ("notice.delivered", "notice:5", {"direction": "to-customer"}, "correspondence", "11.a.1e"),
        ("letter.received", "letter:5", {"counterparty": "related-unit"}, "correspondence", "11.c.6a"),
        ("contact.recorded", "contact:5", {"kind": "visit"}, "visit-record", "11.b.10"),
        ("payment.recorded", "payment:5", {"kind": "deposit"}, "deposit-record", "11.b.2"),
    ],
)
def test_what_is_owed_about_a_notice_a_letter_a_visit_and_a_payment_is_kept_too(name, thing, said, line, clause):
    world = tenants()
    happens(world, name, thing, **said)
    assert owed(f"11:{clause}") == {thing: "open"}
    enter(world, line, thing)
    assert owed(f"11:{clause}") == {thing: "kept"}


def test_where_each_paper_has_its_own_event_it_names_the_thing_and_what_did_not_come_in_does_not():
    world = house("04-trading-company-crm.yaml", "sales-rep", "customer", TRADE, representative=True)
    with writing():
        since = date(2020, 1, 1)
        PostHolding.objects.create(person=world.zhao, branch=world.branch, post="market-supervisor", since=since)
    happens(world, "letter.received", "letter:7", kind="data-form")
    spoken = {"contact_name": "秦叔宝", "contact_phone": "13800138000", "verified": True}
    given = {"file": world.file, "what": "survey", "job_kinds": ["special-survey"], **spoken}
    job = open_job(**world.by(world.zhao), **given).result
    report, contract = Record.objects.filter(job=job).order_by("-line")
    answers = {str(report.pk): {"state": "present"}, str(contract.pk): {"state": "missing", "reason": "未交"}}
    services.answer_records(**world.by(world.zhao), file=world.file, job=job, answers=answers, settles="letter:7")
    assert told() == [{"record": str(report.pk), "letter": "7"}, {}]


@pytest.mark.parametrize(
    ("name", "thing", "kind", "other", "line", "clause"),
    [
        ("contact.recorded", "contact:5", "visit", "market-survey", "visit-report", "4.4.1.1"),
        ("contact.recorded", "contact:5", "market-survey", "visit-report", "market-survey", "4.4.1.1"),
        ("letter.received", "letter:5", "data-form", "visit-report", "data-form", "4.4.1.2"),
    ],
)
def test_the_ways_in_which_a_trading_company_gets_its_data_can_be_kept(name, thing, kind, other, line, clause):
    """The file is no less complete without these papers; each is owed where it arises."""
    world = house("04-trading-company-crm.yaml", "sales-rep", "customer", TRADE, representative=True)
    lacking = world.file.missing
    happens(world, name, thing, kind=kind)
    assert owed(f"04:{clause}")[thing] == "open"
    enter(world, other, thing, said=None)
    assert owed(f"04:{clause}")[thing] == "open"
    enter(world, line, thing, said=None)
    assert owed(f"04:{clause}")[thing] == "kept"
    world.file.refresh_from_db()
    assert world.file.missing == lacking


def wrong(world, *args):
    with pytest.raises(Invalid) as caught:
        enter(world, *args)
    assert set(caught.value.errors) == {"settles"}
    assert not Event.objects.filter(name="record.added").exists()


def test_what_waits_for_no_paper_of_this_file_is_refused():
    world = tenants()
    given = {"branch": world.branch, "kind": "tenant", "values": {"name": "洛阳商行"}, "roles": {}}
    other = open_file(**world.by(world.li), **given).result
    happens(world, "ticket.opened", "ticket:20", file=other, kind="repair")
    wrong(world, "repair-record", "ticket:20")
    wrong(world, "repair-record", "ticket:99")
    wrong(world, "repair-record", f"file:{world.file.pk}")


def test_nothing_is_settled_by_a_paper_that_did_not_come():
    world = tenants()
    repairs(world)
    wrong(world, "repair-record", "ticket:12", "missing")


def test_what_was_settled_is_not_settled_again():
    world = tenants()
    repairs(world)
    enter(world, "repair-record", "ticket:12")
    with pytest.raises(Invalid):
        enter(world, "repair-record", "ticket:12", "another")


def test_the_page_offers_what_waits_in_words_and_takes_the_choice(client):
    world = tenants()
    client.force_login(world.li)
    page = reverse("files:file", args=[world.file.pk])
    assert 'name="settles"' not in client.get(page).content.decode()
    repairs(world)
    shown = client.get(page).content.decode()
    assert f"工单（{world.today}）：客户请修记录 / 维修单，{world.today.replace(day=30)}前" in shown
    row = Record.objects.get(file=world.file, line="repair-record")
    ticked = {"format_agrees": "on", "clear": "on", "dated": "on", "ink": "other"}
    ticked |= {"qualities": ["complete", "systematic", "accurate", "true"], "token": world.token()}
    posted = {f"state_{row.pk}": "present", "settles": "ticket:13", **ticked}
    where = reverse("files:answer", args=[world.file.pk])
    assert client.post(where, posted).status_code == 302
    assert owed("11:11.b.8") == {"ticket:12": "open", "ticket:13": "kept"}
    shown = client.get(page).content.decode()
    assert 'value="ticket:12"' in shown and 'value="ticket:13"' not in shown
    again = client.post(where, posted | {f"state_{row.pk}": "another"})  # the same form once more
    assert again.status_code == 302 and Event.objects.filter(name="record.added").count() == 1


def test_a_choice_that_was_settled_meanwhile_comes_back_with_the_sentence(client):
    world = tenants()
    client.force_login(world.li)
    repairs(world)
    enter(world, "repair-record", "ticket:13")
    row = Record.objects.get(file=world.file, line="repair-record")
    ticked = {"format_agrees": "on", "clear": "on", "dated": "on", "ink": "other"}
    ticked |= {"qualities": ["complete", "systematic", "accurate", "true"], "token": world.token()}
    posted = {f"state_{row.pk}": "another", "settles": "ticket:13", **ticked}
    answer = client.post(reverse("files:answer", args=[world.file.pk]), posted, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "This waits for no paper any more; read the page again." in answer.content.decode()
