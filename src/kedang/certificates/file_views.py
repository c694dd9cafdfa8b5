"""Screens of the certificates of one file: received, listed, checked by all, signed for, locked into the safe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.acts.signing import signer_of
from kedang.certificates import kinds, queries, rules, safe_services, services, shaping
from kedang.certificates.forms import PurposeForm, ReceiveForm, StoreForm
from kedang.certificates.models import Certificate, TransferList
from kedang.certificates.views import reveal_answer
from kedang.files.asking import acting, advice_given
from kedang.files.kinds import certificate_kinds
from kedang.files.models import File, Place
from kedang.files.queries import access_file
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.lib.whole import whole

HOW = "password"
FOUND = {"name": "agrees", "number": "paper", "quantity": "counted"}  # fact -> the box of the check
TYPED = (*rules.AGREES, *FOUND.values())


def _file_of(request: HttpRequest, pk: int) -> tuple[Viewer, File]:
    """A file that carries certificates.  404 where the viewer may not know of it, or it carries none."""
    viewer = viewer_of(request)
    file = access_file(viewer, pk)
    if not kinds.is_carrier(viewer.book, file):
        raise Http404
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    return viewer, file


def _list_of(request: HttpRequest, pk: int) -> tuple[Viewer, TransferList]:
    """The transfer list in use of a file.  404 also where none is."""
    viewer, file = _file_of(request, pk)
    inner = queries.list_of(file)
    if inner is None:
        raise Http404
    return viewer, inner


def _answers(viewer: Viewer, file: File, held: list[Any], inner: TransferList | None, places: list[Place]) -> Any:
    """What the rules say to each button, as if its form were filled in."""
    kind = next(iter(certificate_kinds(viewer.book, file.kind)), "")
    draft = Certificate(file=file, branch=viewer.branch, kind=kind, quantity=1)
    found = {
        "receive": advice_given(viewer, "certificate.receive", {"file": file, "certificate": draft}),
        "write": advice_given(viewer, "list.write", {"file": file}, facts=rules.transfer_facts(inner)),
    }
    listed = next((one for one in held if one.line_no), None)
    if inner is not None and listed is not None:
        listed.listed_on = inner
        things = {"file": file, "certificate": listed}
        found["check"] = advice_given(viewer, "certificate.check", things)
        if inner.status == "signed":
            things |= {"place": places[0]} if places else {}
            found["store"] = advice_given(viewer, "certificate.store", things, facts={"place.shared": "no"})
    return found


def _page(
    request: HttpRequest, viewer: Viewer, file: File, *, error: str = "", wrong: Mapping[str, str] | None = None,
    form: ReceiveForm | None = None,
) -> HttpResponse:  # fmt: skip
    there: Any = request
    every = queries.of_file(file)
    inner = queries.list_of(file)
    rows = shaping.rows_of(every, viewer, there.now)
    sent = request.POST if request.method == "POST" else {}
    rows = [shaping.typed(sent, row, *TYPED) for row in rows]
    places = queries.places_to_store(viewer.branch) if inner and inner.status == "signed" else []
    for row in rows:
        row["no"] = row["one"].line_no
        row["checks"] = list(row["one"].checks.all())
        row["mine"] = next((one for one in row["checks"] if one.person_id == viewer.person.pk), None)
    held = [one for one in every if one.status == "received"]
    on_list = sorted((row for row in rows if row["no"]), key=lambda row: row["no"])
    context = {
        "file": file, "inner": inner, "rows": rows, "held": [row for row in rows if row["one"].status == "received"],
        "listed": on_list, "signed": shaping.signed_of(viewer, inner) if inner else [],
        "wanted": kinds.signatures_wanted(viewer.book, file.kind),
        "answers": _answers(viewer, file, held, inner, places),
        "form": form or ReceiveForm(certificate_kinds(viewer.book, file.kind)), "error": error, "wrong": wrong or {},
        "store_form": StoreForm(places) if inner and inner.status == "signed" else None,
        "were_stored": any(one.status != "received" for one in every),
        "in_safe": sum(1 for one in every if one.status == "stored"),
        "seen": last_seq("file", file.pk), "person": viewer.person,
    }  # fmt: skip
    bad = error or wrong or (form is not None and form.errors)
    return render(request, "certificates/file.html", context, status=422 if bad else 200)


@login_required
@require_GET
def of_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificates of a file and what can be done with them next."""
    viewer, file = _file_of(request, pk)
    return _page(request, viewer, file)


def _again(request: HttpRequest, viewer: Viewer, file: File, bad: Invalid) -> HttpResponse:
    """The page as it was typed, with what is wrong."""
    return _page(request, viewer, file, error=" ".join(dict.fromkeys(bad.errors.values())), wrong=bad.errors)


@login_required
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a certificate in."""
    viewer, file = _file_of(request, pk)
    form = ReceiveForm(certificate_kinds(viewer.book, file.kind), request.POST)
    if form.is_valid():
        try:
            services.receive_certificate(
                **acting(request), file=file, kind=form.cleaned_data["kind"], values=form.values()
            )
        except Invalid as bad:
            form.blame(bad.errors)
        else:
            return redirect("certificates:file", pk=pk)
    return _page(request, viewer, file, form=form)


@login_required
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the transfer list, with what it corrects."""
    viewer, file = _file_of(request, pk)
    held = [one.pk for one in queries.of_file(file) if one.status == "received"]
    said = {
        str(one): {key: request.POST[f"{key}_{one}"] for key in rules.AGREES if f"{key}_{one}" in request.POST}
        for one in held
    }
    try:
        services.write_transfer(**acting(request), file=file, said=said)
    except Invalid as bad:
        return _again(request, viewer, file, bad)
    return redirect("certificates:file", pk=pk)


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the certificates of the list, paper by paper."""
    viewer, inner = _list_of(request, pk)
    found = {
        str(line.certificate_id): {
            key: request.POST.get(f"{box}_{line.certificate_id}", "") for key, box in FOUND.items()
        }
        for line in inner.lines.all()
    }  # fmt: skip
    try:
        services.check_certificates(**acting(request), inner=inner, found=found)
    except Invalid as bad:
        return _again(request, viewer, inner.file, bad)
    return redirect("certificates:file", pk=pk)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One signature more under the list, in whoever's session."""
    viewer, inner = _list_of(request, pk)
    signer = signer_of(request, "signer")
    if signer is None:
        return _page(request, viewer, inner.file, error=_("User name and password do not fit."))
    try:
        services.sign_transfer(**{**acting(request), "actor": signer}, inner=inner, how=HOW)
    except Invalid as bad:
        return _again(request, viewer, inner.file, bad)
    return redirect("certificates:file", pk=pk)


@login_required
@require_POST
def store(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the certificates of the signed list into the safe."""
    viewer, inner = _list_of(request, pk)
    place = request.POST.get("place", "")
    found = Place.objects.filter(branch=viewer.branch, pk=whole(place) or 0).first()
    if found is None:
        return _page(request, viewer, inner.file, error=_("Choose a place."))
    try:
        services.store_certificates(**acting(request), inner=inner, place=found)
    except Invalid as bad:
        return _again(request, viewer, inner.file, bad)
    return redirect("certificates:file", pk=pk)


@login_required
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The transfer list in print, also when its certificates lie in the safe; ``no`` is its version.

    Numbers are masked until a purpose is given, which the journal keeps.
    """
    viewer, file = _file_of(request, pk)
    no = request.GET.get("no", "")
    inner = queries.printed_list(file, int(no) if no.isdecimal() and len(no) < 6 else None)
    if inner is None:
        raise Http404
    form = PurposeForm(request.POST or None)
    plain = request.method == "POST" and form.is_valid()
    found = services.certificates_of(inner)
    for one in found:
        one.file = inner.file
    if plain:
        given = {"certificates": found, "branch": viewer.branch, "purpose": form.cleaned_data["purpose"]}
        safe_services.reveal_numbers(**acting(request), **given)
    there: Any = request
    signed = shaping.signed_of(viewer, inner)
    context = {
        "file": file, "inner": inner, "rows": shaping.rows_of(found, viewer, there.now, numbers=plain),
        "others": [one for one in queries.printable(file) if one != inner.no],
        "signed": signed, "form": form, "plain": plain, "answer": reveal_answer(viewer, found),
        "pieces": sum(one.quantity for one in found),
        "blanks": range(max(0, kinds.signatures_wanted(viewer.book, inner.file.kind) - len(signed))),
    }  # fmt: skip
    response = render(request, "certificates/slip.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
