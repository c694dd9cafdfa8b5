"""What the files know of somebody who leaves: the papers in their hands and the files that wait for a successor."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kedang.acts import facts
from kedang.files.models import File, FileRole, Volume
from kedang.staff.models import Person

FACTS = {"person.held_files", "person.held_volumes"}


def leaver_facts(person: Person, wanted: frozenset[str], _scene: Any) -> dict[str, int]:
    """How many volumes a person holds, lent ones too, and how many files: by a paper in their hands, or by a role on
    an open file.  All branches count."""
    found = {}
    if "person.held_volumes" in wanted:
        found["person.held_volumes"] = Volume.objects.filter(holder=person).count()
    if "person.held_files" in wanted:
        roles = FileRole.objects.filter(person=person).values("file")
        papers = Volume.objects.filter(holder=person).values("file")
        rows = File.objects.filter(Q(pk__in=papers) | Q(pk__in=roles, status="open"))
        found["person.held_files"] = rows.count()
    return found


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide_more("person", leaver_facts, FACTS)
