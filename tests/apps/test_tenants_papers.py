"""Tenants' files at work: a contact who is replaced, and papers that come in."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.duties.models import Duty
from kedang.files import paper_services, services
from kedang.files import record_services as services_of_records
from kedang.files.models import Record
from tests.apps.test_reaching import bring, house

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def tenants():
    """A world under the policy on tenants' files, with the file of one tenant."""
    return house("11-commercial-property-tenants.yaml", "property-clerk", "tenant", {"name": "长安商行"})


def owed(world, clause):
    return sorted(Duty.objects.filter(clause=f"11:{clause}", branch=world.branch).values_list("status", flat=True))


def test_whoever_replaces_a_contact_owes_the_paper_on_it_until_it_comes():
    world = tenants()
    services.edit_file(**world.by(world.li), file=world.file, values={"daily-contact": "王勃"})
    assert owed(world, "11.b.5b") == ["open"]
    answer(world)
    assert owed(world, "11.b.5b") == ["kept"]


def test_another_field_that_is_changed_owes_nothing():
    world = tenants()
    services.edit_file(**world.by(world.li), file=world.file, values={"emergency-name": "王勃"})
    assert owed(world, "11.b.5b") == []


GOOD = {
    "record.format_agrees": "yes",
    "record.clear": "yes",
    "record.dated": "yes",
    "record.ink": "other",
    "record.qualities": ("complete", "systematic", "accurate", "true"),
}


def answer(world, state="present", line="contact-change", **said):
    row = Record.objects.get(file=world.file, line=line)
    answers = {str(row.pk): {"state": state, "reason": "未交"}}
    known = {f"record.{key}": value for key, value in said.items()}
    services_of_records.answer_records(**world.by(world.li), file=world.file, answers=answers, said=GOOD | known)
    return Record.objects.get(pk=row.pk)


def against(act, *args, **said):
    with pytest.raises(Refused) as caught:
        act(*args, **said)
    return caught.value.answer.clauses


def test_a_paper_comes_into_a_tenants_file_with_what_the_policy_asks_of_it():
    world = tenants()
    assert against(answer, world, format_agrees="no") == {"11:11.c.1a"}
    assert against(answer, world, ink="pencil") == {"11:11.c.1b"}
    assert against(answer, world, qualities=("complete",)) == {"11:11.c.2"}
    assert against(answer, world, clear="no") == {"11:11.c.3a"}
    assert against(answer, world, dated="no") == {"11:11.c.5a"}
    there = answer(world, ink="other")
    assert (there.state, there.dated, there.ink) == ("present", True, "other")


def test_of_a_paper_that_is_missing_nothing_is_asked():
    world = tenants()
    assert answer(world, "missing", format_agrees="no", ink="pencil", qualities=(), clear="no").state == "missing"


def test_what_nobody_said_is_not_taken_for_good():
    world = tenants()
    assert against(bring, world, "contact-change") == {f"11:11.c.{one}" for one in ("1a", "1b", "2", "3a", "5a")}


def test_a_paper_that_is_supplied_is_asked_the_same():
    world = tenants()
    row = Record.objects.get(file=world.file, line="licence-copy")

    def supply(**said):
        known = {f"record.{key}": value for key, value in said.items()}
        paper_services.supply_record(**world.by(world.li), record=row, said=GOOD | known)

    assert against(supply, ink="ballpoint") == {"11:11.c.1b"}
    supply()
    assert Record.objects.get(pk=row.pk).dated


def a_week_later(world):
    by = world.by
    return lambda who: by(who) | {"now": world.now + timedelta(days=7)}


def test_one_more_of_a_kind_is_a_paper_of_its_own():
    world = tenants()
    services.edit_file(**world.by(world.li), file=world.file, values={"daily-contact": "王勃"})
    answer(world)
    world.by = a_week_later(world)
    services.edit_file(**world.by(world.li), file=world.file, values={"daily-contact": "杨炯"})
    assert owed(world, "11.b.5b") == ["kept", "open"]
    assert answer(world, "another").state == "present"
    assert owed(world, "11.b.5b") == ["kept", "kept"]


def test_nothing_is_one_more_of_what_is_not_there():
    world = tenants()
    with pytest.raises(Invalid):
        answer(world, "another")


def test_the_page_asks_what_the_rules_ask_and_takes_the_answers(client):
    world = tenants()
    client.force_login(world.li)
    page = client.get(reverse("files:file", args=[world.file.pk])).content.decode()
    assert "纸张、格式符合要求" in page and "圆珠笔" in page and "附有文字说明" not in page
    row = Record.objects.get(file=world.file, line="company-material")
    ticked = {"format_agrees": "on", "clear": "on", "dated": "on", "ink": "other"}
    posted = {f"state_{row.pk}": "present", **ticked, "qualities": ["complete", "systematic", "accurate"]}
    where = reverse("files:answer", args=[world.file.pk])
    assert client.post(where, posted).status_code == 403
    assert client.post(where, posted | {"qualities": [*posted["qualities"], "true"]}).status_code == 302
    assert Record.objects.get(pk=row.pk).state == "present"


def test_the_form_for_supplying_asks_too_and_its_button_is_not_refused_before(client):
    world = tenants()
    client.force_login(world.li)
    row = Record.objects.get(file=world.file, line="licence-copy")
    where = reverse("files:act-on-record", args=[row.pk, "supply"])
    page = client.get(where)
    assert page.status_code == 200 and page.context["answer"].verdict == "yes"
    posted = {"format_agrees": "on", "clear": "on", "dated": "on", "ink": "pencil"}
    posted |= {"qualities": ["complete", "systematic", "accurate", "true"]}
    assert client.post(where, posted).status_code == 403
    assert client.post(where, posted | {"ink": "other"}).status_code == 302
    assert Record.objects.get(pk=row.pk).ink == "other"
