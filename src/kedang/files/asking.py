"""What a request gives to a command, and what the rules say before the click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from kedang.acts.gate import advise
from kedang.files.viewing import Viewer
from kedang.lib.whole import whole


def acting(request: HttpRequest) -> dict[str, Any]:
    """Actor, moment, token and what the person was looking at, for a command."""
    there: Any = request
    seen = request.POST.get("seen", "")
    token = request.POST.get("token", "") or there.token
    return {"actor": there.user, "now": there.now, "token": token, "seen": whole(seen)}


def advice(viewer: Viewer, act: str, **things: Any) -> Any:
    """What the rules say before the click."""
    return advice_given(viewer, act, things)


def advice_given(
    viewer: Viewer, act: str, things: Mapping[str, Any], purpose: str = "", facts: Mapping[str, Any] | None = None
) -> Any:  # fmt: skip
    """The same, with what the act's form will bring taken for given."""
    return advise(
        act, actor=viewer.person, branch=viewer.branch, today=viewer.today, things=things, book=viewer.book,
        known=viewer.actor, purpose=purpose, facts=facts,
    )  # fmt: skip
