"""Clauses as screens show them: the number on the chip, the text behind it, the address of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch
from django.utils.translation import get_language

from kedang.adoptions.queries import book_for
from kedang.staff.models import Branch
from kedang.web.addresses import address


@dataclass(frozen=True)
class Shown:
    """A clause on a page: its full reference, its short number, its text in the reader's language."""

    ref: str
    number: str
    text: str
    url: str


def number_of(ref: str) -> str:
    """``07:7.4.1a`` is shown as ``7.4.1a``."""
    return ref.partition(":")[2] or ref


def url_of(ref: str) -> str:
    """The page of a clause, or nothing where no layer shows policies."""
    try:
        return address("office:clause", ref)
    except NoReverseMatch:
        return ""


def in_language(text: object) -> str:
    """A pack's text in the reader's language; plain strings pass."""
    if isinstance(text, str):
        return text
    wanted = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return str(getattr(text, wanted, "") or getattr(text, "zh", "") or getattr(text, "en", ""))


def shown(refs: object, branch: Branch | None, on: date) -> list[Shown]:
    """The clauses with their text as they bind the branch on a day, sorted by reference."""
    if branch is None:
        return []
    book = book_for(branch, on)
    found = []
    for ref in sorted(refs):  # type: ignore[call-overload]
        try:
            text = in_language(book.clause(ref).text)
        except KeyError:
            text = ""
        found.append(Shown(ref, number_of(ref), text, url_of(ref)))
    return found
