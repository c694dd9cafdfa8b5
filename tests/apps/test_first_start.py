"""An empty house: only the code of the terminal opens it; then it stands, and the page is gone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from kedang.adoptions.models import Adoption
from kedang.adoptions.queries import book_for
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.journal.verifying import verify
from kedang.office.founding import AlreadyFounded, Employee, adopt, employ, found_branch, lay_units
from kedang.office.staff_services import employ_person
from kedang.staff.models import Branch, Person, PostHolding, Unit
from kedang.staff.queries import posts_held
from kedang.web import doctoring, starting

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NOW = datetime(2026, 3, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 3, 30)
WHEN = {"now": NOW, "on": TODAY}
PASSWORD = "correct horse battery"
DEALER = "07-vehicle-dealership.yaml"
HOUSE = {"name_zh": "城东店", "branch": "HQ", "packs": [DEALER]}


@pytest.fixture(autouse=True)
def fresh(settings, monkeypatch):
    settings.CLOCK = lambda: NOW
    monkeypatch.setattr(starting, "_tries", 0)


def first_step(client, **more):
    return client.post(reverse("web:start"), {**HOUSE, "code": starting.start_code(), **more})


def second_step(client, **more):
    people = {
        "name_administrator": "许安", "user_administrator": "xu", "name_general-manager": "陈国栋",
        "user_general-manager": "chen", "name_archivist": "王敏", "user_archivist": "wang",
        "name_customer-director": "刘雅琴", "user_customer-director": "liu", "password": PASSWORD,
        "again": PASSWORD,
    }  # fmt: skip
    return client.post(reverse("web:start-people"), {**people, **more})


def test_an_empty_house_leads_to_its_founding_and_nowhere_else(client):
    assert client.get(reverse("web:login")).headers["Location"] == reverse("web:start")
    assert client.get(reverse("web:start")).status_code == 200
    assert client.get(reverse("web:start-people")).headers["Location"] == reverse("web:start")


def test_without_the_code_of_the_terminal_nothing_is_founded(client):
    right = starting.start_code()
    assert first_step(client, code="WRNG-WRNG-WRNG").status_code == 422
    assert first_step(client, code="").status_code == 422
    assert client.get(reverse("web:start-people")).status_code == 302
    assert starting.start_code() == right and not Branch.objects.exists()


def test_after_twenty_wrong_codes_even_the_right_one_waits_for_a_restart(client):
    for _ in range(20):
        assert not starting.fits("WRNG-WRNG-WRNG")
    assert first_step(client).status_code == 422


def test_the_code_is_readable_by_its_owner_only(settings):
    starting.start_code()
    assert (settings.KEDANG_DATA / "start_code").stat().st_mode & 0o777 == 0o600


def test_two_forms_found_a_house_that_works(client):
    assert first_step(client).status_code == 302
    assert client.get(reverse("web:start-people")).status_code == 200
    done = second_step(client, hearing="Meeting in the hall", heard_on="2026-03-20")
    assert done.status_code == 200
    branch = Branch.objects.get()
    assert {one.slug for one in Adoption.objects.all()} == {"law", "base", "vehicle-dealership"}
    adoption = Adoption.objects.get(slug="vehicle-dealership")
    assert adoption.approved_by.username == "chen" and adoption.hearing_record == "Meeting in the hall"
    people = {one.username: one for one in Person.objects.all()}
    assert posts_held(people["wang"], branch, TODAY) == {"archivist"}
    assert [people[name].must_change_password for name in ("xu", "chen", "wang")] == [False, True, True]
    shown = {row["person"].username: row["password"] for row in done.context["rows"]}
    assert people["wang"].check_password(shown["wang"]) and shown["wang"] in done.content.decode()
    assert PASSWORD not in done.content.decode()
    assert PostHolding.objects.get(person=people["wang"]).unit == "customer-care"
    assert Unit.objects.filter(branch=branch).count() == len(book_for(branch, TODAY).pack("07").units)
    assert client.get(reverse("office:staff")).status_code == 200
    made = employ_person(
        actor=people["xu"], now=NOW, token="t", branch=branch, username="new", name="新", password="once-once-once"
    )
    assert made.result.pk


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the line &#x27;supplement&#x27; takes"),
        ("zh-hans", "清单项目“supplement”收的资料，两个制度不同；请改成一致"),
    ],
)
def test_policies_that_cannot_stand_together_are_shown_side_by_side_and_not_taken(client, language, said):
    packs = ["03-property-daily-work.yaml", "10-office-building-customer-service.yaml"]
    where, sent = reverse("web:start"), {**HOUSE, "packs": packs, "code": starting.start_code()}
    page = client.post(where, sent, headers={"Accept-Language": language})
    assert page.status_code == 422
    told = page.content.decode()
    assert said in told and told.count("checklists.contents.lines.supplement") == 2
    (shown,) = page.context["clashes"]
    assert shown[1].title != shown[2].title
    assert client.get(reverse("web:start-people")).headers["Location"] == where


def test_the_page_is_gone_once_the_house_stands(client, settings):
    first_step(client)
    second_step(client)
    assert not (settings.KEDANG_DATA / "start_code").exists() and starting.start_code() == ""
    for name in ("web:start", "web:start-people"):
        assert client.get(reverse(name)).status_code == 404
        assert client.post(reverse(name), HOUSE).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"again": "another one"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"user_general-manager": "", "name_general-manager": ""}, "user_general-manager"),
        ({"user_customer-director": "", "name_customer-director": ""}, "user_customer-director"),
        ({"user_archivist": ""}, "user_archivist"),
        ({"name_archivist": ""}, "name_archivist"),
        ({"user_archivist": "王"}, "user_archivist"),
        ({"user_archivist": "xu"}, "user_archivist"),
        ({"default_base_loan.period_days": "91"}, "default_base_loan.period_days"),
    ],
)
def test_a_wrong_second_form_is_marked_and_founds_nothing(client, change, field):
    first_step(client)
    sent = second_step(client, **change)
    assert sent.status_code == 422 and field in sent.context["form"].errors
    assert not Branch.objects.exists() and not Person.objects.exists()


def test_one_person_in_several_posts_is_one_person(client):
    first_step(client)
    second_step(client, **{"name_archivist": "许安", "user_archivist": "xu", "user_sales-consultant": "xu"})
    held = PostHolding.objects.filter(person__username="xu").values_list("post", flat=True)
    assert set(held) == {"administrator", "archivist", "sales-consultant"}


def test_a_chosen_default_is_settled(client):
    first_step(client)
    second_step(client, **{"default_base_loan.period_days": "30"})
    assert Adoption.objects.get(slug="base").settings == {"loan.period_days": 30}


def test_founding_acts_leave_events_and_end_with_the_first_policy(tmp_path):
    from kedang.office.candidates import box

    branch = found_branch("HQ", "城东店", "", **WHEN)
    with pytest.raises(AlreadyFounded):
        found_branch("W", "城西店", "", **WHEN)
    people = employ(branch, [Employee("chen", "陈", "", ["general-manager"])], PASSWORD, **WHEN)
    lay_units(branch, {"sales": ("销售部", "Sales", people["chen"])}, **WHEN)
    adopt(branch, [path for path in box() if path.name.startswith("00-")], people["chen"], **WHEN)
    names = list(Event.objects.order_by("pk").values_list("name", flat=True))
    assert names == ["branch.founded", "person.employed", "setting.changed", "policy.adopted", "policy.adopted"]
    for again in (
        lambda: employ(branch, [Employee("x", "X", "", [])], PASSWORD, **WHEN),
        lambda: lay_units(branch, {}, **WHEN),
        lambda: adopt(branch, [], people["chen"], **WHEN),
    ):
        with pytest.raises(AlreadyFounded):
            again()
    assert verify(NOW).findings == []


def test_the_doctor_says_in_plain_words_what_is_wrong(settings):
    said = "\n".join(doctoring.findings(NOW))
    assert "nobody has set it up yet" in said and "migrations" not in said
    settings.KEDANG_MASTER_KEY.chmod(0o644)
    assert f"chmod 600 {settings.KEDANG_MASTER_KEY}" in "\n".join(doctoring.findings(NOW))
    settings.KEDANG_MASTER_KEY.unlink()
    assert "no master key" in "\n".join(doctoring.findings(NOW))
    assert "the clock says 2001-01-01" in "\n".join(doctoring.findings(datetime(2001, 1, 1, tzinfo=NOW.tzinfo)))


def test_the_doctor_names_a_policy_whose_text_was_altered(client):
    first_step(client)
    second_step(client)
    with writing():
        row = Adoption.objects.get(slug="vehicle-dealership")
        Adoption.objects.filter(pk=row.pk).update(text=row.text + "#")
    assert any("vehicle-dealership" in line and "not what was approved" in line for line in doctoring.findings(NOW))


def test_the_doctor_sees_a_clock_behind_the_journal(client):
    first_step(client)
    second_step(client)
    before = NOW.replace(hour=8)
    assert any("the journal has an event of" in line for line in doctoring.findings(before))


def test_serving_stops_on_an_altered_policy(client, settings, tmp_path):
    from kedang.web import serving

    settings.STATIC_ROOT = tmp_path / "static"
    first_step(client)
    second_step(client)
    serving.prepare()
    with writing():
        row = Adoption.objects.get(slug="base")
        Adoption.objects.filter(pk=row.pk).update(text=row.text + "#")
    with pytest.raises(SystemExit, match="not what was approved"):
        serving.prepare()
