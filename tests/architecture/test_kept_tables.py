"""No code writes rows past the notes that an act takes of kept tables (decision 0160)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import source

PAST_THE_NOTES = {"_base_manager", "_raw_delete", "_insert", "_update", "save_base", "raw", "cursor", "chunked_cursor"}
MAY = {"journal", "lib"}  # the journal writes its own tables, and triggers; prepared queries read
READS = {  # a cursor here reads, or keeps a lock, an index or triggers, and changes no row of a kept table
    "acts/command.py", "custody/locking.py", "web/views.py",
}  # fmt: skip


def past(tree: ast.AST) -> list[int]:
    """The lines on which something is called that writes without noting."""
    return [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in PAST_THE_NOTES
    ]  # fmt: skip


def test_no_app_writes_past_the_notes():
    wrong = []
    for path in source.python_files():
        name = path.relative_to(source.PACKAGE)
        if name.parts[0] in source.apps() - MAY and str(name) not in READS:
            wrong += [f"{source.short(path)} line {line}" for line in past(source.tree(path))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("Volume._base_manager.update(place=None)", True),
        ("connection.cursor().execute('UPDATE files_volume SET place_id = NULL')", True),
        ("Volume.objects.filter(pk=1).update(place=None)", False),
    ],
)
def test_the_check_can_fail(line, bad):
    assert bool(past(ast.parse(line))) is bad
