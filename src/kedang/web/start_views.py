"""The screens of the first start: two forms, and a page with everybody's log-in.  404 once a house is there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kedang.acts.answers import Invalid
from kedang.office import candidates
from kedang.office.failing import clashing
from kedang.office.founding import AlreadyFounded, Employee, adopt, employ, found_branch, lay_units
from kedang.office.staff_views import one_time_password
from kedang.rulebook import Book, Pack
from kedang.staff.models import Branch, Person
from kedang.web import starting
from kedang.web.start_forms import HouseForm, PeopleForm
from kedang.web.views import enter

CHOSEN = "start"


def _box() -> list[Pack]:
    return [candidates.read_pack(path.read_text("utf-8"), path.name) for path in candidates.box()]


def _only_when_empty() -> None:
    if not starting.is_empty():
        raise Http404


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """The code of the terminal, the organization and its policies."""
    _only_when_empty()
    packs = _box()
    form = HouseForm([one for one in packs if one.rank == "policy"], request.POST or None)
    clashes: list[Any] = []
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in packs if one.rank != "policy" or one.name in form.cleaned_data["packs"]]
        clashes = _clashes(chosen)
        if not clashes:
            request.session[CHOSEN] = {**form.cleaned_data, "packs": [one.name for one in chosen]}
            return redirect("web:start-people")
    context = {"form": form, "clashes": clashes}
    return render(request, "web/start.html", context, status=422 if form.errors or clashes else 200)


def _clashes(packs: list[Pack]) -> list[tuple[str, Any, Any]]:
    book = Book(packs, tolerate_clashes=True)
    return [(clashing(one, book, book.pack(one.first.pack)), *candidates.sides(book, one)) for one in book.clashes]


@login_not_required
def people(request: HttpRequest) -> HttpResponse:
    """The first people in their posts, the open defaults, the hearing; then the house stands."""
    _only_when_empty()
    chosen = request.session.get(CHOSEN)
    if not chosen or not starting.fits(chosen["code"]):
        return redirect("web:start")
    packs = [one for one in _box() if one.name in chosen["packs"]]
    form = PeopleForm(packs, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _founded(request, chosen, packs, form)
        except Invalid as invalid:
            _mark(form, invalid)
        except AlreadyFounded:
            raise Http404 from None
    context = {
        "form": form, "approvers": [form.posts[one] for one in form.approvers() if one in form.posts],
        "defaults": _defaults(form, packs), "name": chosen["name_zh"],
    }  # fmt: skip
    return render(request, "web/start_people.html", context, status=422 if form.errors else 200)


def _mark(form: PeopleForm, invalid: Invalid) -> None:
    for key, said in invalid.errors.items():
        form.add_error(key if key in form.fields else None, said)


def _defaults(form: PeopleForm, packs: list[Pack]) -> list[dict[str, Any]]:
    return [
        {"pack": pack, "key": key, "bounds": one.may_be, "field": form[f"default_{pack.slug}_{key}"]}
        for pack in packs
        for key, one in pack.defaults.items()
    ]


def _founded(request: HttpRequest, chosen: dict[str, Any], packs: list[Pack], form: PeopleForm) -> HttpResponse:
    there: Any = request
    when = {"now": there.now, "on": there.today}
    settings = _settled(form, packs)
    staff = form.people()
    passwords = {one.username: one_time_password() for one in staff[1:]}
    passwords[staff[0].username] = form.cleaned_data["password"]
    with transaction.atomic():
        branch = found_branch(chosen["branch"], chosen["name_zh"], chosen["name_en"], **when)
        found = employ(branch, _employees(staff, form, passwords), **when)
        lay_units(branch, _units(packs, staff, found), **when)
        approver = next(one for one in staff if set(one.posts) & set(form.steps()[-1]))
        paths = [path for path in candidates.box() if path.name in chosen["packs"]]
        adopt(
            branch, paths, found[approver.username], hearing=form.cleaned_data["hearing"].strip(),
            heard_on=form.cleaned_data["heard_on"], settings=settings, **when,
        )  # fmt: skip
    starting.used()
    del request.session[CHOSEN]
    enter(request, found[staff[0].username])
    there.branch = branch
    return render(request, "web/started.html", _told(branch, staff, form, passwords))


def _settled(form: PeopleForm, packs: list[Pack]) -> dict[str, dict[str, str | int]]:
    found: dict[str, dict[str, str | int]] = {}
    errors: dict[str, str] = {}
    for pack in packs:
        try:
            found[pack.slug] = form.settled(pack)
        except Invalid as invalid:
            errors |= {f"default_{pack.slug}_{key[8:]}": said for key, said in invalid.errors.items()}
    if errors:
        raise Invalid(errors)
    return found


def _employees(staff: list[Any], form: PeopleForm, passwords: dict[str, str]) -> list[Employee]:
    return [
        Employee(
            one.username, one.name, "", one.posts, units={post: form.posts[post].unit for post in one.posts},
            is_admin=number == 0, password=passwords[one.username], must_change=number > 0,
        )
        for number, one in enumerate(staff)
    ]  # fmt: skip


def _units(packs: list[Pack], staff: list[Any], found: dict[str, Person]) -> dict[str, tuple[str, str, Person | None]]:
    """The departments of the policies, each headed by whoever holds the post that leads it."""
    holder = {post: found[one.username] for one in staff for post in one.posts}
    return {
        key: (unit.text.get("zh"), unit.text.get("en"), holder.get(unit.head))
        for pack in packs
        for key, unit in pack.units.items()
    }


def _told(branch: Branch, staff: list[Any], form: PeopleForm, passwords: dict[str, str]) -> dict[str, Any]:
    rows = [
        {
            "person": one, "posts": [form.posts[post].text for post in one.posts],
            "password": passwords[one.username] if number else _("the one that you chose"),
        }
        for number, one in enumerate(staff)
    ]  # fmt: skip
    return {"branch": branch, "rows": rows}
