"""The list of a file: pages, checks, gaps with a date, coded sheets, three signatures, and a lock that holds."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from bench.pages import Counter
from kedang.acts.answers import Invalid, Refused
from kedang.custody import list_services as lists
from kedang.custody import services
from kedang.custody.models import InnerList, InnerListLine, ListCheck, ListSignature, Supplement
from kedang.custody.supply_services import supply_handover
from kedang.duties.models import Duty
from kedang.files.models import Record
from kedang.journal import keys
from kedang.journal.guard import writing
from kedang.journal.replay import disagreements
from tests.apps.founded import tell_the_founding
from tests.apps.lender_world import answer, make_lender, project
from tests.apps.test_page_queries import MOST, asked

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PAPERS = ("approval-papers", "contract-papers", "investigation-papers", "customer-papers")


def make_house() -> SimpleNamespace:
    made = make_lender()
    tell_the_founding()
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(make_house)


@pytest.fixture
def lender(built):
    return copy.deepcopy(built)


def pages(file, count=3):
    return {str(one.pk): count for one in Record.objects.filter(file=file)}


def written(world, file, count=3):
    return lists.write_list(**world.by(world.ai), file=file, pages=pages(file, count)).result


def check(world, who, inner, **otherwise):
    said = {key.replace("_", "-"): one for key, one in otherwise.items()}
    found = {}
    for one in inner.lines.select_related("record"):
        what, count = said.get(one.record.line, ("found", one.pages))
        found[str(one.pk)] = {"found": what, "pages": count}
    return lists.check_list(**world.by(who), inner=inner, found=found)


def sign(world, who, inner):
    return lists.sign_list(**world.by(who), inner=inner, how="password").result


def hand_over(world, file, giver, receiver):
    done = services.offer_handover(
        **world.by(giver), file=file, job=None, checklist="project-papers", giver=giver, receiver=receiver,
        how="password",
    )  # fmt: skip
    return services.sign_handover(**world.by(receiver), handover=done.result, signer=receiver, how="password").result


def bring(world, file, giver, receiver):
    """What was missing comes with a supplement that both sign."""
    lacking = Record.objects.get(file=file, line="customer-papers")
    done = supply_handover(
        **world.by(giver), file=file, job=None, checklist="project-papers", brought={str(lacking.pk): None},
        giver=giver, receiver=receiver, how="password",
    )  # fmt: skip
    services.sign_handover(**world.by(receiver), handover=done.result, signer=receiver, how="password")


def clauses(refused):
    return {ref.partition(":")[2] for ref in refused.value.answer.clauses if ref.startswith("13:")}


@pytest.fixture
def file(lender):
    found = project(lender)
    answer(lender, found)
    return found


@pytest.fixture
def locked(lender, file):
    inner = written(lender, file)
    check(lender, lender.bo, inner)
    lists.code_records(**lender.by(lender.bo), inner=inner)
    for who in (lender.ai, lender.bo, lender.shu):
        inner = sign(lender, who, inner)
    return inner


def test_the_list_stands_in_the_order_of_the_pack_with_its_pages(lender, file):
    inner = written(lender, file)
    assert tuple(one.record.line for one in inner.lines.select_related("record")) == PAPERS
    assert (inner.pages, inner.no, inner.status) == (12, 1, "written")


def test_only_a_writes_and_every_paper_is_counted(lender, file):
    with pytest.raises(Refused) as refused:
        lists.write_list(**lender.by(lender.bo), file=file, pages=pages(file))
    assert "13.4.2a" in clauses(refused)
    with pytest.raises(Refused) as refused:
        written(lender, file, 0)
    assert clauses(refused) == {"13.4.2b"}
    assert not InnerList.objects.exists()


def test_a_paper_without_an_answer_stops_the_list(lender):
    file = project(lender)
    with pytest.raises(Refused) as refused:
        written(lender, file)
    assert "13.4.2b" in clauses(refused)


def test_a_gap_is_asked_for_with_a_day_and_owed_by_a_until_b_finds_it(lender):
    file = project(lender)
    answer(lender, file, customer_papers="to_follow")
    inner = written(lender, file)
    hand_over(lender, file, lender.ai, lender.bo)
    check(lender, lender.bo, inner, contract_papers=("unsigned", 3))
    due = lender.today + timedelta(days=3)
    row = lists.supplement_list(**lender.by(lender.bo), inner=inner, due_on=due).result
    assert {one.record.line: one.lacks for one in row.lines.select_related("record")} == {
        "contract-papers": "unsigned", "customer-papers": "missing",
    }  # fmt: skip
    owed = Duty.objects.get(clause__endswith="13.4.2h")
    assert (owed.due_on, owed.status) == (due, "open")
    assert [one.person for one in owed.bound.all()] == [lender.ai]
    with pytest.raises(Refused) as refused:
        hand_over(lender, file, lender.bo, lender.shu)
    assert "13.4.2g" in clauses(refused)
    with pytest.raises(Refused) as refused:
        answer(lender, file)
    assert "base:B.19" in refused.value.answer.clauses
    bring(lender, file, lender.ai, lender.bo)
    inner = written(lender, file)
    assert ListCheck.objects.filter(line__list=inner, found="found").count() == 2
    check(lender, lender.bo, inner)
    owed.refresh_from_db()
    assert owed.status == "kept"


def test_a_supplement_is_not_due_yesterday_and_not_empty(lender, file):
    inner = written(lender, file)
    check(lender, lender.bo, inner)
    with pytest.raises(Invalid):
        lists.supplement_list(**lender.by(lender.bo), inner=inner, due_on=lender.today)
    check(lender, lender.bo, inner, contract_papers=("missing", 0))
    with pytest.raises(Invalid):
        lists.supplement_list(**lender.by(lender.bo), inner=inner, due_on=lender.today - timedelta(days=1))
    assert not Supplement.objects.exists()


def test_a_check_that_leaves_a_line_out_is_no_check(lender, file):
    inner = written(lender, file)
    with pytest.raises(Invalid) as wrong:
        lists.check_list(**lender.by(lender.bo), inner=inner, found={})
    assert len(wrong.value.errors) == 4
    assert not ListCheck.objects.exists()


def test_counts_that_do_not_agree_stop_the_offer_and_the_signature(lender, file):
    inner = written(lender, file)
    hand_over(lender, file, lender.ai, lender.bo)
    check(lender, lender.bo, inner, contract_papers=("found", 2))
    lists.code_records(**lender.by(lender.bo), inner=inner)
    with pytest.raises(Refused) as refused:
        hand_over(lender, file, lender.bo, lender.shu)
    assert clauses(refused) == {"13.4.2f"}
    with pytest.raises(Invalid) as wrong:
        sign(lender, lender.ai, inner)
    assert "2" in str(wrong.value)


def test_sheets_are_numbered_through_and_the_annex_is_not(lender):
    file = project(lender)
    answer(lender, file, uncollected_contract="present")
    inner = written(lender, file)
    lists.code_records(**lender.by(lender.bo), inner=inner)
    rows = inner.lines.select_related("record")
    assert [(one.record.line, one.coding, one.sheet_from, one.sheet_to) for one in rows] == [
        ("approval-papers", "coded", 1, 3), ("contract-papers", "coded", 4, 6),
        ("investigation-papers", "coded", 7, 9), ("customer-papers", "coded", 10, 12),
        ("uncollected-contract", "exempt", None, None),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        lists.code_records(**lender.by(lender.ai), inner=inner)
    assert "13.4.2g" in clauses(refused)


def test_the_archivist_receives_only_what_he_ticked_off_himself(lender, file):
    inner = written(lender, file)
    hand_over(lender, file, lender.ai, lender.bo)
    check(lender, lender.bo, inner)
    lists.code_records(**lender.by(lender.bo), inner=inner)
    with pytest.raises(Refused) as refused:
        hand_over(lender, file, lender.bo, lender.shu)
    assert "13.4.6a" in clauses(refused)
    offer = file.handovers.get(status="offered")
    check(lender, lender.shu, inner, contract_papers=("found", 2))
    with pytest.raises(Refused) as refused:
        services.sign_handover(**lender.by(lender.shu), handover=offer, signer=lender.shu, how="password")
    assert clauses(refused) == {"13.4.6b"}
    check(lender, lender.shu, inner)
    services.sign_handover(**lender.by(lender.shu), handover=offer, signer=lender.shu, how="password")
    assert file.volumes.get().holder == lender.shu


def test_a_hands_to_b_and_not_to_the_archivist(lender, file):
    written(lender, file)
    with pytest.raises(Refused) as refused:
        hand_over(lender, file, lender.ai, lender.shu)
    assert clauses(refused) == {"13.4.2c"}


def test_three_signatures_lock_the_list_and_no_fourth_or_second_one_counts(lender, file):
    inner = written(lender, file)
    sign(lender, lender.ai, inner)
    with pytest.raises(Invalid):
        sign(lender, lender.ai, inner)
    with pytest.raises(Refused) as refused:
        sign(lender, lender.quan, inner)
    assert "13.4.2e" in clauses(refused)
    inner = sign(lender, lender.bo, inner)
    assert inner.status == "written"
    inner = sign(lender, lender.shu, inner)
    assert (inner.status, inner.locked_on) == ("locked", lender.today)
    parties = set(ListSignature.objects.values_list("party", flat=True))
    assert parties == {"manager-a", "manager-b", "archivist"}


def test_a_locked_list_is_not_written_anew_checked_or_coded(lender, locked):
    with pytest.raises(Refused) as refused:
        written(lender, locked.file)
    assert clauses(refused) == {"13.4.6b"}
    with pytest.raises(Invalid):
        check(lender, lender.shu, locked)
    with pytest.raises(Invalid):
        lists.code_records(**lender.by(lender.bo), inner=locked)


CHEATS = {
    "the list": lambda one: InnerList.objects.filter(pk=one.pk).update(pages=1),
    "its lock": lambda one: InnerList.objects.filter(pk=one.pk).update(status="written", locked_on=None),
    "a line": lambda one: one.lines.update(pages=1),
    "a line gone": lambda one: one.lines.first().delete(),
    "a line more": lambda one: InnerListLine.objects.create(
        list=one, no=9, record=Record.objects.get(file=one.file, line="uncollected-contract"), pages=1
    ),
    "a signature": lambda one: one.signatures.update(how="stamp"),
    "a check": lambda one: ListCheck.objects.filter(line__list=one).update(pages=1),
}


@pytest.mark.parametrize("what", CHEATS)
def test_the_database_itself_holds_a_locked_list(locked, what):
    with writing(), pytest.raises(DatabaseError, match="A locked list never changes"), transaction.atomic():
        CHEATS[what](locked)


def test_it_is_printed_in_three_copies_and_not_in_two(lender, locked):
    with pytest.raises(Refused) as refused:
        lists.print_list(**lender.by(lender.shu), inner=locked, copies=2)
    assert clauses(refused) == {"13.4.2d"}
    assert lists.print_list(**lender.by(lender.shu), inner=locked, copies=3).result.copies == 3


def test_the_journal_replays_the_list(lender, locked):
    lists.print_list(**lender.by(lender.shu), inner=locked, copies=3)
    assert list(disagreements(date(2026, 11, 23))) == []


def test_another_list_of_the_same_form_is_one_list(lender, file):
    by = lender.by(lender.ai)
    first = lists.write_list(**by, file=file, pages=pages(file))
    assert lists.write_list(**by, file=file, pages=pages(file)).repeated
    assert InnerList.objects.get() == first.result


def test_the_screen_walks_from_the_pages_to_the_three_signatures(lender, file, client):
    from tests.apps.files_world import PASSWORD

    client.force_login(lender.ai)
    url = f"/files/{file.pk}/list/"
    assert client.get(url).status_code == 200
    typed = {f"pages_{key}": count for key, count in pages(file).items()}
    assert client.post(f"{url}write/", {"token": "w1"}).status_code == 403
    assert client.post(f"{url}write/", {**typed, "token": "w2"}).status_code == 302
    inner = InnerList.objects.get()
    client.force_login(lender.bo)
    assert client.post(f"{url}check/", {"token": "c0"}).status_code == 422
    found = {f"found_{one.pk}": "found" for one in inner.lines.all()}
    counted = {f"counted_{one.pk}": 3 for one in inner.lines.all()}
    assert client.post(f"{url}check/", {**found, **counted, "token": "c1"}).status_code == 302
    assert client.post(f"{url}code/", {"token": "k1"}).status_code == 302
    assert client.post(f"{url}supplement/", {"due_on": "soon", "token": "s1"}).status_code == 422
    for name in ("ai", "bo", "shu"):
        box = {"signer_username": name, "signer_password": PASSWORD, "token": f"sign-{name}"}
        assert client.post(f"{url}sign/", box).status_code == 302
    assert client.post(f"{url}print/", {"copies": 2, "token": "p0"}).status_code == 403
    assert client.post(f"{url}print/", {"copies": 3, "token": "p1"}).status_code == 302
    keys.cache.clear()
    with Counter() as counter:
        page = client.get(f"{url}print/").content.decode()
    assert counter.number <= 12
    assert all(words in page for words in ("1–3", "10–12", "Ai", "Bo", "Shu"))


def test_the_page_of_a_written_list_takes_at_most_twelve_statements(lender, file, client):
    inner = written(lender, file)
    check(lender, lender.bo, inner, contract_papers=("unsigned", 3))
    lists.supplement_list(**lender.by(lender.bo), inner=inner, due_on=lender.today + timedelta(days=3))
    inner = written(lender, file, 4)
    check(lender, lender.bo, inner, contract_papers=("unsigned", 4))
    lists.supplement_list(**lender.by(lender.bo), inner=inner, due_on=lender.today + timedelta(days=4))
    check(lender, lender.bo, inner)
    sign(lender, lender.ai, inner)
    found = {}
    for who in (lender.shu, lender.ai):
        client.force_login(who)
        client.get("/help/")
        status, found[who.username] = asked(client, f"/files/{file.pk}/list/")
        assert status == 200
        page = client.get(f"/files/{file.pk}/list/").content.decode()
        assert all(words in page for words in ("1 / 3", "2026-11-26", "2026-11-27", "Bo")), page
    assert {who: number for who, number in found.items() if number > MOST} == {}


def test_asking_for_the_head_of_the_printed_list_takes_as_many_statements_as_the_page(lender, locked, client):
    lists.print_list(**lender.by(lender.shu), inner=locked, copies=3)
    client.force_login(lender.shu)
    client.get("/help/")
    found = []
    for ask in (client.get, client.head):
        with Counter() as counter:
            assert ask(f"/files/{locked.file_id}/list/print/").status_code == 200
        found.append(counter.number)
    assert found[0] == found[1] <= MOST


def test_opening_and_offering_are_not_refused_before_anybody_is_chosen(lender, client):
    client.force_login(lender.ai)
    assert 'class="btn btn-primary"' in client.get("/files/open/?kind=project").content.decode()
    file = project(lender)
    answer(lender, file)
    written(lender, file)
    page = client.get(f"/files/{file.pk}/handover/project-papers/")
    assert page.status_code == 200
    assert 'class="btn btn-primary"' in page.content.decode()
