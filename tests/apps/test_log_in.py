"""Passwords, codes of an app, recovery codes, sessions: what opens, what counts as a failure, what serves once."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from kedang.acts.answers import Invalid
from kedang.acts.signing import signer_of
from kedang.journal.guard import writing
from kedang.journal.models import Event
from kedang.office import login_services as services
from kedang.office import totp
from kedang.office.models import OfficeSession, SecondFactor
from kedang.office.second_factor import accepts, codes_left
from tests.apps.office_world import make_office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PASSWORD = "correct horse battery"
NEW = "a wholly new one"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" of RFC 6238, appendix B
CODES = ["aaaaa-bbbbb", "ccccc-ddddd"]


class Clock:
    """What the edge reads; a test says when it is."""

    now = datetime(2026, 3, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def world(settings) -> SimpleNamespace:
    made = make_office()
    made.clock = settings.CLOCK = Clock()
    return made


def now_code(world, steps: int = 0) -> str:
    return totp.code_at(SECRET, int(world.clock.now.timestamp()) // 30 + steps)


def enrolled(world, steps: int = -2) -> SecondFactor:
    """Li's app, set up a minute ago."""
    moment = world.clock.now + timedelta(seconds=30 * steps)
    services.enroll(
        **world.by(world.li, now=moment), branch=world.branch, person=world.li, secret=SECRET,
        code=now_code(world, steps), recovery=CODES,
    )  # fmt: skip
    return SecondFactor.objects.get(person=world.li)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standards_own_table(seconds, code):
    assert totp.code_at(SECRET, seconds // 30) == code


def test_a_code_is_taken_half_a_minute_off_and_no_more():
    step = 1_000_000
    assert [
        totp.step_of(SECRET, totp.code_at(SECRET, step + off), step * 30) is not None for off in (-2, -1, 0, 1, 2)
    ] == [False, True, True, True, False]


def test_a_code_serves_once(world):
    factor, code = enrolled(world), now_code(world)
    assert accepts(factor, code) and not accepts(factor, code)
    assert accepts(factor, now_code(world, 1))


def test_a_recovery_code_serves_once_and_is_counted(world):
    factor = enrolled(world)
    assert codes_left(factor) == 2
    assert accepts(factor, " AAAAA-bbbbb ") and not accepts(factor, "aaaaa-bbbbb")
    assert codes_left(factor) == 1


def test_the_secret_stands_nowhere_in_the_clear(world):
    factor = enrolled(world)
    row = SecondFactor.objects.filter(pk=factor.pk).values("secret", "recovery").get()
    assert SECRET.encode() not in bytes(row["secret"]) and "aaaaa" not in str(row["recovery"])
    assert SECRET not in "".join(bytes(one.body).decode() for one in Event.objects.all())


def test_a_wrong_first_code_sets_nothing_up(world):
    with pytest.raises(Invalid):
        services.enroll(
            **world.by(world.li), branch=world.branch, person=world.li, secret=SECRET, code="000000", recovery=CODES
        )
    assert not SecondFactor.objects.exists()


def test_nobody_sets_up_or_gives_up_somebody_elses(world):
    with pytest.raises(Invalid):
        services.drop(**world.by(world.qian), branch=world.branch, person=world.li, password=PASSWORD)


# --- at the door ---


def log_in(client, password=PASSWORD, name="li"):
    return client.post(reverse("web:login"), {"username": name, "password": password})


def test_with_an_app_the_password_alone_opens_nothing(client, world):
    enrolled(world)
    sent = log_in(client)
    assert sent.headers["Location"].startswith(reverse("web:login-code"))
    assert client.get(reverse("office:desk")).status_code == 302
    assert client.post(reverse("web:login-code"), {"code": "000000"}).status_code == 422
    assert client.post(reverse("web:login-code"), {"code": now_code(world)}).status_code == 302
    assert client.get(reverse("office:desk")).status_code == 200


def test_the_code_alone_opens_nothing(client, world):
    enrolled(world)
    assert client.post(reverse("web:login-code"), {"code": now_code(world)}).headers["Location"] == reverse("web:login")
    assert log_in(client, now_code(world)).status_code == 422


def test_the_second_step_waits_five_minutes(client, world):
    enrolled(world)
    log_in(client)
    world.clock.now += timedelta(seconds=301)
    assert client.post(reverse("web:login-code"), {"code": now_code(world)}).headers["Location"] == reverse("web:login")


def test_five_wrong_codes_lock_the_name_out(client, world):
    enrolled(world)
    log_in(client)
    answers = [client.post(reverse("web:login-code"), {"code": "000000"}).status_code for _ in range(5)]
    assert answers[-1] == 429 and client.post(reverse("web:login-code"), {"code": now_code(world)}).status_code == 429


def test_a_password_given_by_somebody_else_is_changed_first(client, world):
    with writing():
        world.li.must_change_password = True
        world.li.save()
    log_in(client)
    page = reverse("office:password")
    for address in ("office:desk", "files:list", "office:account"):
        assert client.get(reverse(address)).headers["Location"] == page
    sent = client.post(page, {"old": PASSWORD, "new": NEW, "again": NEW, "token": "a"})
    assert sent.status_code == 302
    assert client.get(reverse("office:desk")).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "12345678901", "12345678901", "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, NEW, NEW + "!", "again"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_at_its_field(client, world, old, new, again, field):
    log_in(client)
    sent = client.post(reverse("office:password"), {"old": old, "new": new, "again": again, "token": "a"})
    assert sent.status_code == 422 and field in sent.context["form"].errors
    world.li.refresh_from_db()
    assert world.li.check_password(PASSWORD)


def test_a_changed_password_ends_every_other_session(client, world):
    other = type(client)()
    log_in(client)
    log_in(other)
    client.post(reverse("office:password"), {"old": PASSWORD, "new": NEW, "again": NEW, "token": "a"})
    assert client.get(reverse("office:desk")).status_code == 200
    assert other.get(reverse("office:desk")).status_code == 302


def test_sessions_are_listed_and_ended_by_their_owner_only(client, world):
    other, stranger = type(client)(), type(client)()
    log_in(client)
    log_in(other)
    log_in(stranger, name="wang")
    page = client.get(reverse("office:account"))
    assert len(page.context["sessions"]) == 2
    theirs = stranger.session.session_key[:12]
    assert client.post(reverse("office:end-session"), {"session": theirs}).status_code == 404
    assert client.post(reverse("office:end-session"), {"session": other.session.session_key[:12]}).status_code == 302
    assert other.get(reverse("office:desk")).status_code == 302
    assert stranger.get(reverse("office:desk")).status_code == 200
    log_in(other)
    assert client.post(reverse("office:end-session"), {"all": "1"}).status_code == 302
    assert OfficeSession.objects.filter(person=world.li).count() == 1


def test_an_app_is_set_up_and_given_up_on_screens(client, world):
    log_in(client)
    page = client.get(reverse("office:second-factor"))
    secret = page.context["secret"]
    code = totp.code_at(secret, int(world.clock.now.timestamp()) // 30)
    assert client.post(reverse("office:second-factor"), {"code": "1", "token": "a"}).status_code == 422
    done = client.post(reverse("office:second-factor"), {"code": code, "token": "b"})
    assert len(done.context["codes"]) == 10
    assert client.get(reverse("office:account")).context["left"] == 10
    assert client.post(reverse("office:drop-factor"), {"password": "wrong", "token": "c"}).status_code == 422
    assert client.post(reverse("office:drop-factor"), {"password": PASSWORD, "token": "d"}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_a_signature_is_a_password_or_a_code_and_a_code_signs_once(rf, world):
    enrolled(world)

    def signs(word):
        return signer_of(rf.post("/", {"who_username": "li", "who_password": word}), "who")

    assert signs(PASSWORD) == world.li
    code = now_code(world)
    assert signs(f"{code[:3]} {code[3:]}") == world.li
    assert signs(code) is None


def test_wrong_codes_in_a_signature_count_towards_lock_out(rf, world):
    enrolled(world)
    for _ in range(5):
        assert signer_of(rf.post("/", {"who_username": "li", "who_password": "000000"}), "who") is None
    assert authenticate(rf.post("/"), username="li", password=PASSWORD) is None


def test_an_absence_is_recorded_on_the_screen(client, world):
    client.force_login(world.qian)
    days = {"deputy": str(world.sun.pk), "since": "2026-04-01", "until": "2026-04-05", "token": "a"}
    assert client.post(reverse("office:absence"), days).status_code == 302
    assert [one.person for one in client.get(reverse("office:account")).context["entrusted"]] == [world.sun]
    late = {"deputy": str(world.sun.pk), "since": "2026-03-01", "until": "2026-03-05", "token": "b"}
    assert client.post(reverse("office:absence"), late).status_code == 422
