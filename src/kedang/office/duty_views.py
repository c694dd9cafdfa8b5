"""The page of one duty: what is owed, by whom and until when, under which clause, and what was changed about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.duties.models import Duty
from kedang.duties.queries import take_bound, with_bound
from kedang.journal.queries import events_of, last_seq
from kedang.lib.whole import whole
from kedang.office import answerable
from kedang.office import duty_services as services
from kedang.office.duty_rules import advice, seen_by
from kedang.office.forms import DropForm, ExtendForm, MoveForm
from kedang.office.owed import lines
from kedang.office.reading import acting
from kedang.staff.models import Person

FORMS = {"extend": ExtendForm, "move": MoveForm, "drop": DropForm}
COMMANDS = {"extend": services.extend_duty, "move": services.move_duty, "drop": services.drop_duty}
SIZE = 50
STATES = {"kept": ("kept",), "late": ("kept_late", "late"), "open": ("open",)}  # as a clause's figures count them
CHANGES = ("duty.extended", "duty.moved", "duty.dropped")


def _one(request: HttpRequest, pk: int) -> Duty:
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    rows = seen_by(there.user, there.branch, there.today).filter(pk=pk)
    found = rows.select_related("branch").prefetch_related("bound__person").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The duties that fell due this month, of a clause and of one state if asked; those that the viewer sees."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    clause, which = request.GET.get("clause", "")[:80], request.GET.get("which", "")
    rows = seen_by(there.user, there.branch, there.today).filter(
        due_on__gte=there.today.replace(day=1), due_on__lte=there.today
    )
    if clause:
        rows = rows.filter(clause=clause)
    if which in STATES:
        rows = rows.filter(status__in=STATES[which])
    before = whole(request.GET.get("after", ""))
    found = list(take_bound(with_bound((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: SIZE + 1])))
    query = urlencode({"clause": clause}) if clause else ""
    names = {"": _("All"), "kept": _("kept in time"), "late": _("late"), "open": _("open")}
    context = {
        "lines": lines(found[:SIZE], there.branch, there.today, there.user), "clause": clause,
        "more": found[SIZE - 1].pk if len(found) > SIZE else None,
        "tabs": [
            {"label": label, "url": f"?which={key}&{query}", "active": key == which, "count": ""}
            for key, label in names.items()
        ],
    }  # fmt: skip
    return render(request, "office/duties.html", context)


@login_required
@require_GET
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty with its history and what can be done about it."""
    return _shown(request, _one(request, pk))


@login_required
@require_POST
def change(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    """Extend, move or drop it, as the pressed button says."""
    row = _one(request, pk)
    if how not in COMMANDS:
        raise Http404
    there: Any = request
    form = FORMS[how](request.POST, branch=there.branch, today=there.today)
    if not form.is_valid():
        return _shown(request, row, how, form)
    try:
        COMMANDS[how](**acting(request), duty=row, **form.cleaned_data)
    except Invalid as invalid:
        for name, message in invalid.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _shown(request, row, how, form)
    messages.success(request, _("The change is recorded."))
    return redirect("office:duty", pk=pk)


@login_required
@require_POST
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the one who answers for a missed duty of a post; leads to the breach."""
    row = _one(request, pk)
    chosen = request.POST.get("person", "")
    person = next((one for one in answerable.answerable(row) if str(one.pk) == chosen), None)
    if person is None:
        return _shown(request, row, unnamed=_("Choose who answers for it; whoever is not in the list cannot be named."))
    try:
        done = answerable.name_answerable(**acting(request), duty=row, person=person)
    except Invalid as invalid:
        return _shown(request, row, unnamed=" ".join(invalid.errors.values()))
    messages.success(request, _("The breach is recorded; its person can be heard now."))
    return redirect("office:breach", pk=done.result.pk)


def _naming(request: HttpRequest, row: Duty, wrong: str) -> dict[str, Any]:
    """Who can be named for a missed duty of a post, and what the rules say to this person's naming one."""
    there: Any = request
    people = answerable.answerable(row)
    answer = answerable.advice(row, viewer=there.user, today=there.today) if people else None
    return {"people": people, "answer": answer, "wrong": wrong, "act": answerable.ACT}


def _shown(request: HttpRequest, row: Duty, how: str = "", wrong: Any = None, unnamed: str = "") -> HttpResponse:
    there: Any = request
    subject = services.subject_of(row)
    titles = {"extend": _("Give more time"), "move": _("Give it to somebody else"), "drop": _("Let it go")}
    who = {"viewer": there.user, "branch": there.branch, "today": there.today}
    offers = [
        {
            "how": key, "act": f"duty.{key}", "title": titles[key], "answer": advice(f"duty.{key}", row, **who),
            "form": wrong if key == how else FORMS[key](branch=there.branch, today=there.today),
        }
        for key in FORMS
    ]  # fmt: skip
    context = {
        "duty": row, "about": f"duty:{row.pk}", "history": _history(row),
        "line": lines([row], there.branch, there.today, there.user)[0],
        "offers": offers if row.owed else [],
        "closed": [one for one in offers if one["answer"].verdict != "yes"] if row.owed else [],
        "seen": last_seq(*subject), "naming": _naming(request, row, unnamed),
    }  # fmt: skip
    return render(request, "office/duty.html", context, status=422 if unnamed or wrong is not None else 200)


def _history(row: Duty) -> list[dict[str, Any]]:
    """What was changed, newest first: who, when, why, and the day or the people before."""
    entries = [
        one for one in events_of(*services.subject_of(row)) if one.name in CHANGES and one.data["owed"] == row.pk
    ]
    ids = {one.actor or 0 for one in entries} | {int(ref) for one in entries for ref in _people(one.data)}
    people = {one.pk: one for one in Person.objects.filter(pk__in=ids)} if ids else {}
    words = {
        "duty.extended": _("More time given"),
        "duty.moved": _("Given to somebody else"),
        "duty.dropped": _("Let go"),
    }
    return [
        {
            "title": words[one.name], "who": people.get(one.actor or 0), "on": one.happened_on, "why": one.data["why"],
            "clauses": one.data["clauses"], "was": one.data.get("was") if one.name == "duty.extended" else None,
            "until": one.data.get("duty.due_on"),
            "people": [people[int(ref)] for ref in _people(one.data) if int(ref) in people],
        }
        for one in reversed(entries)
    ]  # fmt: skip


def _people(data: dict[str, Any]) -> list[str]:
    found = data.get("duty.person", [])
    return [found] if isinstance(found, str) else list(found)
