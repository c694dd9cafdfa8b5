"""The next edition in the browser: figures and texts as fields, cases run, clause by clause against the old one."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from kedang.adoptions.models import Adoption, Draft
from kedang.adoptions.queries import book_for
from kedang.journal.guard import writing
from kedang.lib import numerals
from kedang.office import adoption_services as services
from kedang.office import amending, candidates
from kedang.rulebook.pack import Duty
from kedang.staff.models import Person, PostHolding
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DEALER = "07-vehicle-dealership.yaml"
CASE_OF_THE_HOUSE = """
people: {qian: [customer-director]}
cases:
  - name: {zh: 关爱部解释, en: Care interprets}
    proves: ["7.6a"]
    when: {try: policy.interpret, on: 2026-03-02, by: qian, policy: P}
    then: [{answer: "yes"}]
"""


@pytest.fixture
def world(client):
    made = make_office()
    with writing():
        for name, post in (("admin", "administrator"), ("chen", "general-manager")):
            one = Person.objects.create_user(name, "correct horse battery", name=name.title())
            PostHolding.objects.create(person=one, branch=made.branch, post=post, since=date(2020, 1, 1))
            setattr(made, name, one)
    made.row = Adoption.objects.get(file_name=DEALER)
    client.force_login(made.admin)
    return made


def place(text: str, clause: str, key: str) -> amending.Place:
    return next(one for one in amending.places(text) if (one.clause, one.key) == (clause, key))


def begun(client, world) -> Draft:
    sent = client.post(reverse("office:amend", args=[world.row.pk]), {"token": "a"})
    row = Draft.objects.get()
    assert sent.headers["Location"] == reverse("office:wording", args=[row.pk])
    return row


def test_every_shipped_pack_reads_the_same_after_its_values_are_written_anew():
    for path in candidates.box():
        text = path.read_text("utf-8")
        same = amending.rewritten(text, {one.name: one.value for one in amending.places(text)})
        assert same == text
        changed = amending.rewritten(
            text, {one.name: one.value + " x" for one in amending.places(text) if one.key == "en"}
        )
        pack = candidates.read_pack(changed, path.name)
        assert all(clause.text.en.endswith(" x") for clause in pack.clauses.values())


def test_a_figure_is_changed_without_yaml_and_shown_against_the_edition_in_force(client, world):
    row = begun(client, world)
    assert row.edition == "2" and row.checked["failed"] == []
    days = place(row.text, "7.4.1a", "within_working_days")
    assert days.value == "3"
    url = reverse("office:wording", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {days.name: "5", "token": "b"}).status_code == 302
    row.refresh_from_db()
    duty = next(one for one in candidates.read_pack(row.text, DEALER).clauses["7.4.1a"].rules if isinstance(one, Duty))
    assert duty.limit.number == 5 and row.checked["failed"] != []
    page = client.get(reverse("office:draft", args=[row.pk]))
    assert [one.id for one in page.context["changes"]] == ["7.4.1a"]


def test_wrong_yaml_comes_back_with_its_line_and_changes_nothing(client, world):
    row = begun(client, world)
    url = reverse("office:wording", args=[row.pk])
    wrong = row.text.replace("handover.received", "handover.recieved", 1)
    sent = client.post(url, {"text": wrong, "token": "b"}, headers={"Accept-Language": "en"})
    assert sent.status_code == 422 and f"{DEALER}:" in sent.content.decode()
    sent = client.post(url, {"text": row.text.replace("pack: vehicle-dealership", "pack: other"), "token": "c"})
    assert sent.status_code == 422
    before = row.sha256
    row.refresh_from_db()
    assert row.sha256 == before


def test_a_wrong_figure_is_named_by_its_clause_and_marked_in_its_field(client, world):
    row = begun(client, world)
    days, before = place(row.text, "7.4.1a", "within_working_days"), row.sha256
    url = reverse("office:wording", args=[row.pk])
    sent = client.post(url, {days.name: "two", "token": "b"}, headers={"Accept-Language": "en"})
    page = sent.content.decode()
    assert sent.status_code == 422 and '<a href="#c-7.4.1a">7.4.1a</a>:' in page and f"{DEALER}:" not in page
    assert [one.clause for one in sent.context["errors"]] == ["7.4.1a"] and page.count('aria-invalid="true"') == 1
    row.refresh_from_db()
    assert row.sha256 == before


def test_a_figure_that_the_text_leaves_behind_is_told_before_it_is_proposed(client, world):
    row = begun(client, world)
    days = place(row.text, "7.4.1a", "within_working_days")
    client.post(reverse("office:wording", args=[row.pk]), {days.name: "2", "token": "b"})
    url = reverse("office:draft", args=[row.pk])
    page = client.get(url, headers={"Accept-Language": "en"})
    (left,) = page.context["left_behind"]
    assert (left.clause, left.before, left.after, left.languages) == ("7.4.1a", "3", "2", ("zh", "en"))
    assert "the rule now says 2 instead of 3, but the text still says 3" in page.content.decode()
    row.refresh_from_db()
    clause = candidates.read_pack(row.text, DEALER).clauses["7.4.1a"].text
    zh, en = clause.zh.replace("3", "2"), clause.en.replace("three", "2").replace("3", "2")
    said = {place(row.text, "7.4.1a", "zh").name: zh, place(row.text, "7.4.1a", "en").name: en}
    client.post(reverse("office:wording", args=[row.pk]), {**said, "token": "c"})
    assert client.get(url).context["left_behind"] == []


@pytest.mark.parametrize(
    ("text", "number", "named"),
    [
        ("3个工作日内", "3", True), ("13个工作日内", "3", False), ("三个工作日", "3", True), ("十三日", "3", False),
        ("两年", "2", True), ("二十一日", "21", True), ("within three days", "3", True), ("thirteen days", "3", False),
        ("罚款1,000元", "1000", True), ("3.5", "3", False), ("twenty-one", "21", True), ("每月", "1", False),
    ],
)  # fmt: skip
def test_a_text_names_a_number_in_digits_in_chinese_or_in_english(text, number, named):
    assert numerals.names(text, number) is named


def test_the_old_edition_governs_until_the_day_before(client, world):
    row = begun(client, world)
    text = row.text.replace("within_working_days: 3", "within_working_days: 4", 1)
    services.change_draft(**world.by(world.admin), draft=row, text=text, cases="[]", in_force_from=date(2026, 4, 1))
    services.propose_policy(**world.by(world.admin), draft=row)
    for signer in (world.sun, world.qian, world.chen):
        services.sign_policy(**world.by(signer), draft=row)
    services.adopt_policy(**world.by(world.admin), draft=row)
    editions = [book_for(world.branch, day).pack("07").edition for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert editions == ["1", "2"]
    second = Adoption.objects.get(slug=world.row.slug, edition="2")
    page = client.get(reverse("office:edition", args=[second.pk]), headers={"Accept-Language": "en"})
    assert [one.id for one in page.context["changes"]] == ["7.4.1a"]
    assert "within <del>3</del> working days" in page.content.decode()
    assert [one.as_whom for one in page.context["signed"]] == [
        "Customer-file archivist",
        "Customer director",
        "General manager",
    ]
    assert client.get(reverse("office:edition", args=[world.row.pk])).context["changes"] is None


def test_the_cases_of_an_edition_of_ones_own_stand_beside_its_clauses(client, world):
    row = begun(client, world)
    text = row.text.replace("within_working_days: 3", "within_working_days: 4", 1)
    services.change_draft(
        **world.by(world.admin), draft=row, text=text, cases=CASE_OF_THE_HOUSE, in_force_from=world.today
    )
    services.propose_policy(**world.by(world.admin), draft=row)
    for signer in (world.sun, world.qian, world.chen):
        services.sign_policy(**world.by(signer), draft=row)
    services.adopt_policy(**world.by(world.admin), draft=row)
    page = client.get(reverse("office:clause", args=["07:7.6a"]), headers={"Accept-Language": "zh-hans"})
    assert page.context["clause"].cases == ("关爱部解释",)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("3个工作日内", "5个工作日内", ("<del>3</del>个工作日内", "<ins>5</ins>个工作日内")),
        ("a <b> c", "a <b> d", ("a &lt;b&gt; <del>c</del>", "a &lt;b&gt; <ins>d</ins>")),
        ("", "new", ("", "<ins>new</ins>")),
        ("完全不同", "something else", ("<del>完全不同</del>", "<ins>something else</ins>")),
    ],
)
def test_what_differs_between_two_editions_is_marked(before, after, marked):
    assert amending.marked(before, after) == marked


def test_a_text_that_differs_in_the_other_language_only_is_shown_in_that_one(client, world):
    row = begun(client, world)
    text = row.text.replace("纸质档案须放入专用档案柜", "纸质档案须放入防火档案柜", 1)
    assert text != row.text
    services.change_draft(**world.by(world.admin), draft=row, text=text)
    (change,) = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "en"}).context["changes"]
    assert (change.id, "防火" in change.after, change.rules_before) == ("7.2.4b", True, change.rules_after)


def test_a_figure_is_called_by_what_it_is(client, world):
    row = begun(client, world)
    page = client.get(reverse("office:wording", args=[row.pk]), headers={"Accept-Language": "zh-hans"})
    labels = {one["label"] for clause in page.context["clauses"] for one in clause["figures"]}
    assert "期限：工作日" in labels and not any(label.isascii() for label in labels)


def test_what_is_left_open_is_told_with_its_clause_and_in_words(client, world):
    row = begun(client, world)
    page = client.get(reverse("office:draft", args=[row.pk]), headers={"Accept-Language": "zh-hans"})
    rows = {one["key"]: one for one in page.context["choices"].defaults()}
    assert [one.id for one, _rules in rows["shelving.days"]["clauses"]] == ["7.2.4b"]
    assert rows["vehicle.order"]["bounds"] == ["按清单次序", "新的在前", "按签发日期"]
    assert not rows["vehicle.order"]["name"].isascii()


def test_whoever_may_not_draft_amends_nothing(client, world):
    client.force_login(world.li)
    assert client.post(reverse("office:amend", args=[world.row.pk]), {"token": "a"}).status_code == 403
    assert not Draft.objects.exists()
