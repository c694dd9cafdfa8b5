"""Tables of staff: who works here, in which posts, where and since when.

Names of staff are plain: they stand under every signature.  Rows change inside commands only.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kedang.lib.noting import Noted

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
KEY = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Write lower-case letters, digits and hyphens."))


def in_language(zh: str, en: str) -> str:
    """``zh`` or ``en`` as the reader's language asks; whichever there is when one is empty."""
    chinese = (get_language() or "zh").startswith("zh")
    return (zh or en) if chinese else (en or zh)


class Branch(Noted):
    """A part of the organization with its own archive room; branches form a tree (two-level archives, policy 14)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["code"]
        verbose_name = _("branch")
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="branch_has_a_code"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("pk")), name="branch_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class PersonManager(BaseUserManager["Person"]):
    """Makes persons with a hashed password; only commands may call it."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        """A person who can log in with ``password``; without one, nobody can log in as them."""
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> Person:
        """An administrator of staff; there is no other superuser in Kedang."""
        return self.create_user(username, password, **{"is_staff_admin": True, **fields})


class Person(AbstractBaseUser):
    """A member of staff with a log-in.  What they may do follows from their posts, never from this row."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, blank=True)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff_admin = models.BooleanField(_("administers staff"), default=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    left_on = models.DateField(_("last day"), null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="person_has_a_username"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(condition=Q(language__in=["", "zh-hans", "en"]), name="person_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_en)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password.  Unlike Django's own it never re-hashes: log-in is no act, it writes no row."""
        return check_password(raw_password, self.password)


class Unit(Noted):
    """A department that a pack names, as this branch has it."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="units")
    key = models.CharField(_("key in the policy"), max_length=60, validators=[KEY])
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    head = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="headed_units")

    class Meta:
        ordering = ["branch", "key"]
        verbose_name = _("unit")
        constraints = [models.UniqueConstraint(fields=["branch", "key"], name="one_unit_per_key_and_branch")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class PostHolding(Noted):
    """A person holds a post of a branch from a day on; ``until`` is the last day, both included.

    ``given_by`` is nobody for the posts of the first day.  What waits for a confirmation is no holding at all but an
    ``Appointment``: whoever asks who holds a post need not remember to ask whether it was confirmed.  ``ended_on`` is
    the day on which somebody said when it ends, whatever last day they said.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="holdings")
    post = models.CharField(_("post"), max_length=60, validators=[KEY])
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ended_on = models.DateField(_("end entered on"), null=True, blank=True)
    deputy = models.BooleanField(_("as deputy"), default=False)
    stands_in_for = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="entrusted")
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["branch", "post", "deputy", "since", "pk"]
        verbose_name = _("holding of a post")
        indexes = [
            models.Index(fields=["branch", "post", "since"], name="holding_by_post"),
            models.Index(fields=["person", "since"], name="holding_by_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(post=""), name="holding_names_a_post"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="holding_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["person", "branch", "post"], condition=Q(until=None), name="one_open_holding_per_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post} · {self.branch}"


class Appointment(Noted):
    """A post that somebody gave to somebody and that a clause leaves to a second person to confirm.

    While it waits nobody holds the post.  ``at_once``: nobody could confirm it when it was given, so it is held since;
    ``counts_as`` and ``decides`` are what the post was when it was given, as the clause asks for it, ``called`` its
    name in both languages.
    """

    STATES: ClassVar[list[tuple[str, Any]]] = [
        ("waiting", _("waits for confirmation")),
        ("at_once", _("took effect unconfirmed")),
        ("confirmed", _("post confirmed")),
        ("declined", _("post not confirmed")),
    ]

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="appointments")
    post = models.CharField(_("post"), max_length=60, validators=[KEY])
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    deputy = models.BooleanField(_("as deputy"), default=False)
    stands_in_for = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    counts_as = models.JSONField(_("counts as"), default=list)
    decides = models.BooleanField(_("decides"), default=False)
    called = models.JSONField(_("called"), default=dict)
    clauses = models.JSONField(_("clauses"), default=list)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_on = models.DateField(_("post given on"))
    status = models.CharField(_("state"), max_length=10, choices=STATES, default="waiting")
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    holding = models.OneToOneField(PostHolding, models.PROTECT, null=True, blank=True, related_name="appointment")

    class Meta:
        ordering = ["given_on", "pk"]
        verbose_name = _("appointment")
        indexes = [models.Index(fields=["status", "branch"], name="appointment_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "at_once", "confirmed", "declined"]),
                name="appointment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="appointment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "declined"], holding=None)
                | Q(status__in=["at_once", "confirmed"], holding__isnull=False),
                name="appointment_is_held_once_in_effect",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "at_once"], answered_by=None)
                | Q(status__in=["confirmed", "declined"], answered_by__isnull=False),
                name="appointment_is_answered_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "branch", "post"],
                condition=Q(status="waiting"),
                name="one_waiting_appointment_per_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post} · {self.branch}"

    @property
    def word(self) -> str:
        """What its branch calls the post, in the reader's language."""
        return in_language(self.called.get("zh", ""), self.called.get("en", "")) or self.post
