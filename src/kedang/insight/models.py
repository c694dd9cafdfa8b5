"""Tables of insight: a figure that was frozen, by the clock when its period ended or by a person after it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Frozen(models.Model):
    """The figures of one measure for one period, as they stood when the clock or ``frozen_by`` froze them.

    ``figures`` holds, by what is grouped ("unit", "person" …) and by group, part, whole and total as text.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="frozen_figures")
    clause = models.CharField(_("clause"), max_length=80)
    name = models.CharField(max_length=80)
    every = models.CharField(max_length=10)
    first = models.DateField()
    last = models.DateField()
    figures = models.JSONField(default=dict)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("frozen figure")
        constraints = [
            models.UniqueConstraint(fields=["branch", "clause", "name", "first"], name="a_figure_is_frozen_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_frozen_period_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.name} {self.first}"
