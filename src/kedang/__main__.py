"""``python -m kedang`` and the console script ``kedang``: the command line of ``kedang.web.cli``."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line on the process's arguments; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.settings")
    from kedang.web.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
