"""The settings: from the environment only, and a wrong value raises with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def start(directory: Path, code: str = "", **values: str) -> subprocess.CompletedProcess[str]:
    names = {name: value for name, value in os.environ.items() if not name.startswith(("KEDANG_", "DATABASE_URL"))}
    given = {**names, "KEDANG_DATA": str(directory), "PYTHONPATH": os.pathsep.join(sys.path), **values}
    script = f"from kedang import settings as s\n{code}"
    return subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KEDANG_DEBUG", "yes", "must be 0 or 1"),
        ("KEDANG_LANGUAGE", "fr", "must be zh-hans or en"),
        ("KEDANG_SECRET_KEY", "short", "at least 32 characters"),
        ("KEDANG_HOSTS", "*", "is not a host name"),
        ("KEDANG_HOSTS", "https://x.cn", "is not a host name"),
        ("DATABASE_URL", "mysql://x/y", "must begin with postgres"),
        ("DATABASE_URL", "postgres://user@host/", "names no database"),
        ("KEDANG_KEYS_URL", "redis://x", "must begin with postgres"),
        ("KEDANG_DATA", "/proc/nowhere", "cannot be made"),
    ],
)
def test_a_wrong_value_raises_with_a_sentence(tmp_path, name, value, sentence):
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_without_any_setting_it_serves_this_machine_from_sqlite(tmp_path):
    done = start(tmp_path, "print(s.DEBUG, s.DATABASES['default']['NAME'], s.SESSION_COOKIE_SECURE, len(s.SECRET_KEY))")
    assert done.stdout.split() == ["False", str(tmp_path / "kedang.sqlite3"), "False", "64"], done.stderr
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    again = start(tmp_path, f"print(s.SECRET_KEY == {(tmp_path / 'secret_key').read_text()!r})")
    assert again.stdout.strip() == "True"


def test_a_served_host_gets_secure_cookies_and_https(tmp_path):
    code = "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    assert start(tmp_path, code, KEDANG_HOSTS="files.example.cn").stdout.split() == ["True"] * 4


def test_a_postgresql_address_is_read_whole(tmp_path):
    code = "d = s.DATABASES['default']; print(d['NAME'], d['USER'], d['PASSWORD'], d['HOST'], d['PORT'], d['OPTIONS'])"
    done = start(tmp_path, code, DATABASE_URL="postgres://u:p%40ss@db.local:5433/kedang?sslmode=require")
    assert done.stdout.strip() == "kedang u p@ss db.local 5433 {'sslmode': 'require'}"


def test_scripts_come_from_here_only(tmp_path):
    done = start(tmp_path, "print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['script-src'])")
    assert done.stdout.strip() == "[\"'self'\"]"
