"""Events, chains and what the database itself refuses."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from kedang.journal import parts, queries
from kedang.journal.guard import WriteRefused, writing
from kedang.journal.models import AccessLine, ChainHead, Event, Refusal
from kedang.journal.parts import NewEvent
from kedang.journal.sealed import Purpose
from kedang.staff.models import Branch, Person

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def append(*events: NewEvent, now: datetime = NOW) -> list[Event]:
    with writing(), transaction.atomic():
        return parts.append(act_id=uuid.uuid4(), act="file.open", events=events, actor=None, branch=None, now=now)


def opened(ref: str = "1", **more: object) -> NewEvent:
    return NewEvent("file.opened", ("file", ref), MONDAY, **more)


def test_an_act_appends_one_event_per_subject_under_one_act_id():
    rows = append(opened("1"), opened("2"))
    assert [(row.subject_id, row.seq) for row in rows] == [("1", 1), ("2", 1)]
    assert rows[0].act_id == rows[1].act_id
    assert queries.last_seq("file", 1) == 1
    assert queries.last_seq("file", 99) == 0
    assert [entry.subject for entry in queries.events_of_act(rows[0].act_id)] == [("file", "1"), ("file", "2")]


def test_two_events_of_one_subject_follow_each_other():
    first, second = append(opened(), NewEvent("file.completed", ("file", "1"), MONDAY))
    assert second.prev_hash == first.hash
    assert (first.seq, second.seq) == (1, 2)
    third = append(opened())[0]
    assert bytes(third.prev_hash) == second.hash


def test_an_event_keeps_what_it_was_given():
    with writing():
        branch = Branch.objects.create(code="south", name_zh="南店")
        person = Person.objects.create_user("li", "correct horse battery", name="李")
    event = opened(about={"job": "7"}, data={"amount": "50", "on": MONDAY}, past=True)
    with writing(), transaction.atomic():
        parts.append(act_id=uuid.uuid4(), act="file.open", events=[event], actor=person.pk, branch=branch.pk, now=NOW)
    (entry,) = queries.events_of("file", 1)
    assert (entry.actor, entry.branch, entry.happened_on, entry.recorded_at) == (person.pk, branch.pk, MONDAY, NOW)
    assert (entry.about, entry.data, entry.past) == ({"job": "7"}, {"amount": "50", "on": "2026-03-02"}, True)


def test_personal_values_of_an_event_are_encrypted_before_they_are_hashed():
    (row,) = append(opened(secrets={"phone": "13812345678"}))
    assert b"13812345678" not in row.body
    assert parts.reveal(row, "phone", Purpose("li", "calling back")) == "13812345678"


def test_an_event_needs_an_act_and_a_transaction():
    with pytest.raises(WriteRefused):
        parts.append(act_id=uuid.uuid4(), act="file.open", events=[opened()], actor=None, branch=None, now=NOW)
    assert not Event.objects.exists()


def test_a_float_or_an_object_cannot_stand_in_an_event():
    with pytest.raises(TypeError):
        append(opened(data={"what": object()}))
    with pytest.raises(ValueError, match="cannot stand"):
        append(NewEvent('a"b', ("file", "1"), MONDAY))


WAYS_TO_CHANGE = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
]


@pytest.mark.parametrize("statement", WAYS_TO_CHANGE)
@pytest.mark.parametrize(("model", "column"), [(Event, "name"), (Refusal, "act"), (AccessLine, "page")])
def test_triggers_refuse_a_change_even_inside_an_act(statement, model, column):
    append(opened())
    parts.record_refusal(act="loan.issue", subject=("file", "1"), actor=None, branch=None, clauses=["07:1"], now=NOW)
    parts.record_access(actor=None, page="files:one", kind="file", ids=[1], now=NOW)
    sql = statement.format(table=model._meta.db_table, column=column)
    with (
        pytest.raises(DatabaseError, match="written once"),
        writing(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert model.objects.count() == 1


def test_the_orm_cannot_change_an_event_either():
    (row,) = append(opened())
    row.name = "file.closed"
    with pytest.raises(DatabaseError), writing(), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), writing(), transaction.atomic():
        Event.objects.all().delete()


def test_truncating_is_refused_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")
    append(opened())
    with (
        pytest.raises(DatabaseError, match="written once"),
        writing(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE journal_event")


def test_two_events_cannot_take_the_same_place():
    append(opened())
    with writing():
        ChainHead.objects.update(seq=0, hash=b"")
    with pytest.raises(DatabaseError):
        append(opened())


def test_a_refusal_names_act_subject_and_clauses():
    row = parts.record_refusal(
        act="loan.issue", subject=("file", "1"), actor=None, branch=None, clauses=["07:7.5", "07:7.4"], now=NOW
    )
    assert list(queries.refusals_of("file", 1)) == [row]
    assert row.clauses == "07:7.4\n07:7.5"
