"""A database field whose values are encrypted under their subject's key and never show themselves by accident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.utils.safestring import SafeString

from kedang.journal import keys

MASK = "••••"

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField  # generic for the type checker only


@dataclass(frozen=True)
class Purpose:
    """Who reads a value and what for; without one there is no plaintext.  The caller has asked the rules before."""

    viewer: object
    why: str


@dataclass(frozen=True)
class Secret:
    """A plaintext on its way into a ``SealedField``.  ``repr`` shows none of it."""

    subject: keys.Subject
    value: str

    def __repr__(self) -> str:
        return f"Secret({self.subject!r}, {MASK})"

    __str__ = __repr__


class Sealed:
    """An encrypted value.  Every rendering is its mask; ``reveal`` is the only way to the plaintext."""

    __slots__ = ("aad", "blob")

    def __init__(self, blob: bytes | memoryview, aad: str) -> None:
        self.blob = bytes(blob)
        self.aad = aad

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, _spec: str) -> str:
        return MASK

    def __html__(self) -> str:
        return SafeString(MASK)

    def __json__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and (self.blob, self.aad) == (other.blob, other.aad)

    def __hash__(self) -> int:
        return hash((self.blob, self.aad))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A sealed value is not pickled.")

    def reveal(self, purpose: Purpose) -> str:
        """The plaintext, for a purpose.  Raises ``Shredded``, ``Tampered``, ``MasterKeyMissing``, ``TypeError``."""
        if not isinstance(purpose, Purpose) or not purpose.why:
            raise TypeError("A sealed value is revealed for a purpose only.")
        return keys.decrypt(self.aad, self.blob).decode()


class _Access:
    """Gives ``Sealed`` for what the database held, and whatever was assigned until it is saved."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, row: Any, _owner: Any = None) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        value = row.__dict__[self.field.attname]
        return Sealed(value, self.field.aad(row)) if isinstance(value, bytes | memoryview) else value

    def __set__(self, row: Any, value: Any) -> None:
        if not (value is None or isinstance(value, Secret | Sealed | bytes | memoryview)):
            raise TypeError(f"{self.field.attname} takes a Secret, not a bare {type(value).__name__}.")
        row.__dict__[self.field.attname] = value.blob if isinstance(value, Sealed) else value


class SealedField(_Binary):
    """Assign ``Secret(subject, text)`` or ``None``; read a ``Sealed``.

    ``row`` names the attribute that identifies the row in the additional data.  It must be known before the row is
    inserted, so it is a UUID column ``seal_ref`` and not the database's own id.
    """

    def __init__(self, *args: Any, row: str = "seal_ref", **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As Django wants it, with ``row`` when it is not the usual one."""
        name, path, args, kwargs = super().deconstruct()
        if self.row != "seal_ref":
            kwargs["row"] = self.row
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Put the access in place of the plain attribute."""
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            setattr(cls, self.attname, _Access(self))

    def aad(self, row: models.Model) -> str:
        """Table, column and row that a ciphertext belongs to."""
        reference = getattr(row, self.row)
        if reference is None:
            raise ValueError(f"{type(row).__name__}.{self.row} must be set before a value is sealed.")
        return f"{row._meta.db_table}|{self.column}|{reference}"

    def pre_save(self, row: models.Model, add: bool) -> Any:
        """The ciphertext to store; a ``Secret`` is encrypted here."""
        value = row.__dict__.get(self.attname)
        if isinstance(value, Secret):
            value = keys.encrypt(value.subject, self.aad(row), value.value.encode())
            row.__dict__[self.attname] = value
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Bytes only: ``update(field=…)`` and look-ups by value have no row to seal for."""
        if not (value is None or isinstance(value, bytes | memoryview)):
            raise TypeError("A sealed column is written through its row and never searched by value.")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, _row: models.Model) -> str:
        """The mask: serializers show nothing."""
        return MASK
