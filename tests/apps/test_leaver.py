"""Who leaves is released once nothing of the archive is with them, and takes nothing along meanwhile."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

import kedang
from kedang.acts import facts
from kedang.acts.answers import Refused
from kedang.acts.facts import Scene
from kedang.acts.gate import advise
from kedang.adoptions.models import Adoption
from kedang.custody.services import offer_handover, sign_handover
from kedang.files.models import File, Record, Volume
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.models import Refusal
from kedang.loans import services as loans
from kedang.office import staff_services as staff
from kedang.staff.models import Person, PostHolding
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CLAUSE = """
  - id: "v1"
    zh: 档案全部交清后办清离职手续；将离职的人不能导出档案。
    en: Who leaves is cleared when all papers are back, and exports nothing.
    rules:
      - require: {act: person.release, that: {person.open_loans: {at_most: 0}, person.held_volumes: {at_most: 0},
                  person.held_files: {at_most: 0}, person.cleared: "yes"}}
      - forbid: {act: file.export, when: {actor.leaving: "yes"}}
"""
BOX = Path(kedang.__file__).parent / "policies"
BY_ADMINISTRATORS = (  # the policies that make a release wait and leave it to the administrator
    "01-elderly-health-products.yaml", "12-distributor-supplier-customer-data.yaml", "15-pharma-trade-partners.yaml",
)  # fmt: skip
NAMES = frozenset({"person.held_files", "person.held_volumes", "person.open_loans", "person.cleared"})


@pytest.fixture
def world():
    """The house with the clause; Li sells, Wang keeps, and somebody administers."""
    made = make_world(CLAUSE)
    with writing():
        made.admin = Person.objects.create_user("admin", "correct horse battery", name="Admin")
        PostHolding.objects.create(person=made.admin, branch=made.branch, post="administrator", since=date(2020, 1, 1))
    return made


def opened(world, who) -> File:
    """A file on which Li sells, its papers in somebody's hands."""
    return open_file(
        **world.by(who), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    ).result


def told(world, person) -> dict[str, object]:
    """What the apps know of somebody who leaves."""
    return facts.gather(NAMES, {"person": person}, {}, Scene(None, world.branch, world.today))


def release(world, **more):
    return staff.release(**world.by(world.admin), branch=world.branch, person=world.li, **more)


def test_a_person_without_papers_holds_nothing_and_is_released(world):
    assert told(world, world.li) == {
        "person.held_files": 0, "person.held_volumes": 0, "person.open_loans": 0, "person.cleared": "yes",
    }  # fmt: skip
    release(world)
    world.li.refresh_from_db()
    assert not world.li.is_active


@pytest.mark.parametrize("name", BY_ADMINISTRATORS)
def test_under_the_policies_in_the_box_who_has_nothing_left_is_released(world, name):
    text = (BOX / name).read_text("utf-8")
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug=name[3:-5], file_name=name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=world.wang, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
    release(world)
    world.li.refresh_from_db()
    assert not world.li.is_active


def test_papers_in_hand_and_a_role_on_a_file_are_still_held(world):
    file = opened(world, world.li)
    assert Volume.objects.get(file=file).holder == world.li
    assert told(world, world.li) == {
        "person.held_files": 1, "person.held_volumes": 1, "person.open_loans": 0, "person.cleared": "no",
    }  # fmt: skip
    with writing():
        Volume.objects.update(holder=world.wang)
    assert told(world, world.li) == {
        "person.held_files": 1, "person.held_volumes": 0, "person.open_loans": 0, "person.cleared": "yes",
    }  # fmt: skip
    with writing():
        File.objects.update(status="closed", closed_on=world.today)
    assert told(world, world.li)["person.held_files"] == 0


def test_a_refused_release_names_the_clause_and_what_is_still_held(world):
    opened(world, world.li)
    with pytest.raises(Refused) as refused:
        release(world)
    answer = refused.value.answer
    assert "90:v1" in answer.clauses
    assert {one.fact: one.found for one in answer.lacking} == {
        "person.held_files": 1, "person.held_volumes": 1, "person.cleared": "no",
    }  # fmt: skip
    world.li.refresh_from_db()
    assert world.li.is_active and Refusal.objects.filter(act="person.release").count() == 1


def test_a_loan_that_is_out_holds_the_release_up(world):
    file = opened(world, world.wang)
    volume = Volume.objects.select_related("file__branch", "holder").get(file=file)
    until = world.today + timedelta(days=5)
    loan = loans.request_loan(**world.by(world.li), volume=volume, purpose="核对", until=until).result
    assert told(world, world.li)["person.open_loans"] == 0
    loans.issue_loan(**world.by(world.wang), loan=loan)
    assert told(world, world.li) == {
        "person.held_files": 1, "person.held_volumes": 1, "person.open_loans": 1, "person.cleared": "no",
    }  # fmt: skip


def test_a_line_of_the_sign_for_book_that_waits_for_a_signature_is_unsigned_for_both(world):
    file = opened(world, world.li)
    records = {str(one.pk): {"state": "present"} for one in Record.objects.filter(file=file)}
    answer_records(**world.by(world.li), file=file, answers=records)
    given = {"file": file, "job": None, "checklist": "new-thing", "giver": world.li, "receiver": world.wang}

    def unsigned(person) -> object:
        wanted = frozenset({"person.unsigned_lines"})
        return facts.gather(wanted, {"person": person}, {}, Scene(None, world.branch, world.today))

    assert unsigned(world.li) == {"person.unsigned_lines": 0}
    offered = offer_handover(**world.by(world.li), **given, how="password").result
    assert [unsigned(one)["person.unsigned_lines"] for one in (world.li, world.wang, world.zhao)] == [1, 1, 0]
    sign_handover(**world.by(world.wang), handover=offered, signer=world.wang, how="password")
    assert [unsigned(one)["person.unsigned_lines"] for one in (world.li, world.wang)] == [0, 0]


def test_the_page_says_before_the_click_that_the_release_is_refused(client, world, settings):
    settings.CLOCK = lambda: world.now
    opened(world, world.li)
    client.force_login(world.admin)
    url = reverse("office:person", args=[world.li.pk])
    assert "档案全部交清后办清离职手续" in client.get(url, headers={"accept-language": "zh-hans"}).content.decode()
    act = reverse("office:person-act", args=[world.li.pk, "release"])
    found = client.post(act, {"token": "one"}, headers={"accept-language": "zh-hans"})
    assert found.status_code == 403 and "档案全部交清后办清离职手续" in found.content.decode()


def test_the_page_counts_what_is_still_with_somebody_before_their_account_is_closed(client, world, settings):
    settings.CLOCK = lambda: world.now
    client.force_login(world.admin)
    url, english = reverse("office:person", args=[world.li.pk]), {"accept-language": "en"}
    assert "Nothing of the archive is with this person" not in client.get(url, headers=english).content.decode()
    staff.leave(**world.by(world.admin), branch=world.branch, person=world.li, last_day=world.today)
    assert "Nothing of the archive is with this person any more." in client.get(url, headers=english).content.decode()
    opened(world, world.li)
    page = client.get(url, headers=english).content.decode()
    assert "<b>1</b> volumes in their hands" in page and "<b>1</b> files in their care" in page
    assert "loans not brought back" not in page
    client.force_login(world.li)
    assert "volumes in their hands" not in client.get(url, headers=english).content.decode()


def test_who_is_leaving_exports_no_file_from_the_moment_it_is_recorded(world):
    file = opened(world, world.wang)
    things = {"file": file}

    def clauses() -> tuple[str, ...]:
        wang = Person.objects.get(pk=world.wang.pk)
        answer = advise("file.export", actor=wang, branch=world.branch, today=world.today, things=things)
        return tuple(answer.clauses)

    assert "90:v1" not in clauses()
    staff.leave(**world.by(world.admin), branch=world.branch, person=world.wang, last_day=world.today)
    assert "90:v1" in clauses()
