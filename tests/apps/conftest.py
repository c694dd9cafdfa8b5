"""What the tests of the apps share: settings, key files of their own, people."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

os.environ.setdefault("KEDANG_DATA", tempfile.mkdtemp(prefix="kedang-test-"))

import pytest

KEY_SETTINGS = {
    "KEDANG_MASTER_KEY": "keys/master.key", "KEDANG_SEAL_KEY": "keys/seal.key", "KEDANG_SEALS_DIR": "seals",
    "KEDANG_SCANS_DIR": "scans",
}  # fmt: skip
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real hash costs half a second


def house_in(folder: Path) -> dict[str, object]:
    """The settings of a house whose keys, seals and scans lie in this folder."""
    paths = {name: folder / path for name, path in KEY_SETTINGS.items()}
    return {"PASSWORD_HASHERS": HASHERS, "KEDANG_DATA": folder, **paths}


class Once:
    """Makes what a module's tests all begin with, with key files of its own in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, make: Callable[[], Any]) -> Any:
        """What ``make`` returns; give each test a deep copy, for a row's object remembers what a test did to it."""
        from django.test import override_settings

        from kedang.journal import commands, keys

        with override_settings(**house_in(self.folder)):
            commands.make_keys()
            keys.cache.clear()
            return make()


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker, tmp_path_factory):
    """``once(make)`` in a fixture of the module's scope: rows stand in a transaction around those of its tests.

    Each test is rolled back to it. Not for modules with tests that commit (``transaction=True``).
    """
    from django.db import connections, transaction

    with django_db_blocker.unblock(), ExitStack() as stack:
        for alias in connections:
            around = transaction.atomic(using=alias)
            around._from_testcase = True  # as Django's own tests say: durable blocks may stand in it
            stack.enter_context(around)
            stack.callback(transaction.set_rollback, True, using=alias)
        yield Once(tmp_path_factory.mktemp("once"))


@pytest.fixture(autouse=True)
def key_files(tmp_path: Path, settings, request):
    """Key files and seals of this test alone; those of the module's house where it has one."""
    from kedang.journal import commands, keys

    for name, value in house_in(tmp_path).items():
        setattr(settings, name, value)
    if "once" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("once").folder, tmp_path, dirs_exist_ok=True)
    else:
        commands.make_keys()
    keys.cache.clear()
    yield
    keys.cache.clear()
