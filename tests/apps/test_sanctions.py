"""Fines: proposed by the rules, heard, imposed by the named post in the order of time, and never altered unnoticed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.acts.lapsing import end_days
from kedang.adoptions.models import Adoption
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.journal.queries import events_of
from kedang.journal.replay import disagreements
from kedang.office.services import (
    correct_breach,
    hear_breach,
    impose_sanction,
    order_correction,
    quash_sanction,
    waive_sanction,
)
from kedang.rulebook import propose
from kedang.rulebook.sanctions import undecidable_before
from kedang.sanctions.models import Breach, Sanction
from kedang.sanctions.parts import is_sanctioned
from kedang.sanctions.queries import counting, decided_of, facts_of, posts_by_person, weigh
from kedang.sanctions.told import told
from tests.apps.founded import tell_the_founding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    made = make_office()
    tell_the_founding()
    return made


def heard(world, row):
    """The breach after its hearing."""
    hear_breach(**world.by(world.qian), breach=row, statement="The customer kept the invoice.")
    return row


def imposed(world, row, **given):
    """The breach after hearing and decision."""
    impose_sanction(**world.by(world.qian), breach=heard(world, row), **given)
    return Sanction.objects.get(breach=row)


def test_a_late_file_costs_fifty_once_it_is_imposed(world):
    decided = imposed(world, world.breach(world.li, date(2026, 3, 3)))
    assert (decided.amount_cny, decided.decided_by) == (Decimal(50), world.qian)
    assert "07:7.5.1" in decided.clauses
    assert [one.name for one in events_of("breach", decided.pk)] == [
        "breach.raised", "sanction.heard", "sanction.imposed",
    ]  # fmt: skip


def test_a_second_late_file_within_a_month_costs_double_if_the_first_is_imposed(world):
    first, second = world.breach(world.li, date(2026, 3, 3)), world.breach(world.li, date(2026, 3, 20))
    weighed = weigh([second])[0]
    assert weighed.before == (first.pk,)
    assert (weighed.proposal.amount, weighed.proposal.amount_if_not) == (Decimal(100), Decimal(50))
    imposed(world, first)
    assert imposed(world, second).amount_cny == Decimal(100)


def test_the_second_costs_fifty_when_the_first_is_waived(world):
    first, second = world.breach(world.li, date(2026, 3, 3)), world.breach(world.li, date(2026, 3, 20))
    waive_sanction(**world.by(world.qian), breach=first, reason="The registry was shut.")
    assert imposed(world, second).amount_cny == Decimal(50)


def test_the_second_cannot_be_decided_before_the_first(world):
    world.breach(world.li, date(2026, 3, 3))
    second = heard(world, world.breach(world.li, date(2026, 3, 20)))
    with pytest.raises(Refused) as caught:
        impose_sanction(**world.by(world.qian), breach=second)
    assert "law:LC.52" in caught.value.answer.clauses
    assert not Sanction.objects.exists() and Refusal.objects.get().act == "sanction.impose"


def test_nothing_is_imposed_before_the_hearing(world):
    with pytest.raises(Refused) as caught:
        impose_sanction(**world.by(world.qian), breach=world.breach(world.li, date(2026, 3, 3)))
    assert "law:LC.50" in caught.value.answer.clauses


def test_nothing_is_imposed_while_it_is_not_recorded_that_staff_were_told():
    world = make_office(told=False)
    row = heard(world, world.breach(world.li, date(2026, 3, 3)))
    with pytest.raises(Refused) as caught:
        impose_sanction(**world.by(world.qian), breach=row)
    assert "law:LC.4" in caught.value.answer.clauses


@pytest.mark.parametrize("name", ["li", "wang", "sun"])
def test_only_the_named_post_imposes(world, name):
    row = heard(world, world.breach(world.li, date(2026, 3, 3)))
    with pytest.raises(Refused):
        impose_sanction(**world.by(getattr(world, name)), breach=row)
    assert not Sanction.objects.exists()


def test_nobody_decides_on_himself(world):
    row = heard(world, world.breach(world.qian, date(2026, 3, 3)))
    with pytest.raises(Refused) as caught:
        impose_sanction(**world.by(world.qian), breach=row)
    assert "law:LC.51" in caught.value.answer.clauses


def test_a_decision_is_made_once(world):
    decided = imposed(world, world.breach(world.li, date(2026, 3, 3)))
    with pytest.raises(Invalid):
        impose_sanction(**world.by(world.qian), breach=decided.breach)
    assert Sanction.objects.count() == 1


def test_less_than_proposed_needs_a_reason_and_more_is_wrong(world):
    row = heard(world, world.breach(world.li, date(2026, 3, 3)))
    for amount, reason in ((Decimal(20), ""), (Decimal(60), "because"), (Decimal(-1), "because")):
        with pytest.raises(Invalid):
            impose_sanction(**world.by(world.qian), breach=row, amount=amount, reason=reason)
    impose_sanction(**world.by(world.qian), breach=row, amount=Decimal(20), reason="First month here")
    assert Sanction.objects.get().amount_cny == Decimal(20)


def test_waiving_needs_a_reason(world):
    with pytest.raises(Invalid):
        waive_sanction(**world.by(world.qian), breach=world.breach(world.li, date(2026, 3, 3)), reason=" ")


def test_quashing_the_first_marks_the_second_to_be_looked_at_again(world):
    first, second = world.breach(world.li, date(2026, 3, 3)), world.breach(world.li, date(2026, 3, 20))
    imposed(world, first)
    imposed(world, second)
    quash_sanction(**world.by(world.qian), breach=first, reason="Delivered a day later than written")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.review) == ("quashed", True)


def test_what_counted_a_quashed_one_says_so_and_is_decided_anew(world, client):
    first, second = world.breach(world.li, date(2026, 3, 3)), world.breach(world.li, date(2026, 3, 20))
    imposed(world, first)
    assert imposed(world, second).amount_cny == Decimal(100)
    quash_sanction(**world.by(world.qian), breach=first, reason="Delivered a day later than written")
    client.force_login(world.qian)
    page = client.get(reverse("office:breach", args=[first.pk]), headers={"Accept-Language": "en"}).content.decode()
    assert "Delivered a day later than written" in page
    url = reverse("office:breach", args=[second.pk])
    page = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "To be looked at again" in page and reverse("office:breach", args=[first.pk]) in page
    assert "The clauses now propose: ¥50.00." in page and reverse("office:decide", args=[second.pk]) in page
    sent = client.post(reverse("office:decide", args=[second.pk]), {"decision": "impose", "token": "anew"})
    assert sent.status_code == 302
    second.refresh_from_db()
    assert (second.status, second.review, second.sanction.amount_cny) == ("imposed", False, Decimal(50))
    sums = [one.data["amount_cny"] for one in events_of("breach", second.pk) if one.name == "sanction.imposed"]
    assert sums == ["100.00", "50.00"] and list(disagreements()) == []
    with pytest.raises(Invalid):
        impose_sanction(**world.by(world.qian), breach=second)


def test_a_breach_waits_for_the_record_of_the_edition_of_its_own_day(world, client):
    """A later edition that nobody was heard about keeps no earlier breach waiting."""
    earlier, later = world.breach(world.li, date(2026, 3, 3)), world.breach(world.wang, date(2026, 3, 24))
    with writing():
        old = Adoption.objects.get(file_name__startswith="07-")
        old.ended_on = date(2026, 3, 14)
        old.save(update_fields=["ended_on"])
        Adoption.objects.create(
            branch=world.branch, slug=old.slug, file_name=old.file_name, edition="2", text=old.text, sha256=old.sha256,
            approved_by=world.qian, in_force_from=date(2026, 3, 15),
        )  # fmt: skip
    assert imposed(world, earlier).amount_cny == Decimal(50)
    heard(world, later)
    with pytest.raises(Refused) as refused:
        impose_sanction(**world.by(world.qian), breach=later)
    assert refused.value.answer.clauses == {"law:LC.4"}
    client.force_login(world.qian)
    sent = client.post(
        reverse("office:decide", args=[later.pk]), {"decision": "impose", "token": "early"},
        headers={"Accept-Language": "zh-hans"},
    )  # fmt: skip
    page = sent.content.decode()
    assert sent.status_code == 403 and "处理的已告知员工" in page and "staff told" not in page


def test_an_ordered_correction_repeats_the_breach_each_working_day_until_it_is_mended(world):
    row = world.breach(world.li, date(2026, 3, 3))
    imposed(world, row)
    friday = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
    order_correction(**world.by(world.sun, friday), breach=row)
    wednesday = date(2026, 3, 25)
    assert end_days(world.branch, wednesday, friday + timedelta(days=5))[1] == 2
    assert end_days(world.branch, wednesday, friday + timedelta(days=5)) == (0, 0)
    again = list(Breach.objects.filter(same_as=row).order_by("happened_on"))
    assert [one.happened_on for one in again] == [date(2026, 3, 23), date(2026, 3, 24)]
    assert weigh(again)[0].proposal.amount == Decimal(50)
    correct_breach(**world.by(world.li, friday + timedelta(days=5)), breach=row)
    assert end_days(world.branch, date(2026, 4, 10), friday + timedelta(days=21))[1] == 0


def test_mending_without_an_order_is_a_wrong_form(world):
    with pytest.raises(Invalid):
        correct_breach(**world.by(world.li), breach=world.breach(world.li, date(2026, 3, 3)))


def test_a_changed_fine_is_named_by_the_replay(world):
    decided = imposed(world, world.breach(world.li, date(2026, 3, 3)))
    waived = world.breach(world.wang, date(2026, 3, 3))
    waive_sanction(**world.by(world.qian), breach=waived, reason="The registry was shut.")
    assert list(disagreements()) == []
    with writing():
        Sanction.objects.filter(pk=decided.pk).update(amount_cny=Decimal(5))
    found = [one for one in disagreements() if "amount_cny" in str(one)]
    assert len(found) == 1 and f"breach:{decided.pk}" in str(found[0])


def test_a_fine_from_nowhere_is_named_by_the_replay(world):
    row = world.breach(world.li, date(2026, 3, 3))
    with writing():
        Sanction.objects.create(breach=row, amount_cny=1, decided_by=world.qian, decided_on=world.today)
    assert any("does not" in str(one) for one in disagreements())
    assert Event.objects.filter(name="sanction.imposed").count() == 0


@pytest.mark.parametrize(("who", "priced"), [("zhou", True), ("li", False)])
def test_a_fault_is_a_breach_only_of_those_for_whom_a_clause_puts_a_price_on_it(world, who, priced):
    on = date(2026, 3, 5)
    assert is_sanctioned(world.branch, "defect", "missing", on, getattr(world, who).pk) is priced


WITHIN = """
pack: house
language: 1
edition: "1"
title: {zh: 内部制度, en: House rules}
posts:
  customer-director: {zh: 客户总监, en: Director}
  sales-consultant: {zh: 销售顾问, en: Consultant}
clauses:
  - id: "1"
    zh: 迟交罚款十元。
    en: A late file costs ten.
    rules: [{sanction: {for: {late: "07:7.4.1a"}, fine_cny: 10, per: occurrence, decided_by: [customer-director]}}]
  - id: "2"
    zh: 四十日内第三次起三倍。
    en: From the third within forty days on it costs three times as much.
    rules: [{aggravate: {who: [sales-consultant], counts: imposed, within_days: 40, from_nth: 3, multiply: 3}}]
"""


def test_only_breaches_in_the_windows_are_read_and_the_sums_are_those_of_reading_all():
    world = make_office(("91-house.yaml", WITHIN))
    days = [date(2025, 11, 1) + timedelta(days=number * 9) for number in range(16)]
    rows = [world.breach(who, day) for day in days for who in (world.li, world.wang)]
    shown = list(Breach.objects.filter(pk__in=[row.pk for row in rows[-10:]]).select_related("person", "branch"))
    every = [decided_of(row) for row in Breach.objects.select_related("sanction")]
    found = weigh(shown)
    assert len({one.proposal.amount for one in found}) > 1
    for one in found:
        posts = posts_by_person(world.branch, [one.breach.person_id])
        facts = facts_of(one.breach, one.book, posts, told([one.breach])[one.breach.pk])
        assert one.proposal == propose(one.book, facts, every)
        assert one.before == undecidable_before(one.book, facts, every)
    read = counting(shown, {one.breach.happened_on: one.book for one in found})
    first = min(one.happened_on for one in shown)
    assert min(read.values_list("happened_on", flat=True)) >= first - timedelta(days=40)
    assert shown[0].pk in {one.pk for one in read} and read.count() < len(rows)


TORN = """
pack: house
language: 1
edition: "1"
title: {zh: 内部制度, en: House rules}
posts:
  customer-director: {zh: 客户总监, en: Director}
  sales-consultant: {zh: 销售顾问, en: Consultant}
incidents: {torn: {zh: 撕毁, en: torn}, wet: {zh: 受潮, en: wet}}
clauses:
  - id: "1"
    zh: 撕毁的罚款五十至三百元，受潮的罚款十元。
    en: A torn file costs fifty to three hundred, a wet one ten.
    rules:
      - sanction: {for: {incident: torn}, fine_cny_from: 50, fine_cny_to: 300, per: file,
          decided_by: [customer-director]}
      - sanction: {for: {incident: wet}, fine_cny: 10, per: file, decided_by: [customer-director]}
  - id: "2"
    zh: 再次撕毁加倍。
    en: Torn again it costs double.
    rules:
      - aggravate: {for: {incident: torn}, who: [sales-consultant], counts: imposed, within_days: 40, from_nth: 2,
          multiply: 2}
"""


def test_a_sum_outside_the_range_of_its_clause_is_refused():
    world = make_office(("91-house.yaml", TORN))
    row = heard(world, world.breach(world.li, date(2026, 3, 3), kind="incident", name="torn"))
    for amount in (None, Decimal(49), Decimal("300.01"), Decimal(301)):
        with pytest.raises(Invalid, match=r"50 .*300"):
            impose_sanction(**world.by(world.qian), breach=row, amount=amount, reason="because")
    impose_sanction(**world.by(world.qian), breach=row, amount=Decimal(300))
    assert Sanction.objects.get().amount_cny == Decimal(300)


def test_only_the_breach_that_an_aggravation_names_counts_and_costs_more():
    world = make_office(("91-house.yaml", TORN))
    imposed(world, world.breach(world.li, date(2026, 3, 3), kind="incident", name="wet"))
    first, second = (world.breach(world.li, date(2026, 3, day), kind="incident", name="torn") for day in (4, 10))
    assert weigh([first])[0].proposal.range == (Decimal(50), Decimal(300))
    imposed(world, first, amount=Decimal(50))
    assert weigh([second])[0].proposal.range == (Decimal(100), Decimal(600))
    wet = world.breach(world.li, date(2026, 3, 12), kind="incident", name="wet")
    assert weigh([wet])[0].proposal.amount == Decimal(10)
