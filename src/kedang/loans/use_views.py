"""Screens of the register of use of one file: where its material went, what for, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.duties.models import Duty
from kedang.files import kinds, shaping
from kedang.files import queries as file_queries
from kedang.files.asking import acting, advice_given
from kedang.files.models import File, Job, Record
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.loans import use_services
from kedang.loans.forms import ReportForm, UseForm
from kedang.loans.models import Consultation, Loan, Use
from kedang.loans.rules import purposes_asked
from kedang.loans.views import blame
from kedang.staff.models import in_language

ROWS = 100


def _owed(file: File) -> list[tuple[str, str]]:
    """What of the file waits for an entry, by kind and id, the oldest first."""
    rows = Duty.objects.filter(
        branch=file.branch, file=str(file.pk), act="use.recorded", status__in=["open", "late"], done_on=None
    )
    found = rows.exclude(about_kind="file").order_by("due_on", "pk").values_list("about_kind", "about_id")
    return list(dict.fromkeys(found))


def _names(file: File, viewer: Viewer, things: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The things of a file as a person knows them; one read for all of a kind."""
    ids = {kind: [int(key) for one, key in things if one == kind and key.isdecimal()] for kind, _key in things}
    named: dict[tuple[str, str], str] = {}
    for loan in Loan.objects.filter(pk__in=ids.get("loan", ()), file=file).select_related("borrower"):
        named["loan", str(loan.pk)] = _("loan to %(who)s") % {"who": loan.borrower}
    read = Consultation.objects.filter(pk__in=ids.get("consultation", ()), file=file)
    for reading in read.select_related("reader"):
        named["consultation", str(reading.pk)] = _("reading by %(who)s") % {"who": reading.reader}
    for job in Job.objects.filter(pk__in=ids.get("job", ()), file=file):
        named["job", str(job.pk)] = str(job)
    for paper in Record.objects.filter(pk__in=ids.get("record", ()), file=file):
        named["record", str(paper.pk)] = shaping.line_text(paper, file.kind, viewer)
    declared = kinds.file_kind(viewer.book, file.kind)
    papers = kinds.record_kinds(viewer.book, file.kind)
    shown = {**papers, **(declared.fields if declared else {})}  # by name: a value was shown
    named |= {("record", key): shaping.text_of(shown[key]) for one, key in things if one == "record" and key in shown}
    return named


def _offered(owed: list[tuple[str, str]], known: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    """What an entry may be about: what waits for one, and the file."""
    return [
        *((f"{kind}:{key}", known[kind, key]) for kind, key in owed if (kind, key) in known),
        ("file", _("the file")),
    ]


def _purposes(viewer: Viewer) -> list[tuple[str, str]]:
    """The purposes that rules in force tell apart, as the packs call them."""
    words = {key: text for pack in viewer.book.packs for key, text in pack.words.items()}
    return [
        (one, in_language(words[one].zh, words[one].en) if one in words else one) for one in purposes_asked(viewer.book)
    ]


def uses_page(request: HttpRequest, viewer: Viewer, file: File, **forms: Any) -> HttpResponse:
    """The register of one file with the form for a new entry; a form given in ``forms`` is shown as typed."""
    rows = list(Use.objects.filter(file=file).select_related("recorded_by", "reported_by", "branch", "file")[:ROWS])
    named = _purposes(viewer)
    draft = Use(
        branch=file.branch, file=file, taker="-", purpose=named[0][0] if named else "-", recorded_on=viewer.today,
        recorded_by=viewer.person,
    )  # fmt: skip
    owed = _owed(file)
    known = _names(file, viewer, [*owed, *((one.kind, one.thing) for one in rows if one.thing)])
    for one in rows:
        one.name = known.get((one.kind, one.thing), _("the file"))  # type: ignore[attr-defined]
    context = {
        "file": file, "about": f"file:{file.pk}", "whose": shaping.title_of(file, viewer), "rows": rows,
        "form": UseForm(_offered(owed, known), named), "report_form": ReportForm(), "wrong": None,
        "seen": last_seq("file", file.pk), **forms,
        "answers": {
            "record": advice_given(viewer, "use.record", {"file": file, "use": draft}),
            "report": advice_given(viewer, "use.report", {"file": file, "use": draft}),
        },
    }  # fmt: skip
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    return render(request, "loans/uses.html", context, status=422 if forms else 200)


@login_required
@require_GET
def uses(request: HttpRequest, pk: int) -> HttpResponse:
    """Where material of this file went."""
    viewer = viewer_of(request)
    return uses_page(request, viewer, file_queries.access_file(viewer, pk))


@login_required
@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an entry."""
    viewer = viewer_of(request)
    file = file_queries.access_file(viewer, pk)
    owed = _owed(file)
    form = UseForm(_offered(owed, _names(file, viewer, owed)), _purposes(viewer), request.POST)
    if form.is_valid():
        try:
            use_services.record_use(**acting(request), file=file, **form.cleaned_data)
        except Invalid as error:
            blame(form, error)
        else:
            return redirect("loans:uses", pk=pk)
    return uses_page(request, viewer, file, form=form)


@login_required
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what became of something."""
    viewer = viewer_of(request)
    rows = Use.objects.filter(branch=viewer.branch, file__in=file_queries.visible(viewer))
    row = get_object_or_404(rows.select_related("branch", "file__branch"), pk=pk)
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            use_services.report_use(**acting(request), use=row, **form.cleaned_data)
        except Invalid as error:
            blame(form, error)
        else:
            return redirect("loans:uses", pk=row.file_id)
    return uses_page(request, viewer, file_queries.access_file(viewer, row.file_id), report_form=form, wrong=row.pk)
