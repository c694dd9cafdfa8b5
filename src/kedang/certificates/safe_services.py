"""The commands on what lies in the safe: counted by two, given back to its owner, its numbers shown for a purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.queries import book_for
from kedang.certificates import kinds, parts, queries
from kedang.certificates.models import Balance, BalanceLine, BalanceSignature, Certificate
from kedang.certificates.services import safe_of
from kedang.files.kinds import kinds_left_behind
from kedang.files.models import File, Place, Record
from kedang.files.parts import count_missing
from kedang.files.services import on_file, parties_of, told_of
from kedang.staff.models import Branch, Person

HOW = "password"


def on_balance(branch: Branch, **_rest: Any) -> Concerning:
    """A command about the safe of a branch: nobody puts in or takes out meanwhile."""
    return Concerning(branch, [safe_of(branch)])


def _counts(found: Mapping[str, str], names: Sequence[str]) -> dict[str, int]:
    """Typed counts by name.  Raises ``Invalid`` at each that is no number: nothing counted is 0, and is typed."""
    wrong = {name: _("Count this too; write 0 where nothing lies.") for name in names if not _is_count(found, name)}
    if wrong:
        raise Invalid(wrong)
    return {name: int(found[name]) for name in names}


def _is_count(found: Mapping[str, str], name: str) -> bool:
    text = found.get(name, "")
    return text.isascii() and text.isdigit() and len(text) < 6


def _signers(ctx: Ctx, signers: Sequence[Person]) -> list[str]:
    ids = sorted({one.pk for one in signers})
    if len(ids) != len(signers):
        raise Invalid({"signers": _("Two people count; the same one has signed twice.")})
    if ctx.actor.pk not in ids:
        raise Invalid({"signers": _("Whoever is logged in is one of the two who count and sign.")})
    return [str(one) for one in ids]


@command("certificate.balance", on_balance)
def balance_safe(
    ctx: Ctx, *, branch: Branch, found: Mapping[str, str], signers: Sequence[Person], moves: str, note: str = ""
) -> Done:  # fmt: skip
    """Keep a count of the safe beside what the ledger says, and name each difference.

    ``found`` has the pieces in each place (``place_ID``) and of each kind (``kind_KEY``), counted without the ledger;
    ``moves`` is the mark of the safe when the count began.
    Raises ``Invalid`` where something was not counted, or the places and the kinds do not add up to the same.
    """
    ids = _signers(ctx, signers)
    ctx.gate(facts={"certificate.counters": tuple(ids)})
    places = queries.counted_places(branch)
    keys = list(kinds.all_kinds(book_for(branch, ctx.today)))
    if not places:
        raise Invalid({"places": _("No safe is registered yet: there is nothing to count.")})
    if moves != queries.moves(branch):
        raise Invalid({"moves": _("Something was put into the safe or taken out while you counted: count again.")})
    counts = _counts(found, [*(f"place_{one.pk}" for one in places), *(f"kind_{key}" for key in keys)])
    by_place = {one: counts[f"place_{one.pk}"] for one in places}
    by_kind = {key: counts[f"kind_{key}"] for key in keys}
    if sum(by_place.values()) != sum(by_kind.values()):
        said = {"places": sum(by_place.values()), "kinds": sum(by_kind.values())}
        raise Invalid({"sum": _("By place you counted %(places)s pieces, by kind %(kinds)s: count again.") % said})
    row = _written(ctx, branch, by_place, by_kind, note.strip()[:200])
    for one in signers:
        BalanceSignature.objects.create(balance=row, person=one, at=ctx.now, how=HOW)
    return Done(row, [_balanced(row, ids)])


def _written(ctx: Ctx, branch: Branch, by_place: Mapping[Place, int], by_kind: Mapping[str, int], note: str) -> Balance:
    booked_places, booked_kinds = queries.booked(branch)
    lines = [
        BalanceLine(place=one, booked=booked_places.get(one.pk, 0), counted=count) for one, count in by_place.items()
    ] + [
        BalanceLine(kind=key, booked=booked_kinds.get(key, 0), counted=count) for key, count in by_kind.items()
    ]  # fmt: skip
    row = Balance.objects.create(
        branch=branch, at=ctx.now, on=ctx.today, note=note, booked=sum(booked_places.values()),
        counted=sum(by_place.values()), differences=sum(1 for one in lines if one.difference),
        in_hand=queries.in_hand(branch),
    )  # fmt: skip
    for one in lines:
        one.balance = row
    BalanceLine.objects.bulk_create(lines)
    return row


def _balanced(row: Balance, signers: list[str]) -> NewEvent:
    lines = {
        (f"place:{one.place_id}" if one.place_id else f"kind:{one.kind}"): [one.booked, one.counted]
        for one in row.lines.all()
    }
    return NewEvent(
        "certificate.balanced", subject=safe_of(row.branch), about={"certificate": "all"},
        data={
            "balance": str(row.pk), "booked": row.booked, "counted": row.counted, "differences": row.differences,
            "lines": lines, "counters": signers,
        },
    )  # fmt: skip


def on_return(file: File, **_rest: Any) -> Concerning:
    """A command that takes certificates of a file out of the safe: file and safe are locked."""
    return Concerning(file.branch, [Subject("file", str(file.pk)), safe_of(file)])


def _taker(taker: str, *, id_checked: bool, signed: bool) -> None:
    """Raises ``Invalid`` where nobody is named, or nothing was signed or seen."""
    wrong = {}
    if len(taker.strip()) < 2:
        wrong["taker"] = _("Name who takes it.")
    if not signed:
        wrong["signed"] = _("Whoever takes it signs the receipt first.")
    if not id_checked:
        wrong["id_checked"] = _("Look at the identity papers first.")
    if wrong:
        raise Invalid(wrong)


@command("certificate.return", on_return)
def return_certificates(
    ctx: Ctx, *, file: File, chosen: Sequence[int], taker: str, authority: str = "", id_checked: bool, signed: bool,
    how: str,
) -> Done:  # fmt: skip
    """Give certificates back: the actor is the keeper who signs by password, ``signed`` that the receipt was signed
    by whoever takes them, ``authority`` on whose behalf where that is not the owner.

    Raises ``Invalid`` where nothing is chosen or something of it does not lie in the safe.
    """
    rows = list(
        Certificate.objects.filter(file=file, pk__in=chosen).select_related("file__branch", "place").order_by("pk")
    )
    if not rows:
        raise Invalid({"chosen": _("Choose what is given back.")})
    signers = (str(ctx.actor.pk), *(["taker"] if signed else []))
    facts = {"certificate.id_checked": "yes" if id_checked else "no", "certificate.signers": signers}
    for row in rows:
        ctx.gate(things={"file": file, "certificate": row}, facts=facts)
    _taker(taker, id_checked=id_checked, signed=signed)
    if len(rows) != len(set(chosen)) or any(row.status != "stored" for row in rows):
        raise Invalid({"chosen": _("Something of this does not lie in the safe any more: look again.")})
    given = parts.give_back(
        file=file, things=rows, taker=taker.strip()[:100], authority=authority.strip()[:200], id_checked=id_checked,
        keeper=ctx.actor, at=ctx.now, how=how,
    )  # fmt: skip
    events = []
    for row in rows:
        was = row.place.code if row.place else ""
        row.status, row.place = "returned", None
        row.save(update_fields=["status", "place"])
        data = {"return": str(given.pk), "id_checked": id_checked, "from": was}
        events.append(parts.event("certificate.returned", row, data, {"taker": taker.strip()[:100]}))
    return Done(given, events)


@command("record.withdraw", on_file)
def return_papers(
    ctx: Ctx, *, file: File, chosen: Sequence[int], taker: str, authority: str = "", id_checked: bool, signed: bool,
    how: str,
) -> Done:  # fmt: skip
    """Give back papers that their owner had left behind, against the same receipt."""
    left = kinds_left_behind(book_for(file.branch, ctx.today), file.kind)
    rows = list(Record.objects.filter(file=file, pk__in=chosen).order_by("pk"))
    if not rows:
        raise Invalid({"chosen": _("Choose what is given back.")})
    reason = _("Given back to its owner")
    for row in rows:
        signed_by = {one for one in row.signed.split(",") if one} | ({"customer"} if signed else set())
        row.signed = ",".join(sorted(signed_by))
        ctx.gate(things={"file": file, "record": row}, purpose=reason)
    _taker(taker, id_checked=id_checked, signed=signed)
    if any((row.kind or row.line) not in left or row.state not in ("present", "defective") for row in rows):
        raise Invalid({"chosen": _("Something of this is not here any more, or was never left behind: look again.")})
    given = parts.give_back(
        file=file, things=rows, taker=taker.strip()[:100], authority=authority.strip()[:200], id_checked=id_checked,
        keeper=ctx.actor, at=ctx.now, how=how,
    )  # fmt: skip
    events = []
    for row in rows:
        row.state, row.reason, row.counts = "withdrawn", reason, False
        row.save(update_fields=["state", "reason", "signed", "counts"])
        events.append(
            NewEvent(
                "record.withdrawn", Subject("file", str(file.pk)), parties=parties_of(file),
                about={"file": str(file.pk), "record": str(row.pk)}, secrets={"taker": taker.strip()[:100]},
                data={
                    "kind": row.kind or row.line, "line": row.line, "state": row.state, "return": str(given.pk),
                    **told_of(file),
                },
            )
        )  # fmt: skip
    count_missing(file)
    return Done(given, events)


def on_files(certificates: Sequence[Certificate], branch: Branch, **_rest: Any) -> Concerning:
    """A command that shows what is sealed of several files: the chain of each is locked."""
    files = dict.fromkeys(one.file_id for one in certificates)
    return Concerning(branch, [Subject("file", str(one)) for one in files])


@command("record.reveal", on_files)
def reveal_numbers(ctx: Ctx, *, certificates: Sequence[Certificate], branch: Branch, purpose: str) -> Done:
    """Allow the numbers of certificates to be shown once for a purpose; each file's journal says so, never a number."""
    said = purpose.strip()
    if len(said) < 2:
        raise Invalid({"purpose": _("Say what you need it for.")})
    if not certificates:
        raise Invalid({"purpose": _("There is no number to show.")})
    book = book_for(branch, ctx.today)
    by_file: dict[int, list[Certificate]] = {}
    for one in certificates:
        by_file.setdefault(one.file_id, []).append(one)
    events = []
    for rows in by_file.values():
        file, kind = rows[0].file, rows[0].kind
        grade = kinds.grade_of(book, file.kind, kind, "number")
        ctx.gate(
            things={"file": file, "record": Record(file=file, line=kind, kind=kind)}, purpose=said,
            facts={"record.grade": grade, "act.purpose": said},
        )  # fmt: skip
        data = {"field": "number", "grade": grade, "purpose": said[:200], "certificates": [str(one.pk) for one in rows]}
        data["file.kind"] = file.kind
        about = {"file": str(file.pk), "record": kind}
        events.append(NewEvent("record.revealed", Subject("file", str(file.pk)), about=about, data=data))
    return Done(certificates[0], events)
