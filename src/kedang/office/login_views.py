"""The screens of one's own log-in: password, second factor, sessions, absence."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.office import login_services, staff_services, totp
from kedang.office.models import OfficeSession
from kedang.office.reading import acting
from kedang.office.second_factor import codes_left, factor_of
from kedang.office.staff_forms import AbsenceForm
from kedang.staff.models import Person, PostHolding

WAITING = "second_factor_secret"
AUTOCOMPLETE = {"old": "current-password", "new": "new-password", "again": "new-password"}


class PasswordForm(forms.Form):
    """The old password and the new one twice."""

    old = forms.CharField(label=gettext_lazy("Password now"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput, max_length=200,
        help_text=gettext_lazy("At least ten characters, not only digits, none of the common ones, not your name."),
    )  # fmt: skip
    again = forms.CharField(label=gettext_lazy("The new one again"), widget=forms.PasswordInput)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name, word in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = word

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("This is not the same."))
        return given


def _add(form: forms.Form, invalid: Invalid) -> None:
    for key, said in invalid.errors.items():
        form.add_error(key if key in form.fields else None, said)


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """My account: sessions, second factor, posts that I entrusted."""
    return _account(request)


def _account(request: HttpRequest, absence: AbsenceForm | None = None, wrong: str = "") -> HttpResponse:
    there: Any = request
    factor = factor_of(there.user)
    sessions = OfficeSession.objects.filter(person=there.user, expire_date__gt=there.now).order_by("-started_at")
    context = {
        "factor": factor, "left": codes_left(factor) if factor else 0, "sessions": sessions, "wrong": wrong,
        "this": there.session.session_key, "absence": absence or AbsenceForm(_colleagues(request)),
        "entrusted": PostHolding.objects.filter(stands_in_for=there.user, until__gte=there.today),
    }  # fmt: skip
    return render(request, "office/account.html", context, status=422 if wrong or (absence and absence.errors) else 200)


def _colleagues(request: HttpRequest) -> Any:
    there: Any = request
    rows = Person.objects.filter(is_active=True, holdings__branch=there.branch)
    return rows.exclude(pk=there.user.pk).distinct().order_by("username")


@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; one given by somebody else must be changed before anything else is done."""
    there: Any = request
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"old": form.cleaned_data["old"], "new": form.cleaned_data["new"]}
        try:
            done = login_services.change_password(**acting(request), branch=there.branch, person=there.user, **given)
        except Invalid as invalid:
            _add(form, invalid)
        else:
            update_session_auth_hash(request, done.result)
            messages.success(request, _("Your password is changed; every other session has ended."))
            return redirect("office:account")
    return render(request, "office/password.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: scan the picture, type its first code; ten recovery codes are shown once."""
    there: Any = request
    if factor_of(there.user):
        return redirect("office:account")
    secret = there.session.get(WAITING) or totp.new_secret()
    there.session[WAITING] = secret
    error = ""
    if request.method == "POST":
        codes = totp.new_recovery_codes()
        code = request.POST.get("code", "")[:20]
        try:
            login_services.enroll(
                **acting(request), branch=there.branch, person=there.user, secret=secret, code=code, recovery=codes
            )
        except Invalid as invalid:
            error = " ".join(invalid.errors.values())
        else:
            del there.session[WAITING]
            return render(request, "office/recovery_codes.html", {"codes": codes})
    picture = BytesIO()
    segno.make(totp.uri(secret, there.user.username, "Kedang"), error="m").save(picture, kind="png", scale=5)
    context = {"picture": _data_uri(picture.getvalue()), "secret": secret, "error": error}
    return render(request, "office/second_factor.html", context, status=422 if error else 200)


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode()


@login_required
@require_POST
def drop_factor(request: HttpRequest) -> HttpResponse:
    """Give the second factor up, with the password once more."""
    there: Any = request
    try:
        login_services.drop(
            **acting(request), branch=there.branch, person=there.user, password=request.POST.get("password", "")
        )
    except Invalid as invalid:
        return _account(request, wrong=" ".join(invalid.errors.values()))
    messages.success(request, _("The second factor is given up."))
    return redirect("office:account")


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of my sessions, or all others; somebody else's is not found."""
    there: Any = request
    mine = OfficeSession.objects.filter(person=there.user)
    if request.POST.get("all"):
        mine.exclude(session_key=there.session.session_key).delete()
    elif not mine.filter(session_key__startswith=request.POST.get("session", "-") or "-").delete()[0]:
        raise Http404
    messages.success(request, _("Ended."))
    return redirect("office:account")


@login_required
@require_POST
def absence(request: HttpRequest) -> HttpResponse:
    """Entrust my posts to a colleague for stated days."""
    there: Any = request
    form = AbsenceForm(_colleagues(request), request.POST)
    if form.is_valid():
        try:
            staff_services.entrust_posts(
                **acting(request), branch=there.branch, person=there.user, **form.cleaned_data
            )  # fmt: skip
        except Invalid as invalid:
            _add(form, invalid)
        else:
            messages.success(request, _("Recorded: who stands in, and on which days."))
            return redirect("office:account")
    return _account(request, form)
