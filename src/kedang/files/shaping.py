"""Rows shaped for the templates: labels in the reader's language, masks, states; no query hides in a template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from kedang.files import kinds
from kedang.files.models import File, Job, Record
from kedang.files.queries import readable_values
from kedang.files.viewing import Viewer
from kedang.journal.queries import events_of
from kedang.rulebook.naming import Namer
from kedang.staff.models import Person
from kedang.staff.queries import held_on

NEWEST = 500  # events of a file that its page reads


def language() -> str:
    """The reader's language code."""
    return get_language() or "zh-hans"


def text_of(named: Any) -> str:
    """A pack's thing in the reader's language."""
    return str(named.text.get(language())) if named else ""


def fields_of(file: File, viewer: Viewer) -> list[dict[str, Any]]:
    """Each declared field with its label, value or mask, and the id by which a mask can be revealed."""
    kind = kinds.file_kind(viewer.book, file.kind)
    values = readable_values(file, viewer)
    ids = {row.field: row.pk for row in file.values.all()}
    shaped = []
    for key, field in (kind.fields if kind else {}).items():
        value = values.get(key)
        chosen = dict(field.choices).get(value) if isinstance(value, str) else None
        shaped.append(
            {
                "key": key,
                "label": text_of(field),
                "value": chosen.get(language()) if chosen else value,
                "masked": value is not None and not isinstance(value, str),
                "id": ids.get(key),
                "lacks": not value and field.strength != "optional",
                "grade": field.grade,
            }
        )
    return shaped


def roles_of(file: File, viewer: Viewer) -> list[dict[str, Any]]:
    """Who has which role on a file, by the name that the pack gives to the role."""
    kind = kinds.file_kind(viewer.book, file.kind)
    declared = kind.roles if kind else {}
    return [{"label": text_of(declared.get(one.role)) or one.role, "person": one.person} for one in file.roles.all()]


def title_of(file: File, viewer: Viewer) -> Any:
    """Whose file it is: the first name that the viewer may read, else the mask of it."""
    kind = kinds.file_kind(viewer.book, file.kind)
    names = [key for key, field in (kind.fields if kind else {}).items() if field.type in ("name", "customer")]
    return readable_values(file, viewer).get(names[0], "") if names else ""


def row_of(file: File, viewer: Viewer) -> dict[str, Any]:
    """A file as one line of a list."""
    kind = kinds.file_kind(viewer.book, file.kind)
    volume = next(iter(file.volumes.all()), None)
    found = [one for one in fields_of(file, viewer) if one["key"] in _short(kind)]
    return {
        "file": file,
        "whose": title_of(file, viewer),
        "kind": text_of(kind) or file.kind,
        "fields": found,
        "volume": volume,
        "roles": [str(one.person) for one in file.roles.all()],
    }


def _short(kind: Any) -> list[str]:
    """The two fields that a list shows besides the name: what the file is one per, and the next exact one."""
    if kind is None:
        return []
    exact = [key for key, one in kind.fields.items() if one.find == "exact" and key != kind.one_per]
    return [one for one in (kind.one_per, *exact) if one][:2]


def line_text(record: Record, kind: str, viewer: Viewer) -> str:
    """What a checklist line asks for in a file of a kind, in the reader's language."""
    return kinds.line_name(viewer.book, kind, record.checklist, record.line, language())


def lines_of(records: list[Record], kind: str, viewer: Viewer) -> list[dict[str, Any]]:
    """Checklist lines of a file of a kind with their names and answers."""
    known = kinds.defects(viewer.book)
    return [
        {
            "record": one,
            "name": line_text(one, kind, viewer),
            "line": kinds.line_of(viewer.book, kind, one.checklist, one.line),
            "defects": [text_of(known[key]) for key in one.defects.split(",") if key in known],
            "scans": list(one.scans.all()),
        }
        for one in records
    ]


def lists_of(records: list[Record], kind: str, viewer: Viewer) -> list[dict[str, Any]]:
    """The lines of a file of a kind grouped by checklist."""
    declared = kinds.checklists(viewer.book, kind)
    groups: dict[str, list[Record]] = {}
    for one in records:
        groups.setdefault(one.checklist, []).append(one)
    return [
        {"key": key, "name": text_of(declared[key]) if key in declared else key, "lines": lines_of(rows, kind, viewer)}
        for key, rows in groups.items()
    ]


def job_row(job: Job, viewer: Viewer) -> dict[str, Any]:
    """A job with the names of what it is."""
    declared = kinds.job_kind(viewer.book, job.file, job.what)
    names = declared.kinds if declared else {}
    return {
        "job": job,
        "what": text_of(declared) or job.what,
        "kinds": [text_of(names[one]) for one in kinds.kinds_of(job) if one in names],
    }


EVENT_WORDS = {
    "file.opened": (gettext_noop("File opened"), "folder-plus"),
    "file.edited": (gettext_noop("Fields changed"), "edit"),
    "file.completed": (gettext_noop("Electronic half filled in"), "notebook"),
    "record.added": (gettext_noop("Papers answered"), "checklist"),
    "record.revealed": (gettext_noop("A masked value was shown"), "eye"),
    "scan.added": (gettext_noop("Scan added"), "scan"),
    "job.opened": (gettext_noop("Job received"), "tool"),
    "volume.shelved": (gettext_noop("Put into its place"), "archive"),
    "volume.moved": (gettext_noop("Moved"), "transfer"),
    "handover.offered": (gettext_noop("Handover offered"), "arrow-right"),
    "handover.supplied": (gettext_noop("Papers brought later"), "arrow-right"),
    "handover.received": (gettext_noop("Handover received"), "check"),
    "handover.returned": (gettext_noop("Handover sent back"), "arrow-back-up"),
    "handover.checked": (gettext_noop("Handover checked"), "checklist"),
    "defect.raised": (gettext_noop("Defect recorded"), "alert"),
}


def event_title(name: str, namers: Sequence[Namer]) -> str:
    """What an event is called: the program's words, else the pack's for a milestone, else the vocabulary's."""
    if name in EVENT_WORDS:
        return str(_(EVENT_WORDS[name][0]))
    knows = [one for one in namers if name in one.milestones] or namers
    said = knows[0].event(name).strip("“”") if knows else name
    return said[:1].upper() + said[1:]


def people_of(viewer: Viewer, ids: set[int]) -> dict[int, Person]:
    """People by id; those who work in the branch are known already, others are read."""
    found = {row.person_id: row.person for row in held_on(viewer.branch, viewer.today) if row.person_id in ids}
    missing = ids - found.keys()
    return found | ({one.pk: one for one in Person.objects.filter(pk__in=missing)} if missing else {})


def timeline_of(file: File, viewer: Viewer) -> list[dict[str, Any]]:
    """What happened, newest first."""
    entries = events_of("file", file.pk, newest=NEWEST)
    namers = [Namer(pack, language()) for pack in viewer.book.packs]
    people = people_of(viewer, {one.actor for one in entries if one.actor})
    return [
        {
            "icon": EVENT_WORDS.get(one.name, ("", "circle-check"))[1],
            "when": one.happened_on.isoformat(),
            "who": str(people.get(one.actor, "")) if one.actor else "",
            "title": event_title(one.name, namers),
            "body": _body(one.data, file.kind, viewer),
            "past": one.past,
            "seq": one.seq,
            "name": one.name,
        }
        for one in reversed(entries)
    ]


def _body(data: dict[str, Any], kind: str, viewer: Viewer) -> str:
    if data.get("set"):
        declared = kinds.checklists(viewer.book, kind).get(str(data["set"]))
        found = text_of(declared) if declared else str(data["set"])
        missing = int(data.get("missing") or 0)
        return found + (" · " + _("%(n)s missing") % {"n": missing} if missing else "")
    if data.get("purpose"):
        return str(data["purpose"])
    if data.get("from"):
        where = str(data.get("place") or _("in hand"))
        return f"{data['from']} → {where}" + (f" · {data['why']}" if data.get("why") else "")
    return str(data.get("place") or "")


def only(timeline: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The entries whose event begins with one of the names."""
    return [one for one in timeline if one["name"].startswith(names)]
