"""What is adopted for a later day is found, read and compared before it binds; what a wording may call itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.adoptions.models import Draft
from kedang.office import adoption_services as services
from tests.apps.test_adoption import SCHOOL, adopted, proposed, take_up, upload
from tests.apps.test_adoption import world as world

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ENGLISH = {"Accept-Language": "en"}
LATER = date.today() + timedelta(days=30)  # later than the day on which a screen is opened
SECOND = SCHOOL.replace('edition: "1"', 'edition: "2"').replace("A tutor edits files.", "A tutor mends files.")


def adopted_for_later(world, row=None, **choices):
    row = row or take_up(world)
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=LATER, **choices)
    services.propose_policy(**world.by(world.admin), draft=row)
    services.sign_policy(**world.by(world.head if row.slug == "school" else world.admin), draft=row)
    return services.adopt_policy(**world.by(world.admin), draft=row).result


def test_what_is_adopted_for_a_later_day_is_listed_and_its_text_can_be_read(client, world):
    row = adopted_for_later(world)
    client.force_login(world.admin)
    edition = reverse("office:edition", args=[row.pk])
    listed = client.get(reverse("office:policies"), headers=ENGLISH).content.decode()
    assert "Adopted for a later day" in listed and f'href="{edition}"' in listed
    page = client.get(edition, headers=ENGLISH).content.decode()
    text = page[page.index('id="text"') : page.index("k-print-page")]
    assert "A tutor edits files." in text and "<details open>" in text
    assert reverse("office:policy", args=["school"]) not in page  # it does not bind yet: no page would answer


def test_a_later_edition_is_held_against_the_coming_one_that_it_follows(client, world):
    first = adopted_for_later(world)
    row = take_up(world, text=SECOND)
    client.force_login(world.admin)
    shown = client.get(reverse("office:draft", args=[row.pk])).context
    assert shown["follows"] == first and [one.id for one in shown["changes"]] == ["1"]
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=first.in_force_from - timedelta(days=1))
    assert client.get(reverse("office:draft", args=[row.pk])).context["changes"] is None  # before it nothing binds


def test_the_box_says_of_a_policy_that_it_is_adopted_for_a_later_day(client, world):
    given = {"pack": "15-pharma-trade-partners.yaml", "token": "t"}
    client.force_login(world.admin)
    client.post(reverse("office:adopt"), given)
    adopted_for_later(world, Draft.objects.get())
    offered = client.get(reverse("office:adopt")).context["offered"]
    (one,) = (one for one in offered if one.pack.number == "15")
    assert set(one.states) == {"later"} and not one.open


def test_a_post_of_a_coming_policy_is_called_by_its_word(client, world):
    adopted_for_later(world, posts={"tutor": {"people": [world.guest.pk], "deputies": []}})
    client.force_login(world.admin)
    page = client.get(reverse("office:person", args=[world.guest.pk]), headers=ENGLISH).content.decode()
    assert "Tutor" in page and ">tutor<" not in page


def test_a_signer_without_a_post_is_told_so_by_name_and_the_form_stays(client, world):
    row = proposed(world)
    client.force_login(world.admin)
    given = {"signer_username": "guest", "signer_password": "correct horse battery", "token": "s"}
    sent = client.post(reverse("office:draft-act", args=[row.pk, "sign"]), given, headers=ENGLISH)
    assert sent.status_code == 422 and "Guest holds no post in" in sent.content.decode()
    assert not row.sign_offs.exists()


def test_saved_speaks_of_signatures_only_where_there_were_some(client, world):
    row = take_up(world)
    client.force_login(world.admin)
    url = reverse("office:draft-act", args=[row.pk, "change"])
    sent = client.post(url, {"in_force_from": str(LATER), "token": "a"}, headers=ENGLISH, follow=True)
    assert "Saved." in sent.content.decode() and "no longer count" not in sent.content.decode()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pack: school", "rank: law\npack: school", "school.yaml:1: only the law and the common rules have a rank"),
        ("pack: school", "pack: base", "base is the name of the law or the common rules"),
    ],
)
def test_no_strangers_wording_makes_itself_law_or_takes_the_place_of_the_common_rules(
    client, world, old, new, said
):  # fmt: skip
    client.force_login(world.admin)
    sent = upload(client, SCHOOL.lstrip().replace(old, new).encode())
    assert sent.status_code == 422 and said in sent.content.decode()
    with pytest.raises(Invalid):
        services.change_draft(**world.by(world.admin), draft=take_up(world), text=SCHOOL.replace(old, new))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pack: x\nedition: 1\ntitle: 档".encode("gbk"), "school.yaml:3: the file is not UTF-8"),
        (SCHOOL.replace("A tutor edits files.", '"A \\u202etutor"').encode(), "U+202E"),
        (SCHOOL.replace("pack: school", "pack: school\ntime_zone: Mars/Olympus").encode(), "is not a time zone"),
    ],
)
def test_an_upload_that_hides_something_is_refused_at_its_line(client, world, text, said):
    client.force_login(world.admin)
    sent = upload(client, text)
    assert sent.status_code == 422 and said in sent.content.decode()
    assert not Draft.objects.exists()


def test_what_a_default_counts_is_said_by_its_rule(client, world):
    client.force_login(world.admin)
    client.post(reverse("office:adopt"), {"pack": "14-property-enterprise-two-level-archive.yaml", "token": "t"})
    rows = (
        client.get(reverse("office:draft", args=[Draft.objects.get().pk]), headers=ENGLISH)
        .context["choices"]
        .defaults()
    )
    said = [rule for one in rows for _clause, rules in one["clauses"] for rule in rules]
    assert any("working day" in rule for rule in said)


def test_an_act_that_two_policies_let_wait_is_shown_with_both_clauses_and_can_be_proposed(client, world):
    asks = "rules: [{consent: {act: loan.issue, from: [[head]], when: {file.kind: [vehicle, pupil]}, uses: 1}}]"
    row = take_up(world, text=SCHOOL + f'  - id: "3"\n    zh: 借出经校长同意。\n    en: The head agrees.\n    {asks}\n')
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=LATER)
    client.force_login(world.admin)
    page = client.get(reverse("office:draft", args=[row.pk]), headers=ENGLISH)
    ((what, *sides),) = page.context["stands"][0].consents
    assert what == "two consents for loan.issue; both are asked" and {one.ref for one in sides} == {
        "07:7.2.6a",
        "school:3",
    }
    assert "Two policies ask for consent" in page.content.decode()
    said = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "“借阅发出”须分别征得同意" in said
    services.propose_policy(**world.by(world.admin), draft=row)


def test_a_policy_whose_sanctions_wait_is_called_by_its_title_and_leads_to_its_edition(client, world):
    row = adopted(world)
    client.force_login(world.head)
    page = client.get(reverse("office:breaches"), headers=ENGLISH).content.decode()
    said = page.partition("Not enforceable yet")[2].partition("</div>")[0]
    assert f'<a href="{reverse("office:edition", args=[row.pk])}">School rules</a>' in said
