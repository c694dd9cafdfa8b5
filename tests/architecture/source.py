"""What the architecture tests read: the project's own files, parsed once."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/kedang"


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the package except migrations."""
    return tuple(sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts))


@cache
def templates() -> tuple[Path, ...]:
    """Every template of the package."""
    return tuple(sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def apps() -> set[str]:
    """The packages directly under kedang that hold Python."""
    return {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def layers() -> list[set[str]]:
    """The layers of pyproject.toml, highest first; siblings in one set."""
    contract = configuration()["tool"]["importlinter"]["contracts"][0]
    return [{name.strip(" ()") for name in line.split("|")} for line in contract["layers"]]


def depth(app: str) -> int:
    """How high an app stands: 0 is the lowest layer; raises KeyError when it is not placed."""
    for height, names in enumerate(reversed(layers())):
        if app in names:
            return height
    raise KeyError(app)


@cache
def configuration() -> dict:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def short(path: Path) -> str:
    """A path as a person writes it."""
    return str(path.relative_to(ROOT))
