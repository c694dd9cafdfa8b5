"""What every page knows: menu with counts, branch, theme and language."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kedang.web import menu

COUNTED = ("duties", "approvals", "sanctions", "custody", "loans")
THEMES = ("auto", "light", "dark")


def _counts(request: HttpRequest) -> dict[str, int]:
    """The numbers beside the menu's lines, from the layers that offer them."""
    counts: dict[str, int] = {}
    for layer in COUNTED:
        name = f"kedang.{layer}.queries"
        if layer in settings.INSTALLED_LAYERS and find_spec(name):
            offer = getattr(import_module(name), "menu_counts", None)
            if offer:
                counts.update(offer(request.user, request.branch, request.today))  # type: ignore[attr-defined]
    return counts


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame.  Somebody who is not logged in gets no menu."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "languages": settings.LANGUAGES}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "branch", None) is None:
        return context
    counts = _counts(request)
    context["menu"] = menu.groups(request.path, counts)
    context["quick"] = menu.entries(menu.QUICK, "", {})
    context["bottom"] = menu.entries(menu.BOTTOM, request.path, counts)
    context["search_url"] = menu.address_of("files:search")
    return context
