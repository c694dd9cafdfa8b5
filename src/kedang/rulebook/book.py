"""All the packs that bind a branch on one day, as one rulebook with its indexes.

`00-law` stands above every policy, `00-base` below. Two rules of one rank that contradict each other are a clash: an
error here, at load or adoption, and never a guess in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, TypeVar, cast

from kedang.rulebook.binding import NONE, foreign_kinds, is_about_a_file, kinds_named
from kedang.rulebook.clashes import Clash, ClashError, can_hold_together, who_meet
from kedang.rulebook.houses import month_from, roster_of
from kedang.rulebook.joint import posts_of_role
from kedang.rulebook.pack import (
    Aggravate,
    Clause,
    ClauseRef,
    Consent,
    Default,
    Duty,
    Forbid,
    Pack,
    Permit,
    Repeat,
    Require,
    Rule,
    Sanction,
    Settle,
    Test,
    Text,
)
from kedang.rulebook.unlike import declaration_clashes

RANKS = {"law": 0, "policy": 1, "base": 2}
CONDITIONS = ("when", "that", "when_true", "done_when")

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class ActRules:
    """The rules on one act."""

    permits: tuple[Permit, ...] = ()
    forbids: tuple[Forbid, ...] = ()
    requires: tuple[Require, ...] = ()
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a pack settles or leaves open; `clause` is None for a default that no clause speaks of."""

    value: str | int
    clause: ClauseRef | None
    is_default: bool


class Book:
    """The packs of a branch on a day. Raises `ClashError` unless `tolerate_clashes` is set (for showing them).

    `settings` are what the adoptions of all packs chose together, `houses` what that of each pack chose, by number.
    Where a `kind` of file is asked for, the rules that bind files of that kind are meant (see `binding`); without a
    kind, or with one that nobody knows, all of them.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        settings: Mapping[str, str | int] | None = None,
        tolerate_clashes: bool = False,
        houses: Mapping[str, Mapping[str, str | int]] | None = None,
    ) -> None:
        self.packs = tuple(sorted(packs, key=lambda pack: (RANKS[pack.rank], pack.number)))
        self.settings: Mapping[str, str | int] = settings or {}
        self._houses = houses
        self._foreign = foreign_kinds(self.packs)
        self.kinds_apart = frozenset().union(*self._foreign.values())  # of which not every policy means the files
        self._of_kind: dict[tuple[type[Rule], object], tuple[Rule, ...]] = {}
        self._acts_of_kind: dict[tuple[str, object], ActRules] = {}
        self._rules: dict[type[Rule], tuple[Rule, ...]] = {}
        for pack in self.packs:
            for rule in pack.rules():
                timed = self._timed(rule)
                self._rules[type(timed)] = (*self._rules.get(type(timed), ()), timed)
        self._ranks = {pack.number: RANKS[pack.rank] for pack in self.packs}
        self._acts = self._index_acts()
        self._duties: dict[str, list[Duty]] = {}
        for duty in self.rules_of(Duty):
            for event in duty.after:
                self._duties.setdefault(event, []).append(duty)
        self._posts = self._index_posts()
        self.clashes = tuple(find_clashes(self))
        if self.clashes and not tolerate_clashes:
            raise ClashError(self.clashes)

    def rules_of(self, body: type[R], kind: object = "") -> tuple[R, ...]:
        """Every rule of one body in all packs."""
        every = cast("tuple[R, ...]", self._rules.get(body, ()))
        if kind not in self.kinds_apart:
            return every
        if (body, kind) not in self._of_kind:
            self._of_kind[body, kind] = self._binding(every, kind)
        return cast("tuple[R, ...]", self._of_kind[body, kind])

    def rules_on(self, act: str, kind: object = "") -> ActRules:
        """The rules on one act."""
        every = self._acts.get(act, _NOTHING)
        if kind not in self.kinds_apart:
            return every
        found = self._acts_of_kind.get((act, kind))
        if found is None:
            found = self._acts_of_kind[act, kind] = self._binding_on(every, kind)
        return found

    def duties_after(self, event: str, kind: object = "") -> tuple[Duty, ...]:
        """The duties that an event may open."""
        return self._binding(self._duties.get(event, ()), kind)

    def foreign_to(self, rule: Rule) -> frozenset[str]:
        """The kinds of file that a rule does not bind, because only other policies declare them."""
        foreign = self._foreign.get(rule.pack, NONE)
        return foreign if foreign and is_about_a_file(rule) and not kinds_named(rule) else NONE

    def meet(self, first: Rule, second: Rule) -> bool:
        """Whether two rules can bind one thing: not if both are about files, and of different kinds."""
        mine, other = self._bound(first), self._bound(second)
        return first.pack == second.pack or mine is None or other is None or not mine.isdisjoint(other)

    def _bound(self, rule: Rule) -> frozenset[str] | None:
        """The kinds whose files a rule binds; None for all, and for a rule that is not about a file."""
        if rule.pack not in self._foreign or not is_about_a_file(rule):
            return None
        return kinds_named(rule) or frozenset(self.pack(rule.pack).files)

    def _binding(self, rules: Sequence[R], kind: object) -> tuple[R, ...]:
        return tuple(rule for rule in rules if kind not in self.foreign_to(rule))

    def _binding_on(self, rules: ActRules, kind: object) -> ActRules:
        return ActRules(
            self._binding(rules.permits, kind),
            self._binding(rules.forbids, kind),
            self._binding(rules.requires, kind),
            self._binding(rules.consents, kind),
        )

    def rank(self, rule: Rule) -> int:
        """0 for law, 1 for a policy, 2 for the base."""
        return self._ranks[rule.pack]

    def pack(self, number: str) -> Pack:
        """The pack of a number or slug; raises KeyError."""
        for pack in self.packs:
            if number in (pack.number, pack.slug):
                return pack
        raise KeyError(number)

    def clause(self, ref: ClauseRef) -> Clause:
        """The clause of a reference; raises KeyError."""
        number, _, id_ = ref.partition(":")
        return self.pack(number).clauses[id_]

    def posts_of_role(self, selector: str, kind: object = "") -> tuple[str, ...]:
        """The posts whose people hold a role on a file ("file.consultant"), or lead those who do
        ("superior_of:file.consultant"), of every pack that has it in order; empty if there is none.

        Of the kind of file that is given, where that has the role.
        """
        prefix, colon, rest = selector.partition(":")
        if colon and prefix == "superior_of":
            below = (rest,) if "." not in rest else self.posts_of_role(rest, kind)
            above = (pack.posts[one].reports_to for one in below for pack in self.packs if one in pack.posts)
            return tuple(dict.fromkeys(one for one in above if one))
        return posts_of_role(self.packs, selector.partition(".")[2], kind)

    def posts_with(self, posts: Iterable[str]) -> frozenset[str]:
        """The posts and all posts whose rights they inherit."""
        found: set[str] = set()
        pending = list(posts)
        while pending:
            post = pending.pop()
            if post not in found:
                found.add(post)
                pending.extend(self._posts.get(post, ()))
        return frozenset(found)

    def stance(self, key: str) -> str:
        """What holds where nobody speaks: forbidden as soon as one policy says so."""
        stances = [pack.stance.get(key, "forbidden") for pack in self.packs if pack.rank == "policy"]
        return "permitted" if stances and all(stance == "permitted" for stance in stances) else "forbidden"

    def word(self, key: str) -> Text | None:
        """What this trade calls a thing."""
        for pack in self.packs:
            if key in pack.words:
                return pack.words[key]
        return None

    def default(self, key: str, of: str = "", kind: object = "") -> Default | None:
        """The default of a setting that a source leaves open: of the pack `of`, or of one with files of the kind."""
        pack = self._declaring(key, of, kind)
        return pack.defaults[key] if pack else None

    def chosen(self, key: str, of: str = "", kind: object = "") -> str | int | None:
        """What was chosen for a setting that is left open, else its default; None where no pack leaves it open."""
        pack = self._declaring(key, of, kind)
        if pack is None:
            return None
        own = self.house(pack.number)
        if key in own:
            return own[key]
        said_by_others = (other for other in self.packs if key in other.defaults and key in self.house(other.number))
        return pack.defaults[key].value if any(said_by_others) else self.settings.get(key, pack.defaults[key].value)

    def _declaring(self, key: str, of: str, kind: object) -> Pack | None:
        """The pack whose default is meant: the named one, else the first that binds files of the kind."""
        packs = [pack for pack in self.packs if key in pack.defaults]
        near = [pack for pack in packs if kind not in self._foreign.get(pack.number, NONE)]
        return next((pack for pack in packs if pack.number == of), next(iter(near), None))

    def _timed(self, rule: Rule) -> Rule:
        """A rule whose days, bounds, period, roster or month this office has set, with what it has set."""
        found = {name: getattr(rule, name, ()) for name in CONDITIONS}
        left_open = [name for name, tests in found.items() if any(test.key for test in tests)]
        if left_open:
            bounded: dict[str, Any] = {
                name: tuple(self._bounded(test, rule.pack) for test in found[name]) for name in left_open
            }
            rule = replace(rule, **bounded)
        if isinstance(rule, Consent) and rule.lasts_key:
            rule = replace(rule, lasts_days=self._number(rule.lasts_key, rule.pack))
        if isinstance(rule, Duty) and rule.limit.key:
            rule = replace(rule, limit=replace(rule.limit, number=self._number(rule.limit.key, rule.pack)))
        if isinstance(rule, Duty) and rule.every_key:
            rule = replace(rule, every=str(self.chosen(rule.every_key, rule.pack)))
        if isinstance(rule, Duty | Repeat):
            return replace(rule, roster=roster_of(self.house(rule.pack)))
        return replace(rule, month_from=month_from(self.house(rule.pack))) if isinstance(rule, Aggravate) else rule

    def _bounded(self, test: Test, pack: str) -> Test:
        return replace(test, values=(self._number(test.key, pack),)) if test.key else test

    def _number(self, key: str, pack: str) -> int:
        return int(self.chosen(key, pack) or 0)

    def house(self, number: str) -> Mapping[str, str | int]:
        """What the adoption of a pack chose; without any said for single packs, the settings say it."""
        return self.settings if self._houses is None else self._houses.get(number, {})

    def _index_acts(self) -> dict[str, ActRules]:
        acts = {rule.act for rule in self.rules_of(Permit)} | {rule.act for rule in self.rules_of(Forbid)}
        acts |= {rule.act for rule in self.rules_of(Require)} | {rule.act for rule in self.rules_of(Consent)}
        return {
            act: ActRules(
                tuple(rule for rule in self.rules_of(Permit) if rule.act == act),
                tuple(rule for rule in self.rules_of(Forbid) if rule.act == act),
                tuple(rule for rule in self.rules_of(Require) if rule.act == act),
                tuple(rule for rule in self.rules_of(Consent) if rule.act == act),
            )
            for act in acts
        }

    def _index_posts(self) -> dict[str, tuple[str, ...]]:
        inherited: dict[str, tuple[str, ...]] = {}
        for pack in self.packs:
            for key, post in pack.posts.items():
                inherited[key] = (*inherited.get(key, ()), *post.is_)
        return inherited


_NOTHING = ActRules()


def find_clashes(book: Book) -> Iterator[Clash]:
    """The contradictions between rules of one rank, and between what two policies declare under one key."""
    yield from declaration_clashes(book.packs)
    yield from _settle_clashes(book)
    yield from _sanction_clashes(book)
    yield from _duty_clashes(book)


def _pairs(book: Book, rules: Sequence[R]) -> Iterator[tuple[R, R]]:
    for first, second in combinations(rules, 2):
        if book.rank(first) == book.rank(second):
            yield first, second


def _settle_clashes(book: Book) -> Iterator[Clash]:
    for first, second in _pairs(book, book.rules_of(Settle)):
        if first.key == second.key and first.value != second.value and _together(book, first, second):
            yield Clash(f"two values for {first.key}, {first.value} and {second.value}", first, second)


def _sanction_clashes(book: Book) -> Iterator[Clash]:
    for first, second in _pairs(book, book.rules_of(Sanction)):
        same = (first.for_kind, first.for_name, first.per) == (second.for_kind, second.for_name, second.per)
        if not same or not who_meet(first.who, second.who) or not _together(book, first, second):
            continue
        spoken = {*first.instead_of, *first.besides, *second.instead_of, *second.besides}
        if first.ref not in spoken and second.ref not in spoken:
            yield Clash(f"two sanctions for {first.for_kind} {first.for_name} per {first.per}", first, second)


def _duty_clashes(book: Book) -> Iterator[Clash]:
    for first, second in _pairs(book, book.rules_of(Duty)):
        mine = (first.after, first.every, first.when_true, first.done_by, first.reach, first.about, first.done_when)
        other = (
            second.after,
            second.every,
            second.when_true,
            second.done_by,
            second.reach,
            second.about,
            second.done_when,
        )
        same_time = (first.limit, first.series) == (second.limit, second.series)
        if mine != other or same_time or set(first.who).isdisjoint(second.who):
            continue
        spoken = {*first.instead_of, *first.besides, *second.instead_of, *second.besides}
        if first.ref in spoken or second.ref in spoken:
            continue
        if _together(book, first, second):
            yield Clash("two times for one duty", first, second)


def asked_twice(book: Book) -> list[Clash]:
    """Where two policies let one act wait for consent from different people.

    Both can be obeyed, and both are asked, one after the other: so this stops nobody, and is only to be seen.
    What concerns a policy itself is asked under its own clauses only (decision 0024).
    """
    return [
        Clash(f"two consents for {first.act}; both are asked", first, second)
        for first, second in _pairs(book, book.rules_of(Consent))
        if first.pack != second.pack and first.act == second.act and first.steps != second.steps
        and not first.act.startswith("policy.") and second.ref not in first.lifts and first.ref not in second.lifts
        and _together(book, first, second)
    ]  # fmt: skip


def _together(book: Book, first: R, second: R) -> bool:
    """Whether two rules can bind one thing at one time."""
    return can_hold_together(getattr(first, "when", ()), getattr(second, "when", ())) and book.meet(first, second)
