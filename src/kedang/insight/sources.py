"""Over which rows a measure is computed: the rows of a branch under a pack, their day, people and states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, NullIf

from kedang.custody.models import Handover, HandoverLine
from kedang.duties.models import Duty
from kedang.files.models import File, Record
from kedang.loans.models import Consultation, Loan
from kedang.rulebook.pack import Pack
from kedang.sanctions.models import Breach
from kedang.staff.models import Branch

PEOPLE = ("unit", "person", "post")


@dataclass(frozen=True)
class Source:
    """Rows of one kind.

    ``who`` is the path to the person whom a row is about, ``state`` what decides a share, ``of`` the figures that
    these rows give, ``by`` the paths by which they can be grouped besides unit, post and person.
    """

    rows: Callable[[Branch, Pack], QuerySet[Any]]
    day: str
    who: str
    state: Any
    of: frozenset[str]
    by: Mapping[str, Any]
    pooled: bool = False


def _yes_if(condition: Any) -> Case:
    return Case(When(condition, then=Value("yes")), default=Value("no"), output_field=CharField())


def _duties(branch: Branch, pack: Pack) -> QuerySet[Duty]:
    return Duty.objects.filter(branch=branch, clause__startswith=f"{pack.number}:")


def _kind_of_file() -> Subquery:
    """The kind of the file that a duty names by its id; a duty about no file has none."""
    ref = Cast(NullIf(OuterRef("file"), Value("")), BigIntegerField())
    return Subquery(File.objects.filter(pk=ref).values("kind")[:1])


def _handovers(branch: Branch, pack: Pack) -> QuerySet[Handover]:
    """The first handover of each set that was received: what was supplied later does not make it complete."""
    received = Handover.objects.exclude(received_on=None)
    earlier = received.filter(file=OuterRef("file"), checklist=OuterRef("checklist"), pk__lt=OuterRef("pk"))
    of_file, of_job = Exists(earlier.filter(job=None)), Exists(earlier.filter(job=OuterRef("job")))
    return received.filter(~Q(of_file, job=None), ~of_job, branch=branch, file__kind__in=list(pack.files))


def _records(branch: Branch, pack: Pack) -> QuerySet[Record]:
    """What the files opened in the period must hold; a line without which a file is complete counts for nothing."""
    return Record.objects.filter(file__branch=branch, file__kind__in=list(pack.files), counts=True)


SHARE, COMPLETE = frozenset({"share_on_time", "count"}), frozenset({"share_complete", "count"})
COUNT = frozenset({"count"})

SOURCES: Mapping[str, Source] = {
    "duties": Source(
        _duties, "due_on", "bound__person", F("status"), SHARE,
        {"kind": _kind_of_file, "clause": "clause", "status": "status"}, pooled=True,
    ),
    "handovers": Source(
        _handovers, "received_on", "giver",
        _yes_if(Q(missing=0) & ~Exists(HandoverLine.objects.filter(handover=OuterRef("pk")).exclude(found=""))),
        COMPLETE, {"kind": "file__kind", "status": "status"},
    ),
    "records": Source(
        _records, "file__opened_on", "", _yes_if(Q(state__in=["present", "not_applicable"])),
        frozenset({"share_complete"}), {"kind": "file__kind", "line": "line"},
    ),
    "files": Source(
        lambda branch, pack: File.objects.filter(branch=branch, kind__in=list(pack.files)),
        "opened_on", "", _yes_if(Q(complete=True)), COMPLETE, {"kind": "kind", "status": "status"},
    ),
    "loans": Source(
        lambda branch, pack: Loan.objects.filter(branch=branch, file__kind__in=list(pack.files)),
        "requested_on", "borrower", F("status"), COUNT,
        {"kind": "file__kind", "status": "status", "purpose": "purpose"},
    ),
    "consultations": Source(
        lambda branch, pack: Consultation.objects.filter(branch=branch, file__kind__in=list(pack.files)),
        "opened_at__date", "reader", Value(""), COUNT, {"kind": "file__kind", "purpose": "purpose"},
    ),
    "defects": Source(
        lambda branch, pack: Breach.objects.filter(branch=branch, kind="defect", name__in=list(pack.defects)),
        "happened_on", "person", F("status"), COUNT, {"kind": "name", "status": "status"},
    ),
    "breaches": Source(
        lambda branch, _pack: Breach.objects.filter(branch=branch),
        "happened_on", "person", F("status"), COUNT, {"kind": "name", "status": "status"},
    ),
}  # fmt: skip
