"""Tables of custody: a handover, its lines and its signatures.  The sign-for book is a query over them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kedang.files.models import STATES
from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("offered", _("offered")),
    ("received", _("received")),
    ("checked", _("checked")),
    ("returned", _("returned")),
]
PARTIES = [("giver", _("giver")), ("receiver", _("receiver"))]


class Handover(Noted):
    """Papers of one checklist change holder, against a list, signed by giver and receiver."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="handovers", db_index=False)
    file = models.ForeignKey("files.File", models.PROTECT, related_name="handovers")
    job = models.ForeignKey("files.Job", models.PROTECT, null=True, blank=True, related_name="handovers")
    checklist = models.CharField(_("set"), max_length=60)
    giver = models.ForeignKey(PERSON, models.PROTECT, related_name="given_handovers")
    receiver = models.ForeignKey(PERSON, models.PROTECT, related_name="received_handovers", db_index=False)
    status = models.CharField(_("status"), max_length=8, choices=STATUSES, default="offered")
    offered_on = models.DateField(_("offered on"))
    received_on = models.DateField(_("received on"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    missing = models.PositiveIntegerField(_("missing"), default=0)
    reason = models.CharField(max_length=200, blank=True)
    supplement = models.BooleanField(default=False, help_text="Papers of a set that was signed for before.")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("handover")
        indexes = [
            models.Index(fields=["branch", "offered_on"], name="handover_by_day"),
            models.Index(fields=["branch", "status"], name="handover_by_status"),
            models.Index(fields=["receiver", "status"], name="handover_by_receiver"),
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


class HandoverLine(Noted):
    """One line of the list as it was at the handover; of a supplement, a present one is a paper that it brings."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=STATES)
    reason = models.CharField(max_length=200, blank=True)
    found = models.CharField(max_length=200, blank=True, help_text="Defects found by the check.")
    ends_on = models.DateField(null=True, blank=True, help_text="Until when a paper that is brought is valid.")
    said = models.JSONField(default=dict, blank=True, help_text="What was said of a paper that is brought.")

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


class Signature(Noted):
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


LIST_STATUSES = [("written", _("written")), ("locked", _("locked")), ("replaced", _("replaced"))]
CODINGS = [("open", _("not coded")), ("coded", _("coded")), ("exempt", _("is not coded"))]
FOUND = [("found", _("found")), ("missing", _("missing")), ("wrong", _("wrong")), ("unsigned", _("unsigned"))]


class InnerList(models.Model):
    """The list of what lies in a file, with the pages of each paper.  Locked, it never changes: triggers hold it."""

    file = models.ForeignKey("files.File", models.PROTECT, related_name="inner_lists")
    no = models.PositiveIntegerField(_("version"))
    status = models.CharField(max_length=8, choices=LIST_STATUSES, default="written")
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_on = models.DateField()
    locked_on = models.DateField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "no"], name="one_inner_list_per_version"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(status__in=["written", "locked"]), name="one_inner_list_in_use"
            ),
            models.CheckConstraint(
                condition=Q(status="locked", locked_on__isnull=False)
                | Q(status__in=["written", "replaced"], locked_on=None),
                name="a_locked_list_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.file_id}/{self.no}"


class InnerListLine(Noted):
    """One paper of the list: its pages, the cover counted, and the sheets that its code names."""

    list = models.ForeignKey(InnerList, models.CASCADE, related_name="lines")
    no = models.PositiveIntegerField()
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    coding = models.CharField(max_length=6, choices=CODINGS, default="open")
    sheet_from = models.PositiveIntegerField(null=True, blank=True)
    sheet_to = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["list", "record"], name="one_inner_line_per_record"),
            models.UniqueConstraint(fields=["list", "no"], name="one_inner_line_per_number"),
            models.CheckConstraint(condition=Q(pages__gte=1), name="an_inner_line_has_pages"),
            models.CheckConstraint(
                condition=Q(coding="coded", sheet_from__gte=1, sheet_to__gte=models.F("sheet_from"))
                | Q(coding__in=["open", "exempt"], sheet_from=None, sheet_to=None),
                name="coded_sheets_have_their_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.list_id}.{self.no}"


class ListCheck(Noted):
    """What one person found of one line, with the pages counted again; the last word of each person stays."""

    line = models.ForeignKey(InnerListLine, models.CASCADE, related_name="checks")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    found = models.CharField(max_length=8, choices=FOUND)
    pages = models.PositiveIntegerField(default=0)
    checked_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "person"], name="one_check_per_line_and_person"),
            models.CheckConstraint(condition=Q(found__in=[key for key, _ in FOUND]), name="list_check_is_known"),
        ]

    def __str__(self) -> str:
        return f"#{self.line_id} {self.found}"


class ListSignature(models.Model):
    """Who signed a list as what: by the role on the file, else by the post."""

    list = models.ForeignKey(InnerList, models.CASCADE, related_name="signatures")
    party = models.CharField(max_length=60)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "person"], name="nobody_signs_a_list_twice"),
            models.UniqueConstraint(fields=["list", "party"], name="one_list_signature_per_party"),
        ]

    def __str__(self) -> str:
        return f"#{self.list_id} {self.party}"


class Supplement(models.Model):
    """A list of what is to be supplied, by a day."""

    list = models.ForeignKey(InnerList, models.PROTECT, related_name="supplements")
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    due_on = models.DateField(_("due on"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("asked_on")), name="a_supplement_is_due_later")
        ]

    def __str__(self) -> str:
        return f"#{self.list_id} {self.due_on}"


class SupplementLine(Noted):
    """One paper, or one signature on it, that is to be supplied."""

    supplement = models.ForeignKey(Supplement, models.CASCADE, related_name="lines")
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="+")
    lacks = models.CharField(max_length=8, choices=FOUND)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplement", "record"], name="one_supplement_line_per_record"),
            models.CheckConstraint(
                condition=Q(lacks__in=["missing", "wrong", "unsigned"]), name="supplement_lack_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.supplement_id}/{self.record_id}"


class ListPrint(models.Model):
    """A printing of the list: how many numbered copies, when and by whom."""

    list = models.ForeignKey(InnerList, models.PROTECT, related_name="prints")
    copies = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.list_id} × {self.copies}"


class RecordNumber(models.Model):
    """A number derived from the file's for something in it, such as one contract of several."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    record = models.ForeignKey("files.Record", models.PROTECT, related_name="numbers")
    number = models.CharField(max_length=80)
    given_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["branch", "number"], name="one_record_per_number"),
            models.CheckConstraint(condition=~Q(number=""), name="a_record_number_says_something"),
        ]

    def __str__(self) -> str:
        return self.number
