"""A sheet against the pack: which column is which field, and what is wrong with a row before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from kedang.customers.tokens import fold
from kedang.files.fields import WrongValue, clean, read_date
from kedang.rulebook.pack import FileKind
from kedang.staff.models import Branch, Person, in_language


@dataclass
class Row:
    """One row as it would be written, or why it is not."""

    no: int
    values: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def targets(kind: FileKind) -> dict[str, tuple[str, str]]:
    """What a column can mean: "field:owner", "date:delivered", "role:consultant", with its names (zh, en)."""
    found = {f"field:{key}": (one.text.zh, one.text.en) for key, one in kind.fields.items()}
    found |= {f"date:{key}": (f"{one.text.zh}日期", f"{one.text.en} on") for key, one in kind.milestones.items()}
    found |= {f"role:{key}": (one.text.zh, one.text.en) for key, one in kind.roles.items()}
    return found


def guess(kind: FileKind, head: Sequence[str]) -> dict[str, str]:
    """Column number (as text, for JSON) to what it means, where its head says so."""
    names: dict[str, str] = {}
    for target, (zh, en) in targets(kind).items():
        key = target.partition(":")[2]
        date_key = kind.milestones[key].date.partition(".")[2] if target.startswith("date:") else key
        for name in (zh, en, key, date_key):
            names.setdefault(fold(name), target)
    found: dict[str, str] = {}
    for number, name in enumerate(head):
        target = names.get(fold(name.rstrip("*")), "")
        if target and target not in found.values():
            found[str(number)] = target
    return found


def people_of(branch: Branch, on: date) -> dict[str, str]:
    """User names and unambiguous names of the branch's people, folded, to their ids."""
    rows = Person.objects.filter(holdings__branch=branch, holdings__since__lte=on, is_active=True).distinct()
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for person in rows:
        for name in {fold(person.name), fold(person.name_en), fold(person.username)} - {""}:
            if found.setdefault(name, str(person.pk)) != str(person.pk):
                doubled.add(name)
    return {name: key for name, key in found.items() if name not in doubled}


def _read(row: Row, kind: FileKind, target: str, text: str, people: Mapping[str, str], today: date) -> None:
    what, _sep, key = target.partition(":")
    names = targets(kind)[target]
    label = in_language(*names)
    try:
        if what == "field":
            row.values[key] = clean(kind.fields[key], text)
        elif what == "date" and text:
            row.dates[key] = read_date(text)
            if row.dates[key] > today:
                raise WrongValue(_("This day is still to come."))
        elif what == "role" and text:
            if fold(text) not in people:
                raise WrongValue(_("Nobody in this branch has this name, or several have."))
            row.roles[key] = people[fold(text)]
    except WrongValue as error:
        row.reasons.append(f"{label}: {error}")


def check(
    kind: FileKind, mapping: Mapping[str, str], rows: Sequence[Sequence[str]], *, branch: Branch, today: date
) -> list[Row]:
    """Every row read and checked; nothing is written.  Rows count from 2, as the sheet shows them."""
    people = people_of(branch, today) if any(one.startswith("role:") for one in mapping.values()) else {}
    seen: dict[str, int] = {}
    found = []
    for number, cells in enumerate(rows, 2):
        row = Row(number)
        for column, target in mapping.items():
            if target in targets(kind) and int(column) < len(cells):
                _read(row, kind, target, cells[int(column)], people, today)
        _gates(row, kind)
        own = row.values.get(kind.one_per, "")
        if own and kind.one_until not in row.dates and seen.setdefault(own, number) != number:
            row.reasons.append(_("The same as in row %(row)s.") % {"row": seen[own]})
        found.append(row)
    return found


def _gates(row: Row, kind: FileKind) -> None:
    said = len(row.reasons)
    for key, one in kind.fields.items():
        if one.strength == "gate" and key in row.values and not row.values[key]:
            row.reasons.append(_("%(field)s is empty.") % {"field": in_language(one.text.zh, one.text.en)})
        elif one.strength == "gate" and key not in row.values and not said:
            row.reasons.append(
                _("No column is mapped to %(field)s.") % {"field": in_language(one.text.zh, one.text.en)}
            )
