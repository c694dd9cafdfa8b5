"""An archivist's hour with a scanner: twenty files received and shelved, five lent, three taken back.

Each thing that a hand does is counted: a scan (text and Enter), a click on a link or a button, a field that is typed.
What a page carries from one step to the next is taken from the page, as a browser does; nothing is put in by the test.
"""

from __future__ import annotations

import copy
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.urls import reverse

from kedang.custody.models import Handover
from kedang.custody.services import offer_handover
from kedang.files import labels
from kedang.files.models import Record, Volume
from kedang.files.place_services import register_place
from kedang.files.record_services import answer_records
from kedang.files.services import open_file
from kedang.journal.models import Event
from kedang.loans.models import Loan
from kedang.loans.services import lend_directly, request_loan
from tests.apps.files_world import PASSWORD, TODAY, make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MOST = 60
RECEIVED, LENT, BACK = 20, 5, 3


class Hand:
    """One person at one browser without JavaScript; ``actions`` counts what the hand does."""

    def __init__(self, client, person) -> None:
        self.client = client
        client.force_login(person)
        self.actions = 0
        self.typed: dict[str, str] = {}
        self._read(client.get("/", follow=True))

    def _read(self, answer) -> None:
        self.page, self.url = answer.content.decode(), answer.request["PATH_INFO"]
        assert answer.status_code == 200, (answer.status_code, self.said())

    def click(self, words: str) -> None:
        """Click the link with these words."""
        links = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>((?:(?!</a>).)*)</a>', self.page, re.S)
        found = next(url for url, inner in links if words in re.sub("<[^>]+>", "", inner))
        self.actions += 1
        self._read(self.client.get(self._address(unescape(found)), follow=True))

    def _address(self, url: str) -> str:
        return self.url + url if url.startswith("?") else url

    def type(self, name: str, text: str) -> None:
        """Type into a field of the form."""
        assert f'name="{name}"' in self.page
        self.actions += 1
        self.typed[name] = text

    def scan(self, code: str) -> None:
        """The scanner types a code into the box that has the focus and presses Enter."""
        assert re.search(r'<input[^>]*name="code"[^>]*autofocus', self.page)
        self.actions += 1
        self._send({"code": code})

    def press(self, value: str) -> None:
        """Press the button of the form that has this value."""
        assert re.search(rf'<button[^>]*value="{value}"', self.page)
        self.actions += 1
        self._send({"do": value})

    def _send(self, given: dict[str, str]) -> None:
        start = self.page.index('name="code"')
        form = self.page[self.page.rindex("<form", 0, start) : self.page.index("</form>", start)]
        action = re.match(r'<form[^>]*action="([^"]+)"', form)
        data: dict[str, list[str]] = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            kind = re.search(r'type="([^"]+)"', tag)
            if name is None or (kind and kind[1] == "checkbox" and " checked" not in tag):
                continue
            data.setdefault(name[1], []).append(unescape(value[1]) if value else "")
        data |= {key: [text] for key, text in {**self.typed, **given}.items()}
        self.typed = {}
        self._read(self.client.post(action[1] if action else self.url, data, follow=True))

    def said(self) -> str:
        """What the page says about the last step."""
        found = re.findall(r'role="(?:status|alert)">(.*?)</div>\s*</div>', self.page, re.S)
        return " ".join(re.sub("<[^>]+>", " ", one) for one in found)


def an_hour_to_come() -> SimpleNamespace:
    """Twenty files of Li's, offered to Wang; eight more that stand on a shelf: five asked for, three lent."""
    made = make_world()
    made.shelf = register_place(**made.by(made.wang), branch=made.branch, code="A-01", capacity=40).result
    made.old = register_place(**made.by(made.wang), branch=made.branch, code="B-01").result
    volumes = [_file(made, no) for no in range(RECEIVED + LENT + BACK)]
    made.new, made.asked, made.out = volumes[:20], volumes[20:25], volumes[25:]
    for volume in made.new:
        given = {"file": volume.file, "job": None, "checklist": "new-thing", "giver": made.li, "receiver": made.wang}
        offer_handover(**made.by(made.li), **given, how="password")
    from kedang.files.place_services import shelve_volume

    for volume in [*made.asked, *made.out]:
        shelve_volume(**made.by(made.wang), volume=volume, place=made.old)
    for volume in made.asked:
        request_loan(**made.by(made.li), volume=volume, purpose="核对合同", until=TODAY)
    for volume in made.out:
        given = {"borrower": made.li, "purpose": "核对合同", "until": TODAY, "how": "password"}
        lend_directly(**made.by(made.wang), volume=volume, **given)
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(an_hour_to_come)


@pytest.fixture
def world(built, settings):
    made = copy.deepcopy(built)
    settings.CLOCK = lambda: made.now
    return made


def _file(made, no: int) -> Volume:
    said = values(serial=f"LSVAM4187C21{no:05d}")
    opened = {"branch": made.branch, "kind": "thing", "values": said, "roles": {"seller": made.li}}
    file = open_file(**made.by(made.li if no < RECEIVED else made.wang), **opened).result
    answers = {str(one.pk): {"state": "present", "pages": "3"} for one in Record.objects.filter(file=file)}
    answer_records(**made.by(made.li), file=file, answers=answers)
    return Volume.objects.select_related("file__branch", "holder").get(file=file)


def code(volume: Volume) -> str:
    """What the scanner reads from the label of a volume."""
    return labels.code_of("volume", volume.pk)


def test_an_archivists_hour_takes_at_most_sixty_actions(world, client):
    hand = Hand(client, world.wang)
    hand.click("移交")
    hand.click("清点接收")
    for volume in world.new:
        hand.scan(code(volume))
    hand.type("receiver_password", PASSWORD)
    hand.press("sign")
    assert Handover.objects.filter(status="received").count() == RECEIVED

    hand.click("扫码台")
    hand.scan(labels.code_of("place", world.shelf.pk))
    for volume in world.new:
        hand.scan(code(volume))
    assert world.shelf.volumes.filter(holder=world.wang, status="shelved").count() == RECEIVED

    hand.click("借出")
    for volume in world.asked:
        hand.scan(code(volume))
    assert Loan.objects.filter(status="issued", volume__in=world.asked).count() == LENT

    hand.click("收回")
    for volume in world.out:
        hand.scan(code(volume))
        hand.scan(code(volume))
    assert Loan.objects.filter(status="closed", complete=True, volume__in=world.out).count() == BACK
    assert world.old.volumes.filter(pk__in=[one.pk for one in world.out], status="shelved").count() == BACK

    assert hand.actions <= MOST, hand.actions
    assert Event.objects.filter(name="handover.received", actor=world.wang).count() == RECEIVED
    assert Event.objects.filter(name="loan.checked").count() == BACK


def test_a_label_of_another_file_is_told_while_one_is_still_to_be_counted(world, client):
    client.force_login(world.wang)
    url, first, other = reverse("files:desk"), world.out[0], world.new[0]
    answer = client.post(url, {"mode": "back", "code": code(first), "token": "1"})
    assert answer.status_code == 200
    sure = re.search(r'name="state_sure" value="([^"]+)"', answer.content.decode())[1]
    answer = client.post(url, {"mode": "back", "code": code(other), "state_sure": sure, "token": "2"})
    assert answer.status_code == 422 and str(other.file) in answer.content.decode()
    loan = Loan.objects.get(volume=first)
    assert loan.status == "returned"
    kept = re.search(r'name="state_sure" value="([^"]+)"', answer.content.decode())[1]
    assert client.post(url, {"mode": "back", "code": code(first), "state_sure": kept, "token": "3"}).status_code == 200
    loan.refresh_from_db()
    assert loan.status == "closed"


def test_a_second_archivist_who_takes_the_same_loan_back_hears_who_was_first(world, client):
    client.force_login(world.wang)
    url = reverse("files:desk")
    client.post(url, {"mode": "back", "code": code(world.out[0]), "token": "1"})
    answer = client.post(url, {"mode": "back", "code": code(world.out[0]), "token": "2"})
    assert "Wang" in answer.content.decode()
    assert Event.objects.filter(name="loan.returned").count() == 1
    assert Loan.objects.get(volume=world.out[0]).status == "returned"


def test_of_several_who_wait_the_first_is_asked_about_before_it_goes_out(world, client):
    volume = world.asked[0]
    request_loan(**world.by(world.wang), volume=volume, purpose="复核", until=TODAY)
    client.force_login(world.wang)
    url = reverse("files:desk")
    answer = client.post(url, {"mode": "lend", "code": code(volume), "token": "1"})
    assert not Loan.objects.filter(status="issued", volume=volume).exists()
    sure = re.search(r'name="state_sure" value="([^"]+)"', answer.content.decode())[1]
    client.post(url, {"mode": "lend", "code": code(volume), "state_sure": sure, "token": "2"})
    assert Loan.objects.get(status="issued", volume=volume).borrower == world.li


def test_lending_what_is_away_or_what_nobody_asked_for_says_so(world, client):
    client.force_login(world.wang)
    url = reverse("files:desk")
    for volume, word in ((world.out[0], "Li"), (world.new[0], str(world.new[0].file))):
        answer = client.post(url, {"mode": "lend", "code": code(volume), "token": word})
        assert answer.status_code == 422 and word in answer.content.decode()
    assert Loan.objects.filter(status="issued").count() == BACK


def test_one_of_many_that_cannot_be_received_is_named_and_the_others_are(world, client):
    client.force_login(world.wang)
    rows = list(Handover.objects.order_by("pk")[:3])
    from kedang.custody.services import return_handover

    page = {"set": [one.pk for one in rows], "receiver_username": "wang", "receiver_password": PASSWORD, "do": "sign"}
    wrong = client.post(reverse("custody:receive"), page | {"receiver_password": "wrong", "token": "1"})
    assert wrong.status_code == 422 and not Handover.objects.filter(status="received").exists()
    assert wrong.content.decode().count(" checked") == 3  # nothing that was ticked is lost
    return_handover(**world.by(world.wang), handover=rows[0], reason="缺页")
    assert client.post(reverse("custody:receive"), page | {"token": "2"}).status_code == 302
    assert [one.status for one in Handover.objects.order_by("pk")[:3]] == ["returned", "received", "received"]


def test_a_strangers_code_and_a_file_of_others_are_answered_alike_when_receiving(world, client):
    client.force_login(world.zhao)
    url = reverse("custody:receive")
    answers = [client.post(url, {"code": one, "token": one}) for one in ("KD-V-1-00000", code(world.new[0]))]
    assert {one.status_code for one in answers} == {422}
    assert str(world.new[0].file) not in answers[1].content.decode()
