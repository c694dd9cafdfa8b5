"""The small forms of what is done to a file, a paper or a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kedang.customers.models import HOW_GIVEN, SCOPES
from kedang.files import asked
from kedang.files.models import FORMS, HOW_CONFIRMED
from kedang.files.viewing import Viewer
from kedang.rulebook import UNKNOWN
from kedang.rulebook.pack import FileKind, Require
from kedang.staff.models import Person, in_language
from kedang.staff.queries import held_on

DATE = forms.DateInput(attrs={"type": "date"})


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class HowForm(forms.Form):
    """How something was checked."""

    how = forms.CharField(label=_("How it was checked"), max_length=200, min_length=2)


class ConfirmForm(forms.Form):
    """Whether what is kept is still right."""

    how = forms.ChoiceField(label=_("Confirmed"), choices=[one for one in HOW_CONFIRMED if one[0]])


class PurposeForm(forms.Form):
    """What for something leaves the program."""

    purpose = forms.CharField(label=_("What do you need it for?"), max_length=200, min_length=2)
    marked = forms.BooleanField(label=_("Write on it who took it, when and what for"), required=False, initial=True)


class AssignForm(forms.Form):
    """Who is in charge from now on."""

    role = forms.ChoiceField(label=_("Role"))
    to = forms.ChoiceField(label=_("Given to"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, viewer: Viewer, kind: FileKind | None, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        roles = kind.roles if kind else {}
        people = {str(one.person_id): str(one.person) for one in held_on(viewer.branch, viewer.today)}
        self.fields["role"].choices = [(key, in_language(one.text.zh, one.text.en)) for key, one in roles.items()]  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", "–"), *sorted(people.items(), key=lambda one: one[1])]  # type: ignore[attr-defined]

    def clean_to(self) -> Person:
        """The chosen person."""
        return Person.objects.get(pk=self.cleaned_data["to"])


ASKED = {
    "record.format_agrees": _("Paper and format are as required"),
    "record.clear": _("Clear and legible"),
    "record.described": _("Described in words"),
    "record.dated": _("Dated"),
    asked.INK: _("Written with"),
    asked.QUALITIES: _("I confirm that it is"),
    asked.FORM: _("Original or copy"),
    asked.STAMP: _("Of a copy: with the stamp"),
    asked.PLACE: _("Of a copy: where the original is"),
    asked.ORIGINAL: _("Of a copy: the original is still there"),
    asked.ON_PAPER: _("Of an electronic document: its paper is here too"),
}


class PaperForm(forms.Form):
    """What the rules in force ask of a paper that comes in; ``said`` are the answers, as facts."""

    act = "record.add"
    leaves: frozenset[str] = frozenset()

    def __init__(self, viewer: Viewer, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.asked = asked.asked_of_papers(viewer.book, self.act, self.leaves)
        for fact in self.asked:
            self.fields[fact.partition(".")[2]] = self._field(viewer, fact)

    def _field(self, viewer: Viewer, fact: str) -> forms.Field:
        label = ASKED[fact]
        if fact in asked.TICKED:
            return forms.BooleanField(label=label, required=False)
        if fact == asked.FORM:
            return forms.ChoiceField(label=label, required=False, choices=FORMS[:2], initial=FORMS[0][0])
        if fact == asked.PLACE:
            return forms.CharField(label=label, required=False, max_length=100)
        words = asked.words_in_rules(viewer.book, self.act, fact)
        if fact == asked.QUALITIES:
            return forms.MultipleChoiceField(
                label=label, required=False, choices=words, widget=forms.CheckboxSelectMultiple
            )
        none = [("", "–"), (asked.OTHER, _("something else, or printed"))]
        return forms.ChoiceField(label=label, required=False, choices=[*none, *words])

    def clean(self) -> dict[str, Any]:
        """What the command takes: its own arguments, and what was said of the paper as one of them."""
        cleaned = super().clean() or {}
        said: dict[str, Any] = {}
        for fact in self.asked:
            value = cleaned.pop(fact.partition(".")[2], None)
            if fact in asked.TICKED:
                said[fact] = "yes" if value else "no"
            elif fact in asked.OF_COPY:
                said[fact] = value or ""
            else:
                said[fact] = tuple(value or ()) if fact == asked.QUALITIES else value or UNKNOWN
        return {**cleaned, "said": said}


class AddForm(PaperForm):
    """What is asked of papers that come in with the answers of a list, and, where something waits, which it is for."""

    def __init__(self, viewer: Viewer, things: list[tuple[str, str]], *args: Any, **kw: Any) -> None:
        super().__init__(viewer, *args, **kw)
        if things or self.data.get("settles"):  # whether it still waits is the command's to say: a form may come twice
            choices = [("", _("nothing that waits for it")), *things]
            self.fields["settles"] = forms.CharField(
                label=_("Entered for"), required=False, max_length=200, widget=forms.Select(choices=choices)
            )


class CheckForm(PaperForm):
    """What the check of a paper found."""

    act = "record.check"
    leaves = frozenset({"record.dated", *asked.OF_COPY})
    signed = forms.MultipleChoiceField(
        label=_("Signed by"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("customer", _("the customer")), ("staff", _("our staff")), ("third", _("a third party"))],
    )  # fmt: skip
    sides = forms.IntegerField(label=_("Sides"), min_value=0, max_value=9999, initial=1)
    pages = forms.IntegerField(label=_("Pages"), min_value=0, max_value=9999, initial=1)
    copies = forms.IntegerField(label=_("Copies"), min_value=0, max_value=9999, initial=1)
    dated = forms.BooleanField(label=_("Dated"), required=False)
    red_stamp = forms.BooleanField(label=_("With a stamp"), required=False)
    origin = forms.CharField(label=_("Where it comes from"), max_length=100, required=False)


class BroughtForm(PaperForm):
    """What is asked of papers that come later."""

    act = "record.supply"


class SupplyForm(BroughtForm):
    """A paper that comes later."""

    ends_on = forms.DateField(label=_("Valid until, if it runs out"), required=False, widget=DATE)


class ConsentForm(forms.Form):
    """What a customer agreed to."""

    scope = forms.ChoiceField(label=_("Agreement"), choices=SCOPES)
    purpose = forms.CharField(label=_("What the data are used for"), max_length=200)
    notice = forms.CharField(label=_("Notice that was shown"), max_length=100)
    version = forms.CharField(label=_("Version of the notice"), max_length=40)
    how = forms.ChoiceField(label=_("How it was given"), choices=HOW_GIVEN)


class ObjectForm(forms.Form):
    """An objection: nothing is asked."""


class CustomerForm(forms.Form):
    """A customer who becomes known; group and standing are asked where a rule in force names them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("person", _("person")), ("organization", _("organization"))])
    name = forms.CharField(label=_("Name"), max_length=100)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    identity = forms.CharField(label=_("Identity or registration number"), max_length=40, required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for key, fact, label in (
            ("group", "customer.kind", _("Group")),
            ("standing", "customer.status", _("Standing")),
        ):
            words = words_for(viewer, fact)
            if words:
                self.fields[key] = forms.ChoiceField(label=label, choices=[(one, one) for one in words])


def words_for(viewer: Viewer, fact: str) -> list[str]:
    """The words that the rules in force allow for a fact of a new customer."""
    rules = [one for one in viewer.book.rules_of(Require) if one.act == "customer.open"]
    return [str(word) for rule in rules for test in rule.that if test.fact == fact for word in test.values]
