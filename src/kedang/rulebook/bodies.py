"""Reads the sixteen rule bodies: from a node to a rule of `pack`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kedang.rulebook.condition_reading import read_conditions
from kedang.rulebook.limit_reading import SETTING_OF, read_limit, read_series
from kedang.rulebook.pack import (
    Aggravate,
    Choose,
    Classify,
    Conditions,
    Consent,
    Declare,
    Duty,
    Forbid,
    Inspect,
    Measure,
    Permit,
    Repeat,
    Require,
    Reward,
    Rule,
    Sanction,
    Settle,
    Show,
    Step,
    Text,
)
from kedang.rulebook.reading import Node
from kedang.rulebook.shapes import INTEGER, Faults, Reader, suggestion

Place = dict[str, Any]  # pack, clause, index, line: what every rule has

PERIOD = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9_]*every\Z")  # the key of a default that is a period
PERIODS = ("day", "working-day", "week", "month", "quarter", "half-year", "year", "2-years")
CHOICES = ("pick", "keep", "order_by", "share_percent", "free")
CONDITION_KEYS = ("when", "that", "when_true", "done_when")
MEASURES = ("share_on_time", "share_complete", "count", "sum", "age")


def read_rule(node: Node, pack: str, clause: str, index: int, faults: Faults) -> Rule | None:
    """The rule that a node says, or None with the fault reported."""
    if node.text in ("show",):
        return Show(pack, clause, index, node.line)
    if node.pairs is None or len(node.pairs) != 1:
        faults.add(node.line, "a rule is one body, like '- duty: {…}' or '- show'")
        return None
    name, value = next(iter(node.pairs.items()))
    if name not in READERS:
        faults.add(node.line, f"'{name}' is not a rule body; {suggestion(name, READERS)}")
        return None
    place: Place = {"pack": pack, "clause": clause, "index": index, "line": node.line}
    if name == "declare":
        return Declare(
            **place, refs=Reader(Node(node.line, pairs={"declare": value}), faults, "declare").words("declare")
        )
    reader = Reader(value, faults, name)
    before = len(faults.errors)
    rule = READERS[name](reader, place)
    reader.done()
    return rule if len(faults.errors) == before else None


def _ref(ref: str, place: Place) -> str:
    return ref if ":" in ref else f"{place['pack']}:{ref}"


def _refs(reader: Reader, key: str, place: Place) -> tuple[str, ...]:
    return tuple(_ref(ref, place) for ref in reader.words(key))


def _when(reader: Reader, key: str = "when") -> Conditions:
    return read_conditions(reader.take(key), reader.faults)


def _permit(reader: Reader, place: Place) -> Rule:
    return Permit(
        **place,
        act=reader.text("act", required=True),
        who=reader.words("who", required=True),
        when=_when(reader),
        only=reader.flag("only"),
        lifts=_refs(reader, "lifts", place),
        grade=reader.one_of("grade", ("open", "personal", "secret")),
    )


def _forbid(reader: Reader, place: Place) -> Rule:
    return Forbid(
        **place,
        act=reader.text("act", required=True),
        who=reader.words("who") or ("anyone",),
        except_who=reader.words("except_who"),
        when=_when(reader),
        lifts=_refs(reader, "lifts", place),
    )


def _require(reader: Reader, place: Place) -> Rule:
    reader.take("that", required=True)
    return Require(
        **place,
        act=reader.text("act", required=True),
        that=_when(reader, "that"),
        when=_when(reader),
        who=reader.words("who") or ("anyone",),
        lifts=_refs(reader, "lifts", place),
    )


def _steps(reader: Reader) -> tuple[Step, ...]:
    node = reader.take("from", required=True)
    if node is None:
        return ()
    if not node.items:
        reader.faults.add(node.line, "'from' is a list of steps, each a list of people, like [[general-manager]]")
        return ()
    steps = []
    for item in node.items:
        if item.pairs is not None:
            step = Reader(item, reader.faults, "a step")
            steps.append(Step(step.words("all_of", required=True), all_of=True))
            step.done()
        else:
            steps.append(Step(reader.texts(item, "from")))
    return tuple(steps)


# what a consent once took and nothing kept: the remedy is said, so that nobody relies on it
NO_WORD_OF_CONSENT = {
    "about": "a yes is for the thing that the act is about",
    "purpose": "write when: {act.purpose: PURPOSE}",
    "vacant": "name in the step who else may answer, like [[director, service-manager]]",
}


def _consent(reader: Reader, place: Place) -> Rule:
    for key in NO_WORD_OF_CONSENT.keys() & reader.pairs.keys():
        reader.asked.add(key)
        reader.faults.add(reader.pairs[key].line, f"a consent has no '{key}': {NO_WORD_OF_CONSENT[key]}")
    lasts = reader.text("lasts_days")
    left_open = bool(SETTING_OF["days"].match(lasts))
    return Consent(
        **place,
        act=reader.text("act", required=True),
        who=reader.words("who") or ("anyone",),
        steps=_steps(reader),
        when=_when(reader),
        lasts_days=None if left_open else reader.number("lasts_days", 1),
        lasts_key=lasts if left_open else "",
        until=reader.one_of("until", ("end-of-day",)),
        uses=reader.number("uses", 1),
        proof=reader.one_of("proof", ("required", "optional"), "optional") == "required",
        self_=reader.one_of("self", ("superior", "forbidden"), "forbidden"),
        lifts=_refs(reader, "lifts", place),
    )


def _duty(reader: Reader, place: Place) -> Rule:
    starts = [key for key in ("after", "every", "when_true") if key in reader.pairs]
    if len(starts) != 1:
        reader.faults.add(reader.line, "a duty opens by exactly one of after, every, when_true")
    every = reader.text("every")
    left_open = bool(PERIOD.match(every))
    if ("done_by" in reader.pairs) == ("reach" in reader.pairs):
        reader.faults.add(reader.line, "a duty is discharged by exactly one of done_by, reach")
    return Duty(
        **place,
        who=reader.words("who", required=True),
        about=reader.text("about", required=True),
        after=reader.words("after"),
        every="" if left_open else reader.one_of("every", PERIODS),
        every_key=every if left_open else "",
        when_true=_when(reader, "when_true"),
        when=_when(reader),
        from_=reader.text("from"),
        series=read_series(reader),
        limit=read_limit(reader),
        done_by=reader.text("done_by"),
        reach=reader.text("reach"),
        done_when=_when(reader, "done_when"),
        early=reader.one_of("early", ("counts", "no"), "no") == "counts",
        drops_on=reader.words("drops_on"),
        opens=_refs(reader, "opens", place),
        instead_of=_refs(reader, "instead_of", place),
        besides=_refs(reader, "besides", place),
        needs=reader.words("needs"),
    )


def _sanction(reader: Reader, place: Place) -> Rule:
    for_kind, for_name = _breach(reader, place)
    rule = Sanction(
        **place,
        for_kind=for_kind,
        for_name=for_name,
        per=reader.text("per", required=True),
        decided_by=reader.words("decided_by", required=True),
        who=reader.words("who"),
        fine_cny=reader.money("fine_cny"),
        fine_from=reader.money("fine_cny_from"),
        fine_to=reader.money("fine_cny_to"),
        pay_share_from=reader.number("pay_share_percent_from"),
        pay_share_to=reader.number("pay_share_percent_to"),
        measure=reader.text("measure"),
        instead_of=_refs(reader, "instead_of", place),
        besides=_refs(reader, "besides", place),
        when=_when(reader),
    )
    forms = (rule.fine_cny is not None, rule.fine_from is not None, rule.pay_share_from is not None, bool(rule.measure))
    if sum(forms) != 1:
        reader.faults.add(
            reader.line,
            "a sanction is exactly one of fine_cny, fine_cny_from and fine_cny_to, "
            "pay_share_percent_from and pay_share_percent_to, measure",
        )
    if (rule.fine_from is None) != (rule.fine_to is None) or (rule.pay_share_from is None) != (
        rule.pay_share_to is None
    ):
        reader.faults.add(reader.line, "a range needs both its ends, …_from and …_to")
    return rule


def _breach(reader: Reader, place: Place, required: bool = True) -> tuple[str, str]:
    node = reader.take("for", required)
    if node is None and not required:
        return "", ""
    if node is None or node.pairs is None or len(node.pairs) != 1:
        reader.faults.add(reader.line, "'for' is one of {late: clause}, {defect: kind}, {incident: kind}")
        return "", ""
    inner = Reader(node, reader.faults, "for")
    kind = next(iter(node.pairs))
    if kind not in ("late", "defect", "incident"):
        reader.faults.add(node.line, f"'{kind}' is not a breach; write late, defect or incident")
    return kind, _ref(inner.text(kind), place) if kind == "late" else inner.text(kind)


def _aggravate(reader: Reader, place: Place) -> Rule:
    if ("in" in reader.pairs) == ("within_days" in reader.pairs):
        reader.faults.add(reader.line, "aggravate counts in exactly one of 'in: calendar-month' and 'within_days'")
    for_kind, for_name = _breach(reader, place, required=False)
    return Aggravate(
        **place,
        for_kind=for_kind,
        for_name=for_name,
        who=reader.words("who", required=True),
        counts=reader.one_of("counts", ("imposed", "proposed"), required=True),
        window=reader.one_of("in", ("calendar-month",), "within_days"),
        within_days=reader.number("within_days", 1) or 0,
        from_nth=reader.number("from_nth", 2, required=True) or 2,
        multiply=reader.number("multiply", 1, required=True) or 1,
    )


def _repeat(reader: Reader, place: Place) -> Rule:
    return Repeat(
        **place,
        after=reader.text("after", required=True),
        every_working_days=reader.number("every_working_days", 1, required=True) or 1,
        until=reader.text("until", required=True),
        amount=reader.one_of("amount", ("same",), required=True),
        adds_to_count=reader.flag("adds_to_count"),
        when=_when(reader),
    )


def _reward(reader: Reader, place: Place) -> Rule:
    return Reward(
        **place,
        for_name=reader.text("for", required=True),
        decided_by=reader.words("decided_by", required=True),
        who=reader.words("who"),
        amount_cny=reader.money("amount_cny"),
        measure=reader.text("measure"),
    )


def _choose(reader: Reader, place: Place) -> Rule:
    kinds = [key for key in CHOICES if key in reader.pairs]
    reader.asked.update(CHOICES)
    if len(kinds) != 1:
        reader.faults.add(reader.line, f"choose does exactly one of {', '.join(CHOICES)}")
    kind = kinds[0] if kinds else "free"
    return Choose(
        **place,
        for_act=reader.text("for", required=True),
        rank=reader.number("rank", 1, required=True) or 1,
        kind=kind,
        value=reader.text(kind),
        when=_when(reader),
        reason=reader.one_of("reason", ("required", "no"), "no") == "required",
    )


def _settle(reader: Reader, place: Place) -> Rule:
    when = _when(reader)
    keys = [key for key in reader.pairs if key != "when"]
    if len(keys) != 1:
        reader.faults.add(reader.line, "settle gives exactly one thing its value, like {loan.period_days: 7}")
        return Settle(**place, key="", value="", when=when)
    value = reader.text(keys[0])
    return Settle(**place, key=keys[0], value=int(value) if INTEGER.match(value) else value, when=when)


def _classify(reader: Reader, place: Place) -> Rule:
    return Classify(
        **place,
        field=reader.text("field", required=True),
        to=reader.text("to", required=True),
        when=_when(reader),
    )


def _measure(reader: Reader, place: Place) -> Rule:
    return Measure(
        **place,
        name=reader.id("name", required=True),
        of=reader.one_of("of", MEASURES, required=True),
        by=reader.text("by", required=True),
        every=reader.one_of("every", PERIODS, required=True),
        over=reader.text("over"),
        frozen=reader.flag("frozen"),
    )


def _inspect(reader: Reader, place: Place) -> Rule:
    round_ = reader.id("round", required=True)
    reader.take("line")
    node = reader.pairs.get("line")
    asks = reader.both("line", required=True) if node is not None and node.pairs is not None else Text("", "")
    if node is None or node.pairs is None:
        reader.faults.add(reader.line, "inspect needs its 'line' in both languages: {zh: …, en: …}")
    return Inspect(**place, round=round_, asks=asks)


def _show(reader: Reader, place: Place) -> Rule:
    return Show(**place)


READERS: Mapping[str, Callable[[Reader, Place], Rule]] = {
    "permit": _permit,
    "forbid": _forbid,
    "require": _require,
    "consent": _consent,
    "duty": _duty,
    "sanction": _sanction,
    "aggravate": _aggravate,
    "repeat": _repeat,
    "reward": _reward,
    "choose": _choose,
    "settle": _settle,
    "classify": _classify,
    "measure": _measure,
    "declare": _show,  # read before the bodies that are maps
    "inspect": _inspect,
    "show": _show,
}
