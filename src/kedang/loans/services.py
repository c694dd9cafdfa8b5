"""The commands on loans: request, issue, renew, recall, pass on, return, check, withdraw; losses have their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Refused, Subject
from kedang.acts.command import Ctx, command
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.files.models import File, Volume
from kedang.files.parts import give_volume
from kedang.files.place_parts import stands
from kedang.files.services import parties_of, told_of
from kedang.loans import parts
from kedang.loans.models import OUT, Loan
from kedang.loans.renewing import bar
from kedang.loans.rules import kinds_asked, kinds_of, last_day_of, latest_day, said, terms_of, yes
from kedang.staff.models import Branch, Person


def on_volume(volume: Volume, **_rest: Any) -> Concerning:
    """A command about a volume: the chain of its file is locked."""
    return Concerning(volume.file.branch, [Subject("file", str(volume.file_id))])


def on_loan(loan: Loan, **_rest: Any) -> Concerning:
    """A command about a loan: the chain of its file is locked, so that one of many wins."""
    return Concerning(loan.branch, [Subject("file", str(loan.file_id))])


def _event(name: str, loan: Loan, **data: Any) -> NewEvent:
    about = {"file": str(loan.file_id), "loan": str(loan.pk), "volume": str(loan.volume_id)}
    said = {"borrower": str(loan.borrower_id), "until": loan.due_on.isoformat(), "status": loan.status}
    said["file.kind"] = loan.file.kind
    return NewEvent(
        name, Subject("file", str(loan.file_id)), about=about,
        data={"loan.until": loan.due_on.isoformat(), **told_of(loan.file), **said, **data},
        parties={**parties_of(loan.file), "loan.borrower": [str(loan.borrower_id)]},
    )  # fmt: skip


def current(loan: Loan, *statuses: str) -> Loan:
    """The loan as it is now.  Raises ``Invalid`` when somebody was faster."""
    row = Loan.objects.select_related(
        "file__branch", "volume__file", "volume__home", "volume__holder", "borrower", "branch", "loss"
    )
    found = row.get(pk=loan.pk)
    if found.status not in statuses:
        raise Invalid(
            {"loan": _("This loan is at another stage by now: %(state)s.") % {"state": found.get_status_display()}}
        )
    return found


def _checked_terms(ctx: Ctx, volume: Volume, borrower: Person, purpose: str, until: date) -> None:
    """Raise ``Invalid`` for a day in the past or too far off, a missing purpose, or a borrower who has left."""
    wrong: dict[str, str] = {}
    terms = terms_of(volume.file.branch, ctx.today, volume.file.kind)
    if until < ctx.today:
        wrong["until"] = _("This day has passed; the return lies ahead.")
    elif until > latest_day(terms, ctx.today):
        wrong["until"] = _("A loan lasts at most %(days)s days: until %(day)s.") % {
            "days": terms.days, "day": latest_day(terms, ctx.today).isoformat(),
        }  # fmt: skip
    if not purpose.strip():
        wrong["purpose"] = _("Say what the papers are needed for.")
    wrong = _gone(ctx, volume.file.branch, borrower, until) | wrong
    if wrong:
        raise Invalid(wrong)


def _gone(ctx: Ctx, branch: Branch, borrower: Person, until: date) -> dict[str, str]:
    """What is wrong with a day of return that a borrower will not see at work, by field."""
    last = last_day_of(borrower, branch, ctx.today)
    if not borrower.is_active or last is None:
        return {"borrower": _("%(person)s holds no post here (any more).") % {"person": borrower}}
    if last < until:
        told = {"person": borrower, "day": last.isoformat()}
        return {"until": _("%(person)s is here until %(day)s; the papers come back before.") % told}
    return {}


def _free(volume: Volume) -> None:
    """Raise ``Invalid`` when the volume is away already, naming who has it and until when."""
    out = Loan.objects.filter(volume=volume, status__in=OUT).select_related("borrower").first()
    if out is not None:
        raise Invalid({"volume": _("%(person)s has this until %(day)s.") % {
            "person": out.borrower, "day": out.due_on.isoformat()}})  # fmt: skip


def _known_kind(ctx: Ctx, kind: str) -> str:
    """The kind of a loan.  Raises ``Invalid`` for one that no rule in force tells apart."""
    if kind and kind not in kinds_asked(book_for(ctx.branch, ctx.today)):
        raise Invalid({"kind": _("No policy in force knows this kind of loan.")})
    return kind


@command("loan.request", on_volume)
def request_loan(ctx: Ctx, *, volume: Volume, purpose: str, until: date, kind: str = "") -> Done:
    """Fill in a loan slip for oneself.  Raises ``Invalid`` by field; the request reserves nothing."""
    file: File = volume.file
    _checked_terms(ctx, volume, ctx.actor, purpose, until)
    if Loan.objects.filter(volume=volume, borrower=ctx.actor, status="requested").exists():
        raise Invalid({"volume": _("You have asked for this already.")})
    loan = Loan(
        branch=file.branch, file=file, volume=volume, borrower=ctx.actor, purpose=purpose.strip()[:200], slip=True,
        requested_on=ctx.today, due_on=until, kind=_known_kind(ctx, kind),
    )  # fmt: skip
    ctx.gate(things={"file": file, "loan": loan}, facts=said(loan.purpose))
    loan.save()
    return Done(loan, [_event("loan.requested", loan, purpose=loan.purpose)])


@command("loan.issue", on_loan)
def issue_loan(ctx: Ctx, *, loan: Loan) -> Done:
    """Give out what a slip asks for.  The borrower signed the slip by asking in his own session."""
    row = current(loan, "requested")
    _checked_terms(ctx, row.volume, row.borrower, row.purpose, row.due_on)
    _free(row.volume)
    ctx.gate(things={"file": row.file, "loan": row}, facts=said(row.purpose))
    return _issued(ctx, row)


@command("loan.issue", on_volume)
def lend_directly(
    ctx: Ctx, *, volume: Volume, borrower: Person, purpose: str, until: date, how: str, kind: str = ""
) -> Done:
    """Give out without a slip, on the borrower's signature (``how`` says by what he was known).

    Signing is asking: whether the borrower may ask without a slip is a rule's answer, and refuses as ``loan.request``.
    """
    file = volume.file
    _checked_terms(ctx, volume, borrower, purpose, until)
    _free(volume)
    loan = Loan(
        branch=file.branch, file=file, volume=volume, borrower=borrower, purpose=purpose.strip()[:200],
        requested_on=ctx.today, due_on=until, kind=_known_kind(ctx, kind),
    )  # fmt: skip
    _may_have(ctx, loan, borrower)
    ctx.gate(things={"file": file, "loan": loan}, facts=said(loan.purpose))
    return _issued(ctx, loan, how=how)


def _may_have(ctx: Ctx, loan: Loan, borrower: Person) -> None:
    """Raise ``Refused`` where the rules would not let this person ask for the papers: signing is asking."""
    things = {"file": loan.file, "loan": loan}
    asked = advise(
        "loan.request", actor=borrower, branch=loan.branch, today=ctx.today, things=things, facts=said(loan.purpose)
    )
    if not asked.allowed:
        raise Refused(asked, "loan.request")


def _issued(ctx: Ctx, loan: Loan, **data: Any) -> Done:
    loan.status, loan.issued_on, loan.issued_by = "issued", ctx.today, ctx.actor
    loan.home = parts.lend_volume(loan.volume, loan.borrower)
    loan.renewals = parts.renewals_before(loan)
    loan.save()
    loan.pages_out = parts.list_papers(loan)
    loan.save(update_fields=["pages_out"])
    told = {"purpose": loan.purpose, "pages": loan.pages_out, "renewals": loan.renewals, "slip": loan.slip,
            "loan.kind": list(kinds_of(loan, ctx.today))}  # fmt: skip
    return Done(loan, [_event("loan.issued", loan, **told, **data)])


@command("loan.renew", on_loan)
def renew_loan(ctx: Ctx, *, loan: Loan, until: date, reason: str) -> Done:
    """Move the day of return, as often as the terms allow; the old day stays visible."""
    row = current(loan, "issued")
    terms = terms_of(row.branch, ctx.today, row.file.kind)
    wrong: dict[str, str] = {}
    barred = bar(row, terms, ctx.today)
    if barred:
        wrong["until"] = barred
    elif until < ctx.today:
        wrong["until"] = _("This day has passed; the return lies ahead.")
    elif not row.due_on < until <= latest_day(terms, ctx.today):
        wrong["until"] = _("Choose a day after %(old)s and not after %(last)s.") % {
            "old": row.due_on.isoformat(), "last": latest_day(terms, ctx.today).isoformat(),
        }  # fmt: skip
    wrong = _gone(ctx, row.branch, row.borrower, until) | wrong
    if not reason.strip():
        wrong["reason"] = _("Say why they are needed longer.")
    if wrong:
        raise Invalid(wrong)
    ctx.gate(things={"file": row.file, "loan": row}, facts=said(reason.strip()))
    row.was_due_on = [*row.was_due_on, row.due_on.isoformat()]
    row.due_on, row.renewals = until, row.renewals + 1
    row.save(update_fields=["was_due_on", "due_on", "renewals"])
    return Done(row, [_event("loan.renewed", row, why=reason.strip()[:200], renewals=row.renewals)])


@command("loan.recall", on_loan)
def recall_loan(ctx: Ctx, *, loan: Loan, reason: str) -> Done:
    """Call papers back before their day: they are due today."""
    row = current(loan, "issued")
    if not reason.strip():
        raise Invalid({"reason": _("Say why they are called back.")})
    if row.recalled_on:
        raise Invalid({"loan": _("These papers have been called back already.")})
    ctx.gate(things={"file": row.file, "loan": row})
    if row.due_on > ctx.today:
        row.was_due_on = [*row.was_due_on, row.due_on.isoformat()]
        row.due_on = ctx.today
    row.recalled_on, row.recall_reason = ctx.today, reason.strip()[:200]
    row.save(update_fields=["was_due_on", "due_on", "recalled_on", "recall_reason"])
    return Done(row, [_event("loan.recalled", row, why=row.recall_reason)])


@command("loan.return", on_loan)
def return_loan(ctx: Ctx, *, loan: Loan) -> Done:
    """Take lent papers back into the keeper's hand; the borrower's time ends here, the check follows."""
    row = current(loan, "issued")
    ctx.gate(things={"file": row.file, "loan": row})
    row.status, row.returned_on, row.taken_by = "returned", ctx.today, ctx.actor
    row.save(update_fields=["status", "returned_on", "taken_by"])
    parts.take_volume(row.volume, ctx.actor)
    return Done(row, [_event("loan.returned", row, keeper=str(ctx.actor.pk))])


@command("loan.check", on_loan)
def check_loan(
    ctx: Ctx, *, loan: Loan, found: Mapping[str, bool], pages_back: int, unmarked: bool, note: str = ""
) -> Done:
    """Count what came back against what went out, then put it back into its place.

    ``found`` says by paper id whether it is there.  What a rule wants (complete, without marks) it wants here; a gap
    or a mark needs its note in any case.  Nobody waits for what was reported as lost once that is settled: to a rule
    the return is complete without it.
    """
    row = current(loan, "returned")
    papers = list(row.papers.all())
    missing = [one for one in papers if not found.get(str(one.pk), False)]
    row.complete = not missing and pages_back >= row.pages_out
    row.unmarked, row.pages_back, row.note = unmarked, pages_back, note.strip()[:200]
    if not (row.complete and unmarked) and not row.note:
        raise Invalid({"note": _("Name what is missing or marked.")})
    whole = row.complete or parts.is_settled(row, missing, pages_back)
    facts = {"act.reason": yes(row.note), "loan.complete": yes(whole)}
    ctx.gate(things={"file": row.file, "loan": row}, facts=facts)
    for one in papers:
        one.state = "missing" if one in missing else "found"
        one.save(update_fields=["state"])
    row.status, row.closed_on = "closed", ctx.today
    row.save(update_fields=["complete", "unmarked", "pages_back", "note", "status", "closed_on"])
    told = {"complete": row.complete, "unmarked": unmarked, "pages": pages_back, "missing": len(missing)}
    return Done(row, [_event("loan.checked", row, **told), *_home_again(row)])


def _home_again(loan: Loan) -> list[NewEvent]:
    """The volume stands in its home again, unless that is closed or somebody was faster.

    Whoever shelved it elsewhere or handed it on between the return and the count has said where it is.
    """
    volume = loan.volume
    home = volume.home
    if home is None or home.closed_on or volume.status != "held" or volume.holder_id != loan.taken_by_id:
        return []
    give_volume(volume, volume.holder, home)
    return [stands("volume.shelved", volume, home)]


@command("loan.pass_on", on_loan)
def pass_loan_on(ctx: Ctx, *, loan: Loan, receiver: Person, how: str) -> Done:
    """Let another person have the papers for the rest of the term, on his signature; most packs forbid it."""
    row = current(loan, "issued")
    if receiver.pk == row.borrower_id:
        raise Invalid({"receiver": _("This is who has them now.")})
    if row.recalled_on:
        raise Invalid({"loan": _("These papers have been called back.")})
    if row.due_on < ctx.today:
        raise Invalid({"loan": _("These papers are overdue since %(day)s; bring them back first.") % {
            "day": row.due_on.isoformat()}})  # fmt: skip
    _checked_terms(ctx, row.volume, receiver, row.purpose, row.due_on)
    ctx.gate(things={"file": row.file, "loan": row})
    _may_have(ctx, row, receiver)
    giver, row.borrower = row.borrower, receiver
    row.save(update_fields=["borrower"])
    row.volume.holder = receiver
    row.volume.save(update_fields=["holder"])
    return Done(row, [_event("loan.passed_on", row, giver=str(giver.pk), how=how)])


@command("loan.withdraw", on_loan)
def withdraw_request(ctx: Ctx, *, loan: Loan) -> Done:
    """Take one's own slip back before anything was given out."""
    row = current(loan, "requested")
    if row.borrower_id != ctx.actor.pk:
        raise Invalid({"loan": _("Only who asked withdraws the slip.")})
    ctx.gate(things={"file": row.file, "loan": row})
    row.status = "withdrawn"
    row.save(update_fields=["status"])
    return Done(row, [_event("loan.withdrawn", row)])
