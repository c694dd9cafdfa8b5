"""A trading company's files at work: who sees opinions, who borrows, and when a survey is done."""

from datetime import date, timedelta

import pytest

from kedang.acts.answers import Refused
from kedang.duties.models import Duty
from kedang.files import paper_services, record_services, services
from kedang.files.models import FieldValue, Record
from kedang.journal.guard import writing
from kedang.loans import services as loans
from kedang.staff.models import PostHolding
from tests.apps.test_reaching import TRADE, house

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    """Li is the representative of the file, Wang its keeper, Zhao the supervisor."""
    made = house("04-trading-company-crm.yaml", "sales-rep", "customer", TRADE, representative=True)
    with writing():
        for person, post in ((made.wang, "file-keeper"), (made.zhao, "market-supervisor")):
            PostHolding.objects.create(person=person, branch=made.branch, post=post, since=date(2020, 1, 1))
    said = {"manager-quality": "办事稳妥", "credit-situation": "按期付款"}
    services.edit_file(**made.by(made.li), file=made.file, values=said)
    return made


def reveal(world, who, field):
    value = FieldValue.objects.get(file=world.file, field=field)
    return record_services.reveal_value(**world.by(who), value=value, purpose="年度评估")


def test_the_keeper_sees_the_credit_situation_and_no_opinion_on_the_managers(world):
    reveal(world, world.wang, "credit-situation")
    with pytest.raises(Refused) as caught:
        reveal(world, world.wang, "manager-quality")
    assert caught.value.answer.clauses == {"04:4.3.3"}
    reveal(world, world.zhao, "manager-quality")


def ask(world):
    volume = world.file.volumes.get()
    until = world.today + timedelta(days=3)
    return loans.request_loan(**world.by(world.li), volume=volume, purpose="拜访客户", until=until).result


def test_only_who_looks_after_the_customer_asks_for_the_file(world):
    with writing():
        world.file.volumes.update(status="held", holder=world.wang)
        world.file.roles.update(person=world.zhao)
    with pytest.raises(Refused) as caught:
        ask(world)
    assert caught.value.answer.clauses == {"04:4.5.4b"}
    with writing():
        world.file.roles.update(person=world.li)
    assert ask(world).borrower == world.li


def test_each_paper_that_comes_in_is_owed_its_own_check(world):
    job = survey(world, world.zhao)
    bring(world, job)
    owed = Duty.objects.filter(clause="04:4.0b", about_kind="record")
    papers = list(Record.objects.filter(job=job))
    assert {one.about_id for one in owed} == {str(one.pk) for one in papers} and len(papers) == 2
    told = {"signed": ["staff"], "sides": 1, "pages": 3, "copies": 1, "dated": True, "origin": "公司"}
    papers[0].refresh_from_db()
    paper_services.check_record(**world.by(world.zhao), record=papers[0], **told)
    assert {one.about_id: one.status for one in owed.all()} == {str(papers[0].pk): "kept", str(papers[1].pk): "open"}


def test_a_line_that_brings_no_paper_in_is_owed_no_check(world):
    job = survey(world, world.zhao)
    bring(world, job, state="missing", reason="尚未签订")
    assert not Duty.objects.filter(clause="04:4.0b", about_kind="record").exists()


def survey(world, who):
    return services.open_job(
        **world.by(who), file=world.file, what="survey", job_kinds=["special-survey"], verified=True,
        contact_name="秦叔宝", contact_phone="13800138000",
    ).result  # fmt: skip


def bring(world, job, state="present", reason=""):
    answers = {str(row.pk): {"state": state, "reason": reason} for row in Record.objects.filter(job=job)}
    record_services.answer_records(**world.by(world.li), file=world.file, job=job, answers=answers)


def test_a_survey_is_reported_with_its_contract_and_report(world):
    with pytest.raises(Refused) as caught:
        survey(world, world.li)
    assert caught.value.answer.clauses == {"04:4.4.1.3"}
    job = survey(world, world.zhao)
    with pytest.raises(Refused) as caught:
        services.reach_job(**world.by(world.zhao), job=job, milestone="reported", on=world.today)
    assert caught.value.answer.clauses == {"04:4.4.1.3"}
    bring(world, job)
    job.refresh_from_db()
    services.reach_job(**world.by(world.zhao), job=job, milestone="reported", on=world.today)
