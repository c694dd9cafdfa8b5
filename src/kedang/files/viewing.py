"""Who looks, where and when: every list, search, count and export starts from what a viewer may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest

from kedang import rulebook
from kedang.adoptions.queries import book_for, reports_to
from kedang.files.models import File, FileRole, Volume
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
Tree = tuple[Any, ...]
EVERYTHING = ~Q(pk__in=[])
NOTHING = Q(pk__in=[])


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
        return actor_of(self.person, self.branch, self.today, reports_to(self.book))

    @cached_property
    def tree(self) -> Tree:
        """The rule on finding as it stands for this person, without the person."""
        return _without_person(rulebook.scope(self.book, "find", self.actor).tree)

    @cached_property
    def finds(self) -> Q:
        """The files that the viewer may know of, as a filter on ``File`` within the branch."""
        return within(self.tree, self.branch, self.person)

    @cached_property
    def _reading(self) -> dict[str, rulebook.Scope]:
        return {grade: rulebook.scope(self.book, "read", self.actor, grade) for grade in ("open", "personal")}

    def reads(self, grade: str, file: File) -> bool:
        """Whether a value of this grade on this file is within the reading right; a secret one never is."""
        found = self._reading.get(grade)
        return found is not None and found.matches(_Row(file))


class _Row(Mapping[str, str]):
    """A file as the columns that a scope may ask; what a file has not is an empty text."""

    def __init__(self, file: File) -> None:
        self.file = file

    def __getitem__(self, name: str) -> str:
        column = COLUMNS.get(name)
        if name == "file.sealed":
            return "yes" if self.file.sealed else "no"
        if name == "file.branch":
            return self.file.branch.code
        if column:
            return str(getattr(self.file, column))
        if name == "file.holder":
            return next((str(one.holder_id) for one in self.file.volumes.all()), "")
        role = name.removeprefix("file.")
        return next((str(one.person_id) for one in self.file.roles.all() if one.role == role), "")

    def __iter__(self) -> Any:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request; the middleware has put branch and day on it.  404 where there is no branch yet."""
    there: Any = request
    if there.branch is None:
        raise Http404
    return Viewer(there.user, there.branch, there.today)


def _without_person(tree: Tree) -> Tree:
    """A scope's tree in which "is" names nobody: it only ever means the person for whom it was made."""
    op, *rest = tree
    if op in ("any", "all"):
        return (op, tuple(_without_person(part) for part in rest[0]))
    if op == "not":
        return (op, _without_person(rest[0]))
    return tree[:2] if op == "is" else tree


def within(tree: Tree, branch: Any, me: Any) -> Q:
    """The files of a branch within a tree, as a filter; ``me`` is the person whose tree it is."""
    return Q(branch=branch) & to_q(tree, me)


def to_q(tree: Tree, me: Any) -> Q:
    """A scope's tree as a filter.  A column that a file has not is unknown, and unknown never shows a file."""
    op, *rest = tree
    if op == "true":
        return EVERYTHING
    if op in ("any", "all"):
        found = NOTHING if op == "any" else EVERYTHING
        for branch in rest[0]:
            found = found | to_q(branch, me) if op == "any" else found & to_q(branch, me)
        return found
    if op == "not":
        return ~to_q(rest[0], me)
    if op == "in" and rest[0] in COLUMNS:
        values = [one == "yes" for one in rest[1]] if rest[0] == "file.sealed" else list(rest[1])
        return Q(**{f"{COLUMNS[rest[0]]}__in": values})
    if op in ("is", "in"):
        how, people = ("", me) if op == "is" else ("__in", [int(one) for one in rest[1]])
        if rest[0] == "file.holder":
            return Q(pk__in=Volume.objects.filter(**{f"holder{how}": people}).values("file"))
        held: dict[str, Any] = {"role": rest[0].removeprefix("file."), f"person{how}": people}
        return Q(pk__in=FileRole.objects.filter(**held).values("file"))
    return NOTHING
