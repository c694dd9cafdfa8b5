"""Bring a sheet in: upload and check, run in the background in batches, and go on after a crash where it stopped."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Refused, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.files import checking, kinds, scans, sheets
from kedang.files.models import File, Import, ImportRow
from kedang.files.services import AlreadyThere, on_branch, open_file, reach_file
from kedang.rulebook.pack import FileKind
from kedang.staff.models import Branch, Person

BATCH = 500
LEASE = timedelta(minutes=5)
Clock = Callable[[], datetime]
PROBLEMS = {
    "unreadable": gettext_noop("This is neither an Excel workbook nor a CSV file that can be read."),
    "encoding": gettext_noop("The characters of this file cannot be read: save it as UTF-8."),
    "empty": gettext_noop("The sheet has no rows under its head line."),
    "long": gettext_noop("The sheet is larger than 50,000 rows or 20 MB: split it."),
}


def on_import(run: Import, **_rest: Any) -> Concerning:
    """A command about an import: its chain is locked."""
    return Concerning(run.branch, [Subject("import", str(run.pk))])


def _event(run: Import, step: str, **data: Any) -> NewEvent:
    return NewEvent(
        "data.imported", subject=Subject("import", str(run.pk)), about={"import": str(run.pk)},
        data={"step": step, **data}, past=run.past,
    )  # fmt: skip


def kind_of(run: Import, today: Any) -> FileKind:
    """The kind of file that an import makes.  Raises ``Invalid`` when no policy in force knows it."""
    kind = kinds.file_kind(book_for(run.branch, today), run.kind)
    if kind is None:
        raise Invalid({"kind": _("No policy in force knows this kind of file.")})
    return kind


def sheet_of(run: Import) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of the upload."""
    return sheets.read(scans.read(run.seal_ref))


def _check_rows(run: Import, today: Any) -> None:
    """Check all rows anew and keep what is wrong with each."""
    _head, rows = sheet_of(run)
    checked = checking.check(kind_of(run, today), run.mapping, rows, branch=run.branch, today=today)
    run.rows.all().delete()
    ImportRow.objects.bulk_create(
        [
            ImportRow(job=run, no=row.no, state="bad" if row.reasons else "good", reasons="\n".join(row.reasons))
            for row in checked
        ],
        batch_size=BATCH,
    )
    run.total = len(checked)
    run.save(update_fields=["total"])


@command("data.import", on_branch)
def upload_import(ctx: Ctx, *, branch: Branch, kind: str, data: bytes, past: bool) -> Done:
    """Keep an uploaded sheet, guess its columns and check its rows; no file is made yet."""
    try:
        head, rows = sheets.read(data)
    except sheets.WrongSheet as error:
        raise Invalid({"upload": _(PROBLEMS[str(error)])}) from None
    run = Import(branch=branch, kind=kind, past=past, author=ctx.actor, started_at=ctx.now)
    what = kind_of(run, ctx.today)
    ctx.gate(facts={"import.past": "yes" if past else "no", "import.rows": len(rows)})
    run.mapping = checking.guess(what, head)
    run.save()
    scans.write(("import", str(run.pk)), run.seal_ref, data)
    _check_rows(run, ctx.today)
    return Done(run, [_event(run, "uploaded", rows=run.total)])


@command("data.import", on_import)
def map_import(ctx: Ctx, *, run: Import, mapping: Mapping[str, str]) -> Done:
    """Say which column means what, and check the rows again."""
    if run.status != "checked":
        raise Invalid({"mapping": _("This import has been started already.")})
    if len(set(mapping.values())) < len(mapping):
        raise Invalid({"mapping": _("Two columns are mapped to the same field.")})
    ctx.gate(facts={"import.past": "yes" if run.past else "no", "import.rows": run.total})
    run.mapping = dict(mapping)
    run.save(update_fields=["mapping"])
    _check_rows(run, ctx.today)
    return Done(run, [_event(run, "mapped")])


@command("data.import", on_import)
def start_import(ctx: Ctx, *, run: Import) -> Done:
    """Let the good rows be brought in; a worker takes it from here."""
    if run.status != "checked":
        raise Invalid({"import": _("This import has been started already.")})
    ctx.gate(facts={"import.past": "yes" if run.past else "no", "import.rows": run.total})
    run.status, run.started_at = "running", ctx.now
    run.save(update_fields=["status", "started_at"])
    return Done(run, [_event(run, "started")])


@command("data.import", on_import)
def claim_import(ctx: Ctx, *, run: Import) -> Done:
    """Take a running import for five minutes.  Raises ``Invalid`` when another worker has it."""
    free = Q(lease_until=None) | Q(lease_until__lt=ctx.now)
    ctx.gate(facts={"import.past": "yes" if run.past else "no", "import.rows": run.total})
    if not Import.objects.filter(free, pk=run.pk, status="running").update(lease_until=ctx.now + LEASE):
        raise Invalid({"import": _("Another worker has this import.")})
    return Done(run, [_event(run, "claimed")])


@command("data.import", on_import)
def note_rows(
    ctx: Ctx, *, run: Import, results: Mapping[int, tuple[str, str, int | None]], last: bool, lease: datetime
) -> Done:
    """Keep what became of a batch of rows and hold the import for five minutes more; with the last one it is done.

    ``lease`` is until when the worker had it.  Raises ``Invalid`` when another has taken it up since.
    """
    ctx.gate(facts={"import.past": "yes" if run.past else "no", "import.rows": run.total})
    if run.status != "running" or run.lease_until != lease:
        raise Invalid({"import": _("Another worker has this import.")})
    rows = list(run.rows.filter(no__in=results))
    for row in rows:
        row.state, row.reasons, row.file_id = results[row.no]
    ImportRow.objects.bulk_update(rows, ["state", "reasons", "file"], batch_size=BATCH)
    run.lease_until = None if last else ctx.now + LEASE
    run.status = "done" if last else "running"
    run.save(update_fields=["lease_until", "status"])
    return Done(run, [_event(run, "done" if last else "batch", rows=len(rows))])


def _bring_in(
    run: Import, row: checking.Row, now: datetime, people: Mapping[str, Person]
) -> tuple[str, str, int | None]:
    """One row through the same commands as the screen; what became of it."""
    roles = {key: people[one] for key, one in row.roles.items() if one in people}
    first = min(row.dates.values(), default=None)
    try:
        done = open_file(
            actor=run.author, now=now, token=f"import-{run.pk}-{row.no}", branch=run.branch, kind=run.kind,
            values=row.values, roles=roles, past=run.past, opened_on=first,
        )  # fmt: skip
        file: File = done.result
        for key, day in sorted(row.dates.items(), key=lambda one: one[1]):
            reach_file(
                actor=run.author, now=now, token=f"import-{run.pk}-{row.no}-{key}", file=file, milestone=key, on=day,
                past=run.past,
            )  # fmt: skip
    except AlreadyThere as error:
        return "unchanged", _("There is a file already: %(number)s.") % {"number": str(error.file)}, error.file.pk
    except Invalid as error:
        return "refused", "\n".join(error.errors.values()), None
    except Refused as error:
        return "refused", ", ".join(sorted(error.answer.clauses)), None
    return "made", "", file.pk


def run_import(run: Import, clock: Clock) -> int:
    """Bring in the rows that are still to do, in batches; how many were done.

    Killed at any moment it can be run again: each row has a token of its own, so a row done twice is one act.  A batch
    is noted, and the lease renewed, before half of it has gone by; a worker that lost its lease all the same stops.
    """
    now = clock()
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    try:
        claim_import(actor=run.author, now=now, token=uuid.uuid4().hex, run=run)  # each worker asks for itself
    except Invalid:
        return 0
    _head, cells = sheet_of(run)
    rows = {
        row.no: row for row in checking.check(kind_of(run, today), run.mapping, cells, branch=run.branch, today=today)
    }
    people = {
        str(one.pk): one for one in Person.objects.filter(pk__in={p for r in rows.values() for p in r.roles.values()})
    }
    waiting = list(run.rows.filter(state="good").values_list("no", flat=True))
    done, lease = 0, now + LEASE
    while done < len(waiting) or not done:
        results = _batch(run, [rows[no] for no in waiting[done : done + BATCH]], people, clock, lease - LEASE / 2)
        done, now = done + len(results), clock()
        try:
            note_rows(
                actor=run.author, now=now, token=uuid.uuid4().hex, run=run, results=results, lease=lease,
                last=done >= len(waiting),
            )  # fmt: skip
        except Invalid:
            break
        if not waiting:
            break
        lease = now + LEASE
    return done


def _batch(
    run: Import, rows: Sequence[checking.Row], people: Mapping[str, Person], clock: Clock, until: datetime
) -> dict[int, tuple[str, str, int | None]]:
    """What became of the rows, of as many as went in up to a moment; at least of the first."""
    results: dict[int, tuple[str, str, int | None]] = {}
    for row in rows:
        now = clock()
        if results and now > until:
            break
        results[row.no] = _bring_in(run, row, now, people)
    return results


def run_waiting(clock: Clock) -> int:
    """Bring in every import that is running and that no worker holds; how many rows were done.

    ``clock`` tells the moment again and again: a long import is held by its worker for as long as that one lives.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=clock())
    waiting = Import.objects.filter(free, status="running").select_related("branch", "author")
    return sum(run_import(run, clock) for run in waiting)


def failed_rows(run: Import) -> bytes:
    """The rows that did not come in, as a workbook with the reason first, to be corrected and uploaded again."""
    head, cells = sheet_of(run)
    bad = run.rows.filter(state__in=["bad", "refused"]).values_list("no", "reasons")
    return sheets.write([_("Why it did not come in"), *head], [[reasons, *cells[no - 2]] for no, reasons in bad])


def template(kind: FileKind) -> bytes:
    """An empty sheet for a kind of file: text columns, and drop-downs where the policy lists the values."""
    names = checking.targets(kind)
    head = [checking.in_language(*names[one]) for one in names]
    choices = {
        number: [checking.in_language(text.zh, text.en) for _key, text in kind.fields[one.partition(":")[2]].choices]
        for number, one in enumerate(names)
        if one.startswith("field:") and kind.fields[one.partition(":")[2]].choices
    }
    return sheets.write(head, [], choices)
