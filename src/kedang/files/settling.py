"""What a paper that comes in settles: what is owed on its file about a ticket, a letter or a visit.

A duty is kept by an event that names its thing (decision 0190), and only whoever enters a paper knows what it is for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.duties.models import Duty
from kedang.duties.parts import rule_of
from kedang.duties.queries import OWED
from kedang.files import kinds, shaping
from kedang.files.models import File
from kedang.lib.prepared import prepared
from kedang.rulebook.book import Book
from kedang.rulebook.vocabulary import ACTS
from kedang.rulebook.words import NOUNS
from kedang.staff.models import in_language

ADD = ACTS["record.add"]
THINGS = frozenset(ADD.also) - {"job"}  # the papers of a job stand on its own page, and their event names it


def _waiting(*, file: object) -> QuerySet[Duty]:
    owed = Duty.objects.filter(OWED, file=file, act=ADD.event, about_kind__in=sorted(THINGS))
    return owed.order_by("due_on", "pk")


def waiting(file: File) -> list[Duty]:
    """What is owed about another thing by an entry into this file, the most urgent first."""
    return list(prepared(_waiting, file=str(file.pk)))


def offered(owed: Iterable[Duty], book: Book, kind: str) -> list[tuple[str, str]]:
    """The things for which a paper may come into a file of a kind where this is owed: ``ticket:12``, and its name."""
    named: dict[str, str] = {}
    for duty in owed:
        if duty.act == ADD.event and duty.about_kind in THINGS:
            named.setdefault(f"{duty.about_kind}:{duty.about_id}", _name(duty, book, kind))
    return list(named.items())


def _name(duty: Duty, book: Book, kind: str) -> str:
    """Such a thing has no page yet: it is known by its sort, its day and the papers that are owed about it."""
    papers = " / ".join(_papers(duty, book, kind))
    said = {
        "thing": in_language(NOUNS.get(duty.about_kind, duty.about_kind), duty.about_kind),
        "day": duty.from_on.isoformat(), "due": duty.due_on.isoformat(), "papers": papers,
    }  # fmt: skip
    if papers:
        return _("%(thing)s of %(day)s: %(papers)s, by %(due)s") % said
    return _("%(thing)s of %(day)s, by %(due)s") % said


def _papers(duty: Duty, book: Book, kind: str) -> list[str]:
    """The papers by which it is kept, as the pack calls them."""
    rule = rule_of(book, duty)
    known = kinds.record_kinds(book, kind)
    words = [word for test in (rule.done_when if rule else ()) if test.fact == "record.kind" for word in test.values]
    return [shaping.text_of(known[str(one)]) for one in words if str(one) in known]


def settled_by(file: File, thing: str, came: Collection[object]) -> dict[str, str]:
    """The thing that a paper is for, as the event names it; nothing where none was chosen.

    Raises ``Invalid`` for what waits for no paper of this file, and where no paper comes in with the answers.
    """
    if not thing:
        return {}
    kind, _colon, ref = thing.partition(":")
    if not any((one.about_kind, one.about_id) == (kind, ref) for one in waiting(file)):
        raise Invalid({"settles": _("This waits for no paper any more; read the page again.")})
    if not came:
        raise Invalid({"settles": _("Say at its line which paper came in for this.")})
    return {kind: ref}
