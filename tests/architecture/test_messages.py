"""Every string that a person reads is translated in its own app's catalogue (UI 36: no mixed-language screen)."""

from __future__ import annotations

import pytest

from tests.architecture import source
from tools import messages


@pytest.mark.parametrize("app", [app.name for app in messages.apps()])
def test_every_string_of_the_app_is_translated(app):
    lacking = messages.missing(source.PACKAGE / app)
    assert {where: text for (_context, text), where in lacking.items()} == {}


@pytest.mark.parametrize("app", [app.name for app in messages.apps()])
def test_a_counted_string_has_its_plural_in_the_catalogue_or_it_is_never_found(app):
    assert messages.uncounted(source.PACKAGE / app) == {}


@pytest.mark.parametrize("app", [app for app in messages.apps() if (app / messages.CATALOGUE).exists()])
def test_a_translation_keeps_its_placeholders(app):
    wrong = []
    for message in messages.read(app / messages.CATALOGUE):
        wrong += [f"{message.id}: {error}" for error in message.check() if message.id]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("{% load i18n %}{% translate 'Sign' %}", {("", "Sign")}),
        (
            "{% load i18n %}{% blocktranslate trimmed %}\n {{ n }} left\n{% endblocktranslate %}",
            {("", "%(n)s left")},
        ),
        ("{% load i18n %}{% translate 'Open' context 'verb' %}", {("verb", "Open")}),
        ("<p>plain</p>", set()),
    ],
)
def test_the_reader_of_templates_finds_marked_strings(line, keys):
    assert messages.template_keys(line) == keys


def test_the_reader_of_python_finds_marked_strings():
    assert messages.python_keys("_('Sign')\ngettext_lazy('Open')\nngettext('a file', 'files', n)\nprint('no')") == {
        ("", "Sign"),
        ("", "Open"),
        ("", "a file"),
    }


def test_a_string_is_translated_alike_in_every_catalogue():
    """Django merges all catalogues into one, so a second translation would replace the first on another app's screens.

    A word that means two things gets a context: the lender's "Take back" is not the asker's.
    """
    said: dict[tuple[str, str], dict[str, str]] = {}
    for app in messages.apps():
        if (app / messages.CATALOGUE).exists():
            for message in messages.read(app / messages.CATALOGUE):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                said.setdefault((message.context or "", ids[0]), {})[str(message.string)] = app.name
    assert {key: found for key, found in said.items() if key[1] and len(found) > 1} == {}
