"""Places in places: a tree of rooms, racks and boxes, how much each takes, and where a volume belongs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kedang.acts.answers import Invalid, Refused
from kedang.files import place_queries
from kedang.files.models import Place, Volume
from kedang.files.place_services import edit_place, register_place, shelve_volume
from kedang.files.services import open_file
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.lib import folding
from kedang.loans import services as loans
from tests.apps.files_world import TODAY, make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    """A room with a rack and two shelves, the first for one volume; Wang keeps, Li sells."""
    made = make_world()
    made.room = place(made, "R1", kind="storeroom")
    made.rack = place(made, "R1-A", kind="rack", parent=made.room)
    made.one = place(made, "R1-A-1", parent=made.rack, capacity=1)
    made.two = place(made, "R1-A-2", parent=made.rack)
    return made


def place(world, code: str, **given) -> Place:
    """A registered place."""
    return register_place(**world.by(world.wang), branch=world.branch, code=code, **given).result


def volume(world, no: int = 0) -> Volume:
    """The volume of a new file."""
    said = values(serial=f"LSVAM4187C218{4000 + no}")
    file = open_file(
        **world.by(world.wang), branch=world.branch, kind="thing", values=said, roles={"seller": world.li}
    ).result
    return Volume.objects.select_related("file__branch", "holder").get(file=file)


def edited(world, which: Place, **given):
    """A place as it is, but for what is given."""
    which.refresh_from_db()
    was = {name: getattr(which, name) for name in ("code", "name", "kind", "parent", "capacity")}
    return edit_place(**world.by(world.wang), place=which, **(was | given)).result


def test_what_lies_within_a_place_begins_with_its_path(world):
    inside = Place.objects.filter(path__startswith=world.room.path)
    assert set(inside) == {world.room, world.rack, world.one, world.two}
    assert world.one.path == f"{world.rack.path}{world.one.pk}/"


def test_a_rack_that_moves_to_another_room_takes_its_shelves_along(world):
    other = place(world, "R2", kind="storeroom")
    edited(world, world.rack, parent=other)
    assert set(Place.objects.filter(path__startswith=other.path)) == {other, world.rack, world.one, world.two}
    assert list(Place.objects.filter(path__startswith=world.room.path)) == [world.room]


def test_a_place_stands_neither_in_itself_nor_in_what_stands_in_it(world):
    for parent in (world.room, world.one):
        with pytest.raises(Invalid) as wrong:
            edited(world, world.room, parent=parent)
        assert set(wrong.value.errors) == {"parent"}


def test_places_lie_in_each_other_eight_deep_and_no_deeper(world):
    last = world.one
    for depth in range(4, 9):
        last = place(world, f"deep-{depth}", kind="box", parent=last)
    with pytest.raises(Invalid):
        place(world, "deep-9", kind="box", parent=last)
    with pytest.raises(Invalid):  # with all that lies in it the rack would reach a ninth level
        edited(world, world.rack, parent=place(world, "R2-x", kind="storeroom", parent=place(world, "R2", kind="room")))


def test_wrong_fields_of_a_place_are_named_each(world):
    with pytest.raises(Invalid) as wrong:
        place(world, "R1", kind="cupboard", capacity=0)
    assert set(wrong.value.errors) == {"code", "kind", "capacity"}


def test_a_full_place_takes_nothing_more_and_says_how_full_it_is(world):
    first, second = volume(world, 1), volume(world, 2)
    shelve_volume(**world.by(world.wang), volume=first, place=world.one)
    with pytest.raises(Invalid) as wrong:
        shelve_volume(**world.by(world.wang), volume=second, place=world.one)
    assert "1" in wrong.value.errors["place"] and "R1-A-1" in wrong.value.errors["place"]
    second.refresh_from_db()
    assert (second.status, second.place) == ("held", None)
    edited(world, world.one, capacity=2)
    shelve_volume(**world.by(world.wang), volume=second, place=world.one)
    assert world.one.volumes.count() == 2


def test_a_lent_volume_keeps_its_home_and_its_gap(world):
    first, second = volume(world, 1), volume(world, 2)
    shelve_volume(**world.by(world.wang), volume=first, place=world.one)
    loan = loans.request_loan(**world.by(world.li), volume=first, purpose="核对", until=TODAY).result
    loans.issue_loan(**world.by(world.wang), loan=loan)
    first.refresh_from_db()
    assert (first.status, first.place, first.home) == ("lent", None, world.one)
    with pytest.raises(Invalid):
        shelve_volume(**world.by(world.wang), volume=second, place=world.one)


def test_a_returned_volume_that_somebody_put_elsewhere_stays_there(world):
    first = volume(world, 1)
    shelve_volume(**world.by(world.wang), volume=first, place=world.one)
    loan = loans.request_loan(**world.by(world.li), volume=first, purpose="核对", until=TODAY).result
    loans.issue_loan(**world.by(world.wang), loan=loan)
    loans.return_loan(**world.by(world.wang), loan=loan)
    first.refresh_from_db()
    shelve_volume(**world.by(world.wang), volume=first, place=world.two)
    loans.check_loan(**world.by(world.wang), loan=loan, found={}, pages_back=0, unmarked=True)
    first.refresh_from_db()
    assert (first.status, first.place, first.home) == ("shelved", world.two, world.two)
    assert Event.objects.filter(name="volume.shelved").count() == 2


def test_a_place_is_not_closed_while_something_belongs_to_it(world):
    first = volume(world, 1)
    shelve_volume(**world.by(world.wang), volume=first, place=world.one)
    with pytest.raises(Invalid) as wrong:
        edited(world, world.one, closed=True)
    assert set(wrong.value.errors) == {"closed"}


def test_a_place_is_closed_when_empty_and_takes_nothing_then(world):
    edited(world, world.one, closed=True)
    with pytest.raises(Invalid):
        shelve_volume(**world.by(world.wang), volume=volume(world), place=world.one)
    with pytest.raises(Invalid):  # the second shelf is still open
        edited(world, world.rack, closed=True)
    edited(world, world.one, closed=False)
    shelve_volume(**world.by(world.wang), volume=volume(world, 1), place=world.one)


def test_who_keeps_no_papers_changes_no_place(world):
    with pytest.raises(Refused):
        register_place(**world.by(world.li), branch=world.branch, code="X")
    assert not Place.objects.filter(code="X").exists()


def counts(world, parent: Place | None = None) -> dict[str, tuple[int, int]]:
    """By code what the list of places says: in it and below, and in itself."""
    viewer = Viewer(world.wang, world.branch, world.today)
    return {row["place"].code: (row["taken"], row["here"]) for row in place_queries.within(viewer, parent).rows}


def test_a_room_counts_what_lies_on_its_shelves_and_no_other_room_does(world):
    other = place(world, "R2", kind="storeroom")
    for number, shelf in enumerate((world.one, world.two, world.two, world.room)):
        shelve_volume(**world.by(world.wang), volume=volume(world, number), place=shelf)
    assert counts(world) == {"R1": (4, 1), other.code: (0, 0)}
    assert counts(world, world.room) == {"R1-A": (3, 0)}
    assert counts(world, world.rack) == {"R1-A-1": (1, 1), "R1-A-2": (2, 2)}


def test_a_place_whose_number_begins_like_anothers_is_not_within_it(world):
    with writing():
        room = Place.objects.create(branch=world.branch, code="X", pk=7, path="/7/")
        Place.objects.create(branch=world.branch, code="Y", pk=77, path="/77/")
        Volume.objects.filter(pk=volume(world).pk).update(home=77)
    assert {key: value[0] for key, value in counts(world).items()} == {"R1": 0, room.code: 0, "Y": 1}


def test_a_count_of_places_ends_at_the_cap_and_takes_three_statements(world, monkeypatch):
    for number in range(4):
        shelve_volume(**world.by(world.wang), volume=volume(world, number), place=world.two)
    monkeypatch.setattr(place_queries, "counted", lambda rows: folding.counted(rows, 2))
    viewer = Viewer(world.wang, world.branch, world.today)
    viewer.finds  # noqa: B018  (read once for a whole page)
    with CaptureQueriesContext(connection) as asked:
        assert place_queries.within(viewer, None).rows[0]["taken"] == 3
    assert len(asked) == 3
