"""Screens of files: list, search, page, intake, milestones, papers, scans, places, reveal."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid, Refused
from kedang.acts.gate import advise
from kedang.customers.models import Customer
from kedang.files import kinds, listing, place_services, queries, record_services, scans, services, shaping
from kedang.files.answering import Sent, lists_to_answer
from kedang.files.asking import acting, advice, advice_given
from kedang.files.forms import ROLE, FileForm, PlaceForm, ReachForm, RevealForm
from kedang.files.models import FieldValue, File, Job, Record, Scan
from kedang.files.offered import FILE_ACTS, buttons
from kedang.files.remarks import remarks_on
from kedang.files.unbound import tell_if_unbound
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.journal.sealed import Purpose
from kedang.lib.whole import whole
from kedang.rulebook.pack import Milestone

TABS = (("", "All"), ("mine", "Mine"), ("incomplete", "Incomplete"), ("held", "In hand, not on the shelf"))


def tabs_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs over the list."""
    names = {"": _("All"), "mine": _("Mine"), "incomplete": _("Incomplete"), "held": _("In hand, not on the shelf")}
    now = request.GET.get("tab", "")
    return [
        {"label": names[key], "url": f"{reverse('files:list')}?tab={key}", "active": key == now, "count": ""}
        for key, _name in TABS
    ]


def _page(request: HttpRequest, viewer: Viewer, asked: listing.Asked, text: str) -> HttpResponse:
    page = listing.page_of(asked, request.GET.get("after", ""), request.GET.get("before", ""))
    count = f"{listing.COUNT_CAP}+" if page.count > listing.COUNT_CAP else str(page.count)
    page.count_label = _("%(n)s files") % {"n": count}
    request.showed = ("file", [str(one.pk) for one in page.rows])  # type: ignore[attr-defined]
    context = {
        "rows": [shaping.row_of(one, viewer) for one in page.rows],
        "page": page,
        "tabs": tabs_of(request),
        "kinds": [(key, shaping.text_of(one)) for key, one in kinds.file_kinds(viewer.book).items()],
        "searched": text,
    }
    return render(request, "files/list.html", context)


@login_required
@require_GET
def file_list(request: HttpRequest) -> HttpResponse:
    """The files that the viewer may know of."""
    viewer = viewer_of(request)
    return _page(request, viewer, listing.listed(viewer, request.GET.dict()), "")


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Search by POST, so that nothing personal stands in an address; one hit opens its page."""
    viewer = viewer_of(request)
    text = request.POST.get("q", "")
    asked = listing.sought(viewer, text)
    if request.method != "POST" or asked is None:
        return redirect("files:list")
    only = None if getattr(request, "htmx", False) else listing.only_one(asked)
    return redirect("files:file", pk=only) if only else _page(request, viewer, asked, text)


def steps_of(steps: Mapping[str, Milestone], reached: Mapping[str, date]) -> dict[str, Any]:
    """The milestones of a file or job: those reached, the next one, and those after it, in the pack's order."""
    rows = [{"key": key, "name": shaping.text_of(one), "date": reached.get(key)} for key, one in steps.items()]
    ahead = [one for one in rows if not one["date"]]
    return {"reached": [one for one in rows if one["date"]], "next": ahead[0] if ahead else None, "later": ahead[1:]}


def milestones_of(file: File, viewer: Viewer) -> dict[str, Any]:
    """The milestones of a file."""
    kind = kinds.file_kind(viewer.book, file.kind)
    reached = {one.key: one.date for one in file.milestones.all() if one.job_id is None}
    return steps_of(kind.milestones if kind else {}, reached)


def _answers(viewer: Viewer, file: File) -> dict[str, Any]:
    """What the rules say to each button of the page."""
    declared = copy(file)  # whoever may fill it in says on the form that it is true
    declared.declared_true = True
    job = Job(file=file, person=viewer.person, contact_verified=True)
    volume = next(iter(file.volumes.all()), None)
    return {
        "edit": advice_given(viewer, "file.edit", {"file": file}, facts={"file.filling": ()}),
        "reach": advice(viewer, "file.reach", file=file),
        "shelve": advice(viewer, "volume.shelve", file=file, volume=volume) if volume else None,
        "job": advice(viewer, "job.open", file=file, job=job),
        "electronic": advice(viewer, "file.complete", file=declared),
    }


@login_required
@require_GET
def file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: whose, complete or not, where and who holds it, what is due next, what happened last."""
    return shown(request, viewer_of(request), pk)


def shown(request: HttpRequest, viewer: Viewer, pk: int, sent: Sent | None = None) -> HttpResponse:
    """The page of a file; 422 with the answers that were sent and not saved."""
    file = queries.access_file(viewer, pk, whole=True)
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    kind = kinds.file_kind(viewer.book, file.kind)
    timeline = shaping.timeline_of(file, viewer)
    volume = next(iter(file.volumes.all()), None)
    offered = buttons(FILE_ACTS, viewer, "files:act-on-file", file.pk, file=file)
    owed = queries.owed_about(file)
    context = {
        "file": file,
        "kind": shaping.text_of(kind) or file.kind,
        "whose": shaping.title_of(file, viewer),
        "fields": shaping.fields_of(file, viewer),
        "roles": shaping.roles_of(file, viewer),
        "lists": lists_to_answer(viewer, file, None, owed, sent),
        "jobs": [shaping.job_row(one, viewer) for one in file.newest_jobs],  # type: ignore[attr-defined]
        "job_whats": [(key, shaping.text_of(one)) for key, one in (kind.jobs if kind else {}).items()],
        "steps": milestones_of(file, viewer),
        "volume": volume,
        "remarks": remarks_on(viewer, file),
        "duties": queries.duties_of(owed, viewer.book, shaping.language()),
        "last": timeline[0] if timeline else None,
        "timeline": timeline[:50],
        "custody": shaping.only(timeline, ("handover.", "volume.", "loan.")),
        "answers": _answers(viewer, file),
        "buttons": offered,
        "closed": [one for one in offered if one["answer"].verdict == "no"],
        "place_form": PlaceForm(viewer.branch),
        "carries": bool(kinds.certificate_kinds(viewer.book, file.kind)),
        "gives_back": bool(kinds.kinds_left_behind(viewer.book, file.kind)),
        "keeps_list": not file.number or bool(viewer.book.rules_on("list.write", file.kind).permits),
        "seen": timeline[0]["seq"] if timeline else 0,
        "sent": sent,
    }
    return render(request, "files/file.html", context, status=422 if sent else 200)


@login_required
def open_file(request: HttpRequest) -> HttpResponse:
    """Intake: choose the kind where there are several, then its fields and roles."""
    viewer = viewer_of(request)
    known = kinds.file_kinds(viewer.book)
    key = request.POST.get("kind") or request.GET.get("kind") or next(iter(known), "")
    if key not in known:
        return render(request, "files/open.html", {"kinds": [], "form": None, "answer": None})
    roles = known[key].roles.items()
    oneself = {f"{ROLE}{name}": viewer.person.pk for name, one in roles if not one.optional}  # where the post fits
    form = FileForm(known[key], viewer.branch, viewer.today, request.POST or None, initial=oneself)
    whom = request.POST.get("customer") or request.GET.get("customer", "")
    customer = Customer.objects.filter(pk=whole(whom) or 0, branch=viewer.branch).first() if whom else None
    there, against = None, []
    if request.method == "POST" and form.is_valid():
        try:
            done = services.open_file(
                **acting(request), branch=viewer.branch, kind=key, values=form.values(), roles=form.roles(),
                customer=customer,
            )  # fmt: skip
        except services.AlreadyThere as error:
            form.blame(error.errors)
            there, against = queries.visible(viewer).filter(pk=error.file.pk).first(), error.clauses
        except Invalid as error:
            form.blame(error.errors)
        else:
            return redirect("files:file", pk=done.result.pk)
    asked = File(branch=viewer.branch, kind=key, opened_on=viewer.today, customer=customer)
    chosen = {  # whom the form is still to name
        f"file.{name}": set() if one.optional else {f"chosen:{name}"} for name, one in known[key].roles.items()
    }
    answer = advise(
        "file.open", actor=viewer.person, branch=viewer.branch, today=viewer.today, things={"file": asked},
        parties=chosen, facts={"file.filling": ()}, book=viewer.book, known=viewer.actor,
    )  # fmt: skip
    names = [(one, shaping.text_of(kind), one == key) for one, kind in known.items()]
    context = {
        "form": form,
        "kinds": names,
        "kind": key,
        "there": there,
        "against": against,
        "answer": answer,
        "customer": customer,
    }
    return render(request, "files/open.html", context, status=422 if form.errors else 200)


@login_required
def edit_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Change fields; one left empty keeps its value, so that a masked one need not be read to be kept."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    kind = kinds.file_kind(viewer.book, file.kind)
    if kind is None:
        raise Http404
    values = {f"field_{key}": one for key, one in queries.readable_values(file, viewer).items() if isinstance(one, str)}
    form = FileForm(kind, viewer.branch, viewer.today, request.POST or None, editing=True, initial=values)
    if request.method == "POST" and form.is_valid():
        given = {key: one for key, one in form.values().items() if one.strip() and f"field_{key}" in form.changed_data}
        try:
            services.edit_file(**acting(request), file=file, values=given)
        except Invalid as error:
            form.blame(error.errors)
        else:
            return redirect("files:file", pk=file.pk)
    answer = advice_given(viewer, "file.edit", {"file": file}, facts={"file.filling": ()})
    context = {"form": form, "file": file, "answer": answer, "seen": last_seq("file", file.pk)}
    return render(request, "files/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a milestone of the file."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    form = ReachForm(request.POST)
    if not form.is_valid():
        raise Invalid({"on": _("Write a date as 2026-11-23.")})
    milestone, on = form.cleaned_data["milestone"], form.cleaned_data["on"]
    services.reach_file(**acting(request), file=file, milestone=milestone, on=on)
    tell_if_unbound(request, kinds.file_kind(viewer.book, file.kind), milestone, on)
    return redirect("files:file", pk=file.pk)


@login_required
@require_POST
def electronic(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the electronic half is filled in."""
    file = queries.access_file(viewer_of(request), pk)
    said = {key: request.POST.get(key) == "yes" for key in ("declared_true", "by_proxy")}
    services.complete_electronic(**acting(request), file=file, **said)
    return redirect("files:file", pk=file.pk)


@login_required
@require_POST
def shelve(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the volume of a file into its place; where it belongs elsewhere, only with a new home said."""
    viewer = viewer_of(request)
    file = queries.access_file(viewer, pk)
    form = PlaceForm(viewer.branch, request.POST)
    volume = file.volumes.select_related("file__branch", "holder", "home").first()
    if volume is None or not form.is_valid():
        raise Invalid({"place": _("Choose a place.")})
    place = form.cleaned_data["place"]
    if volume.home_id in (None, place.pk):
        place_services.shelve_volume(**acting(request), volume=volume, place=place)
    elif request.POST.get("new_home") != "yes":
        said = {"home": volume.home, "place": place}
        raise Invalid(
            {"place": _("This belongs in %(home)s. Tick that %(place)s is its new home, or put it there.") % said}
        )
    else:
        why = request.POST.get("reason", "")
        place_services.move_volume(**acting(request), volume=volume, place=place, reason=why)
    return redirect("files:file", pk=file.pk)


@login_required
@require_POST
def add_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an uploaded scan of a record."""
    record = get_object_or_404(
        Record.objects.select_related("file__branch", "job"), pk=pk, file__in=queries.visible(viewer_of(request))
    )
    upload = request.FILES.get("scan")
    if upload is None or (upload.size or 0) > scans.MAX_BYTES:
        raise Invalid({"scan": _("Choose a scan of at most 20 MB.")})
    record_services.add_scan(**acting(request), record=record, data=upload.read())
    return redirect("files:job", pk=record.job_id) if record.job_id else redirect("files:file", pk=record.file_id)


@login_required
@require_GET
def show_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a scan, where the viewer reads the grade of its record."""
    viewer = viewer_of(request)
    found = Scan.objects.select_related("record__file__branch").filter(record__file__in=queries.visible(viewer))
    scan = get_object_or_404(found, pk=pk)
    kind = scan.record.file.kind
    line = kinds.line_of(viewer.book, kind, scan.record.checklist, scan.record.line)
    known = kinds.record_kinds(viewer.book, kind)
    grades = {known[one].grade or "open" for one in (line.any_of if line else ()) if one in known} or {"personal"}
    file = queries.access_file(viewer, scan.record.file_id)
    if not all(viewer.reads(one, file) for one in grades):
        raise Http404
    answer = advice(viewer, "record.read", file=file, record=scan.record)
    if not answer.allowed:
        raise Refused(answer, "record.read")
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    response = HttpResponse(scans.bytes_of(scan), content_type=scan.type)
    response["Content-Disposition"] = f'inline; filename="scan-{scan.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one masked value for a purpose; the page that shows it is not kept by the browser."""
    viewer = viewer_of(request)
    found = FieldValue.objects.select_related("file__branch").filter(file__in=queries.visible(viewer))
    value = get_object_or_404(found, pk=pk, sealed__isnull=False)
    kind = kinds.file_kind(viewer.book, value.file.kind)
    field = kind.fields.get(value.field) if kind else None
    form = RevealForm(request.POST or None)
    plain = ""
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        record_services.reveal_value(**acting(request), value=value, purpose=purpose)
        plain = value.sealed.reveal(Purpose(viewer=viewer.person, why=purpose))
        request.showed = ("file", [str(value.file_id)])  # type: ignore[attr-defined]
    context = {"form": form, "file": value.file, "label": shaping.text_of(field) or value.field, "plain": plain}
    return render(request, "files/reveal.html", context)
