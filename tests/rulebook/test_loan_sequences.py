"""Ten thousand random lives of a small house: the model in plain Python beside the rule engine and its fold of duties.

What this covers: who may do what as the pack says it (``decide``), and what is owed by whom and by when (``follow_up``
and ``fold``), over random orders of loans, handovers, lists, numbers, shelves and leavings; and that the model itself
never breaks what must always hold.  What it does not: rows, transactions and locks.  Those are held against the same
model by ``tests/apps/test_loan_sequences.py``, on both databases.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from kedang.rulebook import Book
from tests.loan_model import DONE, INVALID, Model, Step, days_that_pass, step
from tests.loan_rules import ACTS, Engine, book, outcome_of, owed_by

STEPS = 24


@pytest.fixture(scope="module")
def rules() -> Book:
    return book()


def live(rules: Book, seed: int, counted: Counter[str]) -> None:
    """One life: ``STEPS`` acts drawn by the seed, each set beside the engine."""
    dice, model, engine = Random(seed), Model(), Engine(rules)
    tried: list[Step] = []
    for _no in range(STEPS):
        model.day += days_that_pass(dice)
        tried.append(now := step(model, dice))
        told = model.answer(now)
        counted[f"{now.act} {told}"] += 1
        if told != INVALID:
            assert engine.allows(now, model) == (told == DONE), f"seed {seed}, day {model.day}: {now} of {tried}"
        if told == DONE:
            model.apply(now)
            engine.happen(now, model)
        assert model.broken() == [], f"seed {seed}: {tried}"
        assert engine.owed() == owed_by(model), f"seed {seed}, day {model.day}: {tried}"
    assert engine.folded(model) == engine.followed(model), f"seed {seed}: {tried}"
    ended = {one.about: one.status for one in engine.duties.values() if one.done_by}
    wanted = {f"loan:{no}": outcome_of(one) for no, one in enumerate(model.loans) if one.returned is not None}
    assert ended == wanted, f"seed {seed}: {tried}"


def live_many(rules: Book, seeds: range) -> Counter[str]:
    """So many lives; how often each act was told what."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        live(rules, seed, counted)
    return counted


@pytest.mark.parametrize("thousand", range(10))
def test_ten_thousand_random_lives_agree_with_the_engine_and_break_nothing(rules, thousand):
    counted = live_many(rules, range(thousand * 1000, thousand * 1000 + 1000))
    assert {act for act in ACTS if not counted[f"{act} done"]} == set(), "each act succeeds somewhere"
    assert {act for act in ACTS if not counted[f"{act} refused"]} == set(), "each act is refused somewhere"


def test_the_model_itself_names_what_must_never_be():
    model = Model()
    model.apply(Step("open", "sell1"))
    model.files[0].place = "A"
    assert model.broken() == ["file 0 has a place and somebody's hand, or neither"]
    model.files[0].status, model.files[0].holder = "shelved", ""
    assert model.broken() == ["file 0 has no holder"]
    model = Model()
    model.apply(Step("open", "sell1"))
    model.apply(Step("direct", "keep1", whom="sell2", n=3))
    model.files[0].holder = "sell1"
    assert model.broken() == ["file 0 is lent without its loan, or its borrower does not hold it"]
    model.files[0].lists.clear()
    model.apply(Step("write", "sell1", n=2))
    model.apply(Step("sign", "sell1"))
    model.apply(Step("sign", "keep1"))
    model.files[0].holder = "sell2"
    assert model.broken() == []
    model.files[0].lists[0].pages = 3
    assert model.broken() == ["the locked list 0 of file 0 has changed"]
