"""The posts that a branch knows: those of the policies in force and of wordings on their way, for people to hold."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import get_language

from kedang.acts.command import Ctx
from kedang.adoptions.models import Draft
from kedang.adoptions.queries import book_for, coming, pack_of
from kedang.lib.memory import remembered
from kedang.office.candidates import read_pack
from kedang.rulebook import Book, Pack
from kedang.rulebook.pack import Post
from kedang.staff.models import Branch, Person, PostHolding


def known_packs(branch: Branch, on: date) -> list[Pack]:
    """The policies in force, those adopted for a later day, and the wordings on their way."""
    drafts = Draft.objects.filter(branch=branch, status__in=("draft", "proposed"))
    under_way = remembered(
        ("wordings", branch.pk), lambda: [read_pack(one.text, one.file_name) for one in drafts.order_by("pk")]
    )
    return [*book_for(branch, on).packs, *(pack_of(one) for one in coming(branch, on)), *under_way]


def known_posts(branch: Branch, on: date) -> dict[str, Post]:
    """Each post by key; a policy's own word for it goes before that of the common rules."""
    found: dict[str, Post] = {}
    for pack in sorted(known_packs(branch, on), key=lambda one: one.rank != "policy"):
        for key, post in pack.posts.items():
            found.setdefault(key, post)
    return found


def post_choices(branch: Branch, on: date) -> list[tuple[str, str]]:
    """The posts for a form, in the reader's language."""
    language = get_language() or "zh"
    return [(key, post.text.get(language)) for key, post in known_posts(branch, on).items()]


def ask_combined(
    ctx: Ctx, person: Person | None, post: str, on: date, *, book: Book | None = None, alone: bool = False
) -> None:
    """May these posts be held together?  All branches count: the three officers exclude each other everywhere.

    ``book`` is the one that knows the post, where that is not yet in force; ``alone`` says that nobody but this person
    has agreed to it.
    """
    held = {post}
    if person is not None:
        later = Q(until=None) | Q(until__gte=on)
        held |= set(PostHolding.objects.filter(later, person=person).values_list("post", flat=True))
    posts = (book or book_for(ctx.branch, ctx.today)).posts_with(held)
    himself = {str(person.pk)} if person is not None and alone else set()
    ctx.gate("person.combine", facts={"person.posts": tuple(sorted(posts))}, parties={"person.self": himself})
