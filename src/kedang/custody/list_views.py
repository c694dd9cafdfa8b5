"""Screens of in-file lists: written, checked, supplemented, coded, signed, printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.acts.gate import advise
from kedang.acts.signing import signer_of
from kedang.custody import list_rules as rules
from kedang.custody import list_services as services
from kedang.custody import number_services
from kedang.custody.list_reading import supplements_of, whole_list
from kedang.custody.models import FOUND, InnerList, InnerListLine, ListCheck
from kedang.files import kinds, shaping
from kedang.files.models import File, Record
from kedang.files.queries import access_file, visible
from kedang.files.viewing import Viewer, viewer_of
from kedang.files.views import acting, advice
from kedang.journal.queries import last_seq

HOW = "password"


def _number(text: str) -> int:
    """A typed count; nothing or no number is 0, which the command names."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _list_of(request: HttpRequest, pk: int) -> tuple[Viewer, InnerList]:
    """The list in use of a file: its row for a command, which reads what belongs to it under the lock; else the whole.

    404 where the viewer may not know of the file, or nothing is written yet.
    """
    viewer = viewer_of(request)
    file = access_file(viewer, pk)
    found = rules.current_list(file) if request.method == "POST" else whole_list(file)
    if found is None:
        raise Http404
    found.file = file
    return viewer, found


def _part(viewer: Viewer, file: File, checklist: str, key: str) -> str:
    line = kinds.line_of(viewer.book, file.kind, checklist, key)
    kind = kinds.file_kind(viewer.book, file.kind)
    return shaping.text_of(kind.parts.get(line.part)) if kind and line and line.part else ""


def papers_in(viewer: Viewer, file: File) -> list[dict[str, Any]]:
    """The papers that a list written now would name, in the pack's order."""
    records = rules.in_order(viewer.book, file, rules.papers_of(file))
    return [
        {**one, "part": _part(viewer, file, one["record"].checklist, one["record"].line)}
        for one in shaping.lines_of(records, file.kind, viewer)
    ]


def rows_of(viewer: Viewer, inner: InnerList, *, found: bool = True) -> list[dict[str, Any]]:
    """The lines of a list with their names and parts, and what each person ``found``, which no print shows."""
    lines = list(inner.lines.all())
    named = shaping.lines_of([one.record for one in lines], inner.file.kind, viewer)
    seen = {one.pk: list(one.checks.all()) if found else [] for one in lines}
    return [
        {
            "line": one, "name": name["name"], "checks": [_said(check, one) for check in seen[one.pk]],
            "part": _part(viewer, inner.file, one.record.checklist, one.record.line),
            "numbers": [str(number) for number in one.record.numbers.all()],
            "mine": next((check for check in seen[one.pk] if check.person_id == viewer.person.pk), None),
        }
        for one, name in zip(lines, named, strict=True)
    ]  # fmt: skip


def _said(check: ListCheck, line: InnerListLine) -> dict[str, Any]:
    return {"check": check, "state": "ok" if rules.agrees(line, check) and check.found == "found" else "missing"}


def party_name(viewer: Viewer, file: File, party: str) -> str:
    """What a signing party is called: the pack's role, else its post."""
    kind = kinds.file_kind(viewer.book, file.kind)
    role = kind.roles.get(party) if kind else None
    posts = [pack.posts[party] for pack in viewer.book.packs if party in pack.posts]
    return shaping.text_of(role or next(iter(posts), None)) or party


def signed_of(viewer: Viewer, inner: InnerList) -> list[dict[str, Any]]:
    """Who signed as what."""
    return [{"one": one, "party": party_name(viewer, inner.file, one.party)} for one in inner.signatures.all()]


def missing_of(viewer: Viewer, inner: InnerList) -> list[dict[str, Any]]:
    """The supplementary lists with their papers by name."""
    words = dict(FOUND)
    found = []
    for row in supplements_of(inner):
        lines = list(row.lines.all())
        names = shaping.lines_of([line.record for line in lines], inner.file.kind, viewer)
        papers = [{"name": n["name"], "lacks": words[line.lacks]} for n, line in zip(names, lines, strict=True)]
        found.append({"row": row, "papers": papers})
    return found


def _answers(viewer: Viewer, file: File, inner: InnerList | None, papers: int) -> dict[str, Any]:
    """What the rules say to each button of the page, as if its form were filled in."""
    form = str(rules.settled(viewer.book, file, "list_form", "in-file-list"))
    copies = int(rules.settled(viewer.book, file, "list_copies", 1))

    def ask(act: str, **said: Any) -> Any:
        return advise(
            act, actor=viewer.person, branch=viewer.branch, today=viewer.today, things={"file": file},
            facts={f"{act.partition('.')[0]}.{key}": one for key, one in said.items()}, book=viewer.book,
            known=viewer.actor,
        )  # fmt: skip

    receipt = rules.archive_receipt(file)
    with_receipt = {"file": file} | ({"handover": receipt} if receipt else {})
    found = {"number": advice(viewer, "file.number", **with_receipt)}
    found |= {"write": ask("list.write", counted=rules.yes(papers), agrees=rules.yes(papers))}
    if inner is not None:
        found["check"] = ask("list.check")
        found["supplement"] = ask("list.supplement", due_on=viewer.today)
        line = next(iter(inner.lines.all()), None)
        found["code"] = advice(viewer, "record.code", file=file, record=line.record) if line else None
        found["derive"] = advice(viewer, "record.number", file=file, record=line.record) if line else None
        found["print"] = ask("form.print", kind=form, copies=copies, filled="yes")
    return found


def _page(viewer: Viewer, file: File, *, error: str = "", wrong: dict[str, str] | None = None) -> dict[str, Any]:
    inner = whole_list(file)
    papers = papers_in(viewer, file)
    signed = signed_of(viewer, inner) if inner else []
    return {
        "file": file, "inner": inner, "papers": papers, "rows": rows_of(viewer, inner) if inner else [],
        "signed": signed, "wanted": rules.signatures_wanted(viewer.book, file), "found": FOUND,
        "locked": bool(inner and inner.status == "locked"),
        "answers": _answers(viewer, file, inner, len(papers)),
        "supplements": missing_of(viewer, inner) if inner else [],
        "copies": int(rules.settled(viewer.book, file, "list_copies", 1)), "error": error, "wrong": wrong or {},
        "seen": last_seq("file", file.pk), "person": viewer.person,
    }  # fmt: skip


@login_required
@require_GET
def inner_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a file and what can be done with it next."""
    viewer = viewer_of(request)
    file = access_file(viewer, pk)
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    return render(request, "custody/list.html", _page(viewer, file))


@login_required
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the list with the typed pages."""
    viewer = viewer_of(request)
    file = access_file(viewer, pk)
    pages = {str(one.pk): _number(request.POST.get(f"pages_{one.pk}", "")) for one in rules.papers_of(file)}
    try:
        services.write_list(**acting(request), file=file, pages=pages)
    except Invalid as bad:
        context = _page(viewer, file, error=_errors(bad), wrong=bad.errors)
        return render(request, "custody/list.html", context, status=422)
    return redirect("custody:list", pk=pk)


def _errors(bad: Invalid) -> str:
    return " ".join(dict.fromkeys(bad.errors.values()))


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the list line by line, with the pages counted again."""
    viewer, inner = _list_of(request, pk)
    found = {
        str(one.pk): {
            "found": request.POST.get(f"found_{one.pk}", ""),
            "pages": _number(request.POST.get(f"counted_{one.pk}", "")),
        }
        for one in inner.lines.all()
    }
    try:
        services.check_list(**acting(request), inner=inner, found=found)
    except Invalid as bad:
        context = _page(viewer, inner.file, error=_errors(bad), wrong=bad.errors)
        return render(request, "custody/list.html", context, status=422)
    return redirect("custody:list", pk=pk)


@login_required
@require_POST
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what is missing, by a day."""
    _viewer, inner = _list_of(request, pk)
    try:
        due_on = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        raise Invalid({"due_on": _("Write a date as 2026-11-23.")}) from None
    services.supplement_list(**acting(request), inner=inner, due_on=due_on)
    return redirect("custody:list", pk=pk)


@login_required
@require_POST
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Number the sheets."""
    _viewer, inner = _list_of(request, pk)
    services.code_records(**acting(request), inner=inner)
    return redirect("custody:list", pk=pk)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One signature more, in whoever's session."""
    viewer, inner = _list_of(request, pk)
    signer = signer_of(request, "signer")
    if signer is None:
        context = _page(viewer, inner.file, error=_("User name and password do not fit."))
        return render(request, "custody/list.html", context, status=422)
    services.sign_list(**{**acting(request), "actor": signer}, inner=inner, how=HOW)
    return redirect("custody:list", pk=pk)


@login_required
def print_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the printing, then show the numbered copies, each with its holder and the sign boxes."""
    viewer, inner = _list_of(request, pk)
    if request.method == "POST":
        services.print_list(**acting(request), inner=inner, copies=_number(request.POST.get("copies", "")))
        return redirect("custody:list-print", pk=pk)
    last = next(iter(inner.prints.all()), None)
    if last is None:
        raise Http404
    roles = [f"{one['label']} · {one['person']}" for one in shaping.roles_of(inner.file, viewer)]
    holders = [*roles[: max(0, last.copies - 1)], _("in the file")]
    holders += [""] * (last.copies - len(holders))
    signed = signed_of(viewer, inner)
    context = {
        "file": inner.file, "inner": inner, "rows": rows_of(viewer, inner, found=False), "signed": signed,
        "last": last, "copies": [{"no": no, "holder": one} for no, one in enumerate(holders, 1)],
        "blanks": range(max(0, rules.signatures_wanted(viewer.book, inner.file) - len(signed))),
        "whose": shaping.title_of(inner.file, viewer),
    }  # fmt: skip
    return render(request, "custody/list_print.html", context)


@login_required
@require_POST
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a file its number."""
    number_services.number_file(**acting(request), file=access_file(viewer_of(request), pk))
    return redirect("custody:list", pk=pk)


@login_required
@require_POST
def number_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Derive one number more for something in a record."""
    rows = Record.objects.select_related("file__branch").filter(file__in=visible(viewer_of(request)))
    record = get_object_or_404(rows, pk=pk)
    number_services.number_record(**acting(request), record=record)
    return redirect("custody:list", pk=record.file_id)
