"""Many sets received at once: each label is scanned or each line ticked, then one signature for all of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kedang.acts.answers import Invalid, Refused
from kedang.acts.signing import signer_of
from kedang.custody import queries, services
from kedang.custody.models import Handover
from kedang.files import kinds, shaping, standing
from kedang.files.asking import acting
from kedang.files.scan_views import LONGEST, unknown
from kedang.files.viewing import Viewer, viewer_of
from kedang.staff.models import Person

MOST = 100  # sets on one page; the next ones follow when these are signed
HOW = "password"


def _offered(viewer: Viewer) -> list[Handover]:
    """The sets that wait for this person's signature, oldest first."""
    return list(queries.waiting(viewer).filter(status="offered", receiver=viewer.person)[:MOST])


def _ticked_by(viewer: Viewer, code: str, rows: list[Handover]) -> list[Handover]:
    """The sets of the file whose label was scanned.  Raises ``Invalid`` where none of them is offered to the person."""
    thing = standing.found_by(viewer, code)
    if not isinstance(thing, standing.Item):
        raise Invalid({"code": unknown()})
    found = [one for one in rows if one.file_id == thing.file]
    if not found:
        raise Invalid({"code": _("Nothing of %(thing)s is offered to you.") % {"thing": thing.title}})
    return found


def _sign(request: HttpRequest, signer: Person, rows: list[Handover]) -> list[str]:
    """Sign each set by an act of its own; why some could not be signed, by file.  Those that could are signed."""
    wrong = []
    given = {**acting(request), "actor": signer, "seen": None}
    for one in rows:
        try:
            token = f"{given['token']}-{one.pk}"
            services.sign_handover(**{**given, "token": token}, handover=one, signer=signer, how=HOW)
        except Invalid as error:
            wrong.append(f"{one.file}: {' '.join(error.errors.values())}")
        except Refused as refused:
            clauses = ", ".join(sorted(refused.answer.clauses))
            wrong.append(f"{one.file}: {_('The policy does not allow this')} {clauses}".rstrip())
    return wrong


@login_required
def receive_many(request: HttpRequest) -> HttpResponse:
    """Scan what was brought, set by set; one signature at the end receives all that was scanned.

    A scan ticks the sets of its file; ticks stay in the form, so that the page works without JavaScript.
    """
    viewer = viewer_of(request)
    rows = _offered(viewer)
    ticked = {one.pk for one in rows if str(one.pk) in request.POST.getlist("set")}
    code = request.POST.get("code", "").strip()[:LONGEST]
    error, sign_error, wrong, said = "", "", [], ""
    if request.method == "POST" and code:
        try:
            found = _ticked_by(viewer, code, rows)
        except Invalid as invalid:
            error = " ".join(invalid.errors.values())
        else:
            ticked |= {one.pk for one in found}
            said, code = str(found[0].file), ""
    elif request.method == "POST" and (request.POST.get("do") == "sign" or request.POST.get("receiver_password")):
        signer = signer_of(request, "receiver")
        if not ticked:
            error = _("Scan or tick what you receive.")
        elif signer != viewer.person:
            sign_error = _("User name and password do not fit.")
        else:
            wrong = _sign(request, viewer.person, [one for one in rows if one.pk in ticked])
            if not wrong:
                return redirect("custody:handovers")
            rows, ticked = _offered(viewer), set()
    elif request.method == "POST":
        error = _("Scan or tick what you receive.")
    context: dict[str, Any] = {
        "rows": [{**_row(one, viewer), "ticked": one.pk in ticked} for one in rows], "said": said, "wrong": wrong,
        "error": error, "sign_error": sign_error, "code": code, "person": viewer.person,
        "count": ngettext("%(n)s of %(all)s set", "%(n)s of %(all)s sets", len(rows))
        % {"n": len(ticked), "all": len(rows)},
    }  # fmt: skip
    return render(request, "custody/receive.html", context, status=422 if error or sign_error or wrong else 200)


def _row(handover: Handover, viewer: Viewer) -> dict[str, Any]:
    declared = kinds.checklists(viewer.book, handover.file.kind).get(handover.checklist)
    return {"handover": handover, "set": shaping.text_of(declared) or handover.checklist}
