"""Forms of loans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.lib.memory import remembered
from kedang.loans.rules import Terms, latest_day
from kedang.staff.models import Branch, Person, PostHolding


def people_of(branch: Branch, today: date) -> Any:
    """Everybody who holds a post in the branch on a day, by name."""
    held = PostHolding.objects.filter(Q(until=None) | Q(until__gte=today), branch=branch, since__lte=today)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name")


def offer_people(field: Any, branch: Branch, today: date) -> None:
    """Let a field offer them; the names are read once for all forms of a page, and only when one is shown."""
    field.queryset = people_of(branch, today)

    def names() -> list[tuple[Any, str]]:
        return [(one.pk, str(one)) for one in people_of(branch, today)]

    field.choices = lambda: [("", field.empty_label), *remembered(("people to lend to", branch.pk, today), names)]


class SlipForm(forms.Form):
    """The loan slip: what for, until when, and what kind of loan it is where a rule in force tells them apart."""

    purpose = forms.CharField(label=_("What are they needed for?"), max_length=200)
    until = forms.DateField(label=_("Back on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, terms: Terms, today: date, kinds: Sequence[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        last = latest_day(terms, today)
        if kinds:
            choices = [*kinds, ("", pgettext_lazy("loan", "something else"))]
            self.fields["kind"] = forms.ChoiceField(label=_("Kind of loan"), choices=choices, required=False)
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}
        self.fields["until"].initial = last.isoformat()
        self.fields["until"].help_text = _("At most %(days)s days.") % {"days": terms.days}


class DirectForm(SlipForm):
    """A loan at the counter without a slip: also to whom."""

    borrower = forms.ModelChoiceField(Person.objects.none(), label=pgettext_lazy("loan", "To whom"), empty_label="–")
    field_order = ("borrower", "purpose", "until")

    def __init__(
        self, branch: Branch, terms: Terms, today: date, kinds: Sequence[tuple[str, str]], *args: Any, **kw: Any
    ) -> None:
        super().__init__(terms, today, kinds, *args, **kw)
        offer_people(self.fields["borrower"], branch, today)


class ReadForm(forms.Form):
    """Reading on the spot: who and what for."""

    reader = forms.ModelChoiceField(Person.objects.none(), label=_("Who reads"), empty_label="–")
    purpose = forms.CharField(label=_("What are they needed for?"), max_length=200)

    def __init__(self, branch: Branch, today: date, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        offer_people(self.fields["reader"], branch, today)


class RenewForm(forms.Form):
    """A later day of return and why."""

    until = forms.DateField(label=_("Back on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why longer?"), max_length=200)


class RecallForm(forms.Form):
    """Why papers are called back."""

    reason = forms.CharField(label=_("Why are they called back?"), max_length=200)


class CheckForm(forms.Form):
    """The count at the return; ``kind`` is what went wrong, for whoever reports a loss instead."""

    pages_back = forms.IntegerField(label=_("Pages counted"), min_value=0, max_value=100_000)
    unmarked = forms.BooleanField(label=_("Without marks or damage"), required=False)
    note = forms.CharField(label=_("What is missing or marked"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Something is missing or damaged"), required=False)

    def __init__(self, kinds: Mapping[str, str], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["kind"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.fields["kind"].initial = "lost" if "lost" in kinds else ""


class UseForm(forms.Form):
    """Where something went and what for; ``named`` is a purpose that a rule in force tells apart."""

    what = forms.ChoiceField(label=_("What was used"))
    taker = forms.CharField(label=_("Who has it, or where it went"), max_length=200)
    named = forms.ChoiceField(label=_("Purpose"), required=False)
    purpose = forms.CharField(label=_("What are they needed for?"), max_length=200, required=False)
    copy = forms.BooleanField(label=_("It is a copy or an excerpt"), required=False)
    checked = forms.BooleanField(label=_("Checked against the original"), required=False)

    def __init__(
        self, things: Sequence[tuple[str, str]], named: Sequence[tuple[str, str]], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["what"].choices = list(things)  # type: ignore[attr-defined]
        if named:
            self.fields["named"].choices = [*named, ("", pgettext_lazy("use", "something else"))]  # type: ignore[attr-defined]
        else:
            del self.fields["named"]
            self.fields["purpose"].required = True

    def clean(self) -> dict[str, Any]:
        """The purpose is the one that was chosen, else what was written."""
        said = super().clean() or {}
        said["purpose"] = said.pop("named", "") or said.get("purpose", "")
        return said


class ReportForm(forms.Form):
    """What became of it."""

    destroyed = forms.BooleanField(label=_("It has been destroyed"), required=False)
    note = forms.CharField(label=_("How it was used, what became of it"), max_length=200, required=False)
