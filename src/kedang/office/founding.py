"""Founding a house: its branch, its people and its first policies, before any rule could have permitted them.

Founding acts: no rule can be asked, because none is in force yet; each is one transaction with its events all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from kedang.acts.answers import NewEvent, Subject
from kedang.acts.command import AlreadyFounded, Founding, founding
from kedang.adoptions.models import Adoption
from kedang.rulebook import Book, load_pack
from kedang.staff.models import Branch, Person, PostHolding, Unit

__all__ = ["AlreadyFounded", "Employee", "adopt", "employ", "found_branch", "lay_units"]

BRANCH_FOUNDED = "branch.founded"
Units = Mapping[str, tuple[str, str, Person | None]]


@dataclass(frozen=True)
class Employee:
    """A person of the first day: log-in, names, posts and unit as the packs call them.

    ``units`` says it post by post where the posts stand in different departments, ``password`` where each has an own.
    """

    username: str
    name: str
    name_en: str
    posts: Sequence[str]
    unit: str = ""
    is_admin: bool = False
    units: Mapping[str, str] | None = None
    password: str = ""
    must_change: bool = False


def _event(name: str, kind: str, ref: int, data: Mapping[str, Any]) -> NewEvent:
    return NewEvent(name, Subject(kind, str(ref)), about={kind: str(ref)}, data=data)


@founding("policy.found")
def found_branch(ctx: Founding, code: str, name_zh: str, name_en: str) -> Branch:
    """The first branch.  Raises ``AlreadyFounded``."""
    branch = Branch.objects.create(code=code, name_zh=name_zh, name_en=name_en)
    ctx.branch = branch
    ctx.events.append(_event(BRANCH_FOUNDED, "branch", branch.pk, {"code": code}))
    return branch


@founding("person.employ")
def employ(
    ctx: Founding, branch: Branch, people: Sequence[Employee], password: str = "", *, rounds: str = "default"
) -> dict[str, Person]:
    """The first people with their posts, by user name; ``password`` serves whoever has none of their own."""
    common = make_password(password, hasher=rounds) if password else ""
    found: dict[str, Person] = {}
    for one in people:
        hashed = make_password(one.password, hasher=rounds) if one.password else common
        person = Person.objects.create(
            username=one.username, name=one.name, name_en=one.name_en, password=hashed, is_staff_admin=one.is_admin,
            must_change_password=one.must_change,
        )  # fmt: skip
        for post in one.posts:
            unit = (one.units or {}).get(post, one.unit)
            PostHolding.objects.create(person=person, branch=branch, post=post, unit=unit, since=ctx.on)
        ctx.events.append(_event("person.employed", "person", person.pk, {"posts": list(one.posts), "unit": one.unit}))
        found[one.username] = person
    return found


@founding("setting.change")
def lay_units(ctx: Founding, branch: Branch, units: Units) -> None:
    """The departments that the packs name, with their heads."""
    for key, (name, name_en, head) in units.items():
        Unit.objects.create(branch=branch, key=key, name=name, name_en=name_en, head=head)
        data = {"unit": key, "head": str(head.pk) if head else ""}
        ctx.events.append(_event("setting.changed", "branch", branch.pk, data))


@founding("policy.adopt")
def adopt(
    ctx: Founding, branch: Branch, paths: Sequence[Path], approved_by: Person, *, hearing: str = "",
    heard_on: date | None = None, settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Adoption]:  # fmt: skip
    """Put packs into force together; ``settings`` by slug.  Raises ``PackErrors``, ``ClashError`` before any write."""
    texts = [(path.name, path.read_text("utf-8")) for path in paths]
    packs = [load_pack(text, name) for name, text in texts]
    Book(packs)
    ctx.actor = approved_by
    rows = []
    for pack, (name, text) in zip(packs, texts, strict=True):
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        row = Adoption.objects.create(
            branch=branch, slug=pack.slug, file_name=name, edition=pack.edition, text=text, sha256=sha256,
            approved_by=approved_by, in_force_from=ctx.on, hearing_record=hearing, heard_on=heard_on,
            settings=dict((settings or {}).get(pack.slug, {})),
        )  # fmt: skip
        data = {"edition": pack.edition, "sha256": sha256, "slug": pack.slug}
        ctx.events.append(_event("policy.adopted", "adoption", row.pk, data))
        rows.append(row)
    return rows
