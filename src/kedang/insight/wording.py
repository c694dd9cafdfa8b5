"""Figures in the reader's language: the names of groups, the numbers, the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.custody.models import STATUSES as HANDOVER_STATUSES
from kedang.duties.models import STATUSES as DUTY_STATUSES
from kedang.files.models import FILE_STATUSES
from kedang.insight.queries import Card, Row
from kedang.insight.tallies import Question
from kedang.lib.whole import whole
from kedang.loans.models import STATUSES as LOAN_STATUSES
from kedang.rulebook import explain
from kedang.rulebook.pack import Measure
from kedang.sanctions.models import STATUSES as BREACH_STATUSES
from kedang.staff.models import Branch, Person, in_language
from kedang.staff.queries import held_on, units_of

STATUSES: dict[str, dict[str, Any]] = {
    "duties": dict(DUTY_STATUSES), "handovers": dict(HANDOVER_STATUSES), "files": dict(FILE_STATUSES),
    "loans": dict(LOAN_STATUSES), "breaches": dict(BREACH_STATUSES), "defects": dict(BREACH_STATUSES),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One group as a screen shows it."""

    label: str
    part: str
    whole: str
    percent: str
    change: str
    trend: str
    url: str
    part_url: str


@dataclass(frozen=True)
class Shown:
    """A card as a screen shows it."""

    refs: tuple[str, ...]
    title: str
    said: str
    period: str
    share: bool
    frozen: bool
    lines: tuple[Line, ...]
    ref: str
    name: str
    can_freeze: bool  # by a person: its period is over, and no clause lets the clock do it


def show(cards: Iterable[Card], branch: Branch, today: date) -> list[Shown]:
    """The cards in words; one statement at most, for the names of people who hold no post today."""
    found = list(cards)
    people = {row.group for card in found if card.question.by == "person" for row in card.rows if row.group}
    names = {str(one.person_id): str(one.person) for one in held_on(branch, today)}
    gone = [int(one) for one in people if one not in names]
    names |= {str(pk): str(one) for pk, one in Person.objects.in_bulk(gone).items()} if gone else {}
    units = {one.key: str(one) for one in units_of(branch)}
    return [_shown(card, branch, names, units, today) for card in found]


def name_of(one: Question, group: str, branch: Branch) -> str:
    """One group by its name."""
    if one.scope.name == "mine":
        return _("Mine")
    known = Person.objects.filter(pk=whole(group) or 0) if one.by == "person" else Person.objects.none()
    units = {row.key: str(row) for row in units_of(branch)}
    return label(one, group, branch, {str(row.pk): str(row) for row in known}, units)


def title(rule: Measure) -> str:
    """What a measure is about, in a few words."""
    return {
        "share_on_time": _("On time"), "share_complete": _("Complete"), "count": _("How many"), "sum": _("Sum"),
        "age": _("Age"),
    }[rule.of] + " · " + over_words(rule.over)  # fmt: skip


def over_words(over: str) -> str:
    """The rows of a measure in words; a pack's own word where the program has none."""
    return {
        "duties": _("duties"), "handovers": _("first handovers"), "records": _("papers of new files"),
        "files": _("new files"), "loans": _("loans"), "consultations": _("readings on the spot"),
        "defects": _("defects"), "breaches": _("breaches"),
    }.get(over, over)  # fmt: skip


def said(rule: Measure, pack: Any) -> str:
    """The rule in plain words."""
    return explain(rule, pack, get_language() or "zh")


def _shown(card: Card, branch: Branch, names: dict[str, str], units: dict[str, str], today: date) -> Shown:
    one = card.question
    mine = one.scope.name == "mine"
    lines = tuple(
        _line(card, row, _("Mine") if mine else label(one, row.group, branch, names, units)) for row in card.rows
    )
    refs = tuple(dict.fromkeys(rule.ref for rule in card.rules))
    return Shown(
        refs, title(one.rule), said(one.rule, one.pack), str(one.period), card.share, card.frozen, lines,
        one.rule.ref, one.rule.name, not card.frozen and not one.rule.frozen and one.period.last < today,
    )  # fmt: skip


def label(one: Question, group: str, branch: Branch, names: dict[str, str], units: dict[str, str]) -> str:
    """A group by its name in the reader's language."""
    if one.by == "branch":
        return branch.name
    if one.by == "person":
        return names.get(group, group) or _("nobody by name")
    if one.by == "unit":
        declared: Any = one.pack.units.get(group)
        return units.get(group) or _text(declared) or group or _("no department")
    declared = one.pack.posts.get(group) if one.by == "post" else None
    if one.by == "kind":
        declared = one.pack.files.get(group) or one.pack.defects.get(group)
    if one.by == "status":
        return str(STATUSES.get(one.rule.over, {}).get(group, group))
    if one.by == "clause":
        return group.partition(":")[2]
    return _text(declared) or group or "–"


def _text(declared: Any) -> str:
    """A declared thing's own words."""
    text = getattr(declared, "text", declared)
    return in_language(text.zh, text.en) if text is not None and hasattr(text, "zh") else ""


def _line(card: Card, row: Row, name: str) -> Line:
    figure, percent = row.figure, row.figure.share_percent
    change = row.change
    trend = "same" if not change else "up" if change > 0 else "down"
    shown = "" if change is None else "0" if not change else f"{change:+.1f}" if card.share else f"{change:+f}"
    return Line(
        label=name, part=f"{figure.part:f}", whole=str(figure.whole),
        percent="" if percent is None else f"{percent:.1f}".removesuffix(".0") + " %",
        change=shown, trend=trend, url=_url(card, row), part_url=_url(card, row, "part"),
    )  # fmt: skip


def _url(card: Card, row: Row, only: str = "") -> str:
    one = card.question
    asked = {
        "ref": one.rule.ref, "name": one.rule.name, "month": f"{one.period.first:%Y-%m}", "scope": one.scope.name,
        "group": row.group, "only": only,
    }  # fmt: skip
    return f"{reverse('insight:rows')}?{urlencode({key: value for key, value in asked.items() if value})}"
