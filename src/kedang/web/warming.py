"""What a serving process does before its first request: it loads what every page uses, and sets it apart for good.

The policies of a house are some hundred thousand objects that live as long as the process.  Python's collector walks
over all of them again and again, and whoever waits for a page just then waits 120 to 150 ms longer (docs/performance).
So they are frozen: the collector does not look at them any more.  What remains young is little, so it is looked at
less often, between many requests instead of several times in each.
"""

from __future__ import annotations

import gc
import logging
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import timezone, translation

from kedang.adoptions.queries import book_for
from kedang.staff.models import Branch

# A page leaves 200 to 5,000 objects that only the collector can free (pages of long lists the most): the first number
# is some ten pages, and walking over so few takes 2 ms.  The others keep the walks over what survived rare.
THRESHOLDS = (20_000, 20, 50)
BRANCHES = 64  # as many books as are kept
log = logging.getLogger(__name__)


def warm() -> None:
    """Load addresses, words, templates and the policies in force, then freeze them.

    Raises ``AlteredText`` where the stored text of a policy is not what was approved.
    """
    get_resolver().url_patterns  # noqa: B018  (reading it loads every view)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Files")
    _load_templates()
    _load_books(timezone.localdate(settings.CLOCK()))
    set_apart()


def set_apart() -> None:
    """Take all that is there now out of the collector's sight, and let it look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def _load_templates() -> None:
    """Compile every template of Kedang's; Django keeps them."""
    package = Path(__file__).resolve().parent.parent
    for folder in map(Path, get_app_template_dirs("templates")):
        if package in folder.parents:
            for path in sorted(folder.rglob("*.html")):
                get_template(path.relative_to(folder).as_posix())


def _load_books(today: date) -> None:
    """The policies that bind the branches today; a database without tables has none yet."""
    try:
        for branch in Branch.objects.order_by("pk")[:BRANCHES]:
            book_for(branch, today)
    except DatabaseError as error:
        log.info("No policy was loaded before the first request: %s", error)
    finally:
        connections.close_all()
