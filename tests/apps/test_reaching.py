"""A policy may hold back one milestone: nobody moves in before his papers are there."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import kedang
from kedang.acts.answers import Refused
from kedang.adoptions.models import Adoption
from kedang.files import record_services, services
from kedang.files.models import Milestone, Record
from kedang.journal.guard import writing
from kedang.staff.models import PostHolding
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
POLICY = Path(kedang.__file__).parent / "policies" / "09-property-management-full.yaml"


@pytest.fixture
def world():
    made = make_world()
    with writing():
        text = POLICY.read_text("utf-8")
        Adoption.objects.create(
            branch=made.branch, slug="property-management-full", file_name=POLICY.name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=made.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
        PostHolding.objects.create(person=made.li, branch=made.branch, post="property-staff", since=date(2020, 1, 1))
    made.file = services.open_file(
        **made.by(made.li), branch=made.branch, kind="individual", values={"name": "秦叔宝"}, roles={}
    ).result
    return made


def reach(world, milestone):
    services.reach_file(**world.by(world.li), file=world.file, milestone=milestone, on=world.today)


def bring(world, line):
    row = Record.objects.get(file=world.file, line=line)
    answers = {str(row.pk): {"state": "present"}}
    record_services.answer_records(**world.by(world.li), file=world.file, answers=answers)


def test_nobody_moves_in_before_his_proof_of_identity_is_there(world):
    bring(world, "basic-form")
    with pytest.raises(Refused) as caught:
        reach(world, "moved-in")
    assert caught.value.answer.clauses == {"09:9.3.1.1a"}
    assert not Milestone.objects.filter(file=world.file).exists()
    bring(world, "identity-proof")
    reach(world, "moved-in")
    assert Milestone.objects.get(file=world.file).key == "moved-in"


def test_the_other_milestones_wait_for_nothing(world):
    reach(world, "received")
    assert Milestone.objects.get(file=world.file).key == "received"
