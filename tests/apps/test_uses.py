"""The register of use: where material of a file went and what for, kept by the archive; what became of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.duties.models import Duty
from kedang.files import record_services
from kedang.files.models import FieldValue
from kedang.journal.models import Event
from kedang.journal.queries import entry as entry_of
from kedang.journal.replay import disagreements
from kedang.loans import services as loans
from kedang.loans import use_services as uses
from kedang.loans.models import Use
from kedang.office.approval_services import grant_approval, request_approval
from tests.apps.test_two_level_archive import agreed, asked_for, centre, letting_file, owner_file, shelved  # noqa: F401

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def lent(centre):  # noqa: F811
    """A letting file that went out with consent of the head of its centre."""
    loan = asked_for(centre, shelved(centre, letting_file))
    agreed(centre, loan)
    centre.loan = loans.issue_loan(**centre.by(centre.xin), loan=loan).result
    centre.file = loan.file
    return centre


def entry(world, who=None, **more):
    said = {"taker": "维修公司刘师傅", "purpose": "换锁", "what": f"loan:{world.loan.pk}"} | more
    return uses.record_use(**world.by(who or world.xin), file=world.file, **said).result


def owed(world, clause):
    return list(Duty.objects.filter(clause=f"14:{clause}", file=str(world.file.pk)).values_list("about_kind", "status"))


def test_an_entry_keeps_the_duty_on_its_loan_and_opens_the_follow_up(lent):
    assert owed(lent, "14.5.14e") == [("loan", "open")]
    row = entry(lent)
    assert owed(lent, "14.5.14e") == [("loan", "kept")]
    assert owed(lent, "14.5.14f") == [("use", "open")]
    uses.report_use(**lent.by(lent.xin), use=row, note="还在用")
    assert owed(lent, "14.5.14f") == [("use", "kept")]  # an original comes back; copies are followed to their end
    uses.report_use(**lent.by(lent.xin), use=row, destroyed=True)
    with pytest.raises(Invalid):
        uses.report_use(**lent.by(lent.xin), use=row, destroyed=True)
    told = entry_of(Event.objects.get(name="use.recorded"))
    about = {"file": str(lent.file.pk), "use": str(row.pk), "loan": str(lent.loan.pk)}
    assert about.items() <= told.about.items() and "刘师傅" not in str(told.data)
    assert not [one for one in disagreements() if one.subject.startswith("loans.")]


def test_an_entry_about_another_thing_does_not_keep_it(lent):
    entry(lent, what="file")
    assert owed(lent, "14.5.14e") == [("loan", "open")]


def test_an_entry_says_who_has_it_what_for_and_names_something_of_the_file(lent):
    with pytest.raises(Invalid) as wrong:
        entry(lent, taker=" ", purpose="", what="loan:999999")
    assert set(wrong.value.errors) == {"taker", "purpose", "what"}
    with pytest.raises(Invalid):
        entry(lent, what="stock:1")
    assert not Use.objects.exists()


def test_a_copy_is_entered_once_it_was_checked_and_by_the_archive_only(lent):
    with pytest.raises(Refused):
        entry(lent, copy=True)
    with pytest.raises(Refused):
        entry(lent, who=lent.hou)
    row = entry(lent, copy=True, checked=True)
    assert row.checked
    uses.report_use(**lent.by(lent.xin), use=row, note="还在用")
    assert owed(lent, "14.5.14f") == [("use", "open")]
    uses.report_use(**lent.by(lent.xin), use=row, destroyed=True)
    assert owed(lent, "14.5.14f") == [("use", "kept")]


def entered(client, world, who):
    client.force_login(who)
    session = client.session
    session["branch"] = world.centre.pk
    session.save()


def page(client, world):
    return client.get(reverse("loans:uses", args=[world.file.pk]), headers={"Accept-Language": "en"})


def test_the_page_offers_what_waits_for_an_entry(client, lent):
    entered(client, lent, lent.xin)
    with CaptureQueriesContext(connection) as caught:
        shown = page(client, lent)
    assert len(caught) <= 12
    offered = [key for key, _name in shown.context["form"].fields["what"].choices]
    assert offered == [f"loan:{lent.loan.pk}", "file"]
    typed = {"token": "a", "what": offered[0], "taker": "刘师傅", "purpose": "换锁"}
    assert client.post(reverse("loans:record-use", args=[lent.file.pk]), typed).status_code == 302
    assert owed(lent, "14.5.14e")[0][1].startswith("kept")  # the screen's day is today
    row = Use.objects.get()
    url = reverse("loans:report-use", args=[row.pk])
    assert client.post(url, {"token": "b"}).status_code == 422
    assert client.post(url, {"token": "c", "destroyed": "on"}).status_code == 302
    assert "刘师傅" in page(client, lent).content.decode()
    assert client.post(reverse("loans:record-use", args=[lent.file.pk]), {"token": "d"}).status_code == 422


def test_a_value_that_was_shown_is_entered_by_the_name_of_its_field(client, centre):  # noqa: F811
    centre.file = owner_file(centre, centre.xin)
    value = FieldValue.objects.get(file=centre.file, field="identity")
    answers = (("14.5.14c", centre.hou, {}), ("14.5.14d", centre.zong, {"proof": "letter no. 3"}))
    for clause, person, given in answers:
        wanted = {"clause": f"14:{clause}", "act": "record.reveal", "about": ("file", str(centre.file.pk))}
        asked = request_approval(**centre.by(centre.xin), branch=centre.centre, **wanted).result
        grant_approval(**centre.by(person), approval=asked, **given)
    record_services.reveal_value(**centre.by(centre.xin), value=value, purpose="call-back")
    entered(client, centre, centre.xin)
    assert page(client, centre).context["form"].fields["what"].choices == [
        ("record:identity", "Identity number"), ("file", "the file"),
    ]  # fmt: skip
    typed = {"token": "a", "what": "record:identity", "taker": "本人", "purpose": "核对"}
    assert client.post(reverse("loans:record-use", args=[centre.file.pk]), typed).status_code == 302
    assert owed(centre, "14.5.14e")[0][1].startswith("kept")
