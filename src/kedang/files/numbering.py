"""Numbers without gap or double: the counter's row is locked until the act that takes the number commits.

The pattern is a setting of the pack (``vehicle.number``), such as ``{branch}-{year}-{seq:5}``: the series is the
pattern with everything but the sequence filled in, so a new year begins at 1.
"""

from __future__ import annotations

import re
from datetime import date

from django.db.models import F

from kedang.files.models import Counter
from kedang.staff.models import Branch

SEQUENCE = re.compile(r"\{seq(?::(\d+))?\}")
PLAIN = "{branch}-{year}-{seq:5}"


class BadPattern(ValueError):
    """A numbering pattern that holds no sequence or an unknown word."""


def series_of(pattern: str, branch: Branch, on: date) -> str:
    """The pattern with all but the sequence filled in.  Raises ``BadPattern``."""
    if len(SEQUENCE.findall(pattern)) != 1:
        raise BadPattern(f"A numbering pattern has exactly one {{seq}}: {pattern!r}.")
    words = {"{branch}": branch.code, "{year}": f"{on.year:04}", "{month}": f"{on.month:02}", "{day}": f"{on.day:02}"}
    for word, value in words.items():
        pattern = pattern.replace(word, value)
    rest = SEQUENCE.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise BadPattern(
            f"A numbering pattern knows {{branch}}, {{year}}, {{month}}, {{day}} and {{seq:n}}: {pattern!r}."
        )
    return pattern


def next_number(pattern: str, branch: Branch, on: date) -> str:
    """The next number of the series.  Call inside an act's transaction, which holds the row until it commits."""
    series = series_of(pattern, branch, on)
    rows = Counter.objects.filter(branch=branch, series=series)
    if not rows.update(value=F("value") + 1):
        Counter.objects.bulk_create([Counter(branch=branch, series=series)], ignore_conflicts=True)
        rows.update(value=F("value") + 1)
    value = rows.values_list("value", flat=True).get()
    return SEQUENCE.sub(lambda match: f"{value:0{int(match.group(1) or 1)}}", series)
