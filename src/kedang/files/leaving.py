"""What the files know of somebody who leaves: the papers in their hands and the files that wait for a successor."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q, Subquery

from kedang.acts import facts
from kedang.files.models import File, FileRole, Volume
from kedang.staff.models import Person

FACTS = {"person.held_files", "person.held_volumes"}


def leaver_facts(person: Person, wanted: frozenset[str], _scene: Any) -> dict[str, int]:
    """How many volumes a person holds, lent ones too, and how many files: by a paper in their hands, or by a role on
    an open file.  All branches count."""
    if not wanted & FACTS:
        return {}
    volumes = Volume.objects.filter(holder=person)
    if "person.held_files" not in wanted:
        return {"person.held_volumes": volumes.count()}
    roles = FileRole.objects.filter(person=person).values("file")
    held = volumes.order_by().values("holder").annotate(n=Count("pk")).values("n")
    rows = File.objects.filter(Q(pk__in=volumes.values("file")) | Q(pk__in=roles, status="open"))
    counted = rows.aggregate(files=Count("pk"), volumes=Max(Subquery(held)))  # no volume is held without its file
    found = {"person.held_files": counted["files"], "person.held_volumes": counted["volumes"] or 0}
    return {name: number for name, number in found.items() if name in wanted}


def register() -> None:
    """Tell the gate who knows these facts; called once when the app is ready."""
    facts.provide_more("person", leaver_facts, FACTS)
