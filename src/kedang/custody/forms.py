"""Forms of custody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kedang.custody.receivers import Receivers
from kedang.staff.models import Person


class OfferForm(forms.Form):
    """Who receives: those who may sign, the one whom the policy names chosen."""

    receiver = forms.ChoiceField(label=_("Receiver"))

    def __init__(self, receivers: Receivers, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.people = {str(one.pk): one for one in receivers.people}
        field: Any = self.fields["receiver"]
        field.choices = [("", "–"), *((key, str(one)) for key, one in self.people.items())]
        field.error_messages["invalid_choice"] = _("This person may not sign for this set; choose somebody who may.")
        field.initial = receivers.preset.pk if receivers.preset else ""
        if not self.people:
            field.help_text = _("Nobody else here may sign for this set.")

    def clean_receiver(self) -> Person:
        """The chosen person."""
        return self.people[self.cleaned_data["receiver"]]


class ReturnForm(forms.Form):
    """Why a set goes back."""

    reason = forms.CharField(label=_("Why does it go back?"), max_length=200)


class BookForm(forms.Form):
    """The days of the sign-for book."""

    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
