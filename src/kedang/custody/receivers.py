"""To whom a set may be handed over: who may sign for it, those whom the policy names first."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from kedang.custody.models import Handover
from kedang.custody.rules import may_sign, standing, things_of
from kedang.files.asking import advice
from kedang.files.viewing import Viewer
from kedang.rulebook import Answer, Book
from kedang.rulebook.rules import Conditions, Duty
from kedang.staff.models import Person
from kedang.staff.queries import held_on


@dataclass
class Receivers:
    """The people who may sign for a set, the one to whom it goes where there is one, and the answer to offering it."""

    people: list[Person] = field(default_factory=list)
    preset: Person | None = None
    answer: Answer | None = None


def receivers_of(viewer: Viewer, draft: Handover) -> Receivers:
    """Whoever works here and may sign for the set; first those whom a duty or rule names by post or role, by name."""
    found, named = Receivers(), _named(viewer.book, draft)
    act = "handover.supply" if draft.supplement else "handover.offer"
    people = {row.person_id: row.person for row in held_on(viewer.branch, viewer.today)}
    people.pop(viewer.person.pk, None)
    prefetch_related_objects([draft.file], "roles")
    asked: dict[tuple[str, ...], tuple[bool, Answer]] = {}
    ranks: dict[int, int] = {}
    for person in people.values():
        draft.receiver = person
        stands = standing(person, draft)
        if stands not in asked:  # people of the same posts and roles get the same answers
            offered = advice(viewer, act, **things_of(draft))
            asked[stands] = may_sign(draft, person, viewer.today) and not _against(offered), offered
        may, offered = asked[stands]
        if may:
            found.people.append(person)
            found.answer = found.answer if found.answer and found.answer.allowed else offered
            every = set(stands) | viewer.book.posts_with(stands)
            ranks[person.pk] = next((at for at, one in enumerate(named) if one in every), len(named))
    found.people.sort(key=lambda one: (ranks[one.pk], str(one)))
    first = [one for one in found.people if ranks[one.pk] == ranks[found.people[0].pk] < len(named)]
    found.preset = first[0] if len(first) == 1 else None
    return found


def _against(offered: Answer) -> bool:
    """Whether a clause asks for another receiver."""
    return any(one.fact.startswith("handover.receiver") for one in offered.lacking)


def _named(book: Book, draft: Handover) -> list[str]:
    """The posts and roles that the policy names for this set, the surest first.

    A duty to hand the set over names its receiver; else the duties that a receipt opens name whom they bind.
    """
    into, after = [], []
    for rule in book.rules_of(Duty, draft.file.kind):
        if rule.done_by == "handover.received" and _is_of(rule.done_when, draft):
            into += [
                str(value) for test in rule.done_when if test.fact == "handover.receiver_is" for value in test.values
            ]
        if "handover.received" in rule.after and _is_of(rule.when, draft):
            after += [one.rpartition(".")[2] for one in rule.who]
    return list(dict.fromkeys([*into, *after]))


def _is_of(tests: Conditions, draft: Handover) -> bool:
    """Whether conditions fit the set, as far as they speak of sets and kinds of file."""
    known = {"handover.set": draft.checklist, "file.kind": draft.file.kind}
    return all(known[one.fact] in one.values for one in tests if one.op == "in" and one.fact in known)
