"""Working days and month are chosen at adoption, stored with it, and bind from its first day."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import book_for, calendar
from kedang.journal.guard import writing
from kedang.office import adoption_services as services
from kedang.rulebook import deadline
from kedang.rulebook.pack import Aggravate, Duty
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DEALER = "07-vehicle-dealership.yaml"
SIX_DAYS = ["1", "2", "3", "4", "5", "6"]
CHOSEN = {
    "days": "roster", "week": SIX_DAYS, "holidays": "on", "free": "2026-12-08", "worked": "", "month": "payroll",
    "month_from": "26", "in_force_from": "2026-12-01", "token": "h",
}  # fmt: skip


@pytest.fixture
def world(client):
    made = make_office()
    with writing():
        for name, post in (("admin", "administrator"), ("chen", "general-manager")):
            one = Person.objects.create_user(name, "correct horse battery", name=name.title())
            PostHolding.objects.create(person=one, branch=made.branch, post=post, since=date(2020, 1, 1))
            setattr(made, name, one)
    client.force_login(made.admin)
    client.post(reverse("office:amend", args=[Adoption.objects.get(file_name=DEALER).pk]), {"token": "a"})
    made.draft = Draft.objects.get()
    return made


def change(client, world, **other):
    given = {**CHOSEN, **other}
    return client.post(
        reverse("office:draft-act", args=[world.draft.pk, "change"]), given, headers={"Accept-Language": "en"}
    )


def adopted(world) -> Adoption:
    services.propose_policy(**world.by(world.admin), draft=world.draft)
    for signer in (world.sun, world.qian, world.chen):
        services.sign_policy(**world.by(signer), draft=world.draft)
    return services.adopt_policy(**world.by(world.admin), draft=world.draft).result


def test_the_roster_and_the_payroll_month_bind_from_the_first_day_of_the_edition(client, world):
    assert change(client, world).status_code == 302
    row = adopted(world)
    assert row.settings == {
        "house.month_from": 26, "house.week": "1,2,3,4,5,6", "house.holidays": "yes", "house.free": "2026-12-08",
    }  # fmt: skip
    before, after = (book_for(world.branch, day) for day in (date(2026, 11, 30), date(2026, 12, 1)))
    assert [book.rules_of(Aggravate)[0].month_from for book in (before, after)] == [1, 26]
    handed = [next(one for one in book.rules_of(Duty) if one.ref == "07:7.4.1a") for book in (before, after)]
    friday = date(2026, 12, 11)
    assert [deadline(one, friday, calendar()).due_on.day for one in handed] == [16, 15]  # Saturday counts now
    page = client.get(reverse("office:edition", args=[row.pk]), headers={"Accept-Language": "en"}).content.decode()
    assert "from day 26 to the day before" in page and "Saturday" in page and "house.week" not in page


def test_the_next_edition_takes_the_choice_along_and_a_change_of_text_keeps_it(client, world):
    change(client, world)
    adopted(world)
    client.post(
        reverse("office:amend", args=[Adoption.objects.get(slug=world.draft.slug, ended_on=None).pk]), {"token": "b"}
    )
    new = Draft.objects.get(status="draft")
    assert new.settings["house.month_from"] == 26
    services.change_draft(**world.by(world.admin), draft=new, text=new.text.replace('edition: "3"', 'edition: "4"'))
    new.refresh_from_db()
    assert new.settings["house.month_from"] == 26
    form = client.get(reverse("office:draft", args=[new.pk])).context["house"]
    assert form.initial["days"] == "roster" and form.initial["month_from"] == 26


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"week": []}, "which days of the week"),
        ({"month_from": ""}, "on which day the payroll month begins"),
        ({"month_from": "29"}, "less than or equal to 28"),
        ({"free": "2026-02-30"}, "is not a day"),
        ({"free": "2026-04-07", "worked": "2026-04-07"}, "stands under both"),
    ],
)
def test_a_wrong_choice_comes_back_as_typed_and_changes_nothing(client, world, wrong, said):
    answer = change(client, world, **wrong)
    assert answer.status_code == 422 and said in answer.content.decode()
    world.draft.refresh_from_db()
    assert world.draft.settings == {}


def test_a_signature_under_another_month_counts_no_more(client, world):
    change(client, world)
    services.propose_policy(**world.by(world.admin), draft=world.draft)
    services.sign_policy(**world.by(world.sun), draft=world.draft)
    change(client, world, month_from="21", token="i")
    page = client.get(reverse("office:draft", args=[world.draft.pk]))
    assert page.context["signed"] == []


def test_a_house_that_cannot_be_read_is_refused_by_the_command_too(world):
    for wrong in ({"house.month_from": 40}, {"house.week": "9"}, {"house.week": "1", "house.free": "soon"}):
        with pytest.raises(Invalid):
            services.change_draft(**world.by(world.admin), draft=world.draft, house=wrong)
