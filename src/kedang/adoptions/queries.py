"""Reads of adoptions: the book that binds a branch on a day, and its calendar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from kedang.adoptions.models import Adoption, Interpretation
from kedang.lib.folding import Rows, taken
from kedang.lib.memory import remember, remembered
from kedang.lib.prepared import prepared
from kedang.rulebook import Book, Calendar, Pack, load_pack
from kedang.rulebook.calendars import load_calendar
from kedang.rulebook.houses import KEYS
from kedang.staff.models import Branch

ONE_DAY = timedelta(days=1)
CALENDARS = Path(__file__).resolve().parent.parent / "policies" / "calendars"
Key = tuple[tuple[str, str, str], ...]


class AlteredText(Exception):
    """The stored text of an adoption is not what was approved."""


def in_force(branch: Branch, on: date) -> QuerySet[Adoption]:
    """The adoptions that bind a branch on a day."""
    ended = Q(ended_on=None) | Q(ended_on__gte=on)
    return Adoption.objects.filter(ended, branch=branch, in_force_from__lte=on).order_by("slug")


def book_for(branch: Branch, on: date) -> Book:
    """The book that binds a branch on a day; empty before the first adoption.  Raises ``AlteredText``."""
    return _book_of(binding(branch, on))


def books(branch: Branch, first: date, last: date) -> list[tuple[date, date, Book]]:
    """The books that bind a branch from one day to another, each with its own first and last day; one read."""
    rows = _adoptions(branch)
    turns = [one.in_force_from for one in rows] + [one.ended_on + ONE_DAY for one in rows if one.ended_on]
    starts = sorted({first, *(day for day in turns if first < day)})
    spans = zip(starts, [day - ONE_DAY for day in starts[1:]] + [last], strict=True)
    return [(since, min(until, last), _book_of(_on(rows, since))) for since, until in spans if since <= last]


def binding(branch: Branch, on: date) -> list[Adoption]:
    """The adoptions that bind a branch on a day, without their texts; one read a page, whatever the days."""
    return _on(_adoptions(branch), on)


def coming(branch: Branch, on: date) -> list[Adoption]:
    """The adoptions that will bind a branch from a later day on, without their texts."""
    return [one for one in _adoptions(branch) if one.in_force_from > on and (one.ended_on is None or one.ended_on > on)]


def adoptions_of(branch: Branch, slug: str) -> list[Adoption]:
    """Every edition of a policy that a branch has adopted, without the texts, the latest first."""
    found = [one for one in _adoptions(branch) if one.slug == slug]
    return sorted(found, key=lambda one: (one.in_force_from, one.pk), reverse=True)


def _adoptions(branch: Branch) -> list[Adoption]:
    return remembered(("adoptions", branch.pk), lambda: prepared(_of_branch, branch=branch))


def _of_branch(*, branch: Any) -> QuerySet[Adoption]:
    return Adoption.objects.filter(branch=branch).defer("text")


def _on(rows: Iterable[Adoption], on: date) -> list[Adoption]:
    found = [one for one in rows if one.in_force_from <= on and (one.ended_on is None or one.ended_on >= on)]
    return sorted(found, key=lambda one: one.slug)


def _book_of(rows: Iterable[Adoption]) -> Book:
    return _book(tuple((one.sha256, one.file_name, json.dumps(one.settings, sort_keys=True)) for one in rows))


BOUND = tuple(field.attname for field in Adoption._meta.concrete_fields if field.attname != "text")


def with_adoptions(rows: QuerySet[Branch]) -> QuerySet[Branch]:
    """Branches with their adoptions, without the texts, in the same read; ``take_adoptions`` takes them."""
    return rows.annotate(bound=Rows(Adoption.objects.filter(branch=OuterRef("pk")), BOUND))


def take_adoptions(branch: Branch) -> None:
    """Keep what ``with_adoptions`` read for the rest of the page."""
    found = taken(Adoption, BOUND, branch.bound)  # type: ignore[attr-defined]
    remember(("adoptions", branch.pk), sorted(found, key=lambda one: (one.slug, one.in_force_from)))


@lru_cache(maxsize=64)
def _book(key: Key) -> Book:
    settings: dict[str, str | int] = {}
    houses: dict[str, dict[str, str | int]] = {}
    packs = []
    for sha, name, stored in key:
        packs.append(_pack(sha, name))
        said = json.loads(stored)
        settings |= {one: value for one, value in said.items() if one not in KEYS}
        houses[packs[-1].number] = said
    return Book(packs, settings, houses=houses)


@lru_cache(maxsize=128)
def _pack(sha256: str, file_name: str) -> Pack:
    text = Adoption.objects.filter(sha256=sha256).values_list("text", flat=True)[:1].get()
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise AlteredText(f"The stored text of {file_name} is not what was approved.")
    return load_pack(text, file_name)


def pack_of(adoption: Adoption) -> Pack:
    """The pack of an adoption, from its stored text.  Raises ``AlteredText``."""
    return _pack(adoption.sha256, adoption.file_name)


def interpretations(branch: Branch, slug: str) -> dict[str, list[Interpretation]]:
    """What the clauses of a policy were said to mean here, by clause id, the latest first; one read.

    What was said of a clause of an earlier edition stays with it, with that edition's number.
    """
    found: dict[str, list[Interpretation]] = {}
    rows = Interpretation.objects.filter(adoption__branch=branch, adoption__slug=slug)
    for one in rows.select_related("adoption", "said_by").defer("adoption__text").order_by("-said_on", "-pk"):
        found.setdefault(one.clause, []).append(one)
    return found


def own_book(branch: Branch, slug: str, on: date) -> Book:
    """The book that speaks of this policy itself: its own clauses, law and base; others lend only their posts.

    What another policy says about its own approval or interpretation does not bind this one (decision 0024).
    """
    book = book_for(branch, on)
    kept = [one if one.rank != "policy" or one.slug == slug else replace(one, clauses={}) for one in book.packs]
    return Book(kept, book.settings, tolerate_clashes=True)


def altered() -> list[str]:
    """The adoptions whose stored text is not what was approved, in sentences; the program does not start on them."""
    found = []
    for one in Adoption.objects.select_related("branch").order_by("pk").iterator(chunk_size=20):
        if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:
            found.append(f"{one}: the stored text is not what was approved (SHA-256 {one.sha256[:12]}…).")
    return found


def reports_to(book: Book) -> dict[str, str]:
    """Each post's post above, as the packs declare it."""
    return {
        key: above
        for pack in book.packs
        for key, post in pack.posts.items()
        if (above := getattr(post, "reports_to", "") or "")
    }


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The shipped calendar of legal working days."""
    path = CALENDARS / "cn.yaml"
    return load_calendar(path.read_bytes(), path.name)
