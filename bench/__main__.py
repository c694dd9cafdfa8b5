"""``python -m bench engine|mutate|web``."""

from __future__ import annotations

import importlib
import sys

NAMES = ("engine", "mutate", "web")


def main(arguments: list[str]) -> int:
    """Run one benchmark; 2 for an unknown name."""
    if not arguments or arguments[0] not in NAMES:
        print(f"usage: python -m bench {'|'.join(NAMES)}", file=sys.stderr)
        return 2
    return int(importlib.import_module(f"bench.{arguments[0]}").run(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
