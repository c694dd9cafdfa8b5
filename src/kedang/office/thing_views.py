"""What a policy declares, by forms: posts, kinds of file and record, fields, lines of a checklist, without YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Draft
from kedang.journal.queries import last_seq
from kedang.office import candidates, things, together
from kedang.office.adoption_views import draft_for
from kedang.office.clause_text import Plain, Where
from kedang.office.places import drop_in, tree_of, value_at
from kedang.office.reading import acting
from kedang.office.rule_forms import Errors, RuleTyped
from kedang.office.rule_widgets import Widgets
from kedang.office.thing_offers import ThingOffers
from kedang.office.thing_shapes import KEY, Sort, sorts
from kedang.rulebook.declared_words import SORT_HINTS, SORT_WORDS


@dataclass
class Page:
    """One thing on its way: where it stands, and what its form holds."""

    draft: Draft
    tree: dict[str, Plain]
    spot: things.Spot
    offers: ThingOffers
    typed: list[RuleTyped]
    errors: Errors = field(default_factory=dict)
    asked: str = ""


def _open(request: HttpRequest, pk: int) -> Draft:
    row = draft_for(request, pk)
    if row.status not in together.OPEN:
        raise Http404
    return row


def _page(request: HttpRequest, pk: int, address: str, *, new: bool) -> Page:
    row = _open(request, pk)
    tree = tree_of(row.text)
    spot = things.spot_at(tree, address)
    if spot is None or bool(spot.key) == new:
        raise Http404
    offers = ThingOffers(candidates.read_pack(row.text, row.file_name), get_language() or "zh", spot.path)
    return Page(row, tree, spot, offers, things.of_thing(spot, offers))


@login_required
@require_GET
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the policy declares before its clauses, sort by sort, each with its form."""
    row = _open(request, pk)
    tree = tree_of(row.text)
    offers = ThingOffers(candidates.read_pack(row.text, row.file_name), get_language() or "zh")
    idle = frozenset(tree.get("posts") or ()) - things.spoken_of(tree)
    context = {
        "row": row, "title": offers.pack.title, "idle": idle,
        "sorts": [_sort(tree, (name,), sort, offers) for name, sort in sorts().items()],
    }  # fmt: skip
    return render(request, "office/declared.html", context)


def _sort(tree: Plain, path: tuple[str | int, ...], sort: Sort, offers: ThingOffers) -> dict[str, Any]:
    """A sort for a page: its words and its things, each with what is said of it."""
    address = "/".join(map(str, path))
    rows = []
    for key, step in things.items(sort, value_at(tree, path)):
        value = value_at(tree, (*path, step))
        said = {"key": key, "name": things.name_of(sort.name, key, value, offers), "address": f"{address}/{key}"}
        rows.append({**said, "said": things.said_of(sort, value, offers)})
    hint = SORT_HINTS.get(sort.name)
    return {
        "name": sort.name, "label": offers.word(SORT_WORDS, sort.name), "address": address, "rows": rows,
        "says": any(one["said"] for one in rows),
        "hint": offers.namer.say(*hint) if hint and len(path) == 1 else "",
    }  # fmt: skip


@login_required
def new_thing(request: HttpRequest, pk: int, address: str) -> HttpResponse:
    """The form of a thing that is to be added under a sort, like ``posts`` or ``files/vehicle/fields``."""
    return _form(request, _page(request, pk, address, new=True))


@login_required
def thing(request: HttpRequest, pk: int, address: str) -> HttpResponse:
    """The form of a thing that the policy declares."""
    return _form(request, _page(request, pk, address, new=False))


def _form(request: HttpRequest, page: Page) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, page)
    page.typed = things.of_post(request.POST, page.spot)
    do, _dot, name = request.POST.get("do", "save").partition(".")
    if do == "row":
        page.asked = name
        return _shown(request, page)
    page.errors = things.own_faults(page.spot, page.typed, page.tree, page.offers)
    if page.errors:
        return _shown(request, page)
    text, path = things.saved(page.draft.text, page.spot, page.typed)
    page.errors = things.faults(text, page.draft.file_name, path, page.typed, page.offers, page.spot)
    if page.errors:
        return _shown(request, page)
    return _kept(request, page, text) or _shown(request, page)


def _kept(request: HttpRequest, page: Page, text: str) -> HttpResponse | None:
    """The answer after the command, or nothing when it says what is wrong."""
    try:
        together.change_all(page.draft, acting(request), text=text)
    except Invalid as invalid:
        page.errors = {Where(): [line for said in invalid.errors.values() for line in said.splitlines()]}
        return None
    messages.success(request, _("Saved, and its cases have run."))
    return _back(page, page.typed[0].values.get(KEY, ""))


def _back(page: Page, made: str) -> HttpResponse:
    """To what stands around the thing; of a new thing that has things within it, to itself."""
    spot = page.spot
    steps = spot.address.split("/")[: -2 if spot.key else -1]
    if not spot.key and spot.sort.inner:
        steps = [*spot.address.split("/"), made]
    pk = page.draft.pk
    return redirect("office:thing", pk, "/".join(steps)) if steps else redirect("office:declared", pk)


@login_required
@require_POST
def remove_thing(request: HttpRequest, pk: int, address: str) -> HttpResponse:
    """Take a thing out.  Where something still speaks of it, it stays, and the page says which clauses do."""
    page = _page(request, pk, address, new=False)
    text = drop_in(page.draft.text, page.spot.path)
    naming = things.still_naming(text, page.draft.file_name, page.spot, page.offers)
    if naming:
        name = things.label_of(page.tree, page.spot.path, page.offers)
        said = _("%(name)s is still spoken of and stays. Change these first: %(all)s.")
        page.errors = {Where(): [said % {"name": name, "all": _(", ").join(naming)}]}
        return _shown(request, page)
    return _kept(request, page, text) or _shown(request, page)


def _shown(request: HttpRequest, page: Page) -> HttpResponse:
    spot, offers = page.spot, page.offers
    fixed = frozenset({f"0.{KEY}"} if spot.key else ())
    widgets = Widgets(offers, page.errors, page.asked, request.POST.getlist("open"), fixed)
    context = {
        "row": page.draft, "title": offers.pack.title, "spot": spot, "lists": widgets.lists(),
        "rules": widgets.parts(page.typed), "sort": offers.word(SORT_WORDS, spot.sort.name),
        "name": things.name_of(spot.sort.name, spot.key, spot.value, offers) if spot.key else "",
        "outer": list(_outer(page)), "errors": page.errors.get(Where(), []), "wrong": bool(page.errors),
        "inner": [_sort(page.tree, (*spot.path, name), sort, offers) for name, sort in spot.sort.inner.items()]
        if spot.key else [],
        "seen": last_seq("policy", page.draft.pk),
    }  # fmt: skip
    return render(request, "office/declared_form.html", context, status=422 if page.errors else 200)


def _outer(page: Page) -> Any:
    """The things in which this one stands, outermost first."""
    steps = page.spot.address.split("/")
    for end in range(2, len(steps) - (1 if page.spot.key else 0), 2):
        address = "/".join(steps[:end])
        found = things.spot_at(page.tree, address)
        if found:
            yield {"address": address, "name": things.name_of(found.sort.name, found.key, found.value, page.offers)}
