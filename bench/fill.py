"""``python -m bench.fill N``: fills the database that the environment names."""

from __future__ import annotations

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kedang.settings")
    django.setup()
    from bench.filling import fill

    fill(int(sys.argv[1]))
