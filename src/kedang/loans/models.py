"""Tables of loans: the slip from request to return, what was counted, reading on the spot, and where material went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("requested", _("requested")),
    ("issued", _("lent")),
    ("returned", _("back, to be checked")),
    ("closed", _("back in its place")),
    ("withdrawn", _("withdrawn")),
]
OUT = ("issued", "returned")
PAPER_STATES = [("unseen", _("not counted yet")), ("found", _("found")), ("missing", _("missing"))]


class Loan(Noted):
    """One volume with one borrower for a time.

    ``home`` is where the volume belonged when it went out; where it goes back says the volume itself.  Pages are
    sheets counted at issue and at return, 0 where nobody counts.  ``loss`` is what was found missing at the return;
    once it is settled nobody waits for those papers and pages any more.  ``kind`` is what the borrower said the loan
    is, where a rule in force asks.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="loans")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="loans")
    volume = models.ForeignKey("files.Volume", models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(PERSON, models.PROTECT, related_name="loans", verbose_name=_("borrower"))
    purpose = models.CharField(_("purpose"), max_length=200)
    status = models.CharField(_("status"), max_length=9, choices=STATUSES, default="requested")
    slip = models.BooleanField(_("by slip"), default=False)
    requested_on = models.DateField(_("requested on"))
    due_on = models.DateField(_("due on"))
    was_due_on = models.JSONField(default=list)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    taken_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    recalled_on = models.DateField(_("recalled on"), null=True, blank=True)
    recall_reason = models.CharField(max_length=200, blank=True)
    renewals = models.PositiveIntegerField(_("renewals"), default=0)
    home = models.ForeignKey("files.Place", models.PROTECT, null=True, blank=True, related_name="+")
    pages_out = models.PositiveIntegerField(_("pages at issue"), default=0)
    pages_back = models.PositiveIntegerField(_("pages at return"), default=0)
    complete = models.BooleanField(_("complete"), default=True)
    unmarked = models.BooleanField(_("without marks"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    loss = models.ForeignKey("files.Incident", models.PROTECT, null=True, blank=True, related_name="+")
    pages_lost = models.PositiveIntegerField(_("pages lost"), default=0)
    kind = models.CharField(_("kind of loan"), max_length=60, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("loan")
        indexes = [
            models.Index(fields=["branch", "status", "due_on"], name="loan_by_due_day"),
            models.Index(fields=["borrower", "status"], name="loan_by_borrower"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[key for key, _ in STATUSES]), name="loan_status_is_known"),
            models.UniqueConstraint(fields=["volume"], condition=Q(status__in=OUT), name="one_open_loan_per_volume"),
            models.UniqueConstraint(
                fields=["volume", "borrower"], condition=Q(status="requested"), name="one_request_per_borrower"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "withdrawn"])
                | Q(issued_on__isnull=False, issued_by__isnull=False),
                name="an_issued_loan_says_by_whom",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_loan_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class LoanPaper(Noted):
    """One paper of the volume as it went out and as it came back."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="papers")
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=PAPER_STATES, default="unseen")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "record"], name="one_line_per_lent_record"),
            models.CheckConstraint(
                condition=Q(state__in=[key for key, _ in PAPER_STATES]), name="loan_paper_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.loan_id}/{self.record_id}"


class Consultation(Noted):
    """Somebody reads a file on the spot; the papers do not leave the room."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="consultations")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="consultations")
    reader = models.ForeignKey(PERSON, models.PROTECT, related_name="consultations", verbose_name=_("reader"))
    purpose = models.CharField(_("purpose"), max_length=200)
    opened_at = models.DateTimeField(_("begun"))
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    effect = models.CharField(_("what came of it"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("consultation")
        indexes = [models.Index(fields=["branch", "-id"], name="consultation_by_branch")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "reader"], condition=Q(closed_at=None), name="one_open_consultation_per_reader"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="a_consultation_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Use(Noted):
    """Where material of a file went and what for, as somebody wrote it down; what became of it is told later.

    ``kind`` and ``thing`` say what was used: the file, or one loan, reading, paper or job of it.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="uses")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=12, default="file")
    thing = models.CharField(max_length=60, blank=True)
    taker = models.CharField(_("where it went"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=200)
    copy = models.BooleanField(_("a copy or an excerpt"), default=False)
    checked = models.BooleanField(_("checked against the original"), default=False)
    recorded_on = models.DateField(_("recorded on"))
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    destroyed = models.BooleanField(_("destroyed"), default=False)
    note = models.CharField(_("what became of it"), max_length=200, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    reported_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("use")
        indexes = [models.Index(fields=["file", "-id"], name="use_by_file")]

    def __str__(self) -> str:
        return f"#{self.pk}"
