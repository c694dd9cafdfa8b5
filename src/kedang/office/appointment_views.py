"""What the person's page shows of posts that a second person confirms, and what its buttons for them do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from kedang.acts.answers import Done
from kedang.lib.whole import whole
from kedang.office import appointing, resetting
from kedang.office.appointment_services import confirm_post, confirm_reset, decline_post, decline_reset
from kedang.office.models import HeldReset
from kedang.office.reading import acting
from kedang.office.waiting import of_person
from kedang.rulebook import Answer
from kedang.staff.models import Appointment, Person


def may_confirm(request: HttpRequest, row: Appointment, act: str = "person.confirm", said: Any = None) -> Any:
    """What the rules say to an answer of the viewer; no where the post is of a branch that is not below theirs."""
    there: Any = request
    if not appointing.reaches(there.branch, row):
        return Answer("no", frozenset())
    return appointing.may(act, row, there.user, there.branch, there.today, said)


def unconfirmed(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    """The posts of a person that nobody has confirmed, each with who may, and what the viewer may answer."""
    there: Any = request
    return [
        {
            "row": row, "may_confirm": may_confirm(request, row),
            "may_decline": row.status == "waiting" and may_confirm(request, row, "person.decline").allowed,
            "confirmers": appointing.names_of(appointing.confirmers(row, there.today)),
        }
        for row in of_person(person, there.branch)[0]
    ]  # fmt: skip


def said_of(done: Done) -> str:
    """The sentence for whoever gave a post: whether it is in effect or waits."""
    if any(one.name == "person.held_back" for one in done.events):
        return _("The post is given; nobody holds it until a second person has confirmed it.")
    return _("The post is given.")


def _given(request: HttpRequest, row: Person) -> Appointment:
    there: Any = request
    here = Appointment.objects.filter(person=row, branch__in=appointing.beneath(there.branch))
    return get_object_or_404(here, pk=whole(request.POST.get("appointment", "")) or 0)


def confirm(request: HttpRequest, row: Person) -> HttpResponse:
    """Confirm a post of this person."""
    there: Any = request
    confirm_post(**acting(request), branch=there.branch, appointment=_given(request, row))
    messages.success(request, _("Confirmed; the post is in effect from today, or from its own later day."))
    return redirect("office:person", row.pk)


def decline(request: HttpRequest, row: Person) -> HttpResponse:
    """Do not confirm a post of this person, with the reason."""
    there: Any = request
    given, reason = _given(request, row), request.POST.get("reason", "")
    decline_post(**acting(request), branch=there.branch, appointment=given, reason=reason)
    messages.success(request, _("Recorded; the post is not given."))
    return redirect("office:staff")


def held_reset(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The new password of a person that waits, with who may confirm it, and what the viewer may answer."""
    there: Any = request
    rows = of_person(person, there.branch)[1]
    if not rows:
        return None
    row = rows[0]
    asked = resetting.question(row)
    return {
        "row": row, "may_confirm": may_confirm(request, asked, "login.confirm", resetting.waited(row, there.today)),
        "may_decline": may_confirm(request, asked, "person.decline").allowed,
        "confirmers": appointing.names_of(resetting.others(row, there.today)),
    }  # fmt: skip


def _reset_of(row: Person) -> HeldReset:
    return get_object_or_404(HeldReset, person=row, status="waiting")


def confirm_password(request: HttpRequest, row: Person) -> HttpResponse:
    """Let the new password of this person serve."""
    there: Any = request
    confirm_reset(**acting(request), branch=there.branch, reset=_reset_of(row))
    messages.success(request, _("Confirmed; the new password serves from now on."))
    return redirect("office:person", row.pk)


def decline_password(request: HttpRequest, row: Person) -> HttpResponse:
    """Do not let it serve."""
    there: Any = request
    decline_reset(**acting(request), branch=there.branch, reset=_reset_of(row))
    messages.success(request, _("Recorded; the old password goes on serving."))
    return redirect("office:person", row.pk)
