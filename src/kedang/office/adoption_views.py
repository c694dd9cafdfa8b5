"""Screens of adoption: what can be adopted, a wording on its way, who has read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid, Refused
from kedang.acts.gate import advise
from kedang.acts.signing import signer_of
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import adoptions_of
from kedang.journal.queries import last_seq
from kedang.office import adoption_services as services
from kedang.office import amending, candidates, signing, things, together
from kedang.office.adoption_forms import ChoicesForm, HearingForm, TakeUpForm
from kedang.office.editions import governed
from kedang.office.failing import failing
from kedang.office.house import HOUSE, HouseForm, in_words, shown_in_form
from kedang.office.reading import acting
from kedang.rulebook import Pack
from kedang.rulebook.explaining import explain_pack
from kedang.staff.models import Branch
from kedang.staff.queries import held_on


def _may(request: HttpRequest, act: str, branch: Branch) -> Any:
    there: Any = request
    return advise(act, actor=there.user, branch=branch, today=there.today)


def _flash(request: HttpRequest, invalid: Invalid) -> None:
    for said in invalid.errors.values():
        messages.error(request, said)


@login_required
def adopt(request: HttpRequest) -> HttpResponse:
    """The box, the open drafts, and an upload; a hostile file is refused with file, line and remedy."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    own = together.offered(request)
    permitted = [one.branch for one in own if one.may.allowed]
    posted = request.method == "POST"
    form = TakeUpForm(
        request.POST if posted else None, request.FILES if posted else None,
        branches=permitted if len(own) > 1 else [], here=there.branch,
    )  # fmt: skip
    refused: list[str] = []
    if posted and form.is_valid():
        try:
            return redirect("office:draft", _take_up(request, form, permitted).pk)
        except Invalid as invalid:
            refused = [line for said in invalid.errors.values() for line in said.splitlines()]
    drafts = Draft.objects.filter(branch__in=together.own(request), status__in=together.OPEN)
    shown = list(drafts.select_related("drafted_by", "branch").order_by("slug", "branch__code"))
    for one in shown:
        one.title = candidates.title_of(one)  # type: ignore[attr-defined]
    context = {
        "form": form, "refused": refused, "drafts": shown,
        "may": next((one.may for one in own if one.may.allowed), own[0].may), "several": len(own) > 1,
        "barred": [one.branch for one in own if not one.may.allowed] if permitted else [],
        "offered": candidates.offered([(one.branch, one.bound) for one in own], there.today),
    }  # fmt: skip
    return render(request, "office/adopt.html", context, status=422 if refused or form.errors else 200)


def _take_up(request: HttpRequest, form: TakeUpForm, permitted: list[Branch]) -> Draft:
    there: Any = request
    said = form.cleaned_data
    ticked = set(said.get("branches", ()))
    branches = [one for one in permitted if str(one.pk) in ticked] or [there.branch]
    if said.get("pack"):
        text, cases = candidates.boxed(said["pack"])
        name = said["pack"]
    else:
        text, name = said["file"].read(), said["file"].name
        cases = said["cases"].read().decode("utf-8", "replace") if said.get("cases") else ""
    return together.draft_all(branches, acting(request), text=text, name=name, cases=cases)


def draft_for(request: HttpRequest, pk: int) -> Draft:
    """The draft of one of one's own branches, for whoever may draft there; a proposed one is shown to all in it."""
    rows = Draft.objects.select_related("branch", "drafted_by").filter(branch__in=together.own(request))
    row = get_object_or_404(rows, pk=pk)
    if row.status in ("draft", "withdrawn") and not _may(request, "policy.draft", row.branch).allowed:
        raise Http404
    return row


@login_required
@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A wording on its way: what it says, its cases, clashes side by side, posts, open defaults, signatures."""
    return _page(request, draft_for(request, pk))


def _page(
    request: HttpRequest, row: Draft, errors: list[str] | None = None, choices: ChoicesForm | None = None,
    hearing: HearingForm | None = None, signer_error: str = "", house: HouseForm | None = None,
) -> HttpResponse:  # fmt: skip
    there: Any = request
    group = together.group_of(row)
    own = {one.pk for one in together.own(request)}
    together.read_at_once([one.branch for one in group if one.branch_id in own], there.today)
    pack, book = candidates.of_draft(row, there.today)
    stands = [together.standing(one, there.user, there.today) for one in group]
    others = [one for one in group if one.pk != row.pk]
    read = next(one for one in group if one.pk == row.pk)  # with its signatures
    approving = candidates.approval_book(read, there.today)
    context = {
        "row": row, "pack": pack, "house": house or HouseForm(initial=shown_in_form(row.settings)),
        "choices": choices or ChoicesForm(
            draft=row, pack=pack, book=book, holders=held_on(row.branch, there.today), others=others
        ),
        "hearing": hearing or HearingForm(others=others),
        "errors": errors or [], "failed": failing(row.checked.get("failed", ()), pack),
        "stands": stands, "others": others, "own": own,
        "clashes": [one for one in stands if one.clashes], "clashing": sum(len(one.clashes) for one in stands),
        "signed": next(one.signed for one in stands if one.draft.pk == row.pk),
        "places": signing.places(read, approving, there.today), "signer_error": signer_error,
        "adopters": signing.adopters(read, approving, there.today),
        "may_draft": _may(request, "policy.draft", row.branch), "may_hear": _may(request, "policy.hear", row.branch),
        "may_propose": _may(request, "policy.propose", row.branch),
        "may_adopt": next((one.may_adopt for one in stands if not one.may_adopt.allowed), stands[0].may_adopt),
        "seen": last_seq("policy", row.pk), "open": row.status in together.OPEN,
        **_changes(row, pack, there.today),
    }  # fmt: skip
    return render(request, "office/draft.html", context, status=422 if errors or signer_error else 200)


def _changes(row: Draft, pack: Pack, today: Any) -> dict[str, Any]:
    """Clause by clause against the edition that it follows, and figures that a text left behind; nothing at the first.

    It follows what binds on the day before its own first day; as long as that is not said, or where nothing binds then,
    what was adopted last, be it for a later day.  A figure that stands otherwise in the rule than in the text is a
    notice only: a clause may name a number twice.
    """
    others = [one for one in adoptions_of(row.branch, row.slug) if one.pk != row.adoption_id]
    eve = row.in_force_from or date.max
    before = next((one for one in others if one.in_force_from <= eve), None)
    if before is None or row.status not in together.OPEN:
        left: list[amending.Left] = []
    else:
        left = amending.left_behind(candidates.pack_of(before).canonical, row.text)
    compared = things.compared(candidates.pack_of(before), pack, get_language() or "zh") if before else None
    return {"changes": compared, "follows": before, "left_behind": left}


@login_required
@require_POST
def draft_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What a button of the draft's page does; a wrong form comes back as it was typed."""
    row = draft_for(request, pk)
    do = ACTS.get(what)
    if do is None:
        raise Http404
    try:
        return do(request, row)
    except Invalid as invalid:
        return _page(request, row, list(invalid.errors.values()))


def _change(request: HttpRequest, row: Draft) -> HttpResponse:
    there: Any = request
    pack, book = candidates.of_draft(row, there.today)
    others = [one for one in together.group_of(row) if one.pk != row.pk]
    holders = held_on(row.branch, there.today)
    form = ChoicesForm(request.POST, draft=row, pack=pack, book=book, holders=holders, others=others)
    house = HouseForm(request.POST)
    asked, signed = "days" in request.POST, row.sign_offs.exists()
    if not form.is_valid() or (asked and not house.is_valid()):
        return _page(request, row, [_("Please look at the marked fields.")], form, house=house if asked else None)
    try:
        together.change_all(
            row, acting(request), alike=form.cleaned_data.get("alike", False), settings=form.settings(),
            posts=form.posts(), in_force_from=form.cleaned_data["in_force_from"],
            house=house.house() if asked else None,
        )  # fmt: skip
    except Invalid as invalid:
        for key, said in invalid.errors.items():
            form.add_error(key if key in form.fields else None, said)
        return _page(request, row, list(invalid.errors.values()), form, house=house if asked else None)
    said = _("Saved. Signatures under the former wording no longer count.") if signed else _("Saved.")
    messages.success(request, said)
    return redirect("office:draft", row.pk)


def _sign(request: HttpRequest, row: Draft) -> HttpResponse:
    signer = signer_of(request, "signer")
    if signer is None:
        return _page(request, row, signer_error=_("Name and password do not fit together; nothing was signed."))
    there: Any = request
    try:
        signed = together.sign_all(row, {**acting(request), "actor": signer}, there.today)
    except Refused:
        if signer == there.user:
            raise
        said = _("%(name)s holds no post in %(branch)s that may sign this; nothing was signed.")
        return _page(request, row, signer_error=said % {"name": signer, "branch": row.branch})
    if len(signed) > 1:
        said = _("Signed by %(name)s for: %(branches)s.")
        messages.success(request, said % {"name": signer, "branches": _(", ").join(map(str, signed))})
    else:
        messages.success(request, _("Signed by %(name)s.") % {"name": signer})
    return redirect("office:draft", row.pk)


def _hear(request: HttpRequest, row: Draft) -> HttpResponse:
    form = HearingForm(request.POST, others=[one for one in together.group_of(row) if one.pk != row.pk])
    if not form.is_valid():
        return _page(request, row, [_("Please look at the marked fields.")], hearing=form)
    together.hear_all(row, acting(request), **{"alike": False, **form.cleaned_data})
    messages.success(request, _("The hearing is on record."))
    return redirect("office:draft", row.pk)


def _adopt(request: HttpRequest, row: Draft) -> HttpResponse:
    adoption = together.adopt_all(row, acting(request))
    messages.success(request, _("Adopted; in force from %(day)s.") % {"day": adoption.in_force_from})
    return redirect("office:edition", adoption.pk)


def _propose(request: HttpRequest, row: Draft) -> HttpResponse:
    together.propose_all(row, acting(request))
    messages.success(request, _("Proposed. It waits for its signatures."))
    return redirect("office:draft", row.pk)


def _withdraw(request: HttpRequest, row: Draft) -> HttpResponse:
    own = together.own(request)
    left = [one for one in together.group_of(row) if one.pk != row.pk and one.branch in own]
    if request.POST.get("only"):
        services.withdraw_draft(**acting(request), draft=row)
        messages.success(request, _("Left out: %(branch)s.") % {"branch": row.branch})
        return redirect("office:draft", left[0].pk) if left else redirect("office:adopt")
    together.withdraw_all(row, acting(request))
    messages.success(request, _("Withdrawn."))
    return redirect("office:adopt")


ACTS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "change": _change, "propose": _propose, "sign": _sign, "adopt": _adopt, "hear": _hear, "withdraw": _withdraw,
}  # fmt: skip


def _adoption(request: HttpRequest, pk: int) -> Adoption:
    rows = Adoption.objects.select_related("branch", "approved_by").filter(branch__in=together.own(request))
    return get_object_or_404(rows, pk=pk)


@login_required
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """An adopted edition: who approved it, how staff were heard, who has read it and who has not."""
    row = _adoption(request, pk)
    form = HearingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_hearing(**acting(request), adoption=row, **form.cleaned_data)
        except Invalid as invalid:
            for key, said in invalid.errors.items():
                form.add_error(key if key in form.fields else None, said)
        else:
            messages.success(request, _("The hearing is on record; sanctions under this policy are enforceable."))
            return redirect("office:edition", row.pk)
    return render(
        request, "office/edition.html", _edition_context(request, row, form), status=422 if form.errors else 200
    )


def _edition_context(request: HttpRequest, row: Adoption, form: HearingForm) -> dict[str, Any]:
    there: Any = request
    read = {one.person_id: one for one in row.confirmations.select_related("person")}
    staff = list(dict.fromkeys(one.person for one in held_on(row.branch, there.today)))
    pack = candidates.pack_of(row)
    editions = governed(row.branch, pack)
    earlier = next((one.adoption for one in editions if one.adoption.in_force_from < row.in_force_from), None)
    language = get_language() or "zh"
    said = explain_pack(pack, language)
    started = Draft.objects.filter(adoption=row).prefetch_related("sign_offs__person").first()
    return {
        "row": row, "pack": pack, "form": form, "editions": editions, "earlier": earlier,
        "changes": things.compared(candidates.pack_of(earlier), pack, language) if earlier else None,
        "binds": row.in_force_from <= there.today and (row.ended_on is None or row.ended_on >= there.today),
        "clauses": [(one.id, one.text.get(language), said[one.id]) for one in pack.clauses.values()],
        "house": in_words(row.settings), "settled": {k: v for k, v in row.settings.items() if k not in HOUSE},
        "may_draft": _may(request, "policy.draft", row.branch), "may_hear": _may(request, "policy.hear", row.branch),
        "alike": _alike(request, row),
        "read": list(read.values()), "not_read": [one for one in staff if one.pk not in read],
        "mine": there.user.pk in read, "draft": started, "seen": last_seq("adoption", row.pk),
        "signed": candidates.shown_signatures(started) if started else [],
    }  # fmt: skip


def _alike(request: HttpRequest, row: Adoption) -> list[dict[str, Any]]:
    """The branches that are under this very text, each with whether one may draft there; nothing for a single one."""
    there: Any = request
    rows = together.under_the_same(row, request) if row.ended_on is None else []
    if len(rows) < 2:
        return []
    together.read_at_once([one.branch for one in rows], there.today)
    return [{"adoption": one, "may": _may(request, "policy.draft", one.branch)} for one in rows]


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """I have read this edition."""
    row = _adoption(request, pk)
    try:
        services.confirm_reading(**acting(request), adoption=row)
    except Invalid as invalid:
        _flash(request, invalid)
    else:
        messages.success(request, _("Thank you; it is on record that you have read this edition."))
    return redirect("office:edition", row.pk)
