"""What a pack's rule names, as a person calls it: posts, acts, events, facts, values, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kedang.rulebook import words
from kedang.rulebook.pack import Milestone, Named, Pack, Test, Text
from kedang.rulebook.value_words import VALUES_OF
from kedang.rulebook.vocabulary import ACTS, EVENTS, FACTS

Pair = tuple[str, str]


def act_words(name: str, *, zh: bool) -> str:
    """An act without a pack: 借阅归还, return loan."""
    noun, _, verb = name.partition(".")
    if zh:
        return words.NOUNS.get(noun, noun) + words.VERBS.get(verb, verb)
    return f"{verb.replace('_', ' ')} {noun}"


class Namer:
    """Names things in one language, first as the pack calls them, then as the vocabulary does."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack = pack
        self.zh = language.lower().startswith("zh")
        self.declared: dict[str, Text] = {}
        self.milestones: dict[str, Milestone] = {}
        for one in _declared(pack):
            self.declared.setdefault(one.key, one.text)
            if isinstance(one, Milestone):
                self.milestones[one.event] = one
        for key, text in (*pack.words.items(), *_choices(pack)):
            self.declared.setdefault(key, text)

    def say(self, zh: str, en: str) -> str:
        """One of the two."""
        return zh if self.zh else en

    def word(self, pairs: Mapping[str, Pair], key: str) -> str:
        """A word of a table; one that is not there is said as its key."""
        return self.say(*pairs.get(key, (key, key)))

    def name(self, key: str) -> str:
        """What the pack declares under a key, else the key."""
        return self.declared[key].get("zh" if self.zh else "en") if key in self.declared else key

    def any_of(self, parts: Iterable[str]) -> str:
        """A or B."""
        return self.say("或", " or ").join(parts)

    def every_of(self, parts: Iterable[str]) -> str:
        """A, B and C together, as one list."""
        return self.say("、", " and ").join(parts)

    def all_of(self, parts: Iterable[str]) -> str:
        """A and B."""
        return self.say("且", " and ").join(parts)

    def act(self, name: str) -> str:
        """An act: 借阅·归还, return (loan)."""
        return f"“{act_words(name, zh=self.zh)}”"

    def event(self, name: str) -> str:
        """An event: a milestone as the pack calls it, else the vocabulary's."""
        if name in self.milestones:
            return f"“{self.milestones[name].text.get('zh' if self.zh else 'en')}”"
        if name in words.CLOCK_WORDS:
            return self.word(words.CLOCK_WORDS, name)
        if name not in EVENTS:
            return name
        noun, _, past = name.partition(".")
        return self.say(self.act(EVENTS[name].name), f"“{noun} {past.replace('_', ' ')}”")

    def selector(self, who: str) -> str:
        """Whom a rule means."""
        prefix, colon, rest = who.partition(":")
        if colon:
            inner = self.selector(rest) if prefix == "superior_of" else self.name(rest)
            forms = {
                "unit": (f"{inner}人员", f"somebody of {inner}"),
                "head_of": (f"{inner}负责人", f"the head of {inner}"),
                "superior_of": (f"{inner}的上级", f"the superior of {inner}"),
            }
            return self.say(*forms[prefix])
        if who in self.declared:
            return self.name(who)
        if who in words.SELECTOR_WORDS:
            return self.word(words.SELECTOR_WORDS, who)
        return self.name(who.partition(".")[2])

    def people(self, who: Sequence[str]) -> str:
        """Several, of whom each is meant."""
        return self.any_of(self.selector(one) for one in who)

    def fact(self, name: str) -> str:
        """A fact's name."""
        thing, _, trait = name.partition(".")
        dates = {milestone.date: milestone for milestone in self.milestones.values()}
        if name in dates:
            text = dates[name].text.get("zh" if self.zh else "en")
            return self.say(f"“{text}”日期", f"the day of “{text}”")
        if name in words.SELECTOR_WORDS:
            return self.word(words.SELECTOR_WORDS, name)
        if thing == "field" or (trait in self.declared and trait not in words.TRAITS):
            return self.name(trait)
        said = self.trait(name, trait)
        zh = f"{words.NOUNS.get(thing) or self.name(thing)}的{said}"
        en = thing.replace("_", " ") if thing in words.NOUNS else self.name(thing)
        return self.say(zh, f"the {en}'s {trait.removesuffix('_is').replace('_', ' ')}")

    def trait(self, name: str, trait: str) -> str:
        """What a fact says of its thing, in Chinese."""
        own = "file.number" if trait == "number" and name not in FACTS else trait  # a pattern, not which time it is
        return words.TRAITS.get(name) or words.TRAITS.get(own, trait)

    def value(self, found: str | int, fact: str = "") -> str:
        """A value of a fact as the pack calls it; one that nobody gave a word is said as it stands."""
        key = str(found)
        own = VALUES_OF.get(fact, {})
        if key in own:
            return self.word(own, key)
        if key in ACTS and key not in self.declared:
            return self.act(key)
        return self.word(words.VALUES, key) if key in words.VALUES else self.name(key)

    def test(self, test: Test) -> str:
        """One test of a condition."""
        fact = self.fact(test.fact)
        if test.op == "empty":
            forms = {"yes": (f"没有{fact}", f"{fact} is not given"), "no": (f"有{fact}", f"{fact} is given")}
            return self.say(*forms[str(test.values[0])])
        if test.op in ("without", "differs_from"):
            said = [self.fact(str(value)) for value in test.values]
        else:
            said = [self.value(str(value), test.fact) for value in test.values]
        values = self.every_of(said) if test.op == "contains" else self.any_of(said)
        if test.key:
            left_open = self.pack.defaults.get(test.key)
            values = str(left_open.value if left_open else test.values[0])
            values += self.say("（可由单位设定）", " (the organization may set it)")
        op = "in_list" if test.op == "in" and FACTS.get(test.fact) == "list" else test.op
        includes = "include" if fact.endswith("s") else "includes"
        return self.word(words.BOUND_WORDS, op).format(fact=fact, values=values, includes=includes)

    def tests(self, tests: Sequence[Test]) -> str:
        """A condition whole."""
        return self.all_of(self.test(test) for test in tests)

    def clause(self, ref: str) -> str:
        """A clause's number, with its pack where that is another."""
        number, _, id_ = ref.rpartition(":")
        return self.say("第", "clause ") + (id_ if number in ("", self.pack.number) else ref) + self.say("条", "")

    def clauses(self, refs: Sequence[str]) -> str:
        """Several clauses."""
        return self.say("、", ", ").join(self.clause(ref) for ref in refs)


def _choices(pack: Pack) -> Iterator[tuple[str, Text]]:
    """What the fields of the pack may be, by key; and a checklist's lines, called after the papers they ask for."""
    for fields in (*(one.fields for one in pack.files.values()), *(one.fields for one in pack.records.values())):
        for field in fields.values():
            yield from field.choices
    for kind in pack.files.values():
        for job in kind.jobs.values():
            for field in job.fields.values():
                yield from field.choices
    for line in (line for checklist in pack.checklists.values() for line in checklist.lines):
        papers = [pack.records[one].text for one in line.any_of if one in pack.records]
        if papers:
            yield line.key, Text(" / ".join(one.zh for one in papers), " / ".join(one.en for one in papers))


def _declared(pack: Pack) -> Iterator[Named]:
    """Everything that has a key and a name, posts first."""
    yield from (*pack.posts.values(), *pack.units.values(), *pack.files.values(), *pack.records.values())
    yield from (*pack.checklists.values(), *pack.defects.values(), *pack.incidents.values(), *pack.rounds.values())
    yield from (*pack.registers.values(), *pack.segments.values())
    for kind in pack.files.values():
        yield from (*kind.roles.values(), *kind.milestones.values(), *kind.parts.values(), *kind.fields.values())
        for job in kind.jobs.values():
            yield from (job, *job.roles.values(), *job.milestones.values(), *job.kinds.values(), *job.fields.values())
    for record in pack.records.values():
        yield from record.fields.values()
