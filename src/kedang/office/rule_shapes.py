"""What a form asks for each body of a rule: its keys from the schema, each with the kind of field that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kedang.rulebook import schema

# what the schema knows only as a text: from which names it is chosen
CHOSEN: Mapping[str, str] = {
    "who": "people", "except_who": "people", "decided_by": "people",
    "lifts": "clauses", "instead_of": "clauses", "besides": "clauses", "opens": "clauses",
    "duty.after": "events", "drops_on": "events", "done_by": "events",
    "repeat.after": "events", "repeat.until": "events",
    "reach": "milestones", "duty.from": "dates", "about": "things", "round": "rounds", "refs": "refs",
}  # fmt: skip
# texts for which the page proposes words
PROPOSED: Mapping[str, str] = {
    "duty.by": "points", "per": "counted", "measure.by": "columns", "over": "tables", "key": "settings",
    "settle.value": "valued", "share_percent": "settings",
    "pick": "facts", "keep": "facts", "order_by": "orders", "classify.field": "facts",
}  # fmt: skip
# what stands open; the rest is folded away until it is filled
LEADING: Mapping[str, tuple[str, ...]] = {
    "permit": ("act", "who", "when", "only"),
    "forbid": ("act", "who", "except_who", "when"),
    "require": ("act", "that", "when"),
    "consent": ("act", "who", "from", "when"),
    "duty": (
        "after", "every", "when_true", "when", "who", "about", "done_by", "reach", "within_working_days", "within_days",
        "by", "in", "from",
    ),
    "sanction": ("for", "fine_cny", "fine_cny_from", "fine_cny_to", "measure", "per", "decided_by"),
    "choose": ("for", "rank", "when", "pick", "keep", "order_by", "share_percent", "free"),
}  # fmt: skip
BY_SCHEMA = (
    (schema.STEPS, "steps"), (schema.BREACH, "breach"), (schema.BOTH, "both"), (schema.DAYS, "days"),
    (schema.MONTHS, "days"), (schema.YEARS, "days"), (schema.HOURS, "days"), (schema.MINUTES, "days"),
    (schema.EVERY, "every"), (schema.ACT, "act"), (schema.TESTS, "conditions"), (schema.MONEY, "money"),
)  # fmt: skip
SHOW, DECLARE, SETTLE = "show", "declare", "settle"


@dataclass(frozen=True)
class Key:
    """A key of a body: ``kind`` says which field asks for it, ``many`` that it holds several."""

    body: str
    name: str
    kind: str
    many: bool = False
    required: bool = False
    source: str = ""  # where its choices or proposals come from
    choices: tuple[str, ...] = ()
    leading: bool = True

    @property
    def proposed(self) -> str:
        """For a field that can hold any text: where the words that it proposes come from."""
        return "days" if self.kind == "days" else self.source if self.kind == "text" else ""


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, tuple[Key, ...]]:
    """The keys of every body in the order in which a form asks for them."""
    found: dict[str, tuple[Key, ...]] = {SHOW: ()}
    for rule in schema.pack_schema()["$defs"]["rule"]["oneOf"]:
        for body, shape in rule.get("properties", {}).items():
            found[body] = _ordered(body, shape)
    found[DECLARE] = (Key(DECLARE, "refs", "select", many=True, required=True, source="refs"),)
    found[SETTLE] = (
        Key(SETTLE, "key", "text", required=True, source="settings"),
        Key(SETTLE, "value", "text", required=True),
        Key(SETTLE, "when", "conditions"),
    )
    return found


def _ordered(body: str, shape: Mapping[str, Any]) -> tuple[Key, ...]:
    properties = shape.get("properties", {})
    leading = LEADING.get(body, tuple(properties))
    names = [*(name for name in leading if name in properties), *(name for name in properties if name not in leading)]
    required = shape.get("required", ())
    return tuple(_key(body, name, properties[name], name in required, name in leading) for name in names)


def _key(body: str, name: str, shape: Mapping[str, Any], required: bool, leading: bool) -> Key:
    leading = leading or required
    found: dict[str, Any] = {"required": required, "leading": leading}
    for known, kind in BY_SCHEMA:
        if shape == known:
            return Key(body, name, kind, **found)
    if shape.get("type") == "object":
        return Key(body, name, "series", **found)
    if "enum" in shape:
        return Key(body, name, "choice", choices=tuple(shape["enum"]), **found)
    if "minimum" in shape:
        return Key(body, name, "whole", **found)
    many = "anyOf" in shape
    if (body, name) == ("duty", "in"):
        return Key(body, name, "window", many=True, **found)
    chosen = CHOSEN.get(f"{body}.{name}", CHOSEN.get(name, ""))
    if chosen:
        return Key(body, name, "select", many=many, source=chosen, **found)
    proposed = PROPOSED.get(f"{body}.{name}", PROPOSED.get(name, ""))
    return Key(body, name, "text", many=many, source=proposed, **found)
