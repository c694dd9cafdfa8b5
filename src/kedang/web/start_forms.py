"""Forms of the first start: the house and its policies, then its people, what the policies leave open, the hearing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.office import candidates
from kedang.office.adoption_forms import INPUT, date_field
from kedang.office.staff_services import CODE
from kedang.rulebook import Pack
from kedang.rulebook.pack import Consent
from kedang.staff.models import Person
from kedang.web import starting
from kedang.web.clauses import in_language

ALWAYS = ("administrator", "general-manager")
USERNAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"


class HouseForm(forms.Form):
    """The code of the terminal, the organization's first branch, and the policies to adopt."""

    code = forms.CharField(label=gettext_lazy("Code from the terminal"), max_length=20)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100, required=False)
    branch = forms.CharField(
        label=gettext_lazy("Short code of the branch"), max_length=20, initial="HQ",
        help_text=gettext_lazy("Stands in file numbers; never changes."),
    )  # fmt: skip
    packs = forms.MultipleChoiceField(
        label=gettext_lazy("Policies to adopt"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one: without a policy nothing is allowed.")},
    )  # fmt: skip

    def __init__(self, packs: Sequence[Pack], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        choices = [(one.name, f"{in_language(one.title)} ({len(one.clauses)})") for one in packs]
        self.fields["packs"].choices = choices  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs["autocomplete"] = "off"

    def clean_code(self) -> str:
        """The code, or nobody founds anything."""
        if not starting.fits(self.cleaned_data["code"]):
            raise ValidationError(_("This is not the code that the terminal shows."))
        return str(self.cleaned_data["code"])

    def clean_branch(self) -> str:
        """Letters, digits, hyphens."""
        if not CODE.match(self.cleaned_data["branch"]):
            raise ValidationError(_("Write letters, digits and hyphens, at most twenty."))
        return str(self.cleaned_data["branch"])


@dataclass
class Someone:
    """A person of the first day as the form names them, with all posts typed for the same user name."""

    username: str
    name: str
    posts: list[str] = field(default_factory=list)


class PeopleForm(forms.Form):
    """Who administers, who holds which post, what the policies leave open, how staff were heard."""

    password = forms.CharField(
        label=gettext_lazy("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters, not only digits, none of the common ones, not your name."),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    heard_on = date_field(gettext_lazy("Day of the hearing"), required=False)
    hearing = forms.CharField(
        label=gettext_lazy("How staff were heard and told"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("May follow later; until it is on record, sanctions are not enforceable."),
    )  # fmt: skip

    def __init__(self, packs: Sequence[Pack], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.packs = [one for one in packs if one.rank == "policy"]
        base = {key: post for one in packs if one.rank == "base" for key, post in one.posts.items()}
        self.posts = {key: base[key] for key in ALWAYS if key in base}
        for one in self.packs:
            self.posts |= {key: post for key, post in one.posts.items() if key not in ALWAYS}
        for key in self.posts:
            needed = key == ALWAYS[0]
            self.fields[f"name_{key}"] = forms.CharField(required=needed, max_length=60, widget=INPUT)
            self.fields[f"user_{key}"] = forms.RegexField(
                USERNAME, required=needed, widget=INPUT,
                error_messages={"invalid": _("Write Latin letters, digits, full stop, hyphen.")},
            )  # fmt: skip
        for one in packs:
            for key, default in one.defaults.items():
                self.fields[f"default_{one.slug}_{key}"] = forms.CharField(
                    required=False, initial=str(default.value), max_length=60, widget=INPUT
                )

    def post_rows(self) -> list[dict[str, Any]]:
        """Each post with its two fields."""
        return [
            {"post": post, "name": self[f"name_{key}"], "user": self[f"user_{key}"]} for key, post in self.posts.items()
        ]

    def steps(self) -> list[tuple[str, ...]]:
        """Whom the chosen policies name to sign them, step by step; the general manager where they name nobody."""
        steps = [
            tuple(who for who in step.who if who in self.posts)
            for pack in self.packs
            for rule in pack.rules()
            if isinstance(rule, Consent) and rule.act == "policy.adopt"
            for step in rule.steps
        ]
        last_counts = reversed([one for one in steps if one])
        return list(dict.fromkeys(last_counts))[::-1] or [("general-manager",)]

    def approvers(self) -> tuple[str, ...]:
        """The posts of all steps."""
        return tuple(dict.fromkeys(post for step in self.steps() for post in step))

    def people(self) -> list[Someone]:
        """The persons, one for each user name, the administrator first."""
        found: dict[str, Someone] = {}
        for key in self.posts:
            user, name = self.cleaned_data.get(f"user_{key}", ""), self.cleaned_data.get(f"name_{key}", "")
            if user:
                found.setdefault(user, Someone(user, name)).posts.append(key)
        return list(found.values())

    def settled(self, pack: Pack) -> dict[str, str | int]:
        """What was chosen for this pack's open defaults.  Raises ``Invalid`` out of bounds."""
        prefix = f"default_{pack.slug}_"
        given = {name[len(prefix) :]: str(said) for name, said in self.cleaned_data.items() if name.startswith(prefix)}
        return candidates.settled(pack, given)

    def clean(self) -> dict[str, Any]:
        """Names with user names, one name for one user name, somebody who approves, a password that holds."""
        given = super().clean() or {}
        names: dict[str, str] = {}
        for key in self.posts:
            user, name = given.get(f"user_{key}", ""), given.get(f"name_{key}", "")
            if name and not user and f"user_{key}" not in self.errors:
                self.add_error(f"user_{key}", _("Give a user name."))
            elif user and not name and user not in names:
                self.add_error(f"name_{key}", _("Give a name."))
            elif user and name and names.setdefault(user.lower(), name) != name:
                self.add_error(f"user_{key}", _("This user name stands above for somebody else."))
        self._check_password(given)
        for step in self.steps():
            if not any(given.get(f"user_{post}") for post in step) and f"user_{step[0]}" not in self.errors:
                self.add_error(f"user_{step[0]}", _("The policy is approved by this post: name who holds it."))
        return given

    def _check_password(self, given: dict[str, Any]) -> None:
        password = given.get("password", "")
        if password and password != given.get("again"):
            self.add_error("again", _("This is not the same."))
        try:
            validate_password(password, Person(username=given.get("user_administrator", ""), name=""))
        except ValidationError as wrong:
            if password:
                self.add_error("password", wrong)
