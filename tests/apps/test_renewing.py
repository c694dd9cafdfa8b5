"""A renewal that cannot succeed on any day is not offered: the page says from when one can be had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.apps.test_loans import built, lent, pytestmark, world  # noqa: F401

EN = {"Accept-Language": "en"}


@pytest.mark.parametrize(("passed", "open_"), [(0, False), (1, True)])
def test_on_the_day_of_a_loan_of_full_length_the_first_day_of_its_renewal_is_named(
    client,
    world,  # noqa: F811
    settings,
    passed,
    open_,
):
    loan = lent(world)
    settings.CLOCK = lambda: world.now + timedelta(days=passed)
    client.force_login(world.li)
    page = client.get(reverse("loans:loan", args=[loan.pk]), headers=EN).content.decode()
    first = (world.today + timedelta(days=1)).isoformat()
    assert (f"it can be renewed from {first} on" in page) != open_
    assert (f'action="{reverse("loans:renew", args=[loan.pk])}"' in page) == open_
