"""Tables of files: what is kept about one subject, where its papers are, who holds them and what is missing."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.files.incident_models import Incident as Incident
from kedang.journal.sealed import SealedField
from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL
FILE_STATUSES = [("open", _("open")), ("closed", _("closed"))]
ELECTRONIC = [("none", _("not filled in")), ("done", _("filled in"))]
VOLUME_STATUSES = [("held", _("held")), ("shelved", _("shelved")), ("lent", _("lent"))]
STATES = [
    ("missing", _("missing")),
    ("present", _("present")),
    ("to_follow", _("to follow")),
    ("not_applicable", _("does not apply")),
    ("defective", _("defective")),
    ("withdrawn", _("withdrawn")),
]
FORMS = [("original", _("original")), ("copy", _("copy")), ("unspecified", _("not stated"))]
HOW_CONFIRMED = [
    ("", _("not confirmed")),
    ("customer", _("by the customer")),
    ("visit", _("by a visit")),
    ("papers", _("from the papers")),
    ("office", _("in the office")),
]
GRADES = ["open", "personal", "secret"]
# The words for places, the same in every trade; a rule asks for them as ``place.kind``.
PLACE_KINDS = [
    ("storeroom", pgettext_lazy("place", "storeroom")),
    ("rack", pgettext_lazy("place", "rack")),
    ("cabinet", pgettext_lazy("place", "cabinet")),
    ("safe", pgettext_lazy("place", "safe")),
    ("shelf", pgettext_lazy("place", "shelf")),
    ("compartment", pgettext_lazy("place", "compartment")),
    ("box", pgettext_lazy("place", "box")),
]


class Counter(models.Model):
    """The last number given in a series.  Its row is locked while a number is taken, so none is lost or doubled."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    series = models.CharField(max_length=120)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "series"], name="one_counter_per_series")]

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"


class Place(Noted):
    """Where papers stand: a room, and in it racks, shelves, boxes, a safe with its compartments.

    ``parent`` is of the same branch; ``path`` holds the ids from the outermost place to this one (``/1/7/``): all that
    lies within begins with it.  ``capacity``: how many things belong here, if somebody counts.  A closed one is shut.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="places")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PLACE_KINDS, default="shelf")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, blank=True, db_index=True)
    capacity = models.PositiveIntegerField(_("room for"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["branch", "code"]
        verbose_name = _("place")
        constraints = [
            models.UniqueConstraint(fields=["branch", "code"], name="one_place_per_code"),
            models.CheckConstraint(condition=~Q(code=""), name="place_has_a_code"),
            models.CheckConstraint(condition=Q(kind__in=[key for key, _ in PLACE_KINDS]), name="place_kind_is_known"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="a_place_does_not_stand_in_itself"
            ),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gte=1), name="place_capacity_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class File(Noted):
    """The logical file about one subject.  ``subject_token`` is the keyed hash of what it is one per, until it makes
    room for the next one about the same."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=60)
    number = models.CharField(_("number"), max_length=60, blank=True)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="files")
    status = models.CharField(_("status"), max_length=8, choices=FILE_STATUSES, default="open")
    opened_on = models.DateField(_("opened on"))
    subject_token = models.BigIntegerField(null=True, blank=True)
    electronic = models.CharField(_("electronic half"), max_length=8, choices=ELECTRONIC, default="none")
    complete = models.BooleanField(_("complete"), default=False)
    missing = models.PositiveIntegerField(_("missing"), default=0)
    unit = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=60, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    secrecy = models.CharField(max_length=20, blank=True)
    sealed = models.BooleanField(default=False)
    past = models.BooleanField(_("imported as past"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    close_reason = models.CharField(max_length=200, blank=True)
    declared_true = models.BooleanField(_("declared true"), default=False)
    by_proxy = models.BooleanField(_("filled in for the customer"), default=False)
    verified_on = models.DateField(_("checked on"), null=True, blank=True)
    verified_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_how = models.CharField(_("confirmed"), max_length=10, choices=HOW_CONFIRMED, blank=True)

    class Meta:
        verbose_name = _("file")
        indexes = [
            models.Index(fields=["branch", "status", "-id"], name="file_by_branch"),
            models.Index(fields=["branch", "complete", "-id"], name="file_by_completeness"),
            models.Index(fields=["customer"], name="file_by_customer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "kind", "number"], condition=~Q(number=""), name="one_file_per_kind_and_number"
            ),
            models.UniqueConstraint(
                fields=["branch", "kind", "subject_token"],
                condition=Q(subject_token__isnull=False),
                name="one_file_per_subject",
            ),
            models.CheckConstraint(condition=Q(status__in=["open", "closed"]), name="file_status_is_known"),
            models.CheckConstraint(condition=Q(electronic__in=["none", "done"]), name="file_electronic_is_known"),
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None) | Q(status="closed", closed_on__isnull=False),
                name="a_closed_file_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_how__in=[key for key, _ in HOW_CONFIRMED]), name="file_confirmation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("not numbered yet"))


class FileRole(Noted):
    """Who has a role of the pack on a file (its consultant), from a day on; the last row is the present one."""

    file = models.ForeignKey(File, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=60)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="file_roles")
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "role"], name="one_person_per_role")]
        indexes = [models.Index(fields=["person", "file"], name="role_by_person")]

    def __str__(self) -> str:
        return f"{self.role} #{self.file_id}"


class Job(Noted):
    """Something that recurs on a file; ``what`` is the pack's job, ``kinds`` its kinds, separated by commas."""

    file = models.ForeignKey(File, models.CASCADE, related_name="jobs")
    number = models.CharField(max_length=60)
    what = models.CharField(max_length=60)
    kinds = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=FILE_STATUSES, default="open")
    opened_on = models.DateField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="jobs")
    contact_verified = models.BooleanField(default=False)
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact_name = SealedField(null=True)
    contact_phone = SealedField(null=True)
    complete = models.BooleanField(default=False)
    missing = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_job_per_number"),
            models.CheckConstraint(condition=Q(status__in=["open", "closed"]), name="job_status_is_known"),
        ]

    def __str__(self) -> str:
        return self.number


class FieldValue(Noted):
    """A field of a file: open values as text, others sealed under ``("file", pk)``."""

    file = models.ForeignKey(File, models.CASCADE, related_name="values")
    field = models.CharField(max_length=60)
    grade = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = SealedField(null=True)
    declined = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "field"], name="one_value_per_field"),
            models.CheckConstraint(condition=Q(grade__in=GRADES), name="value_grade_is_known"),
            models.CheckConstraint(condition=Q(grade="open") | Q(text=""), name="only_open_values_are_plain"),
        ]

    def __str__(self) -> str:
        return f"{self.field} #{self.file_id}"


class SearchToken(models.Model):
    """A keyed hash by which a file can be found, as its pack's fields declare."""

    file = models.ForeignKey(File, models.CASCADE, related_name="tokens")
    token = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "file"], name="one_row_per_file_token")]

    def __str__(self) -> str:
        return f"#{self.file_id}"


class Milestone(Noted):
    """What the pack lets happen to a file or job, and when it did."""

    file = models.ForeignKey(File, models.CASCADE, related_name="milestones")
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="milestones")
    key = models.CharField(max_length=60)
    date = models.DateField()

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "key"], condition=Q(job=None), name="a_file_reaches_once"),
            models.UniqueConstraint(fields=["job", "key"], condition=Q(job__isnull=False), name="a_job_reaches_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.date}"


class Volume(Noted):
    """A physical part of a file.  Somebody always holds it; its place is empty exactly while it stands nowhere.

    ``home`` is where it belongs: the place where it stands or stood last, also while it is away.
    """

    file = models.ForeignKey(File, models.CASCADE, related_name="volumes")
    no = models.PositiveIntegerField(default=1)
    holder = models.ForeignKey(PERSON, models.PROTECT, related_name="held_volumes", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="volumes")
    home = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="belonging")
    status = models.CharField(max_length=8, choices=VOLUME_STATUSES, default="held")

    class Meta:
        ordering = ["file", "no"]
        indexes = [
            models.Index(fields=["holder", "file"], name="volume_by_holder"),
            models.Index(fields=["status", "file"], name="volume_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file", "no"], name="one_volume_per_number"),
            models.CheckConstraint(
                condition=Q(status="shelved", place__isnull=False) | Q(status__in=["held", "lent"], place=None),
                name="a_volume_stands_somewhere_or_is_held",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.file_id}/{self.no}"


class Record(Noted):
    """One thing in a file, or the answer why it is not there; ``line`` is the checklist's line."""

    file = models.ForeignKey(File, models.CASCADE, related_name="records")
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="records")
    checklist = models.CharField(max_length=60, blank=True)
    line = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=12, choices=FORMS, default="unspecified")
    state = models.CharField(max_length=16, choices=STATES, default="missing")
    reason = models.CharField(max_length=200, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    counts = models.BooleanField(default=True, help_text="Whether the file is incomplete without it.")
    defects = models.CharField(max_length=200, blank=True, help_text="The pack's defects, separated by commas.")
    number = models.CharField(_("number"), max_length=60, blank=True)
    signed = models.CharField(_("signed by"), max_length=200, blank=True, help_text="Parties, separated by commas.")
    sides = models.PositiveSmallIntegerField(_("sides"), default=0)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    dated = models.BooleanField(_("dated"), default=False)
    ink = models.CharField(_("written with"), max_length=20, blank=True)
    red_stamp = models.BooleanField(_("with a stamp"), default=False)
    original_place = models.CharField(_("where the original is"), max_length=100, blank=True)
    origin = models.CharField(_("where from"), max_length=100, blank=True)
    on_paper = models.BooleanField(_("also on paper"), default=False)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["ends_on"], condition=Q(ends_on__isnull=False), name="record_running_out")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "checklist", "line"], condition=Q(job=None), name="one_record_per_line"
            ),
            models.UniqueConstraint(
                fields=["job", "checklist", "line"], condition=Q(job__isnull=False), name="one_record_per_job_line"
            ),
            models.CheckConstraint(condition=Q(state__in=[key for key, _ in STATES]), name="record_state_is_known"),
            models.CheckConstraint(condition=Q(form__in=[key for key, _ in FORMS]), name="record_form_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.line} #{self.file_id}"


class Scan(Noted):
    """A record's digital copy; its bytes lie on disk, encrypted under the file's key, named by ``seal_ref``."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="scans")
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.seal_ref)


IMPORT_STATUSES = [(key, key) for key in ("checked", "running", "done", "failed")]
ROW_STATES = [(key, key) for key in ("good", "bad", "made", "unchanged", "refused")]


class Import(models.Model):
    """A spreadsheet being brought in.  The upload lies on disk, encrypted under ``("import", pk)``."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(max_length=8, choices=IMPORT_STATUSES, default="checked")
    past = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _ in IMPORT_STATUSES]), name="import_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ImportRow(models.Model):
    """What became of one row of the sheet; ``reasons`` hold no personal value."""

    job = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    no = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ROW_STATES)
    reasons = models.TextField(blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["job", "no"], name="one_result_per_row"),
            models.CheckConstraint(
                condition=Q(state__in=[key for key, _ in ROW_STATES]), name="import_row_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.job_id}/{self.no}"
