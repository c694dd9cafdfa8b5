"""Papers that come in with one form: each is asked for itself, and what they share is settled once (decision 0210)."""

from __future__ import annotations

import pytest

from kedang.acts.answers import Refused
from kedang.approvals.models import Approval
from kedang.files.models import Record
from kedang.files.record_services import answer_records
from kedang.office.approval_services import grant_approval, request_approval
from tests.apps.files_world import make_world, thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CONSENT = """
  - id: "8"
    zh: 登记{kind}须经档案管理员同意。
    en: Such a paper is entered with the keeper's consent.
    rules:
      - consent: {{act: record.add, who: [seller], when: {{record.kind: {kind}}}, from: [[keeper]],
                  uses: 1, lasts_days: 3}}
"""
CONTRACT_FIRST = """
  - id: "8"
    zh: 没有合同的不登记照片。
    en: No photo is entered without the contract.
    rules:
      - require: {act: record.add, when: {record.kind: photo, record.state: present},
                  that: {file.records: {contains: [contract]}}}
"""


def enter(world, *kinds: str):
    lines = {one.line: one for one in Record.objects.filter(file=world.file)}
    given = {str(lines[one].pk): {"state": "present"} for one in kinds}
    return answer_records(**world.by(world.li), file=world.file, answers=given)


@pytest.mark.parametrize("kind", ["contract", "photo"])
def test_a_consent_for_one_of_several_papers_is_spent_wherever_it_stands_among_them(kind):
    world = make_world(CONSENT.format(kind=kind))
    world.file = thing(world)
    with pytest.raises(Refused):
        enter(world, "contract", "photo")
    about = {"clause": "90:8", "act": "record.add", "about": ("file", str(world.file.pk))}
    asked = request_approval(**world.by(world.li), branch=world.branch, **about).result
    grant_approval(**world.by(world.wang), approval=asked)
    enter(world, "contract", "photo")
    assert Approval.objects.get(pk=asked.pk).uses_left == 0


def test_what_comes_together_is_there_together():
    """A paper that needs another beside it may come with it, and not before it."""
    world = make_world(CONTRACT_FIRST)
    world.file = thing(world)
    with pytest.raises(Refused) as refused:
        enter(world, "photo")
    assert refused.value.answer.clauses == {"90:8"}
    enter(world, "photo", "contract")
    assert set(Record.objects.filter(file=world.file, state="present").values_list("line", flat=True)) == {
        "contract", "photo",
    }  # fmt: skip
