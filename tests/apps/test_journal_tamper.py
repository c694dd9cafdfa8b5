"""Edit, deletion, insertion, swap and cut: each tried behind the program's back, on the database's own connection.

The cheat here holds all rights on the database: he drops the triggers, and the skilled one computes the hashes anew.
He does not hold the seal key, nor the place where seals are exported.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from kedang.journal import parts, sealing, triggers
from kedang.journal.commands import render, seal_main, verify_main
from kedang.journal.guard import writing
from kedang.journal.models import AccessLine, ChainHead, Event, Refusal, Seal
from kedang.journal.parts import NewEvent
from kedang.journal.replay import Expected, _registry, disagreements, register_replay
from kedang.journal.verifying import Report, verify
from kedang.staff.models import Branch
from tests.apps.founded import tell_the_founding

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)


def append(ref: str, count: int = 1) -> None:
    events = [NewEvent("file.opened", ("file", ref), date(2026, 3, 2), data={"no": str(i)}) for i in range(count)]
    with writing(), transaction.atomic():
        parts.append(act_id=uuid.uuid4(), act="file.open", events=events, actor=None, branch=None, now=NOW)


@pytest.fixture(autouse=True)
def life() -> None:
    """Two sealed files of five events each, refusals, access lines; then two events after the seal."""
    for ref in ("1", "2"):
        append(ref, 5)
    for number in range(3):
        parts.record_refusal(
            act="loan.issue", subject=("file", "1"), actor=None, branch=None, clauses=[f"07:{number}"], now=NOW
        )
        parts.record_access(actor=None, page="files:one", kind="file", ids=[number], now=NOW)
    assert sealing.seal_now(NOW) is not None
    append("1")
    append("3")


def behind(*statements: str, params: tuple[object, ...] = ()) -> None:
    """Run statements past guard and triggers."""
    with writing():
        triggers.remove(connection)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, params)
        triggers.install(connection)


def rechain(ref: str) -> None:
    """The skilled cheat: compute the chain of a file and its head anew."""
    with writing():
        triggers.remove(connection)
        previous, seq = b"", 0
        for row in Event.objects.filter(subject_id=ref).order_by("seq"):
            seq += 1
            body = bytes(row.body).split(b'"about"', 1)[1]
            old = row.seq
            row.seq, row.prev_hash = seq, previous
            row.body = parts.head_text(row).encode() + b'"about"' + body
            row.hash = previous = hashlib.sha256(previous + row.body).digest()
            Event.objects.filter(pk=row.pk, seq=old).update(
                seq=seq, prev_hash=row.prev_hash, body=row.body, hash=row.hash
            )
        ChainHead.objects.filter(subject_id=ref).update(seq=seq, hash=previous)
        triggers.install(connection)


def places(report: Report) -> list[tuple[str, int, bool]]:
    return [(finding.subject, finding.seq, finding.sealed) for finding in report.findings]


def forged(ref: str, seq: int) -> Event:
    row = Event(
        subject_kind="file", subject_id=ref, seq=seq, act_id=uuid.uuid4(), act="file.open", name="file.opened",
        happened_on=date(2026, 3, 2), recorded_at=NOW, prev_hash=b"",
    )  # fmt: skip
    row.body = (parts.head_text(row) + '"about":{},"data":{},"past":false,"sealed":{}}').encode()
    row.hash = hashlib.sha256(row.body).digest()
    return row


def test_an_untouched_journal_is_intact_and_says_what_is_not_sealed_yet():
    report = verify(LATER)
    assert report.intact, render(report)
    assert (report.events, report.chains, report.seals) == (12, 3, 1)
    assert (report.unsealed, report.age) == (2, timedelta(minutes=7))
    assert "unsealed  2 events, the oldest 0 h 7 min 0 s old" in render(report)
    assert verify_main([], now=LATER) == 0


@pytest.mark.parametrize(
    "change",
    ["act = 'x'", "name = 'x'", "happened_on = '2026-03-01'", "recorded_at = '2026-03-01 00:00:00+00'"],
)
def test_an_edited_column_is_named(change):
    if connection.vendor == "sqlite":
        change = change.replace("+00", "")
    behind(f"UPDATE journal_event SET {change} WHERE subject_id = '1' AND seq = 3")
    assert places(verify(LATER)) == [("file:1", 3, True)]
    assert verify_main([], now=LATER) == 1


def test_an_edited_body_is_named():
    row = Event.objects.get(subject_id="1", seq=3)
    body = bytes(row.body).replace(b'"no":"2"', b'"no":"9"')
    behind("UPDATE journal_event SET body = %s WHERE subject_id = '1' AND seq = 3", params=(body,))
    assert places(verify(LATER)) == [("file:1", 3, True)]


def test_an_edit_with_all_hashes_computed_anew_is_named_by_the_seal():
    row = Event.objects.get(subject_id="1", seq=3)
    body = bytes(row.body).replace(b'"no":"2"', b'"no":"9"')
    behind("UPDATE journal_event SET body = %s WHERE subject_id = '1' AND seq = 3", params=(body,))
    rechain("1")
    assert places(verify(LATER)) == [("file:1", 5, True)]


def test_a_deletion_is_named():
    behind("DELETE FROM journal_event WHERE subject_id = '2' AND seq = 2")
    assert places(verify(LATER)) == [("file:2", 2, True)]


def test_a_deletion_closed_up_by_new_hashes_is_named():
    behind("DELETE FROM journal_event WHERE subject_id = '2' AND seq = 2")
    rechain("2")
    assert ("file:2", 5, True) in places(verify(LATER))


def test_a_whole_chain_deleted_is_named():
    behind("DELETE FROM journal_event WHERE subject_id = '2'", "DELETE FROM journal_chainhead WHERE subject_id = '2'")
    assert places(verify(LATER)) == [("file:2", 1, True)]


def test_an_insertion_into_a_sealed_chain_is_named():
    behind("UPDATE journal_event SET seq = seq + 100 WHERE subject_id = '2' AND seq > 2")
    behind("UPDATE journal_event SET seq = seq - 99 WHERE subject_id = '2' AND seq > 100")
    with writing():
        forged("2", 3).save(force_insert=True)
    rechain("2")
    report = verify(LATER)
    assert ("file:2", 5, True) in places(report)
    assert not report.intact


def test_an_insertion_with_an_old_id_is_named():
    first = Event.objects.order_by("pk").first()
    assert first is not None
    row = forged("77", 1)
    row.pk = first.pk - 1
    with writing():
        row.save(force_insert=True)
        ChainHead.objects.create(subject_kind="file", subject_id="77", seq=1, hash=row.hash)
    report = verify(LATER)
    assert places(report) == [("file:77", 1, True)]
    assert "inserted behind the seals" in str(report.findings[0])


def test_two_swapped_events_are_named():
    behind("UPDATE journal_event SET seq = 1000 WHERE subject_id = '1' AND seq = 2")
    behind("UPDATE journal_event SET seq = 2 WHERE subject_id = '1' AND seq = 4")
    behind("UPDATE journal_event SET seq = 4 WHERE subject_id = '1' AND seq = 1000")
    assert {("file:1", 2, True), ("file:1", 4, True)} <= set(places(verify(LATER)))


def test_two_events_swapped_with_new_hashes_are_named():
    behind("UPDATE journal_event SET seq = 1000 WHERE subject_id = '1' AND seq = 2")
    behind("UPDATE journal_event SET seq = 2 WHERE subject_id = '1' AND seq = 4")
    behind("UPDATE journal_event SET seq = 4 WHERE subject_id = '1' AND seq = 1000")
    rechain("1")
    assert ("file:1", 5, True) in places(verify(LATER))


@pytest.mark.parametrize("skilled", [False, True])
def test_a_cut_of_sealed_events_is_named(skilled):
    behind("DELETE FROM journal_event WHERE subject_id = '2' AND seq > 3")
    if skilled:
        rechain("2")
    report = verify(LATER)
    assert places(report) == [("file:2", 4, True)]
    assert "events 4 to 5 are missing" in str(report.findings[0])


def test_the_same_after_the_seal_is_reported_as_unsealed():
    behind("UPDATE journal_event SET name = 'x' WHERE subject_id = '3'")
    report = verify(LATER)
    assert places(report) == [("file:3", 1, False)]
    assert str(report.findings[0]).endswith("(unsealed)")


def test_a_cut_after_the_seal_is_reported_as_unsealed():
    behind("DELETE FROM journal_event WHERE subject_id = '1' AND seq = 6")
    assert places(verify(LATER)) == [("file:1", 6, False)]


def test_a_skilled_change_after_the_seal_lies_within_what_is_reported_unsealed():
    behind("DELETE FROM journal_event WHERE subject_id = '1' AND seq = 6")
    rechain("1")
    report = verify(LATER)
    assert report.intact
    assert report.unsealed == 1


def test_the_next_seal_covers_the_tail():
    assert seal_main([], now=LATER) == 0
    assert seal_main([], now=LATER) == 0
    report = verify(LATER)
    assert (report.seals, report.unsealed, report.intact) == (2, 0, True)
    behind("DELETE FROM journal_event WHERE subject_id = '1' AND seq = 6")
    rechain("1")
    assert places(verify(LATER)) == [("file:1", 6, True)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_refusal SET clauses = '' WHERE id = {pk}",
        "DELETE FROM journal_refusal WHERE id = {pk}",
    ],
)
def test_a_changed_refusal_is_named(statement):
    pk = Refusal.objects.order_by("pk").values_list("pk", flat=True)[1]
    behind(statement.format(pk=pk))
    assert places(verify(LATER)) == [(f"refusal:{pk}", 0, True)]


def test_a_changed_access_line_is_named():
    pk = AccessLine.objects.order_by("pk").values_list("pk", flat=True)[1]
    behind(f"DELETE FROM journal_accessline WHERE id = {pk}")
    (finding,) = verify(LATER).findings
    assert finding.subject.startswith("access lines")


def test_a_changed_or_deleted_seal_is_named():
    behind("UPDATE journal_seal SET text = '{}'")
    assert ("seal:1", 0, True) in places(verify(LATER))
    behind("DELETE FROM journal_seal")
    assert ("seal:1", 0, True) in places(verify(LATER))


def test_a_changed_export_is_named():
    path = sealing.seals_file()
    path.write_text(path.read_text("utf-8").replace('"number":1', '"number":2'), "utf-8")
    assert ("seal:1", 0, True) in places(verify(LATER))


def test_a_seal_signed_by_another_key_is_named(tmp_path, settings):
    settings.KEDANG_SEAL_KEY = tmp_path / "other" / "seal.key"
    kept = [path.read_bytes() for path in sealing.public_key_paths()]
    sealing.make_key(settings.KEDANG_SEAL_KEY)
    for path, text in zip(sealing.public_key_paths(), kept, strict=True):
        path.write_bytes(text)
    assert sealing.seal_now(LATER) is not None
    report = verify(LATER)
    assert places(report) == [("seal:2", 0, True)]
    assert report.unsealed == 2


def test_leaves_lost_in_the_database_are_taken_from_the_export():
    behind("UPDATE journal_seal SET leaves = %s", params=(b"junk",))
    assert places(verify(LATER)) == [("seal:1", 0, True)]
    sealing.leaves_file(1).unlink()
    assert "leaves are lost" in render(verify(LATER))


def test_missing_triggers_are_named():
    with writing():
        triggers.remove(connection)
    report = verify(LATER)
    assert all("trigger" in finding.what for finding in report.findings)
    assert not report.intact
    with writing():
        triggers.install(connection)


def test_a_process_without_the_key_cannot_seal(settings, tmp_path):
    settings.KEDANG_SEAL_KEY = tmp_path / "nowhere.key"
    with pytest.raises(sealing.SealKeyMissing):
        sealing.seal_now(LATER)
    assert seal_main([], now=LATER) == 2
    assert Seal.objects.count() == 1


def test_a_row_that_disagrees_with_the_journal_is_named_by_state():
    with writing():
        north = Branch.objects.create(code="north", name_zh="北店")
    tell_the_founding()
    append(f"b{north.pk}")

    def expected(ref, entries):
        if ref == f"b{north.pk}":
            yield Expected(Branch, north.pk, {"name_zh": "北店"})

    before = {kind: list(known) for kind, known in _registry.items()}
    register_replay("file", expected, models=[Branch])
    try:
        assert list(disagreements()) == []
        assert verify_main(["--state"], now=LATER) == 0
        behind("UPDATE staff_branch SET name_zh = 'x'")
        assert "name_zh = x, the journal says 北店" in str(next(iter(disagreements())))
        assert verify_main(["--state"], now=LATER) == 1
        with writing():
            Branch.objects.create(code="ghost", name_zh="鬼店")
        assert "does not" in str(list(disagreements())[-1])
        behind("DELETE FROM staff_branch")
        assert "the table does not" in str(next(iter(disagreements())))
    finally:
        _registry.clear()
        _registry.update(before)  # the other apps registered theirs at start
