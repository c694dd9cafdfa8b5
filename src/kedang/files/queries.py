"""Reads of files; each starts from what the viewer may find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from kedang.customers.tokens import query_groups
from kedang.duties.models import Duty
from kedang.duties.queries import OWED, of_file, pool_in_words, take_bound, with_bound
from kedang.files.folded import take, take_scans, warm_keys, with_people_and_values, with_scans, with_steps
from kedang.files.models import GRADES, File, Import, Job, Record, SearchToken
from kedang.files.viewing import Tree, Viewer, within
from kedang.journal.sealed import Purpose
from kedang.lib.prepared import prepared
from kedang.rulebook import Book
from kedang.staff.models import Branch, Person

TOLD, MOST_OWED = 5, 100  # of what is owed about a file: as many its page tells, and as many it reads


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
    found = prepared(_one, viewer.tree, whole, branch=viewer.branch, me=viewer.person, pk=pk)
    if not found:
        raise Http404
    file: File = found[0]
    file.branch = viewer.branch
    warm_keys([take(file)])
    return file


def _one(tree: Tree, whole: bool, *, branch: Any, me: Any, pk: Any) -> QuerySet[File]:
    wanted = with_steps if whole else with_people_and_values
    rows = File.objects.filter(within(tree, branch, me), pk=pk)
    return wanted(rows).select_related("customer")


def access_job(viewer: Viewer, pk: int, *, whole: bool = False) -> Job:
    """One job with its file, its ``whole`` page also with what the file's page reads.

    404 where the viewer may not know of the file.
    """
    job = Job.objects.select_related("person").filter(pk=pk).first()
    tree, given = viewer.tree, {"branch": viewer.branch, "me": viewer.person}
    found = prepared(_one, tree, whole, **given, pk=job.file_id) if job else []
    if not job or not found:
        raise Http404
    job.file = take(found[0])
    job.file.branch = viewer.branch
    return job


def found_by(rows: QuerySet[File], text: str) -> QuerySet[File]:
    """Those of the files that answer a typed query: name, initials, number or its end, plate, last four of a phone."""
    groups = query_groups(text)
    return with_tokens(rows, groups) if groups else rows.none()


def with_tokens(rows: QuerySet[File], groups: Iterable[Iterable[Any]]) -> QuerySet[File]:
    """Those of the files that have one token of each group."""
    for group in groups:
        rows = rows.filter(pk__in=SearchToken.objects.filter(token__in=group).values("file"))
    return rows


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
    return take_scans(prepared(_records, job is None, file=file, job=job or 0))


def _records(of_file_itself: bool, *, file: Any, job: Any) -> QuerySet[Record]:
    rows = Record.objects.filter(file=file)
    return with_scans(rows.filter(job=None) if of_file_itself else rows.filter(job=job))


def imports_of(viewer: Viewer) -> QuerySet[Import]:
    """The imports of the viewer's branch, the latest first."""
    return Import.objects.filter(branch=viewer.branch).select_related("author")


def row_counts(run: Import) -> dict[str, int]:
    """How many rows of an import are in each state."""
    return dict(run.rows.order_by().values_list("state").annotate(n=Count("pk")))


def _due_about(*, about: Any) -> QuerySet[Duty]:
    return with_bound(of_file(about).filter(OWED).order_by("due_on", "pk")[:MOST_OWED])


def owed_about(file: File) -> list[Duty]:
    """What is still owed about a file, the most urgent first."""
    return take_bound(prepared(_due_about, about=str(file.pk)))


def duties_of(owed: list[Duty], book: Book, language: str) -> list[dict[str, Any]]:
    """The first of what is owed about a file, as its page tells it."""
    return [
        {
            "state": "late" if row.status == "late" else "open",
            "due_on": row.due_on,
            "clause": row.clause,
            "who": ", ".join(str(one.person) for one in row.bound.all())
            or pool_in_words(book, row.clause, row.pool, language),
        }
        for row in owed[:TOLD]
    ]
