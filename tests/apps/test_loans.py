"""Loans from the slip to the shelf, and reading on the spot, as commands."""

from __future__ import annotations

import copy
import hashlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused, Stale
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files.models import Place, Record, Volume
from kedang.files.place_services import shelve_volume
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.journal.replay import disagreements
from kedang.loans import reading_services, services
from kedang.loans.models import Consultation, Loan
from kedang.staff.models import PostHolding
from tests.apps.files_world import NOW, PACK, PASSWORD, TODAY, make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def a_file_on_a_shelf() -> SimpleNamespace:
    """A file with two papers on a shelf; Wang keeps, Li and Zhou work, Zhao may find nothing."""
    made = make_world()
    with writing():
        made.shelf = Place.objects.create(branch=made.branch, code="A-01", name="")
    tell_the_founding()
    made.file = open_file(
        **made.by(made.wang), branch=made.branch, kind="thing", values=values(), roles={"seller": made.li}
    ).result
    records = {str(one.pk): {"state": "present", "pages": "15"} for one in Record.objects.filter(file=made.file)}
    answer_records(**made.by(made.wang), file=made.file, answers=records)
    made.volume = Volume.objects.select_related("file__branch", "holder").get(file=made.file)
    shelve_volume(**made.by(made.wang), volume=made.volume, place=made.shelf)
    made.volume.refresh_from_db()
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(a_file_on_a_shelf)


@pytest.fixture
def world(built):
    return copy.deepcopy(built)


def later(world, who, days: int):
    """What a command takes, some days later."""
    return world.by(who) | {"now": NOW + timedelta(days=days)}


def requested(world, who=None, days: int = 7) -> Loan:
    """A slip by Li."""
    until = TODAY + timedelta(days=days)
    return services.request_loan(
        **world.by(who or world.li), volume=world.volume, purpose="核对合同", until=until
    ).result


def lent(world, days: int = 7) -> Loan:
    """What Li has."""
    return services.issue_loan(**world.by(world.wang), loan=requested(world, days=days)).result


def all_found(loan: Loan) -> dict[str, bool]:
    """Every paper of a loan is there."""
    return {str(one.pk): True for one in loan.papers.all()}


def test_a_slip_moves_nothing_until_the_archivist_gives_the_papers_out(world):
    loan = requested(world)
    world.volume.refresh_from_db()
    assert (world.volume.status, world.volume.holder, loan.status) == ("shelved", world.wang, "requested")
    services.issue_loan(**world.by(world.wang), loan=loan)
    world.volume.refresh_from_db()
    loan.refresh_from_db()
    assert (world.volume.status, world.volume.holder, world.volume.place) == ("lent", world.li, None)
    assert (loan.home, loan.pages_out, loan.issued_by) == (world.shelf, 30, world.wang)


def test_a_clerk_gives_nothing_out_and_the_attempt_is_kept(world):
    loan = requested(world)
    with pytest.raises(Refused):
        services.issue_loan(**world.by(world.li), loan=loan)
    world.volume.refresh_from_db()
    assert world.volume.status == "shelved"
    assert Refusal.objects.filter(act="loan.issue", actor_id=world.li.pk).count() == 1
    assert not Event.objects.filter(name="loan.issued").exists()


def test_a_loan_is_owed_back_on_the_day_of_its_slip(world):
    lent(world, days=5)
    duty = Duty.objects.get(clause="base:B.12", status="open")
    assert duty.due_on == TODAY + timedelta(days=5)
    assert list(duty.bound.values_list("person", flat=True)) == [world.li.pk]


@pytest.mark.parametrize(("days", "field"), [(-1, "until"), (8, "until")])
def test_a_day_in_the_past_or_beyond_the_term_is_answered_at_its_field(world, days, field):
    with pytest.raises(Invalid) as wrong:
        requested(world, days=days)
    assert set(wrong.value.errors) == {field}
    assert not Loan.objects.exists()


def test_the_seventh_day_is_within_the_term(world):
    assert requested(world, days=7).due_on == TODAY + timedelta(days=7)


def test_a_slip_without_a_purpose_is_answered_at_its_field(world):
    with pytest.raises(Invalid) as wrong:
        services.request_loan(**world.by(world.li), volume=world.volume, purpose="  ", until=TODAY)
    assert set(wrong.value.errors) == {"purpose"}


def test_a_borrower_who_left_gets_nothing(world):
    loan = requested(world)
    with writing():
        PostHolding.objects.filter(person=world.li).update(until=TODAY - timedelta(days=1))
    with pytest.raises(Invalid) as wrong:
        services.issue_loan(**world.by(world.wang), loan=loan)
    assert set(wrong.value.errors) == {"borrower"}


def test_a_borrower_who_is_leaving_brings_the_papers_back_before_the_last_day(world):
    last = TODAY + timedelta(days=2)
    with writing():
        PostHolding.objects.filter(person=world.li).update(until=last)
    with pytest.raises(Invalid) as wrong:
        requested(world, days=3)
    assert set(wrong.value.errors) == {"until"} and last.isoformat() in wrong.value.errors["until"]
    assert requested(world, days=2).due_on == last


def test_papers_shelved_elsewhere_before_the_count_stay_where_they_were_put(world):
    loan = lent(world)
    services.return_loan(**world.by(world.wang), loan=loan)
    with writing():
        other = Place.objects.create(branch=world.branch, code="B-02", name="")
    shelve_volume(**world.by(world.wang), volume=world.volume, place=other)
    with pytest.raises(Invalid):
        services.return_loan(**world.by(world.wang), loan=loan)
    services.check_loan(**world.by(world.wang), loan=loan, found=all_found(loan), pages_back=30, unmarked=True)
    world.volume.refresh_from_db()
    assert (world.volume.status, world.volume.place) == ("shelved", other)


def test_what_stands_on_its_shelf_again_is_not_taken_back_a_second_time(world):
    loan = lent(world)
    services.return_loan(**world.by(world.wang), loan=loan)
    services.check_loan(**world.by(world.wang), loan=loan, found=all_found(loan), pages_back=30, unmarked=True)
    with pytest.raises(Invalid) as wrong:
        services.return_loan(**world.by(world.wang), loan=loan)
    assert set(wrong.value.errors) == {"loan"}
    world.volume.refresh_from_db()
    assert (world.volume.status, world.volume.place) == ("shelved", world.shelf)


def test_what_is_away_is_not_lent_again_and_the_answer_names_who_has_it(world):
    other = requested(world, who=world.wang)
    lent(world)
    with pytest.raises(Invalid) as wrong:
        services.issue_loan(**world.by(world.wang), loan=other)
    assert str(world.li) in wrong.value.errors["volume"]


def test_two_open_loans_of_one_volume_are_impossible_in_the_table_itself(world):
    loan = lent(world)
    loan.pk = None
    with pytest.raises(IntegrityError), writing(), transaction.atomic():
        loan.save()


def test_lent_papers_are_not_put_on_a_shelf(world):
    lent(world)
    with pytest.raises(Invalid):
        shelve_volume(**world.by(world.wang), volume=world.volume, place=world.shelf)


def test_a_renewal_moves_the_day_keeps_the_old_one_and_the_duty_follows(world):
    loan = lent(world, days=3)
    until = TODAY + timedelta(days=9)
    services.renew_loan(**later(world, world.li, 3), loan=loan, until=until, reason="尚未核对完")
    loan.refresh_from_db()
    assert (loan.due_on, loan.renewals) == (until, 1)
    assert loan.was_due_on == [(TODAY + timedelta(days=3)).isoformat()]
    states = dict(Duty.objects.filter(clause="base:B.12").values_list("due_on", "status"))
    assert states == {TODAY + timedelta(days=3): "dropped", until: "open"}


def test_an_overdue_loan_is_renewed_to_a_day_that_lies_ahead_or_not_at_all(world):
    loan = lent(world, days=1)
    for days, told in ((3, Invalid), (4, None)):
        form = {"loan": loan, "until": TODAY + timedelta(days=days), "reason": "尚未核对完"}
        if told is None:
            services.renew_loan(**later(world, world.li, 4), **form)
        else:
            with pytest.raises(told) as wrong:
                services.renew_loan(**later(world, world.li, 4), **form)
            assert set(wrong.value.errors) == {"until"}
    loan.refresh_from_db()
    assert loan.due_on == TODAY + timedelta(days=4)


def test_a_second_renewal_is_one_too_many(world):
    loan = lent(world, days=1)
    services.renew_loan(**world.by(world.li), loan=loan, until=TODAY + timedelta(days=2), reason="一")
    with pytest.raises(Invalid):
        services.renew_loan(**world.by(world.li), loan=loan, until=TODAY + timedelta(days=3), reason="二")


def test_returned_and_lent_again_on_one_day_counts_as_a_renewal(world):
    loan = lent(world, days=1)
    services.return_loan(**world.by(world.wang), loan=loan)
    services.check_loan(**world.by(world.wang), loan=loan, found=all_found(loan), pages_back=30, unmarked=True)
    again = lent(world, days=1)
    assert again.renewals == 1
    with pytest.raises(Invalid):
        services.renew_loan(**world.by(world.li), loan=again, until=TODAY + timedelta(days=2), reason="再续")


def test_what_was_called_back_is_due_today_and_is_not_renewed(world):
    loan = lent(world)
    services.recall_loan(**world.by(world.wang), loan=loan, reason="审计调阅")
    loan.refresh_from_db()
    assert loan.due_on == TODAY
    assert Duty.objects.get(clause="base:B.12", status="open").due_on == TODAY
    with pytest.raises(Invalid):
        services.renew_loan(**world.by(world.li), loan=loan, until=TODAY + timedelta(days=1), reason="还要用")


def test_the_return_ends_the_borrowers_time_and_the_count_puts_the_volume_back(world):
    loan = lent(world)
    services.return_loan(**later(world, world.wang, 2), loan=loan)
    world.volume.refresh_from_db()
    assert (world.volume.status, world.volume.holder) == ("held", world.wang)
    assert Duty.objects.get(clause="base:B.12").status == "kept"
    services.check_loan(**later(world, world.wang, 2), loan=loan, found=all_found(loan), pages_back=30, unmarked=True)
    world.volume.refresh_from_db()
    loan.refresh_from_db()
    assert (world.volume.status, world.volume.place, loan.status) == ("shelved", world.shelf, "closed")


def test_one_sheet_missing_needs_its_note_and_is_marked(world):
    loan = lent(world)
    services.return_loan(**world.by(world.wang), loan=loan)
    counted = {"found": all_found(loan), "pages_back": 29, "unmarked": True}
    with pytest.raises(Invalid):
        services.check_loan(**world.by(world.wang), loan=loan, **counted)
    services.check_loan(**world.by(world.wang), loan=loan, **counted, note="缺第12页")
    loan.refresh_from_db()
    assert (loan.complete, loan.pages_back, loan.note) == (False, 29, "缺第12页")


def test_of_two_archivists_who_take_the_same_loan_back_the_second_is_told(world):
    loan = lent(world)
    services.return_loan(**world.by(world.wang), loan=loan)
    with pytest.raises(Invalid):
        services.return_loan(**world.by(world.wang), loan=loan)
    assert Event.objects.filter(name="loan.returned").count() == 1


def test_whoever_looked_at_an_older_page_is_told_so(world):
    loan = lent(world)
    with pytest.raises(Stale):
        services.recall_loan(**world.by(world.wang), seen=1, loan=loan, reason="审计")


def test_the_same_form_twice_is_one_loan(world):
    loan = requested(world)
    form = world.by(world.wang, token="once")
    first, second = (services.issue_loan(**form, loan=loan) for _no in range(2))
    assert (first.repeated, second.repeated, second.result) == (False, True, loan)
    assert Event.objects.filter(name="loan.issued").count() == 1


def test_no_clause_of_the_house_lets_a_borrower_pass_papers_on(world):
    loan = lent(world)
    with pytest.raises(Refused):
        services.pass_loan_on(**world.by(world.li), loan=loan, receiver=world.wang, how="password")


def test_a_slip_is_withdrawn_by_who_wrote_it(world):
    loan = requested(world)
    with pytest.raises(Invalid):
        services.withdraw_request(**world.by(world.wang), loan=loan)
    services.withdraw_request(**world.by(world.li), loan=loan)
    loan.refresh_from_db()
    assert loan.status == "withdrawn"


def test_a_reading_is_registered_with_its_purpose_and_what_came_of_it(world):
    row = reading_services.open_consultation(
        **world.by(world.wang), file=world.file, reader=world.li, purpose="核对地址"
    ).result
    reading_services.close_consultation(**world.by(world.wang), consultation=row, effect="地址已更新")
    row.refresh_from_db()
    assert (row.purpose, row.effect, row.closed_at) == ("核对地址", "地址已更新", NOW)
    with pytest.raises(Invalid):
        reading_services.close_consultation(**world.by(world.wang), consultation=row)
    assert Consultation.objects.count() == 1


def test_a_changed_day_of_return_in_the_table_is_named_by_the_replay(world):
    loan = lent(world)
    assert [one for one in disagreements() if "loans.Loan" in str(one)] == []
    with writing():
        Loan.objects.filter(pk=loan.pk).update(due_on=TODAY + timedelta(days=90))
    found = [str(one) for one in disagreements() if "loans.Loan" in str(one)]
    assert len(found) == 1 and "due_on" in found[0]


def test_a_scanned_label_leads_to_what_is_next_and_a_strangers_label_says_so(client, world):
    client.force_login(world.wang)
    counter = reverse("loans:counter")
    assert client.post(counter, {"label": world.file.number}).url == reverse("loans:file", args=[world.file.pk])
    loan = lent(world)
    assert client.post(counter, {"label": world.file.number}).url == reverse("loans:loan", args=[loan.pk])
    stranger = client.post(counter, {"label": "X-1"})
    assert stranger.status_code == 422 and "没有档案使用这个标签" in stranger.content.decode()
    client.force_login(world.zhao)
    assert client.post(counter, {"label": world.file.number}).status_code == 422


def test_a_direct_loan_needs_the_borrowers_own_signature(client, world):
    client.force_login(world.wang)
    form = {
        "token": "direct", "borrower": world.li.pk, "purpose": "年检", "until": TODAY.isoformat(),
        "borrower_username": "wang", "borrower_password": PASSWORD,
    }  # fmt: skip
    url = reverse("loans:direct", args=[world.file.pk])
    assert client.post(url, form).status_code == 422
    assert not Loan.objects.exists()


def test_every_stage_of_a_loan_has_a_page(client, world):
    client.force_login(world.wang)
    loan = requested(world)
    pages = [reverse("loans:loan", args=[loan.pk]), reverse("loans:file", args=[world.file.pk]), reverse("loans:list"),
             reverse("loans:register")]  # fmt: skip

    def shown(stage: str) -> None:
        for url in pages:
            answer = client.get(url)
            assert answer.status_code == 200, (stage, url)

    shown("requested")
    services.issue_loan(**world.by(world.wang), loan=loan)
    shown("issued")
    services.return_loan(**world.by(world.wang), loan=loan)
    shown("returned")
    services.check_loan(**world.by(world.wang), loan=loan, found=all_found(loan), pages_back=30, unmarked=True)
    shown("closed")


ASKING = """
pack: asking-house
language: 1
edition: "1"
title: {zh: 借阅须批准, en: Loans by consent}
posts: {chief: {zh: 总监, en: Chief}, owner: {zh: 业主, en: Owner}}
clauses:
  - id: "7"
    zh: 借出须总监同意。
    en: A loan needs the chief's consent.
    rules: [{consent: {act: loan.issue, from: [[chief], {all_of: [owner, chief]}], uses: 1}}]
"""


def test_a_loan_that_waits_for_consent_says_whose_and_leads_to_the_request(client, world):
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug="asking-house", file_name="91-asking-house.yaml", edition="1", text=ASKING,
            sha256=hashlib.sha256(ASKING.encode()).hexdigest(), approved_by=world.wang, in_force_from=TODAY,
        )  # fmt: skip
    loan = requested(world)
    client.force_login(world.wang)
    page = client.get(reverse("loans:loan", args=[loan.pk])).content.decode()
    assert "总监" in page and "业主" in page
    assert f"about=file%3A{world.file.pk}" in page and "act=loan.issue" in page
    refused = client.post(reverse("loans:issue", args=[loan.pk]), {"token": "now"})
    assert refused.status_code == 403 and "业主" in refused.content.decode()


BY_ROLE = """  - id: "4"
    zh: 经手人和保管人可查找、阅览自己的档案。
    en: Who has a role on a file or holds it finds and reads it.
    rules:
      - permit: {act: file.find, who: [file.seller, file.holder]}
      - permit: {act: file.read, who: [file.seller, file.holder], grade: open}
"""


@pytest.mark.parametrize("role", ["seller", "holder"])
def test_whoever_finds_a_file_only_by_a_role_on_it_sees_its_pages_and_a_stranger_none(client, world, role):
    with writing():
        text = PACK + BY_ROLE
        Adoption.objects.filter(slug="90-test-house.yaml").update(
            text=text, sha256=hashlib.sha256(text.encode()).hexdigest()
        )
        if role == "seller":
            world.file.roles.update(person=world.zhao)
        else:
            Volume.objects.filter(file=world.file).update(holder=world.zhao)
    pages = [reverse("files:list"), reverse("files:file", args=[world.file.pk]), reverse("loans:list"),
             reverse("loans:file", args=[world.file.pk]), reverse("loans:register")]  # fmt: skip
    client.force_login(world.zhao)
    assert [client.get(url).status_code for url in pages] == [200] * 5
    assert world.file.number in client.get(pages[0]).content.decode()
    with writing():
        world.file.roles.update(person=world.li)
        Volume.objects.filter(file=world.file).update(holder=world.wang)
    assert [client.get(url).status_code for url in pages] == [200, 404, 200, 404, 200]
