"""The command that says what a clause means."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kedang.acts.answers import Concerning, Done, Invalid, NewEvent, Subject
from kedang.acts.command import Ctx, command
from kedang.adoptions.models import Adoption, Interpretation
from kedang.adoptions.queries import own_book, pack_of

MOST = 4_000


def on_adoption(adoption: Adoption, **_rest: Any) -> Concerning:
    """What is said of a clause stands in the chain of its edition."""
    return Concerning(adoption.branch, [Subject("adoption", str(adoption.pk))])


@command("policy.interpret", on_adoption)
def interpret_clause(ctx: Ctx, *, adoption: Adoption, clause: str, text: str, said_on: date | None = None) -> Done:
    """Say what a clause of an edition means, as of a day; the text that was approved stays as it is.

    Who may is said by the policy itself, else by the common rules.  Raises ``Refused``, ``Invalid``.
    """
    ctx.gate(book=own_book(adoption.branch, adoption.slug, ctx.today))
    said, day = text.strip(), said_on or ctx.today
    errors = {}
    if clause not in pack_of(adoption).clauses:
        errors["clause"] = _("This edition has no such clause.")
    if not said:
        errors["text"] = _("Say what the clause means.")
    if len(said) > MOST:
        errors["text"] = _("At most %(n)d characters.") % {"n": MOST}
    if not adoption.in_force_from <= day <= ctx.today:
        errors["said_on"] = _("The day lies between the first day of the edition and today.")
    if errors:
        raise Invalid(errors)
    row = Interpretation.objects.create(adoption=adoption, clause=clause, text=said, said_on=day, said_by=ctx.actor)
    ref = str(adoption.pk)
    data = {"slug": adoption.slug, "edition": adoption.edition, "clause": clause, "text": said, "said_on": str(day)}
    event = NewEvent("policy.interpreted", Subject("adoption", ref), about={"policy": ref}, data=data, happened_on=day)
    return Done(row, [event])
