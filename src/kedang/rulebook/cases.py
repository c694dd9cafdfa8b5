"""Runs a pack's cases: examples of the policy that a person without Python can read, and that prove its clauses.

A clause is proved only by a passing case that names it and in whose asserted result one of its rules took part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kedang.rulebook.book import Book
from kedang.rulebook.calendars import Calendar
from kedang.rulebook.casefile import Case, Step, read_cases, texts
from kedang.rulebook.caseresults import (
    Unmet,
    amount,
    breach_line,
    duty_line,
    figure_line,
    is_figure,
    like_duty,
    listed,
    priced,
    refer,
    rows_of,
    told,
    unopened,
)
from kedang.rulebook.caseworld import Breach, CaseFault, World, is_breach
from kedang.rulebook.choosing import choose, classify, setting
from kedang.rulebook.conditions import MissingFact, Value
from kedang.rulebook.deciding import Answer, decide, needs
from kedang.rulebook.duties import DutyState, stands_for
from kedang.rulebook.measures import measure
from kedang.rulebook.pack import ClauseRef, Duty, Measure, Pack, Text
from kedang.rulebook.reading import Node
from kedang.rulebook.sanctions import Proposal, rewards
from kedang.rulebook.scopes import scope
from kedang.rulebook.selecting import is_meant
from kedang.rulebook.vocabulary import FACTS

SAY = "say it in 'when' or 'given', or for every case under 'facts' at the top of the file"
PLAIN_WEEK = Calendar("plain", 2000, 2100)


@dataclass(frozen=True)
class Failure:
    """A case that does not come out as it says: its name, why, and the line; its name in both languages, and the
    clauses that it would prove."""

    name: str
    why: str
    line: int
    text: Text
    proves: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseReport:
    """What a case file shows about its pack."""

    passed: tuple[str, ...]
    failed: tuple[Failure, ...]
    proved: frozenset[str]


def run_cases(
    pack: Pack,
    source: bytes | str,
    name: str,
    base: Sequence[Pack] = (),
    calendar: Calendar = PLAIN_WEEK,
) -> CaseReport:
    """Play every case of a file under its pack with the packs above and below it.

    Raises `PackErrors` with file and line for a file that cannot be read.
    """
    return play_cases(pack, read_cases(source, name, pack, base), base, calendar)


def play_cases(
    pack: Pack, cases: Iterable[Case], base: Sequence[Pack] = (), calendar: Calendar = PLAIN_WEEK
) -> CaseReport:
    """Play cases already read; raises `ClashError` where the packs contradict each other."""
    passed: list[str] = []
    failed: list[Failure] = []
    proved: set[str] = set()
    books: dict[tuple[tuple[str, str | int], ...], Book] = {}
    for case in cases:
        key = tuple(sorted(case.settings.items()))
        if key not in books:
            books[key] = Book((pack, *base), case.settings)
        try:
            shown = _Play(books[key], pack, case, calendar).run()
            proved |= _proved(case, shown, pack)
            passed.append(case.name)
        except Unmet as error:
            failed.append(Failure(case.name, str(error), error.line, case.text, case.proves))
        except MissingFact as error:
            failed.append(Failure(case.name, f"{error}; {SAY}", case.line, case.text, case.proves))
        except (CaseFault, LookupError, ValueError) as error:
            failed.append(Failure(case.name, str(error), case.line, case.text, case.proves))
    return CaseReport(tuple(passed), tuple(failed), frozenset(proved))


def _proved(case: Case, shown: set[ClauseRef], pack: Pack) -> set[str]:
    for clause in case.proves:
        if f"{pack.number}:{clause}" not in shown:
            raise Unmet(
                f"it says that it proves {clause}, but no rule of that clause took part in the result", case.line
            )
    return set(case.proves)


class _Play:
    """Plays one case and compares."""

    def __init__(self, book: Book, pack: Pack, case: Case, calendar: Calendar) -> None:
        self.book = book
        self.pack = pack
        self.case = case
        self.world = World(book, pack.number, case, calendar)
        self.shown: set[ClauseRef] = set()
        when = case.when
        self.when = when
        self.day = (when.on if when else None) or self.world.day or dt.date(2026, 1, 1)
        self.ended = when is not None and when.kind == "end_of_day"

    def run(self) -> set[ClauseRef]:
        """Check every expectation; the clauses that took part. Raises `Unmet`."""
        checks: Mapping[str, Callable[[Step], None]] = {
            "answer": self._answer,
            "duty": self._duty,
            "no_duty": self._duty,
            "sanction": self._sanction,
            "no_sanction": self._sanction,
            "visible": self._visible,
            "setting": self._setting,
            "class": self._class,
            "chosen": self._chosen,
            "figure": self._figure,
            "reward": self._reward,
        }
        for step in self.case.then:
            checks[step.kind](step)
        return self.shown

    def _facts(self) -> dict[str, Value]:
        when = self.when
        return self.world.facts(when.things, when.facts) if when else dict(self.world.common)

    def _answer(self, step: Step) -> None:
        """The answer to the act of a `try`; of several, or by several people, the same answer to each."""
        when = self._asked(step, "try")
        self.world.duties(self.day)
        self.world.assign(when)
        tried = [(act, who) for act in when.names for who in when.texts("by") or ("",)]
        for act, who in tried:
            try:
                self._compare_answer(step, self._tried(step, when, act, who))
            except Unmet as error:
                if len(tried) == 1:
                    raise
                raise Unmet(f"{act} by {who}: {error}", error.line) from None

    def _tried(self, step: Step, when: Step, act: str, who: str) -> Answer:
        actor = self.world.actor(who)
        purpose = when.text("purpose")
        facts: dict[str, Value] = {
            "actor.posts": tuple(sorted(actor.posts)),
            "actor.units": tuple(sorted(actor.units)),
            "act.on": self.day,
            "act.purpose": purpose,
            **self._facts(),
        }
        parties = {**{role: frozenset[str]() for role in self._roles()}, **self.world.parties(when.things, facts)}
        known = {**facts, **{role: next(iter(held), "") for role, held in parties.items() if role not in facts}}
        try:
            return decide(
                self.book,
                act,
                actor,
                known,
                parties=parties,
                grants=self.world.grants,
                about=next(iter(when.things.values()), ""),
                purpose=purpose,
                today=self.day,
            )
        except MissingFact as error:
            asked = sorted({error.fact, *needs(self.book, act).facts} - set(known))
            raise Unmet(f"rules on {act} need facts that nobody said: {', '.join(asked)}; {SAY}", step.line) from None

    def _roles(self) -> set[str]:
        roles = {"file.holder", "file.subject", "volume.holder", "loan.borrower", "handover.giver", "handover.receiver"}
        for pack in self.book.packs:
            for kind in pack.files.values():
                roles |= {f"file.{role}" for role in kind.roles}
                roles |= {
                    f"{noun}.{role}" for job in kind.jobs.values() for role in job.roles for noun in ("file", "job")
                }
        return roles

    def _compare_answer(self, step: Step, answer: Answer) -> None:
        found = told(answer)
        if answer.verdict != step.name:
            raise Unmet(f"the answer is {answer.verdict}, not {step.name} ({found})", step.line)
        took_part = answer.clauses | answer.lifted | {ask.clause for ask in answer.asks}
        self._clauses(step, took_part)
        if step.says_none("lacking") and answer.lacking:
            raise Unmet(f"something is lacking ({found})", step.line)
        for fact in step.texts("lacking"):
            if fact not in {lack.fact for lack in answer.lacking}:
                raise Unmet(f"'{fact}' is not lacking ({found})", step.line)
        asked = {who for ask in answer.asks for _, one in ask.steps for who in one.who}
        for who in step.texts("ask"):
            if who not in asked:
                raise Unmet(f"'{who}' is not asked ({found})", step.line)

    def _clauses(self, step: Step, took_part: Iterable[ClauseRef]) -> None:
        found = set(took_part)
        if step.says_none("clauses") and found:
            raise Unmet(f"clauses took part: {listed(found)}", step.line)
        for clause in step.texts("clauses"):
            if refer(clause, self.pack.number) not in found:
                raise Unmet(f"clause {clause} took no part; these did: {listed(found)}", step.line)
        self.shown |= found

    def _duty(self, step: Step) -> None:
        states = self.world.duties(self.day, self.ended, self.when.at if self.when else None)
        near = [state for state in states.values() if self._near_duty(state, step)]
        meant = [state for state in near if like_duty(state, step)]
        rules = [rule for rule in self.book.rules_of(Duty) if rule.clause == step.text("clause")]
        there = [state.rule for state in states.values() if self.world.meant(state, step, state.rule.clause)]
        instead = [one for one in there if any(stands_for(self.book, one, rule) for rule in rules)]
        given = {event.name for event in self.world.events}
        seen = "; ".join(duty_line(state) for state in near) or unopened(rules, instead, given)
        self._count(step, len(meant), f"duties are: {seen}")
        self.shown |= {state.clause for state in meant}

    def _near_duty(self, state: DutyState, step: Step) -> bool:
        clause = step.text("clause")
        return self.world.meant(state, step, clause or state.rule.clause)

    def _sanction(self, step: Step) -> None:
        texts_ = {key: step.text(key) for key in ("clause", "defect", "incident", "who") if key in step.words}
        near = [
            one for one in self.world.breaches(self.day, self.ended)
            if is_breach(one, self.pack.number, {**texts_, **step.things}) and one.status != "quashed"
        ]  # fmt: skip
        meant = [one for one in near if any(priced(found, step, self.pack.number) for found in proposals(one))]
        seen = "; ".join(breach_line(one) for one in near) or "no breach of that kind"
        self._count(step, len(meant), f"breaches are: {seen}")
        for one in meant:
            self.shown = self.shown.union(*(found.clauses for found in proposals(one)))
            self.shown |= {one.facts.name} if one.facts.kind == "late" else set()

    def _count(self, step: Step, found: int, seen: str) -> None:
        what = step.kind.removeprefix("no_")
        if step.kind.startswith("no_"):
            if found:
                raise Unmet(f"there is such a {what}; {seen}", step.line)
        elif "times" in step.words:
            if found != int(step.text("times")):
                raise Unmet(f"there are {found} such, not {step.text('times')}; {seen}", step.line)
        elif not found:
            raise Unmet(f"there is no such {what}; {seen}", step.line)

    def _visible(self, step: Step) -> None:
        when = self._asked(step, "looks")
        actor = self.world.actor(when.name)
        right = when.text("right", "read")
        facts = self.world.facts(when.things, {key: node.text or "" for key, node in _pairs(when, "row").items()})
        parties = self.world.parties(when.things, facts)
        row = {**dict.fromkeys(self._roles(), ""), **{key: str(value) for key, value in facts.items()}}
        row |= {role: next(iter(held), "") for role, held in parties.items() if role not in facts}
        seen = scope(self.book, right, actor, step.text("up_to", "open")).matches(row)
        if seen != (step.name == "yes"):
            raise Unmet(f"visible is {'yes' if seen else 'no'} for {right}", step.line)
        rules = self.book.rules_on({"find": "file.find", "read": "file.read", "reveal": "record.reveal"}[right])
        held = {**dict.fromkeys(self._roles(), frozenset[str]()), **parties}
        permits = {rule.ref for rule in rules.permits if is_meant(rule.who, actor, actor.posts, held)}
        forbids = {rule.ref for rule in rules.forbids}
        self._clauses(step, permits if seen else forbids or {rule.ref for rule in rules.permits})

    def _setting(self, step: Step) -> None:
        for key, node in (step.main.pairs or {}).items():
            found = setting(self.book, key, self._facts())
            if str(found.value) != node.text:
                raise Unmet(f"{key} is {found.value}, not {node.text}", step.line)
            self.shown |= {found.clause} if found.clause else set()

    def _class(self, step: Step) -> None:
        for key, node in (step.main.pairs or {}).items():
            found = classify(self.book, key, self._facts())
            if (found.value if found else "none") != node.text:
                raise Unmet(f"{key} is {found.value if found else 'none'}, not {node.text}", step.line)
            self._clauses(step, {found.clause} if found else ())

    def _chosen(self, step: Step) -> None:
        when = self._asked(step, "choose")
        common = self._facts()
        candidates = {
            name: {**common, **{key: _typed(key, value.text or "") for key, value in (node.pairs or {}).items()}}
            for name, node in _pairs(when, "candidates").items()
        }
        choice = choose(self.book, when.name, candidates)
        if choice.ids != texts(step.main):
            raise Unmet(f"chosen are {listed(choice.ids)}", step.line)
        self._clauses(step, choice.clauses)

    def _figure(self, step: Step) -> None:
        when = self._asked(step, "measure")
        rules = [rule for rule in self.book.rules_of(Measure) if rule.name == when.name]
        if not rules:
            raise Unmet(f"no clause measures '{when.name}'", step.line)
        rows = [row for node in when.words["rows"].items or () for row in rows_of(node)]
        figures = measure(rules[0], rows)
        wanted = {key: node.text or "" for key, node in (step.main.pairs or {}).items()}
        figure = figures.get(wanted.get("of", ""))
        if not is_figure(figure, wanted):
            raise Unmet(f"the figure is {figure_line(figure)}", step.line)
        self.shown.add(rules[0].ref)

    def _reward(self, step: Step) -> None:
        who = step.text("who")
        found = rewards(self.book, step.name, frozenset({who}) if ":" in who else self.world.actor(who).posts)
        meant = [
            rule
            for rule in found
            if step.text("measure", rule.measure) == rule.measure
            and ("amount_cny" not in step.words or rule.amount_cny == amount(step, "amount_cny"))
            and ("decided_by" not in step.words or set(step.texts("decided_by")) == set(rule.decided_by))
        ]
        if not meant:
            raise Unmet(
                f"no such reward for {step.name}; these clauses speak of one: {listed(r.ref for r in found)}", step.line
            )
        self._clauses(step, {rule.ref for rule in meant})

    def _asked(self, step: Step, kind: str) -> Step:
        if self.when is None or self.when.kind != kind:
            raise Unmet(f"'{step.kind}' needs 'when: {{{kind}: …}}'", step.line)
        return self.when


def proposals(breach: Breach) -> list[Proposal]:
    """What is proposed for a breach, and what besides."""
    return [breach.proposal, *breach.proposal.besides] if breach.proposal else []


def _typed(fact: str, text: str) -> Value:
    """A candidate's trait as the vocabulary types it, so that ten stands above nine."""
    return int(text) if FACTS.get(fact) == "number" and text.isdecimal() else text


def _pairs(step: Step, key: str) -> Mapping[str, Node]:
    node = step.words.get(key)
    return (node.pairs or {}) if node else {}
