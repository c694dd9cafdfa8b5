"""The message catalogues of the apps: ``python tools/messages.py compile | check | extract``.

Each app keeps its own ``locale/zh_Hans/LC_MESSAGES/django.po``; English is the language of the source. Compiling needs
Babel only, no gettext. ``check`` names every string of an app that its own catalogue does not translate.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1] / "src/kedang"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
Key = tuple[str, str]  # context, singular msgid


def apps() -> list[Path]:
    """The packages of kedang that may carry a catalogue: every folder with Python in it."""
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def read(path: Path) -> Catalog:
    """The catalogue in a ``.po`` file."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def compile_all() -> list[Path]:
    """Write the ``.mo`` beside every ``.po``; the files written."""
    written = []
    for app in apps():
        source = app / CATALOGUE
        if not source.is_file():
            continue
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, read(source))
        written.append(target)
    return written


def _marked(source: str) -> Iterator[tuple[str, str, str]]:
    """Context, singular and plural (or nothing) of the strings marked in Python source."""
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        words = message if isinstance(message, tuple) else (message, "")
        yield context or "", words[0], words[1] if len(words) > 1 else ""


def _python_keys(source: str) -> Iterator[Key]:
    for context, message, _plural in _marked(source):
        yield context, message


def python_keys(source: str) -> set[Key]:
    """(context, msgid) of each string that Python source marks for translation."""
    return {key for key in _python_keys(source) if key[1]}


def template_keys(source: str) -> set[Key]:
    """(context, msgid) of each string that a Django template marks for translation."""
    from django.utils.translation.template import templatize

    return python_keys(templatize(source))


def sources_of(app: Path) -> Iterator[tuple[Path, str]]:
    """Each file of an app that may mark strings, as Python source."""
    from django.utils.translation.template import templatize

    for path in sorted(app.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, path.read_text("utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield path, templatize(path.read_text("utf-8"))


def uncounted(app: Path) -> dict[Key, str]:
    """The counted strings of an app whose catalogue lacks their plural: such a translation is never found."""
    path = app / CATALOGUE
    catalogue = read(path) if path.is_file() else Catalog(locale="zh_Hans")
    found = {}
    for _path, source in sources_of(app):
        for context, message, plural in _marked(source):
            entry = catalogue.get(message, context or None) if plural else None
            if entry is not None and not entry.pluralizable:
                found[context, message] = plural
    return found


def strings_of(app: Path) -> dict[Key, str]:
    """Every marked string of an app -> the first file that has it."""
    found: dict[Key, str] = {}
    for path, source in sources_of(app):
        for key in python_keys(source):
            found.setdefault(key, str(path.relative_to(PACKAGE)))
    return found


def translated(catalogue: Catalog) -> set[Key]:
    """(context, msgid) of what a catalogue translates in full; a fuzzy entry does not count."""
    done: set[Key] = set()
    for message in catalogue:
        words = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.id and not message.fuzzy and all(words):
            done.add((message.context or "", message.id[0] if isinstance(message.id, tuple | list) else message.id))
    return done


def missing(app: Path) -> dict[Key, str]:
    """The marked strings of an app without a translation in its own catalogue."""
    path = app / CATALOGUE
    done = translated(read(path)) if path.is_file() else set()
    return {key: where for key, where in strings_of(app).items() if key not in done}


def check() -> int:
    """Name each untranslated string; their number."""
    count = 0
    for app in apps():
        for (_context, message), where in sorted(missing(app).items(), key=lambda item: (item[1], item[0])):
            print(f"{where}: no translation for {message!r}", file=sys.stderr)
            count += 1
        for (_context, message), plural in sorted(uncounted(app).items()):
            print(f"{app.name}: no plural {plural!r} with {message!r}", file=sys.stderr)
            count += 1
    return count


def _plurals_of(app: Path, keys: Mapping[Key, str]) -> dict[Key, str]:
    """The plurals of these strings, where they are counted."""
    marked = (one for _path, source in sources_of(app) for one in _marked(source))
    return {(context, message): plural for context, message, plural in marked if plural and (context, message) in keys}


def add_missing() -> int:
    """Add the untranslated strings of each app to its catalogue, empty; how many were added."""
    count = 0
    for app in apps():
        lacking: Mapping[Key, str] = missing(app)
        plurals = uncounted(app)
        if not lacking and not plurals:
            continue
        path = app / CATALOGUE
        catalogue = read(path) if path.is_file() else Catalog(locale="zh_Hans", project="kedang")
        for (context, message), where in sorted(lacking.items()):
            if catalogue.get(message, context or None) is None:
                catalogue.add(message, context=context or None, locations=[(where, 0)])
                count += 1
        for (context, message), plural in sorted({**plurals, **_plurals_of(app, lacking)}.items()):
            entry = catalogue.get(message, context or None)
            if entry is not None and not entry.pluralizable:
                entry.id, entry.string = (message, plural), (str(entry.string),)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, omit_header=False, include_lineno=False, width=110)
    return count


def main(arguments: list[str]) -> int:
    """Run one of the three verbs; the exit code."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb == "compile":
        print(f"{len(compile_all())} message catalogues compiled")
        return 0
    if verb == "check":
        count = check()
        print(f"{count} strings without a translation" if count else "every string is translated")
        return 1 if count else 0
    if verb == "extract":
        print(f"{add_missing()} strings added to the catalogues")
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
