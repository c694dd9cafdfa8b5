"""Kedang: customer files kept under an organization's own written policy."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["__version__"]


def _version() -> str:
    """The version is the newest heading of CHANGELOG.md; an installed wheel carries the same figure."""
    changelog = Path(__file__).parents[2] / "CHANGELOG.md"
    if changelog.is_file():
        found = re.search(r"(?m)^## (\d+\.\d+\.\d+)", changelog.read_text("utf-8"))
        if found:
            return found[1]
    try:
        return version("kedang")
    except PackageNotFoundError:
        return "0.0.0"


__version__ = _version()
