"""The commands on records and scans, and the reveal of one value."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Set
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.facts import Scene
from kedang.adoptions.queries import book_for
from kedang.files import asked, kinds, parts, scans, settling
from kedang.files.models import FieldValue, File, Job, Record, Scan
from kedang.files.rules import record_facts
from kedang.files.services import on_file, parties_of, told_of
from kedang.rulebook.deciding import needs

ANSWERS = ("present", "missing", "to_follow", "not_applicable")
ANOTHER = "another"  # one more of a kind that is there already
TOLD = frozenset({"record.type", asked.ON_PAPER})  # of a paper that has an event of its own


def on_record(record: Record, **_rest: Any) -> Concerning:
    """A command about a record: the chain of its file is locked."""
    return Concerning(record.file.branch, [Subject("file", str(record.file_id))])


def check_answers(records: list[Record], answers: Mapping[str, Mapping[str, str]]) -> None:
    """Raise ``Invalid`` for an unknown answer, or a gap without its reason."""
    wrong: dict[str, str] = {}
    for record in records:
        answer = answers.get(str(record.pk))
        if answer is None:
            continue
        if answer.get("state") not in (*ANSWERS, *([ANOTHER] if record.state == "present" else ())):
            wrong[f"line_{record.pk}"] = _("Choose an answer.")
        elif answer["state"] in ("missing", "to_follow") and not answer.get("reason", "").strip():
            wrong[f"line_{record.pk}"] = _("Say why it is not here.")
    if wrong:
        raise Invalid(wrong)


def newly_there(records: list[Record], answers: Mapping[str, Mapping[str, str]]) -> list[Record]:
    """The records that these answers bring into the file."""
    states = {one.pk: answers.get(str(one.pk), {}).get("state") for one in records}
    return [one for one in records if states[one.pk] == (ANOTHER if one.state == "present" else "present")]


@command("record.add", on_file)
def answer_records(
    ctx: Ctx, *, file: File, job: Job | None = None, answers: Mapping[str, Mapping[str, str]],
    said: Mapping[str, Any] | None = None, settles: str = "",
) -> Done:  # fmt: skip
    """Answer checklist lines, by record id: present, another one, missing with a reason, does not apply, or to follow.

    ``said`` is what the form asked of the papers that come in with these answers, as facts; ``settles`` is the thing
    for which they are entered, as ``ticket:12``, where a duty waits for such an entry.
    """
    records = list(Record.objects.filter(file=file, job=job))
    check_answers(records, answers)
    found = newly_there(records, answers)
    thing = settling.settled_by(file, settles, found)
    came = {one.pk for one in found}
    new = _kinds(found)
    answers = {
        key: {**one, "state": "present" if one["state"] == ANOTHER else one["state"]} for key, one in answers.items()
    }
    _ask_of_each(ctx, file, records, found, answers, said)
    days = kinds.days_to_follow(book_for(file.branch, ctx.today), file.kind)
    changed = parts.answer_lines(records, answers, today=ctx.today, days=days, said=said or {}, came=came)
    parts.count_missing(file, job)
    each = [one for one in changed if one.pk in came] if _owed_for_each(ctx, file.kind) else []
    rest = [one for one in changed if one not in each]
    told = {one.pk: {**(said or {}), **record_facts(one, TOLD, _scene(ctx))} for one in each}
    events = [_added(file, job, [one], _kinds([one]), told[one.pk], thing, one) for one in each]
    if rest or not each:
        events.append(_added(file, job, rest, () if each else new, said, {} if each else thing))
    return Done(job or file, events)


def _ask_of_each(
    ctx: Ctx, file: File, records: list[Record], found: list[Record], answers: Mapping[str, Mapping[str, str]],
    said: Mapping[str, Any] | None,
) -> None:  # fmt: skip
    """Ask the rules of every paper that comes in, and once of the lines that say something else.

    Papers of one list of which the rules know the same are asked about together.  A
    consent is spent once for all of them.
    """
    came = {str(one.pk) for one in found}
    groups = _alike(ctx, found, answers)
    questions = [_question(group, answers, said, _beside(group, records, found)) for group in groups]
    known = asked.as_said(said, frozenset(asked.OF_COPY))
    states = tuple(sorted({one["state"] for key, one in answers.items() if key not in came}))
    for record in _first_of_each_list(file, records, answers.keys() - came, nothing=not questions):
        nothing = {"record.kind": (), "record.state": states, asked.FORM: "unspecified"}  # no paper, so no copy of one
        questions.insert(0, (record, nothing | known))
    ctx.gate_each([({"file": file, "record": record}, facts) for record, facts in questions])


def _first_of_each_list(file: File, records: list[Record], keys: Set[str], *, nothing: bool) -> list[Record]:
    """The first answered line of each checklist: rules ask what became of the list that it stands on."""
    answered = [one for one in records if str(one.pk) in keys]
    first = {one.checklist: one for one in reversed(answered)}
    return list(first.values()) or ((records[:1] or [Record(file=file, line="")]) if nothing else [])


def _alike(ctx: Ctx, found: list[Record], answers: Mapping[str, Mapping[str, str]]) -> list[list[Record]]:
    """The papers that come in, in groups of one list of which the rules on this act know the same."""
    tested = needs(book_for(ctx.branch, ctx.today), ctx.act).facts
    wanted = frozenset(one for one in tested if one.startswith("record."))
    groups: dict[str, list[Record]] = {}
    for one in found:
        known = record_facts(one, wanted, _scene(ctx))
        if asked.FORM in wanted:
            known[asked.FORM] = answers[str(one.pk)].get("form") or one.form
        groups.setdefault(repr((one.checklist, sorted(known.items()))), []).append(one)
    return list(groups.values())


def _question(
    group: list[Record], answers: Mapping[str, Mapping[str, str]], said: Mapping[str, Any] | None,
    beside: Mapping[str, Any],
) -> tuple[Record, dict[str, Any]]:  # fmt: skip
    """A paper that stands for its group, and what the rules are told of it."""
    form = answers[str(group[0].pk)].get("form", "")
    facts = {"record.kind": _kinds(group), "record.state": ("present",), **({asked.FORM: form} if form else {})}
    return group[0], {**facts, **beside, **asked.as_said(said)}


def _beside(group: list[Record], records: list[Record], found: list[Record]) -> dict[str, Any]:
    """The papers of a file with those that come in beside a group of them: what comes together is there together."""
    others = [one for one in found if one not in group and one.job_id is None]
    there = [one for one in records if one.state == "present" and one.job_id is None]
    return {"file.records": _kinds([*there, *others])} if others else {}


def _scene(ctx: Ctx) -> Scene:
    """Where the rules are asked."""
    return Scene(ctx.actor, ctx.branch, ctx.today)


def _kinds(records: list[Record]) -> tuple[str, ...]:
    """The kinds of some papers, as rules and duties ask for them."""
    return tuple(sorted({one.kind or one.line for one in records}))


def _owed_for_each(ctx: Ctx, kind: str) -> bool:
    """Whether a rule in force opens a duty about each paper that comes in: then each has an event of its own."""
    return any(rule.about == "record" for rule in book_for(ctx.branch, ctx.today).duties_after("record.added", kind))


def _added(
    file: File, job: Job | None, changed: list[Record], new: tuple[str, ...], said: Mapping[str, Any] | None,
    thing: Mapping[str, str], record: Record | None = None,
) -> NewEvent:  # fmt: skip
    """Lines were answered; ``record`` is the paper where the event tells of one, ``thing`` what it was entered for."""
    about = {"file": str(file.pk), **thing} | ({"job": str(job.pk)} if job else {})
    return NewEvent(
        "record.added", subject=Subject("file", str(file.pk)),
        about=about | ({"record": str(record.pk)} if record else {}),
        data={"lines": {one.line: one.state for one in changed}, "kind": new, **(said or {}), **told_of(file)},
        parties=parties_of(file, job),
    )  # fmt: skip


@command("scan.add", on_record)
def add_scan(ctx: Ctx, *, record: Record, data: bytes) -> Done:
    """Keep a scan of a record.  Raises ``Invalid`` for bytes that are no scan or too many."""
    if len(data) > scans.MAX_BYTES:
        raise Invalid({"scan": _("A scan has at most 20 MB.")})
    try:
        type_ = scans.sniff(data)
    except scans.WrongUpload:
        raise Invalid({"scan": _("Only PDF, JPEG, PNG and TIFF are kept as scans.")}) from None
    scan = Scan(record=record, type=type_, size=len(data), added_at=ctx.now, added_by=ctx.actor, seal_ref=uuid.uuid4())
    ctx.gate(things={"file": record.file, "record": record, "scan": scan}, facts={"scan.type": type_, "scan.pages": 1})
    scans.write(("file", str(record.file_id)), scan.seal_ref, data)
    scan.save()
    about = {"file": str(record.file_id), "record": str(record.pk), "scan": str(scan.pk)}
    event = NewEvent(
        "scan.added", subject=Subject("file", str(record.file_id)), about=about,
        data={
            "type": type_, "line": record.line, "job": str(record.job_id or ""),
            "record.kind": record.kind or record.line, **told_of(record.file),
        },
    )  # fmt: skip
    return Done(scan, [event])


def on_value(value: FieldValue, **_rest: Any) -> Concerning:
    """A command about a field's value: the chain of its file is locked."""
    return Concerning(value.file.branch, [Subject("file", str(value.file_id))])


@command("record.reveal", on_value)
def reveal_value(ctx: Ctx, *, value: FieldValue, purpose: str) -> Done:
    """Allow one sealed value to be shown once for a purpose; the event names the field, never the value."""
    if len(purpose.strip()) < 2:
        raise Invalid({"purpose": _("Say what you need it for.")})
    record = Record(file=value.file, line=value.field, kind=value.field)
    ctx.gate(
        things={"file": value.file, "record": record},
        facts={"record.grade": value.grade, "act.purpose": purpose.strip()},
        purpose=purpose.strip(),
    )
    event = NewEvent(
        "record.revealed", subject=Subject("file", str(value.file_id)),
        about={"file": str(value.file_id), "record": value.field},
        data={
            "field": value.field, "grade": value.grade, "purpose": purpose.strip()[:200],
            "file.kind": value.file.kind,
        },
    )  # fmt: skip
    return Done(value, [event])
