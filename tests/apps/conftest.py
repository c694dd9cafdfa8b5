"""What the tests of the apps share: settings, key files of their own, people."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KEDANG_DATA", tempfile.mkdtemp(prefix="kedang-test-"))

import pytest


@pytest.fixture(autouse=True)
def key_files(tmp_path: Path, settings):
    """Key files and seals of this test alone."""
    from kedang.journal import commands, keys

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real hash costs half a second
    settings.KEDANG_DATA = tmp_path
    settings.KEDANG_MASTER_KEY = tmp_path / "keys" / "master.key"
    settings.KEDANG_SEAL_KEY = tmp_path / "keys" / "seal.key"
    settings.KEDANG_SEALS_DIR = tmp_path / "seals"
    settings.KEDANG_SCANS_DIR = tmp_path / "scans"
    commands.make_keys()
    keys.cache.clear()
    yield
    keys.cache.clear()
