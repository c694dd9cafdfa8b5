"""One wording for several branches: each branch has its own draft, and what is done, is done to all or to none.

Each branch keeps its own row, posts, hearing, signatures and adoption, and is asked under its own book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kedang.acts.answers import Done, Invalid
from kedang.acts.command import all_or_none
from kedang.acts.gate import advise
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import binding, reports_to, take_adoptions, with_adoptions
from kedang.office import adoption_services as services
from kedang.office import candidates, signing
from kedang.office.failing import clashing
from kedang.rulebook import Answer, Clash
from kedang.staff.models import Branch, Person
from kedang.staff.queries import actor_of, take_staff, with_staff

OPEN = ("draft", "proposed")
Acting = dict[str, Any]
OF_THE_WORDING = ("text", "cases")
OF_THE_CHOICE = ("settings", "house", "in_force_from")


@dataclass(frozen=True)
class Offered:
    """A branch of one's own in which something can be adopted, with what binds it and whether one may."""

    branch: Branch
    may: Answer
    bound: Sequence[Adoption]


@dataclass(frozen=True)
class Standing:
    """How far a draft is in its branch."""

    draft: Draft
    clashes: Sequence[Clash]
    sides: Sequence[Any]
    consents: Sequence[Any]  # the same of acts that wait for two policies; no clash
    signed: Sequence[Any]
    may_adopt: Answer


def own(request: HttpRequest) -> list[Branch]:
    """The branches in which the asker works, by code; for an administrator without a post the shown one."""
    there: Any = request
    return list(there.own_branches) or ([there.branch] if there.branch else [])


def read_at_once(branches: Iterable[Branch], today: date) -> None:
    """Keep staff and policies of several branches for the rest of a page; one read."""
    wanted = [one.pk for one in branches]
    if len(wanted) > 1:
        for one in with_adoptions(with_staff(Branch.objects.filter(pk__in=wanted), today)):
            take_staff(one, today)
            take_adoptions(one)


def offered(request: HttpRequest) -> list[Offered]:
    """One's own branches, each with whether one may draft a policy there."""
    there: Any = request
    branches = own(request)
    read_at_once(branches, there.today)
    return [
        Offered(one, advise("policy.draft", actor=there.user, branch=one, today=there.today), binding(one, there.today))
        for one in branches
    ]


def under_the_same(row: Adoption, request: HttpRequest) -> list[Adoption]:
    """The adoptions of this very text that are in force in one's own branches, this one among them; by branch."""
    rows = Adoption.objects.filter(slug=row.slug, sha256=row.sha256, ended_on=None, branch__in=own(request))
    return list(rows.select_related("branch").defer("text").order_by("branch__code"))


def group_of(row: Draft) -> list[Draft]:
    """The open drafts that go along with one, itself among them, by branch; a closed one is alone."""
    if row.status not in OPEN:
        return [row]
    first = row.lead_id or row.pk
    rows = Draft.objects.filter(Q(pk=first) | Q(lead=first), status__in=OPEN).select_related("branch")
    return list(rows.prefetch_related("sign_offs__person").order_by("branch__code"))


def standing(row: Draft, person: Person, today: date) -> Standing:
    """A draft in its branch: clashes side by side, signatures, and what the rules say to its adoption."""
    pack, book = candidates.of_draft(row, today)
    found = candidates.clashes(book, pack)
    approving = candidates.approval_book(row, today)
    may = advise(
        "policy.adopt", actor=person, branch=row.branch, today=today, book=approving,
        known=actor_of(person, row.branch, today, reports_to(approving)),
        grants=candidates.grants(row, person, approving, today),
        facts={
            "policy.approved": "yes", "policy.backdated": "no", "policy.in_force_on": row.in_force_from or "",
            "policy.replaces": candidates.replaced(row),
        },
    )  # fmt: skip
    sides = [(clashing(one, book, pack), *candidates.sides(book, one)) for one in found]
    beside = [
        (clashing(one, book, pack), *candidates.sides(book, one)) for one in candidates.consents_beside(book, pack)
    ]
    return Standing(row, found, sides, beside, candidates.shown_signatures(row), may)


def draft_all(branches: Sequence[Branch], acting: Acting, **wording: Any) -> Draft:
    """Take a wording up for every branch; the first one's draft.  Raises ``Invalid`` with the branches named."""
    made: list[Draft] = []

    def draft(branch: Branch, acting: Acting) -> Done:
        done = services.draft_policy(**acting, branch=branch, lead=made[0] if made else None, **wording)
        made.append(done.result)
        return done

    _each([(one, one) for one in branches], draft, acting)
    return made[0]


def change_all(row: Draft, acting: Acting, *, alike: bool = True, **changes: Any) -> None:
    """Change a draft; the wording of the others with it and, if they are to be ``alike``, what was chosen.

    Posts are given in the draft's own branch.
    """
    carried = {*OF_THE_WORDING, *(OF_THE_CHOICE if alike else ())}

    def change(one: Draft, acting: Acting) -> Done:
        given = changes if one.pk == row.pk else {key: said for key, said in changes.items() if key in carried}
        return services.change_draft(**acting, draft=one, **given)

    touched = alike or any(changes.get(key) is not None for key in OF_THE_WORDING)
    _on(group_of(row) if touched else [row], change, acting, row)


def propose_all(row: Draft, acting: Acting) -> None:
    """Propose the wording in every branch."""
    _on(group_of(row), lambda one, acting: services.propose_policy(**acting, draft=one), acting, row)


def withdraw_all(row: Draft, acting: Acting) -> None:
    """Give the wording up in every branch."""
    _on(group_of(row), lambda one, acting: services.withdraw_draft(**acting, draft=one), acting, row)


def adopt_all(row: Draft, acting: Acting) -> Adoption:
    """Put the wording into force in every branch; the adoption in the draft's own."""
    done = _on(group_of(row), lambda one, acting: services.adopt_policy(**acting, draft=one), acting, row)
    found: Adoption = next(one.result for one in done if one.result.branch_id == row.branch_id)
    return found


def hear_all(row: Draft, acting: Acting, *, alike: bool, **heard: Any) -> None:
    """Record how staff were heard, here or in every branch."""
    rows = group_of(row) if alike else [row]
    _on(rows, lambda one, acting: services.record_draft_hearing(**acting, draft=one, **heard), acting, row)


def sign_all(row: Draft, acting: Acting, today: date) -> list[Branch]:
    """Sign the wording here and in every other branch where the signature counts; these branches."""
    signer: Person = acting["actor"]
    rows = [one for one in group_of(row) if one.pk == row.pk or _counts(one, signer, today)]
    _on(rows, lambda one, acting: services.sign_policy(**acting, draft=one), acting, row)
    return [one.branch for one in rows]


def _counts(row: Draft, person: Person, today: date) -> bool:
    """Whether a signature of this person would count in a draft's branch now and is not there yet."""
    book = candidates.approval_book(row, today)
    if signing.is_next(row, person, book, today):
        return True
    # where the policy names nobody, everybody who may sign may do so beside those who have
    if row.status != "proposed" or any(one.person_id == person.pk for one in candidates.signatures(row)):
        return False
    facts = {"policy.names_me": "no"}
    asked = advise("policy.sign", actor=person, branch=row.branch, today=today, book=book, facts=facts)
    return not candidates.signers(book) and asked.allowed


def _on(rows: Sequence[Draft], act: Callable[[Draft, Acting], Done], acting: Acting, shown: Draft) -> list[Done]:
    return _each([(one.branch, one) for one in rows], act, acting, shown.branch)


def _each(
    pairs: Sequence[tuple[Branch, Any]], act: Callable[[Any, Acting], Done], acting: Acting,
    shown: Branch | None = None,
) -> list[Done]:  # fmt: skip
    """The command for each branch, in one transaction.  ``seen`` speaks of the draft that is ``shown``.

    Raises ``Invalid`` with what is wrong in any of them, the branches named where it is not the same in all.
    """

    def run() -> list[Done]:
        done: list[Done] = []
        wrong: dict[tuple[str, str], list[Branch]] = {}
        for branch, what in pairs:
            own = acting if len(pairs) == 1 else {**acting, "token": f"{acting['token']}.{branch.pk}"}
            if shown is None or branch.pk != shown.pk:
                own = {**own, "seen": None}
            try:
                done.append(act(what, own))
            except Invalid as invalid:
                for place in invalid.errors.items():
                    wrong.setdefault(place, []).append(branch)
        if wrong:
            raise Invalid(_named(wrong, len(pairs)))
        return done

    return all_or_none(run)


def _named(wrong: dict[tuple[str, str], list[Branch]], number: int) -> dict[str, str]:
    errors: dict[str, str] = {}
    for (key, said), branches in wrong.items():
        if len(branches) < number:
            names = _(", ").join(str(one) for one in branches)
            said = _("%(branches)s: %(said)s") % {"branches": names, "said": said}
        errors[key if key not in errors else f"{key}-{len(errors)}"] = said
    return errors
