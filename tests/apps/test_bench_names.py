"""The bench asks for names that enough files bear, and says so from how it draws them."""

import random
from collections import Counter

import pytest

from bench.names import common, name

DRAWN = 20_000


@pytest.mark.parametrize("given_only", [False, True])
def test_common_names_are_borne_as_often_as_they_say(given_only):
    pick = random.Random(7)
    drawn = [name(pick) for _ in range(DRAWN)]
    borne = Counter(one[1:] for one in drawn if len(one) == 3) if given_only else Counter(one[:2] for one in drawn)
    names = common(8, DRAWN, given_only=given_only)
    rest = set(borne) - set(names)
    assert len(names) > 5
    assert sum(borne[one] for one in names) / len(names) > 8
    assert sum(borne[one] for one in rest) / len(rest) < 8
