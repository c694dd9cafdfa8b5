"""Tables of adoptions.  Rows change inside commands only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Adoption(models.Model):
    """An edition of a policy binds a branch from a day on; ``text`` is what the program runs from."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="adoptions")
    slug = models.CharField(_("policy"), max_length=80)
    file_name = models.CharField(max_length=120)
    edition = models.CharField(_("edition"), max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    in_force_from = models.DateField(_("in force from"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    settings = models.JSONField(default=dict)
    hearing_record = models.TextField(blank=True)

    class Meta:
        verbose_name = _("adoption")
        ordering = ["branch", "slug", "in_force_from"]
        indexes = [models.Index(fields=["branch", "in_force_from"], name="adoption_by_branch")]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "slug"], condition=Q(ended_on=None), name="one_edition_in_force_per_policy"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("in_force_from")), name="adoption_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.edition} · {self.branch}"
