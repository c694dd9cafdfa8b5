"""What a rule may name, in plain words and in groups: people, acts, events, facts, clauses of the policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from kedang.rulebook import words
from kedang.rulebook.bodies import PERIOD, PERIODS
from kedang.rulebook.checking import CLOCK_EVENTS, Names
from kedang.rulebook.conditions import BOUNDS
from kedang.rulebook.form_words import (
    CHOICE_VALUES,
    COLUMN_VALUES,
    GROUP_WORDS,
    OP_WORDS,
    PER_VALUES,
    TABLE_VALUES,
)
from kedang.rulebook.limit_reading import SETTING
from kedang.rulebook.naming import Namer, act_words
from kedang.rulebook.pack import Duty, Named, Pack, Settle
from kedang.rulebook.value_words import VALUES_OF
from kedang.rulebook.vocabulary import ACTS, EVENTS, FACTS, OFFICE_POSTS, SELECTORS, SETTINGS, THINGS

Option = tuple[str, str]
Group = tuple[str, tuple[Option, ...]]
MOST_WORDS = 28
MARKS = "“”"


class Offers:
    """The names that the rules of one pack may use, in one language."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack = pack
        self.namer = Namer(pack, language)
        self.names = Names(pack)
        self.zh = self.namer.zh
        self._spoken: dict[str, dict[str, str]] = {}
        self._values_of: dict[str, dict[str, str]] = {}

    def word(self, pairs: object, key: str) -> str:
        """A word of a table of pairs; one that is not there is its key."""
        return self.namer.word(pairs, key)  # type: ignore[arg-type]

    def of(self, source: str, act: str = "") -> tuple[Group, ...]:
        """The groups of a source; with an act, what it is about comes first among the facts."""
        if source == "facts":
            return self.facts(act)
        found: tuple[Group, ...] = getattr(self, source)
        return found

    def _group(self, key: str, options: Iterable[Option]) -> Iterator[Group]:
        listed = tuple(options)
        if listed:
            yield self.word(GROUP_WORDS, key), listed

    @cached_property
    def people(self) -> tuple[Group, ...]:
        """Whom a rule can mean: posts, heads, superiors, departments, roles on the file, the customer."""
        pack, said = self.pack, self.namer.selector
        roles = sorted(one for one in self.names.selectors if "." in one and one not in SELECTORS)
        superiors = [f"superior_of:{one}" for one in (*pack.posts, *roles)]
        return (
            *self._group("posts", ((key, said(key)) for key in pack.posts)),
            *self._group("head_of", ((f"head_of:{key}", said(f"head_of:{key}")) for key in pack.units)),
            *self._group("unit", ((f"unit:{key}", said(f"unit:{key}")) for key in pack.units)),
            *self._group("roles", ((one, said(one)) for one in roles)),
            *self._group("people", ((one, said(one)) for one in sorted(SELECTORS))),
            *self._group("superior_of", ((one, said(one)) for one in superiors)),
            *self._group("office", ((one, said(one)) for one in sorted(OFFICE_POSTS - set(pack.posts)))),
        )

    @cached_property
    def acts(self) -> tuple[Group, ...]:
        """Every act, by what it is about."""
        return self._by_noun((name, act_words(name, zh=self.zh)) for name in ACTS)

    @cached_property
    def events(self) -> tuple[Group, ...]:
        """The milestones of the pack, every event, and what the clock brings."""
        said = self.namer.event
        return (
            *self.milestones,
            *self._by_noun((name, said(name).strip(MARKS)) for name in EVENTS),
            *self._group("clock", ((name, said(name)) for name in sorted(CLOCK_EVENTS))),
        )

    @cached_property
    def milestones(self) -> tuple[Group, ...]:
        """What the pack declares to happen to its files."""
        named = ((name, self.namer.event(name).strip(MARKS)) for name in sorted(self.names.milestones))
        return tuple(self._group("milestones", named))

    @cached_property
    def dates(self) -> tuple[Group, ...]:
        """The days from which a time is counted: those of milestones, then those of the vocabulary."""
        own = ((name, self.namer.fact(name)) for name in sorted(self.names.dates))
        others = ((name, self.namer.fact(name)) for name, kind in FACTS.items() if kind == "date")
        return (*self._group("milestones", own), *self._group("others", others))

    @cached_property
    def things(self) -> tuple[Group, ...]:
        """What a duty or a consent is about."""
        named = ((name, self.word({key: (zh, key) for key, zh in words.NOUNS.items()}, name)) for name in THINGS)
        return tuple(self._group("others", sorted(named)))

    @cached_property
    def clauses(self) -> tuple[Group, ...]:
        """Every clause of the pack with the beginning of its text."""
        language = "zh" if self.zh else "en"
        listed = ((id_, f"{id_} {one.text.get(language)[:MOST_WORDS]}") for id_, one in self.pack.clauses.items())
        return (("", tuple(listed)),)

    @cached_property
    def breaches(self) -> tuple[Group, ...]:
        """For what a sanction is proposed: lateness under a clause that opens a duty, defects, incidents."""
        language = "zh" if self.zh else "en"
        owed = (one for one in self.pack.clauses.values() if any(isinstance(rule, Duty) for rule in one.rules))
        late = ((f"late:{one.id}", f"{one.id} {one.text.get(language)[:MOST_WORDS]}") for one in owed)
        here = ("late:.", self.namer.say("本条规定的期限", "the time that this clause sets"))
        return (
            *self._group("late", (here, *late)),
            *self._group("defect", ((f"defect:{key}", self.namer.name(key)) for key in self.pack.defects)),
            *self._group("incident", ((f"incident:{key}", self.namer.name(key)) for key in self.pack.incidents)),
        )

    @cached_property
    def rounds(self) -> tuple[Group, ...]:
        """The rounds on which somebody looks at the store."""
        return (("", tuple((key, self.namer.name(key)) for key in self.pack.rounds)),)

    @cached_property
    def refs(self) -> tuple[Group, ...]:
        """What a clause about the content of files can name, by kind of thing."""
        return tuple((label, tuple(found)) for label, found in _declared(self) if found)

    @cached_property
    def points(self) -> tuple[Group, ...]:
        """The ends by which a duty can be due."""
        return (("", tuple((key, self.word(words.POINT_WORDS, key)) for key in words.POINT_WORDS)), *self.dates)

    @cached_property
    def every(self) -> tuple[Group, ...]:
        """The periods, and what the policy leaves open."""
        plain = tuple((key, self.word(words.PERIOD_WORDS, key)) for key in PERIODS)
        return (("", (*plain, *((key, self.setting_name(key)) for key in self.pack.defaults if PERIOD.match(key)))),)

    @cached_property
    def days(self) -> tuple[Group, ...]:
        """The settings whose number is in days."""
        return (("", tuple((key, self.setting_name(key)) for key in self.pack.defaults if SETTING.match(key))),)

    @cached_property
    def settings(self) -> tuple[Group, ...]:
        """What can be given a value."""
        known = sorted({*SETTINGS, *self.pack.defaults})
        numbers = [f"{kind}.number" for kind in self.pack.files]
        given = [rule.key for rule in self.pack.rules() if isinstance(rule, Settle)]
        others = dict.fromkeys(one for one in (*numbers, *given) if one not in known)
        return (
            ("", (*((key, self.setting_name(key)) for key in known), *((key, self._trait(key)) for key in others))),
        )

    def _trait(self, key: str) -> str:
        """What is settled of a thing that the policy declares, like the numbers of a register."""
        noun, _dot, trait = key.rpartition(".")
        said = words.TRAITS["file.number"] if trait == "number" else words.TRAITS.get(trait, trait)
        name = words.NOUNS.get(noun) if self.zh and noun not in self.namer.declared else None
        return f"{name or self.namer.name(noun)} · {self.namer.say(said, trait.replace('_', ' '))}"

    @cached_property
    def tables(self) -> tuple[Group, ...]:
        """Over what a figure is taken."""
        return (("", tuple((key, self.word(TABLE_VALUES, key)) for key in TABLE_VALUES)),)

    @cached_property
    def counted(self) -> tuple[Group, ...]:
        """For each of which a sanction is proposed."""
        return (("", tuple((key, self.word(PER_VALUES, key)) for key in PER_VALUES)),)

    @cached_property
    def orders(self) -> tuple[Group, ...]:
        """By which fact candidates are sorted, from the least or from the greatest."""
        down = self.namer.say("（从大到小）", " (greatest first)")
        facts = [
            option for _group, options in self.all_facts for option in options if option[0].startswith("candidate.")
        ]
        return (("", (*facts, *((f"-{key}", said + down) for key, said in facts))),)

    @cached_property
    def valued(self) -> tuple[Group, ...]:
        """The values that have words."""
        return (("", tuple(self.value_words.items())),)

    @cached_property
    def columns(self) -> tuple[Group, ...]:
        """By what a figure is grouped."""
        roles = {role.key for kind in self.pack.files.values() for role in kind.roles.values()}
        plain = tuple((key, self.word(COLUMN_VALUES, key)) for key in COLUMN_VALUES)
        return (("", (*plain, *((key, self.namer.name(key)) for key in sorted(roles - set(COLUMN_VALUES))))),)

    @cached_property
    def operators(self) -> tuple[Group, ...]:
        """How a fact is held against a value."""
        return (("", tuple((op, self.word(OP_WORDS, op)) for op in ("in", *BOUNDS))),)

    def spoken(self, source: str) -> dict[str, str]:
        """What each key of a source is called, where nothing else in it is called so."""
        if source not in self._spoken:
            pairs = [option for _group, options in self.of(source) for option in options] if source else []
            often = Counter(said for _key, said in dict(pairs).items())
            keys = {key for key, _said in pairs}
            self._spoken[source] = {key: said for key, said in pairs if often[said] == 1 and said not in keys}
        return self._spoken[source]

    def written(self, source: str, said: Any) -> Any:
        """The other way round; what is no word of the source is meant as it stands."""
        if not source:
            return said
        keys = {word: key for key, word in self.spoken(source).items()}
        return [keys.get(one, one) for one in said] if isinstance(said, list) else keys.get(said, said)

    def proposals(self, source: str) -> tuple[Group, ...]:
        """The words that a text field proposes; a key where two things are called alike."""
        words_ = self.spoken(source)
        listed = {
            words_.get(key, key): "" if key in words_ else said for _g, one in self.of(source) for key, said in one
        }
        return (("", tuple(listed.items())),)

    def setting_name(self, key: str) -> str:
        """What can be given a value: as the vocabulary calls it, else by the first clause that leaves it open."""
        if key.partition(".")[2] in words.TRAITS:
            return self.namer.fact(key)
        ref = next((ref for ref, said in self._left_open if f"'{key}'" in said), "")
        units = {"days": ("天数", "days"), "hours": ("小时数", "hours"), "minutes": ("分钟数", "minutes")}
        unit = next((pair for end, pair in units.items() if key.endswith(end)), ("值", "value"))
        zh, en = ("周期", "period") if PERIOD.match(key) else unit
        return self.namer.say(f"第{ref}条留定的{zh}", f"the {en} that clause {ref} leaves open") if ref else key

    @cached_property
    def _left_open(self) -> tuple[tuple[str, str], ...]:
        return tuple((ref, repr(one.rules)) for ref, one in self.pack.clauses.items())

    def choice(self, key: str) -> str:
        """A word of a closed list."""
        tables = (CHOICE_VALUES, VALUES_OF["record.grade"], words.VALUES, words.UNTIL_WORDS, words.PERIOD_WORDS,
                  words.MEASURE_WORDS)  # fmt: skip
        return next((self.word(one, key) for one in tables if key in one), key)

    def facts(self, act: str = "") -> tuple[Group, ...]:
        """The facts by thing; those of the things that the act is about come first."""
        return _facts_first(self.all_facts, self._nearby(act)) if act else self.all_facts

    @cached_property
    def all_facts(self) -> tuple[Group, ...]:
        """Every fact that a rule of this pack may test, by thing."""
        found: dict[str, list[Option]] = {}
        for name in sorted(self.names.facts):
            found.setdefault(self._thing_words(name.partition(".")[0]), []).append((name, self.namer.fact(name)))
        return tuple((thing, tuple(options)) for thing, options in found.items())

    def _thing_words(self, thing: str) -> str:
        if thing in ("field", "event"):
            return self.word(GROUP_WORDS, "fields" if thing == "field" else thing)
        return words.NOUNS.get(thing, self.namer.name(thing)) if self.zh else self.namer.name(thing)

    def _nearby(self, act: str) -> frozenset[str]:
        known = ACTS.get(act) or EVENTS.get(act)
        things = (*known.about, "actor", "act") if known else ()
        if act in self.names.milestones or (known and "file" in known.about):
            things = (*things, "file", "field", *self.pack.files)
        return frozenset(self._thing_words(one) for one in things)

    def _by_noun(self, options: Iterable[Option]) -> tuple[Group, ...]:
        found: dict[str, list[Option]] = {}
        for name, said in options:
            found.setdefault(self._thing_words(name.partition(".")[0]), []).append((name, said))
        return tuple((noun, tuple(listed)) for noun, listed in found.items())

    @cached_property
    def value_words(self) -> dict[str, str]:
        """What a condition may hold a fact against, by key: yes and no, and everything that the pack declares."""
        language = "zh" if self.zh else "en"
        found = {key: self.word(words.VALUES, key) for key in words.VALUES}
        for kind in self.pack.files.values():
            for field in (*kind.fields.values(), *(one for job in kind.jobs.values() for one in job.fields.values())):
                found |= {key: text.get(language) for key, text in field.choices}
        found |= {key: text.get(language) for key, text in self.namer.declared.items()}
        return {key: said for key, said in found.items() if said and _is_one(said)}

    def values_of(self, fact: str) -> dict[str, str]:
        """The words for what this fact can be, by key, where that is a closed list; else empty."""
        if fact not in self._values_of:
            self._values_of[fact] = {key: said for key, said in self._closed(fact).items() if _is_one(said)}
        return self._values_of[fact]

    def _closed(self, fact: str) -> dict[str, str]:
        if fact in VALUES_OF:
            return {key: self.word(VALUES_OF[fact], key) for key in VALUES_OF[fact]}
        if FACTS.get(fact) == "yes_no":
            return {key: self.word(words.VALUES, key) for key in ("yes", "no")}
        pack, language = self.pack, "zh" if self.zh else "en"
        declared: dict[str, Mapping[str, Named]] = {
            "file.kind": pack.files, "record.kind": pack.records, "handover.set": pack.checklists,
            "person.post": pack.posts, "person.posts": pack.posts,
            "incident.kind": pack.incidents, "defect.kind": pack.defects,
        }  # fmt: skip
        if fact in declared:
            return {key: one.text.get(language) for key, one in declared[fact].items()}
        thing, _dot, key = fact.partition(".")
        fields = (kind.fields[key] for kind in pack.files.values() if thing == "field" and key in kind.fields)
        return {one: text.get(language) for field in fields for one, text in field.choices}

    def value_said(self, key: str, fact: str = "") -> str:
        """A value as a form shows it: its word where that is unmistakable, else its key."""
        said = self.values_of(fact).get(key) or self.value_words.get(key, key)
        return said if self.value_meant(said, fact) == key else key

    def value_meant(self, said: str, fact: str = "") -> str:
        """The other way round; what is no word stays as it is."""
        own = [key for key, word in self.values_of(fact).items() if word == said]
        return own[0] if len(own) == 1 else self.value_keys.get(said, said)

    @cached_property
    def value_keys(self) -> dict[str, str]:
        """The other way round; what two keys are called alike, and what is a key itself, is left out."""
        counted: dict[str, list[str]] = {}
        for key, said in self.value_words.items():
            counted.setdefault(said, []).append(key)
        return {said: keys[0] for said, keys in counted.items() if len(keys) == 1 and said not in self.value_words}


def _is_one(said: str) -> bool:
    """Whether a word can stand in a list of values without being taken for two."""
    return not set(said) & set("、,，;；")


def _facts_first(groups: tuple[Group, ...], near: frozenset[str]) -> tuple[Group, ...]:
    return (*(one for one in groups if one[0] in near), *(one for one in groups if one[0] not in near))


def _declared(offers: Offers) -> Iterator[tuple[str, list[Option]]]:
    """The references of a `declare`, by kind of thing."""
    pack, name = offers.pack, offers.namer.name
    for key, kind in pack.files.items():
        head = f"file.{key}"
        listed: list[Option] = [(head, name(key))]
        for what, inner in (
            ("field", kind.fields),
            ("part", kind.parts),
            ("role", kind.roles),
            ("milestone", kind.milestones),
        ):
            listed += [(f"{head}.{what}.{one}", f"{name(key)} · {name(one)}") for one in inner]
        for job, found in kind.jobs.items():
            listed.append((f"{head}.job.{job}", f"{name(key)} · {name(job)}"))
            for what, inner in (("field", found.fields), ("kind", found.kinds)):
                listed += [(f"{head}.job.{job}.{what}.{one}", f"{name(job)} · {name(one)}") for one in inner]
        yield name(key), listed
    for key, checklist in pack.checklists.items():
        lines = [(f"checklist.{key}.{one.key}", f"{name(key)} · {name(one.key)}") for one in checklist.lines]
        yield name(key), [(f"checklist.{key}", name(key)), *lines]
    papers: list[Option] = []
    for key, record in pack.records.items():
        papers.append((f"record.{key}", name(key)))
        papers += [(f"record.{key}.field.{one}", f"{name(key)} · {name(one)}") for one in record.fields]
    yield offers.word({"": ("资料", "Papers")}, ""), papers
    plain: tuple[tuple[str, Iterable[str], tuple[str, str]], ...] = (
        ("register", pack.registers, ("登记簿", "Registers")), ("post", pack.posts, ("岗位", "Posts")),
        ("unit", pack.units, ("部门", "Departments")), ("defect", pack.defects, ("资料缺陷", "Defects")),
        ("incident", pack.incidents, ("事故", "Incidents")), ("round", pack.rounds, ("检查", "Rounds")),
        ("segment", pack.segments, ("客户类别", "Groups of customers")), ("word", pack.words, ("用词", "Words")),
        ("default", pack.defaults, ("留给单位设定", "Left to the organization")),
    )  # fmt: skip
    for what, keys, pair in plain:
        called = offers.setting_name if what == "default" else name
        yield offers.word({what: pair}, what), [(f"{what}.{key}", called(key)) for key in keys]
    steps = [(f"milestone.{one}", offers.namer.event(one).strip(MARKS)) for one in sorted(offers.names.milestones)]
    yield offers.word(GROUP_WORDS, "milestones"), steps
