"""The commands on the list of a file: written, checked line by line, supplemented, coded, signed, printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.custody import list_rules as rules
from kedang.custody.list_reading import records_of
from kedang.custody.models import (
    FOUND,
    InnerList,
    InnerListLine,
    ListCheck,
    ListPrint,
    ListSignature,
    Supplement,
    SupplementLine,
)
from kedang.files.models import File, Record
from kedang.files.services import on_file, parties_of, told_of
from kedang.staff.models import Person
from kedang.staff.queries import posts_held

MOST_PAGES = 9999


def on_list(inner: InnerList, **_rest: Any) -> Concerning:
    """A command about a list: the chain of its file is locked."""
    return Concerning(inner.file.branch, [Subject("file", str(inner.file_id))])


def _event(name: str, inner: InnerList, **data: Any) -> NewEvent:
    return NewEvent(
        name, subject=Subject("file", str(inner.file_id)), about={"file": str(inner.file_id), "list": str(inner.pk)},
        data={"version": inner.no, **told_of(inner.file), **data}, parties=parties_of(inner.file),
    )  # fmt: skip


def _changeable(inner: InnerList) -> None:
    """Raises ``Invalid`` for a list that was signed by all or replaced by a newer one."""
    if inner.status == "locked":
        raise Invalid({"list": _("This list is signed by all and never changes.")})
    if inner.status == "replaced":
        raise Invalid({"list": _("A newer list has taken the place of this one.")})


def _counted(papers: list[Record], pages: Mapping[str, int]) -> None:
    """Raises ``Invalid`` at each paper whose pages are no number from 1."""
    wrong = {}
    for one in papers:
        if not 1 <= pages.get(str(one.pk), 0) <= MOST_PAGES:
            wrong[f"pages_{one.pk}"] = _("Count every sheet, the cover too: at least 1 page.")
    if wrong:
        raise Invalid(wrong)


@command("list.write", on_file)
def write_list(ctx: Ctx, *, file: File, pages: Mapping[str, int]) -> Done:
    """Write the list of what lies in a file, in the pack's order; ``pages`` by record id, the cover counted.

    A list that is not locked yet is replaced by the new one; what was found of a line that stays as it was still
    holds.  Raises ``Invalid`` by line.
    """
    book = book_for(file.branch, ctx.today)
    papers = rules.in_order(book, file, rules.papers_of(file))
    counted = bool(papers) and all(1 <= pages.get(str(one.pk), 0) <= MOST_PAGES for one in papers)
    ctx.gate(things={"file": file}, facts={"list.counted": rules.yes(counted), "list.agrees": rules.yes(counted)})
    if not papers:
        raise Invalid({"list": _("No paper of this file is answered as present yet.")})
    _counted(papers, pages)
    before = rules.current_list(file)
    if before is not None:
        _changeable(before)
        before.status = "replaced"
        before.save(update_fields=["status"])
    inner = InnerList.objects.create(
        file=file, no=(before.no if before else 0) + 1, written_by=ctx.actor, written_on=ctx.today,
        pages=sum(pages[str(one.pk)] for one in papers),
    )  # fmt: skip
    for no, one in enumerate(papers, 1):
        InnerListLine.objects.create(list=inner, no=no, record=one, pages=pages[str(one.pk)])
        if one.pages != pages[str(one.pk)]:
            one.pages = pages[str(one.pk)]
            one.save(update_fields=["pages"])
    if before is not None:
        _carry_over(before, inner)
    return Done(inner, [_event("list.written", inner, pages=inner.pages, lines=len(papers), counted=True)])


def _carry_over(before: InnerList, inner: InnerList) -> None:
    """What was found in order of a line that stays as it was, paper and pages, still holds."""
    new = {(one.record_id, one.pages): one for one in inner.lines.all()}
    for check in ListCheck.objects.filter(line__list=before, found="found").select_related("line"):
        line = new.get((check.line.record_id, check.pages))
        if line is not None:
            ListCheck.objects.create(
                line=line, person_id=check.person_id, found="found", pages=check.pages, checked_on=check.checked_on
            )


def _findings(lines: list[InnerListLine], found: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises ``Invalid`` at each line that says nothing, or was found and not counted."""
    wrong = {}
    for one in lines:
        said = found.get(str(one.pk), {})
        if said.get("found") not in dict(FOUND):
            wrong[f"found_{one.pk}"] = _("Say what you found of this line.")
        elif said["found"] != "missing" and not 1 <= int(said.get("pages") or 0) <= MOST_PAGES:
            wrong[f"counted_{one.pk}"] = _("Count the pages again.")
    if wrong:
        raise Invalid(wrong)


@command("list.check", on_list)
def check_list(ctx: Ctx, *, inner: InnerList, found: Mapping[str, Mapping[str, Any]]) -> Done:
    """Check a list line by line: ``found`` by line id says what was found and how many pages were counted."""
    ctx.gate(things={"file": inner.file})
    _changeable(inner)
    lines = list(inner.lines.all())
    _findings(lines, found)
    for one in lines:
        said = found[str(one.pk)]
        pages = 0 if said["found"] == "missing" else int(said["pages"])
        ListCheck.objects.update_or_create(
            line=one, person=ctx.actor,
            defaults={"found": said["found"], "pages": pages, "checked_on": ctx.today},
        )  # fmt: skip
    checks = {one.line_id: one for one in ListCheck.objects.filter(line__in=lines, person=ctx.actor)}
    of = [one.found for one in checks.values()]
    data = {
        "missing": sum(1 for one in of if one in ("missing", "wrong")) + rules.lacking(records_of(inner.file)),
        "unsigned": of.count("unsigned"), "unchecked": 0,
        "agrees": all(rules.agrees(one, checks.get(one.pk)) for one in lines),
        "lines": {str(one.line_id): [one.found, one.pages] for one in checks.values()},
    }  # fmt: skip
    return Done(inner, [_event("list.checked", inner, **data)])


def lacks_of(inner: InnerList) -> dict[int, str]:
    """What is to be supplied, by record: papers not found, wrong or unsigned, and papers answered as not there."""
    rows = Record.objects.filter(file=inner.file, job=None, counts=True)
    found = dict.fromkeys(
        rows.exclude(state__in=[*rules.THERE, "not_applicable"]).values_list("pk", flat=True), "missing"
    )
    lines = {one.pk: one for one in inner.lines.all()}
    for key, check in rules.last_checks(lines.values()).items():
        if check.found != "found":
            found[lines[key].record_id] = check.found
    return found


@command("list.supplement", on_list)
def supplement_list(ctx: Ctx, *, inner: InnerList, due_on: date) -> Done:
    """Ask for what is missing, wrong or unsigned by a day; the list names each paper."""
    ctx.gate(things={"file": inner.file}, facts={"list.due_on": due_on})
    if inner.status == "replaced":
        _changeable(inner)
    if due_on < ctx.today:
        raise Invalid({"due_on": _("This day has passed; choose today or a later one.")})
    lacks = lacks_of(inner)
    if not lacks:
        raise Invalid({"list": _("Nothing is missing, wrong or unsigned: check the list first.")})
    row = Supplement.objects.create(list=inner, asked_by=ctx.actor, asked_on=ctx.today, due_on=due_on)
    SupplementLine.objects.bulk_create(
        [SupplementLine(supplement=row, record_id=record, lacks=what) for record, what in sorted(lacks.items())]
    )
    data = {"due_on": due_on.isoformat(), "papers": len(lacks), "supplement": str(row.pk)}
    return Done(row, [_event("list.supplemented", inner, **data)])


@command("record.code", on_list)
def code_records(ctx: Ctx, *, inner: InnerList) -> Done:
    """Give every sheet its number, paper after paper; a paper whose kind a clause exempts gets none.

    Raises ``Refused`` where the rules let this person code no paper of the list.
    """
    _changeable(inner)
    lines = list(inner.lines.select_related("record"))
    things = [{"file": inner.file, "record": one.record} for one in lines]
    may = [advise(ctx.act, actor=ctx.actor, branch=ctx.branch, today=ctx.today, things=one).allowed for one in things]
    first = may.index(True) if True in may else 0
    ctx.gate(things=things[first])
    sheet = 1
    for one, coded in zip(lines, may, strict=True):
        one.coding = "coded" if coded else "exempt"
        one.sheet_from, one.sheet_to = (sheet, sheet + one.pages - 1) if coded else (None, None)
        sheet += one.pages if coded else 0
        one.save(update_fields=["coding", "sheet_from", "sheet_to"])
    exempt = [str(one.record_id) for one in lines if one.coding == "exempt"]
    return Done(inner, [_event("record.coded", inner, sheets=sheet - 1, exempt=exempt)])


def party_of(file: File, person: Person, today: date) -> str:
    """As what somebody signs a list: by the role on the file, else by the post."""
    roles = sorted(row.role for row in file.roles.all() if row.person_id == person.pk)
    return next(iter([*roles, *sorted(posts_held(person, file.branch, today))]), "")


@command("list.sign", on_list)
def sign_list(ctx: Ctx, *, inner: InnerList, how: str) -> Done:
    """Sign the list (``how`` says by what the signer was known).  The last wanted signature locks it."""
    ctx.gate(things={"file": inner.file})
    _changeable(inner)
    if any(one.person_id == ctx.actor.pk for one in inner.signatures.all()):
        raise Invalid({"list": _("You have signed this list already.")})
    party = party_of(inner.file, ctx.actor, ctx.today)
    if any(one.party == party for one in inner.signatures.all()):
        raise Invalid({"list": _("Somebody has signed this list as the same already.")})
    _counts_agree(inner)
    ListSignature.objects.create(list=inner, party=party, person=ctx.actor, at=ctx.now, how=how)
    signers = [str(one) for one in inner.signatures.values_list("person_id", flat=True)]
    locked = len(set(signers)) >= rules.signatures_wanted(book_for(inner.file.branch, ctx.today), inner.file)
    if locked:
        inner.status, inner.locked_on = "locked", ctx.today
        inner.save(update_fields=["status", "locked_on"])
    return Done(inner, [_event("list.signed", inner, party=party, signers=signers, locked=locked)])


def _counts_agree(inner: InnerList) -> None:
    """Raises ``Invalid`` naming each line of which somebody found less than the list says."""
    wrong = []
    for check in ListCheck.objects.filter(line__list=inner).select_related("line", "person"):
        if not rules.agrees(check.line, check):
            said = {"no": check.line.no, "pages": check.line.pages, "found": check.pages, "who": str(check.person)}
            wrong.append(_("Line %(no)s says %(pages)s pages, %(who)s found %(found)s.") % said)
    if wrong:
        raise Invalid({"list": " ".join([*wrong, _("Correct the list or check it again, then sign.")])})


@command("form.print", on_list)
def print_list(ctx: Ctx, *, inner: InnerList, copies: int) -> Done:
    """Note that the list is printed in so many numbered copies."""
    form = str(rules.settled(book_for(inner.file.branch, ctx.today), inner.file, "list_form", "in-file-list"))
    if not 1 <= copies <= 20:
        raise Invalid({"copies": _("Print from 1 to 20 copies.")})
    ctx.gate(things={"file": inner.file}, facts={"form.kind": form, "form.copies": copies, "form.filled": "yes"})
    row = ListPrint.objects.create(list=inner, copies=copies, at=ctx.now, by=ctx.actor)
    return Done(row, [_event("form.printed", inner, kind=form, copies=copies)])
