"""The posts that a branch knows: those of the policies in force and of wordings on their way, for people to hold."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

from kedang.adoptions.models import Draft
from kedang.adoptions.queries import book_for
from kedang.office.candidates import read_pack
from kedang.rulebook.pack import Post
from kedang.staff.models import Branch


def known_posts(branch: Branch, on: date) -> dict[str, Post]:
    """Each post by key; a policy's own word for it goes before that of the common rules."""
    packs = list(book_for(branch, on).packs)
    packs += [
        read_pack(one.text, one.file_name)
        for one in Draft.objects.filter(branch=branch, status__in=("draft", "proposed"))
    ]
    found: dict[str, Post] = {}
    for pack in sorted(packs, key=lambda one: one.rank != "policy"):
        for key, post in pack.posts.items():
            found.setdefault(key, post)
    return found


def post_choices(branch: Branch, on: date) -> list[tuple[str, str]]:
    """The posts for a form, in the reader's language."""
    language = get_language() or "zh"
    return [(key, post.text.get(language)) for key, post in known_posts(branch, on).items()]
