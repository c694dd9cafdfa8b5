"""Many people at the same moment: threads that start together, each with connections of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections

from kedang.acts.answers import Invalid, Refused, Stale

PATIENCE_SECONDS = 120


def at_once(attempts: Iterable[Callable[[], Any]]) -> list[Any]:
    """What became of each attempt, in their order: its result, or the exception that it ended with."""
    attempts = list(attempts)
    outcomes: list[Any] = [None] * len(attempts)
    start = threading.Barrier(len(attempts))

    def run(number: int, attempt: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            outcomes[number] = attempt()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(attempts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE_SECONDS)
    assert not any(one.is_alive() for one in threads), "somebody waits for ever"
    return outcomes


def told(outcomes: Iterable[Any]) -> Counter[str]:
    """The outcomes counted by what people were told; an exception that is no answer is raised."""
    found: Counter[str] = Counter()
    for one in outcomes:
        if isinstance(one, Exception) and not isinstance(one, Refused | Invalid | Stale):
            raise one
        found[type(one).__name__ if isinstance(one, Exception) else "repeated" if one.repeated else "done"] += 1
        assert not isinstance(one, Invalid) or all(one.errors.values()), "an answer without a sentence"
    return found
