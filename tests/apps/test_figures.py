"""The figures of the month: shares by department, whose figures who sees, the list behind each number."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kedang.adoptions.models import Adoption
from kedang.custody.models import Handover, HandoverLine
from kedang.duties.models import Duty, DutyPerson
from kedang.files.models import File, Record
from kedang.insight.models import Frozen
from kedang.insight.queries import page_of
from kedang.insight.scoping import ALL, Scope
from kedang.insight.services import freeze_ended
from kedang.journal.guard import writing
from kedang.journal.queries import events_of
from kedang.journal.replay import disagreements
from kedang.staff.models import Person, PostHolding, Unit
from tests.apps.office_world import POLICIES, make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MOST_QUERIES = 13
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)
ON_TIME, COMPLETE = "07:7.5.8a on-time", "07:7.5.8a complete"


@pytest.fixture
def world(settings):
    """Policy 07's office on the last of March, with a general manager and a head of sales."""
    made = make_office()
    settings.CLOCK = lambda: timezone.make_aware(datetime(2026, 3, 31, 10))
    with writing():
        for name, post, unit in (("chen", "general-manager", ""), ("xiao", "sales-consultant", "sales")):
            one = Person.objects.create_user(name, "correct horse battery", name=name.title())
            PostHolding.objects.create(person=one, branch=made.branch, post=post, unit=unit, since=date(2020, 1, 1))
            setattr(made, name, one)
        for key, head in (("sales", made.xiao), ("after-sales", None), ("customer-care", made.qian)):
            Unit.objects.create(branch=made.branch, key=key, name=key.title(), head=head)
    return made


def duty(world, who, due_on, status="kept", clause="07:7.4.1a", pool=""):
    """A duty as the fold would have written it."""
    with writing():
        row = Duty.objects.create(
            branch=world.branch, key=f"t{Duty.objects.count()}", clause=clause, about_kind="file", about_id="1",
            act="handover.received", pool=pool, opened_by=0, from_on=due_on - timedelta(days=3), due_on=due_on,
            status=status,
        )  # fmt: skip
        for one in who:
            DutyPerson.objects.create(duty=row, person=one, due_on=row.due_on, owed=row.owed)
    return row


def handover(world, giver, on, missing=0, checklist="new-vehicle", file=None):
    """A handover that the archivist has received."""
    with writing():
        file = file or File.objects.create(
            branch=world.branch, kind="vehicle", number=f"V{File.objects.count()}", opened_on=on
        )
        return Handover.objects.create(
            branch=world.branch, file=file, checklist=checklist, giver=giver, receiver=world.sun, status="received",
            offered_on=on, received_on=on, missing=missing,
        )  # fmt: skip


def shares(world, name, scope=ALL, day=MARCH, today=MARCH):
    """Part and whole of each group of a measure."""
    for card in page_of(world.branch, day, scope, today).cards:
        if name in {f"{rule.ref} {rule.name}" for rule in card.rules}:
            return {row.group: (int(row.figure.part), row.figure.whole) for row in card.rows}
    raise AssertionError(f"no card {name}")


@pytest.fixture
def read(client, world):
    """A page as somebody sees it."""

    def page(person, query="", name="figures", status=200, language="en"):
        client.force_login(person)
        found = client.get(reverse(f"insight:{name}") + query, headers={"Accept-Language": language})
        assert found.status_code == status
        return found.content.decode()

    return page


def numbers(page):
    """Each row's label with its number, as the page shows them."""
    rows = re.findall(r'<tr><td class="k-main-cell"[^>]*>(.*?)</td><td class="k-number.*?>(.*?)</td>', page, re.DOTALL)
    return [(label, re.sub(r"<.*?>|\s", "", number)) for label, number in rows]


def test_a_late_handover_lowers_the_share_of_its_department_alone(world):
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.zhou], date(2026, 3, 5))
    assert shares(world, ON_TIME) == {"sales": (1, 1), "after-sales": (1, 1)}
    duty(world, [world.wang], date(2026, 3, 6), "late")
    duty(world, [world.wang], date(2026, 3, 9), "kept_late")
    assert shares(world, ON_TIME) == {"sales": (1, 3), "after-sales": (1, 1)}


def test_what_is_open_or_dropped_or_of_another_month_does_not_count(world):
    duty(world, [world.li], date(2026, 3, 31), "kept")
    duty(world, [world.li], date(2026, 3, 30), "open")
    duty(world, [world.li], date(2026, 3, 3), "dropped")
    duty(world, [world.li], date(2026, 4, 1), "late")
    assert shares(world, ON_TIME)["sales"] == (1, 1)
    assert shares(world, ON_TIME, day=APRIL, today=APRIL)["sales"] == (0, 1)


def test_a_duty_under_another_policy_does_not_count_for_this_one(world):
    duty(world, [world.li], date(2026, 3, 5), "late", clause="00:B.12")
    assert shares(world, ON_TIME) == {}


def test_a_duty_of_two_people_of_one_department_counts_once_there(world):
    duty(world, [world.li, world.wang], date(2026, 3, 5), "late")
    assert shares(world, ON_TIME) == {"sales": (0, 1)}
    assert shares(world, "07:7.3.2c sales-on-time") == {str(world.li.pk): (0, 1), str(world.wang.pk): (0, 1)}


def test_what_only_a_post_owes_counts_for_the_department_of_that_post(world):
    duty(world, [], date(2026, 3, 5), "late", clause="07:7.4.1e", pool="archivist")
    duty(world, [], date(2026, 3, 5), "kept", clause="07:7.3.1c", pool="head_of:sales")
    assert shares(world, ON_TIME) == {"customer-care": (0, 1), "sales": (1, 1)}
    assert shares(world, ON_TIME, Scope("unit", world.xiao.pk, frozenset({"sales"}))) == {"sales": (1, 1)}


def test_a_share_counts_where_the_person_worked_on_that_day(world):
    with writing():
        PostHolding.objects.filter(person=world.li).update(until=date(2026, 3, 10))
        PostHolding.objects.create(
            person=world.li, branch=world.branch, post="service-consultant", unit="after-sales", since=date(2026, 3, 11)
        )
    duty(world, [world.li], date(2026, 3, 5), "late")
    duty(world, [world.li], date(2026, 3, 12))
    assert shares(world, ON_TIME) == {"sales": (0, 1), "after-sales": (1, 1)}


def test_the_figures_of_a_role_hold_the_people_of_its_post_only(world):
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.zhou], date(2026, 3, 5), "late")
    assert shares(world, "07:7.3.2c sales-on-time") == {str(world.li.pk): (1, 1)}
    assert shares(world, "07:7.3.3c service-on-time") == {str(world.zhou.pk): (0, 1)}


def test_an_incomplete_first_handover_lowers_completeness_and_a_second_one_does_not_mend_it(world):
    handover(world, world.wang, date(2026, 3, 4))
    assert shares(world, COMPLETE) == {"sales": (1, 1)}
    first = handover(world, world.li, date(2026, 3, 5), missing=2)
    assert shares(world, COMPLETE) == {"sales": (1, 2)}
    handover(world, world.li, date(2026, 3, 9), file=first.file)
    assert shares(world, COMPLETE) == {"sales": (1, 2)}
    handover(world, world.li, date(2026, 3, 9), checklist="supplement", file=first.file)
    assert shares(world, COMPLETE) == {"sales": (2, 3)}


def test_what_the_check_finds_wrong_was_not_complete(world):
    row = handover(world, world.li, date(2026, 3, 5))
    with writing():
        record = Record.objects.create(file=row.file, checklist="new-vehicle", line="contract", state="present")
        line = HandoverLine.objects.create(handover=row, record=record, state="present")
    assert shares(world, COMPLETE) == {"sales": (1, 1)}
    with writing():
        HandoverLine.objects.filter(pk=line.pk).update(found="customer-signature")
    assert shares(world, COMPLETE) == {"sales": (0, 1)}


def test_the_change_is_told_in_points_against_the_month_before(world):
    duty(world, [world.li], date(2026, 2, 5))
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.li], date(2026, 3, 6), "late")
    card = next(card for card in page_of(world.branch, MARCH, ALL, MARCH).cards if card.question.rule.name == "on-time")
    assert [(row.group, row.change) for row in card.rows] == [("sales", Decimal("-50.0"))]


def test_a_manager_sees_all_departments_with_numbers_that_open_their_lists(world, read):
    duty(world, [world.li], date(2026, 3, 5))
    late = duty(world, [world.wang], date(2026, 3, 6), "late")
    duty(world, [world.zhou], date(2026, 3, 5))
    page = read(world.chen)
    assert ("Sales", "1/2") in numbers(page) and ("After-Sales", "1/1") in numbers(page)
    assert "50 %" in page and "7.5.8a" in page
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/figures/rows/[^"]*group=sales[^"]*)"', page)]
    part, whole = [one.removeprefix("/figures/rows/") for one in links[:2]]
    assert reverse("office:duty", args=[late.pk]) in read(world.chen, whole, "rows")
    assert reverse("office:duty", args=[late.pk]) not in read(world.chen, part, "rows")


def test_the_rows_behind_a_number_name_the_file_and_lead_to_it(world, read):
    with writing():
        file = File.objects.create(branch=world.branch, kind="vehicle", number="V-77", opened_on=date(2026, 3, 2))
        Duty.objects.filter(pk=duty(world, [world.li], date(2026, 3, 5)).pk).update(file=str(file.pk))
    page = read(world.chen)
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/figures/rows/[^"]*group=sales[^"]*)"', page)]
    rows = read(world.chen, links[0].removeprefix("/figures/rows/"), "rows")
    assert f'<a href="{reverse("files:file", args=[file.pk])}">V-77</a>' in rows


def test_the_duties_that_a_clause_counts_open_their_list(world, read, client):
    kept = duty(world, [world.li], date(2026, 3, 5))
    late = duty(world, [world.wang], date(2026, 3, 6), "late")
    client.force_login(world.chen)
    page = client.get(reverse("office:clause", args=[kept.clause]), headers={"Accept-Language": "en"}).content.decode()
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/duties/[?][^"]*)"', page)]
    assert len(links) == 2
    shown = []
    for link in links:
        listed = client.get(link).content.decode()
        shown.append({one.pk for one in (kept, late) if reverse("office:duty", args=[one.pk]) in listed})
    assert shown == [{kept.pk}, {late.pk}]
    client.force_login(world.li)
    seen = client.get(reverse("office:duties"), {"clause": kept.clause}).content.decode()
    assert reverse("office:duty", args=[kept.pk]) in seen and reverse("office:duty", args=[late.pk]) not in seen


def test_the_head_of_a_department_sees_his_own_and_no_other(world, read):
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.zhou], date(2026, 3, 5), "late")
    page = read(world.xiao)
    assert ("Sales", "1/1") in numbers(page)
    assert "After-Sales" not in page and "Zhou" not in page
    read(world.xiao, "?scope=all", status=404)
    query = "?ref=07:7.5.8a&name=on-time&month=2026-03&group=after-sales&scope="
    read(world.xiao, query + "unit", "rows", status=404)
    read(world.xiao, query + "all", "rows", status=404)


def test_a_consultant_sees_his_own_card_and_nobody_elses(world, read):
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.wang], date(2026, 3, 5), "late")
    handover(world, world.li, date(2026, 3, 5), missing=1)
    handover(world, world.wang, date(2026, 3, 5))
    page = read(world.li)
    assert numbers(page) == [("Mine", "1/1"), ("Mine", "0/1")]
    assert "Wang" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)
    for scope in ("unit", "all"):
        read(world.li, f"?scope={scope}", status=404)
        read(world.li, f"?ref=07:7.5.8a&name=on-time&month=2026-03&group=sales&scope={scope}", "rows", status=404)
    asked = "?ref=07:7.5.8a&name=on-time&month=2026-03&scope=mine&group="
    for group in (str(world.wang.pk), "sales"):
        assert "office:duty" not in read(world.li, asked + group, "rows")
        assert not re.search(r'href="/duties/\d+/"', read(world.li, asked + group, "rows"))
    assert re.search(r'href="/duties/\d+/"', read(world.li, asked + str(world.li.pk), "rows"))


def test_a_consultant_reads_how_near_the_doubled_breach_is(world, read):
    assert "0 breaches of yours count by now; from number 2 on each costs 2 times as much." in read(world.li)
    world.breach(world.li, date(2026, 3, 10))
    world.breach(world.wang, date(2026, 3, 10))
    assert "1 breach of yours counts by now" in read(world.li)
    assert "目前计入您的违规1次" in read(world.li, language="zh-hans")


def test_the_clause_that_asks_for_a_figure_leads_to_it_and_others_do_not(world, read, client):
    duty(world, [world.li], date(2026, 3, 5))
    client.force_login(world.chen)
    asked = client.get(reverse("office:clause", args=["07:7.5.8a"])).content.decode()
    (link,) = set(re.findall(r'href="/figures/([^"]*)"', asked.split("<main")[-1])) - {""}
    page = read(world.chen, link)
    assert "7.5.8a" in page and "7.3.2c" not in page and ("Sales", "1/1") in numbers(page)
    assert "/figures/?" not in client.get(reverse("office:clause", args=["07:7.4.1a"])).content.decode()


def test_a_month_that_is_none_is_said_and_this_month_shown(world, read):
    duty(world, [world.li], date(2026, 3, 5))
    for wrong in ("2026-13", "march", "2026", "0000-01", "２０２６-03"):
        page = read(world.chen, f"?month={wrong}")
        assert "This is no month" in page and ("Sales", "1/1") in numbers(page)
    assert "This is no month" not in read(world.chen, "?month=2026-02")


def test_a_month_without_anything_due_says_so(world, read):
    page = read(world.chen, "?month=2025-01")
    assert numbers(page) == [] and "Nothing of this has fallen due in this period." in page


def test_a_measure_or_group_that_is_not_there_is_not_found(world, read):
    for query in ("", "?ref=07:7.5.8a&name=none", "?ref=x&name=on-time"):
        read(world.chen, query, "rows", status=404)
    page = read(world.chen, "?ref=07:7.3.2c&name=sales-on-time&group=nonsense", "rows")
    assert "Nothing here" in page


def test_the_page_asks_the_database_no_more_than_it_may(world, read, client):
    for person in (world.li, world.wang, world.zhou, world.sun):
        for day in range(2, 20):
            duty(world, [person], date(2026, 3, day), "late" if day % 3 else "kept")
        handover(world, person, date(2026, 3, 5)) if person != world.sun else None
    for person, scope in ((world.chen, "all"), (world.xiao, "unit"), (world.li, "mine")):
        read(person)
        with CaptureQueriesContext(connection) as caught:
            read_again = client.get(reverse("insight:figures"))
        assert read_again.status_code == 200
        most = MOST_QUERIES + (scope == "mine")  # one's own breaches are one more read
        assert len(caught) <= most, "\n".join(one["sql"][:200] for one in caught)


def test_a_frozen_figure_does_not_move_and_shows_its_lock(world, read, settings):
    duty(world, [world.li], date(2026, 3, 5))
    duty(world, [world.wang], date(2026, 3, 6), "late")
    handover(world, world.li, date(2026, 3, 5), missing=1)
    assert freeze_ended(world.branch, MARCH, world.now) == 2  # February, in which nothing fell due
    assert not Frozen.objects.exclude(first=date(2026, 2, 1)).exists()
    assert freeze_ended(world.branch, date(2026, 4, 1), world.now) == 2
    assert freeze_ended(world.branch, date(2026, 4, 1), world.now) == 0
    duty(world, [world.wang], date(2026, 3, 9), "late")
    handover(world, world.li, date(2026, 3, 9), missing=1)
    assert shares(world, ON_TIME, today=APRIL) == {"sales": (1, 2)}
    assert shares(world, COMPLETE, today=APRIL) == {"sales": (0, 1)}
    assert shares(world, ON_TIME, Scope("mine", world.wang.pk), today=APRIL) == {str(world.wang.pk): (0, 1)}
    assert shares(world, ON_TIME, Scope("unit", 0, frozenset({"after-sales"})), today=APRIL) == {}
    assert shares(world, "07:7.3.2c sales-on-time", today=APRIL)[str(world.wang.pk)] == (0, 2)  # no clause freezes it
    settings.CLOCK = lambda: timezone.make_aware(datetime(2026, 4, 2, 10))
    page = read(world.chen, "?month=2026-03")
    assert ("Sales", "1/2") in numbers(page) and page.count("#lock") == 2
    assert "#lock" not in read(world.chen, "?month=2026-04")


def test_what_was_frozen_stands_in_the_journal_and_a_changed_figure_is_found(world):
    duty(world, [world.li], date(2026, 3, 5))
    freeze_ended(world.branch, date(2026, 4, 1), world.now)
    row = Frozen.objects.get(name="on-time")
    told = events_of("measure", row.pk)
    assert [(one.name, one.act, one.actor) for one in told] == [("measure.frozen", "measure.freeze", None)]
    assert told[0].data["figures"]["unit"] == {"sales": ["1", "1", ""]}
    assert told[0].data["figures"]["person"] == {str(world.li.pk): ["1", "1", ""]}
    assert not [one for one in disagreements() if "insight" in one.what]
    with writing():
        Frozen.objects.filter(pk=row.pk).update(figures={"unit": {"sales": ["0", "1", ""]}})
    assert [one.subject for one in disagreements() if "insight" in one.what] == [f"measure:{row.pk}"]


SALES = {"ref": "07:7.3.2c", "name": "sales-on-time", "month": "2026-03"}


def test_whom_the_policy_names_freezes_a_figure_that_no_clause_freezes_by_itself(world, read, client, settings):
    duty(world, [world.wang], date(2026, 3, 6), "late")
    assert "figures/freeze/" not in read(world.qian, "?scope=all&month=2026-03")  # the month is not over
    settings.CLOCK = lambda: timezone.make_aware(datetime(2026, 4, 2, 10))
    assert "figures/freeze/" in read(world.qian, "?scope=all&month=2026-03")
    assert "figures/freeze/" not in read(world.li, "?scope=mine&month=2026-03")
    client.force_login(world.qian)
    sent = client.post(reverse("insight:freeze"), {**SALES, "token": "a"})
    assert sent.headers["Location"].endswith("?scope=all&month=2026-03")
    row = Frozen.objects.get()
    assert (row.clause, row.first, row.frozen_by) == ("07:7.3.2c", date(2026, 3, 1), world.qian)
    duty(world, [world.wang], date(2026, 3, 9), "late")
    assert shares(world, "07:7.3.2c sales-on-time", today=APRIL)[str(world.wang.pk)] == (0, 1)
    told = events_of("measure", row.pk)
    assert [(one.name, one.actor) for one in told] == [("measure.frozen", world.qian.pk)]
    assert not [one for one in disagreements() if "insight" in one.what]
    assert client.post(reverse("insight:freeze"), {**SALES, "token": "b"}).status_code == 403  # frozen figures stay
    assert freeze_ended(world.branch, date(2026, 4, 2), world.now) == 2  # the clock still freezes what is its own


@pytest.mark.parametrize(
    ("who", "changed", "status", "said"),
    [
        ("li", {}, 403, ""),
        ("qian", {"month": "2026-04"}, 302, "when its period is over"),
        ("qian", {"name": "nothing"}, 302, "No clause in force"),
        ("qian", {"ref": "07:7.5.8a", "name": "on-time"}, 302, "by itself"),
        ("qian", {"month": "April"}, 404, ""),
    ],
)
def test_what_cannot_be_frozen_is_answered_and_stays(world, client, settings, who, changed, status, said):
    settings.CLOCK = lambda: timezone.make_aware(datetime(2026, 4, 2, 10))
    client.force_login(getattr(world, who))
    sent = client.post(reverse("insight:freeze"), {**SALES, **changed, "token": "a"}, headers={"Accept-Language": "en"})
    assert sent.status_code == status and not Frozen.objects.exists()
    if said:
        page = client.get(sent.headers["Location"], headers={"Accept-Language": "en"}).content.decode()
        assert said in page


def test_a_clock_that_stood_still_for_two_months_freezes_both(world):
    duty(world, [world.li], date(2026, 4, 5))
    freeze_ended(world.branch, date(2026, 3, 2), world.now)
    assert freeze_ended(world.branch, date(2026, 5, 2), world.now) == 4
    firsts = Frozen.objects.filter(name="on-time").order_by("first").values_list("first", flat=True)
    assert [one.month for one in firsts] == [2, 3, 4]
    assert shares(world, ON_TIME, day=APRIL, today=date(2026, 5, 2)) == {"sales": (1, 1)}


def test_measures_of_every_policy_are_computed_or_named_as_not_kept(world):
    texts = [
        (path.name, path.read_text("utf-8"))
        for path in sorted(POLICIES.glob("1*-*.yaml"))
        if ".cases." not in path.name
    ]
    for name, text in texts:
        with writing():
            adopt_only(world, name, text)
        page = page_of(world.branch, MARCH, ALL, MARCH)
        assert all(card.question.rule.over for card in page.cards)
        assert len(page.cards) + len(page.unkept) > 0 or "measure" not in text


def adopt_only(world, name, text):
    """This policy in force besides law and base, and no other."""
    Adoption.objects.filter(branch=world.branch).exclude(file_name__startswith="00-").delete()
    Adoption.objects.create(
        branch=world.branch, slug=name, file_name=name, edition="1", text=text, approved_by=world.qian,
        sha256=hashlib.sha256(text.encode()).hexdigest(), in_force_from=date(2020, 1, 1),
    )  # fmt: skip
