"""Work in a process that is killed again and again until it is done: ``python -m tests.apps.killed WORK SEED KILLS``.

Each try is a fork that kills itself (SIGKILL) right before its n-th statement, n at random: between any two writes of
an act.  After each death everything that is there must be whole, and the work is simply begun again.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402

from kedang.custody import services  # noqa: E402
from kedang.custody.models import Handover, HandoverLine, Signature  # noqa: E402
from kedang.duties.models import Duty  # noqa: E402
from kedang.files import importing  # noqa: E402
from kedang.files.models import File, FileRole, Import, Milestone, Record, Volume  # noqa: E402
from kedang.journal.models import Event  # noqa: E402
from kedang.journal.replay import disagreements  # noqa: E402
from kedang.journal.verifying import verify  # noqa: E402
from kedang.sanctions.models import Breach  # noqa: E402
from kedang.staff.models import Person  # noqa: E402
from kedang.web.ticking import tick  # noqa: E402
from tests.apps.files_world import NOW  # noqa: E402

WEEK_LATER = NOW + timedelta(days=10)


def die_before(statement: int) -> None:
    """Count the statements of this process on every connection, and kill it before one of them."""
    left = statement

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*given)

    for connection in connections.all():
        connection.execute_wrappers.append(count)


def hand_over_ten(_tries: int) -> None:
    """Offer and receive every file; the same forms each time."""
    li, wang = (Person.objects.get(username=name) for name in ("li", "wang"))
    for file in File.objects.select_related("branch").order_by("pk"):
        handover = services.offer_handover(
            actor=li, now=NOW, token=f"offer-{file.pk}", file=file, job=None, checklist="new-thing", giver=li,
            receiver=wang, how="password",
        ).result  # fmt: skip
        services.sign_handover(
            actor=wang, now=NOW, token=f"sign-{file.pk}", handover=handover, signer=wang, how="password"
        )


def handovers_are_whole(done: bool) -> None:
    """Each is not there, offered or received: with its lines, signatures, holder, duty and events."""
    events = Counter(Event.objects.filter(name__startswith="handover.").values_list("subject_id", "name"))
    for file in File.objects.all():
        handover = Handover.objects.filter(file=file).first()
        state = handover.status if handover else ""
        assert state == "received" or not done
        parties = (
            set(Signature.objects.filter(handover=handover).values_list("party", flat=True)) if handover else set()
        )
        assert parties == {"": set(), "offered": {"giver"}, "received": {"giver", "receiver"}}[state]
        lines = HandoverLine.objects.filter(handover__file=file).count()
        assert lines == (Record.objects.filter(file=file).count() if handover else 0)
        received = state == "received"
        assert Volume.objects.get(file=file).holder.username == ("wang" if received else "li")
        assert Duty.objects.get(file=str(file.pk)).status == ("kept" if received else "open")
        assert events[str(file.pk), "handover.offered"] == (handover is not None)
        assert events[str(file.pk), "handover.received"] == received


def bring_in(tries: int) -> None:
    """What ``tick`` does for an import whose worker died: later than its lease."""
    importing.run_waiting(lambda: NOW + tries * 2 * importing.LEASE)


def import_is_whole(done: bool) -> None:
    """Each file that is there is whole and numbered without a gap; at the end each row has made exactly one."""
    files = list(File.objects.order_by("pk"))
    assert [one.number for one in files] == [f"PD-2026-{number:05}" for number in range(1, len(files) + 1)]
    for model in (FileRole, Volume):
        assert Counter(model.objects.values_list("file_id", flat=True)) == {one.pk: 1 for one in files}
    events = Counter(Event.objects.values_list("subject_kind", "subject_id", "name"))
    for file in files:
        assert events["file", str(file.pk), "file.opened"] == 1
        reached = Milestone.objects.filter(file=file).count()
        assert events["file", str(file.pk), "thing.delivered"] == reached <= 1
        assert Duty.objects.filter(file=str(file.pk)).count() == reached
    if done:
        run = Import.objects.get()
        rows = list(run.rows.all())
        assert run.status == "done" and {one.state for one in rows} == {"made"}
        assert sorted(one.file_id for one in rows) == [one.pk for one in files]
        assert Milestone.objects.count() == len(rows)


def end_a_week(_tries: int) -> None:
    """The clock comes by after it stood still for more than a week."""
    tick(WEEK_LATER, sealing=False)


def days_are_whole(done: bool) -> None:
    """A late duty, its event, its breach and that one's event: all of them or none."""
    events = Counter(Event.objects.filter(name="duty.lapsed").values_list("subject_id", flat=True))
    raised = Counter(Event.objects.filter(name="breach.raised").values_list("subject_id", flat=True))
    for duty in Duty.objects.filter(clause="test-house:1"):
        late = duty.status == "late"
        assert late or not done
        assert events[str(duty.pk)] == late == duty.breaches.count(), (duty.pk, duty.status, events[str(duty.pk)])
    assert raised == {str(pk): 1 for pk in Breach.objects.values_list("pk", flat=True)}
    days = [
        Duty.objects.get(pk=int(pk)).due_on
        for pk in Event.objects.filter(name="duty.lapsed").order_by("pk").values_list("subject_id", flat=True)
    ]
    assert days == sorted(days), "the days were not ended one after another"


# work, what must be whole after it, and before which statement at most it is killed
WORKS: dict[str, tuple[Callable[[int], None], Callable[[bool], None], int]] = {
    "handovers": (hand_over_ten, handovers_are_whole, 400),
    "import": (bring_in, import_is_whole, 400),
    "tick": (end_a_week, days_are_whole, 100),
}


def attempt(work: Callable[[int], None], tries: int, statement: int) -> bool:
    """Whether a fork lived to the end of the work."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            if statement:
                die_before(statement)
            work(tries)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0, "the work failed"
    return not os.WIFSIGNALED(status)


def main(name: str, seed: str, kills: str) -> None:
    """Kill at most so many times, then let the work end; prints how often it was killed."""
    work, whole, most = WORKS[name]
    random = Random(f"{name} {seed}")
    tries = 0
    lived = False
    while not lived:
        lived = attempt(work, tries, random.randint(1, most) if tries < int(kills) else 0)
        tries += 1
        whole(lived)
        report = verify(NOW, [disagreements()])
        assert report.findings == [], report.findings
    print(tries - 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
