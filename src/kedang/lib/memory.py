"""What one page has read already: reads that every part of a page wants are made once, and forgotten with it.

Only the edge opens it, for requests that change nothing; inside an act every read is fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")
_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("kedang_page_memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember reads until the end of the block."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, read: Callable[[], Found]) -> Found:
    """What ``read`` gives; made once for a key while something remembers, else each time."""
    memory = _memory.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return memory[key]  # type: ignore[no-any-return]


def remember(key: Hashable, found: object) -> None:
    """Keep what was read on the way, while something remembers."""
    memory = _memory.get()
    if memory is not None:
        memory[key] = found


def is_remembering() -> bool:
    """Whether reads are kept now."""
    return _memory.get() is not None
