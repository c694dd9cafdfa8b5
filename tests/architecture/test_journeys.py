"""Tests in the browser wait for what they read: a bare click is not followed by its page (tests/journeys/steps.py)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture import source

# What returns before the page that it leads to is there, or waits for the clock instead of for the page.
HASTY = {"click", "dblclick", "tap", "wait_for_load_state", "wait_for_timeout", "press", "sleep"}
# A key pressed on the whole window, followed by wait_for_url.
ALLOWED = {("test_frame.py", "page.keyboard.press")}


def hasty_calls(text: str) -> list[str]:
    """The calls of a test that return before the page is there."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HASTY
    ]


def browser_tests() -> list[Path]:
    """Every file of the tests in the browser but the steps, which know how to wait."""
    tests = source.ROOT / "tests"
    return sorted(path for tree in ("journeys", "browser") for path in (tests / tree).rglob("*.py"))


def test_only_the_steps_of_journeys_click():
    wrong = {
        (path.name, call)
        for path in browser_tests()
        if path.name != "steps.py"
        for call in hasty_calls(path.read_text("utf-8"))
    }
    assert wrong - ALLOWED == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("window.click('button')", ["window.click"]),
        ("window.locator('a').first.click()", ["window.locator('a').first.click"]),
        ("window.wait_for_timeout(500)", ["window.wait_for_timeout"]),
        ("follow(window, 'button')", []),
    ],
)
def test_the_search_for_hasty_clicks_can_fail(line, found):
    assert hasty_calls(line) == found
