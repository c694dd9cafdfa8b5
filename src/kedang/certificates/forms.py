"""Forms of certificates, built from what the pack declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.files.forms import PREFIX, field_of
from kedang.files.models import Place
from kedang.files.shaping import text_of
from kedang.rulebook.pack import RecordKind


class ReceiveForm(forms.Form):
    """The kind of a certificate and the fields that the kinds declare, each asked once; the command asks the rest."""

    def __init__(self, kinds: Mapping[str, RecordKind], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        choices = [("", "–"), *((key, text_of(one)) for key, one in kinds.items())]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=choices)
        for one in kinds.values():
            for key, field in one.fields.items():
                if PREFIX + key not in self.fields:
                    self.fields[PREFIX + key] = field_of(field)
        for key in ("name", "number", "quantity"):
            if PREFIX + key in self.fields:
                self.fields[PREFIX + key].required = True
        if PREFIX + "quantity" in self.fields:
            self.fields[PREFIX + "quantity"].widget.attrs |= {"inputmode": "numeric"}
            self.fields[PREFIX + "quantity"].initial = "1"

    def values(self) -> dict[str, str]:
        """The typed values by field of the pack."""
        return {key[len(PREFIX) :]: value for key, value in self.cleaned_data.items() if key.startswith(PREFIX)}

    def blame(self, errors: Mapping[str, str]) -> None:
        """Show a command's answer at the fields."""
        for name, message in errors.items():
            self.add_error(next((one for one in (PREFIX + name, name) if one in self.fields), None), message)


class StoreForm(forms.Form):
    """The safe, or the part of it, into which the certificates of a list go."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Place in the safe"), empty_label="–")

    def __init__(self, places: list[Place], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["place"]
        field.queryset = Place.objects.filter(pk__in=[one.pk for one in places])
        field.choices = [("", "–"), *((one.pk, str(one)) for one in places)]


class TakerForm(forms.Form):
    """To whom things go back, and what was seen and signed."""

    taker = forms.CharField(label=_("Who takes it"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    authority = forms.CharField(
        label=_("If it is not the owner: on whose behalf, by which authority"), max_length=200, required=False
    )
    id_checked = forms.BooleanField(label=_("I have seen the identity papers"), required=False)
    signed = forms.BooleanField(label=_("The receipt is signed by whoever takes it"), required=False)


class PurposeForm(forms.Form):
    """What numbers are needed for."""

    purpose = forms.CharField(label=_("What do you need it for?"), max_length=200)


class SearchForm(forms.Form):
    """Words by which a certificate is found."""

    q = forms.CharField(
        label=pgettext_lazy("certificate", "Owner, or the last four of the number"), max_length=60, required=False
    )
