"""Lists and searches that walk along an index give what a plain filter gives, page by page, forwards and backwards."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from kedang.customers.tokens import query_groups
from kedang.files import listing
from kedang.files.models import File, FileRole, SearchToken, Volume
from kedang.files.queries import with_tokens
from kedang.files.viewing import Viewer
from kedang.journal.guard import writing
from tests.apps.files_world import make_world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
FILES = 23
QUERIES = ("秦", "秦琼", "秦叔宝", "琼", "qq", "1234", "nobody")
TABS = ("", "mine", "incomplete", "held")


@pytest.fixture
def house() -> SimpleNamespace:
    """Files of one kind that bear some of the tokens asked for; some have two roles and two volumes of one person."""
    world = make_world()
    viewer = Viewer(world.li, world.branch, date(2026, 3, 30))
    with writing():
        for no in range(FILES):
            file = File.objects.create(
                branch=world.branch, kind="vehicle", number=f"X-{no}", complete=no % 3 == 0,
                opened_on=world.today, subject_token=no + 1,
            )  # fmt: skip
            who = world.li if no % 3 else world.wang
            for role in ("consultant", "manager")[: 1 + no % 4 // 3]:
                FileRole.objects.create(file=file, role=role, person=who, since=world.today)
            for volume in range(1, 2 + no % 3):
                Volume.objects.create(file=file, no=volume, holder=world.li if no % 5 else world.wang, status="held")
            for at, query in enumerate(QUERIES[:-1]):
                tokens = {token for group in query_groups(query) for token in group} if (no + at) % 2 else set()
                rows = [SearchToken(file=file, token=one) for one in tokens]
                SearchToken.objects.bulk_create(rows, ignore_conflicts=True)
    return SimpleNamespace(viewer=viewer, me=world.li)


def plainly(house: SimpleNamespace, tab: str, query: str) -> list[int]:
    """The keys that a filter without any walk gives, newest first."""
    rows = File.objects.filter(house.viewer.finds)
    if tab == "mine":
        mine = {*FileRole.objects.filter(person=house.me).values_list("file_id", flat=True)}
        rows = rows.filter(pk__in=mine | {*Volume.objects.filter(holder=house.me).values_list("file_id", flat=True)})
    elif tab == "incomplete":
        rows = rows.filter(complete=False)
    elif tab == "held":
        rows = rows.filter(pk__in={*Volume.objects.filter(status="held").values_list("file_id", flat=True)})
    return [one.pk for one in with_tokens(rows, query_groups(query)).order_by("-pk")]


def walked(asked: listing.Asked, size: int) -> tuple[list[int], list[int], set[int]]:
    """The keys of all pages forwards, of all pages backwards, and the counts that the pages tell."""
    page = listing.page_of(asked, size=size)
    there, counts = [one.pk for one in page.rows], {page.count}
    while page.has_next:
        page = listing.page_of(asked, after=str(page.next_key), size=size)
        there += [one.pk for one in page.rows]
        counts.add(page.count)
    back = [one.pk for one in page.rows]
    while page.has_previous:
        page = listing.page_of(asked, before=str(page.previous_key), size=size)
        back = [one.pk for one in page.rows] + back
    return there, back, counts


@pytest.mark.parametrize("size", [3, 20])
@pytest.mark.parametrize("tab", TABS)
def test_a_tab_is_walked_page_by_page(house, tab, size):
    wanted = plainly(house, tab, "")
    asked = listing.listed(house.viewer, {"tab": tab})
    assert wanted
    assert walked(asked, size) == (wanted, wanted, {len(wanted)})


@pytest.mark.parametrize("size", [3, 20])
@pytest.mark.parametrize("query", QUERIES)
def test_a_search_is_walked_page_by_page(house, query, size):
    wanted = plainly(house, "", query)
    asked = listing.sought(house.viewer, query)
    assert asked is not None
    assert bool(wanted) == (query != "nobody")
    assert walked(asked, size) == (wanted, wanted, {len(wanted)})
    assert listing.only_one(asked) is None


def test_who_finds_nothing_walks_nowhere(house):
    asked = listing.sought(house.viewer, "秦")
    assert asked is not None
    none = listing.Asked((("any", ()), *asked.shape[1:]), asked.values)
    assert walked(none, 3) == ([], [], {0})


@pytest.mark.parametrize("query", ["秦", "秦叔宝"])
def test_who_finds_only_their_own_files_walks_and_counts_no_others(house, query):
    own = ("any", (("is", "file.consultant"),))
    asked = listing.sought(house.viewer, query)
    assert asked is not None
    mine = {*FileRole.objects.filter(person=house.me, role="consultant").values_list("file_id", flat=True)}
    wanted = [pk for pk in plainly(house, "", query) if pk in mine]
    assert 0 < len(wanted) < len(plainly(house, "", query))
    there, back, counts = walked(listing.Asked((own, *asked.shape[1:]), asked.values), 3)
    assert (there, back, counts) == (wanted, wanted, {len(wanted)})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The plan is read in SQLite's words.")
@pytest.mark.parametrize("tab, query", [("", "秦"), ("", "秦叔宝"), ("mine", ""), ("held", "")])
def test_a_walk_sorts_nothing(house, tab, query):
    """Otherwise all who bear a name are read before the first page is shown."""
    asked = listing.sought(house.viewer, query) if query else listing.listed(house.viewer, {"tab": tab})
    assert asked is not None
    plan = listing._rows(*asked.shape, most=3, **{**asked.values, "branch": house.viewer.branch.pk}).explain()
    assert "SEARCH" in plan
    assert "ORDER BY" not in plan
    assert "DISTINCT" not in plan
