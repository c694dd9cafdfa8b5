"""Reads of certificates; each starts from the files that the viewer may find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.http import Http404

from kedang.adoptions.queries import book_for, reports_to
from kedang.certificates import folded, kinds
from kedang.certificates.models import (
    Balance,
    BalanceLine,
    Certificate,
    CertificateToken,
    Return,
    ReturnLine,
    TransferList,
)
from kedang.customers.tokens import query_groups
from kedang.files.models import File, Place
from kedang.files.queries import visible
from kedang.files.viewing import Viewer
from kedang.journal.keys import blind_token
from kedang.staff.models import Branch, PostHolding
from kedang.staff.queries import actor_of

PAGE = 50
MOST_PRINTED = 500
TABS = ("", "received", "returned", "all")
LOOK_BACK = 90  # days in which a gap between keepers is still told


def certificates(viewer: Viewer) -> QuerySet[Certificate]:
    """Certificates of files that the viewer may know of."""
    known = Exists(visible(viewer).filter(pk=OuterRef("file")))
    rows = Certificate.objects.filter(known, branch=viewer.branch)
    return rows.select_related("file", "place", "received_by", "stored_by")


def keeps(viewer: Viewer) -> bool:
    """Whether the viewer keeps the ledger: may know of every certificate of the branch."""
    return kinds.keeps(viewer.book, viewer.actor, viewer.branch.code)


def must_know(viewer: Viewer) -> None:
    """404 for whoever may know of no certificate: the ledger is closed to others."""
    if keeps(viewer):
        return
    own = kinds.carrying(viewer.book)
    if not own or not visible(viewer).filter(kind__in=own).exists():
        raise Http404


def must_keep(viewer: Viewer) -> None:
    """404 for whoever does not keep the ledger."""
    if not keeps(viewer):
        raise Http404


def in_tab(rows: QuerySet[Certificate], tab: str) -> QuerySet[Certificate]:
    """Those of one tab: in the safe, in hand, given back, or all."""
    return rows if tab == "all" else rows.filter(status=tab or "stored")


def counts(viewer: Viewer) -> dict[str, int]:
    """How many certificates are where, for the tabs; one query."""
    rows = certificates(viewer).select_related(None).order_by()
    return rows.aggregate(
        received=Count("pk", filter=Q(status="received")), stored=Count("pk", filter=Q(status="stored")),
        returned=Count("pk", filter=Q(status="returned")), all=Count("pk"),
    )  # fmt: skip


def found_by(rows: QuerySet[Certificate], text: str) -> QuerySet[Certificate]:
    """Those that answer a typed query, as the pack lets them be found: owner, last four of the number, the number."""
    groups = query_groups(text)
    if not groups:
        return rows.none()
    for group in groups:
        rows = rows.filter(pk__in=CertificateToken.objects.filter(token__in=group).values("certificate"))
    return rows


@dataclass
class Page:
    """One page of the ledger by key."""

    rows: list[Certificate]
    has_previous: bool
    has_next: bool
    previous_key: int | None
    next_key: int | None
    count_label: str = ""


def with_rights(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """With what decides who reads the values of a file."""
    return rows.prefetch_related("file__roles", "file__volumes")


def page_of(rows: QuerySet[Certificate], after: int | None, before: int | None) -> Page:
    """The certificates after or before a key, newest first."""
    wanted = with_rights(rows)
    if before is not None:
        found = list(wanted.filter(pk__gt=before).order_by("pk")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        return _page(found, more, True)
    found = list((wanted.filter(pk__lt=after) if after is not None else wanted).order_by("-pk")[: PAGE + 1])
    return _page(found[:PAGE], after is not None, len(found) > PAGE)


def _page(found: list[Certificate], has_previous: bool, has_next: bool) -> Page:
    return Page(found, has_previous, has_next, found[0].pk if found else None, found[-1].pk if found else None)


def for_print(rows: QuerySet[Certificate]) -> list[Certificate]:
    """The certificates of a printing, by the number of their file."""
    return list(with_rights(rows).order_by("file__number", "pk")[:MOST_PRINTED])


def of_file(file: File) -> list[Any]:
    """The certificates of a file with what each person found of them, the latest first."""
    rows = Certificate.objects.filter(file=file).select_related("place", "received_by")
    found = folded.with_checks(rows)
    for one in found:
        one.file = file
    return found


def list_of(file: File) -> TransferList | None:
    """The transfer list in use of a file with its signatures."""
    rows = TransferList.objects.filter(file=file, status__in=folded.IN_USE).select_related("written_by")
    found = folded.with_signatures(rows)
    if found is not None:
        found.file = file
    return found


def printed_list(file: File, no: int | None = None) -> TransferList | None:
    """The transfer list to print with its signatures: of a version, else the one in use, else the last one stored."""
    rows = TransferList.objects.filter(file=file, status__in=(*folded.IN_USE, "stored")).select_related("written_by")
    found = folded.with_signatures(rows.filter(no=no) if no is not None else rows.order_by("-no"))
    if found is not None:
        found.file = file
    return found


def printable(file: File) -> list[int]:
    """The versions of its transfer lists that can be printed, the newest first."""
    rows = TransferList.objects.filter(file=file, status__in=(*folded.IN_USE, "stored"))
    return list(rows.order_by("-no").values_list("no", flat=True)[:50])


def places_to_store(branch: Branch) -> list[Place]:
    """The places of a branch in which something can be locked: the safes and what lies in them."""
    rows = Place.objects.filter(branch=branch, closed_on=None).select_related("parent").order_by("code")
    return [one for one in rows if one.kind == "safe" or (one.parent and one.parent.kind == "safe")]


def counted_places(branch: Branch) -> list[Place]:
    """What a count goes through: every compartment of a safe, a safe without any, and wherever else something lies."""
    safes = Q(kind="safe") | Q(parent__kind="safe")
    lying = Q(pk__in=Certificate.objects.filter(branch=branch, status="stored").values("place"))
    rows = list(
        Place.objects.filter(Q(closed_on=None) & safes | lying, branch=branch)
        .select_related("parent")
        .annotate(lies=Exists(Certificate.objects.filter(place=OuterRef("pk"), status="stored")))
        .order_by("code")
    )
    parents = {one.parent_id for one in rows}
    return [one for one in rows if one.lies or one.pk not in parents]


def booked(branch: Branch) -> tuple[dict[int, int], dict[str, int]]:
    """How many pieces the ledger says lie in each place, and of each kind."""
    rows = Certificate.objects.filter(branch=branch, status="stored").order_by()
    by_place: dict[int, int] = {}
    by_kind: dict[str, int] = {}
    for place, kind, pieces in rows.values_list("place", "kind").annotate(n=Sum("quantity")):
        by_place[place] = by_place.get(place, 0) + pieces
        by_kind[kind] = by_kind.get(kind, 0) + pieces
    return by_place, by_kind


def in_hand(branch: Branch) -> int:
    """How many pieces have been received and do not lie in the safe yet."""
    rows = Certificate.objects.filter(branch=branch, status="received")
    return rows.aggregate(n=Sum("quantity"))["n"] or 0


def moves(branch: Branch) -> str:
    """A mark that changes whenever something is put into the safe or taken out, and that says nothing else."""
    rows = Certificate.objects.filter(branch=branch, stored_at__isnull=False).order_by()
    found = rows.aggregate(stored=Count("pk"), gone=Count("pk", filter=Q(status="returned")))
    mark = blind_token("safe", f"{branch.pk}:{found['stored']}:{found['gone']}")
    return f"{mark & 0xFFFFFFFF:08x}"


def balances(viewer: Viewer) -> QuerySet[Balance]:
    """The counts of the viewer's branch, the latest first.  404 for whoever does not keep the ledger."""
    must_keep(viewer)
    return Balance.objects.filter(branch=viewer.branch)


def access_balance(viewer: Viewer, pk: int) -> Balance:
    """One count with its figures and signatures."""
    lines = Prefetch("lines", BalanceLine.objects.select_related("place__parent"))
    found = (
        balances(viewer).select_related("branch").prefetch_related(lines, "signatures__person").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def access_return(viewer: Viewer, pk: int) -> Return:
    """One receipt of a file that the viewer may know of."""
    lines = Prefetch("lines", ReturnLine.objects.select_related("certificate", "record"))
    rows = Return.objects.filter(Exists(visible(viewer).filter(pk=OuterRef("file"))), file__branch=viewer.branch)
    found = rows.select_related("file", "keeper").prefetch_related(lines, "file__roles", "file__volumes").filter(pk=pk)
    row = found.first()
    if row is None:
        raise Http404
    return row


def access_certificate(viewer: Viewer, pk: int) -> Certificate:
    """One certificate of a file that the viewer may know of."""
    found = with_rights(certificates(viewer)).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.file.branch = viewer.branch
    return found


@dataclass(frozen=True)
class Gap:
    """Days, both included, on which nobody held a post that keeps the safe."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.until - self.since).days + 1


def gaps(viewer: Viewer) -> list[Gap]:
    """The gaps between keepers of the safe in the last ninety days; today counts."""
    first = viewer.today - timedelta(days=LOOK_BACK)
    rows = PostHolding.objects.filter(
        Q(until=None) | Q(until__gte=first), branch=viewer.branch, post__in=kinds.keeping_posts(viewer.book),
        since__lte=viewer.today,
    )  # fmt: skip
    return gaps_between(list(rows.order_by("since").values_list("since", "until")), first, viewer.today)


def gaps_between(held: Sequence[tuple[date, date | None]], first: date, today: date) -> list[Gap]:
    """The days from the first keeper on that no span (first and last day, None for open) covers."""
    found: list[Gap] = []
    covered: date | None = None  # the last day that is covered so far
    for since, until in sorted(held, key=lambda span: span[0]):
        if covered is not None and since > covered + timedelta(days=1):
            found.append(Gap(covered + timedelta(days=1), since - timedelta(days=1)))
        covered = max(covered or date.min, until or today)
    if covered is not None and covered < today:
        found.append(Gap(covered + timedelta(days=1), today))
    return [one for one in found if one.until >= first]


def menu_hidden(person: Any, branch: Branch, today: date) -> set[str]:
    """The ledger stands in the menu of whoever keeps it; others come to their own from the page of their file."""
    book = book_for(branch, today)
    if kinds.carrying(book) and kinds.keeps(book, actor_of(person, branch, today, reports_to(book)), branch.code):
        return set()
    return {"certificates:ledger"}
