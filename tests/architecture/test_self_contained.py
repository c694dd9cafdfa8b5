"""Nothing is loaded from outside: no host in a lock or configuration, no CDN or inline script in a page."""

from __future__ import annotations

import re

import pytest

from tests.architecture import source

LOCKS = ("requirements.lock", "requirements-dev.lock", "package.json", "pyproject.toml", ".npmrc", "Makefile")
HOST = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host|registry\s*=")
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//""", re.IGNORECASE)
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type=["']application/json)|<style\b|\sstyle\s*=\s*["']|\son(?:click|change|submit|load|input|key\w+)\s*=\s*["']|javascript:""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_or_configuration_names_a_host(name):
    lines = (source.ROOT / name).read_text("utf-8").splitlines()
    assert [line for line in lines if HOST.search(line)] == []


def test_the_npm_lock_resolves_by_hash_only():
    text = (source.ROOT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert '"integrity"' in text


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_version_and_a_hash(name):
    blocks = re.split(r"\n(?=\S)", (source.ROOT / name).read_text("utf-8").strip())
    assert [
        block
        for block in blocks
        if not re.match(r"[a-z0-9\-]+(\[[a-z,]+\])?==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", block)
    ] == []


def test_what_is_locked_to_run_is_locked_the_same_to_develop():
    run, develop = (
        set(re.findall(r"(?m)^([a-z0-9\-]+)(?:\[\S+?\])?(==\S+)", (source.ROOT / name).read_text("utf-8")))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run - develop == set()


def test_no_page_loads_anything_from_outside():
    assert [source.short(path) for path in source.templates() if OUTSIDE.search(path.read_text("utf-8"))] == []


def test_no_page_has_an_inline_script_or_style():
    found = {source.short(path): INLINE.findall(path.read_text("utf-8")) for path in source.templates()}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ('<script src="https://cdn.example/x.js"></script>', True),
        ('<link href="//cdn.example/x.css">', True),
        ('<a href="/files/">', False),
        ('<use href="{% static "dist/icons.svg" %}#x">', False),
    ],
)
def test_the_search_for_outside_addresses_can_fail(line, bad):
    assert bool(OUTSIDE.search(line)) is bad


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("<script>alert(1)</script>", True),
        ('<div style="color: red">', True),
        ('<button onclick="x()">', True),
        ('<script src="{% static "dist/kedang.js" %}" defer></script>', False),
        ('<div data-style="x">', False),
    ],
)
def test_the_search_for_inline_code_can_fail(line, bad):
    assert bool(INLINE.search(line)) is bad
