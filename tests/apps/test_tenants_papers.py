"""Tenants' files at work: a contact who is replaced, and papers that come in."""

import pytest

from kedang.duties.models import Duty
from kedang.files import services
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
    bring(world, "contact-change")
    assert owed(world, "11.b.5b") == ["kept"]


def test_another_field_that_is_changed_owes_nothing():
    world = tenants()
    services.edit_file(**world.by(world.li), file=world.file, values={"emergency-name": "王勃"})
    assert owed(world, "11.b.5b") == []
