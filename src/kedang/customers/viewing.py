"""Who looks, where and when: every list, search, count and export starts from what a viewer may find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from kedang import rulebook
from kedang.adoptions.queries import book_for
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of

COLUMNS = {
    "file.kind": "kind",
    "file.status": "status",
    "file.branch": "branch__code",
    "file.unit": "unit",
    "file.sealed": "sealed",
    "file.secrecy": "secrecy",
    "file.part": "part",
    "file.segment": "segment",
}
GRADES = ("open", "personal", "secret")


@dataclass(frozen=True)
class Viewer:
    """A person in a branch on a day, with the rules that bind there."""

    person: Person
    branch: Branch
    today: date

    @cached_property
    def book(self) -> rulebook.Book:
        """The packs that bind the branch."""
        return book_for(self.branch, self.today)

    @cached_property
    def actor(self) -> rulebook.Actor:
        """The person as the rulebook sees them."""
        return actor_of(self.person, self.branch, self.today)

    @cached_property
    def finds(self) -> Q:
        """The files that the viewer may know of, as a filter on ``File`` within the branch."""
        return Q(branch=self.branch) & to_q(rulebook.scope(self.book, "find", self.actor).tree)

    @cached_property
    def grade(self) -> str:
        """Up to which grade the viewer reads; empty for nobody who may read."""
        return rulebook.scope(self.book, "read", self.actor).grade or ""

    def reads(self, grade: str) -> bool:
        """Whether a value of this grade is within the viewer's reading right; a secret one never is."""
        return grade in GRADES[:2] and self.grade in GRADES and GRADES.index(grade) <= GRADES.index(self.grade)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request; the middleware has put branch and day on it."""
    there: Any = request
    return Viewer(there.user, there.branch, there.today)


def _value(column: str, value: Any) -> Any:
    return value in ("yes", True) if column == "file.sealed" else value


def to_q(tree: Any) -> Q:
    """A scope's tree as a filter.  A column that a file has not is unknown, and unknown never shows a file."""
    nothing = Q(pk__in=[])
    if tree is True or tree in (("all",), "all"):
        return ~nothing
    if tree is False or not tree or tree == ("any",):
        return nothing
    op, *rest = tree
    if op in ("any", "all"):
        found = nothing if op == "any" else ~nothing
        for branch in rest[0] if len(rest) == 1 and rest[0] and isinstance(rest[0][0], tuple) else rest:
            found = found | to_q(branch) if op == "any" else found & to_q(branch)
        return found
    if op == "not":
        return ~to_q(rest[0])
    column, value = rest
    if column not in COLUMNS:
        return nothing
    if op in ("in", "not_in"):
        test = Q(**{f"{COLUMNS[column]}__in": [_value(column, one) for one in value]})
        return test if op == "in" else ~test
    test = Q(**{COLUMNS[column]: _value(column, value)})
    return test if op == "eq" else ~test
