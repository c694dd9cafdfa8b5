"""Founding a house: its branch, its people and its first policies, before any rule could have permitted them.

These are the only writes of Kedang that no rule is asked about; each is an event in the journal all the same.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kedang.adoptions.models import Adoption
from kedang.journal import parts as journal
from kedang.journal.guard import writing
from kedang.rulebook import Book, load_pack
from kedang.staff.models import Branch, Person, PostHolding, Unit

BRANCH_FOUNDED = "branch.founded"


@dataclass(frozen=True)
class Employee:
    """A person of the first day: log-in, names, posts and unit as the packs call them."""

    username: str
    name: str
    name_en: str
    posts: Sequence[str]
    unit: str = ""
    is_admin: bool = False


class AlreadyFounded(Exception):
    """There is a house here already; whatever follows is done by commands."""


def found_branch(code: str, name_zh: str, name_en: str, *, now: datetime, on: date) -> Branch:
    """The first branch.  Raises ``AlreadyFounded``."""
    with writing(), transaction.atomic():
        if Branch.objects.exists():
            raise AlreadyFounded
        branch = Branch.objects.create(code=code, name_zh=name_zh, name_en=name_en)
        _note("policy.found", [_event(BRANCH_FOUNDED, "branch", branch.pk, on, {"code": code})], None, branch, now)
    return branch


def employ(
    branch: Branch, people: Sequence[Employee], password: str, *, now: datetime, on: date, rounds: str = "default"
) -> dict[str, Person]:
    """The first people with their posts, by user name; one password for all, to be changed by each."""
    hashed = make_password(password, hasher=rounds)
    found: dict[str, Person] = {}
    with writing(), transaction.atomic():
        for one in people:
            person = Person.objects.create(
                username=one.username, name=one.name, name_en=one.name_en, password=hashed, is_staff_admin=one.is_admin
            )
            for post in one.posts:
                PostHolding.objects.create(person=person, branch=branch, post=post, unit=one.unit, since=on)
            data = {"posts": list(one.posts), "unit": one.unit}
            _note("person.employ", [_event("person.employed", "person", person.pk, on, data)], None, branch, now)
            found[one.username] = person
    return found


def lay_units(branch: Branch, units: Mapping[str, tuple[str, str, Person | None]]) -> None:
    """The departments that the packs name, with their heads."""
    with writing(), transaction.atomic():
        for key, (name, name_en, head) in units.items():
            Unit.objects.create(branch=branch, key=key, name=name, name_en=name_en, head=head)


def adopt(
    branch: Branch, paths: Sequence[Path], approved_by: Person, *, now: datetime, on: date, hearing: str = ""
) -> list[Adoption]:
    """Put packs into force together.  Raises ``PackErrors`` or ``ClashError`` before anything is written."""
    texts = [(path.name, path.read_text("utf-8")) for path in paths]
    packs = [load_pack(text, name) for name, text in texts]
    Book(packs)
    rows = []
    with writing(), transaction.atomic():
        for pack, (name, text) in zip(packs, texts, strict=True):
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            row = Adoption.objects.create(
                branch=branch, slug=pack.slug, file_name=name, edition=pack.edition, text=text, sha256=sha256,
                approved_by=approved_by, in_force_from=on, hearing_record=hearing,
            )  # fmt: skip
            data = {"edition": pack.edition, "sha256": sha256, "slug": pack.slug}
            event = _event("policy.adopted", "adoption", row.pk, on, data)
            _note("policy.adopt", [event], approved_by, branch, now)
            rows.append(row)
    return rows


def _event(name: str, kind: str, ref: int, on: date, data: Mapping[str, object]) -> journal.NewEvent:
    return journal.NewEvent(name, (kind, str(ref)), on, about={kind: str(ref)}, data=data)


def _note(
    act: str, events: Sequence[journal.NewEvent], actor: Person | None, branch: Branch, now: datetime
) -> None:  # fmt: skip
    journal.append(
        act_id=uuid.uuid4(), act=act, events=events, actor=actor.pk if actor else None, branch=branch.pk, now=now
    )
