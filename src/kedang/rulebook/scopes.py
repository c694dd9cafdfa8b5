"""A read rule as a filter over indexed columns and as a test of one row: the same rule twice.

Rules on finding, reading and revealing use only the facts that `vocabulary.SCOPE_FACTS` lists (and roles on the
file), because a list of a million files must be filtered by the database. `Scope.tree` is a nested tuple that an app
turns into its query language; `Scope.matches` asks the same tree about one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kedang.rulebook.binding import KIND
from kedang.rulebook.book import Book
from kedang.rulebook.pack import GRADES, Conditions, Forbid, Permit, Test
from kedang.rulebook.selecting import Actor

# ("true",) ("false",) ("any", trees) ("all", trees) ("not", tree) ("in", column, values) ("is", column, person id)
Tree = tuple[Any, ...]
TRUE: Tree = ("true",)
FALSE: Tree = ("false",)

ACT_OF_RIGHT: Mapping[str, str] = {"find": "file.find", "read": "file.read", "reveal": "record.reveal"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What of all files an actor may find, read up to a grade, or reveal."""

    tree: Tree

    def matches(self, row: Mapping[str, str]) -> bool:
        """Whether a row with these columns is within the scope."""
        return evaluate(self.tree, row)

    @property
    def nothing(self) -> bool:
        """Whether no row can be within it."""
        return self.tree == FALSE


def scope(book: Book, right: str, actor: Actor, grade: str = "open") -> Scope:
    """The scope of a right; for `read`, of reading values up to `grade`.

    A permit's own grade bounds it ("open" when it says none); finding and revealing have no grade.
    """
    rules = book.rules_on(ACT_OF_RIGHT[right])
    posts = book.posts_with(actor.posts)
    asked = _Asked(book, rules.permits, actor, posts)
    allowed = [asked.fits(rule) for rule in rules.permits if right != "read" or _reaches(rule, grade)]
    against: tuple[Forbid | Permit, ...] = (*rules.forbids, *(rule for rule in rules.permits if rule.only))
    refused = [asked.unlifted(asked.bites(rule), rule.ref) for rule in against]
    tree = _any(*allowed)
    if not rules.permits and book.stance("read") == "permitted":
        tree = TRUE
    return Scope(_all(tree, _not(_any(*refused))))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One actor's question under the permits of a right."""

    book: Book
    permits: tuple[Permit, ...]
    actor: Actor
    posts: frozenset[str]

    def bites(self, rule: Forbid | Permit) -> Tree:
        """Where a forbid refuses the actor, or a permit for others only whose clause has none for him."""
        if isinstance(rule, Forbid):
            return _all(self.where(rule), self.who(rule.who), _not(self.who(rule.except_who)))
        own = [self.fits(permit) for permit in self.permits if permit.ref == rule.ref]
        return _all(self.where(rule), _not(self.who(rule.who)), _not(_any(*own)))

    def unlifted(self, bites: Tree, ref: str) -> Tree:
        """What a rule refuses, less what the exceptions to its clause allow."""
        return _all(bites, _not(_any(*(self.fits(permit) for permit in self.permits if ref in permit.lifts))))

    def fits(self, rule: Permit) -> Tree:
        """Where a permit lets the actor."""
        return _all(self.who(rule.who), self.where(rule))

    def where(self, rule: Forbid | Permit) -> Tree:
        """The files that a rule binds and for which its condition holds."""
        foreign = tuple(sorted(self.book.foreign_to(rule)))
        return _all(_conditions(rule.when), _not(("in", KIND, foreign)) if foreign else TRUE)

    def who(self, selectors: Iterable[str]) -> Tree:
        """Where one of the selectors means the actor."""
        return _who(selectors, self.actor, self.posts)


def _reaches(rule: Permit, grade: str) -> bool:
    return GRADES.index(rule.grade or "open") >= GRADES.index(grade)


def _who(selectors: Iterable[str], actor: Actor, posts: frozenset[str]) -> Tree:
    trees = []
    for selector in selectors:
        prefix, colon, rest = selector.partition(":")
        if selector == "anyone" or selector in posts:
            return TRUE
        if colon and prefix == "superior_of":
            trees.append(("in", rest, tuple(sorted(actor.superior_of))) if actor.superior_of else FALSE)
        elif colon:
            if rest in (actor.units if prefix == "unit" else actor.heads_of):
                return TRUE
        elif "." in selector:
            trees.append(("is", selector, actor.id))
    return _any(*trees)


def _conditions(tests: Conditions) -> Tree:
    return _all(*(_test(test) for test in tests))


def _test(test: Test) -> Tree:
    tree: Tree = ("in", test.fact, tuple(str(value) for value in test.values))
    return _not(tree) if test.op == "not_in" else tree


def _any(*trees: Tree) -> Tree:
    kept = [tree for tree in trees if tree != FALSE]
    if TRUE in kept:
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else ("any", tuple(kept))


def _all(*trees: Tree) -> Tree:
    kept = [tree for tree in trees if tree != TRUE]
    if FALSE in kept:
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else ("all", tuple(kept))


def _not(tree: Tree) -> Tree:
    return FALSE if tree == TRUE else TRUE if tree == FALSE else ("not", tree)


def evaluate(tree: Tree, row: Mapping[str, str]) -> bool:
    """What a tree says of one row; a column that the row lacks raises KeyError."""
    kind = tree[0]
    if kind == "any":
        return any(evaluate(part, row) for part in tree[1])
    if kind == "all":
        return all(evaluate(part, row) for part in tree[1])
    if kind == "not":
        return not evaluate(tree[1], row)
    if kind == "in":
        return bool(row[tree[1]] in tree[2])
    if kind == "is":
        return bool(row[tree[1]] == tree[2])
    return bool(kind == "true")
