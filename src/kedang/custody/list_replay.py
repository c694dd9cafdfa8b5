"""What the journal says of in-file lists, for ``kedang verify --state``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kedang.custody.models import InnerList, ListPrint, ListSignature, RecordNumber, Supplement
from kedang.files.models import File
from kedang.journal.queries import Entry
from kedang.journal.replay import Expected, register_replay


def _own(entries: list[Entry]) -> list[Entry]:
    """Without the events of lists that other apps keep: those say of what they are."""
    return [entry for entry in entries if "of" not in entry.data]


def expected(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The lists of one file as its chain tells them: version, pages, state; the last one written is in use."""
    lists: dict[str, dict[str, object]] = {}
    for entry in _own(entries):
        key = entry.about.get("list", "")
        if entry.name == "list.written":
            for row in lists.values():
                row["status"] = "replaced"
            lists[key] = {"no": entry.data["version"], "pages": entry.data["pages"], "status": "written"}
        elif entry.name == "list.signed" and entry.data["locked"]:
            lists[key] |= {"status": "locked", "locked_on": entry.happened_on}
        elif entry.name == "list.supplemented":
            due = date.fromisoformat(entry.data["due_on"])
            yield Expected(Supplement, int(entry.data["supplement"]), {"list_id": int(key), "due_on": due})
        elif entry.name == "form.printed" and key:
            yield Expected(
                ListPrint, int(entry.data["result"].partition(":")[2]),
                {"list_id": int(key), "copies": entry.data["copies"]},
            )  # fmt: skip
    for key, values in lists.items():
        yield Expected(InnerList, int(key), values)


def signatures(_file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The signatures of one file's lists; each is found by its list and party."""
    for entry in _own(entries):
        if entry.name != "list.signed":
            continue
        key = {"list_id": int(entry.about["list"]), "party": entry.data["party"]}
        row = ListSignature.objects.filter(**key).first()
        yield Expected(ListSignature, row.pk if row else 0, {**key, "person_id": entry.actor})


def numbers(file: str, entries: list[Entry]) -> Iterator[Expected]:
    """The number of a file, and those derived from it."""
    found = [one for one in entries if one.name in ("file.opened", "file.numbered")]
    if found and "number" in found[-1].data:
        yield Expected(File, int(file), {"number": found[-1].data["number"]})
    for entry in entries:
        if entry.name == "record.numbered":
            pk = int(entry.data["result"].partition(":")[2])
            yield Expected(RecordNumber, pk, {"number": entry.data["number"]})


def register() -> None:
    """Called once when the app is ready."""
    register_replay("file", expected, models=[InnerList, Supplement, ListPrint])
    register_replay("file", numbers, models=[RecordNumber])
    register_replay("file", signatures, models=[ListSignature])
