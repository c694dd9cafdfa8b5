"""Tables of adoptions.  Rows change inside commands only."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kedang.lib.noting import Noted

PERSON = settings.AUTH_USER_MODEL


class Adoption(Noted):
    """An edition of a policy binds a branch from a day on; ``text`` is what the program runs from."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="adoptions")
    slug = models.CharField(_("policy"), max_length=80)
    file_name = models.CharField(max_length=120)
    edition = models.CharField(_("edition"), max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    in_force_from = models.DateField(_("in force from"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    settings = models.JSONField(default=dict)
    hearing_record = models.TextField(_("how staff were heard and told"), blank=True)
    heard_on = models.DateField(_("heard on"), null=True, blank=True)

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


class Draft(Noted):
    """A wording on its way to adoption: checked, mapped to posts and people, proposed, signed.

    ``settings`` holds what was chosen for open defaults, ``posts`` by post the ids of ``people`` and ``deputies``,
    ``checked`` what its cases showed.  Drafts of one wording for several branches name the first of them as ``lead``.
    """

    STATES: ClassVar = [
        ("draft", _("draft")), ("proposed", _("proposed")), ("adopted", _("adopted")), ("withdrawn", _("withdrawn")),
    ]  # fmt: skip

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="drafts")
    slug = models.CharField(_("policy"), max_length=80)
    file_name = models.CharField(max_length=120)
    edition = models.CharField(_("edition"), max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    cases = models.TextField(blank=True)
    checked = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    posts = models.JSONField(default=dict)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    hearing_record = models.TextField(_("how staff were heard and told"), blank=True)
    heard_on = models.DateField(_("heard on"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=STATES, default="draft")
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    drafted_on = models.DateField()
    adoption = models.OneToOneField(Adoption, models.PROTECT, null=True, blank=True, related_name="draft")
    lead = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")

    class Meta:
        verbose_name = _("draft of a policy")
        ordering = ["branch", "slug", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "slug"],
                condition=Q(status__in=["draft", "proposed"]),
                name="one_open_draft_per_policy",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "proposed", "adopted", "withdrawn"]), name="draft_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="adopted", adoption__isnull=False) | (~Q(status="adopted") & Q(adoption=None)),
                name="an_adopted_draft_has_its_adoption",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.edition} · {self.branch}"


class SignOff(Noted):
    """A signature under a proposed wording; ``as_post`` says as whom the policy counts it."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="sign_offs")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    as_post = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    how = models.CharField(max_length=20, default="password")

    class Meta:
        verbose_name = _("signature under a policy")
        ordering = ["draft", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "person", "sha256"], name="one_signature_per_person_and_wording")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.draft}"


class Confirmation(Noted):
    """A person says that they have read an edition."""

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    confirmed_on = models.DateField()

    class Meta:
        verbose_name = _("confirmation of having read")
        ordering = ["adoption", "pk"]
        constraints = [models.UniqueConstraint(fields=["adoption", "person"], name="one_confirmation_per_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.adoption}"


class Interpretation(Noted):
    """What a clause means, said by whom the policy names for it; beside the text, never in it."""

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="interpretations")
    clause = models.CharField(max_length=80)
    text = models.TextField()
    said_on = models.DateField()
    said_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("interpretation of a clause")
        ordering = ["adoption", "clause", "said_on", "pk"]
        indexes = [models.Index(fields=["adoption", "clause"], name="interpretation_by_clause")]

    def __str__(self) -> str:
        return f"{self.clause} · {self.said_by}"
