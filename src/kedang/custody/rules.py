"""Rows of custody as facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kedang.acts import facts
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.custody.models import Handover, ListCheck
from kedang.files import folded
from kedang.files.models import File, Record
from kedang.lib.memory import remember, remembered
from kedang.rulebook.selecting import is_meant
from kedang.staff.models import Person
from kedang.staff.queries import actor_of, posts_held

HANDOVER_FACTS = {
    f"handover.{key}"
    for key in [
        "set",
        "kind",
        "missing",
        "complete",
        "unanswered",
        "defects",
        "giver",
        "receiver",
        "checked_by",
        "signers",
        "agrees",
        "late",
        "giver_is",
        "receiver_is",
    ]
}


STANDINGS = ("none", "offered", "signed-for", "lent", "supplement")  # how the set of a paper stands
SET = ("id", "job_id", "checklist", "status")


def standing(person: Person, handover: Handover) -> tuple[str, ...]:
    """As what somebody gives or receives: the posts held on that day and the roles on the file."""
    on = handover.received_on or handover.offered_on
    roles = {row.role for row in handover.file.roles.all() if row.person_id == person.pk}
    return tuple(sorted(roles | posts_held(person, handover.branch, on)))


def handover_facts(handover: Handover, wanted: frozenset[str], scene: Any) -> dict[str, Any]:
    """The wanted facts of a handover."""
    lines = list(handover.lines.all()) if handover.pk else []
    all_facts: dict[str, Any] = {
        "handover.set": handover.checklist,
        "handover.kind": handover.job.what if handover.job else "file",
        "handover.missing": handover.missing,
        "handover.complete": "yes" if handover.missing == 0 else "no",
        "handover.unanswered": sum(1 for one in lines if one.state == "missing" and not one.reason),
        "handover.defects": sum(1 for one in lines if one.found),
        "handover.giver": str(handover.giver_id),
        "handover.receiver": str(handover.receiver_id),
        "handover.checked_by": str(handover.checked_by_id or ""),
        "handover.signers": tuple(str(one.person_id) for one in handover.signatures.all()) if handover.pk else (),
        "handover.agrees": _agrees(handover, scene) if "handover.agrees" in wanted else "",
        "handover.late": "no",
    }
    for fact, person in (("handover.giver_is", handover.giver), ("handover.receiver_is", handover.receiver)):
        if fact in wanted:
            all_facts[fact] = standing(person, handover)
    return {name: value for name, value in all_facts.items() if name in wanted}


def _agrees(handover: Handover, scene: Any) -> str:
    """Whether the papers agree with their list: no, once the person who acts found one that does not."""
    actor = getattr(scene, "actor", None)
    checks = ListCheck.objects.filter(line__list__file=handover.file, person=actor).select_related("line")
    found = checks.exclude(line__list__status="replaced")
    return (
        "no" if any(one.found not in ("found", "unsigned") or one.pages != one.line.pages for one in found) else "yes"
    )


def things_of(handover: Handover) -> dict[str, Any]:
    """What the rules are asked about."""
    found: dict[str, Any] = {"file": handover.file, "handover": handover}
    return found | ({"job": handover.job} if handover.job else {})


def may_sign(draft: Handover, person: Person, today: date) -> bool:
    """Whether the rules let this person sign; what is still to be done before, such as a list to check, is no bar."""
    book = book_for(draft.branch, today)
    answer = advise("handover.sign", actor=person, branch=draft.branch, today=today, things=things_of(draft), book=book)
    if answer.verdict != "no":
        return True
    actor = actor_of(person, draft.branch, today)
    posts = book.posts_with(actor.posts)
    permits = book.rules_on("handover.sign", draft.file.kind).permits
    return answer.clauses <= {one.clause for one in answer.lacking} and any(
        is_meant(one.who, actor, posts, {}) for one in permits
    )


def not_a_receiver(person: Person) -> str:
    """What is said of somebody who may not sign for a set."""
    return _("%(person)s may not sign for this set; choose somebody who may.") % {"person": person}


def last_of_sets(file: File) -> dict[tuple[int | None, str], str]:
    """By job and set how the last handover stands that was not sent back: ``offered``, or signed for."""
    if not file.pk:
        return {}

    return remembered(("handovers of", file.pk), lambda: _in_order(_standing().filter(file=file).values_list(*SET)))


def _standing() -> QuerySet[Handover]:
    return Handover.objects.exclude(status="returned")


def _in_order(rows: Iterable[Sequence[Any]]) -> dict[tuple[int | None, str], str]:
    return {(job, one): status for _pk, job, one, status in sorted(rows, key=lambda row: row[0])}


def _with_the_page(file: File, rows: list[list[Any]]) -> None:
    """What the page of a file has read with it."""
    remember(("handovers of", file.pk), _in_order(rows))


def signed_for(record: Record, wanted: frozenset[str], _scene: Any) -> dict[str, str]:
    """Whether the set of a paper was handed over: its list waits for a signature, or was signed for.

    A supplement, which both sign, says so itself.
    """
    if "record.handover" not in wanted:
        return {}
    status = last_of_sets(record.file).get((record.job_id, record.checklist), "")
    if status in ("", "offered"):
        return {"record.handover": status or "none"}
    lent = any(one.status == "lent" for one in record.file.volumes.all())
    return {"record.handover": "lent" if lent else "signed-for"}


def handover_parties(handover: Handover) -> dict[str, frozenset[str]]:
    """Who gives and who receives."""
    return {
        "handover.giver": frozenset({str(handover.giver_id)}),
        "handover.receiver": frozenset({str(handover.receiver_id)}),
    }


def _roles_on(ref: str) -> dict[str, frozenset[str]]:
    found = Handover.objects.filter(pk=ref).first() if ref.isdigit() else None
    return {**facts.roles_on("file", str(found.file_id)), **handover_parties(found)} if found else {}


def leaver_facts(person: Person, wanted: frozenset[str], _scene: Any) -> dict[str, int]:
    """How many lines of the sign-for book wait for a signature of somebody who leaves, as giver or receiver."""
    if "person.unsigned_lines" not in wanted:
        return {}
    waiting = Handover.objects.filter(Q(giver=person) | Q(receiver=person), status="offered")
    return {"person.unsigned_lines": waiting.count()}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    folded.offer(folded.Fold("handovers", _standing, SET, _with_the_page))
    facts.provide("handover", handover_facts, HANDOVER_FACTS)
    facts.provide_more("record", signed_for, {"record.handover"})
    facts.provide_more("person", leaver_facts, {"person.unsigned_lines"})
    facts.bring("day.close", "day.open_handovers", "day.commented")
    facts.provide_parties("handover", handover_parties)
    facts.provide_roles("handover", _roles_on)
