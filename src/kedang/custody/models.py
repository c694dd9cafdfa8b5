"""Tables of custody: a handover, its lines and its signatures.  The sign-for book is a query over them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kedang.files.models import STATES

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("offered", _("offered")),
    ("received", _("received")),
    ("checked", _("checked")),
    ("returned", _("returned")),
]
PARTIES = [("giver", _("giver")), ("receiver", _("receiver"))]


class Handover(models.Model):
    """Papers of one checklist change holder, against a list, signed by giver and receiver."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="handovers")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="handovers")
    job = models.ForeignKey("files.Job", models.PROTECT, null=True, blank=True, related_name="handovers")
    checklist = models.CharField(_("set"), max_length=60)
    giver = models.ForeignKey(PERSON, models.PROTECT, related_name="given_handovers")
    receiver = models.ForeignKey(PERSON, models.PROTECT, related_name="received_handovers")
    status = models.CharField(_("status"), max_length=8, choices=STATUSES, default="offered")
    offered_on = models.DateField(_("offered on"))
    received_on = models.DateField(_("received on"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    missing = models.PositiveIntegerField(_("missing"), default=0)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("handover")
        indexes = [
            models.Index(fields=["branch", "offered_on"], name="handover_by_day"),
            models.Index(fields=["branch", "status"], name="handover_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _ in STATUSES]), name="handover_status_is_known"
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="nobody_hands_over_to_himself"),
            models.CheckConstraint(
                condition=Q(status__in=["offered", "returned"]) | Q(received_on__isnull=False),
                name="a_received_handover_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["file", "checklist"], condition=Q(status="offered", job=None), name="one_open_handover_per_set"
            ),
            models.UniqueConstraint(
                fields=["job", "checklist"],
                condition=Q(status="offered", job__isnull=False),
                name="one_open_handover_per_job_set",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HandoverLine(models.Model):
    """One line of the list as it was at the handover."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=STATES)
    reason = models.CharField(max_length=200, blank=True)
    found = models.CharField(max_length=200, blank=True, help_text="Defects found by the check.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "record"], name="one_line_per_record"),
            models.CheckConstraint(
                condition=Q(state__in=[key for key, _ in STATES]), name="handover_line_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.handover_id}/{self.record_id}"


class Signature(models.Model):
    """Who signed a handover as what, when and how the signer was known."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="signatures")
    party = models.CharField(max_length=8, choices=PARTIES)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "party"], name="one_signature_per_party"),
            models.CheckConstraint(condition=Q(party__in=["giver", "receiver"]), name="signature_party_is_known"),
        ]

    def __str__(self) -> str:
        return f"#{self.handover_id} {self.party}"
