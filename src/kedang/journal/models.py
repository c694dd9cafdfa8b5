"""Tables of the journal.  Events, refusals, access lines and seals are written once; triggers refuse any change."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PERSON = settings.AUTH_USER_MODEL


class ChainHead(models.Model):
    """Where a subject's chain ends.  Its row is the lock that orders the acts on that subject."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_head_per_chain")]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} #{self.seq}"


class Event(models.Model):
    """What happened to one subject; all events of one act share ``act_id``.

    ``body`` holds the canonical bytes, ``hash`` is SHA-256 over the predecessor's hash and these bytes, and the
    other columns repeat what the body says so that the database can search them (verified against it).
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    act_id = models.UUIDField()
    act = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    body = models.BinaryField()

    class Meta:
        verbose_name = _("event")
        indexes = [
            models.Index(fields=["act_id"], name="event_by_act"),
            models.Index(fields=["name", "happened_on"], name="event_by_name"),
            models.Index(fields=["branch", "id"], name="event_by_branch"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "seq"], name="one_event_per_place_in_chain"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="chains_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} #{self.seq} {self.name}"


class Refusal(models.Model):
    """An attempt that the rules did not allow; apart from the chains, because nothing happened to the subject."""

    act_id = models.UUIDField(default=uuid.uuid4)
    act = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80, blank=True)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    clauses = models.TextField(help_text="References of the clauses, one a line.")
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("refusal")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="refusal_by_subject"),
            models.Index(fields=["branch", "id"], name="refusal_by_branch"),
            models.Index(fields=["branch", "recorded_at"], name="refusal_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind}:{self.subject_id}"


class AccessLine(models.Model):
    """Who saw which page of personal data, and about whom.  It holds no personal value."""

    actor = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    page = models.CharField(max_length=100, help_text="Name of the page's address, never the address with values.")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_ids = models.TextField(blank=True, help_text="Ids separated by commas.")
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("access line")
        indexes = [models.Index(fields=["actor", "id"], name="access_by_actor")]

    def __str__(self) -> str:
        return f"{self.page} {self.subject_kind}:{self.subject_ids}"


class Seal(models.Model):
    """A signed Merkle root over everything written since the seal before."""

    number = models.PositiveBigIntegerField(unique=True)
    text = models.TextField(help_text="The signed line as exported.")
    leaves = models.BinaryField(help_text="The sealed leaves, one a line, compressed with zlib.")
    event_to = models.BigIntegerField(default=0)
    refusal_to = models.BigIntegerField(default=0)
    access_to = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal")
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="seals_count_from_one")]

    def __str__(self) -> str:
        return f"#{self.number}"


class DestroyedKey(models.Model):
    """A subject whose key has been or is being destroyed; re-applied to every restored backup."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="a_key_is_destroyed_only_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class SubjectKey(models.Model):
    """The key of one subject, wrapped by the master key; lives in the database ``keys`` (see ``routers``)."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    master = models.CharField(max_length=40)
    wrapped = models.BinaryField(null=True, help_text="Empty once destroyed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_key_per_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"
