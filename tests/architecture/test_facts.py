"""What a command tells the rules is declared beside the providers, so that coverage can say what nobody supplies."""

from __future__ import annotations

import ast
from pathlib import Path

import kedang
from kedang.acts import facts
from kedang.custody.rules import STANDINGS
from kedang.duties import models as duties
from kedang.files import models as files
from kedang.loans import models as loans
from kedang.rulebook.pack import GRADES
from kedang.rulebook.vocabulary import CLOSED
from kedang.sanctions import models as sanctions

SOURCE = Path(kedang.__file__).parent


def told_in(tree: ast.AST) -> set[str]:
    """The facts in the literals given as ``facts=`` or under the key "facts"."""
    found: set[str] = set()
    for node in ast.walk(tree):
        pairs: list[ast.AST] = []
        if isinstance(node, ast.Call):
            pairs = [one.value for one in node.keywords if one.arg == "facts"]
        elif isinstance(node, ast.Dict):
            named = zip(node.keys, node.values, strict=True)
            pairs = [value for key, value in named if isinstance(key, ast.Constant) and key.value == "facts"]
        for value in pairs:
            for one in ast.walk(value):
                if isinstance(one, ast.Dict):
                    found |= {key.value for key in one.keys if isinstance(key, ast.Constant) and "." in str(key.value)}
    return found


def test_the_closed_values_of_a_fact_are_those_of_its_table():
    models = {
        "breach.kind": sanctions.KINDS, "duty.status": duties.STATUSES, "file.status": files.FILE_STATUSES,
        "file.electronic": files.ELECTRONIC, "record.state": files.STATES, "record.form": files.FORMS,
        "volume.status": files.VOLUME_STATUSES, "place.kind": files.PLACE_KINDS, "loan.status": loans.STATUSES,
    }  # fmt: skip
    assert {fact: tuple(key for key, _label in choices) for fact, choices in models.items()} == {
        fact: values for fact, values in CLOSED.items() if fact not in ("record.grade", "record.handover")
    }
    assert (CLOSED["record.grade"], CLOSED["record.handover"]) == (GRADES, STANDINGS)


def test_the_search_finds_what_a_command_tells():
    assert told_in(ast.parse('ctx.gate(facts={"file.tidy": "yes", **more})')) == {"file.tidy"}
    assert told_in(ast.parse('x = {"facts": {"duty.late": 1}}')) == {"duty.late"}


def test_every_fact_that_a_command_brings_is_declared():
    undeclared = {}
    for path in SOURCE.rglob("*.py"):
        folder = path.relative_to(SOURCE).parts[0]
        if folder in ("rulebook", "web"):
            continue
        found = told_in(ast.parse(path.read_text("utf-8"))) - facts.known_names()
        if found:
            undeclared[str(path.relative_to(SOURCE))] = sorted(found)
    assert not undeclared, "name these with facts.bring in the app's rules.py"
