"""Random lives of a small house, each step through the real commands, against the model in plain Python.

At each step the person is told what the model says, and afterwards every row is as the model says; at the end of each
life the journal is intact and agrees with the rows (``verify --state``).  A failure names the seed and the steps.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from kedang.duties.models import Duty
from kedang.journal import keys
from kedang.journal.replay import disagreements
from kedang.journal.verifying import verify
from tests.apps.files_world import NOW
from tests.apps.founded import tell_the_founding
from tests.apps.loan_house import Life, day, make_house
from tests.loan_model import DONE, Model, Step, days_that_pass, step

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
STEPS = 24


class LifeIsOver(Exception):
    """Undoes a life, so that the next one begins in the same house."""


@pytest.fixture
def house():
    made = make_house()
    tell_the_founding()
    return made


def live(house, seed: int, counted: dict[str, int]) -> None:
    """One life: ``STEPS`` acts drawn by the seed."""
    dice, model, life = Random(seed), Model(), Life(house, f"life-{seed}")
    tried: list[Step] = []
    for _no in range(STEPS):
        model.day += days_that_pass(dice)
        tried.append(now := step(model, dice))
        wanted = model.answer(now)
        told = life.tell(now, model)
        assert told == wanted, f"seed {seed}, day {model.day}: {now} was told {told}, the model says {wanted}: {tried}"
        counted[f"{now.act} {told}"] = counted.get(f"{now.act} {told}", 0) + 1
        if told == DONE:
            model.apply(now)
        assert model.broken() == [], f"seed {seed}: {tried}"
        assert life.differs(model) == [], f"seed {seed}: {tried}"
    owes_what_is_out(model, life)
    report = verify(NOW + timedelta(days=model.day), [disagreements()])
    assert report.findings == [], f"seed {seed}: {tried}"


def owes_what_is_out(model: Model, life: Life) -> None:
    """Exactly who has papers owes their return, once, on the day that the model says."""
    owed = Duty.objects.filter(clause="base:B.12", status__in=["open", "late"], done_on=None)
    found = {(one.about_id, one.due_on, tuple(one.bound.values_list("person", flat=True))) for one in owed}
    wanted = {
        (str(row.pk), day(loan.owed_on), (life.house.people[loan.borrower].pk,))
        for row, loan in zip(life.loans, model.loans, strict=True) if loan.status == "issued"
    }  # fmt: skip
    assert found == wanted and owed.count() == len(wanted)


def live_many(house, seeds: range) -> dict[str, int]:
    """So many lives in one house, each undone at its end; how often each act was told what."""
    counted: dict[str, int] = {}
    for seed in seeds:
        keys.cache.clear()
        with pytest.raises(LifeIsOver), transaction.atomic(), transaction.atomic(using="keys"):
            live(house, seed, counted)
            raise LifeIsOver
    return counted


def test_ten_random_lives_go_as_the_model_says(house):
    counted = live_many(house, range(10))
    assert {act.partition(" ")[0] for act in counted} >= {"request", "issue", "renew", "recall", "return", "check"}


@pytest.mark.long
@pytest.mark.parametrize("part", range(6))
def test_three_hundred_random_lives_go_as_the_model_says(house, part):
    counted = live_many(house, range(1000 + part * 50, 1050 + part * 50))
    acts = {act.partition(" ")[0] for act in counted}
    assert acts >= {"request", "issue", "direct", "renew", "recall", "return", "check", "pass_on", "withdraw"}
    assert acts >= {"shelve", "offer", "receive", "write", "sign", "number", "open", "leave"}
    done = {act for act in counted if act.endswith(" done")}
    assert len(done) == 17, f"each act succeeds somewhere: {sorted(done)}"
