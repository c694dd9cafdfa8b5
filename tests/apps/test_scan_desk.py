"""The scan desk: one box for every label; what is not for this person's eyes is no label at all."""

from __future__ import annotations

import copy
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from kedang.files import labels
from kedang.files.models import Place, Volume
from kedang.files.place_services import edit_place, register_place
from kedang.files.services import open_file
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.journal.queries import events_of
from kedang.journal.replay import disagreements
from kedang.loans.services import lend_directly, return_loan
from kedang.staff.models import Branch
from tests.apps.files_world import TODAY, make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


class Desk:
    """Somebody at the scan desk: each scan is one box filled and Enter, with the form as the page before gave it."""

    def __init__(self, client, person, mode: str) -> None:
        self.client = client
        client.force_login(person)
        self.url = reverse("files:desk")
        self.read(client.get(self.url, {"mode": mode}))

    def read(self, answer) -> None:
        """The page as a browser has it: its status, its words, its hidden fields."""
        self.status, self.text = answer.status_code, answer.content.decode()
        found = re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.text[self.text.find("k-form") :]
        )
        self.hidden = dict(found)

    def scan(self, code: str, **typed: str) -> str:
        """What the desk says to a scan."""
        self.read(self.client.post(self.url, self.hidden | {"code": code} | typed))
        said = re.search(r'k-flash is-(\w+)" role="\w+">.*?<div>(.*?)</div>', self.text, re.S)
        return f"{said[1]}: {said[2]}" if said else ""


def two_shelves() -> SimpleNamespace:
    """Two shelves, the first for one volume, and two files; Wang keeps, Li sells, Zhao may find nothing."""
    made = make_world()
    tell_the_founding()
    made.a = register_place(**made.by(made.wang), branch=made.branch, code="A-01", capacity=1).result
    made.b = register_place(**made.by(made.wang), branch=made.branch, code="B-01").result
    made.volumes = []
    for no in range(3):
        said = values(serial=f"LSVAM4187C218{4000 + no}")
        given = {"branch": made.branch, "kind": "thing", "values": said, "roles": {"seller": made.li}}
        made.volumes.append(Volume.objects.get(file=open_file(**made.by(made.wang), **given).result))
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(two_shelves)


@pytest.fixture
def world(built, settings):
    made = copy.deepcopy(built)
    settings.CLOCK = lambda: made.now
    return made


def code(thing) -> str:
    """The code on the label of a volume or place."""
    return labels.code_of(type(thing).__name__.lower(), thing.pk)


def where(volume: Volume) -> tuple[str, str]:
    """How a volume is kept, and where."""
    volume.refresh_from_db()
    return volume.status, volume.place.code if volume.place else ""


def test_a_code_names_its_thing_and_says_nothing_else(world):
    assert re.fullmatch(r"KD-V-[0-9A-Z]+-[0-9A-Z]{5}", code(world.volumes[0]))
    assert labels.read(code(world.volumes[0])) == ("volume", world.volumes[0].pk)
    assert labels.read(code(world.volumes[0]).lower().replace("0", "o")) == ("volume", world.volumes[0].pk)
    assert labels.read(f"https://files.example.cn/q/{code(world.a)}/") == ("place", world.a.pk)


@pytest.mark.parametrize("number", [1, 31, 32, 1023, 10**9])
def test_every_number_comes_back_from_its_code(world, number):
    assert labels.read(labels.code_of("place", number)) == ("place", number)


def test_a_code_with_a_slip_or_of_another_house_means_nothing(world, settings, tmp_path):
    from kedang.journal import masters

    good = code(world.volumes[0])
    letter = "0" if good[-1] != "0" else "1"
    assert labels.read(good[:-1] + letter) is None
    for wrong in ("", "KD-V--", "KD-X-1-00000", "KD-V-1-00000", "KD-V-" + "1" * 40 + "-00000", "https://example.com"):
        assert labels.read(wrong) is None
    settings.KEDANG_MASTER_KEY = tmp_path / "other" / "master.key"
    masters.make(settings.KEDANG_MASTER_KEY)
    assert labels.read(good) is None


def test_a_place_and_then_each_volume_puts_them_away_with_one_scan_each(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.b))
    for volume in world.volumes:
        assert desk.scan(code(volume)).startswith("success")
    assert [where(one) for one in world.volumes] == [("shelved", "B-01")] * 3
    assert Event.objects.filter(name="volume.shelved").count() == 3


def test_a_volume_and_then_its_place_puts_it_away_too(world, client):
    desk = Desk(client, world.wang, "put")
    assert desk.scan(str(world.volumes[0].file)).startswith("info")
    assert desk.scan("B-01").startswith("success")
    assert where(world.volumes[0]) == ("shelved", "B-01")


def test_what_belongs_elsewhere_is_asked_about_before_it_gets_a_new_home(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    desk.scan(code(world.volumes[0]))
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.b))
    assert desk.scan(code(world.volumes[0])).startswith("warning")
    assert where(world.volumes[0]) == ("shelved", "A-01")
    assert desk.scan(code(world.volumes[0]), reason="架子满了").startswith("success")
    assert where(world.volumes[0]) == ("shelved", "B-01")
    last = events_of("file", world.volumes[0].file_id)[-1]
    assert (last.name, last.data["from"], last.data["place"]) == ("volume.moved", "A-01", "B-01")
    assert "A-01 → B-01" in client.get(reverse("files:file", args=[world.volumes[0].file_id])).content.decode()
    assert desk.scan(code(world.volumes[1])).startswith("success")  # the shelf is still the one that counts


def test_the_button_after_the_question_does_the_same(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    desk.scan(code(world.volumes[0]))
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.volumes[0]))
    desk.scan(code(world.b))
    assert where(world.volumes[0]) == ("shelved", "A-01")
    again = re.search(r'name="code" value="([^"]+)"', desk.text)[1]
    assert desk.scan(again).startswith("success")
    assert where(world.volumes[0]) == ("shelved", "B-01")


def test_a_full_place_refuses_the_scan_and_the_next_one_goes_on(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    desk.scan(code(world.volumes[0]))
    assert desk.scan(code(world.volumes[1])).startswith("error")
    assert desk.status == 422 and where(world.volumes[1]) == ("held", "")
    desk.scan(code(world.b))
    assert desk.scan(code(world.volumes[1])).startswith("success")


def test_what_is_taken_out_keeps_its_home_and_goes_back_without_a_question(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    desk.scan(code(world.volumes[0]))
    fetch = Desk(client, world.wang, "fetch")
    assert fetch.scan(code(world.volumes[0])).startswith("success")
    assert where(world.volumes[0]) == ("held", "") and world.volumes[0].home == world.a
    assert fetch.scan(code(world.volumes[0])).startswith("error")
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    assert desk.scan(code(world.volumes[0])).startswith("success")


@pytest.mark.parametrize("mode", ["put", "fetch", "find"])
def test_a_file_that_one_may_not_find_is_no_label_at_all(world, client, mode):
    desk = Desk(client, world.zhao, mode)
    stranger = desk.scan("KD-V-1-00000")
    for typed in (code(world.volumes[0]), str(world.volumes[0].file), "no such number"):
        assert desk.scan(typed) == stranger
        assert desk.status == 422
    assert client.get(reverse("files:label", args=[code(world.volumes[0])])).status_code == 404
    assert client.get(reverse("files:label", args=["KD-V-1-00000"])).status_code == 404
    assert not Refusal.objects.exists()


def test_a_label_of_another_branch_means_nothing_here(world, client):
    with writing():
        other = Branch.objects.create(code="PX", name_zh="浦西店", name_en="Puxi")
        there = Place.objects.create(branch=other, code="Z-01", path="/999/")
    desk = Desk(client, world.wang, "put")
    assert desk.scan(code(there)).startswith("error") and desk.status == 422


def test_who_may_not_put_away_reads_the_clause_and_nothing_moves(world, client):
    desk = Desk(client, world.li, "put")
    desk.scan(code(world.b))
    desk.scan(code(world.volumes[0]))
    assert desk.status == 403 and where(world.volumes[0]) == ("held", "")
    assert Refusal.objects.filter(act="volume.shelve").count() == 1


def test_a_short_address_leads_to_the_page_of_its_thing(world, client):
    client.force_login(world.wang)
    found = client.get(reverse("files:label", args=[code(world.volumes[0])]))
    assert found.url == reverse("files:file", args=[world.volumes[0].file_id])
    assert client.get(reverse("files:label", args=[code(world.a)])).url == reverse("files:place", args=[world.a.pk])
    desk = Desk(client, world.wang, "find")
    assert client.post(desk.url, desk.hidden | {"code": code(world.a)}).url.endswith(f"/places/{world.a.pk}/")


def test_the_screens_of_places_add_change_and_print(world, client):
    client.force_login(world.wang)
    new = {"code": "R1", "kind": "storeroom", "name": "一号库", "capacity": "", "parent": "", "token": "t1"}
    assert client.post(reverse("files:places"), new).status_code == 302
    room = Place.objects.get(code="R1")
    edit = {"code": "A-01", "kind": "shelf", "name": "", "capacity": "2", "parent": room.pk, "token": "t2"}
    assert client.post(reverse("files:edit-place", args=[world.a.pk]), edit).status_code == 302
    assert client.post(reverse("files:edit-place", args=[room.pk]), edit | {"token": "t3"}).status_code == 422
    page = client.get(reverse("files:place", args=[room.pk])).content.decode()
    assert "A-01" in page and "0 / 2" in page
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.a))
    desk.scan(code(world.volumes[0]))
    page = client.get(reverse("files:place", args=[room.pk])).content.decode()
    assert code(world.volumes[0]) in page and "1 / 2" in page
    sheet = client.get(reverse("files:place-labels", args=[room.pk])).content.decode()
    assert code(world.a) in sheet and code(room) in sheet and "单雄信" not in sheet
    sheet = client.get(reverse("files:place-labels", args=[room.pk]), {"what": "volumes"}).content.decode()
    assert code(world.volumes[0]) in sheet and "单雄信" not in sheet
    sheet = client.get(reverse("files:file-labels", args=[world.volumes[1].file_id])).content.decode()
    assert code(world.volumes[1]) in sheet


def test_labels_that_are_stuck_on_are_noted_by_who_may_and_for_numbered_files_only(world, client):
    first, second = world.volumes[:2]
    address = reverse("files:file-labels", args=[first.file_id])
    client.force_login(world.li)
    assert client.post(address, {"token": "l1"}).status_code == 403
    assert Refusal.objects.filter(act="volume.label").count() == 1
    client.force_login(world.wang)
    assert client.post(address, {"token": "l2"}).status_code == 302
    told = events_of("file", first.file_id)[-1]
    assert (told.name, told.data["label"], told.about["volume"]) == ("volume.labeled", first.file.number, str(first.pk))
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.b))
    for one in (first, second):
        desk.scan(code(one))
    sheet = reverse("files:place-labels", args=[world.b.pk]) + "?what=volumes"
    with writing():
        type(second.file).objects.filter(pk=second.file_id).update(number="")
    assert client.post(sheet, {"token": "l3"}).status_code == 302
    named = Event.objects.filter(name="volume.labeled").values_list("subject_id", flat=True)
    assert list(named) == [str(first.file_id)] * 2
    assert "volume.labeled" not in [one.name for one in events_of("file", second.file_id)]


def test_a_place_shows_only_what_the_viewer_may_find(world, client):
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.b))
    desk.scan(code(world.volumes[0]))
    client.force_login(world.zhao)
    page = client.get(reverse("files:place", args=[world.b.pk])).content.decode()
    assert str(world.volumes[0].file) not in page and code(world.volumes[0]) not in page


def test_a_long_room_is_walked_through_page_by_page_without_a_gap(world):
    from kedang.files.place_queries import belonging
    from kedang.files.viewing import Viewer

    with writing():
        for no, volume in enumerate(world.volumes):
            inner = register_place(**world.by(world.wang), branch=world.branch, code=f"B-01-{no}", parent=world.b)
            volume.place = volume.home = inner.result if no else world.b
            volume.status = "shelved"
            volume.save()
    viewer, seen, after = Viewer(world.wang, world.branch, TODAY), [], ""
    while True:
        page = belonging(viewer, world.b, after, 1)
        seen += [row["volume"].pk for row in page.rows]
        after = page.next_key
        if not page.has_next:
            break
    assert seen == [one.pk for one in world.volumes]


def test_the_file_page_puts_papers_away_and_asks_before_a_new_home(world, client):
    volume = world.volumes[0]
    client.force_login(world.wang)
    url = reverse("files:shelve", args=[volume.file_id])
    assert client.post(url, {"place": world.a.pk, "token": "p1"}).status_code == 302
    other = {"place": world.b.pk, "token": "p2"}
    assert client.post(url, other).status_code == 422
    assert where(volume) == ("shelved", "A-01")
    assert client.post(url, other | {"new_home": "yes", "reason": "整理", "token": "p3"}).status_code == 302
    assert where(volume) == ("shelved", "B-01")
    assert "整理" in client.get(reverse("files:file", args=[volume.file_id])).content.decode()


def test_the_journal_tells_where_each_volume_stands_and_a_change_behind_its_back_is_noticed(world, client):
    assert list(disagreements()) == []
    desk = Desk(client, world.wang, "put")
    desk.scan(code(world.b))
    for volume in world.volumes:
        desk.scan(code(volume))
    given = {"borrower": world.li, "purpose": "核对", "until": TODAY, "how": "password"}
    loan = lend_directly(**world.by(world.wang), volume=world.volumes[0], **given).result
    Desk(client, world.wang, "fetch").scan(code(world.volumes[1]))
    assert list(disagreements()) == []
    return_loan(**world.by(world.wang), loan=loan)
    edit = {"code": "B-02", "name": "", "kind": "shelf", "parent": None, "capacity": None}
    edit_place(**world.by(world.wang), place=world.b, **edit)
    assert list(disagreements()) == []
    with writing():
        Volume.objects.filter(pk=world.volumes[2].pk).update(home=world.a, place=world.a)
        Place.objects.filter(pk=world.a.pk).update(capacity=None)
    told = " ".join(one.what for one in disagreements())
    assert "home_id" in told and "place_id" in told and "capacity" in told
