"""Forms of adoption: take up a wording, give its posts, settle its open defaults, record a hearing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kedang.adoptions.models import Draft
from kedang.rulebook import Book, Pack
from kedang.rulebook.explaining import explain_with
from kedang.rulebook.naming import Namer
from kedang.rulebook.words import PERIOD_WORDS, TRAITS
from kedang.staff.models import Branch, Person, PostHolding

MOST_BYTES = 1_000_000
SELECT = forms.Select(attrs={"class": "form-select"})  # fields copy their widget
INPUT = forms.TextInput(attrs={"class": "form-control"})


def date_field(label: Any, **options: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _also_for(others: Sequence[Draft]) -> forms.BooleanField:
    """Whether what is said here is said for the branches that go along."""
    names = _(", ").join(str(one.branch) for one in others)
    return forms.BooleanField(label=_("Also for: %(branches)s") % {"branches": names}, required=False)


class TakeUpForm(forms.Form):
    """A policy of the box, or an uploaded file with its cases; where there are several branches, for which."""

    pack = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    file = forms.FileField(label=gettext_lazy("Policy (YAML)"), required=False)
    cases = forms.FileField(label=gettext_lazy("Its cases (YAML)"), required=False)
    branches = forms.MultipleChoiceField(
        label=gettext_lazy("For which branches"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Tick at least one branch."),
            "invalid_choice": gettext_lazy("In one of these branches you may not draft a policy."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, branches: Sequence[Branch] = (), here: Branch | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name in ("file", "cases"):
            self.fields[name].widget.attrs["form"] = "take-up"  # they stand beside the list, outside its form
        if not branches:
            del self.fields["branches"]
            return
        field = self.fields["branches"]
        field.choices = [(str(one.pk), str(one)) for one in branches]  # type: ignore[attr-defined]
        field.initial = [str(here.pk)] if here in branches and here else []

    def clean(self) -> dict[str, Any]:
        """One of the two; nothing larger than a megabyte is read at all."""
        given = super().clean() or {}
        for name in ("file", "cases"):
            if given.get(name) is not None and given[name].size > MOST_BYTES:
                self.add_error(name, _("A policy has at most 1 MB."))
        if not given.get("pack") and given.get("file") is None and not self.errors:
            self.add_error("file", _("Choose a policy of the box or upload a file."))
        return given


class ChoicesForm(forms.Form):
    """What an adoption settles: who gets each post, the open defaults, the first day."""

    in_force_from = date_field(gettext_lazy("In force from"), required=False)

    def __init__(
        self, *args: Any, draft: Draft, pack: Pack, book: Book, holders: Iterable[PostHolding],
        others: Sequence[Draft] = (), **kw: Any,
    ) -> None:  # fmt: skip
        same = all((one.settings, one.in_force_from) == (draft.settings, draft.in_force_from) for one in others)
        kw.setdefault("initial", {"in_force_from": draft.in_force_from, "alike": same})
        super().__init__(*args, **kw)
        if others:
            self.fields["alike"] = _also_for(others)
        self.pack, self.holders, self.namer = pack, list(holders), Namer(pack, get_language() or "zh")
        self.people = list(Person.objects.filter(is_active=True).order_by("username"))
        for key in pack.posts:
            chosen = draft.posts.get(key, {})
            self.fields[f"post_{key}"] = self._who(self._words(book), chosen.get("people", []))
            self.fields[f"deputy_{key}"] = self._who({}, chosen.get("deputies", []))
        for key, default in pack.defaults.items():
            self.fields[f"default_{key}"] = self._setting(draft.settings.get(key, default.value), default.may_be)

    def _words(self, book: Book) -> dict[str, str]:
        held = dict.fromkeys(row.post for row in self.holders)
        names = {key: post.text.get(get_language() or "zh") for pack in book.packs for key, post in pack.posts.items()}
        return {f"as:{post}": names.get(post, post) for post in held}

    def _who(self, same_as: Mapping[str, str], chosen: Sequence[int]) -> forms.ChoiceField:
        """Nobody yet, one person, or everybody who holds a post now; several chosen before stay chosen."""
        choices: list[Any] = [("", _("– nobody yet –"))]
        if len(chosen) > 1:
            choices.append(("+".join(map(str, chosen)), _("the %(n)d chosen before") % {"n": len(chosen)}))
        choices += [(str(one.pk), str(one)) for one in self.people]
        if same_as:
            choices.append((_("Everybody who now is"), list(same_as.items())))
        return forms.ChoiceField(choices=choices, required=False, initial="+".join(map(str, chosen)), widget=SELECT)

    def rows(self) -> list[dict[str, Any]]:
        """Each post with who holds it already and the two choices."""
        held: dict[str, list[Person]] = {}
        for row in self.holders:
            held.setdefault(row.post, []).append(row.person)
        return [
            {"post": post, "held": held.get(key, []), "who": self[f"post_{key}"], "deputy": self[f"deputy_{key}"]}
            for key, post in self.pack.posts.items()
        ]

    def defaults(self) -> list[dict[str, Any]]:
        """Each open default with the clauses that it completes and their rules, which say its unit; its own value, its
        bounds and the choice."""
        return [
            {
                "key": key, "own": self._said(one.value), "field": self[f"default_{key}"],
                "bounds": [_("a pattern") if bound == "pattern" else self._said(bound) for bound in one.may_be],
                "name": self.namer.fact(key) if key.partition(".")[2] in TRAITS else "",
                "clauses": [
                    (clause, [explain_with(self.namer, rule) for rule in clause.rules if f"'{key}'" in repr(rule)])
                    for clause in self.pack.clauses.values() if f"'{key}'" in repr(clause.rules)
                ],
            }
            for key, one in self.pack.defaults.items()
        ]  # fmt: skip

    def posts(self) -> dict[str, dict[str, list[int]]]:
        """The mapping as the command takes it."""
        return {
            key: {"people": self._ids(f"post_{key}"), "deputies": self._ids(f"deputy_{key}")} for key in self.pack.posts
        }

    def _ids(self, name: str) -> list[int]:
        value = self.cleaned_data.get(name, "")
        if value.startswith("as:"):
            return [row.person_id for row in self.holders if row.post == value[3:]]
        return [int(part) for part in value.split("+") if part]

    def settings(self) -> dict[str, str]:
        """What was typed for each open default."""
        return {key: self.cleaned_data.get(f"default_{key}", "") for key in self.pack.defaults}

    def _said(self, value: str | int) -> str:
        """A value of a default in words; a number and a pattern are said as they stand."""
        key = str(value)
        return self.namer.word(PERIOD_WORDS, key) if key in PERIOD_WORDS else self.namer.value(value)

    def _setting(self, value: str | int, bounds: Sequence[str | int]) -> forms.Field:
        if isinstance(value, int) or "pattern" in bounds or not bounds:
            return forms.CharField(required=False, initial=str(value), max_length=60, widget=INPUT)
        choices = [(str(one), self._said(one)) for one in bounds]
        return forms.ChoiceField(choices=choices, initial=str(value), required=False, widget=SELECT)


class InterpretationForm(forms.Form):
    """What a clause means, and since when that was said."""

    text = forms.CharField(
        label=gettext_lazy("What the clause means"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    said_on = date_field(gettext_lazy("Day"), required=False)


class HearingForm(forms.Form):
    """How staff were heard and told."""

    heard_on = date_field(gettext_lazy("Day"))
    note = forms.CharField(
        label=gettext_lazy("How staff were heard and told"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The meeting or posting, who was there, what was said. Sanctions wait for this record."),
    )  # fmt: skip

    def __init__(self, *args: Any, others: Sequence[Draft] = (), **kw: Any) -> None:
        super().__init__(*args, **kw)
        if others:
            self.fields["alike"] = _also_for(others)
            self.fields["alike"].initial = True
