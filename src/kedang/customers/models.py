"""Tables of customers.  Every personal value is sealed under the customer's own key; tokens find it again."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.journal.sealed import SealedField
from kedang.lib.noting import Noted

KINDS = [("person", pgettext_lazy("customer", "person")), ("organization", _("organization"))]
SCOPES = [("general", _("in general")), ("separate", _("separate, for sensitive values"))]
HOW_GIVEN = [("paper", _("on paper")), ("screen", _("on the screen")), ("spoken", _("spoken"))]
STATUSES = [("active", _("active")), ("merged", _("merged"))]


class Customer(Noted):
    """Whom files are about.  ``name``, ``phone`` and ``identity`` are sealed under ``("customer", pk)``."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="customers")
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default="person")
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = SealedField(null=True)
    phone = SealedField(null=True)
    identity = SealedField(null=True)
    status = models.CharField(_("status"), max_length=8, choices=STATUSES, default="active")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    opened_on = models.DateField(_("known since"))
    group = models.CharField(_("group"), max_length=60, blank=True, help_text="What the packs call such a customer.")
    standing = models.CharField(_("standing"), max_length=60, blank=True, help_text="In the packs' own words.")
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("collected by"),
    )
    verified_on = models.DateField(_("checked on"), null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    objected_on = models.DateField(_("objected on"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer")
        indexes = [models.Index(fields=["branch", "id"], name="customer_by_branch")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "organization"]), name="customer_kind_is_known"),
            models.CheckConstraint(condition=Q(status__in=["active", "merged"]), name="customer_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="active", merged_into=None) | Q(status="merged", merged_into__isnull=False),
                name="a_merged_customer_names_the_other",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CustomerToken(models.Model):
    """A keyed hash by which a customer can be found; nothing can be read from it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tokens")
    token = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "customer"], name="one_row_per_customer_token")]

    def __str__(self) -> str:
        return f"#{self.customer_id}"


class Contact(Noted):
    """A person through whom a customer is reached; sealed under the customer's key."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = SealedField(null=True)
    phone = SealedField(null=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contact person")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Agreement(Noted):
    """What a customer agreed to: the notice shown before, its version, how and when; withdrawn as easily as given.

    Standards: PIPL 13 to 17, and 28 to 31 for the separate one.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="agreements")
    scope = models.CharField(_("scope"), max_length=8, choices=SCOPES, default="general")
    purpose = models.CharField(_("purpose"), max_length=200)
    notice = models.CharField(_("notice"), max_length=100)
    version = models.CharField(_("version"), max_length=40)
    how = models.CharField(_("how"), max_length=8, choices=HOW_GIVEN)
    given_on = models.DateField(_("given on"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("agreement")
        indexes = [models.Index(fields=["customer", "withdrawn_on"], name="agreement_by_customer")]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=[key for key, _ in SCOPES]), name="agreement_scope_is_known"),
            models.CheckConstraint(condition=Q(how__in=[key for key, _ in HOW_GIVEN]), name="agreement_way_is_known"),
            models.CheckConstraint(condition=~Q(notice="") & ~Q(version=""), name="an_agreement_names_its_notice"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("given_on")),
                name="an_agreement_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.customer_id} {self.version}"
