"""Forms built from what the pack declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.adoptions.queries import book_for
from kedang.customers.tokens import fold
from kedang.files import kinds
from kedang.files.fields import WrongValue, clean
from kedang.files.models import PLACE_KINDS, Place
from kedang.files.viewing import Viewer
from kedang.rulebook.pack import FieldKind, FileKind
from kedang.staff.models import Branch, Person, in_language
from kedang.staff.queries import held_on, people_in

PREFIX = "field_"
ROLE = "role_"


def field_of(kind: FieldKind) -> forms.Field:
    """A form field for a field of the pack."""
    label = in_language(kind.text.zh, kind.text.en)
    required = kind.strength == "gate"
    if kind.choices:
        choices = [("", "–"), *((key, in_language(text.zh, text.en)) for key, text in kind.choices)]
        return forms.ChoiceField(choices=choices, label=label, required=required)
    widgets: dict[str, forms.Widget] = {
        "date": forms.DateInput(attrs={"type": "date"}),
        "long-text": forms.Textarea(attrs={"rows": 3}),
        "mobile": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    }
    widget = widgets.get(kind.type, forms.TextInput(attrs={"autocomplete": "off"}))
    return forms.CharField(label=label, required=required, max_length=2000, widget=widget)


class FileForm(forms.Form):
    """The fields and roles of a kind of file."""

    def __init__(self, kind: FileKind, branch: Branch, on: Any, *args: Any, editing: bool = False, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.kind = kind
        shown = kinds.number_field(book_for(branch, on), kind.key)
        for key, one in kind.fields.items():
            if key != shown and not (editing and key == kind.one_per):
                self.fields[PREFIX + key] = field_of(one)
                if editing:
                    self.fields[PREFIX + key].required = False
        for key, role in {} if editing else kind.roles.items():
            people = people_in(role.posts, branch, on)
            choices = [("", "–"), *((str(one.pk), str(one)) for one in people)]
            self.fields[ROLE + key] = forms.ChoiceField(
                choices=choices,
                label=in_language(role.text.zh, role.text.en),
                required=bool(people) and not role.optional,
            )

    def clean(self) -> dict[str, Any]:
        """Say at each field what is wrong with its value, all at once; what is lacking has been said already."""
        given = super().clean() or {}
        for name, value in list(given.items()):
            if name.startswith(PREFIX) and value:
                try:
                    clean(self.kind.fields[name[len(PREFIX) :]], value)
                except WrongValue as wrong:
                    self.add_error(name, str(wrong))
        return given

    def values(self) -> dict[str, str]:
        """The typed values by field of the pack."""
        return {key[len(PREFIX) :]: value for key, value in self.cleaned_data.items() if key.startswith(PREFIX)}

    def roles(self) -> dict[str, Person]:
        """The chosen people by role."""
        chosen = {key[len(ROLE) :]: value for key, value in self.cleaned_data.items() if key.startswith(ROLE) and value}
        people = {str(one.pk): one for one in Person.objects.filter(pk__in=chosen.values())}
        return {key: people[pk] for key, pk in chosen.items()}

    def blame(self, errors: dict[str, str]) -> None:
        """Show a command's answer at the fields."""
        for name, message in errors.items():
            self.add_error(PREFIX + name if PREFIX + name in self.fields else None, message)


class ReachForm(forms.Form):
    """A milestone and its day."""

    milestone = forms.CharField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))


class JobForm(forms.Form):
    """The reception of a job: its kinds, and the contact person with whom it was spoken."""

    job_kinds = forms.MultipleChoiceField(label=_("What for"), widget=forms.CheckboxSelectMultiple)
    contact_name = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    verified = forms.BooleanField(label=_("Asked today: still right"), required=False)


class PlaceForm(forms.Form):
    """Where a volume is put."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Place"), empty_label="–")

    def __init__(self, branch: Branch, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["place"].queryset = Place.objects.filter(branch=branch, closed_on=None)  # type: ignore[attr-defined]


class NewPlaceForm(forms.Form):
    """A place: its code, what it is, in which other place it lies, how much it takes."""

    code = forms.CharField(
        label=_("Place code"), max_length=40, help_text=_("As it stands on the place, A-01 for example.")
    )
    name = forms.CharField(label=pgettext_lazy("place", "Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind of place"), choices=PLACE_KINDS, initial="shelf")
    capacity = forms.IntegerField(
        label=_("Room for"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("How many volumes belong here at most; empty where nobody counts."),
    )  # fmt: skip
    parent = forms.ModelChoiceField(Place.objects.none(), label=_("Lies in"), required=False, empty_label="–")

    def __init__(self, branch: Branch, around: Place | None, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        holders = Place.objects.filter(branch=branch, closed_on=None)
        self.fields["parent"].queryset = holders.exclude(kind="box").order_by("code")  # type: ignore[attr-defined]
        if around is not None:
            self.fields["parent"].initial = around


class EditPlaceForm(NewPlaceForm):
    """A place that is there; it may be closed."""

    closed = forms.BooleanField(label=_("Closed: it takes nothing more"), required=False)


class RevealForm(forms.Form):
    """Why a masked value is needed."""

    purpose = forms.CharField(label=_("What do you need it for?"), max_length=200, min_length=2)


class ImportForm(forms.Form):
    """A sheet and what it holds."""

    kind = forms.ChoiceField(label=_("Kind of file"))
    upload = forms.FileField(label=_("Excel or CSV file"))
    past = forms.BooleanField(
        label=_("These files are history"), required=False, help_text=_("What is brought in as past opens no duties.")
    )


def looks_like(text: str) -> str:
    """A typed query made short enough to search for."""
    return fold(text)[:60]


class IncidentForm(forms.Form):
    """What went wrong with a file; whoever answers for it may be left open."""

    kind = forms.ChoiceField(label=_("What went wrong"))
    happened_on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
    cause = forms.CharField(label=_("What happened"), max_length=200)
    pieces = forms.IntegerField(label=_("Papers concerned"), min_value=1, max_value=9999, initial=1)
    person = forms.ChoiceField(label=_("Answers for it"), required=False)

    def __init__(self, viewer: Viewer, kinds: Mapping[str, str], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        people = {str(one.person_id): str(one.person) for one in held_on(viewer.branch, viewer.today)}
        self.fields["kind"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "–"), *sorted(people.items(), key=lambda one: one[1])]  # type: ignore[attr-defined]
        self.fields["happened_on"].initial = viewer.today.isoformat()
        self.fields["happened_on"].widget.attrs["max"] = viewer.today.isoformat()

    def clean_person(self) -> Person | None:
        """The chosen person."""
        chosen = self.cleaned_data["person"]
        return Person.objects.filter(pk=int(chosen)).first() if chosen else None


class SettleForm(forms.Form):
    """How an incident was dealt with."""

    handling = forms.CharField(label=_("How it was dealt with"), max_length=500)
    measures = forms.CharField(label=_("So that it does not happen again"), max_length=500, required=False)
    course = forms.CharField(label=_("How it went"), max_length=500, required=False)
