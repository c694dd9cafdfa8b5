"""The answers of a checklist as a form: what is chosen at each line, and what was sent and not saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from kedang.duties.models import Duty
from kedang.files import asked, queries, settling, shaping
from kedang.files.act_forms import AddForm
from kedang.files.asking import advice_given
from kedang.files.models import File, Job, Record
from kedang.files.viewing import Viewer

LINE = "line_"


@dataclass(frozen=True)
class Sent:
    """Answers that were sent and not saved, with a sentence for each line that is wrong (``line_7``) or in general."""

    given: QueryDict
    errors: Mapping[str, str]

    @property
    def said(self) -> list[str]:
        """The sentences that belong to no line."""
        return [one for name, one in self.errors.items() if not name.startswith(LINE)]


def answers_in(given: QueryDict, records: list[Record]) -> dict[str, dict[str, str]]:
    """The answers of a posted checklist, by record id; a line that was not sent stays as it is.

    Whatever is said to be missing and has no reason is sent, though nothing about it changes: the reason is wanted.
    """
    found = {}
    for one in records:
        state, reason = given.get(f"state_{one.pk}", ""), given.get(f"reason_{one.pk}", "")
        if state and (state != one.state or reason != one.reason or (state == "missing" and not reason.strip())):
            found[str(one.pk)] = {"state": state, "reason": reason}
    return found


def record_advice(viewer: Viewer, file: File, job: Job | None = None, checklist: str = "") -> Any:
    """What the rules say to answering the lines of a checklist, before it is known which."""
    things = {"file": file, "record": Record(file=file, job=job, checklist=checklist, line="")}
    return advice_given(viewer, "record.add", things, facts={"record.kind": (), "record.state": ()})


def lists_to_answer(
    viewer: Viewer, file: File, job: Job | None, owed: Iterable[Duty], sent: Sent | None
) -> list[dict[str, Any]]:
    """The checklists of a file or job, each with what the rules say to answering it.

    Where they say no, a paper may still come with a list that both sign, if only that is lacking.
    """
    lists = _lists_with_questions(file, queries.records_of(file, job), viewer, owed, sent)
    for one in lists:
        one["answer"] = record_advice(viewer, file, job, one["key"])
        if one["answer"].verdict == "no":
            things = {"file": file, "record": Record(file=file, job=job, checklist=one["key"], line="")}
            signed = asked.at_best(viewer.book, "record.supply") | {"record.handover": "supplement"}
            one["supplied"] = advice_given(viewer, "record.supply", things, facts=signed).allowed
    return lists


def _lists_with_questions(
    file: File, records: list[Record], viewer: Viewer, owed: Iterable[Duty], sent: Sent | None = None
) -> list[dict[str, Any]]:
    """The lines by checklist, each list with what is asked of the papers that come in with its answers.

    The rules ask, and ``owed`` on their file may be an entry for something else.
    """
    lists, things = shaping.lists_of(records, file.kind, viewer), settling.offered(owed, viewer.book, file.kind)
    first = next((one for one in sent.errors if one.startswith(LINE)), "") if sent else ""
    for one in lists:
        for line in one["lines"]:
            line.update(_answered(line["record"], sent))
            line["first_wrong"] = f"{LINE}{line['record'].pk}" == first
        mine = sent.given if sent and any(line["sent"] for line in one["lines"]) else None
        one["asked"] = AddForm(viewer, things, mine, auto_id=f"{one['key']}_%s")
    return lists


def _answered(record: Record, sent: Sent | None) -> dict[str, Any]:
    """What stands in the form at a line: as it is kept, or as it was sent."""
    kept = record.state if record.state in ("present", "to_follow", "not_applicable") else ""
    chosen = "missing" if record.state == "missing" and record.reason else kept
    given = sent.given if sent else {}
    return {
        "sent": f"state_{record.pk}" in given,
        "chosen": given.get(f"state_{record.pk}", chosen),
        "reason": given.get(f"reason_{record.pk}", record.reason),
        "error": sent.errors.get(f"{LINE}{record.pk}", "") if sent else "",
    }
