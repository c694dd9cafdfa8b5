"""Tables of sanctions.  A proposal is computed, never stored: its sum depends on what became of earlier breaches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PERSON = settings.AUTH_USER_MODEL
KINDS = [("late", _("late")), ("defect", _("defect")), ("incident", _("incident"))]
STATUSES = [
    ("proposed", pgettext_lazy("breach", "proposed")),
    ("heard", _("heard")),
    ("imposed", _("imposed")),
    ("waived", _("waived")),
    ("quashed", _("quashed")),
]
UNDECIDED = ("proposed", "heard")


class Breach(models.Model):
    """One lapsed duty, defect or incident of a member of staff; a repeat names the breach that was not mended."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="breaches")
    source = models.CharField(max_length=200, help_text="What it came from; the same thing is one breach only.")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    name = models.CharField(max_length=120, help_text="Clause of the late duty, or the pack's key.")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="breaches")
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=80, blank=True)
    file = models.CharField(max_length=20, blank=True)
    duty = models.ForeignKey("duties.Duty", models.PROTECT, null=True, blank=True, related_name="breaches")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    units = models.PositiveIntegerField(default=1)
    happened_on = models.DateField(_("happened on"))
    status = models.CharField(_("state"), max_length=10, choices=STATUSES, default="proposed")
    statement = models.TextField(_("statement at the hearing"), blank=True)
    heard_on = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(_("correction ordered on"), null=True, blank=True)
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True)
    review = models.BooleanField(_("to be looked at again"), default=False)

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ["-happened_on", "-pk"]
        indexes = [
            models.Index(fields=["branch", "status", "happened_on", "id"], name="breach_by_branch"),
            models.Index(fields=["person", "happened_on"], name="breach_by_person"),
            models.Index(fields=["branch", "happened_on", "kind", "name", "person"], name="breach_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["branch", "source"], name="one_breach_per_source"),
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _l in STATUSES]), name="breach_status_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=[key for key, _l in KINDS]), name="breach_kind_is_known"),
            models.CheckConstraint(condition=Q(units__gte=1), name="breach_counts_something"),
            models.CheckConstraint(
                condition=Q(corrected_on=None) | Q(ordered_on__isnull=False), name="only_what_was_ordered_is_corrected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.person_id} · {self.happened_on}"

    @property
    def undecided(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.status in UNDECIDED

    @property
    def decided_anew(self) -> bool:
        """Whether its sanction may be fixed once more, because one that it counted was quashed."""
        return self.status == "imposed" and self.review


class Sanction(models.Model):
    """The decision on a breach: the sum as it was fixed, by whom and why."""

    breach = models.OneToOneField(Breach, models.PROTECT, primary_key=True, related_name="sanction")
    amount_cny = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(_("share of pay"), max_digits=5, decimal_places=2, null=True, blank=True)
    measure = models.CharField(max_length=200, blank=True)
    multiplier = models.PositiveIntegerField(default=1)
    clauses = models.JSONField(default=list)
    adds_to_count = models.BooleanField(default=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, related_name="decisions")
    decided_on = models.DateField()

    class Meta:
        verbose_name = _("sanction")
        indexes = [models.Index(fields=["decided_on"], name="sanction_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cny=None) | Q(amount_cny__gte=0), name="a_fine_is_not_negative"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100), name="a_share_is_within_a_hundred"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.amount_cny or self.percent or self.measure}"
