"""The scan desk, and the short address of a label."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid, Refused
from kedang.files import scanning, standing
from kedang.files.viewing import Viewer, viewer_of

STATE = "state_"
LONGEST = 120  # no label, number or code of a place is longer
LATEST = 8


def unknown() -> str:
    """The answer to what means nothing here, whether it is a stranger's or of what this person may not find."""
    return _("Nothing here bears this label. Scan it again, or type the number.")


def _state(request: HttpRequest) -> dict[str, str]:
    """What the scans before left in the form."""
    found = {key[len(STATE) :]: str(value) for key, value in request.POST.items() if key.startswith(STATE)}
    return {key: value[:LONGEST] for key, value in list(found.items())[:LATEST]}


def _step(request: HttpRequest, viewer: Viewer, mode: scanning.Mode, code: str) -> scanning.Step:
    """What a scan does; raises ``Invalid`` for what cannot be and ``Refused`` for what may not."""
    thing = standing.found_by(viewer, code)
    if thing is None:
        raise Invalid({"code": unknown()})
    return mode.answer(scanning.Scan(request, viewer, thing, _state(request)))


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """One box for every label.  A scan is answered above the box, which is ready for the next one at once.

    What was scanned last stays in the form, so that a wrong scan loses nothing; the desk works without JavaScript.
    """
    viewer = viewer_of(request)
    known = {one.key: one for one in scanning.modes()}
    asked = request.POST.get("mode") or request.GET.get("mode", "")
    mode = known.get(asked) or next(iter(known.values()))
    code = request.POST.get("code", "").strip()[:LONGEST]
    step, answer, status = None, None, 200
    if request.method == "POST":
        try:
            step = _step(request, viewer, mode, code)
        except Invalid as wrong:
            step, status = scanning.Step(" ".join(wrong.errors.values()), "error", _state(request)), 422
        except Refused as refused:
            step, answer, status = scanning.Step("", "error", _state(request)), refused.answer, 403
        if step.url and step.look != "error":
            return redirect(step.url)
    past = [one for one in request.POST.get("past", "").split("\n") if one][-LATEST + 1 :]
    done = [*past, step.text] if step and step.look == "success" and step.text else past
    context = {
        "tabs": [
            {"label": one.label, "url": f"?mode={one.key}", "active": one is mode, "count": ""}
            for one in known.values()
        ],
        "mode": mode, "step": step, "answer": answer, "done": done[::-1], "past": "\n".join(done),
        "state": step.state if step else {}, "code": code if step and (step.ask or status != 200) else "",
    }  # fmt: skip
    return render(request, "files/desk.html", context, status=status)


@login_required
def label(request: HttpRequest, code: str) -> HttpResponse:
    """The page of what bears a label; 404 for a stranger's and for what this person may not find."""
    viewer = viewer_of(request)
    thing = standing.found_by(viewer, code)
    if thing is None:
        raise Http404
    if isinstance(thing, standing.Item):
        return redirect(thing.url or "files:desk")
    return redirect("files:place", pk=thing.pk)
