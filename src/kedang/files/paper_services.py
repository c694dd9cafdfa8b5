"""The commands on one paper of a file: checked, supplied later, taken out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.facts import Scene
from kedang.files import asked, parts
from kedang.files.models import Incident, Record
from kedang.files.record_services import on_record
from kedang.files.rules import record_facts
from kedang.files.services import parties_of, told_of

SIGNERS = ("customer", "staff", "third")
ASKED_BY_CHECK = frozenset({"record.dated", *asked.OF_COPY})  # the command is told this by itself


def _event(name: str, record: Record, incident: Incident | None = None, **data: Any) -> NewEvent:
    about = {"file": str(record.file_id), "record": str(record.pk)}
    about |= {"incident": str(incident.pk)} if incident else {}
    said = {"kind": record.kind or record.line, "line": record.line, "state": record.state, **told_of(record.file)}
    return NewEvent(
        name, Subject("file", str(record.file_id)), parties=parties_of(record.file, record.job),
        about=about | ({"job": str(record.job_id)} if record.job_id else {}),
        data={**said, **data},
    )  # fmt: skip


def ask_of(
    ctx: Ctx, record: Record, said: Mapping[str, Any] | None, leaves: frozenset[str] = frozenset(), act: str = "",
    **known: Any,
) -> None:  # fmt: skip
    """Ask the rules about one paper as it will lie in its file, with what was said of it.

    ``leaves`` are facts that the command has by itself, ``known`` says which nobody else knows, without ``record.``.
    """
    facts = asked.as_said(said, leaves) | {f"record.{name}": value for name, value in known.items()}
    ctx.gate(act, things={"file": record.file, "record": record}, facts=facts)


@command("record.check", on_record)
def check_record(
    ctx: Ctx, *, record: Record, signed: Collection[str] = (), sides: int = 0, pages: int = 0, copies: int = 1,
    dated: bool = False, red_stamp: bool = False, origin: str = "", said: Mapping[str, Any] | None = None,
) -> Done:  # fmt: skip
    """Write down what the check of a paper found: who signed, how many sides, pages and copies, dated, stamped."""
    wrong = {}
    if any(one not in SIGNERS for one in signed):
        wrong["signed"] = _("Choose an answer.")
    for name, number in (("sides", sides), ("pages", pages), ("copies", copies)):
        if not 0 <= number <= 9999:
            wrong[name] = _("Write a number from 0 to 9999.")
    if record.state not in ("present", "defective"):
        wrong["record"] = _("This paper is not here; there is nothing to check.")
    if wrong:
        raise Invalid(wrong)
    record.signed = ",".join(one for one in SIGNERS if one in signed)
    record.sides, record.pages, record.copies = sides, pages, copies
    record.dated, record.red_stamp, record.origin = dated, red_stamp, origin.strip()[:100]
    record.checked_on, record.checked_by = ctx.today, ctx.actor
    ask_of(ctx, record, said, ASKED_BY_CHECK)
    record.save()
    found = {"signed": record.signed.split(","), "sides": sides, "pages": pages, **(said or {})}
    return Done(record, [_event("record.checked", record, **found)])


@command("record.supply", on_record)
def supply_record(
    ctx: Ctx, *, record: Record, ends_on: date | None = None, said: Mapping[str, Any] | None = None
) -> Done:
    """Bring a paper that was missing, wrong or out of date; what was owed for it is done with that.

    Of an electronic document that is here its paper may still follow.  While an incident on the file is open, the
    paper makes good what was lost by the latest.
    """
    was = record.state
    scene = Scene(ctx.actor, ctx.branch, ctx.today)
    known = record_facts(record, frozenset({"record.type", asked.ON_PAPER}), scene)
    follows = was == "present" and known == {"record.type": "electronic", asked.ON_PAPER: "no"}
    if not follows and not parts.is_wanted(record):
        raise Invalid({"record": _("This paper is here already.")})
    if ends_on is not None and ends_on < ctx.today:
        raise Invalid({"ends_on": _("This paper has run out already.")})
    parts.bring_in(record, ends_on)
    parts.note_said(record, said or {})
    ask_of(ctx, record, said)
    record.save()
    parts.count_missing(record.file, record.job)
    told = {**(said or {}), **record_facts(record, frozenset({asked.ON_PAPER}), scene)}
    return Done(record, [supplied(record, was, **told)])


def supplied(record: Record, was: str, **said: Any) -> NewEvent:
    """A paper that was not here or not right has come; while an incident is open it makes good what was lost."""
    open_one = Incident.objects.filter(file=record.file_id, status="open").first()
    return _event("record.supplied", record, open_one, was=was, **said)


@command("record.withdraw", on_record)
def withdraw_record(ctx: Ctx, *, record: Record, reason: str) -> Done:
    """Take a paper out of its file; its line stays, with the reason."""
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    ctx.gate(things={"file": record.file, "record": record}, purpose=reason.strip())
    if record.state not in ("present", "defective"):
        raise Invalid({"record": _("This paper is not here.")})
    record.state, record.reason = "withdrawn", reason.strip()[:200]
    record.save(update_fields=["state", "reason"])
    parts.count_missing(record.file, record.job)
    return Done(record, [_event("record.withdrawn", record, why=record.reason)])
