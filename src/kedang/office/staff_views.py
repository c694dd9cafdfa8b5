"""The screens of staff: posts and who holds them, a person, somebody new, branches and departments."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts import facts
from kedang.acts.answers import Invalid
from kedang.acts.gate import advise
from kedang.adoptions.queries import book_for
from kedang.duties import queries as duties
from kedang.journal.models import Event
from kedang.lib.whole import whole
from kedang.office import appointing
from kedang.office import staff_services as services
from kedang.office.appointment_views import (
    confirm,
    confirm_password,
    decline,
    decline_password,
    held_reset,
    may_confirm,
    said_of,
    unconfirmed,
)
from kedang.office.models import HeldReset
from kedang.office.posts import post_choices
from kedang.office.reading import acting
from kedang.office.staff_forms import AssignForm, BranchForm, DayForm, EmployForm
from kedang.office.waiting import of_person
from kedang.staff.models import Appointment, Branch, Person, PostHolding, Unit

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MOST_EVENTS = 50
STILL_THEIRS = (  # what whoever leaves may still have; apps above answer, here only the words are known
    ("person.held_volumes", gettext_lazy("volumes in their hands")),
    ("person.held_files", gettext_lazy("files in their care")),
    ("person.open_loans", gettext_lazy("loans not brought back")),
    ("person.unsigned_lines", gettext_lazy("handovers not signed")),
)
NO_POST_YET = {"person.post": "", **services.GIVES_NO_POST}  # before anybody says which post is given


def one_time_password() -> str:
    """Twelve characters that are read aloud without doubt, in three groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _sign in range(4)) for _group in range(3))


def _may(request: HttpRequest, act: str, **more: Any) -> Any:
    there: Any = request
    return advise(act, actor=there.user, branch=there.branch, today=there.today, **more)


def _may_set(request: HttpRequest, key: str, owner: str = "") -> Any:
    """Advice on one setting, with every fact that the command itself brings: a clause may ask for whose it is."""
    return _may(
        request, "setting.change", facts={"setting.key": key, "setting.owner_unit": owner, "act.confirmed": "yes"}
    )


def _names(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    there: Any = request
    names: dict[str, str] = {}
    general: dict[str, str] = {}
    for pack in book_for(there.branch, there.today).packs:
        words = {key: post.text.get(get_language() or "zh") for key, post in pack.posts.items()}
        (names if pack.rank == "policy" else general).update(words)
    for key, word in post_choices(there.branch, there.today):  # also of what is adopted for a later day
        general.setdefault(key, word)
    return names, general


@login_required
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """Each post that the policies declare, with who holds it today; a post that nobody holds is shown as vacant."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    rows = PostHolding.objects.filter(
        Q(until=None) | Q(until__gte=there.today), branch=there.branch, since__lte=there.today
    ).select_related("person")
    held: dict[str, list[PostHolding]] = {}
    for row in rows:
        held.setdefault(row.post, []).append(row)
    waiting: dict[str, list[Appointment]] = {}
    for given in appointing.waiting_here(there.branch):
        waiting.setdefault(given.post, []).append(given)
    names, general = _names(request)
    posts = [
        {"name": names.get(key) or general.get(key, key), "rows": held.get(key, []), "waiting": waiting.get(key, [])}
        for key in dict.fromkeys([*names, *held, *waiting])
    ]
    units = Unit.objects.filter(branch=there.branch).select_related("head")
    context = {"posts": posts, "units": units, "may_employ": _may(request, "person.employ")}
    if _may(there, "person.assign", facts=NO_POST_YET).allowed:
        context |= {"without": _without(there), "elsewhere": _elsewhere(there)}
    return render(request, "office/staff.html", context)


def _now_or_later(there: Any) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(Q(until=None) | Q(until__gte=there.today))


def _without(there: Any) -> list[Person]:
    """Who works here and holds no post anywhere, for whoever can give one."""
    return list(Person.objects.filter(is_active=True).exclude(pk__in=_now_or_later(there).values("person"))[:100])


def _elsewhere(there: Any) -> list[Person]:
    """Who holds a post in another branch of the viewer's, or below this one, and none here: they can be given one."""
    running = _now_or_later(there)
    near = running.filter(branch__in=_near(there)).values("person")
    here = running.filter(branch=there.branch).values("person")
    return list(Person.objects.filter(is_active=True, pk__in=near).exclude(pk__in=here)[:100])


def _near(there: Any) -> set[int]:
    """The branches in which the viewer works, and those below the shown one."""
    return {one.pk for one in there.own_branches} | appointing.beneath(there.branch)


@login_required
def employ(request: HttpRequest) -> HttpResponse:
    """Somebody new; the one-time password is shown once, on the page that answers."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    choices = post_choices(there.branch, there.today)
    form = EmployForm(choices, request.POST or None, initial={"since": there.today})
    if request.method == "POST" and form.is_valid():
        password = one_time_password()
        try:
            done = services.employ_person(
                **acting(request), branch=there.branch, password=password, **form.cleaned_data
            )
        except Invalid as invalid:
            for key, said in invalid.errors.items():
                form.add_error(key if key in form.fields else None, said)
        else:
            shown = "" if done.repeated else password
            return render(request, "office/password_once.html", {"person": done.result, "password": shown})
    context = {"form": form, "may": _may(request, "person.employ")}
    return render(request, "office/employ.html", context, status=422 if form.errors else 200)


def _person(request: HttpRequest, pk: int) -> Person:
    """A person of one's own branch; else 404.

    For whoever gives posts also one without any now, and one of another branch of theirs or below.  Whoever was given a
    post here that waits is of the branch; one of a branch below is for whoever may confirm it.
    """
    there: Any = request
    if there.branch is None:
        raise Http404
    row = get_object_or_404(Person, pk=pk)
    holdings = PostHolding.objects.filter(person=row)
    if row.pk == there.user.pk or holdings.filter(branch=there.branch).exists():
        return row
    waiting = [one for one in of_person(row, there.branch)[0] if one.status == "waiting"]
    if any(one.branch_id == there.branch.pk or may_confirm(request, one).allowed for one in waiting):
        return row
    running = set(_now_or_later(there).filter(person=row).values_list("branch", flat=True))
    reached = not running or not running.isdisjoint(_near(there))
    if not reached or not _may(request, "person.assign", facts=NO_POST_YET).allowed:
        raise Http404
    return row


def _still_theirs(request: HttpRequest, row: Person) -> list[dict[str, Any]]:
    """What a person who goes would leave behind, with its number; what is none is left out."""
    there: Any = request
    scene = facts.Scene(actor=there.user, branch=there.branch, today=there.today)
    found = facts.gather([name for name, _text in STILL_THEIRS], {"person": row}, {}, scene)
    owed = duties.by_name(row, there.branch).count()
    lines = [(found[name], text) for name, text in STILL_THEIRS] + [(owed, _("duties open here"))]
    return [{"n": number, "text": text} for number, text in lines if isinstance(number, int) and number]


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: posts since when, what happened, and what may be done."""
    return _page(request, _person(request, pk))


def _page(request: HttpRequest, row: Person, form: AssignForm | None = None, errors: Any = ()) -> HttpResponse:
    there: Any = request
    names, general = _names(request)
    holdings = (
        PostHolding.objects.filter(person=row).select_related("branch", "stands_in_for").order_by("-since", "-pk")
    )
    for one in holdings:
        one.word = names.get(one.post) or general.get(one.post, one.post)  # type: ignore[attr-defined]
    chain = Event.objects.filter(subject_kind="person", subject_id=str(row.pk)).select_related("actor").order_by("-seq")
    sees_chain = (
        row.pk == there.user.pk
        or _may(request, "journal.read").allowed
        or _may(request, "person.assign", facts=NO_POST_YET).allowed
    )
    may_leave = _may(request, "person.leave")
    context = {
        "row": row, "holdings": holdings, "unconfirmed": unconfirmed(request, row),
        "chain": chain[:MOST_EVENTS] if sees_chain else [], "errors": errors,
        "form": form or AssignForm(post_choices(there.branch, there.today), initial={"since": there.today}),
        "day": DayForm(initial={"day": there.today}), "may_assign": _may(request, "person.assign", facts=NO_POST_YET),
        "may_give": _may(
            request, "person.assign", facts=NO_POST_YET, parties={"person.self": {str(row.pk)}}
        ),
        "may_leave": may_leave,
        "still_theirs": _still_theirs(request, row) if row.is_active and row.left_on and may_leave.allowed else None,
        "may_release": _may(request, "person.release", things={"person": row}),
        "may_reset": _may(request, "login.reset"), "held_reset": held_reset(request, row),
    }  # fmt: skip
    return render(request, "office/person.html", context, status=422 if errors or (form and form.errors) else 200)


@login_required
@require_POST
def person_act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What a button of the person's page does."""
    row = _person(request, pk)
    do = ACTS.get(what)
    if do is None:
        raise Http404
    try:
        return do(request, row)
    except Invalid as invalid:
        return _page(request, row, errors=list(invalid.errors.values()))


def _assign(request: HttpRequest, row: Person) -> HttpResponse:
    there: Any = request
    form = AssignForm(post_choices(there.branch, there.today), request.POST)
    if form.is_valid():
        try:
            done = services.assign_post(**acting(request), branch=there.branch, person=row, **form.cleaned_data)
        except Invalid as invalid:
            for key, said in invalid.errors.items():
                form.add_error(key if key in form.fields else None, said)
        else:
            messages.success(request, said_of(done))
            return redirect("office:person", row.pk)
    return _page(request, row, form)


def _day(request: HttpRequest) -> Any:
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Invalid({"day": _("Say the last day as 2026-11-23.")})
    return form.cleaned_data["day"]


def _end(request: HttpRequest, row: Person) -> HttpResponse:
    there: Any = request
    number = request.POST.get("holding", "")
    holding = get_object_or_404(PostHolding, pk=whole(number) or 0, person=row, branch=there.branch)
    services.end_post(**acting(request), branch=there.branch, person=row, holding=holding, until=_day(request))
    messages.success(request, _("The post ends with that day."))
    return redirect("office:person", row.pk)


def _leave(request: HttpRequest, row: Person) -> HttpResponse:
    there: Any = request
    services.leave(**acting(request), branch=there.branch, person=row, last_day=_day(request))
    messages.success(request, _("Recorded; all posts end with that day."))
    return redirect("office:person", row.pk)


def _release(request: HttpRequest, row: Person) -> HttpResponse:
    there: Any = request
    services.release(**acting(request), branch=there.branch, person=row)
    messages.success(request, _("The account is closed."))
    return redirect("office:staff")


def _reset(request: HttpRequest, row: Person) -> HttpResponse:
    there: Any = request
    password = one_time_password()
    done = services.reset_password(**acting(request), branch=there.branch, person=row, password=password)
    shown = "" if done.repeated else password
    context = {"person": row, "password": shown, "waits": isinstance(done.result, HeldReset)}
    return render(request, "office/password_once.html", context)


ACTS: dict[str, Callable[[HttpRequest, Person], HttpResponse]] = {
    "assign": _assign, "end": _end, "leave": _leave, "release": _release, "reset": _reset,
    "confirm": confirm, "decline": decline, "confirm-password": confirm_password, "decline-password": decline_password,
}  # fmt: skip


@login_required
def branches(request: HttpRequest) -> HttpResponse:
    """The branches as a tree, the departments of this one with their heads, and a form for a new branch."""
    there: Any = request
    if there.branch is None:
        raise PermissionDenied
    form, what = BranchForm(), request.POST.get("what", "")
    if request.method == "POST" and what == "head":
        return _head(request)
    if request.method == "POST":
        form = BranchForm(request.POST)
        if form.is_valid():
            try:
                made = services.open_branch(**acting(request), branch=there.branch, **form.cleaned_data).result
            except Invalid as invalid:
                for key, said in invalid.errors.items():
                    form.add_error(key if key in form.fields else None, said)
            else:
                messages.success(request, _("%(name)s is open; law and common rules bind it.") % {"name": made})
                return redirect("office:branches")
    declared = {key: one for pack in book_for(there.branch, there.today).packs for key, one in pack.units.items()}
    rows = {one.key: one for one in Unit.objects.filter(branch=there.branch).select_related("head")}
    units = [
        {
            "key": key, "name": one.text.get(get_language() or "zh"), "row": rows.get(key),
            "may": _may_set(request, f"unit.{key}.head", key),
        }
        for key, one in declared.items()
    ]  # fmt: skip
    people = Person.objects.filter(is_active=True, holdings__branch=there.branch).distinct().order_by("username")
    context = {
        "tree": _tree(), "units": units, "people": people, "form": form,
        "may": _may_set(request, "branch"),
    }  # fmt: skip
    return render(request, "office/branches.html", context, status=422 if form.errors else 200)


def _head(request: HttpRequest) -> HttpResponse:
    there: Any = request
    number = request.POST.get("head", "")
    head = Person.objects.filter(pk=whole(number) or 0).first()
    try:
        services.set_head(
            **acting(request), branch=there.branch, unit=request.POST.get("unit", ""), head=head,
            confirmed=request.POST.get("confirmed") == "on",
        )  # fmt: skip
    except Invalid as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
    else:
        messages.success(request, _("Saved."))
    return redirect("office:branches")


def _tree() -> list[tuple[range, Branch]]:
    """Every branch with a step for each level above it, parents before children."""
    children: dict[int | None, list[Branch]] = {}
    for one in Branch.objects.order_by("code"):
        children.setdefault(one.parent_id, []).append(one)
    found: list[tuple[range, Branch]] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in children.get(parent, []):
            found.append((range(depth), one))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return found
