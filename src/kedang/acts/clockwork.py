"""``@clockwork``: what time itself does, by nobody: one transaction for a branch and a day, and nothing twice."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from kedang.acts.command import SPACE, again_if_overtaken, lock_token
from kedang.journal import parts as journal
from kedang.journal.models import Event
from kedang.staff.models import Branch

Result = TypeVar("Result")


@dataclass(frozen=True)
class Clock:
    """What the body of a clockwork knows: the branch, the day that it does, and the moment at which it does it."""

    act: str
    act_id: uuid.UUID
    branch: Branch
    day: date
    now: datetime

    def append(self, events: Sequence[journal.NewEvent]) -> list[Event]:
        """Write the events of this act; nobody is their actor."""
        return journal.append(
            act_id=self.act_id, act=self.act, events=events, actor=None, branch=self.branch.pk, now=self.now
        )


def clockwork(act: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function what the clock does to a branch on a day.

    It takes ``branch``, ``day`` and ``now`` besides the body's own keywords.  The body looks for what is still to do,
    so that doing it twice changes nothing; two clocks of one branch wait for each other; killed, it leaves nothing.
    """

    def wrap(body: Callable[..., Result]) -> Callable[..., Result]:
        @functools.wraps(body)
        def run(*, branch: Branch, day: date, now: datetime, **given: Any) -> Result:
            def once() -> Result:
                lock_token(uuid.uuid5(SPACE, f"clock:{branch.pk}"))
                return body(Clock(act, uuid.uuid4(), branch, day, now), **given)

            return again_if_overtaken(once)

        return run

    return wrap
