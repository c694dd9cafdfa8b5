"""Files with the small sets that every page of them shows, in one read: values, roles, volumes, milestones, jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet

from kedang.files.models import FieldValue, File, FileRole, Job, Milestone, Place, Record, Scan, Volume
from kedang.journal import keys
from kedang.lib.folding import Rows, keep, referring, taken
from kedang.staff.models import Person
from kedang.staff.queries import WHO

VALUE = ("id", "file_id", "field", "grade", "text", "seal_ref", "sealed", "declined")
ROLE = ("id", "file_id", "role", "person_id", "since", *(f"person__{name}" for name in WHO))
VOLUME = (
    "id", "file_id", "no", "holder_id", "place_id", "home_id", "status", *(f"holder__{name}" for name in WHO),
    "place__id", "place__branch_id", "place__code", "place__name",
    "home__id", "home__branch_id", "home__code", "home__name",
)  # fmt: skip
MILESTONE = ("id", "file_id", "job_id", "key", "date")
JOB = (
    "id", "file_id", "number", "what", "kinds", "status", "opened_on", "person_id", "contact_verified", "complete",
    "missing", *(f"person__{name}" for name in WHO),
)  # fmt: skip
SCAN = ("id", "record_id", "type", "size")
JOBS = 20


@dataclass(frozen=True)
class Fold:
    """Rows of an app above that the page of one file shows, read with the file; ``take`` gets the file and the rows."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    columns: tuple[str, ...]
    take: Callable[[File, list[list[Any]]], None]


_folds: dict[str, Fold] = {}


def offer(fold: Fold) -> None:
    """Let an app read its rows of a file with the file's page; called from its ``ready``."""
    _folds[f"f_{fold.name}"] = fold


def _of_file(model: Any) -> Any:
    return model.objects.filter(file=OuterRef("pk"))


def with_people_and_values(rows: QuerySet[File]) -> QuerySet[File]:
    """Files with values, roles and volumes; ``take`` takes them."""
    return rows.annotate(
        f_values=Rows(_of_file(FieldValue), VALUE),
        f_roles=Rows(_of_file(FileRole), ROLE),
        f_volumes=Rows(_of_file(Volume), VOLUME),
    )


def with_steps(rows: QuerySet[File]) -> QuerySet[File]:
    """The same with milestones and the newest jobs, for the page of one file."""
    jobs = _of_file(Job).order_by("-pk")[:JOBS]
    more = {name: Rows(one.rows().filter(file=OuterRef("pk")), one.columns) for name, one in _folds.items()}
    rows = with_people_and_values(rows)
    return rows.annotate(f_steps=Rows(_of_file(Milestone), MILESTONE), f_jobs=Rows(jobs, JOB), **more)


def take(file: File) -> File:
    """Give a file what was read with it, as after a prefetch."""
    there: Any = file
    keep(file, "values", taken(FieldValue, VALUE, there.f_values))
    keep(file, "roles", referring(FileRole, ROLE, there.f_roles, person=Person))
    volumes = referring(Volume, VOLUME, there.f_volumes, holder=Person, place=Place, home=Place)
    keep(file, "volumes", sorted(volumes, key=lambda one: one.no))
    if hasattr(file, "f_steps"):
        steps = taken(Milestone, MILESTONE, there.f_steps)
        keep(file, "milestones", sorted(steps, key=lambda one: (one.date, one.pk)))
        there.newest_jobs = referring(Job, JOB, there.f_jobs, person=Person)[::-1]
        for job in there.newest_jobs:
            job.file = file
        for name, fold in _folds.items():
            fold.take(file, getattr(there, name))
    return file


def warm_keys(files: Iterable[File]) -> None:
    """Fetch the keys of all sealed values of these files at once."""
    blobs = [row.sealed.blob for file in files for row in file.values.all() if row.sealed is not None]
    keys.warm({keys.key_id_of(blob) for blob in blobs})


def with_scans(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Checklist lines with their scans, in one read; ``take_scans`` takes them."""
    return rows.annotate(f_scans=Rows(Scan.objects.filter(record=OuterRef("pk")), SCAN))


def take_scans(rows: Iterable[Any]) -> list[Record]:
    """Give checklist lines the scans that were read with them, as after a prefetch."""
    found = list(rows)
    for one in found:
        keep(one, "scans", sorted(taken(Scan, SCAN, one.f_scans), key=lambda scan: scan.pk))
    return found
