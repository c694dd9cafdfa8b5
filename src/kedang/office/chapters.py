"""The chapters of a policy, as the numbers of its clauses tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Chapter:
    """A chapter with the cases that prove its clauses, from its first clause to its last."""

    id: str
    first: str
    last: str
    cases: list[Mapping[str, Any]] = field(default_factory=list)


def chapters(ids: Iterable[str]) -> dict[str, str]:
    """The chapter of each clause: the first part of its number, or the first two where all share the first."""
    parts = {id_: id_.split(".") for id_ in ids}
    depth = 1 if len({one[0] for one in parts.values()}) > 1 else 2
    return {id_: re.sub(r"(\d)[a-z]+\Z", r"\1", ".".join(one[:depth])) for id_, one in parts.items()}


def by_chapter(cases: Iterable[Mapping[str, Any]], ids: Iterable[str]) -> list[Chapter]:
    """The cases by the chapter of the first clause that each proves, in the order of the policy.

    One that proves none is the other side of the one before it and stands with it.  Chapters without a case are left
    out; what stands before all others is in the first.
    """
    of = chapters(ids)
    found: dict[str, Chapter] = {}
    for id_, chapter in of.items():
        found.setdefault(chapter, Chapter(chapter, id_, id_)).last = id_
    here = next(iter(found), "")
    for case in cases:
        here = next((of[id_] for id_ in case["proves"] if id_ in of), here)
        found.setdefault(here, Chapter(here, "", "")).cases.append(case)
    return [chapter for chapter in found.values() if chapter.cases]
