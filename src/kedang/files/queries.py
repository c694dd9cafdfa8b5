"""Reads of files; each starts from what the viewer may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from kedang.customers.tokens import query_groups
from kedang.duties.queries import OWED, of_file, pool_in_words
from kedang.files.folded import take, warm_keys, with_bound, with_people_and_values, with_scans, with_steps
from kedang.files.models import GRADES, File, Import, Job, Record, SearchToken
from kedang.files.viewing import Viewer
from kedang.journal.sealed import Purpose
from kedang.rulebook import Book
from kedang.staff.models import Branch, Person

COUNT_CAP = 1000
PAGE = 20


def visible(viewer: Viewer) -> QuerySet[File]:
    """The files that the viewer may know of."""
    return File.objects.filter(viewer.finds)


def names_of_files(person: Person, branch: Branch, today: date, ids: set[int]) -> dict[str, str]:
    """The numbers of these files by id, one query; without those that this person may not know of."""
    rows = visible(Viewer(person, branch, today)).filter(pk__in=ids).only("number")
    return {str(one.pk): str(one) for one in rows}


def access_file(viewer: Viewer, pk: int, *, whole: bool = False) -> File:
    """One file with what its pages need, its ``whole`` page also milestones and jobs.

    404 where the viewer may not know that it exists.
    """
    wanted = with_steps if whole else with_people_and_values
    file = wanted(visible(viewer)).select_related("customer").filter(pk=pk).first()
    if file is None:
        raise Http404
    file.branch = viewer.branch
    warm_keys([take(file)])
    return file


def access_job(viewer: Viewer, pk: int) -> Job:
    """One job whose file the viewer may know of."""
    rows = Job.objects.select_related("file__branch", "file__customer", "person")
    rows = rows.prefetch_related("file__roles", "file__volumes")
    job = rows.filter(pk=pk, file__in=visible(viewer)).first()
    if job is None:
        raise Http404
    return job


def found_by(rows: QuerySet[File], text: str) -> QuerySet[File]:
    """Those of the files that answer a typed query: name, initials, number, plate, the last four of a phone."""
    groups = query_groups(text)
    if not groups:
        return rows.none()
    for group in groups:
        rows = rows.filter(pk__in=SearchToken.objects.filter(token__in=group).values("file"))
    return rows


def filtered(rows: QuerySet[File], query: Mapping[str, str], viewer: Viewer) -> QuerySet[File]:
    """The tabs and the open fields of the query form over the list."""
    if query.get("kind"):
        rows = rows.filter(kind=query["kind"])
    if query.get("number"):
        rows = rows.filter(number__startswith=query["number"])
    tab = query.get("tab", "")
    if tab == "mine":
        rows = rows.filter(Q(roles__person=viewer.person) | Q(volumes__holder=viewer.person)).distinct()
    elif tab == "incomplete":
        rows = rows.filter(complete=False)
    elif tab == "held":
        rows = rows.filter(volumes__status="held").distinct()
    return rows


@dataclass
class Page:
    """One page of a list by key."""

    rows: list[File]
    has_previous: bool
    has_next: bool
    previous_key: int | None
    next_key: int | None
    count: int
    count_label: str = ""


def key_of(text: str) -> int | None:
    """A page key from the address, or nothing."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def page_of(rows: QuerySet[File], after: str = "", before: str = "", size: int = PAGE) -> Page:
    """The files after or before a key, newest first, and their count up to the cap."""
    count = len(rows.order_by()[: COUNT_CAP + 1].values_list("pk", flat=True))
    low, high = key_of(after), key_of(before)
    wanted = with_people_and_values(rows)
    if high is not None:
        found = list(wanted.filter(pk__gt=high).order_by("pk")[: size + 1])
        more, found = len(found) > size, _shown(found[:size][::-1])
        return Page(found, more, True, found[0].pk if found else None, found[-1].pk if found else None, count)
    if low is not None:
        wanted = wanted.filter(pk__lt=low)
    found = list(wanted.order_by("-pk")[: size + 1])
    more, found = len(found) > size, _shown(found[:size])
    return Page(found, low is not None, more, found[0].pk if found else None, found[-1].pk if found else None, count)


def _shown(files: list[File]) -> list[File]:
    for file in files:
        take(file)
    warm_keys(files)
    return files


def readable_values(file: File, viewer: Viewer) -> dict[str, Any]:
    """Field values as the viewer may read them: plain within the right, sealed (a mask) above it; made once a page."""
    kept: dict[int, dict[str, Any]] = file.__dict__.setdefault("_readable", {})
    if id(viewer) not in kept:
        kept[id(viewer)] = _readable(file, viewer)
    return kept[id(viewer)]


def _readable(file: File, viewer: Viewer) -> dict[str, Any]:
    purpose = Purpose(viewer=viewer.person, why="display")
    may = {grade: viewer.reads(grade, file) for grade in GRADES}
    found: dict[str, Any] = {}
    for row in file.values.all():
        if row.sealed is None:
            found[row.field] = row.text if may.get(row.grade) or row.grade == "open" else ""
        else:
            found[row.field] = row.sealed.reveal(purpose) if may.get(row.grade) else row.sealed
    return found


def records_of(file: File, job: Job | None = None) -> list[Record]:
    """The checklist lines of a file or of one of its jobs, with their scans."""
    return with_scans(Record.objects.filter(file=file, job=job))


def imports_of(viewer: Viewer) -> QuerySet[Import]:
    """The imports of the viewer's branch, the latest first."""
    return Import.objects.filter(branch=viewer.branch).select_related("author")


def row_counts(run: Import) -> dict[str, int]:
    """How many rows of an import are in each state."""
    return dict(run.rows.order_by().values_list("state").annotate(n=Count("pk")))


def duties_of(file: File, book: Book, language: str) -> list[dict[str, Any]]:
    """What is still owed about a file, the most urgent first."""
    rows = with_bound(of_file(file.pk).filter(OWED).order_by("due_on", "pk")[:5])
    return [
        {
            "state": "late" if row.status == "late" else "open",
            "due_on": row.due_on,
            "clause": row.clause,
            "who": ", ".join(str(one.person) for one in row.bound.all())
            or pool_in_words(book, row.clause, row.pool, language),
        }
        for row in rows
    ]
