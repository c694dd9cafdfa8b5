"""One act: sent twice it happens once, overtaken it is stale, refused it is kept, unasked it is an error."""

from __future__ import annotations

import pytest

from kedang.acts.answers import Concerning, Done, Invalid, Refused, Stale, Subject
from kedang.acts.command import COMMANDS, command
from kedang.acts.gate import advise
from kedang.duties.models import Duty
from kedang.files.models import File
from kedang.files.services import edit_file, open_file, reach_file
from kedang.journal.models import Event, Refusal
from kedang.journal.queries import events_of, last_seq
from kedang.rulebook import Book, load_pack
from tests.apps.files_world import make_world, values

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def world():
    return make_world()


def opened(world, **changes):
    """A file of Li's."""
    return open_file(
        **world.by(world.li), branch=world.branch, kind="thing", values=values(**changes), roles={"seller": world.li}
    ).result


def test_the_same_form_sent_twice_is_one_act(world):
    first = open_file(
        **world.by(world.li, "same"), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    )
    second = open_file(
        **world.by(world.li, "same"), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
    )
    assert second.repeated and second.result == first.result
    assert File.objects.count() == 1


def test_the_same_token_of_somebody_else_is_another_act(world):
    opened(world)
    done = open_file(
        **world.by(world.wang, "form-1"), branch=world.branch, kind="thing",
        values=values(serial="LSVAM4187C2184842"), roles={"seller": world.li},
    )  # fmt: skip
    assert not done.repeated


def test_whoever_was_overtaken_is_told_and_changes_nothing(world):
    file = opened(world)
    seen = last_seq("file", file.pk)
    edit_file(**world.by(world.li), seen=seen, file=file, values={"mobile": "13800002222"})
    with pytest.raises(Stale) as caught:
        edit_file(**world.by(world.wang), seen=seen, file=file, values={"mobile": "13800003333"})
    assert caught.value.seq == seen + 1
    assert len(events_of("file", file.pk)) == seen + 1


def test_a_refusal_is_kept_apart_from_the_chain(world):
    with pytest.raises(Refused):
        open_file(
            **world.by(world.zhao), branch=world.branch, kind="thing", values=values(), roles={"seller": world.li}
        )
    assert File.objects.count() == 0 and Event.objects.count() == 0
    refusal = Refusal.objects.get()
    assert (refusal.act, refusal.actor) == ("file.open", world.zhao)


def test_a_command_that_asks_no_rule_is_an_error(world):
    try:

        @command("journal.read", lambda branch: Concerning(branch, []))
        def peep(ctx, *, branch) -> Done:
            return Done(None, [])

        with pytest.raises(RuntimeError):
            peep(**world.by(world.li), branch=world.branch)
    finally:
        COMMANDS.pop("journal.read", None)


def test_a_wrong_form_changes_nothing_and_is_no_refusal(world):
    with pytest.raises(Invalid):
        opened(world, serial="short")
    assert File.objects.count() == 0 and Refusal.objects.count() == 0


def test_delivery_opens_the_consultants_duty_from_the_day_it_happened(world):
    file = opened(world)
    reach_file(**world.by(world.li), file=file, milestone="delivered", on=world.today.replace(day=20))
    duty = Duty.objects.get()
    assert duty.clause == "90:1" and [one.person for one in duty.bound.all()] == [world.li]
    assert (duty.from_on.day, duty.due_on.day) == (20, 25)  # a Friday; the weekend does not count
    assert Subject("file", str(file.pk)) == (duty.about_kind, duty.about_id)


APART = """
pack: two-people
language: 1
edition: "1"
title: {zh: 两人, en: Two people}
posts: {seller: {zh: 销售, en: Seller}}
files: {thing: {zh: 物品档案, roles: {first: {zh: 甲, post: seller}, second: {zh: 乙, post: seller}}}}
clauses:
  - id: "1"
    zh: 两角须为两人。
    en: Two roles are two people.
    rules:
      - permit: {act: file.open, who: [seller]}
      - require: {act: file.open, that: {file.first: {empty: "no", differs_from: [file.second]}}}
"""


def test_a_rule_can_say_that_two_roles_are_two_people(world):
    book = Book((load_pack(APART, "91-two-people.yaml"),))

    def ask(first, second):
        roles = {"file.first": first, "file.second": second}
        return advise(
            "file.open", actor=world.li, branch=world.branch, today=world.today, book=book,
            parties={role: {str(who.pk)} for role, who in roles.items() if who},
        )  # fmt: skip

    assert ask(world.li, world.wang).allowed
    assert {lack.fact for lack in ask(world.li, world.li).lacking} == {"file.first"}
    assert not ask(None, world.wang).allowed
