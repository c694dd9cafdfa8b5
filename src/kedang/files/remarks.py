"""What the apps above have to say on the page of a file, such as an open finding of a stock check.

They offer a read from their ``ready``; it gets the viewer, who may see the file, and the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kedang.files.models import File
from kedang.files.viewing import Viewer


@dataclass(frozen=True)
class Remark:
    """One sentence, and the page that says more."""

    text: str
    url: str


_reads: list[Callable[[Viewer, File], list[Remark]]] = []


def offer(read: Callable[[Viewer, File], list[Remark]]) -> None:
    """Let an app have its say; called from its ``ready``."""
    if read not in _reads:
        _reads.append(read)


def remarks_on(viewer: Viewer, file: File) -> list[Remark]:
    """All that is to be said of a file."""
    return [one for read in _reads for one in read(viewer, file)]
