"""The screen of staff and posts: who holds which post, since when."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kedang.adoptions.queries import book_for
from kedang.staff.models import PostHolding, Unit


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
    names: dict[str, str] = {}
    general: dict[str, str] = {}
    for pack in book_for(there.branch, there.today).packs:
        words = {key: post.text.get(get_language() or "zh") for key, post in pack.posts.items()}
        (names if pack.rank == "policy" else general).update(words)
    posts = [
        {"name": names.get(key) or general.get(key, key), "rows": held.get(key, [])}
        for key in dict.fromkeys([*names, *held])
    ]
    units = Unit.objects.filter(branch=there.branch).select_related("head")
    return render(request, "office/staff.html", {"posts": posts, "units": units})
