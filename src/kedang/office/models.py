"""Tables of log-in: the second factor, codes that were used, and whose a session is."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from kedang.journal.sealed import SealedField
from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL


class SecondFactor(models.Model):
    """The secret of an authenticator app (RFC 6238), sealed under the person's key; recovery codes as hashes."""

    person = models.OneToOneField(PERSON, models.CASCADE, related_name="second_factor")
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    secret = SealedField()
    recovery = models.JSONField(default=list)
    since = models.DateField()

    class Meta:
        verbose_name = _("second factor")

    def __str__(self) -> str:
        return f"{self.person} · {self.since}"


class UsedCode(models.Model):
    """A code that has served: the 30-second step, or the hash of a recovery code.  Counts a log-in, like axes' rows."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=80)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "mark"], name="a_code_serves_once")]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.mark}"


class OfficeSession(AbstractBaseSession):
    """A session that knows whose it is, so that its owner sees and ends it."""

    person = models.ForeignKey(PERSON, models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    agent = models.CharField(max_length=120, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("session")
        indexes = [models.Index(fields=["person"], name="session_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.started_at}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that keeps these rows."""
        from kedang.office.sessions import SessionStore

        return SessionStore


class HeldReset(Noted):
    """A new password that somebody gave to whoever holds a post with power; it serves once a second person confirms it.

    ``password`` is its hash, gone with the answer; ``counts_as`` and ``decides`` are what the person's posts were.
    """

    STATES: ClassVar[list[tuple[str, Any]]] = [
        ("waiting", _("waits for confirmation")), ("confirmed", _("new password in use")), ("declined", _("given up")),
    ]  # fmt: skip

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="held_resets")
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    password = models.CharField(max_length=128, blank=True)
    counts_as = models.JSONField(default=list)
    decides = models.BooleanField(default=False)
    clauses = models.JSONField(default=list)
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    given_on = models.DateField()
    status = models.CharField(max_length=10, choices=STATES, default="waiting")
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("password that waits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="waiting", answered_by=None)
                | models.Q(status__in=["confirmed", "declined"], answered_by__isnull=False, password=""),
                name="held_reset_is_answered_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(status="waiting"), name="one_password_waits_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.given_on}"
