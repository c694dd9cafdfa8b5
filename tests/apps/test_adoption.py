"""A policy from the box or a file into force: read, tried, mapped, signed, adopted, heard, read by staff."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kedang.acts.answers import Invalid, Refused
from kedang.adoptions.models import Adoption, Confirmation, Draft, SignOff
from kedang.adoptions.queries import AlteredText, altered, book_for
from kedang.journal.guard import writing
from kedang.journal.models import Event, Refusal
from kedang.office import adoption_services as services
from kedang.office import candidates
from kedang.sanctions.queries import not_enforceable
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DAY = date(2026, 4, 1)
SCHOOL = """
pack: school
language: 1
edition: "1"
title: {zh: 学校制度, en: School rules}
posts:
  head: {zh: 校长, en: Head, is: [general-manager]}
  tutor: {zh: 辅导员, en: Tutor, unit: care, is: [clerk]}
units: {care: {zh: 学生处, en: Care, head: head}}
files:
  pupil:
    zh: 学生档案
    en: Pupil file
    one_per: customer
    fields: {name: {zh: 姓名, en: Name, type: name, grade: personal, find: name, strength: gate}}
defaults:
  pupil.days: {value: 7, may_be: [1, 30], default: not in the source}
  pupil.order: {value: by-line, may_be: [by-line, newest-first], default: not in the source}
  pupil.number: {value: "{branch}-{seq:4}", may_be: [pattern], default: not in the source}
clauses:
  - id: "1"
    zh: 辅导员可修改档案。
    en: A tutor edits files.
    rules: [{permit: {act: file.edit, who: [tutor]}}]
  - id: "2"
    zh: 经校长批准后施行。
    en: It takes effect when the head has approved it.
    rules: [{consent: {act: policy.adopt, from: [[head]]}}]
"""
CASES = """
people: {ann: [tutor], bo: [head]}
cases:
  - name: A tutor edits
    proves: ["1"]
    when: {try: file.edit, on: 2026-03-02, by: ann, file: A}
    then: [{answer: "yes", clauses: ["1"]}]
"""

LINE = 1 + SCHOOL[: SCHOOL.index("file.edit")].count("\n")


@pytest.fixture
def world():
    """The office with an administrator, a head of school and a stranger without a post."""
    made = make_office()
    with writing():
        for name, post in (("admin", "administrator"), ("head", "head"), ("guest", "")):
            one = Person.objects.create_user(name, "correct horse battery", name=name.title())
            setattr(made, name, one)
            if post:
                PostHolding.objects.create(person=one, branch=made.branch, post=post, since=date(2020, 1, 1))
    return made


def take_up(world, text=SCHOOL, cases=CASES, name="school.yaml") -> Draft:
    return services.draft_policy(**world.by(world.admin), branch=world.branch, text=text, name=name, cases=cases).result


def proposed(world, **choices) -> Draft:
    row = take_up(world)
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY, **choices)
    services.propose_policy(**world.by(world.admin), draft=row)
    return row


def adopted(world, **choices) -> Adoption:
    row = proposed(world, **choices)
    services.sign_policy(**world.by(world.head), draft=row)
    return services.adopt_policy(**world.by(world.admin), draft=row).result


def test_a_signed_policy_binds_from_its_day_on_and_not_before(world):
    row = adopted(world)
    assert (row.in_force_from, row.approved_by, row.text) == (DAY, world.head, SCHOOL)
    before, after = book_for(world.branch, DAY - timedelta(days=1)), book_for(world.branch, DAY)
    assert "school" not in {pack.slug for pack in before.packs}
    assert "school" in {pack.slug for pack in after.packs}
    event = Event.objects.get(name="policy.adopted")
    assert (event.subject_kind, event.subject_id, event.actor) == ("adoption", str(row.pk), world.admin)


def test_without_the_signature_that_the_policy_names_it_is_not_adopted(world):
    row = proposed(world)
    with pytest.raises(Refused) as refused:
        services.adopt_policy(**world.by(world.admin), draft=row)
    assert refused.value.answer.verdict == "ask" and refused.value.answer.clauses == {"school:2"}
    assert not Adoption.objects.filter(slug="school").exists()
    assert Refusal.objects.get().act == "policy.adopt"


def test_a_signature_of_somebody_whom_the_policy_does_not_name_counts_for_nothing(world):
    row = proposed(world)
    with pytest.raises(Invalid, match="signer"):
        services.sign_policy(**world.by(world.admin), draft=row)
    with pytest.raises(Refused):
        services.sign_policy(**world.by(world.guest), draft=row)
    assert not SignOff.objects.exists()


def test_a_change_after_the_signature_makes_it_count_no_more(world):
    row = proposed(world)
    services.sign_policy(**world.by(world.head), draft=row)
    services.change_draft(**world.by(world.admin), draft=row, settings={"pupil.days": "9"})
    services.propose_policy(**world.by(world.admin), draft=row)
    with pytest.raises(Refused):
        services.adopt_policy(**world.by(world.admin), draft=row)


def test_nobody_signs_one_wording_twice(world):
    row = proposed(world)
    services.sign_policy(**world.by(world.head), draft=row)
    with pytest.raises(Invalid, match="signer"):
        services.sign_policy(**world.by(world.head), draft=row)


def test_open_defaults_are_settled_within_their_bounds(world):
    row = take_up(world)
    good = {"pupil.days": "30", "pupil.order": "newest-first", "pupil.number": "{year}-{seq:3}"}
    services.change_draft(**world.by(world.admin), draft=row, settings=good)
    row.refresh_from_db()
    assert row.settings == {"pupil.days": 30, "pupil.order": "newest-first", "pupil.number": "{year}-{seq:3}"}
    for key, wrong in (
        ("pupil.days", "31"), ("pupil.days", "0"), ("pupil.days", "x"), ("pupil.order", "by-colour"),
        ("pupil.number", "{year}"), ("pupil.number", "{seq} {seq}"), ("pupil.number", "{name}-{seq}"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            services.change_draft(**world.by(world.admin), draft=row, settings={key: wrong})
        assert list(invalid.value.errors) == [f"default_{key}"]


def test_posts_are_given_with_deputies_from_the_first_day(world):
    posts = {"tutor": {"people": [world.li.pk], "deputies": [world.wang.pk]}}
    adopted(world, posts=posts)
    held = PostHolding.objects.filter(post="tutor").order_by("deputy")
    assert [(one.person, one.since, one.deputy, one.unit) for one in held] == [
        (world.li, DAY, False, "care"), (world.wang, DAY, True, "care"),
    ]  # fmt: skip
    assert Event.objects.filter(name="person.assigned").count() == 2


def test_a_post_that_the_policy_does_not_have_is_refused(world):
    row = take_up(world)
    with pytest.raises(Invalid, match="posts"):
        services.change_draft(**world.by(world.admin), draft=row, posts={"pilot": {"people": [world.li.pk]}})


def test_a_policy_whose_case_fails_is_not_proposed(world):
    row = take_up(world, cases=CASES.replace('answer: "yes", clauses: ["1"]', 'answer: "no"'))
    assert len(row.checked["failed"]) == 1 and row.checked["failed"][0]["en"] == "A tutor edits"
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY)
    with pytest.raises(Invalid) as invalid:
        services.propose_policy(**world.by(world.admin), draft=row)
    assert "cases" in invalid.value.errors


def test_a_policy_that_clashes_is_shown_side_by_side_and_not_proposed(world, client):
    clash = SCHOOL + (
        '  - id: "3"\n    zh: 交接。\n    en: Handing over takes nine days.\n    rules:\n'
        '      - sanction: {for: {late: "07:7.4.1a"}, fine_cny: 70, per: file, decided_by: [head]}\n'
    )
    row = take_up(world, text=clash)
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY)
    with pytest.raises(Invalid) as invalid:
        services.propose_policy(**world.by(world.admin), draft=row)
    assert "clashes" in invalid.value.errors
    client.force_login(world.admin)
    page = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "en"}).content.decode()
    assert "07:7.5.1" in page and "school:3" in page and "Handing over takes nine days." in page


BUS = """files:
  vehicle:
    zh: 校车档案
    en: School bus
    one_per: vin
    fields: {vin: {zh: 车牌号, en: Bus plate, type: plate, grade: personal, find: exact, strength: gate}}
"""


def test_a_policy_that_declares_a_kind_of_file_unlike_the_one_in_force_is_shown_so_and_not_proposed(world, client):
    row = take_up(world, text=SCHOOL.replace("files:\n", BUS))
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY)
    with pytest.raises(Invalid) as invalid:
        services.propose_policy(**world.by(world.admin), draft=row)
    assert list(invalid.value.errors) == ["clashes"]
    client.force_login(world.admin)
    page = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "en"})
    (((what, first, second),),) = [one.sides for one in page.context["clashes"]]
    assert what.startswith("the field 'vin' has type 'vin' in one policy, 'plate' in the other; make them alike")
    assert [one.text.en for one in (first, second)] == ["Frame number (VIN)", "Bus plate"]
    assert [one.title.en for one in (first, second)][1] == "School rules" and first.place == "files.vehicle.fields.vin"
    assert page.content.decode().count("files.vehicle.fields.vin") == 2
    said = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "栏目“车牌号”的类型：一为“车架号”，一为“车牌号”；请改成一致" in said


def test_the_next_edition_ends_the_one_before_on_the_day_before(world):
    first = adopted(world)
    row = take_up(world, text=SCHOOL.replace('edition: "1"', 'edition: "2"'))
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY + timedelta(days=30))
    services.propose_policy(**world.by(world.admin), draft=row)
    services.sign_policy(**world.by(world.head), draft=row)
    second = services.adopt_policy(**world.by(world.admin), draft=row).result
    first.refresh_from_db()
    assert first.ended_on == second.in_force_from - timedelta(days=1)
    editions = [book_for(world.branch, day).pack("school").edition for day in (first.ended_on, second.in_force_from)]
    assert editions == ["1", "2"]


def test_a_policy_binds_never_backwards(world):
    row = take_up(world)
    with pytest.raises(Invalid) as invalid:
        services.change_draft(**world.by(world.admin), draft=row, in_force_from=world.today - timedelta(days=1))
    assert "in_force_from" in invalid.value.errors


def test_a_first_day_that_lies_ages_ahead_is_a_slip(world):
    row = take_up(world)
    with pytest.raises(Invalid) as invalid:
        services.change_draft(**world.by(world.admin), draft=row, in_force_from=date(9999, 12, 31))
    assert "in_force_from" in invalid.value.errors


def test_a_second_draft_of_one_policy_and_the_text_in_force_are_refused(world):
    take_up(world)
    with pytest.raises(Invalid, match="file"):
        take_up(world)
    text, cases = candidates.boxed("07-vehicle-dealership.yaml")
    with writing():
        Adoption.objects.filter(file_name="07-vehicle-dealership.yaml").update(slug="vehicle-dealership")
    with pytest.raises(Invalid, match="file"):
        take_up(world, text, cases, "07-vehicle-dealership.yaml")


def test_sanctions_wait_for_the_record_of_the_hearing(world):
    row = adopted(world)
    assert row in not_enforceable(world.branch, DAY)
    with pytest.raises(Invalid):
        services.record_hearing(**world.by(world.admin), adoption=row, heard_on=world.today, note=" ")
    with pytest.raises(Invalid):
        services.record_hearing(
            **world.by(world.admin), adoption=row, heard_on=world.today + timedelta(days=1), note="x"
        )
    services.record_hearing(**world.by(world.admin), adoption=row, heard_on=world.today, note="Meeting in room 3")
    assert not_enforceable(world.branch, DAY) == []


def test_a_hearing_before_the_adoption_goes_with_it(world):
    row = proposed(world)
    services.record_draft_hearing(**world.by(world.admin), draft=row, heard_on=world.today, note="Posted a week")
    services.sign_policy(**world.by(world.head), draft=row)
    adoption = services.adopt_policy(**world.by(world.admin), draft=row).result
    assert (adoption.hearing_record, adoption.heard_on) == ("Posted a week", world.today)


def test_staff_confirm_once_that_they_have_read_it_and_the_others_are_named(world, client):
    row = adopted(world)
    services.confirm_reading(**world.by(world.li), adoption=row)
    with pytest.raises(Invalid):
        services.confirm_reading(**world.by(world.li), adoption=row)
    assert Confirmation.objects.get().person == world.li
    client.force_login(world.wang)
    page = client.get(reverse("office:edition", args=[row.pk])).context
    assert world.li not in page["not_read"] and world.wang in page["not_read"]


def test_a_stored_text_that_was_altered_is_named_and_not_run(world):
    row = adopted(world)
    assert altered() == []
    with writing():
        Adoption.objects.filter(pk=row.pk).update(text=row.text.replace("A tutor", "Anybody"))
    assert len(altered()) == 1 and "school 1" in altered()[0]
    from kedang.adoptions import queries

    queries._pack.cache_clear()
    queries._book.cache_clear()
    with pytest.raises(AlteredText):
        book_for(world.branch, DAY)


def test_a_new_wording_in_the_box_is_announced(world, client):
    client.force_login(world.li)
    url = reverse("office:policies")
    assert client.get(url).context["announced"] == []
    shipped, _cases = candidates.boxed("07-vehicle-dealership.yaml")
    older = candidates.read_pack(shipped + "\n# an older wording\n", "07-vehicle-dealership.yaml")
    with writing():
        Adoption.objects.filter(file_name=older.name).update(
            text=older.canonical, sha256=older.sha256, edition=older.edition
        )
    assert [one.changed for one in client.get(url).context["announced"]] == ["wording"]


# --- on the screen ---


def upload(client, text: bytes, name="school.yaml", **more):
    data = {"file": SimpleUploadedFile(name, text), "token": "form", **more}
    return client.post(reverse("office:adopt"), data, headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (SCHOOL.replace("file.edit", "file.edti").encode(), "school.yaml", f"school.yaml:{LINE}:"),
        ("pack: schule\nedition: \xff".encode("latin-1"), "school.yaml", "school.yaml:2:"),
        (SCHOOL.encode(), "../../etc/School.yaml", "lower-case letters"),
        (SCHOOL.encode(), "07-school.yaml", "taken by"),
        (b"x" * 1_000_001, "school.yaml", "at most 1 MB"),
    ],
)
def test_a_hostile_file_is_refused_with_its_line_and_nothing_is_taken_up(client, world, text, name, said):
    client.force_login(world.admin)
    sent = upload(client, text, name)
    assert sent.status_code == 422 and said in sent.content.decode()
    assert not Draft.objects.exists()


def test_whoever_may_not_draft_is_refused_and_does_not_see_one(client, world):
    client.force_login(world.li)
    assert upload(client, SCHOOL.encode()).status_code == 403
    row = take_up(world)
    assert client.get(reverse("office:draft", args=[row.pk])).status_code == 404


def test_a_policy_goes_from_the_box_into_force_on_screens(client, world):
    client.force_login(world.admin)
    sent = upload(client, SCHOOL.encode(), cases=SimpleUploadedFile("school.cases.yaml", CASES.encode()))
    row = Draft.objects.get()
    assert sent.headers["Location"] == reverse("office:draft", args=[row.pk])
    assert row.checked == {"passed": 1, "failed": [], "proved": 1, "unproved": ["2"]}

    def act(what, **data):
        return client.post(
            reverse("office:draft-act", args=[row.pk, what]), {"token": what + str(len(data)), **data},
            headers={"Accept-Language": "en"},
        )  # fmt: skip

    assert act("change", **{"default_pupil.days": "99"}).status_code == 422
    assert act("propose").status_code == 422
    chosen = {
        "in_force_from": str(date.today() + timedelta(days=30)),
        "post_tutor": "as:sales-consultant",
        "default_pupil.days": "9",
    }
    assert act("change", **chosen).status_code == 302
    assert act("propose", again="1").status_code == 302
    wrong = act("sign", signer_username="head", signer_password="wrong")
    assert wrong.status_code == 422 and not SignOff.objects.exists()
    assert act("adopt").status_code == 403
    assert act("sign", signer_username="head", signer_password="correct horse battery", x="1").status_code == 302
    assert act("hear", heard_on="2026-01-05", note="Meeting").status_code == 302
    assert act("adopt", again="1").status_code == 302
    done = Adoption.objects.get(slug="school")
    assert (done.settings, done.hearing_record, done.approved_by) == ({"pupil.days": 9}, "Meeting", world.head)
    assert {one.person for one in PostHolding.objects.filter(post="tutor")} == {world.li, world.wang}
    assert act("destroy").status_code == 404
    assert client.get(reverse("office:adopt")).status_code == 200
    assert client.get(reverse("office:edition", args=[done.pk])).status_code == 200


def test_a_box_policy_is_taken_up_with_its_cases(client, world):
    client.force_login(world.admin)
    with writing():
        Adoption.objects.filter(file_name__startswith="07").delete()
    client.post(reverse("office:adopt"), {"pack": "07-vehicle-dealership.yaml", "token": "t"})
    row = Draft.objects.get()
    assert row.slug == "vehicle-dealership" and row.checked["passed"] > 30 and row.checked["failed"] == []
    assert client.get(reverse("office:draft", args=[row.pk])).status_code == 200
    client.post(reverse("office:draft-act", args=[row.pk, "withdraw"]), {"token": "w"})
    row.refresh_from_db()
    assert row.status == "withdrawn"


# --- who signs when, and who puts it into force ---

IN_ORDER = SCHOOL.replace("from: [[head]]}}]", "from: [[tutor], [archivist], [head]]}}]")


def ordered(world) -> Draft:
    """A wording that a tutor, the archivist and the head sign after one another; Li is the tutor."""
    with writing():
        PostHolding.objects.create(person=world.li, branch=world.branch, post="tutor", since=date(2020, 1, 1))
    row = take_up(world, IN_ORDER)
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY)
    services.propose_policy(**world.by(world.admin), draft=row)
    return row


def test_nobody_signs_before_those_whom_the_clause_names_first(world):
    row = ordered(world)
    for early in (world.head, world.sun):
        with pytest.raises(Invalid) as invalid:
            services.sign_policy(**world.by(early), draft=row)
        assert "2" in invalid.value.errors["signer"] and "辅导员" in invalid.value.errors["signer"]
    assert not SignOff.objects.exists()
    for one in (world.li, world.sun, world.head):
        services.sign_policy(**world.by(one), draft=row)
    assert services.adopt_policy(**world.by(world.admin), draft=row).result.approved_by == world.head


def test_a_wording_lies_on_the_desk_of_whose_signature_is_next_and_on_nobody_elses(world, client):
    row = ordered(world)

    def desks() -> list[str]:
        found = []
        for one in (world.li, world.sun, world.head, world.admin):
            client.force_login(one)
            page = client.get(reverse("office:desk"), headers={"Accept-Language": "en"})
            found += [one.username] * len(page.context["to_sign"])
            assert (reverse("office:draft", args=[row.pk]) in page.content.decode()) is bool(page.context["to_sign"])
        return found

    assert desks() == ["li"]
    services.sign_policy(**world.by(world.li), draft=row)
    assert desks() == ["sun"]
    services.sign_policy(**world.by(world.sun), draft=row)
    assert desks() == ["head"]
    services.sign_policy(**world.by(world.head), draft=row)
    assert desks() == []


def test_a_consent_to_the_adoption_lets_nobody_adopt_whom_the_common_rules_do_not_name(world, client):
    row = proposed(world)
    services.sign_policy(**world.by(world.head), draft=row)
    with pytest.raises(Refused) as refused:
        services.adopt_policy(**world.by(world.wang), draft=row)
    assert refused.value.answer.clauses == {"base:B.17"}
    client.force_login(world.wang)
    page = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "en"})
    assert page.context["may_adopt"].verdict == "no" and page.context["adopters"] == [world.admin]
    assert "put into force by: Admin" in " ".join(page.content.decode().split())
    services.adopt_policy(**world.by(world.admin), draft=row)


def test_whoever_waits_in_one_clause_is_next_in_none(world, client):
    """The head approves by one clause and signs last by another: the page calls only the tutor the next one."""
    text = (
        IN_ORDER
        + """  - id: "3"
    zh: 校长批准。
    en: The head approves.
    rules: [{consent: {act: policy.adopt, from: [[head]]}}]
"""
    )
    with writing():
        PostHolding.objects.create(person=world.li, branch=world.branch, post="tutor", since=date(2020, 1, 1))
    row = take_up(world, text)
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY)
    services.propose_policy(**world.by(world.admin), draft=row)
    client.force_login(world.admin)
    for signer, following in ((world.li, 1), (world.sun, 1), (world.head, 2)):
        shown = client.get(reverse("office:draft", args=[row.pk])).context["places"]
        assert sum(one.next for one in shown) == following
        services.sign_policy(**world.by(signer), draft=row)
    assert all(one.done for one in client.get(reverse("office:draft", args=[row.pk])).context["places"])


UNNAMED = SCHOOL[: SCHOOL.index('  - id: "2"')]


def test_nobody_gives_himself_a_post_by_a_wording_that_only_he_has_signed(world):
    row = take_up(world, UNNAMED)
    posts = {"tutor": {"people": [world.admin.pk]}}
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY, posts=posts)
    services.propose_policy(**world.by(world.admin), draft=row)
    services.sign_policy(**world.by(world.admin), draft=row)
    with pytest.raises(Refused) as refused:
        services.adopt_policy(**world.by(world.admin), draft=row)
    assert refused.value.answer.clauses == {"base:B.18"}
    assert not PostHolding.objects.filter(post="tutor").exists() and not Adoption.objects.filter(slug="school").exists()
    services.sign_policy(**world.by(world.qian), draft=row)
    services.adopt_policy(**world.by(world.admin), draft=row)
    assert PostHolding.objects.get(post="tutor").person == world.admin


def test_a_wording_makes_nobody_two_of_the_three_officers(world):
    text = UNNAMED.replace("[clerk]}", "[auditor]}")
    row = take_up(world, text, cases="")
    posts = {"tutor": {"people": [world.admin.pk]}}
    services.change_draft(**world.by(world.admin), draft=row, in_force_from=DAY, posts=posts)
    services.propose_policy(**world.by(world.admin), draft=row)
    services.sign_policy(**world.by(world.qian), draft=row)
    with pytest.raises(Refused) as refused:
        services.adopt_policy(**world.by(world.head), draft=row)
    assert refused.value.answer.clauses == {"base:B.14"}
