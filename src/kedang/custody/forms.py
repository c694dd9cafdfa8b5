"""Forms of custody, and whom a signature belongs to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kedang.staff.models import Person


def signer_of(request: HttpRequest, prefix: str) -> Person | None:
    """Whose user name and password stand in the box; each failure counts towards lock-out.  The session stays."""
    name = request.POST.get(f"{prefix}_username", "").strip()
    word = request.POST.get(f"{prefix}_password", "")
    if not name or not word:
        return None
    try:
        found = authenticate(request, username=name, password=word)
    except PermissionDenied:
        return None
    return found if isinstance(found, Person) and found.is_active else None


class OfferForm(forms.Form):
    """Who receives."""

    receiver = forms.ModelChoiceField(Person.objects.none(), label=_("Receiver"), empty_label="–")

    def __init__(self, people: Any, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["receiver"].queryset = people  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Why a set goes back."""

    reason = forms.CharField(label=_("Why does it go back?"), max_length=200)


class BookForm(forms.Form):
    """The days of the sign-for book."""

    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
