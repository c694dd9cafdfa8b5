"""Sanctions with conditions: their facts come from the events and the duty behind the breach."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from kedang.acts.following import follow_alone
from kedang.duties.models import Duty
from kedang.journal import parts as journal
from kedang.journal.guard import writing
from kedang.sanctions.models import Breach
from kedang.sanctions.queries import weigh
from tests.apps.office_world import NOW, make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PACK = """
pack: test-priced
language: 1
edition: "1"
title: {zh: 测试处罚, en: Priced}
defects: {stain: {zh: 污损, en: Stain}}
clauses:
  - id: "1"
    zh: 请求一日内答复。
    en: A request is answered within a day.
    rules:
      - duty: {after: request.sent, who: [event.actor], about: request, done_by: request.answered, within_days: 1}
  - id: "2"
    zh: 逾期不超过五日罚五十元，超过五日罚二百元。
    en: Up to five days late costs fifty, more than that two hundred.
    rules:
      - sanction: {for: {late: "1"}, per: item, fine_cny: 50, decided_by: [manager],
                   when: {duty.days_late: {at_most: 5}}}
      - sanction: {for: {late: "1"}, per: item, fine_cny: 200, decided_by: [manager], when: {duty.days_late: {over: 5}}}
  - id: "3"
    zh: 检查发现的污损罚二十元。
    en: A stain that an inspection finds costs twenty.
    rules:
      - sanction: {for: {defect: stain}, per: item, fine_cny: 20, decided_by: [manager],
                   when: {defect.inspection: "yes"}}
"""


@pytest.fixture
def world():
    return make_office(("91-test-priced.yaml", PACK))


def happens(world, name, about, on, **data):
    """An event of Li's with what follows from it."""
    kind = next(iter(about))
    event = journal.NewEvent(name, (kind, about[kind]), on, about=about, data=data)
    with writing(), transaction.atomic():
        [row] = journal.append(
            act_id=uuid.uuid4(), act="test.act", events=[event], actor=world.li.pk, branch=world.branch.pk, now=NOW
        )
        follow_alone(world.branch, [row])


def late(world) -> Breach:
    """A breach for an answer that was due on the 3rd of March."""
    happens(world, "request.sent", {"request": "1"}, date(2026, 3, 2))
    duty = Duty.objects.get(clause="91:1")
    row = world.breach(world.li, date(2026, 3, 4), name="91:1")
    with writing():
        Breach.objects.filter(pk=row.pk).update(duty=duty)
    return Breach.objects.get(pk=row.pk)


@pytest.mark.parametrize(("today", "sum_"), [(date(2026, 3, 8), 50), (date(2026, 3, 9), 200)])
def test_while_it_is_not_done_the_sum_grows_with_the_days(world, today, sum_):
    assert weigh([late(world)], today)[0].proposal.amount == Decimal(sum_)


def test_once_it_is_done_the_days_are_counted_to_that_day(world):
    row = late(world)
    happens(world, "request.answered", {"request": "1"}, date(2026, 3, 7))
    assert weigh([Breach.objects.get(pk=row.pk)], date(2026, 3, 30))[0].proposal.amount == Decimal(50)


@pytest.mark.parametrize(("found_by_inspection", "proposed"), [(True, True), (False, False)])
def test_the_event_that_recorded_a_defect_decides_whether_the_clause_fits(world, found_by_inspection, proposed):
    happens(
        world, "defect.raised", {"defect": "d1"}, date(2026, 3, 5), kind="stain", person=str(world.li.pk),
        inspection=found_by_inspection,
    )  # fmt: skip
    weighed = weigh([Breach.objects.get(kind="defect")])[0]
    assert (weighed.proposal is not None) is proposed


def test_what_no_event_told_is_unknown_and_proposes_nothing(world):
    happens(world, "defect.raised", {"defect": "d1"}, date(2026, 3, 5), kind="stain", person=str(world.li.pk))
    assert weigh([Breach.objects.get(kind="defect")])[0].proposal is None
