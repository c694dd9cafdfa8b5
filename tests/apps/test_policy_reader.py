"""The policy reader: each clause with its rules in words, the cases that prove it and its figures of the month."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import book_for
from kedang.journal.guard import writing
from kedang.journal.models import Refusal
from kedang.office.clause_cases import cases_of
from kedang.office.figures import breaches_under, due, figures, fined, of_days, refused
from kedang.office.services import hear_breach, impose_sanction
from kedang.sanctions.models import Breach
from tests.apps.office_world import POLICIES, make_office, slug_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MOST_QUERIES = 12
OWN = """
pack: own-rules
language: 1
edition: "1"
title: {zh: 自定规则, en: Rules of our own}
clauses:
  - id: "1"
    zh: 档案管理员可导出档案。
    en: The archivist may export files.
    rules: [{permit: {act: file.export, who: [archivist]}}]
"""


@pytest.fixture
def world():
    made = make_office(("91-own-rules.yaml", OWN))
    made.today = timezone.localdate()
    made.first = made.today.replace(day=1)
    made.now = timezone.now()
    return made


@pytest.fixture
def read(client, world):
    """A page of the reader as somebody sees it."""

    def page(name, *args, person=world.li, language="en", **headers):
        client.force_login(person)
        found = client.get(reverse(f"office:{name}", args=args), headers={"Accept-Language": language, **headers})
        return found.content.decode()

    return page


def row_of(page, clause):
    """The row of a clause, without the rest of the page."""
    return re.search(rf'<tr id="c-{re.escape(clause)}">.*?</tr>', page, re.DOTALL)[0]


def imposed(world, row):
    hear_breach(**world.by(world.qian, now=world.now), breach=row, statement="It was late.")
    impose_sanction(**world.by(world.qian, now=world.now), breach=row)


def test_a_clause_says_its_rules_in_the_language_of_the_reader(read):
    assert "a fine of ¥50.00 for each vehicle file is proposed; Customer director decides." in row_of(
        read("policy", "07"), "7.5.1"
    )
    assert "按每车辆用户档案建议罚款¥50.00，由客户总监决定。" in row_of(
        read("policy", "07", language="zh-hans"), "7.5.1"
    )


def test_a_clause_names_the_cases_that_prove_it(read):
    page = row_of(read("policy", "07"), "7.4.1a")
    assert "Delivered on Friday, the file is due on Wednesday" in page


def adopted(world, name):
    """Another policy of the box in force beside it."""
    text = (POLICIES / name).read_text("utf-8")
    with writing():
        Adoption.objects.create(
            branch=world.branch, slug=slug_of(text, name), file_name=name, edition="1", text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(), approved_by=world.qian, in_force_from=date(2020, 1, 1),
        )  # fmt: skip


def test_the_cases_are_named_in_the_language_of_the_reader(world, read):
    adopted(world, "15-pharma-trade-partners.yaml")
    chinese = row_of(read("policy", "15", language="zh-hans"), "15.1.1a")
    assert "首次联系后第七天建档，算按时" in chinese and "seventh day" not in chinese
    english = row_of(read("policy", "15"), "15.1.1a")
    assert "A file made on the seventh day after the first contact is in time" in english and "第七天" not in english


def test_a_clause_with_a_default_says_that_the_policy_does_not_give_it(world, read):
    adopted(world, "15-pharma-trade-partners.yaml")
    page = read("policy", "15")
    assert "holds a default" in row_of(page, "15.1.1b") and "holds a default" not in row_of(page, "15.1.2a")
    assert "holds a default" in read("clause", "15:15.1.1b")


def test_a_text_that_is_not_the_one_in_the_box_has_no_cases(world, read):
    book = book_for(world.branch, world.today)
    shipped, own = book.pack("07"), book.pack("91")
    assert cases_of(shipped)["7.4.1a"]
    assert cases_of(own) == {}
    assert "k-cases" not in read("policy", "91") and "k-cases" in read("policy", "07")


def test_breaches_and_imposed_sums_stand_beside_the_clauses_that_they_fall_under(world, read):
    imposed(world, world.breach(world.li, world.today))
    world.breach(world.zhou, world.today, kind="defect", name="missing")
    found = figures(world.branch, book_for(world.branch, world.today), world.first, world.today)
    assert (found["07:7.5.1"].breaches, found["07:7.5.1"].sum_cny) == (1, Decimal(50))
    assert found["07:7.4.1a"].breaches == 1
    assert (found["07"].breaches, found["07"].sum_cny) == (2, Decimal(50)), "what falls under two clauses counts once"
    page = row_of(read("policy", "07"), "7.5.1")
    assert "¥50.00" in page.rpartition("</ul>")[2] and "?tab=all&amp;clause=07%3A7.5.1" in page


def test_a_fine_for_one_post_does_not_count_the_breaches_of_another(world):
    world.breach(world.li, world.today)
    world.breach(world.zhou, world.today)  # late with a new-car file, which is no duty of a service consultant
    book = book_for(world.branch, world.today)
    found = figures(world.branch, book, world.first, world.today)
    assert (found["07:7.4.1a"].breaches, found["07:7.5.1"].breaches) == (2, 1)


def test_the_number_opens_the_list_of_just_these_breaches(world, client):
    mine, other = world.breach(world.li, world.today), world.breach(world.zhou, world.today, name="07:7.4.2a")
    book = book_for(world.branch, world.today)
    wanted = breaches_under(world.branch, book, "07:7.5.1", world.first, world.today)
    assert list(Breach.objects.filter(wanted)) == [mine]
    client.force_login(world.qian)
    page = client.get(reverse("office:breaches"), {"tab": "all", "clause": "07:7.5.1"}).content.decode()
    assert f"/breaches/{mine.pk}/" in page and f"/breaches/{other.pk}/" not in page
    none = client.get(reverse("office:breaches"), {"tab": "all", "clause": "07:9.9"}).content.decode()
    assert f"/breaches/{mine.pk}/" not in none


def test_refusals_are_counted_under_each_clause_that_refused(world, read):
    with writing():
        Refusal.objects.create(
            act="file.open", subject_kind="file", subject_id="", branch_id=world.branch.pk, actor_id=world.li.pk,
            clauses="07:7.2.3a 91:1", recorded_at=world.now,
        )  # fmt: skip
    found = figures(world.branch, book_for(world.branch, world.today), world.first, world.today)
    assert (found["07:7.2.3a"].refused, found["91:1"].refused) == (1, 1)


def test_the_card_of_a_clause_says_the_same(world, read):
    imposed(world, world.breach(world.li, world.today))
    for headers in ({}, {"HX-Request": "true"}):
        card = read("clause", "07:7.5.1", **headers)
        assert "a fine of ¥50.00 for each vehicle file is proposed" in card
        assert "costs" in card and "¥50.00" in card.partition("This month")[2]
        assert ("k-drawer" in card) == bool(headers)


def test_the_page_takes_few_queries_however_much_there_is(world, client):
    for person in (world.li, world.wang, world.zhou):
        for _ in range(3):
            world.breach(person, world.today)
    client.force_login(world.li)
    client.get(reverse("office:policy", args=["07"]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("office:policy", args=["07"]))
    assert len(queries) <= MOST_QUERIES


@pytest.mark.skipif(connection.vendor != "sqlite", reason="The plan is read in SQLite's words.")
def test_the_figures_of_a_month_are_found_along_an_index_whatever_lies_behind(world):
    """Otherwise every breach and every refusal since the founding is read to find those of this month."""
    days = (world.branch, world.first, world.today)
    for rows, index, rest in (
        (due(*days), "COVERING INDEX duty_by_day", ""),
        (due(*days, "07:7.4.1a"), "COVERING INDEX duty_by_clause", ""),
        (refused(*days), "INDEX refusal_by_moment", ""),
        (fined(*days), "INDEX sanction_by_day", "INTEGER PRIMARY KEY"),
        (Breach.objects.filter(of_days(*days)).values("kind", "name", "person"), "COVERING INDEX breach_by_day", ""),
    ):
        plan = rows.order_by().explain()
        assert index in plan and rest in plan, plan
        assert "SCAN" not in plan, plan


def test_a_refusal_counts_on_its_day_here_and_not_on_that_of_greenwich(world):
    begins = timezone.make_aware(datetime.combine(world.first, time.min))
    for moment in (begins - timedelta(seconds=1), begins, begins + timedelta(hours=1)):
        with writing():
            Refusal.objects.create(
                act="file.open", subject_kind="file", subject_id="", branch_id=world.branch.pk, actor_id=world.li.pk,
                clauses="07:7.2.3a", recorded_at=moment, hash=b"",
            )  # fmt: skip
    assert [number for _clauses, _what, number in refused(world.branch, world.first, world.first)] == [2]
    before = world.first - timedelta(days=1)
    assert [number for _clauses, _what, number in refused(world.branch, before, before)] == [1]
