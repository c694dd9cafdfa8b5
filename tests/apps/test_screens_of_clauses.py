"""A clause names the screens on which it is felt."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kedang.rulebook.vocabulary import ACTS
from kedang.web.menu import address_of
from kedang.web.policy_cli import commands
from kedang.web.screens import BY_BODY, DECLARED, LABELS, SCREENS, screen_of
from tests.apps.test_policy_reader import world as world


def test_every_act_that_a_screen_offers_has_one_and_each_address_answers():
    assert [act for act in commands() if not screen_of(act)] == []
    assert {key for key in SCREENS if key not in ACTS and not any(act.startswith(f"{key}.") for act in ACTS)} == set()
    named = {*SCREENS.values(), *BY_BODY.values(), *DECLARED.values()}
    assert [name for name in sorted(named) if name not in LABELS or not address_of(name)] == []


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize(
    ("number", "screens"),
    [
        ("7.4.1a", ["custody:handovers", "office:desk"]),
        ("7.2.6a", ["loans:list"]),
        ("7.5.1", ["office:breaches"]),
        ("7.2.3b", ["inspections:list"]),
        ("7.0a", []),
    ],
)
def test_the_card_of_a_clause_leads_to_its_screens(client, world, number, screens):
    client.force_login(world.li)
    page = client.get(reverse("office:clause", args=[f"07:{number}"]), headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert ("Felt on:" in text) == bool(screens)
    felt = text.partition("Felt on:")[2].partition("</p>")[0]
    assert [name for name in screens if f'href="{reverse(name)}"' in felt] == screens
    assert felt.count("href=") == len(screens)
