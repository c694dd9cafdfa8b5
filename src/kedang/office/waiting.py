"""What waits for a second person: posts and passwords, in one read a page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kedang.lib.folding import Rows, referring
from kedang.lib.memory import remembered
from kedang.office.models import HeldReset
from kedang.staff.models import Appointment, Branch, Person

WHO = ("id", "username", "name", "name_en", "language", "is_active")
ROLES = ("person", "given_by", "stands_in_for")
POSTS = (
    *(field.attname for field in Appointment._meta.concrete_fields),
    *(f"{role}__{name}" for role in ROLES for name in WHO),
)  # fmt: skip
PASSWORDS = (
    *(field.attname for field in HeldReset._meta.concrete_fields if field.attname != "password"),
    *(f"{role}__{name}" for role in ROLES[:2] for name in WHO),
)  # fmt: skip
Waits = tuple[list[Appointment], list[HeldReset]]


def everywhere(branch: Branch) -> Waits:
    """What waits in the whole house, for the desk of somebody who works in ``branch``."""
    return remembered(
        ("waits",),
        lambda: _read(
            branch, Appointment.objects.filter(status="waiting"), HeldReset.objects.filter(status="waiting")
        ),
    )  # fmt: skip


def of_person(person: Person, branch: Branch) -> Waits:
    """The posts of a person that wait or took effect unconfirmed, and the password that waits."""
    posts = Appointment.objects.filter(person=person, status__in=("waiting", "at_once"))
    passwords = HeldReset.objects.filter(person=person, status="waiting")
    return remembered(("waits of", person.pk), lambda: _read(branch, posts, passwords))


def _read(branch: Branch, posts: QuerySet[Appointment], passwords: QuerySet[HeldReset]) -> Waits:
    here = Branch.objects.filter(pk=branch.pk).order_by()
    [found] = here.values_list(Rows(posts.order_by(), POSTS), Rows(passwords.order_by(), PASSWORDS))
    both: Any = (
        referring(Appointment, POSTS, found[0], **dict.fromkeys(ROLES, Person)),
        referring(HeldReset, PASSWORDS, found[1], **dict.fromkeys(ROLES[:2], Person)),
    )
    for row in (*both[0], *both[1]):
        if row.branch_id == branch.pk:
            row.branch = branch
    return both  # type: ignore[no-any-return]
