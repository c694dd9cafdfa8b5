"""A rule between the form and the text: from YAML's plain values to what fields hold, and back.

What a person typed is kept as it was typed, so that a form comes back whole when something is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kedang.office.clause_text import Plain, Where
from kedang.office.rule_offers import Offers
from kedang.office.rule_shapes import DECLARE, SETTLE, SHOW, Key, shapes

BETWEEN = re.compile(r"[、,，;；\n]+")
COMPARING = ("without", "differs_from")  # bounds whose values are other facts
LATE_HERE = "late:."  # late under the very clause of the form, whatever its number will be
PAIR = ("key", "zh", "en")  # a choice and its names
FIELDS = ("id", "zh", "en", "superseded_by", "note")
Typed = Any


@dataclass
class RuleTyped:
    """One rule as its fields hold it."""

    body: str
    values: dict[str, Typed] = field(default_factory=dict)


@dataclass
class ClauseTyped:
    """One clause as its fields hold it; ``kept`` are keys that no field asks for."""

    texts: dict[str, str]
    rules: list[RuleTyped]
    kept: dict[str, Plain] = field(default_factory=dict)


Errors = dict[Where, list[str]]


def of_clause(clause: Mapping[str, Plain], offers: Offers) -> ClauseTyped:
    """A clause of the text as the form shows it."""
    kept = {key: value for key, value in clause.items() if key not in (*FIELDS, "rules")}
    rules = clause.get("rules", [])
    typed = [of_rule(one, offers) for one in rules if isinstance(rules, list)]
    for rule in typed:
        if rule.values.get("for") == f"late:{clause.get('id')}":
            rule.values["for"] = LATE_HERE
    return ClauseTyped({key: str(clause.get(key, "")) for key in FIELDS}, typed, kept)


def of_rule(rule: Plain, offers: Offers) -> RuleTyped:
    """A rule of the text as its fields show it."""
    if isinstance(rule, str):
        return RuleTyped(rule)
    body, value = next(iter(rule.items()))
    if body == DECLARE:
        value = {"refs": value}
    elif body == SETTLE:
        key = next((one for one in value if one != "when"), "")
        value = {"key": key, "value": value.get(key, ""), **({"when": value["when"]} if "when" in value else {})}
    known = {key.name: key for key in shapes().get(body, ())}
    return RuleTyped(body, {name: shown(known[name], one, offers) for name, one in value.items() if name in known})


def shown(key: Key, value: Plain, offers: Offers) -> Typed:
    """A plain value as the field of its key shows it."""
    if key.kind == "conditions":
        return _conditions_shown(value, offers)
    if key.kind == "steps":
        return [
            {"who": _list(one["all_of"]), "all": True} if isinstance(one, dict) else {"who": _list(one), "all": False}
            for one in _list(value)
        ]
    if key.kind == "series":
        return [{"number": number, "days": days} for number, days in value.items()]
    if key.kind == "breach":
        kind, name = next(iter(value.items()))
        return f"{kind}:{name}"
    if key.kind == "both":
        return {"zh": value.get("zh", ""), "en": value.get("en", "")}
    if key.kind == "pairs":
        return [{"key": one, "zh": text.get("zh", ""), "en": text.get("en", "")} for one, text in value.items()]
    said = offers.spoken(key.proposed)
    return [said.get(str(one), one) for one in _list(value)] if key.many else said.get(str(value), str(value))


def _list(value: Plain) -> list[Plain]:
    return list(value) if isinstance(value, list) else [value]


def _conditions_shown(value: Plain, offers: Offers) -> list[dict[str, str]]:
    rows = []
    for fact, wanted in value.items():
        bounds = wanted if isinstance(wanted, dict) else {"in": wanted}
        for op, limit in bounds.items():
            said = "、".join(_value_shown(op, str(one), fact, offers) for one in _list(limit))
            rows.append({"fact": fact, "op": op, "value": said})
    return rows


def _value_shown(op: str, key: str, fact: str, offers: Offers) -> str:
    return key if op in COMPARING else offers.value_said(key, fact)


def of_post(post: QueryDict, kept: Mapping[str, Plain]) -> ClauseTyped:
    """The form as it was sent."""
    rules = []
    for number in post.getlist("rule"):
        body = post.get(f"{number}.body", "")
        if body in shapes():
            values = {key.name: posted(post, f"{number}.{key.name}", key) for key in shapes()[body]}
            rules.append(RuleTyped(body, {name: one for name, one in values.items() if one}))
    return ClauseTyped({key: post.get(key, "").strip() for key in FIELDS}, rules, dict(kept))


def posted(post: QueryDict, name: str, key: Key) -> Typed:
    """What was sent in the field of a key."""
    if key.kind == "conditions":
        columns = [post.getlist(f"{name}.{column}") for column in ("fact", "op", "value")]
        rows = [{"fact": fact, "op": op, "value": value.strip()} for fact, op, value in zip(*columns, strict=False)]
        return [row for row in rows if row["fact"] or row["value"]]
    if key.kind == "steps":
        steps = [
            {"who": _filled(post.getlist(f"{name}.{one}.who")), "all": post.get(f"{name}.{one}.all") == "yes"}
            for one in post.getlist(f"{name}.step")
        ]
        return [step for step in steps if step["who"]]
    if key.kind == "series":
        pairs = zip(post.getlist(f"{name}.number"), post.getlist(f"{name}.days"), strict=False)
        return [{"number": number.strip(), "days": days.strip()} for number, days in pairs if number.strip()]
    if key.kind == "both":
        both = {one: post.get(f"{name}.{one}", "").strip() for one in ("zh", "en")}
        return both if any(both.values()) else {}
    if key.kind == "pairs":
        three = zip(*(post.getlist(f"{name}.{one}") for one in PAIR), strict=False)
        found = [dict(zip(PAIR, (one.strip() for one in row), strict=True)) for row in three]
        return [row for row in found if any(row.values())]
    return _filled(post.getlist(name)) if key.many else post.get(name, "").strip()


def _filled(values: Sequence[str]) -> list[str]:
    return [one.strip() for one in values if one.strip()]


def clause_value(typed: ClauseTyped, offers: Offers) -> tuple[dict[str, Plain], Errors]:
    """The clause as plain values to be written, and what the form itself finds wrong."""
    missing = [key for key in ("zh", "en") if not typed.texts[key]]
    errors: Errors = {Where(None, key): [_("A clause has its text in both languages.")] for key in missing}
    value: dict[str, Plain] = {key: typed.texts[key] for key in ("id", "zh", "en")}
    value |= typed.kept
    value |= {key: typed.texts[key] for key in ("superseded_by", "note") if typed.texts[key]}
    value["rules"] = [_rule_value(one, number, offers, errors) for number, one in enumerate(typed.rules)]
    for rule, written in zip(typed.rules, value["rules"], strict=True):
        if rule.values.get("for") == LATE_HERE and rule.body == "sanction":
            written[rule.body]["for"] = {"late": typed.texts["id"]}
    return value, errors


def _rule_value(rule: RuleTyped, number: int, offers: Offers, errors: Errors) -> Plain:
    if rule.body == SHOW:
        return SHOW
    found: dict[str, Plain] = {}
    for key in shapes()[rule.body]:
        said = rule.values.get(key.name)
        if not said:
            continue
        if key.kind == "conditions":
            found[key.name] = _conditions(said, offers, errors, Where(number, key.name))
        else:
            found[key.name] = plain_of(key, offers.written(key.proposed, said))
    if rule.body == DECLARE:
        return {DECLARE: found.get("refs", [])}
    if rule.body == SETTLE:
        given = {found["key"]: found.get("value", "")} if "key" in found else {}
        return {SETTLE: {**given, **({"when": found["when"]} if "when" in found else {})}}
    return {rule.body: found}


def plain_of(key: Key, said: Typed) -> Plain:
    """What a field says as the plain value that is written."""
    if key.kind == "steps":
        return [{"all_of": step["who"]} if step["all"] else step["who"] for step in said]
    if key.kind == "series":
        return {row["number"]: row["days"] for row in said}
    if key.kind == "breach":
        kind, _colon, name = said.partition(":")
        return {kind: name}
    if key.kind == "pairs":
        return {row["key"]: {one: row[one] for one in PAIR[1:] if row[one]} for row in said}
    return said


def _conditions(rows: Sequence[Mapping[str, str]], offers: Offers, errors: Errors, where: Where) -> Plain:
    found: dict[str, Plain] = {}
    for row in rows:
        fact, op = row["fact"], row["op"] or "in"
        values = [
            one if op in COMPARING else offers.value_meant(one, fact) for one in _filled(BETWEEN.split(row["value"]))
        ]
        if not fact:
            errors.setdefault(where, []).append(_("Choose what “%(value)s” is said of.") % {"value": row["value"]})
            continue
        if not values:
            said = _("Say against what “%(fact)s” is held.") % {"fact": offers.namer.fact(fact)}
            errors.setdefault(where, []).append(said)
            continue
        limit: Plain = values[0] if len(values) == 1 else values
        before = found.get(fact)
        if before is not None and (op == "in" or not isinstance(before, dict) or op in before):
            said = _("“%(fact)s” stands twice; put its values into one row.") % {"fact": offers.namer.fact(fact)}
            errors.setdefault(where, []).append(said)
            continue
        found[fact] = limit if op == "in" else {**(before or {}), op: limit}
    return found
