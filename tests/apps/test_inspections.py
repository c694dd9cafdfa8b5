"""Rounds and stock checks: what is found, missing, in the wrong place, unknown; open until it is mended."""

from __future__ import annotations

import copy
import hashlib
from types import SimpleNamespace

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption
from kedang.duties.models import Duty
from kedang.files import labels, standing
from kedang.files.incident_services import report_incident
from kedang.files.models import File, Volume
from kedang.files.place_services import move_volume, register_place, shelve_volume
from kedang.files.services import open_file
from kedang.inspections.models import Inspection
from kedang.inspections.services import hold_inspection, mend_inspection
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.journal.replay import disagreements
from kedang.loans.services import lend_directly
from tests.apps.files_world import TODAY, make_world, values
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ROUNDS = """
pack: stock-house
language: 1
edition: "1"
title: {zh: 清点制度, en: Stock house}
posts: {boss: {zh: 主管, en: Boss}}
rounds: {stock: {zh: 清点, en: Stocktaking}}
clauses:
  - id: "1"
    zh: 档案柜上锁；发现问题三日内整改。
    en: The cabinet is locked; what is found is mended within three days.
    rules:
      - inspect: {round: stock, line: {zh: 档案柜是否上锁？, en: "Is the cabinet locked?"}}
      - duty: {after: inspection.held, when: {inspection.round: stock, inspection.findings: {over: 0}},
               who: [archivist], about: inspection, done_by: inspection.mended, within_days: 3}
"""


def adopt(world, text: str, name: str) -> None:
    """Let one more policy bind the branch."""
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug=name, file_name=name, edition="1", text=text, approved_by=world.wang,
            sha256=hashlib.sha256(text.encode()).hexdigest(), in_force_from=TODAY,
        )  # fmt: skip


def a_rack_of_volumes() -> SimpleNamespace:
    """A rack with two shelves, two volumes on the first and one on the second; Wang keeps, Li sells."""
    made = make_world()
    tell_the_founding()
    made.rack = register_place(**made.by(made.wang), branch=made.branch, code="A", kind="rack").result
    made.one = register_place(**made.by(made.wang), branch=made.branch, code="A-1", parent=made.rack).result
    made.two = register_place(**made.by(made.wang), branch=made.branch, code="A-2", parent=made.rack).result
    made.other = register_place(**made.by(made.wang), branch=made.branch, code="B").result
    made.volumes = []
    for no in range(4):
        said = values(serial=f"LSVAM4187C21{no:05d}")
        given = {"branch": made.branch, "kind": "thing", "values": said, "roles": {"seller": made.li}}
        file = open_file(**made.by(made.wang), **given).result
        volume = Volume.objects.select_related("file__branch", "holder").get(file=file)
        place = (made.one, made.one, made.two, made.other)[no]
        shelve_volume(**made.by(made.wang), volume=volume, place=place)
        made.volumes.append(volume)
    return made


@pytest.fixture(scope="module")
def built(once):
    return once(a_rack_of_volumes)


@pytest.fixture
def world(built, settings):
    made = copy.deepcopy(built)
    settings.CLOCK = lambda: made.now
    return made


def code(thing) -> str:
    """What the scanner reads from the label of a volume or place."""
    return labels.code_of(type(thing).__name__.lower(), thing.pk)


def held(world, place, *things, **given) -> Inspection:
    """A stock check of a place by Wang, with these scans."""
    scanned = "\n".join(one if isinstance(one, str) else code(one) for one in things)
    return hold_inspection(
        **world.by(world.wang), branch=world.branch, round="stock", place=place, scanned=scanned, **given
    ).result


def outcomes(inspection: Inspection) -> dict[str, str]:
    """The outcome of each line by its title."""
    return {one.title: one.outcome for one in inspection.lines.all()}


def test_a_rack_in_which_all_stands_has_no_finding(world):
    inspection = held(world, world.rack, *world.volumes[:3])
    assert inspection.findings == 0 and not inspection.open
    assert set(outcomes(inspection).values()) == {"found"}


def test_what_was_not_scanned_is_missing_and_what_belongs_elsewhere_is_told(world):
    a, b, c, stranger = world.volumes
    inspection = held(world, world.rack, a, c, stranger, "KD-V-1-00000")
    found = outcomes(inspection)
    assert (found[str(a.file)], found[str(b.file)]) == ("found", "missing")
    assert (found[str(stranger.file)], found["KD-V-1-00000"]) == ("elsewhere", "unknown")
    assert inspection.findings == 3
    line = inspection.lines.get(outcome="elsewhere")
    assert (line.home, line.place, line.file_id) == ("B", "A", stranger.file_id)


def test_a_volume_on_the_wrong_shelf_of_the_right_rack_is_seen_when_the_shelf_is_scanned(world):
    a, b, c, _other = world.volumes
    assert held(world, world.rack, a, b, c).findings == 0  # nobody said which shelf
    inspection = held(world, world.rack, world.one, a, world.two, b, c)
    line = inspection.lines.get(outcome="elsewhere")
    assert (line.title, line.home, line.place) == (str(b.file), "A-1", "A-2")
    assert inspection.findings == 1


def test_what_is_lent_is_not_missing_but_found_on_the_shelf_it_is_a_finding(world):
    given = {"borrower": world.li, "purpose": "核对", "until": TODAY, "how": "password"}
    lend_directly(**world.by(world.wang), volume=world.volumes[0], **given)
    away = held(world, world.one, world.volumes[1])
    assert away.findings == 0 and outcomes(away)[str(world.volumes[0].file)] == "away"
    back = held(world, world.one, *world.volumes[:2])
    assert outcomes(back)[str(world.volumes[0].file)] == "elsewhere"
    line = back.lines.get(outcome="elsewhere")
    assert "Li" in line.note and line.astray_in_books
    wrong = held(world, world.two, world.volumes[1]).lines.get(outcome="elsewhere")
    assert not wrong.astray_in_books and wrong.said != line.said


def test_a_strangers_code_leaves_only_its_ends(world):
    inspection = held(world, world.one, *world.volumes[:2], "https://health.example.cn/p?id=110105194912310025")
    line = inspection.lines.get(outcome="unknown")
    assert line.title == "ht…25 (49)"
    assert "110105" not in bytes(Event.objects.get(name="inspection.held").body).decode()


def test_a_file_that_the_checker_may_not_find_is_an_unknown_label(world):
    adopt(world, HIDING, "92-hiding.yaml")
    inspection = held(world, world.other, world.volumes[3])
    assert [one.outcome for one in inspection.lines.all()] == ["unknown"]
    assert str(world.volumes[3].file) not in outcomes(inspection)


HIDING = """
pack: hiding-house
language: 1
edition: "1"
title: {zh: 不示人, en: Hiding house}
posts: {boss: {zh: 主管, en: Boss}}
clauses:
  - id: "1"
    zh: 档案管理员不得知悉物品档案。
    en: The archivist knows of no thing.
    rules: [{forbid: {act: file.find, who: [archivist], when: {file.kind: thing}}}]
"""


def test_the_questions_of_the_policy_are_answered_each_or_nothing_is_saved(world):
    adopt(world, ROUNDS, "91-stock.yaml")
    with pytest.raises(Invalid) as wrong:
        held(world, world.one, *world.volumes[:2])
    assert set(wrong.value.errors) == {"answer_0"}
    with pytest.raises(Invalid) as wrong:
        held(world, world.one, *world.volumes[:2], answers={"0": {"answer": "wrong"}})
    assert set(wrong.value.errors) == {"note_0"} and not Inspection.objects.exists()
    inspection = held(world, world.one, *world.volumes[:2], answers={"0": {"answer": "wrong", "note": "锁坏了"}})
    assert inspection.findings == 1
    assert inspection.lines.get(clause="91:1").asked["en"] == "Is the cabinet locked?"


def test_a_finding_opens_the_duty_to_mend_and_the_last_word_on_all_of_them_ends_it(world):
    adopt(world, ROUNDS, "91-stock.yaml")
    fine = {"0": {"answer": "fine"}}
    held(world, world.one, *world.volumes[:2], answers=fine)
    assert not Duty.objects.filter(clause="91:1").exists()
    inspection = held(world, world.one, world.volumes[0], "unknown-1", answers=fine)
    duty = Duty.objects.get(clause="91:1")
    assert (duty.status, (duty.due_on - TODAY).days) == ("open", 3)
    lines = {one.outcome: str(one.pk) for one in inspection.lines.all()}
    with pytest.raises(Invalid) as wrong:
        mend_inspection(**world.by(world.wang), inspection=inspection, how={})
    assert set(wrong.value.errors) == {f"how_{lines['missing']}", f"how_{lines['unknown']}"}
    found = {"how": {lines["missing"]: "找到了，已放回"}, "ways": {lines["missing"]: "found"}}
    mend_inspection(**world.by(world.wang), inspection=inspection, **found)
    inspection.refresh_from_db()
    duty.refresh_from_db()
    assert inspection.open and duty.status == "open", "one finding is mended, the other is not"
    line = inspection.lines.get(outcome="missing")
    assert (line.mended, line.mended_on, line.mended_by) == ("找到了，已放回", TODAY, world.wang)
    mend_inspection(**world.by(world.wang), inspection=inspection, how={}, others="旧标签，已撕掉")
    inspection.refresh_from_db()
    duty.refresh_from_db()
    assert not inspection.open and duty.status not in ("open", "late")
    assert inspection.lines.get(outcome="unknown").mended == "旧标签，已撕掉"
    assert inspection.lines.get(outcome="missing").mended == "找到了，已放回"
    with pytest.raises(Invalid):
        mend_inspection(**world.by(world.wang), inspection=inspection, how={}, others="again")


def test_what_was_missing_is_settled_by_what_the_books_know(world):
    inspection = held(world, world.one)
    first, second = (str(one.pk) for one in inspection.lines.filter(outcome="missing").order_by("title"))

    def mend(line, way, text="问过销售"):
        said = {"how": {line: text}, "ways": {line: way}}
        mend_inspection(**world.by(world.wang), inspection=inspection, **said)

    for way in ("", "away", "lost", "gone"):
        with pytest.raises(Invalid) as wrong:
            mend(first, way)
        assert wrong.value.errors.keys() == {f"how_{first}"}
    with pytest.raises(Invalid):
        mend(first, "found", "")
    assert not inspection.lines.exclude(mended="").exists()
    lost, lent = world.volumes[0].file, world.volumes[1]
    report_incident(**world.by(world.wang), file=lost, kind="lost", happened_on=TODAY, cause="搬柜时遗失")
    mend(first, "lost")
    with pytest.raises(Invalid):
        mend(second, "lost")
    due = {"borrower": world.li, "purpose": "理赔", "until": TODAY, "how": "password"}
    lend_directly(**world.by(world.wang), volume=lent, **due)
    mend(second, "away")
    inspection.refresh_from_db()
    assert not inspection.open
    assert set(inspection.lines.values_list("way", "mended")) == {("lost", "问过销售"), ("away", "问过销售")}
    told = Event.objects.filter(name="inspection.mended").count()
    assert told == 1 and list(disagreements()) == []


def test_an_open_finding_stands_on_the_page_of_its_file_until_it_is_mended(world, client):
    client.force_login(world.wang)
    page = reverse("files:file", args=[world.volumes[1].file_id])
    inspection = held(world, world.one, world.volumes[0])
    address = reverse("inspections:inspection", args=[inspection.pk])
    assert address in client.get(page).content.decode()
    other = reverse("files:file", args=[world.volumes[0].file_id])
    assert address not in client.get(other).content.decode()
    mend_inspection(**world.by(world.wang), inspection=inspection, how={}, others="已放回", others_way="found")
    assert address not in client.get(page).content.decode()


def test_a_clerk_holds_and_mends_nothing(world):
    inspection = held(world, world.one, world.volumes[0])
    with pytest.raises(Refused):
        hold_inspection(**world.by(world.li), branch=world.branch, round="stock", place=world.one, scanned="")
    with pytest.raises(Refused):
        mend_inspection(**world.by(world.li), inspection=inspection, how={}, others="all right", others_way="found")
    assert Inspection.objects.count() == 1 and Refusal.objects.count() == 2


def test_the_journal_tells_every_line_and_a_changed_one_is_noticed(world):
    inspection = held(world, world.rack, world.volumes[0], "x")
    mend_inspection(**world.by(world.wang), inspection=inspection, how={}, others="已处理", others_way="found")
    assert list(disagreements()) == []
    with writing():
        inspection.lines.filter(outcome="missing").update(outcome="found", mended_on=None, way="")
    told = " ".join(one.what for one in disagreements())
    assert "outcome" in told and "mended_on" in told


def test_other_kinds_of_things_take_part_when_an_app_offers_them(world, monkeypatch):
    """What a layer above keeps in places: here each file's seal, which belongs where its volume does."""
    file = File.objects.get(pk=world.volumes[0].file_id)

    def seal(home: int) -> standing.Item:
        return standing.Item("seal", file.pk, f"印 {file}", file.pk, home, home)

    kind = standing.Kind(
        "seal", "S", "Seal",
        expected=lambda _viewer, places: [seal(world.one.pk)] if world.one.pk in places else [],
        one=lambda _viewer, pk: seal(world.one.pk) if pk == file.pk else None,
        typed=lambda _viewer, _text: None,
    )  # fmt: skip
    monkeypatch.setitem(standing._kinds, "seal", kind)
    monkeypatch.setitem(labels._letters, "S", "seal")
    assert outcomes(held(world, world.one, *world.volumes[:2]))[f"印 {file}"] == "missing"
    wrong = held(world, world.rack, world.one, *world.volumes[:2], world.two, world.volumes[2], seal(world.one.pk).code)
    line = wrong.lines.get(outcome="elsewhere")
    assert (line.thing, line.home, line.place) == ("seal", "A-1", "A-2")


def test_the_screen_counts_while_one_scans_and_the_session_keeps_the_scans(world, client):
    adopt(world, ROUNDS, "91-stock.yaml")
    client.force_login(world.wang)
    url = reverse("inspections:hold")
    form = {"round": "stock", "place": world.rack.pk, "scanned": ""}
    assert client.get(url, form).status_code == 200
    for number, thing in enumerate((world.one, world.volumes[0], world.volumes[3])):
        answer = client.post(url, form | {"code": code(thing), "do": "scan", "token": f"s{number}"})
        assert answer.status_code == 200
        form["scanned"] = answer.context["scanned"]
    assert client.post(url, form | {"code": code(world.other), "do": "scan", "token": "o"}).status_code == 422
    again = client.get(url, {"round": "stock", "place": world.rack.pk})  # the window was closed and opened again
    assert again.context["scanned"] == form["scanned"]
    assert {key: again.context["stock"][key] for key in ("found", "missing", "elsewhere")} == {
        "found": 1, "missing": 2, "elsewhere": 1,
    }  # fmt: skip
    assert client.post(url, form | {"do": "hold", "token": "h1"}).status_code == 422  # the question has no answer
    done = client.post(url, form | {"do": "hold", "answer_0": "fine", "token": "h2"})
    inspection = Inspection.objects.get()
    assert done.url == reverse("inspections:inspection", args=[inspection.pk]) and inspection.findings == 3
    page = client.get(done.url).content.decode()
    assert str(world.volumes[3].file) in page
    mend = reverse("inspections:mend", args=[inspection.pk])
    assert client.post(mend, {"token": "m1"}).status_code == 422
    assert client.post(mend, {"others": "已放回原位", "token": "m2"}).status_code == 422, "what became of the missing?"
    given = {"others": "已放回原位", "others_way": "found", "token": "m3"}
    assert client.post(mend, given).status_code == 302
    assert "已放回原位" in client.get(done.url).content.decode()
    assert client.get(reverse("inspections:list")).status_code == 200


def test_a_line_about_a_file_is_only_for_who_may_find_it(world, client):
    inspection = held(world, world.one, world.volumes[0])
    client.force_login(world.zhao)
    page = client.get(reverse("inspections:inspection", args=[inspection.pk])).content.decode()
    assert str(world.volumes[0].file) not in page and str(world.volumes[1].file) not in page


def test_a_mended_shelf_is_found_in_order_the_next_time(world):
    assert held(world, world.rack, world.one, world.volumes[0], world.two, *world.volumes[1:3]).findings == 1
    move_volume(**world.by(world.wang), volume=world.volumes[1], place=world.two, reason="改放")
    assert held(world, world.rack, world.one, world.volumes[0], world.two, *world.volumes[1:3]).findings == 0


def test_what_the_program_notes_of_a_thing_is_read_in_the_language_of_the_reader(world, client):
    given = {"borrower": world.li, "purpose": "核对", "until": TODAY, "how": "password"}
    lend_directly(**world.by(world.wang), volume=world.volumes[0], **given)
    inspection = held(world, world.one, *world.volumes[:2])
    client.force_login(world.wang)
    address = reverse("inspections:inspection", args=[inspection.pk])
    english = client.get(address, headers={"accept-language": "en"}).content.decode()
    chinese = client.get(address, headers={"accept-language": "zh-CN"}).content.decode()
    assert "By the books: lent to Li." in english and "By the books" not in chinese
    assert inspection.lines.get(outcome="elsewhere").note in chinese
    assert inspection.lines.get(outcome="elsewhere").note not in english
