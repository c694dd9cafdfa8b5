"""One wording for several branches: taken up, changed, signed and adopted in all of them, or in none."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import book_for
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.office import adoption_services as services
from kedang.office import candidates, together
from kedang.staff.models import Branch, Person, PostHolding
from tests.apps.office_world import make_office
from tests.apps.test_adoption import CASES, DAY, SCHOOL

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ENGLISH = {"Accept-Language": "en"}
PASSWORD = "correct horse battery"
HEARD = {"heard_on": "2026-01-05", "note": "Meeting"}


@pytest.fixture
def world():
    """Three branches: the administrator and the head work in two, a second head in the third."""
    made = make_office()
    with writing():
        made.east = Branch.objects.create(code="PX", name_zh="浦西店", name_en="Puxi")
        made.west = Branch.objects.create(code="PZ", name_zh="青浦店", name_en="Qingpu")
        for name in ("admin", "head", "other", "guest"):
            setattr(made, name, Person.objects.create_user(name, PASSWORD, name=name.title()))
        for who, post, branch in (
            (made.admin, "administrator", made.branch), (made.admin, "administrator", made.east),
            (made.admin, "archivist", made.west), (made.head, "head", made.branch), (made.head, "head", made.east),
            (made.other, "head", made.east),
        ):  # fmt: skip
            PostHolding.objects.create(person=who, branch=branch, post=post, since=date(2020, 1, 1))
        base = Adoption.objects.filter(file_name__startswith="00-")
        for branch in (made.east, made.west):
            for one in base.filter(branch=made.branch):
                one.pk, one.branch, one._state.adding = None, branch, True
                one.save()
    return made


def taken(world, *branches, text=SCHOOL) -> Draft:
    wording = {"text": text, "name": "school.yaml", "cases": CASES}
    return together.draft_all(branches or (world.branch, world.east), world.by(world.admin), **wording)


def proposed(world, **changes) -> Draft:
    row = taken(world)
    together.change_all(row, world.by(world.admin), in_force_from=DAY, **changes)
    together.propose_all(row, world.by(world.admin))
    return row


def adopted(world) -> Adoption:
    row = proposed(world)
    together.sign_all(row, world.by(world.head), world.today)
    return together.adopt_all(row, world.by(world.admin))


def test_one_form_takes_a_policy_up_for_every_ticked_branch_and_lists_them(client, world):
    client.force_login(world.admin)
    page = client.get(reverse("office:adopt"), headers=ENGLISH)
    assert [label for _pk, label in page.context["form"].fields["branches"].choices] == ["Pudong", "Puxi"]
    assert page.context["barred"] == [world.west]
    ticked = [world.branch.pk, world.east.pk]
    sent = client.post(reverse("office:adopt"), {"pack": "14-property-enterprise-two-level-archive.yaml",
                                                 "branches": ticked, "token": "t"})  # fmt: skip
    first, second = Draft.objects.order_by("pk")
    assert sent.headers["Location"] == reverse("office:draft", args=[first.pk])
    assert (first.branch, second.branch, second.lead) == (world.branch, world.east, first)
    shown = client.get(reverse("office:draft", args=[second.pk])).context
    assert [one.draft for one in shown["stands"]] == [first, second]


@pytest.mark.parametrize(
    ("ticked", "said"), [([], "Tick at least one branch."), (["west"], "you may not draft a policy")]
)
def test_no_branch_or_one_where_one_may_not_is_answered_and_nothing_is_taken_up(client, world, ticked, said):
    client.force_login(world.admin)
    given = {"pack": "07-vehicle-dealership.yaml", "branches": [getattr(world, one).pk for one in ticked], "token": "t"}
    sent = client.post(reverse("office:adopt"), given, headers=ENGLISH)
    assert sent.status_code == 422 and said in sent.content.decode()
    assert not Draft.objects.exists()


def test_a_branch_where_it_is_in_force_is_named_and_none_takes_it_up(client, world):
    client.force_login(world.admin)
    given = {"pack": "07-vehicle-dealership.yaml", "branches": [world.branch.pk, world.east.pk], "token": "t"}
    sent = client.post(reverse("office:adopt"), given, headers=ENGLISH)
    assert sent.context["refused"] == ["Pudong: This very text is in force already."]
    assert not Draft.objects.exists() and not Event.objects.filter(name="policy.drafted").exists()


def test_what_is_wrong_in_every_branch_is_said_once(world):
    taken(world)
    with pytest.raises(Invalid) as invalid:
        taken(world)
    assert len(invalid.value.errors) == 1 and "Pudong" not in invalid.value.errors["file"]


def test_the_same_form_sent_twice_takes_it_up_once(world):
    acting, wording = world.by(world.admin, token="once"), {"text": SCHOOL, "name": "school.yaml", "cases": CASES}
    rows = [together.draft_all([world.branch, world.east], acting, **wording) for _n in range(2)]
    assert rows[0] == rows[1] and Draft.objects.count() == 2


def test_a_clash_in_one_branch_is_shown_with_its_name_and_none_is_proposed(client, world):
    clash = SCHOOL + (
        '  - id: "3"\n    zh: 交接。\n    en: Handing over takes nine days.\n    rules:\n'
        "      - settle: {loan.period_days: 9}\n"
    )
    with writing():
        text = SCHOOL.replace("pack: school", "pack: club")
        text = text.replace("A tutor edits files.", "Loans last eight days.").replace(
            "rules: [{permit: {act: file.edit, who: [tutor]}}]", "rules: [{settle: {loan.period_days: 8}}]"
        )
        pack = candidates.read_pack(text, "club.yaml")
        Adoption.objects.create(
            branch=world.east, slug="club", file_name="club.yaml", edition="1", text=pack.canonical, sha256=pack.sha256,
            approved_by=world.head, in_force_from=date(2020, 1, 1),
        )  # fmt: skip
    row = taken(world, text=clash)
    together.change_all(row, world.by(world.admin), in_force_from=DAY)
    with pytest.raises(Invalid) as invalid:
        together.propose_all(row, world.by(world.admin))
    assert list(invalid.value.errors) == ["clashes"] and "浦西店" in invalid.value.errors["clashes"]
    assert set(Draft.objects.values_list("status", flat=True)) == {"draft"}
    client.force_login(world.admin)
    page = client.get(reverse("office:draft", args=[row.pk]), headers=ENGLISH)
    assert [one.draft.branch for one in page.context["clashes"]] == [world.east]
    assert "Loans last eight days." in page.content.decode()
    client.post(reverse("office:draft-act", args=[row.lead_id or row.pk, "propose"]), {"token": "p"})
    second = Draft.objects.get(branch=world.east)
    client.post(reverse("office:draft-act", args=[second.pk, "withdraw"]), {"token": "w", "only": "1"})
    together.propose_all(row, world.by(world.admin))
    assert list(Draft.objects.order_by("pk").values_list("status", flat=True)) == ["proposed", "withdrawn"]


def test_wording_and_choices_go_to_all_and_posts_stay_in_their_branch(world):
    row = taken(world)
    given = {"settings": {"pupil.days": "9"}, "posts": {"tutor": {"people": [world.li.pk]}}, "in_force_from": DAY}
    together.change_all(row, world.by(world.admin), **given)
    second = Draft.objects.get(branch=world.east)
    assert (second.settings, second.posts, second.in_force_from) == ({"pupil.days": 9}, {}, DAY)
    together.change_all(second, world.by(world.admin), alike=False, settings={"pupil.days": "5"})
    row.refresh_from_db()
    assert row.settings == {"pupil.days": 9}
    together.change_all(second, world.by(world.admin), text=SCHOOL.replace("edits files", "corrects files"))
    row.refresh_from_db()
    assert "corrects files" in row.text and row.settings == {"pupil.days": 9}


def test_one_signature_counts_in_every_branch_that_names_its_post(world):
    row = proposed(world)
    assert together.sign_all(row, world.by(world.head), world.today) == [world.branch, world.east]
    assert sorted(row.branch.code for row in Draft.objects.all() for _one in row.sign_offs.all()) == ["PD", "PX"]


def test_while_one_branch_is_not_signed_none_is_adopted_and_the_refusal_is_kept(world):
    row = proposed(world)
    second = Draft.objects.get(branch=world.east)
    together.sign_all(second, world.by(world.other), world.today)
    assert second.sign_offs.count() == 1 and row.sign_offs.count() == 0
    with pytest.raises(Refused):
        together.adopt_all(second, world.by(world.admin))
    assert not Adoption.objects.filter(slug="school").exists()
    kept = Refusal.objects.get()
    assert (kept.act, kept.branch) == ("policy.adopt", world.branch)
    assert not Event.objects.filter(name="policy.adopted").exists()


def test_a_first_branch_that_was_adopted_is_undone_when_a_later_one_is_refused(world):
    row = proposed(world)
    services.sign_policy(**world.by(world.head), draft=row)
    with pytest.raises(Refused):
        together.adopt_all(row, world.by(world.admin))
    assert not Adoption.objects.filter(slug="school").exists() and Refusal.objects.count() == 1


def test_each_branch_has_its_own_adoption_and_the_next_edition_is_amended_for_both(client, world):
    row = adopted(world)
    rows = Adoption.objects.filter(slug="school").order_by("branch__code")
    assert [(one.branch, one.approved_by) for one in rows] == [(world.branch, world.head), (world.east, world.head)]
    client.force_login(world.admin)
    shown = client.get(reverse("office:edition", args=[row.pk]))
    assert [one["adoption"].branch for one in shown.context["alike"]] == [world.branch, world.east]
    url = reverse("office:amend", args=[row.pk])
    none = client.post(url, {"token": "n"}, headers=ENGLISH, follow=True)
    assert "Tick at least one branch." in none.content.decode() and Draft.objects.filter(edition="2").count() == 0
    client.post(url, {"token": "a", "branches": [world.branch.pk, world.east.pk]})
    first = Draft.objects.filter(edition="2").order_by("pk")[0]
    later = date(2026, 5, 1)
    together.change_all(
        first, world.by(world.admin), text=first.text.replace("edits files", "corrects files"), in_force_from=later
    )
    together.propose_all(first, world.by(world.admin))
    together.sign_all(first, world.by(world.head), world.today)
    together.adopt_all(first, world.by(world.admin))
    for branch in (world.branch, world.east):
        assert [book_for(branch, day).pack("school").edition for day in (DAY, later)] == ["1", "2"]


def test_one_branch_alone_is_amended_and_the_other_keeps_its_edition(client, world):
    row = adopted(world)
    client.force_login(world.admin)
    client.post(reverse("office:amend", args=[row.pk]), {"token": "a", "branches": [world.east.pk]})
    assert [one.branch for one in Draft.objects.filter(edition="2")] == [world.east]


def test_a_hearing_is_recorded_for_all_or_for_one(client, world):
    row = proposed(world)
    client.force_login(world.admin)
    url = reverse("office:draft-act", args=[row.pk, "hear"])
    client.post(url, {**HEARD, "token": "1"})
    assert list(Draft.objects.order_by("pk").values_list("hearing_record", flat=True)) == ["Meeting", ""]
    client.post(url, {**HEARD, "token": "2", "alike": "on"})
    assert list(Draft.objects.order_by("pk").values_list("hearing_record", flat=True)) == ["Meeting", "Meeting"]


def test_whoever_works_in_neither_branch_sees_nothing_of_it(client, world):
    row = proposed(world)
    client.force_login(world.guest)
    assert client.get(reverse("office:draft", args=[Draft.objects.get(branch=world.east).pk])).status_code == 404
    client.force_login(world.other)
    assert client.get(reverse("office:draft", args=[row.pk])).status_code == 404
    page = client.get(reverse("office:draft", args=[Draft.objects.get(branch=world.east).pk]))
    assert page.status_code == 200 and page.context["own"] == {world.east.pk}
