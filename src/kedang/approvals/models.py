"""Tables of approvals.  Rows change inside commands only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("waiting", _("waiting")),
    ("granted", _("granted")),
    ("denied", _("denied")),
    ("revoked", _("revoked")),
]


class Approval(Noted):
    """One person asks for consent to one act on one subject, under one clause."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="approvals")
    clause = models.CharField(_("clause"), max_length=80)
    act = models.CharField(_("act"), max_length=80)
    asker = models.ForeignKey(PERSON, models.PROTECT, related_name="asked_approvals")
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    asked_on = models.DateField(_("asked on"))
    status = models.CharField(_("state"), max_length=10, choices=STATUSES, default="waiting")
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    uses_left = models.PositiveIntegerField(_("uses left"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["branch", "status", "id"], name="approval_by_branch"),
            models.Index(fields=["asker", "act", "status"], name="approval_by_asker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _l in STATUSES]), name="approval_status_is_known"
            ),
            models.UniqueConstraint(
                fields=["clause", "act", "asker", "about_kind", "about_id"], condition=Q(status="waiting"),
                name="one_waiting_request_per_subject",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.act} · {self.clause} · {self.asker_id}"

    @property
    def about(self) -> str:
        """The subject as the rulebook writes it."""
        return f"{self.about_kind}:{self.about_id}" if self.about_id else ""


class Step(Noted):
    """One step of the consent: whom it addresses, one of whom suffices unless all are wanted."""

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    who = models.JSONField(default=list)
    all_of = models.BooleanField(default=False)
    people = models.JSONField(default=dict, help_text="Ids by role on the subject, as they were when it was asked.")

    class Meta:
        ordering = ["approval", "number"]
        constraints = [models.UniqueConstraint(fields=["approval", "number"], name="one_step_per_number")]

    def __str__(self) -> str:
        return f"{self.approval_id}.{self.number}"


class Reply(Noted):
    """One person's yes or no to one step, as one of those whom it addresses."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="replies")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="replies")
    selector = models.CharField(max_length=80)
    yes = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    replied_on = models.DateField()
    proof = models.CharField(_("proof"), max_length=300, blank=True)
    noted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="noted_replies")
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)
    confirm_by = models.DateField(_("to be confirmed by"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["by", "confirm_by"], name="reply_by_confirmation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(noted_by=None, said_at=None, confirm_by=None)
                | Q(noted_by__isnull=False, said_at__isnull=False, confirm_by__isnull=False),
                name="an_oral_reply_has_name_hour_and_term",
            ),
            models.UniqueConstraint(fields=["step", "selector"], name="one_reply_per_step_and_addressee"),
            models.CheckConstraint(condition=Q(yes=True) | ~Q(reason=""), name="a_no_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {'yes' if self.yes else 'no'}"

    @property
    def unconfirmed(self) -> bool:
        """Whether it was only said, and who said it has not confirmed it yet."""
        return self.noted_by_id is not None and self.confirmed_on is None
