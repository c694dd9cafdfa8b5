"""What every page knows: menu with counts, branch, theme and language."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kedang.lib.folding import Figure
from kedang.staff.models import Branch
from kedang.web import menu

COUNTED = ("duties", "approvals", "sanctions", "custody", "loans")
THEMES = ("auto", "light", "dark")


def _counts(request: HttpRequest) -> dict[str, int]:
    """The numbers beside the menu's lines, from the layers that offer them; one read for all."""
    asked: dict[str, Figure] = {}
    for layer in COUNTED:
        name = f"kedang.{layer}.queries"
        if layer in settings.INSTALLED_LAYERS and find_spec(name):
            offer = getattr(import_module(name), "menu_counts", None)
            asked |= offer(request.user, request.branch, request.today) if offer else {}  # type: ignore[attr-defined]
    here = Branch.objects.filter(pk=request.branch.pk).order_by()  # type: ignore[attr-defined]
    values = here.values_list(*(figure.ask for figure in asked.values())).get() if asked else ()
    return {address: figure.read(value) for (address, figure), value in zip(asked.items(), values, strict=True)}


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame.  Somebody who is not logged in gets no menu."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "languages": settings.LANGUAGES}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "branch", None) is None:
        return context
    counts = _counts(request)
    context["counts"] = {address.replace(":", "_"): n for address, n in counts.items()}
    context["menu"] = menu.groups(request.path, counts)
    context["quick"] = menu.entries(menu.QUICK, "", {})
    context["bottom"] = menu.entries(menu.BOTTOM, request.path, counts)
    context["search_url"] = menu.address_of("files:search")
    return context
