"""Whether every name that a pack's rules use is declared, so that nothing fails for the first time in use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kedang.rulebook import pack as p
from kedang.rulebook.deadlines import LAST_WORKING_DAYS, PERIOD_END, PERIOD_ENDS, POINTS
from kedang.rulebook.limit_reading import UNITS
from kedang.rulebook.shapes import Faults, suggestion
from kedang.rulebook.vocabulary import (
    ACTS,
    CLOSED,
    EVENTS,
    FACTS,
    OFFICE_POSTS,
    SELECTOR_PREFIXES,
    SELECTORS,
    SETTINGS,
    SETTLED_TRAITS,
    THINGS,
)

CLOCK_EVENTS = frozenset({"day.began", "duty.opened", "duty.lapsed", "breach.proposed"})
# what the clock knows when a period begins: a duty that comes round about anything else would never open
COME_ROUND = ("branch", "file", "job", "record", "person")
# facts whose values are names that the pack declares, and where it declares them
NAMED_BY: Mapping[str, str] = {"inspection.round": "rounds", "defect.kind": "defects"}
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")


class Names:
    """What a pack declares, as the names that its rules may use."""

    def __init__(self, pack: p.Pack) -> None:
        self.pack = pack
        milestones = [*_milestones(pack)]
        roles = {role for kind in pack.files.values() for role in _roles(kind)}
        fields = {field for kind in pack.files.values() for field in _fields(kind)}
        self.milestones = {milestone.event for milestone in milestones}
        self.dates = {milestone.date for milestone in milestones}
        self.selectors = {
            *pack.posts,
            *(f"file.{role}" for role in roles),
            *(f"job.{role}" for role in roles),
            *SELECTORS,
            *OFFICE_POSTS,
        }
        self.nouns = {*pack.files, *pack.records, *pack.registers, *pack.checklists, *THINGS}
        self.facts = {*FACTS, *self.dates, *(f"field.{field}" for field in fields)}
        self.facts |= {selector for selector in self.selectors if "." in selector}
        self.facts |= {f"{kind}.{name}" for kind in pack.files for name in ("milestone",)}
        self.events = {*EVENTS, *self.milestones, *CLOCK_EVENTS}


def _milestones(pack: p.Pack) -> Iterable[p.Milestone]:
    for kind in pack.files.values():
        yield from kind.milestones.values()
        for job in kind.jobs.values():
            yield from job.milestones.values()


def _roles(kind: p.FileKind) -> set[str]:
    return {*kind.roles, *(role for job in kind.jobs.values() for role in job.roles)}


def _fields(kind: p.FileKind) -> set[str]:
    return {*kind.fields, *(field for job in kind.jobs.values() for field in job.fields)}


def check_pack(pack: p.Pack, faults: Faults) -> None:
    """Report every name that is used and not declared."""
    names = Names(pack)
    _check_declarations(pack, faults)
    for clause in pack.clauses.values():
        for rule in clause.rules:
            _check_rule(rule, names, faults)


def _check_declarations(pack: p.Pack, faults: Faults) -> None:
    for unit in pack.units.values():
        _known(unit.head, pack.posts, unit.line, "post", faults)
    for post in pack.posts.values():
        _known(post.unit, pack.units, post.line, "unit", faults)
        _known(post.reports_to, pack.posts, post.line, "post", faults)
        for granted in post.is_:
            _known(granted, {*pack.posts, *OFFICE_POSTS}, post.line, "post", faults)
    for kind in pack.files.values():
        for role in (*kind.roles.values(), *(role for job in kind.jobs.values() for role in job.roles.values())):
            for held_by in role.posts:
                _known(held_by, pack.posts, role.line, "post", faults)
        if kind.one_per not in ("", "customer", "none"):
            _known(kind.one_per, kind.fields, kind.one_per_line, "field", faults)
        _known(kind.one_until, kind.milestones, kind.line, "milestone of this file", faults)
        for field in kind.fields.values():
            _known(field.part, kind.parts, field.line, "part of this file", faults)
    for record in pack.records.values():
        if record.made_by:
            _check_act(record.made_by, record.line, faults)
    for checklist in pack.checklists.values():
        _check_checklist(checklist, pack, faults)


def _check_act(act: str, line: int, faults: Faults) -> None:
    if act not in ACTS:
        faults.add(line, f"'{act}' is not an act; {suggestion(act, ACTS)}")


def _check_checklist(checklist: p.Checklist, pack: p.Pack, faults: Faults) -> None:
    _known(checklist.file, pack.files, checklist.line, "kind of file", faults)
    kind = pack.files.get(checklist.file)
    if kind is not None and checklist.job:
        _known(checklist.job, kind.jobs, checklist.line, "job", faults)
        job = kind.jobs.get(checklist.job)
        if job is not None:
            _known(checklist.kind, job.kinds, checklist.line, "kind of job", faults)
    for line in checklist.lines:
        for record in line.any_of:
            _known(record, pack.records, line.line, "record", faults)


def _known(name: str, known: Iterable[str], line: int, what: str, faults: Faults) -> None:
    if name and name not in set(known):
        faults.add(line, f"no {what} '{name}' is declared in this pack; {suggestion(name, known)}")


def _check_rule(rule: p.Rule, names: Names, faults: Faults) -> None:
    for attribute in ("act", "for_act"):
        act = getattr(rule, attribute, None)
        if act is not None:
            _check_act(act, rule.line, faults)
    for attribute in ("who", "except_who", "decided_by"):
        for selector in getattr(rule, attribute, ()):
            _check_selector(selector, rule, names, faults)
    for attribute in ("when", "that", "when_true", "done_when"):
        for test in getattr(rule, attribute, ()):
            _check_test(test, names, faults)
    for attribute in ("lifts", "instead_of", "besides"):
        for ref in getattr(rule, attribute, ()):
            _check_ref(ref, rule, names, faults)
    if isinstance(rule, p.Consent):
        _check_number(rule.lasts_key, rule.line, names, faults)
        for step in rule.steps:
            for selector in step.who:
                _check_selector(selector, rule, names, faults)
    elif isinstance(rule, p.Duty):
        _check_duty(rule, names, faults)
    elif isinstance(rule, p.Sanction | p.Aggravate):
        _check_breach(rule, names, faults)
    elif isinstance(rule, p.Declare):
        for ref in rule.refs:
            _check_declared(ref, rule, names, faults)
    elif isinstance(rule, p.Settle):
        _check_settled(rule, names, faults)
    elif isinstance(rule, p.Inspect):
        _known(rule.round, names.pack.rounds, rule.line, "round", faults)


def _check_selector(selector: str, rule: p.Rule, names: Names, faults: Faults) -> None:
    prefix, colon, rest = selector.partition(":")
    if colon and prefix in SELECTOR_PREFIXES:
        if prefix == "superior_of":
            _check_selector(rest, rule, names, faults)
        else:
            _known(rest, names.pack.units, rule.line, "unit", faults)
    elif selector not in names.selectors:
        faults.add(rule.line, f"'{selector}' is nobody this pack knows; {suggestion(selector, names.selectors)}")


def _check_test(test: p.Test, names: Names, faults: Faults) -> None:
    if test.fact not in names.facts:
        faults.add(test.line, f"'{test.fact}' is not a fact; {suggestion(test.fact, names.facts)}")
        return
    kind = "date" if test.fact in names.dates else FACTS.get(test.fact)
    _check_number(test.key, test.line, names, faults)
    unit = next((part for part in test.fact.partition(".")[2].split("_") if part in UNITS), "")
    if test.key and not test.key.endswith(unit):
        faults.add(test.line, f"'{test.fact}' is counted in {unit}; name a default whose key ends so, not '{test.key}'")
    if test.op in ("at_least", "at_most", "over", "under") and kind == "list":
        remedy = "'distinct_at_least' for so many different ones, or 'empty'"
        faults.add(test.line, f"'{test.fact}' is a list and has no bound '{test.op}'; write {remedy}")
    elif test.op in ("at_least", "at_most", "over", "under") and kind not in ("number", None):
        said = "a date" if kind == "date" else "yes or no" if kind == "yes_no" else "a text"
        remedy = "'within_days' in a duty" if kind == "date" else "its value or a list of values"
        faults.add(test.line, f"'{test.fact}' is {said} and has no bound '{test.op}'; write {remedy}")
    if kind == "yes_no" and test.op == "in" and not {str(value) for value in test.values} <= {"yes", "no", "unknown"}:
        faults.add(test.line, f"'{test.fact}' is yes or no, not {test.values[0]}")
    if test.fact in CLOSED and test.op in ("in", "not_in"):
        for value in test.values:
            check_closed(test.fact, str(value), test.line, faults)
    if test.fact in NAMED_BY and test.op in ("in", "not_in"):
        known = getattr(names.pack, NAMED_BY[test.fact])
        for value in test.values:
            _known(str(value), {*known, "unknown"}, test.line, NAMED_BY[test.fact].removesuffix("s"), faults)
    if test.op in ("without", "differs_from"):
        for other in test.values:
            if other in names.selectors and other not in names.facts:
                remedy = "name a fact that says who it was, like destruction.executor, or a role like file.ROLE"
                faults.add(test.line, f"'{other}' is a post, and '{test.op}' compares people; {remedy}")
            elif other not in names.facts:
                faults.add(test.line, f"'{other}' is not a fact; {suggestion(str(other), names.facts)}")


def check_closed(fact: str, value: str, line: int, faults: Faults) -> None:
    """Report a value that a fact of a closed set never has."""
    known = CLOSED.get(fact, ())
    if known and value not in (*known, "unknown"):
        faults.add(line, f"'{value}' is not a value of '{fact}'; write one of: {', '.join(known)}")


def _check_ref(ref: str, rule: p.Rule, names: Names, faults: Faults) -> None:
    number, _, clause = ref.partition(":")
    if number == names.pack.number and clause not in names.pack.clauses:
        near = suggestion(clause, names.pack.clauses)
        faults.add(
            rule.line, f"no clause '{clause}' stands in this pack; {near} (of the common rules: 'base:{clause}')"
        )


def _check_duty(rule: p.Duty, names: Names, faults: Faults) -> None:
    events = [*rule.after, *rule.drops_on, *([rule.done_by] if rule.done_by else [])]
    for event in events:
        if event not in names.events:
            faults.add(rule.line, f"'{event}' is not an event; {suggestion(event, names.events)}")
    if rule.reach and rule.reach not in names.milestones:
        faults.add(rule.line, f"'{rule.reach}' is not a milestone; {suggestion(rule.reach, names.milestones)}")
    if rule.from_ and rule.from_ not in names.facts:
        faults.add(rule.line, f"'{rule.from_}' is not a date; {suggestion(rule.from_, names.dates)}")
    done = EVENTS.get(rule.done_by)
    if done is not None and rule.about in THINGS and not done.carries(rule.about):
        carried = ", ".join((*done.about, *done.also))
        faults.add(
            rule.line,
            f"'{rule.done_by}' carries no id of a '{rule.about}', so nothing keeps this duty; it carries: {carried}",
        )
    for ref in rule.opens:
        _check_ref(ref, rule, names, faults)
    _check_number(rule.limit.key, rule.line, names, faults)
    _check_period(rule, names, faults)
    _check_last_day(rule, names, faults)


def _check_number(key: str, line: int, names: Names, faults: Faults) -> None:
    """A default that gives a time or a bound is declared and is a number."""
    _known(key, names.pack.defaults, line, "default", faults)
    if key in names.pack.defaults and not isinstance(names.pack.defaults[key].value, int):
        faults.add(line, f"the default '{key}' must be a whole number to give a time or a bound")


def _check_last_day(rule: p.Duty, names: Names, faults: Faults) -> None:
    """A limit `by` a day or `in` a window names days that there are, or a date that an event may carry."""
    limit = rule.limit
    for day in (limit.start, limit.end, limit.point if limit.point[:1].isdigit() else ""):
        if day and day not in POINTS and not MONTH_DAY.match(day):
            faults.add(rule.line, f"'{day}' is no day of the year; write month and day, like 06-30")
    dates = {*names.dates, *(fact for fact, kind in FACTS.items() if kind == "date")}
    points = (*dict.fromkeys((*PERIOD_ENDS.values(), PERIOD_END, *LAST_WORKING_DAYS)),)
    if limit.kind == "by" and not limit.point[:1].isdigit() and limit.point not in {*points, *dates}:
        near, known = suggestion(limit.point, {*points, *dates}), ", ".join(points)
        faults.add(rule.line, f"'{limit.point}' is no last day; {near} (or one of: {known}, 06-30, a date)")


def _check_period(rule: p.Duty, names: Names, faults: Faults) -> None:
    _known(rule.every_key, names.pack.defaults, rule.line, "default", faults)
    if rule.every_key in names.pack.defaults:
        default = names.pack.defaults[rule.every_key]
        if not {default.value, *default.may_be} <= set(PERIOD_ENDS):
            faults.add(rule.line, f"the default '{rule.every_key}' must be a period: {', '.join(PERIOD_ENDS)}")
    if (rule.every or rule.every_key) and rule.about not in COME_ROUND:
        known = ", ".join(COME_ROUND)
        faults.add(
            rule.line, f"what comes round is about one of {known}; about '{rule.about}' this duty would never open"
        )
    if rule.limit.point == PERIOD_END and not (rule.every or rule.every_key):
        faults.add(rule.line, "'by: period-end' needs the period of 'every'")


def _check_breach(rule: p.Sanction | p.Aggravate, names: Names, faults: Faults) -> None:
    if rule.for_kind == "late":
        _check_ref(rule.for_name, rule, names, faults)
        clause = names.pack.clauses.get(rule.for_name.partition(":")[2])
        if clause is not None and not any(isinstance(other, p.Duty) for other in clause.rules):
            faults.add(
                rule.line, f"clause '{rule.for_name.partition(':')[2]}' opens no duty, so nobody can be late under it"
            )
    elif rule.for_kind == "defect":
        _known(rule.for_name, names.pack.defects, rule.line, "defect", faults)
    elif rule.for_kind:
        _known(rule.for_name, names.pack.incidents, rule.line, "incident", faults)


def _check_settled(rule: p.Settle, names: Names, faults: Faults) -> None:
    noun, _, name = rule.key.rpartition(".")
    known = {*SETTINGS, *names.pack.defaults}
    if name in SETTLED_TRAITS and noun in names.nouns:
        if name == "number" and str(rule.value).count("{seq") != 1:
            faults.add(rule.line, f'"{rule.value}" is no numbering pattern; write it like "{{year}}-{{seq:4}}"')
    elif rule.key and rule.key not in known | names.facts:
        near = suggestion(rule.key, known)
        faults.add(
            rule.line,
            f"'{rule.key}' is nothing that is given a value; {near} "
            "(or write KIND.number or KIND.order, or declare it under 'defaults')",
        )


def _check_declared(ref: str, rule: p.Rule, names: Names, faults: Faults) -> None:
    if not declared(names.pack, ref):
        faults.add(
            rule.line,
            f"'{ref}' is declared nowhere in this pack; write file.KIND, file.KIND.field.NAME, record.NAME, "
            "checklist.NAME, checklist.NAME.LINE, register.NAME, default.NAME, post.NAME, unit.NAME, milestone.EVENT",
        )


def declared(pack: p.Pack, ref: str) -> bool:
    """Whether a reference of a `declare` rule names something that the pack declares."""
    what, _, rest = ref.partition(".")
    name, _, inner = rest.partition(".")
    plain = {
        "register": pack.registers, "post": pack.posts, "unit": pack.units, "defect": pack.defects,
        "incident": pack.incidents, "round": pack.rounds, "segment": pack.segments, "word": pack.words,
    }  # fmt: skip
    if what in plain:
        return rest in plain[what]
    if what == "default":
        return rest in pack.defaults
    if what == "milestone":
        return rest in {milestone.event for milestone in _milestones(pack)}
    if what == "record" and name in pack.records:
        return not inner or inner.removeprefix("field.") in pack.records[name].fields
    if what == "checklist" and name in pack.checklists:
        return not inner or inner in {line.key for line in pack.checklists[name].lines}
    return what == "file" and name in pack.files and _in_file(pack.files[name], inner)


def _in_file(kind: p.FileKind, inner: str) -> bool:
    if not inner:
        return True
    what, _, name = inner.partition(".")
    if what == "job":
        job, _, rest = name.partition(".")
        if job not in kind.jobs:
            return False
        what, _, name = rest.partition(".")
        return not rest or name in {"field": kind.jobs[job].fields, "kind": kind.jobs[job].kinds}.get(what, {})
    return name in {"field": kind.fields, "part": kind.parts, "role": kind.roles, "milestone": kind.milestones}.get(
        what, {}
    )
