"""Tables of duties.  They are only the cache of a fold over the journal; a test rebuilds them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kedang.rulebook.duties import late_on

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("open", _("open")),
    ("late", _("late")),
    ("kept", _("kept in time")),
    ("kept_late", _("done late")),
    ("dropped", _("dropped")),
]


class Duty(models.Model):
    """One duty of persons, or of the pool of a post when nobody is named."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="duties", db_index=False)
    key = models.CharField(max_length=300)
    clause = models.CharField(_("clause"), max_length=80)
    rule_index = models.PositiveIntegerField(default=0)
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=80)
    file = models.CharField(max_length=20, blank=True, help_text="Id of the file concerned, if any.")
    act = models.CharField(_("what is owed"), max_length=80)
    people: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        PERSON, through="DutyPerson", related_name="duties"
    )
    pool = models.CharField(max_length=200, blank=True, help_text="Posts, separated by commas.")
    opened_by = models.BigIntegerField()
    from_on = models.DateField()
    due_on = models.DateField(_("due on"))
    due_at = models.DateTimeField(null=True, blank=True, help_text="Its last moment, if it is one of hours or minutes.")
    was_due_on = models.JSONField(default=list)
    provisional = models.BooleanField(default=False)
    number = models.PositiveIntegerField(default=0)
    status = models.CharField(_("state"), max_length=10, choices=STATUSES, default="open")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        indexes = [
            models.Index(fields=["branch", "status", "due_on", "id"], name="duty_by_branch"),
            models.Index(fields=["branch", "status", "done_on", "pool", "due_on"], name="duty_owed"),
            models.Index(fields=["about_kind", "about_id"], name="duty_by_subject"),
            models.Index(fields=["file"], name="duty_by_file"),
            models.Index(fields=["branch", "clause", "due_on", "status"], name="duty_by_clause"),
            models.Index(fields=["branch", "due_on", "clause", "status"], name="duty_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["branch", "key"], name="one_duty_per_key"),
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _label in STATUSES]), name="duty_status_is_known"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("from_on")), name="duty_is_due_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def late_on(self) -> date:
        """The day on which it is late if nobody does it."""
        return late_on(self.due_on, self.due_at)

    @property
    def owed(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in ("open", "late") and self.done_on is None


class DutyPerson(models.Model):
    """A person bound by a duty.

    ``due_on`` and ``owed`` are the duty's own, kept here too: what a person owes, and what fell due for them this
    month, is found without reading all that they ever owed.
    """

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="bound")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="bound_duties", db_index=False)
    due_on = models.DateField()
    owed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "person"], name="one_row_per_duty_and_person")]
        indexes = [
            models.Index(fields=["person", "owed", "duty"], name="owed_by_person"),
            models.Index(fields=["person", "due_on", "duty"], name="due_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.duty_id}"
