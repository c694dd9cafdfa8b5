"""What a case file says, read strictly: steps with typed facts, every fault with file and line.

The language stands in `policies/README.md`; a person who knows the policy and no Python writes it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from kedang.rulebook.checking import Names, check_closed
from kedang.rulebook.conditions import Value
from kedang.rulebook.pack import Pack, Text
from kedang.rulebook.reading import Node, PackError, read_yaml
from kedang.rulebook.shapes import Faults, Reader, suggestion
from kedang.rulebook.vocabulary import ACTS, FACTS, THINGS

HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")
YEARS = range(1900, 2200)
MOST_DAYS = 11_000  # of one case: thirty years
MOST_DAYS_IN_ALL = 100_000  # the longest file that ships has 8,000
NOT_THINGS = frozenset({"actor", "act", "candidate", "measure", "setting"})
GIVEN: Mapping[str, tuple[str, ...]] = {
    "event": ("on", "at", "by", "past", "who", "units"),
    "decides": ("on", "breach", "imposed", "quashed"),
    "grants": ("on", "clause", "to", "act", "step", "purpose", "uses", "until"),
    "extends": ("on", "until"),
    "moves": ("on", "to"),
    "orders": ("on", "breach"),
    "corrects": ("on", "breach"),
    "facts": ("on",),
}
BREACH_KEYS = ("clause", "defect", "incident", "who")
ON_A_BREACH = ("decides", "orders", "corrects")
BREACH = 'breach: {clause: "2.1", file: A}'
WHEN: Mapping[str, tuple[str, ...]] = {
    "try": ("on", "by", "purpose"),
    "end_of_day": (),
    "looks": ("on", "right", "row"),
    "choose": ("on", "candidates"),
    "measure": ("on", "rows"),
    "on": ("at",),
}
ABOUT = ("clause", "who", "times")
SANCTION = (
    *ABOUT, "defect", "incident", "fine_cny", "fine_cny_from", "fine_cny_to", "percent_from", "percent_to",
    "measure", "clauses", "depends", "besides", "decided_by",
)  # fmt: skip
THEN: Mapping[str, tuple[str, ...]] = {
    "answer": ("clauses", "lacking", "ask"),
    "duty": (*ABOUT, "due_on", "due_at", "status", "was_due_on", "pool"),
    "no_duty": (*ABOUT, "due_on", "due_at", "status", "was_due_on", "pool"),
    "sanction": SANCTION,
    "no_sanction": SANCTION,
    "visible": ("up_to", "clauses"),
    "setting": (),
    "class": ("clauses",),
    "chosen": ("clauses",),
    "figure": (),
    "reward": ("who", "measure", "amount_cny", "clauses", "decided_by"),
}  # fmt: skip
INNER = ("duty", "no_duty", "sanction", "no_sanction")  # their keys stand in the map below them


@dataclass(frozen=True)
class Step:
    """One line of a case: its kind (the key that names it), that key's value, and what else stands in it.

    `words` are the other keys of the kind; `things` ids by noun; `roles` persons by role; `facts` typed by full name.
    """

    line: int
    kind: str
    main: Node
    on: dt.date | None
    words: Mapping[str, Node] = field(default_factory=dict)
    things: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The main key's value where it is a single word."""
        return self.main.text or ""

    @property
    def names(self) -> tuple[str, ...]:
        """The main key's values: of a `try` every act of a list, else the one."""
        return texts(self.main)

    def text(self, key: str, default: str = "") -> str:
        """One of the other words as text."""
        node = self.words.get(key)
        return default if node is None else node.text or ""

    @property
    def at(self) -> dt.time | None:
        """The hour of the day, where the step names one."""
        return dt.time.fromisoformat(self.text("at")) if "at" in self.words else None

    def texts(self, key: str) -> tuple[str, ...]:
        """One of the other words as a list of texts."""
        return texts(self.words.get(key))

    def says_none(self, key: str) -> bool:
        """Whether one of the other words is an empty list: that there is none."""
        node = self.words.get(key)
        return node is not None and node.items == ()


@dataclass(frozen=True)
class Case:
    """One example of the policy at work; `text` is its name in both languages."""

    text: Text
    line: int
    proves: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Value]
    settings: Mapping[str, str | int]
    given: Sequence[Step]
    when: Step | None
    then: Sequence[Step]

    @property
    def name(self) -> str:
        """The name in English, or the only one: for reports and for whoever writes packs."""
        return self.text.en


def _name(reader: Reader) -> Text:
    """The name of a case: in both languages, {zh: …, en: …}, or one text for both."""
    node = reader.pairs.get("name")
    if node is not None and node.pairs is not None:
        return reader.both("name", required=True)
    name = reader.text("name", required=True)
    return Text(name, name)


def texts(node: Node | None) -> tuple[str, ...]:
    """A text or a list of texts as a tuple."""
    if node is None:
        return ()
    return tuple(item.text or "" for item in node.items) if node.items is not None else (node.text or "",)


def read_cases(
    source: bytes | str, name: str, pack: Pack, base: Iterable[Pack], wrong: list[PackError] | None = None
) -> list[Case]:
    """The cases of a file; raises `PackErrors` with all that is wrong, in the order of lines.

    With `wrong` a case that cannot be read is left out, and what is wrong with it is added there; what all share must
    be right all the same.
    """
    root = read_yaml(source, name)
    faults = Faults(name)
    parser = _Parser(pack, (pack, *base), faults)
    common: Mapping[str, Node] = {}
    items = root.items
    if root.pairs is not None:
        reader = Reader(root, faults, "the case file")
        common = {key: node for key in ("facts", "people") if (node := reader.take(key))}
        listed = reader.take("cases", required=True)
        items = listed.items if listed else ()
        reader.done()
    if items is None:
        faults.add(root.line, "a case file is a list of cases, each with a name")
    parser.shared(common)
    if wrong is not None:
        faults.finish()
    cases = []
    for item in items or ():
        case = parser.case(item, common)
        if faults.errors and wrong is not None:
            wrong += faults.errors
            faults.errors = []
        else:
            cases.append(case)
    faults.finish()
    return cases


class _Parser:
    """Reads cases against the names that the packs declare."""

    def __init__(self, pack: Pack, packs: Sequence[Pack], faults: Faults) -> None:
        self.pack = pack
        self.faults = faults
        names = [Names(one) for one in packs]
        self.facts = frozenset().union(*(one.facts for one in names))
        self.dates = frozenset().union(*(one.dates for one in names))
        self.events = frozenset().union(*(one.events for one in names))
        self.selectors = frozenset().union(*(one.selectors for one in names))
        self.posts = frozenset(post for one in packs for post in one.posts)
        self.kinds = frozenset(kind for one in packs for kind in one.files)
        jobs = {job for one in packs for kind in one.files.values() for job in kind.jobs}
        self.things = (THINGS | {"branch"} | jobs) - NOT_THINGS
        self.known: frozenset[str] = frozenset()  # the people of the case being read
        self.walked = 0  # days that the cases read so far last

    def shared(self, common: Mapping[str, Node]) -> None:
        """Read what every case shares, so that a fault in it is reported once."""
        self._people(common.get("people"))
        self._facts(common.get("facts"))

    def case(self, node: Node, common: Mapping[str, Node]) -> Case:
        reader = Reader(node, self.faults, "a case")
        text = _name(reader)
        reader.what = f"the case '{text.en}'"
        proves = reader.words("proves")
        for clause in proves:
            if clause not in self.pack.clauses:
                self.faults.add(node.line, f"no clause '{clause}' stands in this pack; {self._near_clause(clause)}")
        when = reader.take("when")
        people = {**self._people(common.get("people")), **self._people(reader.take("people"))}
        self.known = frozenset(people)
        case = Case(
            text,
            node.line,
            proves,
            people,
            {**self._facts(common.get("facts")), **self._facts(reader.take("facts"))},
            self._settings(reader.take("settings")),
            [self._step(item, GIVEN, "a given line") for item in self._list(reader.take("given"))],
            self._step(when, WHEN, "'when'") if when else None,
            [self._step(item, THEN, "a 'then' line") for item in self._list(reader.take("then", required=True))],
        )
        reader.done()
        self._bound(case)
        return case

    def _bound(self, case: Case) -> None:
        """Every day of a case is walked through: what would take minutes is refused."""
        steps = (*case.given, *([case.when] if case.when else []))
        days = [step.on for step in steps if step.on]
        lasts = (max(days) - min(days)).days if days else 0
        self.walked += lasts
        if lasts > MOST_DAYS:
            self.faults.add(case.line, f"this case lasts {lasts} days; at most {MOST_DAYS}")
        elif self.walked > MOST_DAYS_IN_ALL >= self.walked - lasts:
            self.faults.add(
                case.line, f"the cases up to here last {self.walked} days; at most {MOST_DAYS_IN_ALL} in all"
            )

    def _near_clause(self, clause: str) -> str:
        return suggestion(clause, self.pack.clauses)

    def _list(self, node: Node | None) -> tuple[Node, ...]:
        if node is None or node.text == "":
            return ()
        if node.items is None:
            self.faults.add(node.line, "write a list here, one line for each thing that happens")
        return node.items or ()

    def _people(self, node: Node | None) -> dict[str, tuple[str, ...]]:
        pairs = (node.pairs or {}) if node else {}
        people = {name: texts(posts) for name, posts in pairs.items()}
        for name, posts in people.items():
            for post in posts:
                if post not in self.posts:
                    said = f"'{name}' holds '{post}', which is no post; {suggestion(post, self.posts)}"
                    self.faults.add(pairs[name].line, said)
        return people

    def _settings(self, node: Node | None) -> dict[str, str | int]:
        pairs = (node.pairs or {}) if node else {}
        return {key: int(text) if (text := value.text or "").isdecimal() else text for key, value in pairs.items()}

    def _facts(self, node: Node | None) -> dict[str, Value]:
        pairs = (node.pairs or {}) if node else {}
        return {fact: self._value(fact, value) for fact, value in pairs.items()}

    def _step(self, node: Node, kinds: Mapping[str, tuple[str, ...]], what: str) -> Step:
        pairs = node.pairs or {}
        kind = next((key for key in kinds if key in pairs), "")
        if not kind:
            self.faults.add(node.line, f"{what} needs one of the keys {', '.join(kinds)}")
            return Step(node.line, "", node, None)
        main = pairs[kind]
        rest = {key: value for key, value in pairs.items() if key != kind}
        if kind in INNER:
            if rest:
                self.faults.add(node.line, f"'{next(iter(rest))}' belongs into the map of '{kind}'")
            rest = main.pairs or {}
        words = {key: value for key, value in rest.items() if key in kinds[kind]}
        on = self._date(main if kind in ("end_of_day", "on") else words.pop("on", None))
        self._check_person(kind, main, words)
        self._check_hour(words.get("at"))
        noun = self._noun(kind, main)
        step = Step(node.line, kind, main, on, words, {}, {}, {} if kind != "facts" else self._facts(main))
        if kind not in ("setting", "class", "figure", "chosen", "visible", "answer", "reward"):
            return self._filled(step, noun, {key: rest[key] for key in rest if key not in kinds[kind]})
        self._refuse({key: rest[key] for key in rest if key not in kinds[kind]}, kind, kinds[kind])
        return step

    def _check_person(self, kind: str, main: Node, words: Mapping[str, Node]) -> None:
        """Who acts must stand under 'people': somebody unknown would be refused everything without a word."""
        node = {"looks": main, "decides": main, "try": words.get("by")}.get(kind)
        for name in texts(node):
            if name not in self.known and node is not None:
                remedy = f"write '{name}: [POST]' there, or '{name}: []' for somebody without a post"
                self.faults.add(node.line, f"'{name}' does not stand under 'people'; {remedy}")

    def _check_hour(self, node: Node | None) -> None:
        if node is not None and not HOUR.match(node.text or ""):
            self.faults.add(node.line, f"'{node.text}' is not an hour of the day; write at: \"09:30\"")

    def _noun(self, kind: str, main: Node) -> str:
        """The noun to which a bare fact of a step belongs; none where several acts of several nouns are tried."""
        name = main.text or ""
        if kind == "event" and name not in self.events:
            self.faults.add(main.line, f"'{name}' is not an event; {suggestion(name, self.events)}")
        tried = texts(main) if kind == "try" else (name,)
        for act in tried if kind in ("try", "choose") else ():
            if act not in ACTS:
                self.faults.add(main.line, f"'{act}' is not an act; {suggestion(act, ACTS)}")
        nouns = {one.partition(".")[0] for one in tried}
        return nouns.pop() if len(nouns) == 1 else ""

    def _refuse(self, unknown: Mapping[str, Node], kind: str, keys: Iterable[str]) -> None:
        for key, value in unknown.items():
            self.faults.add(value.line, f"'{kind}' has no key '{key}'; {suggestion(key, keys)}")

    def _on_a_breach(self, step: Step, rest: Mapping[str, Node]) -> Mapping[str, str]:
        """The things of the breach that a step answers, checked: which breach, and what is decided."""
        for key, value in rest.items():
            if key in self.things or key in BREACH_KEYS:
                self.faults.add(value.line, f"'{key}' belongs into the map of 'breach', like {BREACH}")
            else:
                self._refuse({key: value}, step.kind, GIVEN[step.kind])
        wanted = step.words["breach"].pairs if "breach" in step.words else None
        if not wanted:
            self.faults.add(step.line, f"'{step.kind}' needs a map that says which breach, like {BREACH}")
        for key, value in (wanted or {}).items():
            if key not in self.things and key not in BREACH_KEYS:
                self.faults.add(value.line, f"'breach' has no key '{key}'; {suggestion(key, BREACH_KEYS)}")
        said = [step.words[key].text for key in ("imposed", "quashed") if key in step.words]
        if step.kind == "decides" and (not said or not set(said) <= {"yes", "no"}):
            self.faults.add(step.line, "'decides' needs 'imposed: \"yes\"', 'imposed: \"no\"' or 'quashed: \"yes\"'")
        return {key: value.text or "" for key, value in (wanted or {}).items() if key in self.things}

    def _filled(self, step: Step, noun: str, rest: Mapping[str, Node]) -> Step:
        if step.kind in ON_A_BREACH:
            about = self._on_a_breach(step, rest)
            return Step(step.line, step.kind, step.main, step.on, step.words, about)
        things, roles, facts = {}, {}, dict(step.facts)
        for key, value in rest.items():
            if f"{noun}.{key}" in FACTS:  # a fact of the event's own noun comes before a thing of that name
                facts[f"{noun}.{key}"] = self._value(f"{noun}.{key}", value)
                if key == "branch":
                    things[key] = value.text or ""
            elif key in self.things:
                things[key] = value.text or ""
            elif f"file.{key}" in self.selectors or f"job.{key}" in self.selectors:
                roles[key] = texts(value)
            elif "." not in key and step.kind not in ("event", "try", "choose"):
                self._refuse({key: value}, step.kind, {**GIVEN, **WHEN, **THEN}[step.kind])
            else:
                fact = key if "." in key else f"{noun}.{key}"
                facts[fact] = self._value(fact, value)
        return Step(step.line, step.kind, step.main, step.on, step.words, things, roles, facts)

    def _date(self, node: Node | None) -> dt.date | None:
        if node is None:
            return None
        try:
            day = dt.date.fromisoformat(node.text or "")
        except ValueError:
            self.faults.add(node.line, f"'{node.text}' is not a day; write 2026-03-02")
            return None
        if day.year not in YEARS:
            self.faults.add(node.line, f"the day {day} lies outside the years {YEARS[0]} to {YEARS[-1]}")
            return None
        return day

    def _value(self, fact: str, node: Node) -> Value:
        if fact not in self.facts:
            self.faults.add(node.line, f"'{fact}' is not a fact; {suggestion(fact, self.facts)}")
            return ""
        kind = "date" if fact in self.dates else FACTS.get(fact, "text")
        text = node.text or ""
        if text:
            check_closed(fact, text, node.line, self.faults)
        if kind == "list" or node.items is not None:
            return texts(node) if text != "unknown" else text
        if kind == "date" and text != "unknown":
            return self._date(node) or dt.date.min
        if kind == "number" and text != "unknown":
            try:
                return int(text) if text.lstrip("-").isdecimal() else Decimal(text)
            except InvalidOperation:
                self.faults.add(node.line, f"'{fact}' is a number, not '{text}'; its unit stands in its name")
        return text
