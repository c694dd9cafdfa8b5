"""What every page knows: menu with counts, branch, theme and language."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from kedang.acts.gate import advise
from kedang.lib.folding import Figure
from kedang.lib.prepared import Given, prepared
from kedang.staff.models import Branch
from kedang.web import menu

COUNTED = ("duties", "approvals", "sanctions", "custody", "loans")
HIDING = ("certificates",)
THEMES = ("auto", "light", "dark")


@cache
def _offers() -> tuple[Any, ...]:
    """The reads of the layers that number lines of the menu: ``menu_counts``, and ``menu_shape`` if it has one."""
    names = [f"kedang.{layer}.queries" for layer in COUNTED if layer in settings.INSTALLED_LAYERS]
    found = [import_module(name) for name in names if find_spec(name)]
    return tuple(one for one in found if hasattr(one, "menu_counts"))


Shapes = tuple[tuple[Hashable, ...], ...]


def _figures(shapes: Shapes, person: Any, branch: Any, today: Any) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for offer, shape in zip(_offers(), shapes, strict=True):
        found |= offer.menu_counts(person, branch, today, *shape)
    return found


def _ask_figures(shapes: Shapes, *, person: Any, branch: Any, today: Any) -> QuerySet[Any]:
    figures = _figures(shapes, person, branch, today)
    here = Branch.objects.filter(pk=branch).order_by()
    return here.values_list(*(figure.ask for figure in figures.values()))


@lru_cache(maxsize=256)
def _readers(shapes: Shapes) -> dict[str, Callable[..., int]]:
    given = (Given("person", int), Given("branch", int), Given("today", date))
    return {address: figure.read for address, figure in _figures(shapes, *given).items()}


def _counts(request: HttpRequest) -> dict[str, int]:
    """The numbers beside the menu's lines, from the layers that offer them; one read for all."""
    there: Any = request
    who = (there.user, there.branch, there.today)
    shapes = tuple(one.menu_shape(*who) if hasattr(one, "menu_shape") else () for one in _offers())
    readers = _readers(shapes)
    if not readers:
        return {}
    [values] = prepared(_ask_figures, shapes, person=there.user, branch=there.branch, today=there.today)
    return {address: read(value, *who) for (address, read), value in zip(readers.items(), values, strict=True)}


def _refused(request: HttpRequest) -> set[str]:
    """The addresses whose page the policy would refuse whole to this person: the menu does not offer them.

    Whoever types such an address still reads why not, and the attempt is kept.
    """
    answer = advise("journal.read", actor=request.user, branch=request.branch, today=request.today)  # type: ignore[attr-defined, arg-type]
    return set() if answer.allowed else {"web:journal"}


def _hidden(request: HttpRequest) -> set[str]:
    """The menu's lines that lead this person nowhere, as the layers say of their own."""
    found = _refused(request)
    for layer in HIDING:
        if layer in settings.INSTALLED_LAYERS:
            offer = import_module(f"kedang.{layer}.queries").menu_hidden
            found |= offer(request.user, request.branch, request.today)  # type: ignore[attr-defined]
    return found


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame.  Somebody who is not logged in gets no menu."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "languages": settings.LANGUAGES}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "branch", None) is None:
        return context
    counts = _counts(request)
    context["counts"] = {address.replace(":", "_"): n for address, n in counts.items()}
    context["menu"] = menu.groups(request.path, counts, _hidden(request))
    context["quick"] = menu.entries(menu.QUICK, "", {})
    context["bottom"] = menu.entries(menu.BOTTOM, request.path, counts)
    context["search_url"] = menu.address_of("files:search")
    return context
