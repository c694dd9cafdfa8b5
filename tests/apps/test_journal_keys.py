"""Keys of subjects: masks, binding to the row, shredding, rotation, and a missing key file."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import models, transaction

from kedang.journal import backups, commands, keys, masters, sealing
from kedang.journal.guard import writing
from kedang.journal.models import DestroyedKey, SubjectKey
from kedang.journal.parts import canonical
from kedang.journal.sealed import MASK, Purpose, Sealed, SealedField, Secret

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LI = ("customer", "1")
WHY = Purpose("li", "calling back")


class Card(models.Model):
    """A table for these tests; never created, its field is driven by hand."""

    seal_ref = models.UUIDField(default=uuid4, unique=True)
    phone = SealedField(null=True)

    class Meta:
        app_label = "journal"
        managed = False


def card(value: str = "13812345678") -> Card:
    row = Card(phone=Secret(LI, value))
    Card._meta.get_field("phone").pre_save(row, True)
    return row


def test_every_rendering_of_a_sealed_value_is_its_mask():
    value = card().phone
    assert isinstance(value, Sealed)
    shown = [str(value), repr(value), f"{value}", f"{value:>40}", value.__html__(), value.__json__()]
    assert set(shown) == {MASK}
    assert "138" not in canonical({"phone": value})
    with pytest.raises(TypeError):
        json.dumps(value)
    with pytest.raises(TypeError):
        pickle.dumps(value)
    assert "138" not in repr(Secret(LI, "13812345678")) + str(Secret(LI, "13812345678"))
    assert Card._meta.get_field("phone").value_to_string(card()) == MASK


def test_revealing_wants_a_purpose():
    value = card().phone
    assert value.reveal(WHY) == "13812345678"
    for wrong in (None, "because", Purpose("li", "")):
        with pytest.raises(TypeError):
            value.reveal(wrong)


def test_the_column_holds_no_plaintext_and_takes_none():
    row = card()
    assert b"138" not in row.__dict__["phone"]
    with pytest.raises(TypeError, match="takes a Secret"):
        row.phone = "13812345678"
    with pytest.raises(TypeError, match="never searched"):
        Card._meta.get_field("phone").get_db_prep_value("13812345678", None)


def test_a_value_moved_to_another_row_does_not_decrypt():
    one, two = card("111"), card("222")
    two.__dict__["phone"] = one.__dict__["phone"]
    with pytest.raises(keys.Tampered):
        two.phone.reveal(WHY)


def test_a_changed_or_foreign_ciphertext_is_told():
    row = card()
    blob = row.__dict__["phone"]
    for wrong in (blob[:-1] + bytes([blob[-1] ^ 1]), b"short", b"\x09" + blob[1:]):
        with pytest.raises(keys.Tampered):
            Sealed(wrong, row.phone.aad).reveal(WHY)


def test_a_row_without_its_reference_cannot_be_sealed():
    row = Card(phone=Secret(LI, "1"), seal_ref=None)
    with pytest.raises(ValueError, match="seal_ref"):
        Card._meta.get_field("phone").pre_save(row, True)


def test_a_sealed_value_equals_its_copy_only():
    row = card()
    assert row.phone == row.phone
    assert len({row.phone, row.phone}) == 1
    assert row.phone != card().phone
    other = copy.copy(row)
    other.phone = row.phone
    assert other.phone == row.phone
    assert Card(phone=None).phone is None


def test_two_subjects_have_two_keys_and_one_subject_one():
    for subject in (LI, LI, ("file", "1")):
        keys.encrypt(subject, "t|c|1", b"x")
    assert SubjectKey.objects.count() == 2


def test_shredding_one_subject_destroys_its_values_alone(django_capture_on_commit_callbacks):
    mine, other = keys.encrypt(LI, "a", b"x"), keys.encrypt(("file", "1"), "a", b"y")
    with django_capture_on_commit_callbacks(execute=True), writing(), transaction.atomic():
        keys.shred(LI, NOW)
    with pytest.raises(keys.Shredded):
        keys.decrypt("a", mine)
    with pytest.raises(keys.Shredded):
        keys.encrypt(LI, "a", b"again")
    assert keys.decrypt("a", other) == b"y"
    assert SubjectKey.objects.get(subject_kind="customer").wrapped is None


def test_an_act_that_fails_destroys_no_key():
    blob = keys.encrypt(LI, "a", b"x")
    with pytest.raises(RuntimeError), writing(), transaction.atomic():
        keys.shred(LI, NOW)
        raise RuntimeError
    keys.sweep()
    assert keys.decrypt("a", blob) == b"x"


def test_a_key_that_a_crash_left_over_is_swept():
    blob = keys.encrypt(LI, "a", b"x")
    with writing():
        DestroyedKey.objects.create(subject_kind=LI[0], subject_id=LI[1], recorded_at=NOW)
    assert keys.sweep() == 1
    assert keys.sweep() == 0
    with pytest.raises(keys.Shredded):
        keys.decrypt("a", blob)


def test_a_subject_never_gets_a_second_key_after_its_first_is_gone():
    with writing():
        DestroyedKey.objects.create(subject_kind=LI[0], subject_id=LI[1], recorded_at=NOW)
    with pytest.raises(keys.Shredded):
        keys.encrypt(LI, "a", b"x")


def test_the_cache_of_keys_is_bounded_in_number_and_age(monkeypatch):
    monkeypatch.setattr(keys, "CACHE_SIZE", 2)
    blobs = [keys.encrypt(("file", str(i)), "a", b"x") for i in range(4)]
    assert len(keys.cache) == 2
    keys.warm({keys.key_id_of(blob) for blob in blobs})
    assert len(keys.cache) == 2
    monkeypatch.setattr(keys, "CACHE_SECONDS", -1.0)
    with writing():
        SubjectKey.objects.update(wrapped=None)
    with pytest.raises(keys.Shredded):
        keys.decrypt("a", blobs[3])


def test_tokens_are_keyed_and_kinds_apart(settings, tmp_path):
    token = keys.blind_token("phone", "5678")
    assert token == keys.blind_token("phone", "5678")
    assert token != keys.blind_token("plate", "5678")
    assert -(2**63) <= token < 2**63
    settings.KEDANG_MASTER_KEY = tmp_path / "other.key"
    masters.make(settings.KEDANG_MASTER_KEY)
    assert token != keys.blind_token("phone", "5678")


def test_rotation_wraps_every_key_anew_and_values_stay_readable(capsys):
    blob, token = keys.encrypt(LI, "a", b"x"), keys.blind_token("phone", "1")
    old = masters.masters().current
    assert commands.keys_main(["rotate"]) == 0
    assert "1 keys wrapped" in capsys.readouterr().out
    keys.cache.clear()
    found = masters.masters()
    assert (found.current == old, list(found.keys)) == (False, [found.current])
    assert keys.decrypt("a", blob) == b"x"
    assert keys.blind_token("phone", "1") == token
    assert "m2" in repr(found)
    assert SubjectKey.objects.get().master == found.current


def test_without_the_master_key_file_nothing_is_read_and_the_reason_is_told(settings, capsys):
    blob = keys.encrypt(LI, "a", b"x")
    saved = Path(settings.KEDANG_MASTER_KEY).read_text("ascii")
    Path(settings.KEDANG_MASTER_KEY).unlink()
    keys.cache.clear()
    for attempt in (lambda: keys.decrypt("a", blob), lambda: keys.blind_token("a", "b")):
        with pytest.raises(masters.MasterKeyMissing, match=r"docs/keys\.md"):
            attempt()
    assert commands.keys_main(["rotate"]) == 2
    assert commands.keys_main(["export", str(settings.KEDANG_DATA / "copy")]) == 2
    assert "missing" in capsys.readouterr().err
    Path(settings.KEDANG_MASTER_KEY).write_text(saved, "ascii")
    assert keys.decrypt("a", blob) == b"x"


def test_a_fresh_master_key_does_not_open_old_keys(settings):
    blob = keys.encrypt(LI, "a", b"x")
    Path(settings.KEDANG_MASTER_KEY).unlink()
    assert commands.keys_main(["make"]) == 0
    keys.cache.clear()
    with pytest.raises(keys.Tampered, match="does not fit"):
        keys.decrypt("a", blob)


def test_make_never_replaces_a_key(settings, capsys):
    before = Path(settings.KEDANG_MASTER_KEY).read_bytes()
    assert commands.keys_main(["make"]) == 0
    assert "exist already" in capsys.readouterr().out
    assert Path(settings.KEDANG_MASTER_KEY).read_bytes() == before
    assert Path(settings.KEDANG_MASTER_KEY).stat().st_mode & 0o777 == 0o600
    assert Path(settings.KEDANG_SEAL_KEY).stat().st_mode & 0o777 == 0o600


def test_exported_keys_bring_everything_back(settings, tmp_path):
    blob = keys.encrypt(LI, "a", b"x")
    assert commands.keys_main(["export", str(tmp_path / "safe")]) == 0
    Path(settings.KEDANG_MASTER_KEY).unlink()
    keys.cache.clear()
    (tmp_path / "safe" / "master.key").rename(settings.KEDANG_MASTER_KEY)
    assert keys.decrypt("a", blob) == b"x"


@pytest.mark.parametrize("text", ["", "m1 AAAA", "index " + "A" * 43 + "=\n"])
def test_a_damaged_key_file_is_told(settings, text):
    Path(settings.KEDANG_MASTER_KEY).write_text(text, "ascii")
    with pytest.raises(ValueError):
        masters.masters()


def test_the_destroyed_list_leaves_the_machine_with_the_seals():
    with writing():
        DestroyedKey.objects.create(subject_kind=LI[0], subject_id=LI[1], recorded_at=NOW)
    sealing.export_destroyed()
    sealing.export_destroyed()
    assert sealing.destroyed_file().read_text("utf-8") == "customer:1\n"
    assert backups._destroyed_outside() == [LI]
