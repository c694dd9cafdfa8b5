"""Whatever way an act writes a row of a kept table, one of its events tells it; no command has to say so."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.db.models import F

from kedang.acts.command import again_if_overtaken
from kedang.files.models import Place
from kedang.journal import parts
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.replay import disagreements
from kedang.staff.models import Branch
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def branch():
    with writing():
        made = Branch.objects.create(code="N", name_zh="北店")
    tell_the_founding()
    return made


def act(write, *, after=False):
    """An act that writes and leaves one event; ``after``: it writes only when its event is written already."""

    def body():
        result = None if after else write()
        event = parts.NewEvent("place.registered", ("branch", "1"), date(2026, 11, 23))
        parts.append(
            act_id=uuid.uuid4(), act="place.register", events=[event], actor=None, branch=None,
            now=datetime(2026, 11, 23, tzinfo=UTC),
        )  # fmt: skip
        return write() if after else result

    return again_if_overtaken(body)


WAYS = {
    "save": lambda branch: Place(branch=branch, code="A").save(),
    "create": lambda branch: Place.objects.create(branch=branch, code="A"),
    "bulk_create": lambda branch: Place.objects.bulk_create([Place(branch=branch, code=one) for one in "AB"]),
    "get_or_create": lambda branch: Place.objects.get_or_create(branch=branch, code="A"),
    "update_or_create": lambda branch: Place.objects.update_or_create(
        branch=branch, code="X", defaults={"capacity": 2}
    ),
    "related": lambda branch: branch.places.create(code="A"),
    "update": lambda branch: Place.objects.filter(code="X").update(capacity=F("capacity") + 1),
    "related update": lambda branch: branch.places.update(code="Y"),
    "bulk_update": lambda branch: Place.objects.bulk_update([_changed(branch)], ["code"]),
    "some columns": lambda branch: _changed(branch).save(update_fields=["code"]),
    "delete": lambda branch: Place.objects.get(code="X").delete(),
    "delete many": lambda branch: branch.places.all().delete(),
}


def _changed(branch):
    row = branch.places.get(code="X")
    row.code = "Z"
    return row


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_writing_in_an_act_is_told(branch, way):
    act(lambda: Place.objects.create(branch=branch, code="X", capacity=1))
    assert list(disagreements()) == []
    before = list(Place.objects.order_by("pk").values())
    act(lambda: WAYS[way](branch))
    assert list(Place.objects.order_by("pk").values()) != before
    assert list(disagreements()) == []


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_writing_behind_the_journals_back_is_named(branch, way):
    act(lambda: Place.objects.create(branch=branch, code="X", capacity=1))
    with writing():
        WAYS[way](branch)
    assert list(disagreements())


def test_a_row_that_was_changed_behind_its_back_stays_named_when_an_act_changes_another_column(branch):
    act(lambda: Place.objects.create(branch=branch, code="X", capacity=1))
    with writing():
        Place.objects.update(capacity=100)
    act(lambda: _changed(branch).save(update_fields=["code"]))
    (one,) = disagreements()
    assert "says capacity = 100, the journal says 1" in str(one)


def test_a_row_that_came_from_nowhere_stays_named_when_an_act_changes_it(branch):
    with writing():
        Place.objects.create(branch=branch, code="X")
    act(lambda: _changed(branch).save())
    assert ["does not" in str(one) for one in disagreements()] == [True]


def test_what_an_act_undid_is_not_told(branch):
    def write():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Place.objects.create(branch=branch, code="X")
            raise ZeroDivisionError
        Place.objects.create(branch=branch, code="Y")

    act(write)
    assert list(disagreements()) == []


def test_an_act_whose_rows_no_event_tells_is_undone(branch):
    with pytest.raises(RuntimeError, match=r"files\.Place"):
        act(lambda: Place.objects.create(branch=branch, code="X"), after=True)
    assert not Place.objects.exists()


def test_an_act_cannot_make_kept_rows_that_may_be_ignored(branch):
    with pytest.raises(TypeError, match="kept by the journal"):
        act(lambda: Place.objects.bulk_create([Place(branch=branch, code="X")], ignore_conflicts=True))


def test_what_is_told_stands_beside_the_data_where_no_rule_reads_it(branch):
    act(lambda: Place.objects.create(branch=branch, code="X"))
    last = Event.objects.order_by("pk").last()
    assert b'"rows":[{"columns":["branch_id","code"' in bytes(last.body)
    assert b'"data":{}' in bytes(last.body)
