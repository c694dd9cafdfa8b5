"""Imports and foreign keys go down only; every app has its place (DESIGN 2)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import source

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def relations(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, app) of each relation that names its target as a string ``"app.Model"``."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        targets = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("to", "through"))]
        for target in targets if name in RELATIONS else []:
            if isinstance(target, ast.Constant) and isinstance(target.value, str) and "." in target.value:
                found.append((node.lineno, target.value.split(".")[0]))
    return found


def upward(app: str, tree: ast.AST) -> list[str]:
    """The relations of an app's module that do not go down or stay at home."""
    wrong = []
    for line, target in relations(tree):
        if target in source.apps() and target != app and source.depth(target) >= source.depth(app):
            wrong.append(f"line {line}: {app} -> {target}")
    return wrong


def imported_layers(tree: ast.AST) -> set[str]:
    """The apps of kedang that a module imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("kedang.") and name.split(".")[1] in source.apps()}


def test_every_app_is_placed_in_the_layers():
    for app in source.apps():
        source.depth(app)


def test_nothing_is_exempt_from_the_layers():
    contracts = source.configuration()["tool"]["importlinter"]["contracts"]
    assert contracts[0]["exhaustive"] is True
    assert all(not contract.get("ignore_imports") for contract in contracts)


def test_a_foreign_key_given_as_a_string_goes_down():
    wrong = []
    for path in source.python_files():
        app = path.relative_to(source.PACKAGE).parts[0]
        if app in source.apps():
            wrong += [f"{source.short(path)} {line}" for line in upward(app, source.tree(path))]
    assert wrong == []


def test_every_import_goes_down_also_inside_functions():
    wrong = []
    for path in source.python_files():
        app = path.relative_to(source.PACKAGE).parts[0]
        if app not in source.apps():
            continue
        for target in imported_layers(source.tree(path)) - {app}:
            if source.depth(target) >= source.depth(app):
                wrong.append(f"{source.short(path)}: {app} imports {target}")
    assert wrong == []


def test_nothing_below_acts_has_commands():
    below = {app for app in source.apps() if source.depth(app) < source.depth("acts")}
    assert [app for app in sorted(below) if (source.PACKAGE / app / "services.py").exists()] == []


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ('file = models.ForeignKey("web.Page", models.PROTECT)', True),
        ('file = ForeignKey(to="web.Page", on_delete=PROTECT)', True),
        ('who = models.ForeignKey("staff.Person", models.PROTECT)', False),
        ('parent = models.ForeignKey("self", models.PROTECT)', False),
    ],
)
def test_the_check_of_foreign_keys_can_fail(line, bad):
    assert bool(upward("journal", ast.parse(line))) is bad


def test_the_check_of_imports_sees_an_import_inside_a_function():
    assert imported_layers(ast.parse("def f():\n    from kedang.journal import models")) == {"journal"}
    assert imported_layers(ast.parse("from kedang import journal")) == {"journal"}
