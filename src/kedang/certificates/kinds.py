"""What the packs that bind a branch say of certificates: which files carry them, how a field is graded, the terms."""

from __future__ import annotations

from collections import defaultdict

from kedang import rulebook
from kedang.files.kinds import certificate_kinds, file_kinds, kinds_left_behind, said
from kedang.files.models import File
from kedang.rulebook.pack import FieldKind, Permit, RecordKind

CORE = ("name", "number", "quantity", "owner")  # columns of the table; other fields have rows of their own


def carrying(book: rulebook.Book) -> list[str]:
    """The kinds of file that carry certificates; empty where no pack in force keeps any."""
    return [one for one in file_kinds(book) if certificate_kinds(book, one)]


def all_kinds(book: rulebook.Book) -> dict[str, RecordKind]:
    """Every kind of certificate, in the packs' order; what several kinds of file carry is called as the first does."""
    found: dict[str, RecordKind] = {}
    for kind in carrying(book):
        found = {**certificate_kinds(book, kind), **found}
    return found


def field_of(book: rulebook.Book, of: str, kind: str, field: str) -> FieldKind | None:
    """One field of a kind of certificate in files of a kind."""
    found = certificate_kinds(book, of).get(kind) or all_kinds(book).get(kind)
    return found.fields.get(field) if found else None


def grade_of(book: rulebook.Book, of: str, kind: str, field: str) -> str:
    """The grade of a field in files of a kind; what no pack grades is secret."""
    found = field_of(book, of, kind, field)
    return (found.grade if found else "") or "secret"


def gives_back(book: rulebook.Book, kind: str) -> bool:
    """Whether a kind of file holds what goes back to its owner."""
    return bool(certificate_kinds(book, kind) or kinds_left_behind(book, kind))


def released_by(book: rulebook.Book, kind: str) -> str:
    """The milestone after which the certificates of a kind of file go back (``KIND.released_by``); empty: none."""
    return said(book, f"{kind}.released_by")


def signatures_wanted(book: rulebook.Book, kind: str) -> int:
    """How many people sign the transfer list (``KIND.list_signatures``)."""
    found = said(book, f"{kind}.list_signatures")
    return max(1, int(found)) if found.isdecimal() else 1


def days_in_hand(book: rulebook.Book) -> int:
    """Within how many days a certificate lies in the safe (``certificate.hand_over_days``); 0: on the same day."""
    found = said(book, "certificate.hand_over_days")
    return int(found) if found.isdecimal() else 0


def keeping_posts(book: rulebook.Book) -> frozenset[str]:
    """The posts that count the safe, and so keep it."""
    rules: tuple[Permit, ...] = book.rules_on("certificate.balance").permits
    return frozenset(post for rule in rules for post in rule.who if "." not in post and ":" not in post)


def keeps(book: rulebook.Book, actor: rulebook.Actor, branch: str) -> bool:
    """Whether somebody may know of every file that carries certificates, whoever has a role on it."""
    found = rulebook.scope(book, "find", actor)
    rows = [_row(kind, branch) for kind in carrying(book)]
    return bool(rows) and all(found.matches(one) for one in rows)


def _row(kind: str, branch: str) -> defaultdict[str, str]:
    """A file of a kind on which nobody has a role."""
    known = {"file.kind": kind, "file.status": "open", "file.branch": branch, "file.sealed": "no"}
    return defaultdict(str, known)


def is_carrier(book: rulebook.Book, file: File) -> bool:
    """Whether a file carries certificates."""
    return bool(certificate_kinds(book, file.kind))
