"""Deals under the job description of a file clerk: what is not paid on the spot waits for a signature."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.answers import Refused
from kedang.adoptions.models import Adoption
from kedang.customers import services as customers
from kedang.files import services
from kedang.journal.guard import writing
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CLERK = Path(kedang.__file__).parent / "policies" / "06-marketing-file-clerk.yaml"


@pytest.fixture
def world():
    """Li is the salesperson, Zhao the inspector, Wang the file clerk with the file of one verified customer."""
    made = make_world()
    text = CLERK.read_text("utf-8")
    with writing():
        Adoption.objects.create(
            branch=made.branch, slug=CLERK.name[3:-5], file_name=CLERK.name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
        for person, post in ((made.li, "salesperson"), (made.wang, "file-clerk"), (made.zhao, "market-inspector")):
            PostHolding.objects.create(person=person, branch=made.branch, post=post, since=date(2020, 1, 1))
    customer = customers.open_customer(
        **made.by(made.li), branch=made.branch, kind="organization", name="长安商行"
    ).result
    customers.verify_customer(**made.by(made.zhao), customer=customer, how="上门核实")
    made.file = services.open_file(
        **made.by(made.wang), branch=made.branch, kind="customer", values={"name": "长安商行"}, roles={},
        customer=customer,
    ).result  # fmt: skip
    return made


def deal(world, *ways):
    return services.open_job(
        **world.by(world.li), file=world.file, what="deal", job_kinds=list(ways), contact_name="秦叔宝",
        contact_phone="13800138000", verified=True,
    ).result  # fmt: skip


def test_a_deal_that_is_paid_on_the_spot_is_entered_at_once(world):
    assert deal(world, "on-spot").kinds == "on-spot"


@pytest.mark.parametrize("ways", [["credit"], ["on-spot", "bills"], ["other"], []])
def test_another_deal_is_not(world, ways):
    with pytest.raises(Refused) as caught:
        deal(world, *ways)
    assert caught.value.answer.clauses == {"06:6.5c"} and not world.file.jobs.exists()


def test_a_salesperson_does_not_write_in_the_file(world):
    with pytest.raises(Refused) as caught:
        services.edit_file(**world.by(world.li), file=world.file, values={"phone": "13800138000"})
    assert caught.value.answer.clauses == {"06:6.4a"}
    services.edit_file(**world.by(world.wang), file=world.file, values={"phone": "13800138000"})
