"""What the apps say to the rules: each fact declared once, answered from rows, never a constant in disguise."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import pytest

from kedang.acts import facts
from kedang.custody.list_rules import list_facts, register_facts, registered_facts
from kedang.custody.models import Handover
from kedang.custody.rules import handover_facts, signed_for
from kedang.customers.models import Agreement, Customer
from kedang.customers.rules import customer_facts
from kedang.files.models import FieldValue, File, Job, Record
from kedang.files.rules import branch_facts, file_facts, job_facts, known_from_files, record_facts, volume_facts
from kedang.files.services import AlreadyThere, complete_electronic, open_file
from kedang.journal.guard import writing
from kedang.web import policy_cli
from kedang.web.cli import main
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SCENE = SimpleNamespace(today=date(2026, 11, 23))


@pytest.fixture
def world():
    return make_world()


def opened(world, **changes):
    return open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(**changes), roles={"seller": world.li}
    ).result


def test_every_app_answers_exactly_the_facts_that_it_declares(world):
    file = opened(world, origin="own")
    record = Record.objects.filter(file=file).first()
    record.ends_on = date(2026, 12, 1)
    job = Job(file=file, what="visit", kinds="repair", opened_on=world.today, person=world.li)
    handover = Handover(
        branch=world.branch,
        file=file,
        checklist="new-thing",
        giver=world.li,
        receiver=world.wang,
        offered_on=world.today,
    )
    told = {
        "file": file_facts(file, facts.answered_by("file"), SCENE)
        | registered_facts(file, facts.answered_by("file"), SCENE),
        "list": list_facts(file, facts.answered_by("list"), SCENE),
        "register": register_facts(file, facts.answered_by("register"), SCENE),
        "job": job_facts(job, facts.answered_by("job"), SCENE),
        "record": record_facts(record, facts.answered_by("record"), SCENE)
        | signed_for(record, facts.answered_by("record"), SCENE),
        "volume": volume_facts(file.volumes.get(), facts.answered_by("volume"), SCENE),
        "branch": branch_facts(world.branch, facts.answered_by("branch"), SCENE),
        "customer": customer_facts(file.customer, facts.answered_by("customer"), SCENE)
        | known_from_files(file.customer, facts.answered_by("customer"), SCENE),
        "handover": handover_facts(handover, facts.answered_by("handover"), SCENE),
    }
    for kind, found in told.items():
        assert set(found) == set(facts.answered_by(kind)) and "unknown" not in found.values(), kind


def test_the_number_of_files_about_one_subject_is_counted(world):
    first = opened(world)
    assert file_facts(first, frozenset({"file.same_subject", "file.duplicate"}), SCENE) == {
        "file.same_subject": 0,
        "file.duplicate": "no",
    }
    twin = File(branch=world.branch, kind="thing", subject_token=first.subject_token, opened_on=world.today)
    assert file_facts(twin, frozenset({"file.same_subject", "file.duplicate"}), SCENE) == {
        "file.same_subject": 1,
        "file.duplicate": "yes",
    }
    with pytest.raises(AlreadyThere) as found:
        opened(world)
    assert found.value.file == first and File.objects.count() == 1


def test_the_origin_is_the_open_field_of_that_name(world):
    file = opened(world, origin="other")
    assert file_facts(file, frozenset({"file.origin"}), SCENE) == {"file.origin": "other"}
    assert FieldValue.objects.get(file=file, field="origin").text == "other"


def test_whoever_fills_in_says_whether_it_is_true_and_for_whom(world):
    file = opened(world)
    asked = frozenset({"file.declared_true", "file.by_proxy"})
    assert file_facts(file, asked, SCENE) == {"file.declared_true": "no", "file.by_proxy": "no"}
    complete_electronic(**world.by(world.wang), file=file, declared_true=True, by_proxy=True)
    file.refresh_from_db()
    assert file_facts(file, asked, SCENE) == {"file.declared_true": "yes", "file.by_proxy": "yes"}


def test_a_record_tells_what_the_check_of_its_line_found(world):
    record = Record.objects.filter(file=opened(world), line="contract").get()
    asked = frozenset({"record.signed", "record.sides", "record.dated", "record.verified", "record.must_be"})
    assert record_facts(record, asked, SCENE) == {
        "record.signed": (),
        "record.sides": 0,
        "record.dated": "no",
        "record.verified": "no",
        "record.must_be": "original",
    }
    record.signed, record.sides, record.dated, record.checked_on = "customer,staff", 2, True, world.today
    assert record_facts(record, asked, SCENE) == {
        "record.signed": ("customer", "staff"),
        "record.sides": 2,
        "record.dated": "yes",
        "record.verified": "yes",
        "record.must_be": "original",
    }


def test_a_file_leads_the_rules_to_its_customer_and_what_they_agreed_to(world):
    file = opened(world)
    scene = facts.Scene(world.li, world.branch, world.today)
    wanted = ("customer.consent", "customer.separate_consent", "customer.attended")
    assert facts.gather(wanted, {"file": file}, {}, scene) == {
        "customer.consent": "no",
        "customer.separate_consent": "no",
        "customer.attended": "unknown",
    }
    with writing():
        Agreement.objects.create(
            customer=file.customer,
            purpose="service",
            notice="privacy notice",
            version="3",
            how="paper",
            given_on=world.today,
            taken_by=world.li,
        )
    assert facts.gather(wanted, {"file": file}, {}, scene)["customer.consent"] == "yes"
    Customer.objects.get(pk=file.customer_id)


def test_coverage_lists_the_facts_that_no_app_supplies(tmp_path, capsys):
    from tests.rulebook.small import HEAD

    path = tmp_path / "small.yaml"
    rule = "require: {act: file.open, that: {file.kind: vehicle, customer.attended: 'yes'}}"
    path.write_text(f"{HEAD}  - id: '1'\n    zh: 条款\n    en: A clause\n    rules:\n      - {rule}\n", "utf-8")
    main(["policy", "coverage", str(path), "--json"])
    told = json.loads(capsys.readouterr().out)[0]
    assert told["unsupplied"] == {"customer.attended": ["file.open"]}
    main(["policy", "coverage", str(path)])
    assert "facts not supplied by any app: customer.attended (file.open)" in capsys.readouterr().out


def test_an_act_that_nobody_offers_is_not_asked_for_its_facts():
    assert not facts.is_supplied("meeting.hold", "meeting.minutes")
    assert "meeting.hold" not in policy_cli.commands()
