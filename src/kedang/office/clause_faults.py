"""What the loader says about a text, put beside the field of the form that it is about, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kedang.office import candidates
from kedang.office.clause_text import CLAUSES, Edited, Where, items_of, listed_at
from kedang.office.failing import in_words
from kedang.office.rule_forms import ClauseTyped, Errors
from kedang.office.rule_offers import Offers
from kedang.office.rule_shapes import shapes
from kedang.rulebook import PackErrors, load_pack
from kedang.rulebook.form_words import key_words
from kedang.rulebook.reading import PackError

LACKS = re.compile(r"(?:lacks|needs its) '(\w+)'")
QUOTED = re.compile(r"'([^']+)'")


def faults(edited: Edited, name: str, typed: ClauseTyped, offers: Offers) -> Errors:
    """What is wrong with a text after a change, by the field that it is about; nothing when it reads well."""
    try:
        load_pack(edited.text, name)
    except PackErrors as wrong:
        found: Errors = {}
        for error in wrong.errors[: candidates.MOST_ERRORS]:
            where = _place(edited, error, typed)
            found.setdefault(where, []).append(_said(edited, error, where, typed, offers))
        return found
    return {}


def _place(edited: Edited, error: PackError, typed: ClauseTyped) -> Where:
    """The field of the form; Where() for another clause."""
    where = edited.where(error.line)
    if where is None:
        return Where()
    if where.rule is None or where.rule >= len(typed.rules):
        named = LACKS.search(error.message)
        return Where(None, named[1]) if named and named[1] in ("id", "zh", "en", "rules") else where
    keys = {key.name for key in shapes().get(typed.rules[where.rule].body, ())}
    named = LACKS.search(error.message)
    if named and named[1] in keys:
        return Where(where.rule, named[1])
    if "exactly one" in error.message:
        return Where(where.rule)
    for word in QUOTED.findall(error.message):
        for key, value in typed.rules[where.rule].values.items():
            if word in set(_texts(value)):
                return Where(where.rule, key)
    return where if where.key in keys else Where(where.rule)


def _texts(value: Any) -> Iterator[str]:
    """Every text within what a field holds; of a breach also its name."""
    if isinstance(value, str):
        yield from (value, value.partition(":")[2])
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _said(edited: Edited, error: PackError, where: Where, typed: ClauseTyped, offers: Offers) -> str:
    """The loader's sentence; about another clause with its number, about a key with the key's name."""
    said = in_words(error.message)
    if where == Where():
        at = listed_at(edited.text, CLAUSES, error.line)
        listed = items_of(edited.text, CLAUSES)
        return _("Clause %(id)s: %(said)s") % {"id": listed[at]["id"], "said": said} if at is not None else said
    named = LACKS.search(error.message)
    if named and where.rule is not None and where.key:
        label = offers.namer.say(*key_words(typed.rules[where.rule].body, where.key))
        return _("“%(field)s” is needed here.") % {"field": label}
    return said
