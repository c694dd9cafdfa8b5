"""Screens of the safe: the count by two, its sheet, and what goes back to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kedang.acts.answers import Invalid
from kedang.acts.signing import signer_of
from kedang.certificates import kinds, queries, rules, safe_services, shaping
from kedang.certificates.forms import PurposeForm, TakerForm
from kedang.certificates.models import Certificate
from kedang.certificates.views import reveal_answer
from kedang.files import shaping as file_shaping
from kedang.files.asking import acting, advice_given
from kedang.files.kinds import kinds_left_behind
from kedang.files.models import File, Record
from kedang.files.queries import access_file
from kedang.files.viewing import Viewer, viewer_of
from kedang.journal.queries import last_seq
from kedang.lib.whole import whole
from kedang.rulebook import UNKNOWN

HOW = "password"
COUNTERS = ("first", "second")


def _balance_page(
    request: HttpRequest, viewer: Viewer, *, error: str = "", wrong: Mapping[str, str] | None = None
) -> HttpResponse:  # fmt: skip
    """The form of the count.  It says what to count, and nothing of what the ledger says."""
    sent = request.POST if request.method == "POST" else {}
    refused = wrong or {}
    places = [
        {"key": f"place_{one.pk}", "name": shaping.place_name(one)} for one in queries.counted_places(viewer.branch)
    ]
    sorts = [
        {"key": f"kind_{key}", "name": file_shaping.text_of(one)} for key, one in kinds.all_kinds(viewer.book).items()
    ]
    for row in (*places, *sorts):
        row |= {"value": sent.get(row["key"], ""), "wrong": refused.get(row["key"], "")}
    me = str(viewer.person.pk)
    context = {
        "places": places, "sorts": sorts, "moves": sent.get("moves") or queries.moves(viewer.branch), "error": error,
        "answer": advice_given(
            viewer, "certificate.balance", {}, facts={"certificate.counters": (me, "another")}
        ),
        "first_name": sent.get("first_username") or viewer.person.username,
        "second_name": sent.get("second_username", ""), "note": sent.get("note", ""),
    }  # fmt: skip
    if "moves" in refused:
        context |= {"moves": queries.moves(viewer.branch)}
        for row in (*places, *sorts):
            row["value"] = ""
    return render(request, "certificates/balance.html", context, status=422 if error or refused else 200)


@login_required
def balance(request: HttpRequest) -> HttpResponse:
    """Count the safe: two people, without the ledger's figures, each signs with the own password."""
    viewer = viewer_of(request)
    queries.must_keep(viewer)
    if request.method != "POST":
        return _balance_page(request, viewer)
    signers = [signer_of(request, one) for one in COUNTERS]
    known = [one for one in signers if one is not None]
    if len(known) != len(COUNTERS):
        return _balance_page(request, viewer, error=_("User name and password do not fit."))
    found = {key: str(value) for key, value in request.POST.items() if key.startswith(("place_", "kind_"))}
    try:
        done = safe_services.balance_safe(
            **acting(request), branch=viewer.branch, found=found, signers=known, moves=request.POST.get("moves", ""),
            note=request.POST.get("note", ""),
        )  # fmt: skip
    except Invalid as bad:
        return _balance_page(request, viewer, error=_together(bad), wrong=bad.errors)
    return redirect("certificates:sheet", pk=done.result.pk)


def _together(bad: Invalid) -> str:
    return " ".join(dict.fromkeys(bad.errors.values()))


@login_required
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One count beside the ledger's figures, made to be printed like a sheet of counted cash."""
    viewer = viewer_of(request)
    found = queries.access_balance(viewer, pk)
    places, sorts = shaping.lines_in(viewer, found)
    context = {
        "balance": found, "places": places, "sorts": sorts,
        "differing": [row for row in (*places, *sorts) if row["line"].difference],
        "total": found.counted - found.booked, "signed": list(found.signatures.all()),
    }  # fmt: skip
    return render(request, "certificates/sheet.html", context)


def _things(viewer: Viewer, file: File, now: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What of a file can go back: certificates in the safe, and papers that their owner left behind."""
    held = [one for one in queries.of_file(file) if one.status == "stored"]
    left = kinds_left_behind(viewer.book, file.kind)
    rows = Record.objects.filter(file=file, job=None, state__in=["present", "defective"])
    papers = [one for one in rows if (one.kind or one.line) in left] if left else []
    return shaping.rows_of(held[::-1], viewer, now), [
        {"record": one, "name": file_shaping.line_text(one, file.kind, viewer)} for one in papers
    ]


def _return_answer(
    viewer: Viewer, file: File, certificates: list[Any], papers: list[Any], settled: bool | None
) -> Any:  # fmt: skip
    """What the rules say, as if identity papers were seen and the receipt signed."""
    if certificates:
        facts: dict[str, Any] = {
            "certificate.id_checked": "yes", "certificate.signers": (str(viewer.person.pk), "taker"),
            "certificate.settled": UNKNOWN if settled is None else rules.yes(settled),
        }  # fmt: skip
        things = {"file": file, "certificate": certificates[0]["one"]}
        return advice_given(viewer, "certificate.return", things, facts=facts)
    if papers:
        record = papers[0]["record"]
        signed = (*(one for one in record.signed.split(",") if one), "customer")
        return advice_given(
            viewer, "record.withdraw", {"file": file, "record": record}, "given", {"record.signed": signed}
        )
    return None


@login_required
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give certificates, or papers left behind, back to their owner against a receipt."""
    viewer = viewer_of(request)
    file = access_file(viewer, pk)
    if not kinds.gives_back(viewer.book, file.kind):
        raise Http404
    there: Any = request
    request.showed = ("file", [str(file.pk)])  # type: ignore[attr-defined]
    shows = request.method == "POST" and "purpose" in request.POST
    purpose = PurposeForm(request.POST if shows else None)
    plain = shows and purpose.is_valid()
    certificates, papers = _things(viewer, file, there.now)
    if plain and certificates:
        found = [row["one"] for row in certificates]
        said = {"certificates": found, "branch": viewer.branch, "purpose": purpose.cleaned_data["purpose"]}
        safe_services.reveal_numbers(**acting(request), **said)
        certificates = shaping.rows_of(found, viewer, there.now, numbers=True)
    sending = request.method == "POST" and not shows
    settled = rules.is_settled(viewer.book, file) if certificates else None
    form, error = TakerForm(request.POST if sending else None), ""
    sent = {key for one in request.POST.getlist("chosen") if (key := whole(one)) is not None}
    if sending and form.is_valid():
        signer = signer_of(request, "keeper")
        given = {**form.cleaned_data, "file": file, "chosen": sorted(sent), "how": HOW}
        act = safe_services.return_certificates if certificates else safe_services.return_papers
        try:
            if signer is None:
                raise Invalid({"keeper": _("User name and password do not fit.")})
            done = act(**{**acting(request), "actor": signer}, **given)
        except Invalid as bad:
            for name, message in bad.errors.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            return redirect("certificates:receipt", pk=done.result.pk)
    for row in (*certificates, *papers):
        thing = row.get("one") or row["record"]
        row |= {"pk": thing.pk, "chosen": not sending or thing.pk in sent}
    context = {
        "file": file, "certificates": certificates, "papers": papers, "form": form, "error": error,
        "answer": _return_answer(viewer, file, certificates, papers, settled), "seen": last_seq("file", file.pk),
        "person": viewer.person, "settled": settled, "purpose": purpose, "plain": plain,
        "shows": reveal_answer(viewer, [row["one"] for row in certificates]),
    }  # fmt: skip
    response = render(
        request, "certificates/return.html", context, status=422 if form.errors or purpose.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of what was given back, in print."""
    viewer = viewer_of(request)
    row = queries.access_return(viewer, pk)
    row.file.branch = viewer.branch
    there: Any = request
    given: list[Certificate] = [one.certificate for one in row.lines.all() if one.certificate]
    for one in given:
        one.file = row.file
    papers = [file_shaping.line_text(one.record, row.file.kind, viewer) for one in row.lines.all() if one.record]
    reads = viewer.reads("personal", row.file)
    purpose = shaping.Purpose(viewer=viewer.person, why="display")
    request.showed = ("file", [str(row.file_id)])  # type: ignore[attr-defined]
    context = {
        "given": row, "rows": shaping.rows_of(given, viewer, there.now), "papers": papers,
        "taker": row.taker.reveal(purpose) if reads else row.taker,
        "authority": (row.authority.reveal(purpose) if reads else row.authority) if row.authority else "",
    }  # fmt: skip
    return render(request, "certificates/receipt.html", context)
