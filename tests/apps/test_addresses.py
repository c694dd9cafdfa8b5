"""Addresses that are looked up once say what Django's own lookup says, whatever the keys."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from kedang.web.addresses import _form, address


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("files:list", ()), ("files:file", (7,)), ("files:file", (123456789012,)), ("files:file", ("41",)),
        ("files:act-on-file", (7, "export")), ("files:act-on-file", (8, "print")), ("office:clause", ("07:7.4.1a",)),
        ("office:clause", ("x:{0} ü%",)), ("custody:prepare", (5, "new-vehicle")),
    ],
)  # fmt: skip
def test_an_address_is_what_django_says(name, arguments):
    for _time in range(2):
        assert address(name, *arguments) == reverse(name, args=arguments)


def test_two_keys_share_what_was_looked_up():
    address("files:file", 1)
    before = _form.cache_info().misses
    assert (address("files:file", 2), address("files:file", "3")) == ("/files/2/", "/files/3/")
    assert _form.cache_info().misses == before


@pytest.mark.parametrize(("name", "arguments"), [("files:nowhere", ()), ("files:file", ("x",)), ("files:file", ("",))])
def test_what_has_no_address_raises(name, arguments):
    with pytest.raises(NoReverseMatch):
        address(name, *arguments)


def test_addresses_follow_the_path_under_which_the_program_is_served():
    assert address("files:file", 4) == "/files/4/"
    set_script_prefix("/kedang/")
    try:
        assert address("files:file", 4) == "/kedang/files/4/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% url 'files:file' one %}", "/files/9/"),
        ("{% url 'files:file' pk=one %}", "/files/9/"),
        ("{% url 'files:file' one as there %}[{{ there }}]", "[/files/9/]"),
        ("{% url 'files:nowhere' one as there %}[{{ there }}]", "[]"),
    ],
)
def test_the_tag_reads_as_djangos_own(text, shown):
    assert Template("{% load kedang_ui %}" + text).render(Context({"one": 9})) == shown
