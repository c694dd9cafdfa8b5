"""Forms of custody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kedang.staff.models import Person


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
