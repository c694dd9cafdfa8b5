"""The table of incidents: what went wrong with a file, who answers for it, and how it was dealt with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL
INCIDENT_STATUSES = [("open", pgettext_lazy("incident", "open")), ("closed", pgettext_lazy("incident", "settled"))]


class Incident(Noted):
    """Something of a file was lost, damaged, leaked…; ``kind`` is one that the packs in force declare.

    ``person`` answers for it, where somebody does; ``pieces`` are papers, for a clause that counts them.  It is open
    until somebody has written down how it was dealt with.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="incidents")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    pieces = models.PositiveIntegerField(default=1)
    cause = models.CharField(max_length=200, blank=True)
    course = models.CharField(max_length=500, blank=True)
    on_loan = models.BooleanField(default=False)
    happened_on = models.DateField()
    reported_on = models.DateField()
    reported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    status = models.CharField(max_length=6, choices=INCIDENT_STATUSES, default="open")
    handling = models.CharField(max_length=500, blank=True)
    measures = models.CharField(max_length=500, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["branch", "status"], name="incident_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None) | Q(status="closed", closed_on__isnull=False),
                name="a_closed_incident_has_its_day",
            ),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="an_incident_counts_something"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
