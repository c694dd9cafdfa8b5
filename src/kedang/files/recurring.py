"""The files, jobs and papers on which a duty may come round: what the clock reads when a day begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from kedang.acts.periods import provide_things
from kedang.files.models import File, Job, Record
from kedang.rulebook.conditions import BOUNDS
from kedang.rulebook.pack import Conditions
from kedang.staff.models import Branch

PAGE = 500
Row = TypeVar("Row", File, Job)
TEXTS = {name: name for name in ("kind", "status", "unit", "secrecy", "part", "segment", "electronic")}
YES_NO = ("sealed", "complete")


def narrowed(tests: Conditions) -> Q:
    """What of the conditions the table itself can say; a closed file is left alone unless its status is asked for."""
    found = Q()
    if all(test.fact != "file.status" for test in tests):
        found &= Q(status="open")
    for test in tests:
        key = test.fact.removeprefix("file.")
        if not test.fact.startswith("file.") or test.op in BOUNDS:
            continue
        if key in TEXTS:
            found &= Q(**{f"{key}__in": [str(one) for one in test.values]})
        elif key in YES_NO:
            found &= Q(**{f"{key}__in": [str(one) == "yes" for one in test.values]})
    return found


def _any(conditions: Sequence[Conditions]) -> Q:
    found = Q(pk__in=[])
    for tests in conditions:
        found |= narrowed(tests)
    return found


def files_of(branch: Branch, conditions: Sequence[Conditions], _day: date) -> Iterator[File]:
    """The files of a branch that may meet one of the conditions, in the order of their birth."""
    rows = File.objects.filter(_any(conditions), branch=branch).select_related("branch")
    yield from _paged(rows.prefetch_related("roles", "volumes__place"))


def jobs_of(branch: Branch, _conditions: Sequence[Conditions], _day: date) -> Iterator[Job]:
    """The jobs of a branch that are not closed yet."""
    rows = Job.objects.filter(file__branch=branch, status="open").select_related("file__branch")
    yield from _paged(rows.prefetch_related("file__roles"))


def running_out(tests: Conditions, day: date) -> Q:
    """What of the conditions the table of papers can say: of which kind, checked or not, running out by which day."""
    found = Q(state="present")
    for test in tests:
        if test.fact == "record.kind" and test.op not in BOUNDS:
            names = [str(one) for one in test.values]
            found &= Q(kind__in=names) | Q(kind="", line__in=names)
        elif test.fact == "record.verified" and test.op not in BOUNDS:
            found &= Q(checked_on__isnull="no" in test.values) if len(test.values) == 1 else Q()
        elif test.fact == "record.expires_days":
            found &= Q(ends_on__isnull=False)
            if test.op in ("at_most", "under"):
                found &= Q(ends_on__lte=day + timedelta(days=int(test.values[0])))
    return found


def records_of(branch: Branch, conditions: Sequence[Conditions], day: date) -> Iterator[Record]:
    """The papers that lie in the open files of a branch and may meet one of the conditions on a day.

    Their keys come first, by the day on which they run out: in the order of keys all papers would be read for a few.
    """
    meant = Q(pk__in=[])
    for tests in conditions:
        meant |= running_out(tests, day)
    keys = sorted(Record.objects.filter(meant).order_by().values_list("pk", flat=True))
    rows = Record.objects.filter(file__branch=branch, file__status="open").select_related("file__branch")
    for first in range(0, len(keys), PAGE):
        page = rows.filter(pk__in=keys[first : first + PAGE]).order_by("pk")
        yield from page.prefetch_related("file__roles")


def _paged(rows: QuerySet[Row]) -> Iterator[Row]:
    """By key, so that what is written between two pages disturbs no reading."""
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield from page
        last = page[-1].pk


def register() -> None:
    """Tell the clock; called once when the app is ready."""
    provide_things("file", files_of)
    provide_things("job", jobs_of)
    provide_things("record", records_of)
