"""The log-in back end of codes: an authenticator app's, or a recovery code; each serves once, failures are counted."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from kedang.journal.sealed import Purpose
from kedang.office import totp
from kedang.office.models import SecondFactor, UsedCode
from kedang.staff.models import Person

CODE = re.compile(r"[0-9]{6}\Z")
RECOVERY = re.compile(r"[a-z0-9]{5}-[a-z0-9]{5}\Z")


def factor_of(person: Person) -> SecondFactor | None:
    """The second factor of a person, if there is one."""
    return SecondFactor.objects.filter(person=person).first()


def accepts(factor: SecondFactor, code: str) -> bool:
    """Whether the code is right and has not served yet; it has then."""
    code = code.strip().replace(" ", "").lower()
    moment = settings.CLOCK()
    mark = ""
    if CODE.match(code):
        secret = factor.secret.reveal(Purpose(factor.person, "log-in"))
        step = totp.step_of(secret, code, moment.timestamp())
        mark = f"step {step}" if step is not None else ""
    elif RECOVERY.match(code) and totp.hashed(code) in factor.recovery:
        mark = totp.hashed(code)
    if not mark:
        return False
    try:
        with transaction.atomic():
            UsedCode.objects.create(person=factor.person, mark=mark, used_at=moment)
    except IntegrityError:
        return False  # it has served: nobody looks over a shoulder and logs in a second later
    return True


def codes_left(factor: SecondFactor) -> int:
    """How many recovery codes have not served."""
    return len(factor.recovery) - UsedCode.objects.filter(person=factor.person, mark__in=factor.recovery).count()


class CodeBackend(BaseBackend):
    """``authenticate(request, username=…, code=…)``; a log-in asks for the password before it, a signature does not."""

    def authenticate(self, request: HttpRequest | None, username: str = "", code: str = "", **_rest: Any) -> Any:
        """The person, if the code is theirs."""
        if not username or not code:
            return None
        person = Person.objects.filter(username=username, is_active=True).first()
        factor = factor_of(person) if person else None
        return person if factor is not None and accepts(factor, code) else None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
