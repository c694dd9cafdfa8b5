"""The list behind a number: the very rows that a figure counts, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kedang.acts.naming import names_of
from kedang.files.models import File
from kedang.insight.tallies import Question, asked, group_of_pool, pools
from kedang.office.owed import lines as duty_lines
from kedang.rulebook.measures import DUE
from kedang.sanctions.models import Breach
from kedang.staff.models import Branch, Person

SIZE = 50


@dataclass(frozen=True)
class Line:
    """One row of the list; ``state`` is a key of the dots."""

    state: str
    what: str
    url: str
    who: str
    day: date
    file: str = ""  # the key of the file that the row is about, and its number where the viewer may know of it
    file_name: str = ""


def found(one: Question, branch: Branch, group: str, only: str, after: int = 0) -> tuple[list[Any], int]:
    """The rows of a group, at most a page; and the key after which the next page begins, 0 at the end.

    ``only`` is "part" for what is counted as good, "" for the whole.
    """
    wanted = Q(pk__in=asked(one, branch, group).order_by().values("pk"))
    pooled = pools(one, branch)
    if pooled is not None:
        names = [
            pool
            for pool in pooled.order_by().values_list("pool", flat=True).distinct()
            if group_of_pool(one, pool) == group and (one.scope.name != "unit" or group in one.scope.units)
        ]
        wanted |= Q(pk__in=pooled.filter(pool__in=names).order_by().values("pk"))
    rows = one.source.rows(branch, one.pack).filter(wanted).annotate(its_state=one.source.state)
    if one.rule.of == "share_on_time":
        rows = rows.filter(its_state__in=["kept"] if only else DUE)
    elif one.rule.of == "share_complete" and only:
        rows = rows.filter(its_state="yes")
    if after:
        rows = rows.filter(pk__lt=after)
    listed = list(_with_names(one, rows).order_by("-pk")[: SIZE + 1])
    return listed[:SIZE], listed[SIZE - 1].pk if len(listed) > SIZE else 0


def _with_names(one: Question, rows: QuerySet[Any]) -> QuerySet[Any]:
    if one.rule.over == "duties":
        return rows.prefetch_related("bound__person")
    related = {
        "handovers": ("giver", "file"), "records": ("file",), "loans": ("borrower", "file"),
        "consultations": ("reader", "file"), "defects": ("person",), "breaches": ("person",),
    }.get(one.rule.over, ())  # fmt: skip
    return rows.select_related(*related) if related else rows


def lines(one: Question, rows: Iterable[Any], branch: Branch, today: date, viewer: Person) -> list[Line]:
    """The rows in words, each with the page that it leads to and the file that it is about."""
    if one.rule.over == "duties":
        shown = [
            Line(each.state, each.what, _to("office:duty", each.duty.pk), each.who, each.duty.due_on, each.duty.file)
            for each in duty_lines(rows, branch, today)
        ]
    else:
        shown = [replace(_LINES[one.rule.over](row), file=_file_of(row)) for row in rows]
    names = names_of("file", viewer, branch, today, [each.file for each in shown])
    return [replace(each, file_name=names.get(each.file, "")) for each in shown]


def _file_of(row: Any) -> str:
    if isinstance(row, File):
        return str(row.pk)
    return str(row.file if isinstance(row, Breach) else row.file_id)


def _to(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def _complete(row: Any) -> str:
    return "complete" if row.its_state == "yes" else "incomplete"


def _handover(row: Any) -> Line:
    what = _("Handover %(n)s") % {"n": f"#{row.pk}"}
    return Line(_complete(row), what, _to("custody:handover", row.pk), str(row.giver), row.received_on)


def _record(row: Any) -> Line:
    return Line(_complete(row), row.line, _to("files:file", row.file_id), "", row.file.opened_on)


def _file(row: Any) -> Line:
    return Line(_complete(row), _("File %(n)s") % {"n": row.number}, _to("files:file", row.pk), "", row.opened_on)


def _loan(row: Any) -> Line:
    state = {"issued": "open", "returned": "waiting", "closed": "done"}.get(row.status, "off")
    return Line(state, row.purpose, _to("loans:loan", row.pk), str(row.borrower), row.requested_on)


def _consultation(row: Any) -> Line:
    state = "open" if row.closed_at is None else "done"
    return Line(state, row.purpose, _to("files:file", row.file_id), str(row.reader), row.opened_at.date())


def _breach(row: Any) -> Line:
    return Line("breach", row.name, _to("office:breach", row.pk), str(row.person), row.happened_on)


_LINES: Mapping[str, Callable[[Any], Line]] = {
    "handovers": _handover, "records": _record, "files": _file, "loans": _loan, "consultations": _consultation,
    "defects": _breach, "breaches": _breach,
}  # fmt: skip
