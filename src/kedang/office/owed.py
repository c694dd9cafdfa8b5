"""Duties as lines of a desk: what, about which file, by when, under which clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kedang.acts.naming import names_of
from kedang.adoptions.queries import book_for
from kedang.duties.models import Duty
from kedang.duties.queries import pool_in_words
from kedang.rulebook.book import Book
from kedang.staff.models import Branch, Person

SOON_DAYS = 1


@dataclass(frozen=True)
class Line:
    """One duty as a screen shows it; ``state`` is a key of the dots."""

    duty: Duty
    what: str
    file: str
    file_name: str
    state: str
    when: str
    who: str


def _text(book: Book, ref: str) -> str:
    try:
        return book.clause(ref).text.get(get_language() or "zh")
    except KeyError:
        return ""


def in_words(due_on: date, today: date) -> str:
    """How far away a day is, as people say it."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
    if days == 0:
        return _("today is the last day")
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def by_the_hour(duty: Duty, today: date) -> str:
    """When today a duty of hours or minutes ends or ended; empty for any other."""
    if not duty.owed or duty.due_at is None or duty.due_on != today:
        return ""
    hour = {"hour": f"{timezone.localtime(duty.due_at):%H:%M}"}
    return _("late since %(hour)s") % hour if duty.status == "late" else _("today until %(hour)s") % hour


def state_of(duty: Duty, today: date) -> str:
    """The dot: late, due soon, or open; a finished duty keeps its own word."""
    if not duty.owed:
        return duty.status
    if duty.due_on < today or duty.status == "late":
        return "late"
    return "due" if (duty.due_on - today).days <= SOON_DAYS else "open"


def lines(duties: Iterable[Duty], branch: Branch, today: date, viewer: Person | None = None) -> list[Line]:
    """The lines of these duties; two queries, however many, and one for the files that the viewer may know of."""
    book, duties = book_for(branch, today), list(duties)
    names = names_of("file", viewer, branch, today, [one.file for one in duties]) if viewer else {}
    found = []
    for duty in duties:
        who = "、".join(str(one.person) for one in duty.bound.all())
        who = who or pool_in_words(book, duty.clause, duty.pool, get_language() or "zh")
        name, state = names.get(duty.file, ""), state_of(duty, today)
        when = by_the_hour(duty, today) or in_words(duty.due_on, today)
        found.append(Line(duty, _text(book, duty.clause), duty.file, name, state, when, who))
    return found
