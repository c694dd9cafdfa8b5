"""Screens of adoption: what can be adopted, a wording on its way, who has read what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Done, Invalid
from kedang.acts.gate import advise
from kedang.acts.signing import signer_of
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import binding, reports_to
from kedang.journal.queries import last_seq
from kedang.office import adoption_services as services
from kedang.office import amending, candidates
from kedang.office.adoption_forms import ChoicesForm, HearingForm, TakeUpForm
from kedang.office.editions import governed
from kedang.office.house import HOUSE, HouseForm, in_words, shown_in_form
from kedang.office.reading import acting
from kedang.staff.queries import actor_of, held_on


def _may(request: HttpRequest, act: str, **more: Any) -> Any:
    there: Any = request
    return advise(act, actor=there.user, branch=there.branch, today=there.today, **more)


def _flash(request: HttpRequest, invalid: Invalid) -> None:
    for said in invalid.errors.values():
        messages.error(request, said)


@login_required
def adopt(request: HttpRequest) -> HttpResponse:
    """The box, the open drafts, and an upload; a hostile file is refused with file, line and remedy."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    form = TakeUpForm(request.POST or None, request.FILES or None) if request.method == "POST" else TakeUpForm()
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("office:draft", _take_up(request, form).result.pk)
        except Invalid as invalid:
            refused = [line for said in invalid.errors.values() for line in said.splitlines()]
    open_drafts = Draft.objects.filter(branch=there.branch, status__in=("draft", "proposed")).select_related(
        "drafted_by"
    )
    context = {
        "form": form, "refused": refused, "drafts": open_drafts, "may": _may(request, "policy.draft"),
        "offered": candidates.offered(there.branch, there.today),
    }  # fmt: skip
    return render(request, "office/adopt.html", context, status=422 if refused or form.errors else 200)


def _take_up(request: HttpRequest, form: TakeUpForm) -> Done:
    there: Any = request
    said = form.cleaned_data
    if said.get("pack"):
        text, cases = candidates.boxed(said["pack"])
        name = said["pack"]
    else:
        text, name = said["file"].read(), said["file"].name
        cases = said["cases"].read().decode("utf-8", "replace") if said.get("cases") else ""
    return services.draft_policy(**acting(request), branch=there.branch, text=text, name=name, cases=cases)


def draft_for(request: HttpRequest, pk: int) -> Draft:
    """The draft, for whoever may draft; a proposed one is shown to all who will live under it."""
    there: Any = request
    if there.branch is None:
        raise Http404
    row = get_object_or_404(Draft.objects.select_related("branch", "drafted_by"), pk=pk, branch=there.branch)
    if row.status in ("draft", "withdrawn") and not _may(request, "policy.draft").allowed:
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
    pack, book = candidates.of_draft(row, there.today)
    house = house or HouseForm(initial=shown_in_form(row.settings))
    form = choices or ChoicesForm(draft=row, pack=pack, book=book, holders=held_on(row.branch, there.today))
    signed = candidates.signatures(row)
    approving = candidates.approval_book(row, there.today)
    asked = {
        "book": approving, "known": actor_of(there.user, row.branch, there.today, reports_to(approving)),
        "grants": candidates.grants(row, there.user, approving, there.today),
        "facts": {
            "policy.approved": "yes", "policy.backdated": "no", "policy.in_force_on": row.in_force_from or "",
            "policy.replaces": candidates.replaced(row),
        },
    }  # fmt: skip
    context = {
        "row": row, "pack": pack, "choices": form, "hearing": hearing or HearingForm(), "house": house,
        "errors": errors or [],
        "clashes": [(one, *candidates.sides(book, one)) for one in candidates.clashes(book, pack)],
        "signed": signed, "signers": candidates.signers(approving), "signer_error": signer_error,
        "may_draft": _may(request, "policy.draft"), "may_hear": _may(request, "policy.hear"),
        "may_propose": _may(request, "policy.propose"), "may_adopt": _may(request, "policy.adopt", **asked),
        "seen": last_seq("policy", row.pk), "open": row.status in ("draft", "proposed"),
        "changes": _changes(row, pack, there.today),
    }  # fmt: skip
    return render(request, "office/draft.html", context, status=422 if errors or signer_error else 200)


def _changes(row: Draft, pack: Any, today: Any) -> Any:
    """Clause by clause against the edition in force; nothing where there is none."""
    before = next((one for one in binding(row.branch, today) if one.slug == row.slug), None)
    return amending.compared(candidates.pack_of(before), pack, get_language() or "zh") if before else None


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
    form = ChoicesForm(request.POST, draft=row, pack=pack, book=book, holders=held_on(row.branch, there.today))
    house = HouseForm(request.POST)
    asked = "days" in request.POST
    if not form.is_valid() or (asked and not house.is_valid()):
        return _page(request, row, [_("Please look at the marked fields.")], form, house=house if asked else None)
    try:
        services.change_draft(
            **acting(request), draft=row, settings=form.settings(), posts=form.posts(),
            in_force_from=form.cleaned_data["in_force_from"], house=house.house() if asked else None,
        )  # fmt: skip
    except Invalid as invalid:
        for key, said in invalid.errors.items():
            form.add_error(key if key in form.fields else None, said)
        return _page(request, row, list(invalid.errors.values()), form, house=house if asked else None)
    messages.success(request, _("Saved. Signatures under the former wording no longer count."))
    return redirect("office:draft", row.pk)


def _sign(request: HttpRequest, row: Draft) -> HttpResponse:
    signer = signer_of(request, "signer")
    if signer is None:
        return _page(request, row, signer_error=_("Name and password do not fit together; nothing was signed."))
    services.sign_policy(**{**acting(request), "actor": signer}, draft=row)
    messages.success(request, _("Signed by %(name)s.") % {"name": signer})
    return redirect("office:draft", row.pk)


def _hear(request: HttpRequest, row: Draft) -> HttpResponse:
    form = HearingForm(request.POST)
    if not form.is_valid():
        return _page(request, row, [_("Please look at the marked fields.")], hearing=form)
    services.record_draft_hearing(**acting(request), draft=row, **form.cleaned_data)
    messages.success(request, _("The hearing is on record."))
    return redirect("office:draft", row.pk)


def _adopt(request: HttpRequest, row: Draft) -> HttpResponse:
    adoption = services.adopt_policy(**acting(request), draft=row).result
    messages.success(request, _("Adopted; in force from %(day)s.") % {"day": adoption.in_force_from})
    return redirect("office:edition", adoption.pk)


def _propose(request: HttpRequest, row: Draft) -> HttpResponse:
    services.propose_policy(**acting(request), draft=row)
    messages.success(request, _("Proposed. It waits for its signatures."))
    return redirect("office:draft", row.pk)


def _withdraw(request: HttpRequest, row: Draft) -> HttpResponse:
    services.withdraw_draft(**acting(request), draft=row)
    messages.success(request, _("Withdrawn."))
    return redirect("office:adopt")


ACTS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "change": _change, "propose": _propose, "sign": _sign, "adopt": _adopt, "hear": _hear, "withdraw": _withdraw,
}  # fmt: skip


def _adoption(request: HttpRequest, pk: int) -> Adoption:
    there: Any = request
    return get_object_or_404(Adoption.objects.select_related("branch", "approved_by"), pk=pk, branch=there.branch)


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
    started = Draft.objects.filter(adoption=row).prefetch_related("sign_offs__person").first()
    return {
        "row": row, "pack": pack, "form": form, "editions": governed(row.branch, pack),
        "house": in_words(row.settings), "settled": {k: v for k, v in row.settings.items() if k not in HOUSE},
        "may_draft": _may(request, "policy.draft"), "may_hear": _may(request, "policy.hear"),
        "read": list(read.values()), "not_read": [one for one in staff if one.pk not in read],
        "mine": there.user.pk in read, "draft": started, "seen": last_seq("adoption", row.pk),
        "signed": candidates.signatures(started) if started else [],
    }  # fmt: skip


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
