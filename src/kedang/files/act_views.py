"""Screens of single acts: one page for each thing that is done to a file, a paper or a customer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kedang.acts.answers import Invalid
from kedang.customers import services as customers
from kedang.customers.models import Customer
from kedang.files import act_forms, kinds, queries, shaping, sheets
from kedang.files.asking import acting, advice
from kedang.files.models import File, Record
from kedang.files.offered import CUSTOMER_ACTS, FILE_ACTS, RECORD_ACTS, Act, ask_about, buttons
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _one(acts: dict[str, Act], what: str) -> Act:
    if what not in acts:
        raise Http404
    return acts[what]


def _page(request: HttpRequest, act: Act, form: Any, answer: Any, back: str, title: str, seen: Any) -> HttpResponse:
    context = {"act": act, "form": form, "answer": answer, "back": back, "title": title, "seen": seen}
    return render(request, "files/act.html", context, status=422 if form.errors else 200)


def _blame(form: Any, error: Invalid) -> None:
    for name, message in error.errors.items():
        form.add_error(name if name in form.fields else None, message)


@login_required
def act_on_file(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One act on a file: its form, and then its command."""
    viewer = viewer_of(request)
    file, act = queries.access_file(viewer, pk), _one(FILE_ACTS, what)
    first = (viewer, kinds.file_kind(viewer.book, file.kind)) if what == "assign" else ()
    form = act.form(*first, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act.run(**acting(request), file=file, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return _taken(request, what, file, viewer, form.cleaned_data)
    answer = ask_about(viewer, act, file=file)
    back = reverse("files:file", args=[file.pk])
    return _page(request, act, form, answer, back, file.number, last_seq("file", file.pk))


def _taken(request: HttpRequest, what: str, file: File, viewer: Viewer, said: dict[str, Any]) -> HttpResponse:
    """What the act gives: a sheet, a page to print, or the file's page."""
    if what not in ("export", "print"):
        return redirect("files:file", pk=file.pk)
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    rows = _readable(file, viewer)
    mark = f"{viewer.person} · {viewer.today.isoformat()} · {said['purpose']}" if said["marked"] else ""
    if what == "print":
        return render(request, "files/print.html", {"file": file, "rows": rows, "mark": mark})
    head = [_("Field"), _("Value"), *([mark] if mark else [])]
    response = HttpResponse(sheets.write(head, rows), content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="file-{file.pk}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _readable(file: File, viewer: Viewer) -> list[list[str]]:
    """What the viewer may read of a file: its fields in plain text, the masked ones left out, and its papers."""
    fields = [[one["label"], str(one["value"] or "")] for one in shaping.fields_of(file, viewer) if not one["masked"]]
    lists = shaping.lists_of(queries.records_of(file), file.kind, viewer)
    papers = [[line["name"], line["record"].get_state_display()] for one in lists for line in one["lines"]]
    return [[_("Number"), file.number], *fields, *papers]


@login_required
def act_on_record(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One act on a paper of a file."""
    viewer = viewer_of(request)
    rows = Record.objects.select_related("file__branch", "job").filter(file__in=queries.visible(viewer))
    record, act = get_object_or_404(rows, pk=pk), _one(RECORD_ACTS, what)
    first = () if what == "withdraw" else (viewer,)
    form = act.form(*first, request.POST or None)
    back = reverse("files:job", args=[record.job_id]) if record.job_id else reverse("files:file", args=[record.file_id])
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            act.run(**acting(request), record=record, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect(back)
    answer = ask_about(viewer, act, file=record.file, record=record)
    title = shaping.line_text(record, record.file.kind, viewer)
    return _page(request, act, form, answer, back, title, last_seq("file", record.file_id))


def _customer(viewer: Viewer, pk: int) -> Customer:
    """A customer whom the viewer may know: of a file that they may find, or brought in by themselves."""
    customer = get_object_or_404(Customer.objects.select_related("branch"), pk=pk, branch=viewer.branch)
    known = customer.collector_id == viewer.person.pk or queries.visible(viewer).filter(customer=customer).exists()
    if not known and not advice(viewer, "customer.verify", customer=customer).allowed:
        raise Http404
    return customer


@login_required
def new_customer(request: HttpRequest) -> HttpResponse:
    """Make a customer known before there is a file."""
    viewer = viewer_of(request)
    form = act_forms.CustomerForm(viewer, request.POST or None)
    act = Act("customer.open", gettext_lazy("New customer"), act_forms.CustomerForm, customers.open_customer)
    if request.method == "POST" and form.is_valid():
        try:
            done = customers.open_customer(**acting(request), branch=viewer.branch, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect("files:customer", pk=done.result.pk)
    asked = Customer(branch=viewer.branch, opened_on=viewer.today, collector=viewer.person)
    asked.group = next(iter(act_forms.words_for(viewer, "customer.kind")), "")
    asked.standing = next(iter(act_forms.words_for(viewer, "customer.status")), "")
    answer = advice(viewer, "customer.open", customer=asked)
    return _page(request, act, form, answer, reverse("files:list"), "", "")


@login_required
@require_GET
def customer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: checked or not, what they agreed to, which files there are."""
    viewer = viewer_of(request)
    customer = _customer(viewer, pk)
    request.showed = ("customer", [str(customer.pk)])  # type: ignore[attr-defined]
    context = {
        "customer": customer,
        "agreements": list(customer.agreements.select_related("taken_by")),
        "files": list(queries.visible(viewer).filter(customer=customer)[:20]),
        "buttons": buttons(CUSTOMER_ACTS, viewer, "files:act-on-customer", customer.pk, customer=customer),
        "seen": last_seq("customer", customer.pk),
    }
    return render(request, "files/customer.html", context)


@login_required
def act_on_customer(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One act on a customer; an objection asks for nothing but the click."""
    viewer = viewer_of(request)
    customer, act = _customer(viewer, pk), _one(CUSTOMER_ACTS, what)
    form = act.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act.run(**acting(request), customer=customer, **form.cleaned_data)
        except Invalid as error:
            _blame(form, error)
        else:
            return redirect("files:customer", pk=customer.pk)
    back = reverse("files:customer", args=[customer.pk])
    answer = ask_about(viewer, act, customer=customer)
    return _page(request, act, form, answer, back, f"#{customer.pk}", last_seq("customer", customer.pk))
