"""How what several packs declare stands together in one branch.

A kind of file that several policies declare under one key is one kind, which all of them govern (as in `binding`): it
has the fields, roles, milestones, jobs and parts of all; of what two of them have, the stricter counts, and the first
pack, by number, gives the name. A checklist belongs to its kind of file, and so does a kind of record: the policies
that declare the kind say what it is there. What cannot be joined is a clash (see `unlike`).

Nothing is joined with what law or base declare: a policy's stands instead of the law's, that of base instead of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from kedang.rulebook.pack import (
    GRADES,
    STRENGTHS,
    Checklist,
    ChecklistLine,
    FieldKind,
    FileKind,
    JobKind,
    Named,
    Pack,
    RecordKind,
    Role,
)

FINDS = ("name", "tail-4", "exact", "none")  # the widest first
UNSAID = "unspecified"  # a line that takes original and copy alike

K = TypeVar("K")
N = TypeVar("N")
T = TypeVar("T")
Join = Callable[[T, T], T]


def file_kinds(packs: Sequence[Pack]) -> Mapping[str, FileKind]:
    """Every kind of file by key; `packs` in the order of a book."""
    return _by_rank(packs, lambda pack: pack.files, _file_kind)


def checklists(packs: Sequence[Pack]) -> Mapping[str, Mapping[str, Checklist]]:
    """The checklists of each kind of file by key; two of one key are one, with the lines of both."""
    known = _by_rank(packs, lambda pack: {(one.file, key): one for key, one in pack.checklists.items()}, _checklist)
    found: dict[str, dict[str, Checklist]] = {}
    for (kind, key), one in known.items():
        found.setdefault(kind, {})[key] = one
    return found


def record_kinds(packs: Sequence[Pack]) -> Mapping[str, Mapping[str, RecordKind]]:
    """For each kind of file the kinds of record by key; under "" for a kind of file that no pack declares.

    What no policy declares for that kind of file is what the first of the others says.
    """
    kinds = dict.fromkeys(kind for pack in packs for kind in pack.files)
    return {kind: _records_in(packs, kind) for kind in (*kinds, "")}


def _records_in(packs: Sequence[Pack], kind: str) -> Mapping[str, RecordKind]:
    near = {pack.number for pack in packs if pack.rank == "policy" and kind in pack.files}
    own = _by_rank([pack for pack in packs if pack.number in near], _records_of, _record_kind)
    others = _by_rank([pack for pack in packs if pack.number not in near], _records_of, _first)
    above = _by_rank([pack for pack in packs if pack.rank == "base"], _records_of, _first)
    return {**own, **others, **own, **above}


def _records_of(pack: Pack) -> Mapping[str, RecordKind]:
    return pack.records


def defects(packs: Sequence[Pack]) -> Mapping[str, Named]:
    """Every defect that a check can record, by key."""
    return _by_rank(packs, lambda pack: pack.defects, _first)


def posts_of_role(packs: Sequence[Pack], role: str, kind: object = "") -> tuple[str, ...]:
    """The posts of a role of files or jobs, in the order of the packs; of one kind of file where it has the role."""
    posts: dict[str, list[str]] = {}
    for pack in packs:
        for one in pack.files.values():
            for roles in (one.roles, *(job.roles for job in one.jobs.values())):
                posts.setdefault(one.key, []).extend(roles[role].posts if role in roles else ())
    meant = posts.get(str(kind)) or [post for own in posts.values() for post in own]
    return tuple(dict.fromkeys(meant))


def _by_rank(packs: Iterable[Pack], of: Callable[[Pack], Mapping[K, T]], join: Join[T]) -> dict[K, T]:
    """What the packs declare, those of policies joined."""
    found: dict[str, dict[K, T]] = {"law": {}, "policy": {}, "base": {}}
    for pack in packs:
        own = found[pack.rank]
        found[pack.rank] = _each(own, of(pack), join) if pack.rank == "policy" else {**own, **of(pack)}
    return {**found["law"], **found["policy"], **found["base"]}


def _each(mine: Mapping[K, N], other: Mapping[K, N], join: Join[N]) -> dict[K, N]:
    """All of both; what both have is joined, and stands where it stood first."""
    return {**mine, **{key: join(mine[key], one) if key in mine else one for key, one in other.items()}}


def _first(mine: T, _other: T) -> T:
    return mine


def _of_both(mine: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*mine, *other)))


def stricter(mine: str, other: str) -> str:
    """The stricter of two strengths."""
    return min(mine, other, key=STRENGTHS.index)


def higher(mine: str, other: str) -> str:
    """The higher of two grades; a thing that is not graded has none."""
    return max(mine, other, key=("", *GRADES).index)


def _file_kind(mine: FileKind, other: FileKind) -> FileKind:
    return replace(
        mine,
        roles=_each(mine.roles, other.roles, _role),
        milestones=_each(mine.milestones, other.milestones, _first),
        jobs=_each(mine.jobs, other.jobs, _job),
        parts=_each(mine.parts, other.parts, _first),
        fields=_each(mine.fields, other.fields, _field),
    )


def _job(mine: JobKind, other: JobKind) -> JobKind:
    return replace(
        mine,
        milestones=_each(mine.milestones, other.milestones, _first),
        roles=_each(mine.roles, other.roles, _role),
        fields=_each(mine.fields, other.fields, _field),
        kinds=_each(mine.kinds, other.kinds, _first),
    )


def _role(mine: Role, other: Role) -> Role:
    """One for people of the posts of both; it may stay open only where both let it."""
    return replace(mine, posts=_of_both(mine.posts, other.posts), optional=mine.optional and other.optional)


def _field(mine: FieldKind, other: FieldKind) -> FieldKind:
    return replace(
        mine,
        grade=higher(mine.grade, other.grade),
        find=min(mine.find, other.find, key=FINDS.index),
        strength=stricter(mine.strength, other.strength),
        choices=tuple(_each(dict(mine.choices), dict(other.choices), _first).items()),
        part=mine.part or other.part,
    )


def _record_kind(mine: RecordKind, other: RecordKind) -> RecordKind:
    return replace(
        mine,
        grade=higher(mine.grade, other.grade),
        made_by=mine.made_by or other.made_by,
        fields=_each(mine.fields, other.fields, _field),
    )


def _checklist(mine: Checklist, other: Checklist) -> Checklist:
    both = _each({one.key: one for one in mine.lines}, {one.key: one for one in other.lines}, _line)
    return replace(mine, lines=tuple(both.values()))


def _line(mine: ChecklistLine, other: ChecklistLine) -> ChecklistLine:
    """A paper that both want: with the sides, signatures and inspection that either asks for."""
    return replace(
        mine,
        form=other.form if mine.form == UNSAID else mine.form,
        sides=max(mine.sides, other.sides),
        signed_by=_of_both(mine.signed_by, other.signed_by),
        inspection=mine.inspection or other.inspection,
        strength=stricter(mine.strength, other.strength),
        when=mine.when and other.when,
        part=mine.part or other.part,
    )
