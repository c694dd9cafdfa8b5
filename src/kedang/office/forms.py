"""Forms of the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kedang.staff.models import Branch, Person


class HearingForm(forms.Form):
    """What the person concerned said."""

    statement = forms.CharField(label=_("Statement"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    """The sum where the clause leaves a choice, and a reason."""

    amount = forms.DecimalField(label=_("Amount (¥)"), required=False, max_digits=12, decimal_places=2, min_value=0)
    percent = forms.DecimalField(
        label=_("Share of the month's performance pay (%)"), required=False, max_digits=5, decimal_places=2, min_value=0
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def __init__(self, *args: Any, unit: str = "", **kw: Any) -> None:
        super().__init__(*args, **kw)
        if unit:
            del self.fields["amount" if unit == "percent" else "percent"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


class AskForm(forms.Form):
    """What consent is asked for."""

    clause = forms.CharField(max_length=80, widget=forms.HiddenInput)
    act = forms.CharField(max_length=80, widget=forms.HiddenInput)
    about = forms.RegexField(r"^([a-z]+:[0-9]+)?$", required=False, max_length=120, widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("What it is needed for"), required=False, max_length=200)


class OralForm(forms.Form):
    """Who said yes by word of mouth, and when."""

    by = forms.ModelChoiceField(Person.objects.none(), label=_("Who said yes"), empty_label="–")
    said_at = forms.DateTimeField(
        label=_("When"), input_formats=["%Y-%m-%dT%H:%M"], widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    reason = forms.CharField(label=_("What was said"), required=False, max_length=300)

    def __init__(self, *args: Any, branch: Branch, today: date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field = self.fields["by"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = in_office(branch, today)


def in_office(branch: Branch, today: date) -> QuerySet[Person]:
    """Whoever holds a post of the branch on a day, by name."""
    held = Q(holdings__branch=branch, holdings__since__lte=today)
    still = Q(holdings__until=None) | Q(holdings__until__gte=today)
    return Person.objects.filter(held & still, is_active=True).distinct().order_by("name")


class _DutyForm(forms.Form):
    """A change of a duty always says why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, branch: Branch, today: date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.branch, self.today = branch, today
        self.order_fields(sorted(self.fields, key=lambda name: name == "reason"))


class ExtendForm(_DutyForm):
    """Until when."""

    until = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs={"type": "date"}))


class MoveForm(_DutyForm):
    """To whom, among those who hold a post here."""

    to = forms.ModelChoiceField(Person.objects.none(), label=_("To whom"), empty_label="–")

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = in_office(self.branch, self.today)


class DropForm(_DutyForm):
    """Nothing but the reason."""
