"""The left menu: two levels, as data.  An address that no installed layer offers is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kedang.web.addresses import address


@dataclass(frozen=True)
class Item:
    """One line of the menu: the name of its address, its word and its icon."""

    address: str
    label: Promise
    icon: str


@dataclass(frozen=True)
class Entry:
    """A line as a page shows it."""

    url: str
    label: Promise
    icon: str
    count: int
    current: bool


MENU: tuple[tuple[Promise, tuple[Item, ...]], ...] = (
    (
        _("My work"),
        (
            Item("office:desk", _("Desk"), "checklist"),
            Item("office:approvals", _("Approvals"), "rubber-stamp"),
            Item("custody:handovers", _("Handovers"), "arrows-exchange"),
        ),
    ),
    (
        _("Customer files"),
        (
            Item("files:list", _("Files"), "folders"),
            Item("customers:list", _("Customers"), "users"),
            Item("files:reception", _("Reception"), "door"),
            Item("custody:book", _("Sign-for book"), "signature"),
            Item("loans:list", _("Loans"), "archive"),
            Item("certificates:ledger", _("Certificates"), "lock"),
            Item("files:places", _("Places"), "map-pin"),
            Item("files:desk", _("Scan desk"), "scan"),
            Item("inspections:list", _("Rounds and stock checks"), "checklist"),
            Item("files:imports", _("Import"), "file-import"),
        ),
    ),
    (
        _("Under the policy"),
        (
            Item("office:policies", _("Policies"), "book-2"),
            Item("office:breaches", _("Breaches and fines"), "gavel"),
            Item("insight:figures", _("Figures of the month"), "chart-bar"),
        ),
    ),
    (
        _("House"),
        (
            Item("office:staff", _("Staff and posts"), "address-book"),
            Item("web:journal", _("Journal"), "history"),
            Item("web:help", _("Help"), "lifebuoy"),
        ),
    ),
)

QUICK: tuple[Item, ...] = (
    Item("files:open", _("New file"), "folder-plus"),
    Item("files:reception", _("Receive a visit"), "door"),
    Item("custody:prepare", _("New handover"), "arrows-exchange"),
    Item("files:imports", _("Import from a spreadsheet"), "file-import"),
)

BOTTOM: tuple[Item, ...] = (
    Item("office:desk", _("Desk"), "checklist"),
    Item("files:list", _("Files"), "folders"),
    Item("files:open", _("New"), "plus"),
    Item("custody:book", _("Sign-for"), "signature"),
    Item("web:help", _("Help"), "lifebuoy"),
)

READS_BY_POST = ("files:search", "files:reception")


def address_of(name: str) -> str:
    """The address behind a name, or nothing when no installed layer offers it."""
    try:
        return address(name)
    except NoReverseMatch:
        return ""


def entries(items: tuple[Item, ...], path: str, counts: Mapping[str, int]) -> list[Entry]:
    """The lines of one group for the page at ``path``."""
    found = []
    for item in items:
        url = address_of(item.address)
        if url:
            found.append(Entry(url, item.label, item.icon, counts.get(item.address, 0), path.startswith(url)))
    return found


def groups(
    path: str, counts: Mapping[str, int], hidden: Collection[str] = ()
) -> list[tuple[Promise, list[Entry]]]:  # fmt: skip
    """The whole menu, without groups that are empty and without the lines that are ``hidden`` from this person."""
    lines = [(title, tuple(item for item in items if item.address not in hidden)) for title, items in MENU]
    shown = [(title, entries(items, path, counts)) for title, items in lines]
    return [(title, lines) for title, lines in shown if lines]
