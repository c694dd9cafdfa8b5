"""Tables of certificates: each paper, the list it came in on, who checked it, the count of the safe, its return."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kedang.journal.sealed import SealedField

PERSON = settings.AUTH_USER_MODEL
STATUSES = [
    ("received", pgettext_lazy("certificate", "in hand")),
    ("stored", pgettext_lazy("certificate", "in the safe")),
    ("returned", pgettext_lazy("certificate", "given back")),
]
HERE = ("received", "stored")
LIST_STATUSES = [
    ("written", pgettext_lazy("transfer list", "written")),
    ("signed", pgettext_lazy("transfer list", "signed")),
    ("stored", pgettext_lazy("transfer list", "in the safe")),
    ("replaced", pgettext_lazy("transfer list", "replaced")),
]


class Certificate(models.Model):
    """One certificate of a file, or several pieces under one number.

    Number and owner are sealed under ``("file", file)``; ``number_token`` is the number's keyed hash.  Whoever received
    it has it in hand until it lies in its place.
    """

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="certificates")
    file = models.ForeignKey("files.File", models.PROTECT, related_name="certificates")
    kind = models.CharField(_("kind"), max_length=60, help_text="The pack's kind of record.")
    name = models.CharField(pgettext_lazy("certificate", "name"), max_length=200)
    quantity = models.PositiveIntegerField(_("quantity"))
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = SealedField()
    number_token = models.BigIntegerField()
    owner = SealedField(null=True)
    status = models.CharField(_("status"), max_length=8, choices=STATUSES, default="received")
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    place = models.ForeignKey("files.Place", models.PROTECT, null=True, blank=True, related_name="certificates")
    stored_at = models.DateTimeField(_("put into the safe"), null=True, blank=True)
    stored_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("certificate")
        indexes = [
            models.Index(fields=["branch", "status", "-id"], name="certificate_by_status"),
            models.Index(fields=["file", "status"], name="certificate_by_file"),
            models.Index(fields=["place", "status"], name="certificate_by_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _ in STATUSES]), name="certificate_status_is_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_certificate_is_at_least_one_piece"),
            models.CheckConstraint(condition=~Q(name=""), name="a_certificate_has_a_name"),
            models.UniqueConstraint(
                fields=["branch", "number_token"], condition=Q(status__in=HERE), name="one_certificate_per_number"
            ),
            models.CheckConstraint(
                condition=Q(status="received", place=None, stored_at=None, stored_by=None)
                | Q(status="stored", place__isnull=False, stored_at__isnull=False, stored_by__isnull=False)
                | Q(status="returned", place=None, stored_at__isnull=False, stored_by__isnull=False),
                name="a_certificate_is_in_hand_in_the_safe_or_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CertificateField(models.Model):
    """What else the pack asks of a certificate: open values as text, others sealed under the file's key."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="fields")
    field = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = SealedField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "field"], name="one_value_per_certificate_field"),
            models.CheckConstraint(
                condition=Q(sealed=None) | Q(text=""), name="a_sealed_certificate_field_is_not_plain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} #{self.certificate_id}"


class CertificateToken(models.Model):
    """A keyed hash by which a certificate is found, as its pack's fields declare."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="tokens")
    token = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "certificate"], name="one_row_per_certificate_token")]

    def __str__(self) -> str:
        return f"#{self.certificate_id}"


class TransferList(models.Model):
    """The list against which certificates of one file come into the safe; signed by all it changes no more."""

    file = models.ForeignKey("files.File", models.PROTECT, related_name="transfer_lists")
    no = models.PositiveIntegerField(_("version"))
    status = models.CharField(max_length=8, choices=LIST_STATUSES, default="written")
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "no"], name="one_transfer_list_per_version"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(status__in=["written", "signed"]), name="one_transfer_list_in_use"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[key for key, _ in LIST_STATUSES]), name="transfer_list_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.file_id}/{self.no}"


class TransferLine(models.Model):
    """One certificate of the list."""

    list = models.ForeignKey(TransferList, models.CASCADE, related_name="lines")
    no = models.PositiveIntegerField()
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="lines")

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["list", "certificate"], name="one_transfer_line_per_certificate"),
            models.UniqueConstraint(fields=["list", "no"], name="one_transfer_line_per_number"),
        ]

    def __str__(self) -> str:
        return f"#{self.list_id}.{self.no}"


class TransferSignature(models.Model):
    """Who signed the list as what: by the role on the file, else by the post."""

    list = models.ForeignKey(TransferList, models.CASCADE, related_name="signatures")
    party = models.CharField(max_length=60)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "person"], name="nobody_signs_a_transfer_twice"),
            models.UniqueConstraint(fields=["list", "party"], name="one_transfer_signature_per_party"),
        ]

    def __str__(self) -> str:
        return f"#{self.list_id} {self.party}"


class CertificateCheck(models.Model):
    """What one person found of a certificate beside its list: the last word of each person stays."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="checks")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    name_agrees = models.BooleanField()
    number_agrees = models.BooleanField()
    quantity_agrees = models.BooleanField()
    checked_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "person"], name="one_check_per_certificate_and_person")
        ]

    def __str__(self) -> str:
        return f"#{self.certificate_id} {self.person_id}"

    @property
    def agrees(self) -> bool:
        """Whether name, number and quantity are as the list says."""
        return self.name_agrees and self.number_agrees and self.quantity_agrees

    @property
    def said(self) -> str:
        """What does not agree, in words."""
        words = {"name": _("name differs"), "number": _("number differs"), "quantity": _("quantity differs")}
        return ", ".join(str(word) for key, word in words.items() if not getattr(self, f"{key}_agrees"))


class Balance(models.Model):
    """A count of the safe by two people who did not see the ledger's figures, like a count of cash."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="balances")
    at = models.DateTimeField(_("counted"))
    on = models.DateField()
    booked = models.PositiveIntegerField(_("by the ledger"))
    counted = models.PositiveIntegerField(_("counted"))
    differences = models.PositiveIntegerField(_("differences"))
    in_hand = models.PositiveIntegerField(_("not in the safe yet"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("balance")
        indexes = [models.Index(fields=["branch", "-id"], name="balance_by_branch")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class BalanceLine(models.Model):
    """One figure of the count: of a place, or of a kind over all places."""

    balance = models.ForeignKey(Balance, models.CASCADE, related_name="lines")
    place = models.ForeignKey("files.Place", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=60, blank=True)
    booked = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, kind="") | Q(place=None) & ~Q(kind=""),
                name="a_balance_line_is_of_a_place_or_a_kind",
            ),
            models.UniqueConstraint(
                fields=["balance", "place"], condition=Q(kind=""), name="one_balance_line_per_place"
            ),
            models.UniqueConstraint(
                fields=["balance", "kind"], condition=Q(place=None), name="one_balance_line_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.balance_id} {self.kind or self.place_id}"

    @property
    def difference(self) -> int:
        """How many pieces more (or, below 0, fewer) lay there than the ledger says."""
        return self.counted - self.booked


class BalanceSignature(models.Model):
    """Who counted and signed."""

    balance = models.ForeignKey(Balance, models.CASCADE, related_name="signatures")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["balance", "person"], name="nobody_signs_a_balance_twice")]

    def __str__(self) -> str:
        return f"#{self.balance_id} {self.person_id}"


class Return(models.Model):
    """What was given back to its owner at one time, against a receipt signed by the keeper and the one who took it.

    Who took it, and on whose behalf, is sealed under the file's key.
    """

    file = models.ForeignKey("files.File", models.PROTECT, related_name="returns")
    seal_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    taker = SealedField()
    authority = SealedField(null=True)
    id_checked = models.BooleanField()
    at = models.DateTimeField(_("given back"))
    keeper = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    how = models.CharField(max_length=20, help_text="By what the keeper was known; the other signs the receipt.")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("return")

    def __str__(self) -> str:
        return f"#{self.pk}"


class ReturnLine(models.Model):
    """One thing of the receipt: a certificate, or a paper that its owner had left behind."""

    given = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="returned")
    record = models.ForeignKey("files.Record", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate"], name="a_certificate_is_given_back_once"),
            models.UniqueConstraint(fields=["given", "record"], name="one_return_line_per_record"),
            models.CheckConstraint(
                condition=Q(certificate__isnull=False, record=None) | Q(certificate=None, record__isnull=False),
                name="a_return_line_names_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.given_id}/{self.certificate_id or self.record_id}"
