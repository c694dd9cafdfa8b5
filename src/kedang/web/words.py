"""Words for what the rulebook answers: states, whose consent, what is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kedang.adoptions.queries import book_for
from kedang.rulebook.deciding import SUPERIOR
from kedang.rulebook.naming import Namer
from kedang.rulebook.rules import Step
from kedang.web.clauses import in_language

STATES: dict[str, Promise] = {
    "ok": gettext_lazy("in order"),
    "open": gettext_lazy("open"),
    "due": gettext_lazy("due"),
    "late": gettext_lazy("late"),
    "kept": gettext_lazy("kept in time"),
    "kept_late": gettext_lazy("done late"),
    "dropped": gettext_lazy("dropped"),
    "moved": gettext_lazy("moved"),
    "present": gettext_lazy("present"),
    "missing": gettext_lazy("missing"),
    "to_follow": gettext_lazy("to follow"),
    "defective": gettext_lazy("defective"),
    "not_applicable": gettext_lazy("does not apply"),
    "waiting": gettext_lazy("waiting"),
    "granted": gettext_lazy("granted"),
    "denied": gettext_lazy("denied"),
    "proposed": pgettext_lazy("breach", "proposed"),
    "heard": gettext_lazy("heard"),
    "imposed": gettext_lazy("imposed"),
    "waived": gettext_lazy("waived"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "running": gettext_lazy("running"),
    "complete": gettext_lazy("complete"),
    "incomplete": gettext_lazy("incomplete"),
    "shelved": gettext_lazy("on the shelf"),
    "in_transit": gettext_lazy("on the way"),
    "received": gettext_lazy("received"),
}

FIELDS: dict[str, Promise] = {  # what a form calls a field; a key that stands for no field of a form is no word
    "amount": gettext_lazy("Amount"),
    "cause": gettext_lazy("What happened"),
    "comment": gettext_lazy("Comment"),
    "due_on": gettext_lazy("Due on"),
    "ends_on": gettext_lazy("Valid until"),
    "file": gettext_lazy("File"),
    "happened_on": gettext_lazy("On"),
    "month": gettext_lazy("Month"),
    "name": gettext_lazy("Name"),
    "note": gettext_lazy("Note"),
    "on": gettext_lazy("Day"),
    "day": gettext_lazy("Day"),
    "person": gettext_lazy("Person"),
    "phone": gettext_lazy("Phone"),
    "place": gettext_lazy("Place"),
    "post": gettext_lazy("Post"),
    "purpose": gettext_lazy("Purpose"),
    "quantity": gettext_lazy("Pieces"),
    "reason": gettext_lazy("Reason"),
    "receiver": gettext_lazy("Receiver"),
    "role": gettext_lazy("Role"),
    "scan": gettext_lazy("Scan"),
    "since": gettext_lazy("Since"),
    "until": gettext_lazy("Until"),
    "username": gettext_lazy("User name"),
}


def label_of(name: str) -> str:
    """What people call the field of a form; nothing where it has no name of its own."""
    return str(FIELDS.get(name, ""))


def state(key: str) -> str:
    """The word of a state; an unknown one is shown as it is."""
    return str(STATES.get(key, key))


def selector(book: Any, who: str) -> str:
    """A who-selector in words: the post's name in its pack, else the general word."""
    general = {
        "anyone": _("anyone"),
        "file.holder": _("the holder of the file"),
        "file.subject": _("the customer"),
        SUPERIOR: _("the superior of whoever asks"),
    }
    if who in general:
        return general[who]
    kind, _colon, rest = who.partition(":")
    for pack in book.packs:
        for names in (pack.posts, pack.units):
            if (rest or kind) in names:
                name = names[rest or kind]
                found = in_language(getattr(name, "text", name))
                return _("the head of %(unit)s") % {"unit": found} if kind == "head_of" else found
    return who


def askers(steps: Sequence[tuple[int, Step]], request: HttpRequest) -> str:
    """Whose consent is needed, step after step: ``sales director, then general manager``."""
    book = book_for(request.branch, request.today)  # type: ignore[attr-defined]
    parts = [
        (_(" and ") if step.all_of else _(" or ")).join(selector(book, name) for name in step.who)
        for _number, step in steps
    ]
    return _(", then ").join(parts)


def value(found: Any) -> str:
    """A fact's value in words."""
    words = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
    if isinstance(found, (tuple, list, frozenset, set)):
        return _(", ").join(sorted(value(one) for one in found)) or _("nothing")
    return words.get(str(found), str(found))


def fact(book: Any, clause: str, name: str) -> str:
    """A fact's name for people, as the policy of the clause calls it that asks for it, else the vocabulary."""
    try:
        pack = book.pack(clause.partition(":")[0])
    except KeyError:
        pack = next(iter(book.packs))
    return Namer(pack, get_language() or "zh").fact(name)


def reasons(answer: Any, request: HttpRequest) -> list[str]:
    """Why not, in short sentences; the clauses beside them say it in the policy's own words."""
    book = book_for(request.branch, request.today)  # type: ignore[attr-defined]
    found = []
    for ref in sorted(answer.clauses):
        try:
            text = in_language(book.clause(ref).text)
        except KeyError:
            continue
        found.append(text if len(text) <= 60 else text[:58] + "…")
    return found[:2]
