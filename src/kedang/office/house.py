"""How a house counts working days and months, chosen when it adopts a policy; as a form, checked, and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kedang.acts.answers import Invalid
from kedang.rulebook import houses

WEEK = (
    ("1", gettext_lazy("Monday")), ("2", gettext_lazy("Tuesday")), ("3", gettext_lazy("Wednesday")),
    ("4", gettext_lazy("Thursday")), ("5", gettext_lazy("Friday")), ("6", gettext_lazy("Saturday")),
    ("7", gettext_lazy("Sunday")),
)  # fmt: skip
LEGAL, ROSTER, CALENDAR, PAYROLL = "legal", "roster", "calendar", "payroll"
DAYS = ((LEGAL, gettext_lazy("Legal working days")), (ROSTER, gettext_lazy("The house's own roster")))
MONTHS = ((CALENDAR, gettext_lazy("Calendar month")), (PAYROLL, gettext_lazy("Payroll month")))
SPLIT = re.compile(r"[\s,，、;；]+")
MOST_DAYS = 200
HOUSE = frozenset(houses.KEYS)


class HouseForm(forms.Form):
    """Working days and month, as the policy's adoption settles them."""

    days = forms.ChoiceField(label=gettext_lazy("Working days"), choices=DAYS, widget=forms.RadioSelect)
    week = forms.MultipleChoiceField(
        label=gettext_lazy("Days of the week that are worked"), choices=WEEK, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    holidays = forms.BooleanField(label=gettext_lazy("Legal holidays are free"), required=False)
    free = forms.CharField(
        label=gettext_lazy("Single days that are free"), required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("Days like 2026-05-08, with blanks between."),
    )  # fmt: skip
    worked = forms.CharField(
        label=gettext_lazy("Single days that are worked"), required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    month = forms.ChoiceField(
        label=gettext_lazy("What counts “within a month”"), choices=MONTHS, widget=forms.RadioSelect
    )
    month_from = forms.IntegerField(
        label=gettext_lazy("The payroll month begins on day"), required=False, min_value=2,
        max_value=houses.LAST_START,
    )  # fmt: skip

    def clean_free(self) -> str:
        """Single free days, in order."""
        return _days(self.cleaned_data["free"])

    def clean_worked(self) -> str:
        """Single worked days, in order."""
        return _days(self.cleaned_data["worked"])

    def clean(self) -> dict[str, Any]:
        """A roster needs its days, a payroll month the day on which it begins."""
        said = super().clean() or {}
        if said.get("days") == ROSTER and not said.get("week"):
            self.add_error("week", _("Say which days of the week are worked."))
        if said.get("month") == PAYROLL and not said.get("month_from") and "month_from" not in self.errors:
            self.add_error("month_from", _("Say on which day the payroll month begins, from 2 to 28."))
        both = set(str(said.get("free", "")).split()) & set(str(said.get("worked", "")).split())
        if both:
            self.add_error("worked", _("%(day)s stands under both.") % {"day": min(both)})
        return said

    def house(self) -> dict[str, str | int]:
        """What was chosen, as settings; nothing for what is usual."""
        said = self.cleaned_data
        found: dict[str, str | int] = {}
        if said["month"] == PAYROLL:
            found[houses.MONTH_FROM] = said["month_from"]
        if said["days"] == ROSTER:
            found[houses.WEEK] = ",".join(sorted(said["week"]))
            found[houses.HOLIDAYS] = "yes" if said["holidays"] else "no"
            found |= {key: said[name] for key, name in ((houses.FREE, "free"), (houses.WORKED, "worked")) if said[name]}
        return found


def shown_in_form(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with."""
    week = str(settings.get(houses.WEEK, ""))
    month_from = houses.month_from(settings)
    return {
        "days": ROSTER if week else LEGAL, "week": week.split(",") if week else ["1", "2", "3", "4", "5"],
        "holidays": settings.get(houses.HOLIDAYS, "yes") == "yes", "free": settings.get(houses.FREE, ""),
        "worked": settings.get(houses.WORKED, ""), "month": PAYROLL if month_from > 1 else CALENDAR,
        "month_from": month_from if month_from > 1 else None,
    }  # fmt: skip


def _days(said: str) -> str:
    """Days as they are stored.  Raises ``ValidationError`` with the one that is none."""
    found = set()
    for one in filter(None, SPLIT.split(said)):
        try:
            found.add(date.fromisoformat(one).isoformat())
        except ValueError:
            raise forms.ValidationError(_("“%(said)s” is not a day; write 2026-05-08.") % {"said": one}) from None
    if len(found) > MOST_DAYS:
        raise forms.ValidationError(_("At most %(n)d days.") % {"n": MOST_DAYS})
    return " ".join(sorted(found))


def housed(given: Mapping[str, Any]) -> dict[str, str | int]:
    """The settings of a house, checked once more.  Raises ``Invalid``."""
    try:
        starts, roster = houses.month_from(given), houses.roster_of(given)
    except (ValueError, TypeError):
        starts, roster = 0, None
    week = frozenset(range(7)) if roster is None else roster.week
    if not 1 <= starts <= houses.LAST_START or not week or not week <= frozenset(range(7)):
        raise Invalid({"house": _("The working days or the month cannot be read; choose them anew.")})
    return {key: given[key] for key in houses.KEYS if key in given}


def in_words(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an adoption settled about days and months, for a page."""
    starts = houses.month_from(settings)
    month = _("from day %(n)d to the day before") % {"n": starts} if starts > 1 else _("Calendar month")
    return [(_("Working days"), _roster(settings)), (_("What counts “within a month”"), str(month))]


def _roster(settings: Mapping[str, Any]) -> str:
    week = str(settings.get(houses.WEEK, ""))
    if not week:
        return _("Legal working days")
    names = dict(WEEK)
    said = [", ".join(str(names[day]) for day in week.split(","))]
    said.append(_("legal holidays free") if settings.get(houses.HOLIDAYS, "yes") == "yes" else _("no legal holidays"))
    for key, label in ((houses.FREE, _("free: %(days)s")), (houses.WORKED, _("worked: %(days)s"))):
        if settings.get(key):
            said.append(label % {"days": settings[key]})
    return " · ".join(said)
