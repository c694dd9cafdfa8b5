"""What the wheel carries besides the source: built style sheets and scripts, and compiled message catalogues."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _tool(root: Path, name: str) -> Any:
    """A module of ``tools/``, loaded by its path: the build runs where the project is not importable."""
    spec = importlib.util.spec_from_file_location(f"kedang_{name}", root / "tools" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"tools/{name}.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the messages and puts the git-ignored build results into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; an editable install needs nothing."""
        if version == "editable":
            return
        root = Path(self.root)
        _tool(root, "messages").compile_all()
        if not (root / "src/kedang/web/static/dist/kedang.css").is_file():
            raise RuntimeError("The front end is not built yet: run `make build`, then build the wheel.")
        build_data["artifacts"] += ["src/kedang/web/static/dist/**", "src/kedang/**/*.mo"]
