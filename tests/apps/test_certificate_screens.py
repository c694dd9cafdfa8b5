"""Screens of certificates: who may know of the ledger, masks, the blind count, forms that lose nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bench.pages import Counter
from kedang.certificates import queries
from kedang.certificates.models import Balance, Certificate, Return
from kedang.certificates.services import store_certificates
from kedang.files.models import Record
from kedang.files.services import reach_file
from kedang.journal import keys
from kedang.journal.models import AccessLine, Event
from kedang.journal.queries import entry
from tests.apps.files_world import PASSWORD
from tests.apps.lender_world import answer
from tests.apps.safe_world import DEED, check, listed, make_safe, receive, sign, signed, stored

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MOST = 12


@pytest.fixture
def world(settings):
    made = make_safe()
    settings.CLOCK = lambda: made.now
    return made


def page(client, who, name, *args, **query):
    client.force_login(who)
    return client.get(reverse(f"certificates:{name}", args=args), query, headers={"accept-language": "en"})


def send(client, world, who, name, *args, **said):
    client.force_login(who)
    url = reverse(f"certificates:{name}", args=args)
    return client.post(url, {"token": world.token(), **said}, headers={"accept-language": "en"})


def text(response):
    return response.content.decode()


def test_the_ledger_is_there_for_its_keepers_and_the_managers_of_the_file_and_for_nobody_else(client, world):
    receive(world)
    for who in (world.shu, world.quan, world.ai, world.bo):
        assert "房屋所有权证" in text(page(client, who, "ledger", tab="received"))
    for who in (world.dong, world.zong, world.shen):
        for name, args in (("ledger", ()), ("print", ()), ("file", (world.file.pk,)), ("balance", ())):
            assert page(client, who, name, *args).status_code == 404, (who, name)
        assert send(client, world, who, "search", q="单雄信").status_code == 404
    for name in ("balance",):
        assert page(client, world.ai, name).status_code == 404


def test_the_menu_shows_the_ledger_to_its_keepers_only(client, world):
    shown = []
    for who in (world.shu, world.quan, world.ai, world.dong):
        client.force_login(who)
        shown.append('href="/certificates/"' in client.get("/help/").content.decode())
    assert shown == [True, True, False, False]


def test_the_file_leads_to_its_certificates(client, world):
    client.force_login(world.ai)
    found = client.get(f"/files/{world.file.pk}/").content.decode()
    assert f"/files/{world.file.pk}/certificates/" in found
    assert f"/files/{world.project.pk}/certificates/" not in client.get(f"/files/{world.project.pk}/").content.decode()
    assert page(client, world.ai, "file", world.project.pk).status_code == 404


def test_no_page_shows_the_number_before_it_was_asked_for_with_a_purpose(client, world):
    one = receive(world)
    stored(world)
    listed_pages = [("ledger", ()), ("print", ()), ("file", (world.file.pk,)), ("give-back", (world.file.pk,))]
    for name, args in listed_pages:
        found = text(page(client, world.shu, name, *args))
        assert DEED["number"] not in found, name
        assert "••••" in found, name
    assert send(client, world, world.shu, "reveal", one.pk, purpose="").status_code == 422
    shown = send(client, world, world.shu, "reveal", one.pk, purpose="audit of 2026")
    assert DEED["number"] in text(shown)
    assert shown["Cache-Control"] == "no-store"
    said = entry(Event.objects.get(name="record.revealed")).data
    assert (said["purpose"], said["certificates"]) == ("audit of 2026", [str(one.pk)])
    assert DEED["number"] not in str(said)


def test_a_manager_reveals_no_number(client, world):
    one = receive(world)
    found = send(client, world, world.ai, "reveal", one.pk, purpose="curious")
    assert found.status_code == 403
    assert DEED["number"] not in text(found)


def test_the_ledger_prints_its_numbers_for_a_purpose_and_every_file_keeps_it(client, world):
    receive(world)
    receive(world, kind="other-rights")
    stored(world)
    assert "Show the numbers" not in text(page(client, world.ai, "print"))
    found = send(client, world, world.shu, "print", purpose="for the bank")
    assert found.status_code == 200
    assert DEED["number"] in text(found)
    assert Event.objects.filter(name="record.revealed").count() == 1
    assert "B1-1" in text(found)
    assert "鸿借字第001号" in text(found)


def test_a_search_by_owner_or_tail_goes_by_post_and_leaves_nothing_in_the_address(client, world):
    receive(world)
    receive(world, kind="other-rights", number="AB-5678")
    found = text(send(client, world, world.shu, "search", q="单雄信"))
    assert "房屋所有权证" in found
    assert "他项权证" not in found.replace("他项权证原件", "")
    assert "他项权证" in text(send(client, world, world.shu, "search", q="5678"))
    assert page(client, world.shu, "search", q="单雄信").status_code == 302


def test_who_saw_the_ledger_stands_in_the_access_log(client, world):
    receive(world)
    page(client, world.shu, "ledger", tab="received")
    line = AccessLine.objects.filter(page="certificates:ledger").get()
    assert line.subject_ids == str(world.file.pk)


def test_a_wrong_form_says_where_and_keeps_what_was_typed(client, world):
    given = {"kind": "customer-title", "field_name": "土地证", "field_number": "", "field_quantity": "2"}
    found = send(client, world, world.ai, "receive", world.file.pk, **given)
    assert found.status_code == 422
    assert "土地证" in text(found)
    given |= {"field_number": DEED["number"], "field_owner": "单雄信"}
    assert send(client, world, world.ai, "receive", world.file.pk, **given).status_code == 302
    again = send(client, world, world.ai, "receive", world.file.pk, **given)
    assert again.status_code == 422
    assert "is here already" in text(again)
    assert Certificate.objects.count() == 1


def test_the_whole_way_into_the_safe_on_the_screen(client, world):
    one = receive(world)
    assert send(client, world, world.ai, "write", world.file.pk).status_code == 302
    bad = {f"agrees_{one.pk}": "yes", f"paper_{one.pk}": "", f"counted_{one.pk}": "1"}
    missing = send(client, world, world.bo, "check", world.file.pk, **bad)
    assert missing.status_code == 422
    assert "Type the number" in text(missing)
    good = bad | {f"paper_{one.pk}": DEED["number"]}
    for who in (world.ai, world.bo, world.shu):
        assert send(client, world, who, "check", world.file.pk, **good).status_code == 302
    assert send(client, world, world.ai, "sign", world.file.pk).status_code == 422
    for who in (world.ai, world.bo, world.shu):
        signer = {"signer_username": who.username, "signer_password": PASSWORD}
        assert send(client, world, world.shu, "sign", world.file.pk, **signer).status_code == 302
    assert send(client, world, world.shu, "store", world.file.pk, place="x").status_code == 422
    assert send(client, world, world.shu, "store", world.file.pk, place=str(world.shelf.pk)).status_code == 403
    assert send(client, world, world.shu, "store", world.file.pk, place=str(world.c1.pk)).status_code == 302
    one.refresh_from_db()
    assert one.place == world.c1


def test_the_form_of_the_count_tells_nothing_of_the_ledger(client, world):
    receive(world, quantity="437")
    stored(world)
    found = text(page(client, world.quan, "balance"))
    assert "437" not in found
    assert f'name="place_{world.c1.pk}"' in found
    assert f'name="place_{world.safe.pk}"' not in found


def counts(world, first="1"):
    found = {f"place_{one.pk}": "0" for one in (world.c2, world.c3)} | {f"place_{world.c1.pk}": first}
    found |= {"kind_customer-title": first}
    for key in ("guarantor-title", "other-rights", "chattel-mortgage", "share-pledge", "other-title"):
        found[f"kind_{key}"] = "0"
    return found | {
        "moves": queries.moves(world.branch), "first_username": "shu", "first_password": PASSWORD,
        "second_username": "quan", "second_password": PASSWORD,
    }  # fmt: skip


def test_two_people_count_and_sign_and_the_sheet_names_the_difference(client, world):
    receive(world)
    stored(world)
    wrong = counts(world) | {"second_password": "guess"}
    refused = send(client, world, world.shu, "balance", **wrong)
    assert refused.status_code == 422
    assert 'value="1"' in text(refused)
    assert not Balance.objects.exists()
    made = send(client, world, world.shu, "balance", **counts(world, "2"))
    sheet = text(page(client, world.shu, "sheet", Balance.objects.get().pk))
    assert made.status_code == 302
    assert "B1-1" in sheet
    assert "+1" in sheet
    assert "2 figures differ" in sheet
    assert "1 difference" not in text(page(client, world.shu, "ledger"))
    assert page(client, world.ai, "sheet", Balance.objects.get().pk).status_code == 404


def test_a_count_with_a_gap_keeps_every_other_figure(client, world):
    receive(world)
    stored(world)
    given = counts(world, "7") | {"kind_share-pledge": ""}
    found = send(client, world, world.shu, "balance", **given)
    assert found.status_code == 422
    assert text(found).count('value="7"') == 2
    assert "write 0" in text(found)


def returning(one, **said):
    return {
        "chosen": [str(one.pk)], "taker": "单雄信", "id_checked": "on", "signed": "on", "keeper_username": "shu",
        "keeper_password": PASSWORD, **said,
    }  # fmt: skip


def test_a_deed_goes_back_on_the_screen_and_leaves_a_receipt(client, world):
    one = receive(world)
    stored(world)
    early = send(client, world, world.shu, "give-back", world.file.pk, **returning(one))
    assert early.status_code == 403
    reach_file(**world.by(world.ai), file=world.project, milestone="settled", on=world.today)
    bad = send(client, world, world.shu, "give-back", world.file.pk, **returning(one, keeper_password="guess"))
    assert bad.status_code == 422
    assert "单雄信" in text(bad)
    done = send(client, world, world.shu, "give-back", world.file.pk, **returning(one))
    assert done.status_code == 302
    receipt = text(page(client, world.shu, "receipt", Return.objects.get().pk))
    assert "单雄信" in receipt
    assert DEED["number"] not in receipt
    assert page(client, world.dong, "receipt", Return.objects.get().pk).status_code == 404


def test_a_contract_left_behind_goes_back_from_the_page_of_its_file(client, world):
    answer(world, world.project, uncollected_contract="present")
    paper = Record.objects.get(file=world.project, line="uncollected-contract")
    client.force_login(world.shu)
    assert f"/files/{world.project.pk}/give-back/" in client.get(f"/files/{world.project.pk}/").content.decode()
    done = send(client, world, world.shu, "give-back", world.project.pk, **returning(paper))
    assert done.status_code == 302
    paper.refresh_from_db()
    assert paper.state == "withdrawn"


def test_the_pages_take_at_most_twelve_statements_and_fifteen_rows_as_many_as_five(client, world):
    def counted():
        found = {}
        for who in (world.shu, world.ai):
            client.force_login(who)
            client.get("/help/")
            for name, args, query in (
                ("ledger", (), {"tab": "received"}), ("ledger", (), {"tab": "all"}), ("print", (), {"tab": "all"}),
                ("file", (world.file.pk,), {}), ("slip", (world.file.pk,), {}), ("balance", (), {}),
            ):  # fmt: skip
                keys.cache.clear()
                with Counter() as counter:
                    client.get(reverse(f"certificates:{name}", args=args), query)
                found[who.username, name, *query.values()] = counter.number
        return found

    for no in range(5):
        receive(world, number=f"少-{no}")
    check(world, world.bo, listed(world))
    few = counted()
    assert {key: number for key, number in few.items() if number > MOST} == {}
    for no in range(10):
        receive(world, number=f"多-{no}")
    inner = listed(world)
    check(world, world.bo, inner)
    check(world, world.ai, inner)
    sign(world, world.ai, inner)
    assert counted() == few


def test_sheet_return_and_receipt_take_at_most_twelve_statements(client, world):
    one = receive(world)
    inner = signed(world)
    client.force_login(world.shu)
    client.get("/help/")
    most = {}

    def look(name, pk):
        keys.cache.clear()
        with Counter() as counter:
            assert client.get(reverse(f"certificates:{name}", args=[pk])).status_code == 200
        most[name] = counter.number

    look("file", world.file.pk)
    look("slip", world.file.pk)
    store_certificates(**world.by(world.shu), inner=inner, place=world.c1)
    send(client, world, world.shu, "balance", **counts(world))
    reach_file(**world.by(world.ai), file=world.project, milestone="settled", on=world.today)
    look("sheet", Balance.objects.get().pk)
    look("give-back", world.file.pk)
    look("reveal", one.pk)
    send(client, world, world.shu, "give-back", world.file.pk, **returning(one))
    look("receipt", Return.objects.get().pk)
    assert {key: number for key, number in most.items() if number > MOST} == {}, most


def test_the_receipt_to_sign_bears_the_numbers_once_a_purpose_is_given(client, world):
    receive(world)
    stored(world)
    shown = send(client, world, world.shu, "give-back", world.file.pk, purpose="receipt for the owner")
    assert shown.status_code == 200
    assert DEED["number"] in text(shown)
    assert Event.objects.filter(name="record.revealed").count() == 1
    assert not Return.objects.exists()
    assert send(client, world, world.shu, "give-back", world.file.pk, purpose="").status_code == 422


def test_the_transfer_list_is_printed_after_the_certificates_lie_in_the_safe(client, world):
    receive(world)
    stored(world)
    slip = reverse("certificates:slip", args=(world.file.pk,))
    assert f'href="{slip}"' in text(page(client, world.shu, "file", world.file.pk))
    for query in ({}, {"no": "1"}):
        found = page(client, world.shu, "slip", world.file.pk, **query)
        assert found.status_code == 200 and "房屋所有权证" in text(found) and DEED["number"] not in text(found)
    assert page(client, world.shu, "slip", world.file.pk, no="2").status_code == 404
    assert page(client, world.dong, "slip", world.file.pk).status_code == 404
    assert send(client, world, world.shu, "slip", world.file.pk, purpose="核对").status_code in (200, 403)


def test_a_newer_list_does_not_hide_the_one_that_was_stored(client, world):
    receive(world)
    stored(world)
    receive(world, number="京房权证字第 9000 号")
    listed(world)
    assert f'href="{reverse("certificates:slip", args=(world.file.pk,))}?no=1"' in text(
        page(client, world.shu, "slip", world.file.pk)
    )
    assert "Version 1" in text(page(client, world.shu, "slip", world.file.pk, no="1"))
