"""No function over 60 lines, no module over 400, the same file names in every app, no signals, no trade words."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture import source

FUNCTION_LINES = 60
MODULE_LINES = 400
# A trade's own nouns belong into packs (DESIGN 3.1); these come from the fifteen policies.
TRADE_WORDS = frozenset(
    {
        *("car", "cars", "vehicle", "vehicles", "vin", "plate", "dealer", "dealership", "mileage", "odometer"),
        *("workshop", "hotel", "guest", "guests", "room", "landlord", "tenant", "tenants", "rent"),
        *("lender", "creditor", "mortgage", "collateral", "patient", "pupil", "school", "insurance"),
    }
)
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
MISNAMED = {"utils.py", "helpers.py", "misc.py", "common.py", "signals.py", "managers.py", "api.py", "tasks.py"}
# Packs, and what shows one invented organization at work, speak of a trade.
TRADE_FOLDERS = ("policies", "web/demo")
# Words with a meaning in record keeping too, or value types with a national format, each where it is needed.
ALLOWED_WORDS = {
    "rulebook/declarations.py": {"vin", "plate"},  # value types that a pack may give a field, like phone
    "rulebook/declared_words.py": {"vin", "plate"},  # what these value types are called
    "files/fields.py": {"vin", "plate"},  # the checks of these value types
    "custody/models.py": {"room"},  # the archive room
    "loans/rules.py": {"room"},  # the archive room
    "web/menu.py": {"car"},  # the name of an icon
    "files/models.py": {"room"},  # the archive room
}


def long_functions(tree: ast.AST) -> list[tuple[str, int]]:
    """(name, lines) of each function over the limit."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                found.append((node.name, lines))
    return found


def code_words(text: str) -> set[str]:
    """The words of identifiers and short strings of a source text; comments, docstrings and sentences are prose."""
    words: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        names: list[str] = []
        if isinstance(node, ast.Name):
            names = [node.id]
        elif isinstance(node, ast.Attribute):
            names = [node.attr]
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            names = [node.arg]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search(r"\s", node.value):
            names = [node.value]
        for name in names:
            words |= {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    return words


def uses_signals(tree: ast.AST) -> bool:
    """Whether a module connects to Django's signals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("django.dispatch", "django.db.models.signals")
        ):
            return True
        if isinstance(node, ast.ImportFrom) and any(
            alias.name in ("receiver", "post_save", "pre_save") for alias in node.names
        ):
            return True
    return False


def test_no_function_is_longer_than_sixty_lines():
    wrong = [
        (source.short(path), *found) for path in source.python_files() for found in long_functions(source.tree(path))
    ]
    assert wrong == []


def test_no_module_is_longer_than_four_hundred_lines():
    lengths = {source.short(path): len(path.read_text("utf-8").splitlines()) for path in source.python_files()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_file_is_called_utils_or_signals():
    assert [source.short(path) for path in source.python_files() if path.name in MISNAMED] == []


def test_no_module_connects_to_a_signal():
    assert [source.short(path) for path in source.python_files() if uses_signals(source.tree(path))] == []


def test_no_trade_word_stands_in_python():
    wrong = {}
    for path in source.python_files():
        inside = path.relative_to(source.PACKAGE).as_posix()
        if inside.startswith(TRADE_FOLDERS):
            continue
        words = code_words(path.read_text("utf-8")) & TRADE_WORDS - ALLOWED_WORDS.get(inside, set())
        if words:
            wrong[inside] = sorted(words)
    assert wrong == {}


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("vin = 1", "vin"),
        ("x = facts['vehicle.delivered']", "vehicle"),
        ("class VehicleFile: pass", "vehicle"),
        ("def open_file(guest_name): pass", "guest"),
        ("'''A car is a thing.'''", None),
        ("scar = careful(x)", None),
    ],
)
def test_the_search_for_trade_words_can_fail(line, word):
    assert code_words(line) & TRADE_WORDS == ({word} if word else set())


def test_the_other_checks_can_fail():
    assert long_functions(ast.parse("def f():\n" + "    pass\n" * 60)) == [("f", 61)]
    assert long_functions(ast.parse("def f():\n" + "    pass\n" * 59)) == []
    assert uses_signals(ast.parse("from django.db.models.signals import post_save"))
    assert not uses_signals(ast.parse("import signal"))


def test_no_two_decisions_bear_one_number():
    numbers = [path.name[:4] for path in (source.ROOT / "docs" / "decisions").glob("0*.md")]
    assert len(numbers) > 30 and sorted(numbers) == sorted(set(numbers))
