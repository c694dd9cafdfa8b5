"""A wording that is not in force yet: read strictly, tried with its cases, held against what binds the branch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import binding, coming, pack_of, reports_to
from kedang.office.failing import at_its_line
from kedang.rulebook import (
    Book,
    CaseReport,
    Clash,
    ClashError,
    Declared,
    Grant,
    MissingFact,
    Pack,
    PackErrors,
    Rule,
    asked_twice,
    homes,
    load_pack,
    run_cases,
)
from kedang.rulebook.naming import Namer
from kedang.rulebook.pack import Consent, Default, Text
from kedang.rulebook.reading import decoded
from kedang.rulebook.selecting import is_meant
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of

BOX = Path(__file__).resolve().parent.parent / "policies"
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,78}\.yaml\Z")
MOST_ERRORS = 20
NOTHING_SHOWN = CaseReport((), (), frozenset())
PATTERN = re.compile(r"(?:[^{}\s]|\{(?:branch|year|month|day|file|seq(?::[1-9])?)\})+\Z")


@dataclass(frozen=True)
class Boxed:
    """A policy in the box, beside what of it is in force."""

    pack: Pack
    adopted: Adoption | None
    changed: str  # "", "wording" (same edition, another text) or "edition"


@dataclass(frozen=True)
class Offer:
    """A policy in the box, as the list of what can be adopted shows it: how it stands in which branches.

    A state is "wording" or "edition" (another text is in force), "same", "later" (adopted for a later day) or "none".
    """

    pack: Pack
    states: Mapping[str, Sequence[Branch]]

    @property
    def open(self) -> bool:
        """Whether there is a branch that could take it up."""
        return not set(self.states) <= {"same", "later"}


@dataclass(frozen=True)
class Side:
    """One side of a clash and the policy that it comes from: a rule's clause with its text, or what a declaration is
    called with the ``place`` where it stands in the policy's text.
    """

    ref: str
    text: Any
    title: Any
    place: str = ""


@lru_cache(maxsize=64)
def _load(text: str, name: str) -> Pack:
    return load_pack(text, name)


def read_pack(source: bytes | str, name: str) -> Pack:
    """The pack.  Raises ``Invalid`` with file, line and remedy of everything that is wrong."""
    name = Path(name).name
    if not FILE_NAME.match(name):
        raise Invalid({"file": _("A pack's file is named like my-policy.yaml: lower-case letters, digits, hyphens.")})
    try:
        if isinstance(source, bytes):
            source = decoded(source, name)
        return _load(source, name)
    except PackErrors as wrong:
        lines = [at_its_line(one) for one in wrong.errors[:MOST_ERRORS]]
        if len(wrong.errors) > MOST_ERRORS:
            lines.append(_("… and %(n)d more") % {"n": len(wrong.errors) - MOST_ERRORS})
        raise Invalid({"file": "\n".join(lines)}) from None


def box() -> list[Path]:
    """The packs that ship with the program."""
    return sorted(path for path in BOX.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))


def boxed(name: str) -> tuple[str, str]:
    """Text and cases of a pack in the box.  Raises ``Invalid`` when there is none of that name."""
    path = next((one for one in box() if one.name == name), None)
    if path is None:
        raise Invalid({"pack": _("There is no such policy in the box.")})
    beside = path.with_name(path.stem + ".cases.yaml")
    return path.read_text("utf-8"), beside.read_text("utf-8") if beside.exists() else ""


def rank_of(branch: Branch, slug: str) -> str:
    """The rank that a policy of this name has here: that of what was adopted under it, or of what ships; else "policy".

    Nobody makes a wording of their own into law by writing so, nor the common rules into one policy among others.
    """
    before = Adoption.objects.filter(branch=branch, slug=slug).order_by("-in_force_from", "-pk").first()
    shipped = (_load(path.read_text("utf-8"), path.name) for path in box()) if before is None else ()
    known = pack_of(before) if before else next((one for one in shipped if one.slug == slug), None)
    return known.rank if known else "policy"


def offered(bound: Sequence[tuple[Branch, Sequence[Adoption]]], on: date) -> list[Offer]:
    """Everything in the box, with where of ``bound`` it is in force and whether the shipped text has changed."""
    found = []
    waiting: dict[str, list[Branch]] = {}
    for branch, _bound in bound:
        for one in coming(branch, on):
            waiting.setdefault(one.slug, []).append(branch)
    for path in box():
        pack = _load(path.read_text("utf-8"), path.name)
        states: dict[str, list[Branch]] = {}
        for branch, adoptions in bound:
            here = next((one for one in adoptions if one.file_name == path.name), None)
            later = here is None and branch in waiting.get(pack.slug, ())
            states.setdefault(_changed(here, pack) or ("same" if here else "later" if later else "none"), []).append(
                branch
            )
        found.append(Offer(pack, states))
    return found


def _changed(adopted: Adoption | None, pack: Pack) -> str:
    if adopted is None or adopted.sha256 == pack.sha256:
        return ""
    return "wording" if adopted.edition == pack.edition else "edition"


def announced(branch: Branch, on: date) -> list[Boxed]:
    """Shipped texts that differ from what is adopted: a new wording, or a new edition, to be adopted (DESIGN 4)."""
    shipped = {path.name: path for path in box()}
    found = []
    for one in binding(branch, on):
        path = shipped.get(one.file_name)
        if path is None:
            continue
        text = path.read_text("utf-8")
        if hashlib.sha256(text.encode()).hexdigest() != one.sha256:
            pack = _load(text, path.name)
            found.append(Boxed(pack, one, _changed(one, pack)))
    return found


def of_text(draft: Draft) -> Pack:
    """The pack that a draft says."""
    return _load(draft.text, draft.file_name)


def title_of(draft: Draft) -> Text:
    """What the policy of a draft is called."""
    return of_text(draft).title


def others(branch: Branch, on: date, slug: str) -> list[Adoption]:
    """What else binds the branch on a day."""
    return [one for one in binding(branch, on) if one.slug != slug]


def book_with(branch: Branch, pack: Pack, settings: Mapping[str, Any], on: date) -> Book:
    """The book as it would be with this pack; clashes are in it and do not raise."""
    beside = others(branch, on, pack.slug)
    merged: dict[str, str | int] = {}
    for one in beside:
        merged |= one.settings
    houses = {pack_of(one).number: one.settings for one in beside} | {pack.number: settings}
    return Book([*map(pack_of, beside), pack], {**merged, **settings}, tolerate_clashes=True, houses=houses)


def of_draft(draft: Draft, today: date) -> tuple[Pack, Book]:
    """The draft's pack, and the book as it would be on its first day."""
    pack = _load(draft.text, draft.file_name)
    return pack, book_with(draft.branch, pack, draft.settings, max(today, draft.in_force_from or today))


def approval_book(draft: Draft, today: date) -> Book:
    """The book that says who signs and adopts this policy: its own clauses, law and base.

    What another policy says about its own approval does not bind this one; its posts still mean who they mean.
    """
    pack, book = of_draft(draft, today)
    kept = [one if one.rank != "policy" or one.slug == pack.slug else replace(one, clauses={}) for one in book.packs]
    return Book(kept, book.settings, tolerate_clashes=True)


def clashes(book: Book, pack: Pack) -> list[Clash]:
    """The clashes in which this pack has a part."""
    return [one for one in book.clashes if pack.number in (one.first.pack, one.second.pack)]


def consents_beside(book: Book, pack: Pack) -> list[Clash]:
    """The acts for which this pack asks somebody else than another policy of the branch does."""
    return [one for one in asked_twice(book) if pack.number in (one.first.pack, one.second.pack)]


def sides(book: Book, clash: Clash) -> tuple[Side, Side]:
    """Both clauses or declarations of a clash, to be shown beside each other."""
    return _side(book, clash.first), _side(book, clash.second)


def _side(book: Book, one: Rule | Declared) -> Side:
    title = book.pack(one.pack).title
    if isinstance(one, Declared):
        return Side("", one.text, title, one.ref.partition(":")[2])
    return Side(one.ref, book.clause(one.ref).text, title)


def examine(branch: Branch, pack: Pack, cases: str, on: date) -> dict[str, Any]:
    """What the pack's cases show: how many pass, which fail and why, which clauses they prove.

    Of each that fails: its line, its name as ``zh`` and ``en``, and why in the rulebook's English; what cannot be read
    has no name.  ``failing.failing`` says it to a reader.
    """
    if not cases.strip():
        return {"passed": 0, "failed": [], "proved": 0, "none": True, "unproved": _unproved(pack, NOTHING_SHOWN)}
    name = Path(pack.name).stem + ".cases.yaml"
    under = [found for one in others(branch, on, pack.slug) if (found := pack_of(one)).rank != "policy"]
    try:
        report = run_cases(pack, cases, name, under)
    except PackErrors as wrong:
        unread = [{"line": one.line, "why": one.message} for one in wrong.errors[:MOST_ERRORS]]
        return {"passed": 0, "failed": unread, "proved": 0}
    except ClashError as wrong:
        refs = [(one, f"{one.first.ref} – {one.second.ref}") for one in wrong.clashes]
        return {"passed": 0, "failed": [{"zh": ref, "en": ref, "why": one.what} for one, ref in refs], "proved": 0}
    except MissingFact as wrong:
        return {"passed": 0, "failed": [{"zh": "–", "en": "–", "why": str(wrong)}], "proved": 0}
    return {
        "passed": len(report.passed),
        "failed": [{"line": one.line, "zh": one.text.zh, "en": one.text.en, "why": one.why} for one in report.failed],
        "proved": len(report.proved),
        "unproved": _unproved(pack, report),
    }


def _unproved(pack: Pack, report: CaseReport) -> list[str]:
    """The clauses that a machine applies and that no case proves."""
    return [id_ for id_, home in homes(pack, report).items() if home == "homeless"]


def settled(pack: Pack, given: Mapping[str, str]) -> dict[str, str | int]:
    """The chosen values of open defaults that differ from the pack's own.  Raises ``Invalid`` out of bounds."""
    found: dict[str, str | int] = {}
    errors = {}
    for key, default in pack.defaults.items():
        value = given.get(key, "").strip()
        if not value or value == str(default.value):
            continue
        try:
            found[key] = within(default, value)
        except ValueError as wrong:
            errors[f"default_{key}"] = str(wrong)
    if errors:
        raise Invalid(errors)
    return found


def within(default: Default, value: str) -> str | int:
    """The value, if the bounds of the default allow it.  Raises ``ValueError`` with a sentence."""
    bounds = default.may_be
    if isinstance(default.value, int):
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ValueError(_("Write a whole number."))
        low, high = (int(bounds[0]), int(bounds[-1])) if bounds else (0, 10**9)
        if not low <= int(value) <= high:
            raise ValueError(_("Choose between %(low)s and %(high)s.") % {"low": low, "high": high})
        return int(value)
    if "pattern" in bounds:
        if len(value) > 60 or value.count("{seq") != 1 or not PATTERN.match(value):
            raise ValueError(
                _("A pattern has {seq} or {seq:5} once and no blanks; besides {branch}, {year}, {month}, {day}.")
            )
        return value
    if bounds and value not in {str(one) for one in bounds}:
        raise ValueError(_("Choose one of: %(all)s.") % {"all": ", ".join(map(str, bounds))})
    return value


def replaced(draft: Draft) -> str:
    """The edition in force that a draft would replace; nothing where its policy is new here."""
    rows = Adoption.objects.filter(branch=draft.branch, slug=draft.slug, ended_on=None)
    return rows.values_list("edition", flat=True).first() or ""


def seal_of(draft: Draft) -> str:
    """What a signature covers: the text, what was chosen, who gets which post, and the day."""
    whole = [draft.sha256, draft.settings, draft.posts, str(draft.in_force_from or "")]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def signatures(draft: Draft) -> list[Any]:
    """The signatures that count: those under the wording as it is now."""
    seal = seal_of(draft)
    return [one for one in draft.sign_offs.all() if one.sha256 == seal]


def shown_signatures(draft: Draft) -> list[Any]:
    """The same for a page: ``as_whom`` is what the policy calls the posts as which each was given."""
    namer = Namer(_load(draft.text, draft.file_name), get_language() or "zh")
    found = signatures(draft)
    for one in found:
        one.as_whom = _(", ").join(namer.selector(post) or post for post in one.as_post.split(", ") if post)
    return found


def signers(book: Book) -> tuple[Consent, ...]:
    """The clauses that say who signs a policy before it is adopted."""
    return book.rules_on("policy.adopt").consents


def signs_as(draft: Draft, person: Person, book: Book, on: date) -> tuple[str, ...]:
    """As whom the policy counts this person's signature."""
    actor = actor_of(person, draft.branch, on, reports_to(book))
    wanted = [who for rule in signers(book) for step in rule.steps for who in step.who]
    plain = [who for who in wanted if "." not in who and not who.startswith("superior_of")]
    posts = book.posts_with(actor.posts)
    return tuple(dict.fromkeys(who for who in plain if is_meant([who], actor, posts, {})))


def grants(draft: Draft, asker: Person, book: Book, on: date) -> list[Grant]:
    """The signatures as consents to the adoption by ``asker``."""
    found = []
    for one in signatures(draft):
        counted = set(signs_as(draft, one.person, book, on))
        for rule in signers(book):
            for number, step in enumerate(rule.steps):
                found += [
                    Grant(rule.ref, number, str(one.person_id), str(asker.pk), who)
                    for who in step.who
                    if who in counted
                ]
    return found
