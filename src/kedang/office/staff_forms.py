"""Forms of staff: employ, give a post, an absence, a department's head, a branch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kedang.office.adoption_forms import date_field
from kedang.staff.models import Person


class EmployForm(forms.Form):
    """A new member of staff."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    username = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$", label=_("User name"),
        error_messages={"invalid": _("Write Latin letters, digits, full stop, hyphen.")},
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    post = forms.ChoiceField(label=_("Post"), required=False)
    since = date_field(_("Since"), required=False)

    def __init__(self, posts: Iterable[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["post"].choices = [("", "–"), *posts]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """A post for a person."""

    post = forms.ChoiceField(label=_("Post"))
    since = date_field(_("Since"))
    until = date_field(_("Until"), required=False)
    deputy = forms.BooleanField(label=_("as deputy"), required=False)

    def __init__(self, posts: Iterable[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["post"].choices = list(posts)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A last day."""

    day = date_field(_("Last working day"))


class AbsenceForm(forms.Form):
    """Who stands in, and on which days."""

    deputy = forms.ModelChoiceField(Person.objects.none(), label=_("Who stands in"), empty_label="–")
    since = date_field(_("Since"))
    until = date_field(_("Until"))

    def __init__(self, people: Any, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["deputy"].queryset = people  # type: ignore[attr-defined]


class BranchForm(forms.Form):
    """A new branch beneath one's own."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Stands in file numbers; never changes."))
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    confirmed = forms.BooleanField(label=_("I have checked this change"), required=False)
