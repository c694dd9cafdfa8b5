"""What happened, as the engine reads it: an event, the ids that it carries and the facts that it brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kedang.rulebook.conditions import Value

# Handed in by the clock for each day, never kept: opens what recurs or has become true.
DAY_BEGAN = "day.began"
DUTY_EXTENDED = "duty.extended"
DUTY_MOVED = "duty.moved"
DUTY_DROPPED = "duty.dropped"


@dataclass(frozen=True)
class Event:
    """One thing that happened to one subject.

    `subject` is "kind:id". `about` holds the ids that the event carries, by noun: {"file": "12", "handover":
    "7"}. `data` holds facts, by full name ("handover.set") or by the name within the event's noun ("set"). An
    event that was imported as `past` opens no duty. `recorded_at` stands in the house's own time.
    """

    id: int
    name: str
    act: str
    happened_on: dt.date
    recorded_at: dt.datetime
    subject: str
    actor: str
    about: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    past: bool = False

    @property
    def moment(self) -> dt.datetime | None:
        """When on its day it happened: when it was recorded, if that was on the same day; else nobody knows."""
        return self.recorded_at if self.recorded_at.date() == self.happened_on else None

    def id_of(self, noun: str) -> str:
        """The id of the `noun` that this event is about, or "" if it carries none."""
        kind, _, key = self.subject.partition(":")
        return self.about.get(noun, key if kind == noun else "")

    def facts(self) -> dict[str, Value]:
        """The facts that the event brings, by full name; yes and no for truth values, tuples for lists."""
        noun = self.name.partition(".")[0]
        return {
            key if "." in key else f"{noun}.{key}": plain(value)
            for key, value in self.data.items()
            if value is not None
        }

    def date(self, fact: str) -> dt.date:
        """The date fact that the event brings; without it the day on which the event happened."""
        found = self.facts().get(fact)
        return found if isinstance(found, dt.date) else self.happened_on

    def dates(self) -> dict[str, dt.date]:
        """Every date fact that the event brings."""
        return {key: value for key, value in self.facts().items() if isinstance(value, dt.date)}


def plain(value: object) -> Value:
    """A stored value as a fact: true is "yes", a list is a tuple, an ISO date is a date, a float its decimals.

    Raises TypeError for what can be no fact.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(str(item) for item in value)
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, (str, int, Decimal, dt.date)):
        return value
    raise TypeError(f"{value!r} is no fact: a text, number, date, truth value or list is")
