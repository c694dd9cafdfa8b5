"""Tables of inspections: what was looked at, line by line, and how each finding was mended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PERSON = settings.AUTH_USER_MODEL
OUTCOMES = [
    ("fine", _("in order")),
    ("wrong", _("not in order")),
    ("unseen", _("not looked at")),
    ("found", pgettext_lazy("stock", "found")),
    ("away", _("away by the books")),
    ("missing", pgettext_lazy("stock", "missing")),
    ("elsewhere", _("belongs elsewhere")),
    ("unknown", _("unknown label")),
]
WAYS = [
    ("found", _("found again")),
    ("away", _("with somebody, by the books")),
    ("lost", _("lost, and reported")),
]
FINDINGS = ("wrong", "missing", "elsewhere", "unknown")


class Inspection(models.Model):
    """A round held, with or without a stock check of a place.  It stays open until its findings are mended."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="inspections")
    round = models.CharField(_("round"), max_length=60)
    place = models.ForeignKey("files.Place", models.PROTECT, null=True, blank=True, related_name="inspections")
    held_on = models.DateField(_("held on"))
    held_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("held by"))
    findings = models.PositiveIntegerField(_("findings"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    mended_on = models.DateField(_("mended on"), null=True, blank=True)
    mended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("inspection")
        indexes = [models.Index(fields=["branch", "-id"], name="inspection_by_branch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(mended_on=None, mended_by=None) | Q(mended_on__isnull=False, mended_by__isnull=False),
                name="who_mended_stands_beside_when",
            ),
            models.CheckConstraint(condition=Q(mended_on=None) | Q(findings__gte=1), name="only_findings_are_mended"),
            models.CheckConstraint(
                condition=Q(mended_on=None) | Q(mended_on__gte=F("held_on")),
                name="nothing_is_mended_before_it_is_found",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def open(self) -> bool:
        """Whether findings wait to be mended."""
        return self.findings > 0 and self.mended_on is None


class InspectionLine(models.Model):
    """One line: a question of the policy and its answer, or a thing and where it was.

    ``thing`` and ``ref`` name a thing of any kind that stands in places; ``file`` says whose it is, so that nobody
    reads of a file that they may not find.  ``home`` is where it belongs and ``place`` where it was scanned, by code.
    A label that meant nothing is kept only by its first and last letters: it may be anybody's.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="lines")
    no = models.PositiveIntegerField()
    clause = models.CharField(max_length=80, blank=True)
    asked = models.JSONField(default=dict, blank=True)
    thing = models.CharField(max_length=30, blank=True)
    ref = models.PositiveBigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120, blank=True)
    file = models.ForeignKey("files.File", models.PROTECT, null=True, blank=True, related_name="+")
    home = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=9, choices=OUTCOMES)
    note = models.CharField(max_length=200, blank=True)
    mended = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=5, choices=WAYS, blank=True, help_text="What became of a thing that was missing.")
    mended_on = models.DateField(null=True, blank=True)
    mended_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["inspection", "no"]
        indexes = [models.Index(fields=["file", "outcome"], name="finding_by_file", condition=Q(mended=""))]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "no"], name="one_inspection_line_per_number"),
            models.CheckConstraint(
                condition=Q(outcome__in=[key for key, _ in OUTCOMES]), name="inspection_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(way="") | Q(way__in=[key for key, _ in WAYS], outcome="missing"),
                name="what_was_missing_went_a_known_way",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.inspection_id}/{self.no}"

    @property
    def astray_in_books(self) -> bool:
        """Whether it stands where it belongs and only the books are wrong: the note says where they have it."""
        return self.outcome == "elsewhere" and bool(self.note)

    @property
    def said(self) -> str:
        """The result in words: what stands in its home while the books say that somebody has it is not misplaced."""
        if self.astray_in_books:
            return str(_("here, though away by the books"))
        return str(self.get_outcome_display())

    @property
    def is_finding(self) -> bool:
        """Whether this line had to be mended."""
        return self.outcome in FINDINGS

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be mended."""
        return self.is_finding and not self.mended
